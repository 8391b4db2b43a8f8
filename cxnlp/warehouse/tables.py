"""The tables that records are merged into, and records as their rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import pyarrow as pa

from cxnlp.records import Feedback, Prepared, Rejection, Tagging
from cxnlp.warehouse.protocol import Parameter, Table, Warehouse

_KEY = [pa.field("feedback_id", pa.string()), pa.field("revision", pa.string())]

FEEDBACK = Table(
    "cx_raw.feedback",
    ("feedback_id", "revision"),
    pa.schema(
        [
            *_KEY,
            pa.field("source", pa.string()),
            pa.field("source_file", pa.string()),
            pa.field("source_row", pa.int64()),
            pa.field("text", pa.string()),
            pa.field("created_at", pa.timestamp("us", tz="UTC")),
            pa.field("customer_ref", pa.string()),
            pa.field("voice", pa.string()),
            pa.field("journey", pa.string()),
            pa.field("touchpoint", pa.string()),
            pa.field("channel", pa.string()),
            pa.field("owner", pa.string()),
            pa.field("question", pa.string()),
            pa.field("nps", pa.int16()),
            pa.field("ces", pa.int16()),
            pa.field("ces_version", pa.string()),
            pa.field("csat", pa.int16()),
            pa.field("resolved_first_contact", pa.bool_()),
            pa.field("language_hint", pa.string()),
            pa.field("attributes", pa.string()),
            pa.field("landed_by", pa.string()),
        ]
    ),
)
REJECTIONS = Table(
    "cx_raw.rejections",
    ("source", "source_file", "source_row"),
    pa.schema(
        [
            pa.field("source", pa.string()),
            pa.field("source_file", pa.string()),
            pa.field("source_row", pa.int64()),
            pa.field("reason", pa.string()),
            pa.field("column_name", pa.string()),
            pa.field("detail", pa.string()),
            pa.field("rejected_by", pa.string()),
        ]
    ),
)
PREPARED = Table(
    "cx.prepared",
    ("feedback_id", "revision"),
    pa.schema(
        [
            *_KEY,
            pa.field("language", pa.string()),
            pa.field("language_confidence", pa.float32()),
            pa.field("segment_starts", pa.list_(pa.int32())),
            pa.field("segment_ends", pa.list_(pa.int32())),
            pa.field("prepared_by", pa.string()),
        ]
    ),
)
TAGGINGS = Table(
    "cx.taggings",
    ("feedback_id", "revision", "model_version"),
    pa.schema(
        [
            *_KEY,
            pa.field("model_version", pa.string()),
            pa.field("sentiment", pa.string()),
            pa.field("sentiment_score", pa.float32()),
            pa.field("confidence", pa.float32()),
            pa.field("inappropriate", pa.bool_()),
            pa.field("needs_review", pa.bool_()),
            pa.field("tagged_by", pa.string()),
        ]
    ),
)
TAGS = Table(
    "cx.tags",
    ("feedback_id", "revision", "model_version", "position"),
    pa.schema(
        [
            *_KEY,
            pa.field("model_version", pa.string()),
            pa.field("position", pa.int16()),
            pa.field("kind", pa.string()),
            pa.field("label", pa.string()),
            pa.field("aspect", pa.string()),
            pa.field("probability", pa.float32()),
            pa.field("start_offset", pa.int32()),
            pa.field("end_offset", pa.int32()),
        ]
    ),
)


def store_feedback(warehouse: Warehouse, feedback: Sequence[Feedback], run_id: str) -> int:
    """Keep new records and new revisions; return how many were new."""
    return warehouse.merge(_rows(FEEDBACK, (_feedback_row(one, run_id) for one in feedback)), FEEDBACK)


def store_rejections(warehouse: Warehouse, rejections: Sequence[Rejection], run_id: str) -> int:
    """Keep rejections, with the newest reason, and open those again that were resolved; return how many newly open."""
    latest = {(one.source, one.location.file, one.location.row): one for one in rejections}
    stored = {
        key: row
        for source, file in {key[:2] for key in latest}
        for key, row in _stored(warehouse, source, file, latest)
    }
    for key in latest.keys() & stored.keys():
        warehouse.execute(_CHANGE_REJECTION, _change(latest[key], run_id))
    new = [one for key, one in latest.items() if key not in stored]
    warehouse.merge(_rows(REJECTIONS, (_rejection_row(one, run_id) for one in new)), REJECTIONS)
    return len(latest) - sum(stored[key] for key in latest.keys() & stored.keys())


def store_prepared(warehouse: Warehouse, prepared: Sequence[Prepared], run_id: str) -> int:
    """Keep the language and segments of records; return how many were new."""
    return warehouse.merge(_rows(PREPARED, (_prepared_row(one, run_id) for one in prepared)), PREPARED)


def store_taggings(warehouse: Warehouse, taggings: Sequence[Tagging], run_id: str) -> int:
    """Keep what a model version says of records, with its tags; return how many records were new."""
    new = warehouse.merge(_rows(TAGGINGS, (_tagging_row(one, run_id) for one in taggings)), TAGGINGS)
    warehouse.merge(_rows(TAGS, (row for one in taggings for row in _tag_rows(one))), TAGS)
    return new


_RejectionKey = tuple[str, str, int]

_STORED_REJECTIONS = """
SELECT source, source_file, source_row, is_open FROM cx_raw.rejections
WHERE source = $source AND source_file = $file AND source_row BETWEEN $first AND $last
"""
_CHANGE_REJECTION = """
UPDATE cx_raw.rejections
SET is_open = TRUE, reason = $reason, column_name = $column, detail = $detail,
    rejected_by = CASE WHEN is_open THEN rejected_by ELSE $run_id END
