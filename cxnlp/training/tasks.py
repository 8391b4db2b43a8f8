"""Public data that is labelled for other tasks, to learn words and situations from beside our own labels.

Each task has labels of its own, decided by linear layers of its own: its guideline is not ours, so only the encoder
learns from it. What is not asked of a text is masked in the loss.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cxnlp.training.labels import read_rows
from cxnlp.training.split import fold, share_of

logger = logging.getLogger(__name__)

# Fewer examples teach nothing but noise; not tuned.
FEWEST: Final = 30
NEUTRAL: Final = "neutral"
UNDIVIDED: Final = frozenset({"xed_fi", "xed_en"})
SCORED_SHARE: Final = 0.1

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One text of a public task and its labels, by the task's own words."""

    task: str
    text: str
    question: str | None
    labels: frozenset[str]


def _criticality(row: Row) -> list[str]:
    # Source: the pxtextmining code book: -4 is the gravest complaint, 4 the highest praise.
    grade = row.get("criticality") or 0
    return [row["label"], *(["praised"] if grade > 0 else ["criticised"] if grade < 0 else [])]


# What each public file teaches: the task that its texts belong to, and the labels of a row.
TASKS: Final[Mapping[str, tuple[str, Callable[[Row], Iterable[str]]]]] = {
    "xed_fi": ("plutchik", lambda row: row["labels"]),
    "xed_en": ("plutchik", lambda row: row["labels"]),
    "goemotions": ("goemotions", lambda row: row["labels"]),
    "nhs_fft": ("patient topics", lambda row: [*row["topics"], row.get("sentiment5")]),
    "nhs_phase1": ("patient themes", _criticality),
    "mams": ("restaurant", lambda row: [f"{one['category']} {one['sentiment']}" for one in row["aspects"]]),
    "scandisent_mt_fi": ("polarity", lambda row: [row["label"]]),
    "banking77": ("bank", lambda row: [row["label"]]),
}


def read_lessons(texts: Path, held_out: Set[str]) -> tuple[Lesson, ...]:
    """Every usable text of the public tasks that are at hand, by file and line.

    Left out are rows that are for scores, texts that are held out or validate, and texts that stand both as neutral
    and with a label, which is how subtitle lines contradict each other.

    Args:
        texts: Folder of public data; files that are not there teach nothing.
        held_out: Texts not to learn from, as `cxnlp.training.split.fold` writes them.
    """
    scored = {fold(row["text"]) for file in TASKS for row in read_public(texts, file) if is_scored_on(file, row)}
    unseen = held_out | scored
    lessons = [
        Lesson(task, row["text"], row.get("question"), frozenset(label(row)) - {NEUTRAL, None})
        for file, (task, label) in TASKS.items()
        for row in read_public(texts, file)
        if row["text"].strip() and fold(row["text"]) not in unseen
    ]
    contradictory = find_contradictions((one.task, one.text, bool(one.labels)) for one in lessons)
    kept = tuple(one for one in lessons if (one.task, fold(one.text)) not in contradictory)
    logger.info("%d lessons of %d public tasks", len(kept), len({one.task for one in kept}))
    return kept


def find_contradictions(texts: Iterable[tuple[str, str, bool]]) -> frozenset[tuple[str, str]]:
    """Task and folded text of those that stand both with a label and without, given as (task, text, has a label)."""
    sides: dict[bool, set[tuple[str, str]]] = {True: set(), False: set()}
    for task, text, labelled in texts:
        sides[labelled].add((task, fold(text)))
    return frozenset(sides[True] & sides[False])


def count_columns(lessons: Iterable[Lesson]) -> tuple[tuple[str, str], ...]:
    """Each task's labels that at least thirty texts have, in order."""
    counts = Counter((one.task, label) for one in lessons for label in one.labels)
    return tuple(sorted(column for column, count in counts.items() if count >= FEWEST))


def is_scored_on(file: str, row: Row) -> bool:
    """Whether a public row is for scores: outside the data set's own training part, or a tenth where it has none."""
    if file in UNDIVIDED:
        return share_of(f"scores {fold(row['text'])}") < SCORED_SHARE
    return bool(row.get("split", "train") != "train")


def read_public(texts: Path, file: str) -> Iterable[Row]:
    """The rows of a public data set; none where it is not at hand."""
    path = texts / f"{file}.jsonl.gz"
    return read_rows(path) if path.exists() else ()
