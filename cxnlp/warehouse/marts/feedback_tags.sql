CREATE OR REPLACE VIEW cx_marts.feedback_tags AS
WITH newest AS (
    SELECT feedback_id, max(landing_order) AS landing_order
    FROM cx_raw.feedback
    GROUP BY feedback_id
)
SELECT
    feedback.feedback_id,
    feedback.source,
    CAST(feedback.created_at AT TIME ZONE publication.timezone AS DATE) AS created_on,
    prepared.language,
    tags.kind,
    tags.label,
    tags.aspect,
    tags.probability,
    substr(feedback.text, tags.start_offset + 1, tags.end_offset - tags.start_offset) AS evidence,
    tags.start_offset,
    tags.end_offset,
    feedback.voice,
    feedback.journey,
    feedback.touchpoint,
    feedback.channel,
    feedback.owner,
    feedback.nps,
    tags.model_version
FROM cx.tags AS tags
JOIN cx.publication AS publication ON publication.model_version = tags.model_version
JOIN cx_raw.feedback AS feedback
    ON feedback.feedback_id = tags.feedback_id AND feedback.revision = tags.revision
JOIN newest ON newest.feedback_id = feedback.feedback_id AND newest.landing_order = feedback.landing_order
JOIN cx.prepared AS prepared
    ON prepared.feedback_id = feedback.feedback_id AND prepared.revision = feedback.revision;