WHERE source = $source AND source_file = $file AND source_row = $row
"""


def _stored(
    warehouse: Warehouse, source: str, file: str, among: Iterable[_RejectionKey]
) -> Iterable[tuple[_RejectionKey, bool]]:
    """Which rejections of this file are stored already, and whether they are open."""
    rows = [row for one_source, one_file, row in among if (one_source, one_file) == (source, file)]
    bounds: dict[str, Parameter] = {"source": source, "file": file, "first": min(rows), "last": max(rows)}
    for row in warehouse.read(_STORED_REJECTIONS, bounds).to_pylist():
        yield (row["source"], row["source_file"], row["source_row"]), row["is_open"]


def _change(one: Rejection, run_id: str) -> dict[str, Parameter]:
    return {
        "source": one.source,
        "file": one.location.file,
        "row": one.location.row,
        "reason": str(one.reason),
        "column": one.column,
        "detail": one.detail,
        "run_id": run_id,
    }


def _rows(table: Table, rows: Iterable[tuple[object, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(table.schema)
    return pa.table(
        [pa.array(values, field.type) for values, field in zip(columns, table.schema, strict=True)], schema=table.schema
    )


def _feedback_row(one: Feedback, run_id: str) -> tuple[object, ...]:
    return (
        one.feedback_id,
        one.revision,
        one.source,
        one.location.file,
        one.location.row,
        one.text,
        one.created_at,
        one.customer_ref,
        one.voice,
        one.journey,
        one.touchpoint,
        one.channel,
        one.owner,
        one.question,
        one.nps,
        one.ces,
        one.ces_version,
        one.csat,
        one.resolved_first_contact,
        one.language_hint,
        json.dumps(dict(one.attributes), ensure_ascii=False, sort_keys=True),
        run_id,
    )


def _rejection_row(one: Rejection, run_id: str) -> tuple[object, ...]:
    return (one.source, one.location.file, one.location.row, str(one.reason), one.column, one.detail, run_id)


def _prepared_row(one: Prepared, run_id: str) -> tuple[object, ...]:
    starts = [segment.start for segment in one.segments]
    ends = [segment.end for segment in one.segments]
    return (one.feedback_id, one.revision, one.language, one.language_confidence, starts, ends, run_id)


def _tagging_row(one: Tagging, run_id: str) -> tuple[object, ...]:
    return (
        one.feedback_id,
        one.revision,
        one.model_version,
        one.sentiment,
        one.sentiment_score,
        one.confidence,
        one.inappropriate,
        one.needs_review,
        run_id,
    )


def _tag_rows(one: Tagging) -> Iterable[tuple[object, ...]]:
    key = (one.feedback_id, one.revision, one.model_version)
    for position, tag in enumerate(one.tags):
        yield (*key, position, tag.kind, tag.label, tag.aspect, tag.probability, tag.start, tag.end)
