CREATE SCHEMA IF NOT EXISTS cx_raw;
CREATE SCHEMA IF NOT EXISTS cx;
CREATE SCHEMA IF NOT EXISTS cx_marts;

CREATE SEQUENCE cx_raw.landing_order;

CREATE TABLE cx_raw.feedback (
    feedback_id VARCHAR NOT NULL,
    revision VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    source_file VARCHAR NOT NULL,
    source_row BIGINT NOT NULL,
    text VARCHAR NOT NULL,
    created_at TIMESTAMPTZ,
    customer_ref VARCHAR,
    voice VARCHAR NOT NULL,
    journey VARCHAR,
    touchpoint VARCHAR,
    channel VARCHAR,
    owner VARCHAR,
    question VARCHAR,
    nps SMALLINT,
    ces SMALLINT,
    ces_version VARCHAR,
    csat SMALLINT,
    resolved_first_contact BOOLEAN,
    language_hint VARCHAR,
    attributes VARCHAR NOT NULL,
    landed_by VARCHAR NOT NULL,
    landing_order BIGINT NOT NULL DEFAULT nextval('cx_raw.landing_order'),
    PRIMARY KEY (feedback_id, revision)
);

CREATE TABLE cx_raw.rejections (
    source VARCHAR NOT NULL,
    source_file VARCHAR NOT NULL,
    source_row BIGINT NOT NULL,
    reason VARCHAR NOT NULL,
    column_name VARCHAR,
    detail VARCHAR NOT NULL,
    rejected_by VARCHAR NOT NULL,
    is_open BOOLEAN NOT NULL DEFAULT TRUE,
    PRIMARY KEY (source, source_file, source_row)
);

CREATE TABLE cx.prepared (
    feedback_id VARCHAR NOT NULL,
    revision VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    language_confidence REAL NOT NULL,
    segment_starts INTEGER[] NOT NULL,
    segment_ends INTEGER[] NOT NULL,
    prepared_by VARCHAR NOT NULL,
    PRIMARY KEY (feedback_id, revision)
);

CREATE TABLE cx.taggings (
    feedback_id VARCHAR NOT NULL,
    revision VARCHAR NOT NULL,
    model_version VARCHAR NOT NULL,
    sentiment VARCHAR NOT NULL,
    sentiment_score REAL NOT NULL,
    confidence REAL NOT NULL,
    inappropriate BOOLEAN NOT NULL,
    needs_review BOOLEAN NOT NULL,
    tagged_by VARCHAR NOT NULL,
    PRIMARY KEY (feedback_id, revision, model_version)
);

CREATE TABLE cx.tags (
    feedback_id VARCHAR NOT NULL,
    revision VARCHAR NOT NULL,
    model_version VARCHAR NOT NULL,
    position SMALLINT NOT NULL,
    kind VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    aspect VARCHAR,
    probability REAL NOT NULL,
    start_offset INTEGER NOT NULL,
    end_offset INTEGER NOT NULL,
    PRIMARY KEY (feedback_id, revision, model_version, position)
);

CREATE TABLE cx.runs (
    run_id VARCHAR NOT NULL PRIMARY KEY,
    command VARCHAR NOT NULL,
    cxnlp_version VARCHAR NOT NULL,
    model_version VARCHAR,
    started_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    outcome VARCHAR NOT NULL,
    rows_read BIGINT NOT NULL DEFAULT 0,
    unchanged BIGINT NOT NULL DEFAULT 0,
    landed BIGINT NOT NULL DEFAULT 0,
    rejected BIGINT NOT NULL DEFAULT 0,
    resolved BIGINT NOT NULL DEFAULT 0,
    prepared BIGINT NOT NULL DEFAULT 0,
    tagged BIGINT NOT NULL DEFAULT 0,
    carried_in BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE cx.publication (
    only_row BOOLEAN NOT NULL DEFAULT TRUE PRIMARY KEY,
    model_version VARCHAR NOT NULL,
    timezone VARCHAR NOT NULL
);
