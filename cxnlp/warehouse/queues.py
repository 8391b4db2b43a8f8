"""What waits for a stage, and how much."""

from __future__ import annotations

from cxnlp.records import Landed, Location, Prepared, Reason, Rejection, Segment
from cxnlp.warehouse.protocol import Warehouse

_UNPREPARED = """
FROM cx_raw.feedback AS feedback
WHERE NOT EXISTS (
    SELECT 1 FROM cx.prepared AS prepared
    WHERE prepared.feedback_id = feedback.feedback_id AND prepared.revision = feedback.revision
)
"""
_UNTAGGED = """
FROM cx.prepared AS prepared
JOIN cx_raw.feedback AS feedback
    ON feedback.feedback_id = prepared.feedback_id AND feedback.revision = prepared.revision
WHERE NOT EXISTS (
    SELECT 1 FROM cx.taggings AS taggings
    WHERE taggings.feedback_id = prepared.feedback_id
    AND taggings.revision = prepared.revision
    AND taggings.model_version = $model_version
)
"""
COUNT_UNPREPARED = f"SELECT count(*) AS waiting {_UNPREPARED}"
COUNT_UNTAGGED = f"SELECT count(*) AS waiting {_UNTAGGED}"
UNPREPARED = (
    "SELECT feedback.feedback_id, feedback.revision, feedback.text, feedback.question, feedback.language_hint "
    f"{_UNPREPARED} ORDER BY feedback.landing_order LIMIT $most"
)
UNTAGGED = (
    "SELECT prepared.feedback_id, prepared.revision, feedback.text, feedback.question, prepared.language, "
    "prepared.language_confidence, prepared.segment_starts, prepared.segment_ends "
    f"{_UNTAGGED} ORDER BY feedback.landing_order LIMIT $most"
)
OPEN_REJECTIONS = """
SELECT source, source_file, source_row, reason, column_name, detail
FROM cx_raw.rejections
WHERE is_open AND source = coalesce($source, source)
ORDER BY source, source_file, source_row
"""
RESOLVE = """
UPDATE cx_raw.rejections SET is_open = FALSE
WHERE source = $source AND source_file = $file AND source_row = $row
"""


def count_unprepared(warehouse: Warehouse) -> int:
    """How many landed records wait for preparation."""
    return _count(warehouse, COUNT_UNPREPARED, {})


def count_untagged(warehouse: Warehouse, model_version: str) -> int:
    """How many prepared records this model version has not tagged yet."""
    return _count(warehouse, COUNT_UNTAGGED, {"model_version": model_version})


def next_unprepared(warehouse: Warehouse, most: int) -> list[Landed]:
    """The first `most` records that wait for preparation, in landing order."""
    return [Landed(**row) for row in warehouse.read(UNPREPARED, {"most": most}).to_pylist()]


def next_untagged(warehouse: Warehouse, model_version: str, most: int) -> list[Prepared]:
    """The first `most` prepared records that this model version has not tagged yet, in landing order."""
    rows = warehouse.read(UNTAGGED, {"model_version": model_version, "most": most}).to_pylist()
    return [
        Prepared(
            feedback_id=row["feedback_id"],
            revision=row["revision"],
            text=row["text"],
            question=row["question"],
            language=row["language"],
            language_confidence=row["language_confidence"],
            segments=tuple(map(Segment, row["segment_starts"], row["segment_ends"])),
        )
        for row in rows
    ]


def open_rejections(warehouse: Warehouse, source: str | None = None) -> list[Rejection]:
    """Rows and files that could not be used and have not been taken in since, of one source or of all."""
    return [
        Rejection(
            source=row["source"],
            location=Location(row["source_file"], row["source_row"]),
            reason=Reason(row["reason"]),
            column=row["column_name"],
            detail=row["detail"],
        )
        for row in warehouse.read(OPEN_REJECTIONS, {"source": source}).to_pylist()
    ]


def resolve(warehouse: Warehouse, source: str, locations: set[Location]) -> int:
    """Close the rejections at these locations and return how many there were."""
    for location in locations:
        warehouse.execute(RESOLVE, {"source": source, "file": location.file, "row": location.row})
    return len(locations)


def _count(warehouse: Warehouse, query: str, parameters: dict[str, str]) -> int:
    return int(warehouse.read(query, parameters)["waiting"][0].as_py())
