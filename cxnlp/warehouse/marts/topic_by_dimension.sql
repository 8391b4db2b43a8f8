CREATE OR REPLACE VIEW cx_marts.topic_by_dimension AS
WITH topics AS (
    SELECT DISTINCT feedback_id, label AS topic
    FROM cx_marts.feedback_tags
    WHERE kind = 'topic'
),
emotions AS (
    SELECT
        feedback_id,
        bool_or(label = 'joy') AS joy,
        bool_or(label = 'gratitude') AS gratitude,
        bool_or(label = 'trust') AS trust,
        bool_or(label = 'disappointment') AS disappointment,
        bool_or(label = 'anger') AS anger,
        bool_or(label = 'worry') AS worry,
        bool_or(label = 'surprise') AS surprise
    FROM cx_marts.feedback_tags
    WHERE kind = 'emotion'
    GROUP BY feedback_id
)
SELECT
    topics.topic,
    count(*) AS feedback_count,
    count(CASE WHEN feedback.sentiment = 'positive' THEN 1 END) AS positive,
    count(CASE WHEN feedback.sentiment = 'negative' THEN 1 END) AS negative,
    count(CASE WHEN feedback.sentiment = 'mixed' THEN 1 END) AS mixed,
    count(CASE WHEN feedback.sentiment = 'neutral' THEN 1 END) AS neutral,
    count(CASE WHEN feedback.effort_easy THEN 1 END) AS effort_easy,
    count(CASE WHEN feedback.effort_hard THEN 1 END) AS effort_hard,
    count(CASE WHEN feedback.efficient THEN 1 END) AS efficient,
    count(CASE WHEN feedback.inefficient THEN 1 END) AS inefficient,
    count(CASE WHEN emotions.joy THEN 1 END) AS joy,
    count(CASE WHEN emotions.gratitude THEN 1 END) AS gratitude,
    count(CASE WHEN emotions.trust THEN 1 END) AS trust,
    count(CASE WHEN emotions.disappointment THEN 1 END) AS disappointment,
    count(CASE WHEN emotions.anger THEN 1 END) AS anger,
    count(CASE WHEN emotions.worry THEN 1 END) AS worry,
    count(CASE WHEN emotions.surprise THEN 1 END) AS surprise,
    avg(feedback.nps) AS average_nps_answer
FROM topics
JOIN cx_marts.feedback_enriched AS feedback ON feedback.feedback_id = topics.feedback_id
LEFT JOIN emotions ON emotions.feedback_id = topics.feedback_id
WHERE NOT feedback.inappropriate
GROUP BY topics.topic;
