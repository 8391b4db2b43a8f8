CREATE OR REPLACE VIEW cx_marts.dimension_by_day AS
WITH tagged AS (
    SELECT feedback_id, created_on, source, language
    FROM cx_marts.feedback_enriched
    WHERE sentiment IS NOT NULL AND NOT inappropriate
),
totals AS (
    SELECT created_on, source, language, count(*) AS feedback_total
    FROM tagged
    GROUP BY created_on, source, language
),
labelled AS (
    SELECT tagged.created_on, tagged.source, tagged.language, tags.kind, tags.label,
        count(DISTINCT tags.feedback_id) AS feedback_count
    FROM cx_marts.feedback_tags AS tags
    JOIN tagged ON tagged.feedback_id = tags.feedback_id
    WHERE tags.kind IN ('effort', 'efficiency', 'emotion')
    GROUP BY tagged.created_on, tagged.source, tagged.language, tags.kind, tags.label
)
SELECT
    totals.created_on,
    totals.source,
    totals.language,
    labelled.kind AS dimension,
    labelled.label,
    labelled.feedback_count,
    totals.feedback_total,
    CAST(labelled.feedback_count AS DOUBLE PRECISION) / totals.feedback_total AS share
FROM labelled
JOIN totals
    ON totals.created_on IS NOT DISTINCT FROM labelled.created_on
    AND totals.source = labelled.source
    AND totals.language = labelled.language;
