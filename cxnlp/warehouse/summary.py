"""What a person wants to see after a run: shares per dimension and language, and a few examples."""

from __future__ import annotations

from dataclasses import dataclass

from cxnlp.warehouse.protocol import Warehouse

LANGUAGES = """
SELECT language, count(*) AS feedback_count
FROM cx_marts.feedback_enriched
GROUP BY language
ORDER BY feedback_count DESC, language
"""
SHARES = """
SELECT tags.kind, tags.label, feedback.language, count(DISTINCT tags.feedback_id) AS feedback_count
FROM cx_marts.feedback_tags AS tags
JOIN cx_marts.feedback_enriched AS feedback ON feedback.feedback_id = tags.feedback_id
WHERE tags.kind IN ('effort', 'efficiency', 'emotion')
GROUP BY tags.kind, tags.label, feedback.language
UNION ALL
SELECT 'sentiment' AS kind, sentiment AS label, language, count(*) AS feedback_count
FROM cx_marts.feedback_enriched
WHERE sentiment IS NOT NULL
GROUP BY sentiment, language
"""
# The surest evidence of each dimension in each language, one text at most once, texts of readable length.
EXAMPLES = """
WITH candidates AS (
    SELECT tags.feedback_id, tags.language, tags.kind, tags.label, max(tags.probability) AS probability,
        count(DISTINCT tags.kind) OVER (PARTITION BY tags.feedback_id) AS breadth
    FROM cx_marts.feedback_tags AS tags
    JOIN cx_marts.feedback_enriched AS feedback ON feedback.feedback_id = tags.feedback_id
    WHERE tags.kind IN ('effort', 'efficiency', 'emotion') AND NOT feedback.inappropriate
        AND NOT feedback.needs_review AND length(feedback.text) BETWEEN 40 AND 220
    GROUP BY tags.feedback_id, tags.language, tags.kind, tags.label
),
best AS (
    SELECT feedback_id, language, kind, label, probability,
        row_number() OVER (PARTITION BY feedback_id ORDER BY probability DESC, label) AS place
    FROM candidates
),
ranked AS (
    SELECT feedback_id, probability,
        row_number() OVER (PARTITION BY language, kind, label ORDER BY probability DESC, feedback_id) AS place
    FROM best
    WHERE place = 1
)
SELECT feedback_id FROM ranked ORDER BY place, probability DESC, feedback_id LIMIT $most
"""
EXAMPLE_TAGS = """
SELECT feedback.feedback_id, feedback.text, feedback.language, feedback.sentiment,
    tags.kind, tags.label, tags.aspect, tags.probability, tags.start_offset, tags.end_offset
FROM cx_marts.feedback_enriched AS feedback
JOIN cx_marts.feedback_tags AS tags ON tags.feedback_id = feedback.feedback_id
WHERE feedback.feedback_id = $feedback_id AND tags.kind IN ('effort', 'efficiency', 'emotion', 'topic')
ORDER BY tags.kind, tags.probability DESC, tags.label
"""


@dataclass(frozen=True, slots=True)
class Share:
    """How many feedback texts of a language carry a label."""

    kind: str
    label: str
    language: str
    count: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """A label and the part of the text that carries it."""

    kind: str
    label: str
    aspect: str | None
    probability: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Example:
    """A feedback text with its evidence."""

    feedback_id: str
    text: str
    language: str
    sentiment: str
    evidence: tuple[Evidence, ...]


def count_feedback(warehouse: Warehouse) -> int:
    """How many feedback texts have landed, each in its newest revision only."""
    return int(warehouse.read("SELECT count(DISTINCT feedback_id) AS total FROM cx_raw.feedback")["total"][0].as_py())


def count_languages(warehouse: Warehouse) -> dict[str, int]:
    """How many feedback texts each language has, the most frequent first."""
    return {row["language"]: row["feedback_count"] for row in warehouse.read(LANGUAGES).to_pylist()}


def count_labels(warehouse: Warehouse) -> list[Share]:
    """How many feedback texts carry each sentiment and each label of the three dimensions, by language."""
    return [
        Share(row["kind"], row["label"], row["language"], row["feedback_count"])
        for row in warehouse.read(SHARES).to_pylist()
    ]


def pick_examples(warehouse: Warehouse, most: int = 5) -> list[Example]:
    """A few texts whose tags are sure, from different languages and labels; the same ones every time."""
    chosen = warehouse.read(EXAMPLES, {"most": most})["feedback_id"].to_pylist()
    return [_example(warehouse, feedback_id) for feedback_id in chosen]


def _example(warehouse: Warehouse, feedback_id: str) -> Example:
    rows = warehouse.read(EXAMPLE_TAGS, {"feedback_id": feedback_id}).to_pylist()
    evidence = tuple(
        Evidence(row["kind"], row["label"], row["aspect"], row["probability"], row["start_offset"], row["end_offset"])
        for row in rows
    )
    first = rows[0]
    return Example(feedback_id, first["text"], first["language"], first["sentiment"], evidence)
