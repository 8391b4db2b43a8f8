"""Hold texts out for the final scores so that nothing like them is trained on."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from cxnlp.errors import DataError
from cxnlp.training.datasets import RENDERING
from cxnlp.training.labels import Labelled
from cxnlp.training.packages import load_package

if TYPE_CHECKING:
    from numpy.typing import NDArray

TEST_SHARE: Final = 0.15
VALIDATION_SHARE: Final = 0.1
SHINGLE: Final = 5
JACCARD: Final = 0.6
CONTAINMENT: Final = 0.8
SHORT: Final = 30
BLOCK: Final = 1024


@dataclass(frozen=True, slots=True)
class Split:
    """Which records train and which are scored on.

    Attributes:
        train: Indices of the records that weights are fitted to.
        validation: Indices of the records that stopping, calibration and thresholds are chosen on.
        test: Indices of held-out records.
        held_back: Indices of records too like a held-out one to train on.
    """

    train: tuple[int, ...]
    validation: tuple[int, ...]
    test: tuple[int, ...]
    held_back: tuple[int, ...]


def read_test_ids(path: Path) -> frozenset[str]:
    """The frozen list of held-out ids, one a line; empty where there is no such file."""
    if not path.exists():
        return frozenset()
    return frozenset(line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#"))


def split_records(records: Sequence[Labelled], test_ids: frozenset[str] = frozenset()) -> Split:
    """Divide records into training, validation and held-out ones, whole groups at a time.

    With frozen ids exactly those are held out, and records in a group with one of them are held back from training.
    Without, about 15 % of the groups are held out by a hash of their first id. Of the rest about 10 % of the groups
    validate, by another hash of that id: the same on every run, and mostly the same when records are added.

    Raises:
        DataError: If a side is left empty.
    """
    groups = group_records(records)
    held = _frozen(records, groups, test_ids) if test_ids else _hashed(records, groups)
    test = tuple(i for i, record in enumerate(records) if groups[i] in held and (not test_ids or record.id in test_ids))
    validating = {
        group for group in set(groups) - held if share_of(f"validation {records[group].id}") < VALIDATION_SHARE
    }
    validation = tuple(i for i in range(len(records)) if groups[i] in validating)
    train = tuple(i for i in range(len(records)) if groups[i] not in held | validating)
    if not (train and validation and test):
        raise DataError(
            f"{len(records)} labelled records split into {len(train)} for training, {len(validation)} for validation "
            f"and {len(test)} held out. Add labels: some hundreds are needed, of texts that are not all alike."
        )
    back = tuple(sorted(set(range(len(records))) - set(train) - set(validation) - set(test)))
    return Split(train, validation, test, back)


def group_records(records: Sequence[Labelled]) -> tuple[int, ...]:
    """A group for each record: equal or nearly equal texts, a contrast set, a text and its rendering share one."""
    parent = list(range(len(records)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for left, right in [*_linked(records), *near_twins([record.text for record in records])]:
        parent[max(root(left), root(right))] = min(root(left), root(right))
    return tuple(root(i) for i in range(len(records)))


def near_twins(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of texts that share most of their five-letter shingles.

    Twins have a Jaccard similarity of at least 0.6, or the shorter one, if it has at least 30 shingles, stands to 80 %
    in the longer one. Shingles that more than 2 % of the texts share are passed over when pairs are looked for.

    Source: Broder, "On the resemblance and containment of documents", 1997; the bounds are ours.
    """
    shingles = [_shingles(text) for text in texts]
    sizes = np.array([len(held) for held in shingles])
    for rows, columns, shared in _shared_shingles(shingles):
        likely = 4 * shared >= np.minimum(sizes[rows], sizes[columns])
        for i, other in zip(rows[likely].tolist(), columns[likely].tolist(), strict=True):
            if _are_twins(shingles[i], shingles[other]):
                yield other, i


def _shared_shingles(
    shingles: Sequence[frozenset[str]],
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]:
    """How many shingles each two texts share: indices of texts, of earlier texts, and counts, a block at a time."""
    if not any(shingles):
        return
    vectoriser = load_package("sklearn.feature_extraction.text").CountVectorizer(
        analyzer=lambda held: held, binary=True, dtype=np.int64, max_df=max(20, len(shingles) // 50)
    )
    held = vectoriser.fit_transform(shingles)
    for start in range(0, len(shingles), BLOCK):
        shared = (held[start : start + BLOCK] @ held[: start + BLOCK].T).tocoo()
        earlier = shared.col < shared.row + start
        yield shared.row[earlier] + start, shared.col[earlier], shared.data[earlier]


def fold(text: str) -> str:
    """What makes two texts the same: letters and digits in lower case, or the signs where there is nothing else."""
    normal = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", normal)) or normal.strip()


def _shingles(text: str) -> frozenset[str]:
    folded = fold(text)
    return frozenset(folded[i : i + SHINGLE] for i in range(max(1, len(folded) - SHINGLE + 1)))


def _are_twins(left: frozenset[str], right: frozenset[str]) -> bool:
    both, fewer = len(left & right), min(len(left), len(right))
    return both >= JACCARD * len(left | right) or (fewer >= SHORT and both >= CONTAINMENT * fewer)


def _linked(records: Sequence[Labelled]) -> Iterator[tuple[int, int]]:
    keys: dict[str, list[int]] = defaultdict(list)
    for i, record in enumerate(records):
        keys["text " + fold(record.text)].append(i)
        keys["id " + record.id.removesuffix(RENDERING)].append(i)
        if record.pair:
            keys["pair " + record.pair].append(i)
    for members in keys.values():
        yield from pairwise(members)


def _hashed(records: Sequence[Labelled], groups: Sequence[int]) -> frozenset[int]:
    return frozenset(group for group in set(groups) if share_of(records[group].id) < TEST_SHARE)


def share_of(name: str) -> float:
    """A number from 0 to 1 that is the same for the same name on every run, and spread evenly over names."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) / 2**64


def _frozen(records: Sequence[Labelled], groups: Iterable[int], test_ids: frozenset[str]) -> frozenset[int]:
    return frozenset(group for record, group in zip(records, groups, strict=True) if record.id in test_ids)
