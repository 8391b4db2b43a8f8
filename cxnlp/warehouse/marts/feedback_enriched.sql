CREATE OR REPLACE VIEW cx_marts.feedback_enriched AS
WITH newest AS (
    SELECT feedback_id, max(landing_order) AS landing_order
    FROM cx_raw.feedback
    GROUP BY feedback_id
),
tag_summary AS (
    SELECT
        feedback_id,
        revision,
        model_version,
        bool_or(kind = 'effort' AND label = 'easy') AS effort_easy,
        bool_or(kind = 'effort' AND label = 'hard') AS effort_hard,
        bool_or(kind = 'efficiency' AND label = 'efficient') AS efficient,
        bool_or(kind = 'efficiency' AND label = 'inefficient') AS inefficient,
        string_agg(DISTINCT CASE WHEN kind = 'emotion' THEN label END, ', ' ORDER BY CASE WHEN kind = 'emotion' THEN label END) AS emotions,
        string_agg(DISTINCT CASE WHEN kind = 'topic' THEN label END, ', ' ORDER BY CASE WHEN kind = 'topic' THEN label END) AS topics,
        string_agg(DISTINCT CASE WHEN kind = 'intent' THEN label END, ', ' ORDER BY CASE WHEN kind = 'intent' THEN label END) AS intents
    FROM cx.tags
    GROUP BY feedback_id, revision, model_version
)
SELECT
    feedback.feedback_id,
    feedback.source,
    feedback.created_at,
    CAST(feedback.created_at AT TIME ZONE publication.timezone AS DATE) AS created_on,
    feedback.text,
    feedback.question,
    prepared.language,
    taggings.sentiment,
    taggings.sentiment_score,
    taggings.confidence,
    CASE WHEN taggings.sentiment IS NOT NULL THEN coalesce(tag_summary.effort_easy, FALSE) END AS effort_easy,
    CASE WHEN taggings.sentiment IS NOT NULL THEN coalesce(tag_summary.effort_hard, FALSE) END AS effort_hard,
    CASE WHEN taggings.sentiment IS NOT NULL THEN coalesce(tag_summary.efficient, FALSE) END AS efficient,
    CASE WHEN taggings.sentiment IS NOT NULL THEN coalesce(tag_summary.inefficient, FALSE) END AS inefficient,
    tag_summary.emotions,
    tag_summary.topics,
    tag_summary.intents,
    taggings.inappropriate,
    taggings.needs_review,
    CASE
        WHEN taggings.sentiment IS NULL OR coalesce(feedback.nps, feedback.csat) IS NULL THEN NULL
        ELSE (taggings.sentiment = 'negative' AND (coalesce(feedback.nps >= 9, FALSE) OR coalesce(feedback.csat >= 4, FALSE)))
            OR (taggings.sentiment = 'positive' AND (coalesce(feedback.nps <= 6, FALSE) OR coalesce(feedback.csat <= 2, FALSE)))
    END AS score_conflict,
    feedback.nps,
    feedback.ces,
    feedback.ces_version,
    feedback.csat,
    feedback.resolved_first_contact,
    feedback.voice,
    feedback.journey,
    feedback.touchpoint,
    feedback.channel,
    feedback.owner,
    feedback.customer_ref,
    feedback.attributes,
    taggings.model_version
FROM cx_raw.feedback AS feedback
JOIN newest ON newest.feedback_id = feedback.feedback_id AND newest.landing_order = feedback.landing_order
CROSS JOIN cx.publication AS publication
LEFT JOIN cx.prepared AS prepared
    ON prepared.feedback_id = feedback.feedback_id AND prepared.revision = feedback.revision
LEFT JOIN cx.taggings AS taggings
    ON taggings.feedback_id = feedback.feedback_id
    AND taggings.revision = feedback.revision
    AND taggings.model_version = publication.model_version
LEFT JOIN tag_summary
    ON tag_summary.feedback_id = feedback.feedback_id
    AND tag_summary.revision = feedback.revision
    AND tag_summary.model_version = publication.model_version;
