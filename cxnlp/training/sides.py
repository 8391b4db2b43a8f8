"""The labelled corpus in sides: what trains, what validates, what is scored on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cxnlp.errors import DataError
from cxnlp.training.datasets import read_corpus, read_development
from cxnlp.training.labels import Labelled
from cxnlp.training.split import read_test_ids, split_records

TEST_IDS: Final = "test_ids.txt"

Records = tuple[Labelled, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """Labelled records by what they may be used for.

    Attributes:
        train: What weights are fitted to.
        validation: What stopping, calibration and thresholds are chosen on.
        test: What is only scored on: held-out records, and those whose terms allow no training.
        held_back: Records too like a held-out one to train on.
    """

    train: Records
    validation: Records
    test: Records
    held_back: Records


def read_sides(labels: Path, texts: Path | None = None) -> Sides:
    """Read and divide the corpus.

    Args:
        labels: Folder of label files, with `test_ids.txt` where the held-out records are fixed.
        texts: Folder of the public data that stand-off labels point to, if it is at hand.

    Raises:
        DataError: If the labels are broken or too few.
    """
    frozen, development = read_test_ids(labels / TEST_IDS), read_development(labels, texts)
    if not frozen and development:
        raise DataError(f"{labels} has records to score on only, but no {TEST_IDS}. List the held-out ids there.")
    records = (*read_corpus(labels, texts), *development)
    split = split_records(records, frozen | {record.id for record in development})
    return Sides(
        *(tuple(records[i] for i in side) for side in (split.train, split.validation, split.test, split.held_back))
    )


def read_test(labels: Path, texts: Path | None = None) -> Records:
    """The `test` side of `read_sides` alone, which is quick where the held-out records are fixed.

    Raises:
        DataError: If the labels are broken or too few.
    """
    frozen = read_test_ids(labels / TEST_IDS)
    if not frozen:
        return read_sides(labels, texts).test
    held_out = tuple(record for record in read_corpus(labels, texts) if record.id in frozen)
    if not held_out:
        raise DataError(f"None of the {len(frozen)} held-out ids of {labels / TEST_IDS} stands in the label files.")
    return (*held_out, *read_development(labels, texts))
