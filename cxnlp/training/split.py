"""Hold texts out for the final scores so that nothing like them is trained on."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from cxnlp.errors import DataError
from cxnlp.training.datasets import RENDERING
from cxnlp.training.labels import Labelled

TEST_SHARE: Final = 0.15
SHINGLE: Final = 5
JACCARD: Final = 0.6
CONTAINMENT: Final = 0.8
SHORT: Final = 30


@dataclass(frozen=True, slots=True)
class Split:
    """Which records train and which are scored on.

    Attributes:
        train: Indices of training records.
        groups: Group of each training record, for grouped cross-validation; shape as `train`.
        test: Indices of held-out records.
        held_back: Indices of records too like a held-out one to train on.
    """

    train: tuple[int, ...]
    groups: tuple[int, ...]
    test: tuple[int, ...]
    held_back: tuple[int, ...]


def read_test_ids(path: Path) -> frozenset[str]:
    """The frozen list of held-out ids, one a line; empty where there is no such file."""
    if not path.exists():
        return frozenset()
    return frozenset(line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#"))


def split_records(records: Sequence[Labelled], test_ids: frozenset[str] = frozenset()) -> Split:
    """Divide records into training and held-out ones, whole groups at a time.

    With frozen ids exactly those are held out, and records in a group with one of them are held back from training.
    Without, about 15 % of the groups are held out by a hash of their first id, the same on every run.

    Raises:
        DataError: If either side is left empty.
    """
    groups = group_records(records)
    held = _frozen(records, groups, test_ids) if test_ids else _hashed(records, groups)
    test = tuple(i for i, record in enumerate(records) if groups[i] in held and (not test_ids or record.id in test_ids))
    train = tuple(i for i in range(len(records)) if groups[i] not in held)
    if not train or not test:
        raise DataError(
            f"{len(records)} labelled records split into {len(train)} for training and {len(test)} held out. "
            "Add labels: some hundreds are needed, of texts that are not all alike."
        )
    back = tuple(sorted(set(range(len(records))) - set(train) - set(test)))
    return Split(train, tuple(groups[i] for i in train), test, back)


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
    holders: dict[str, list[int]] = defaultdict(list)
    common = max(20, len(texts) // 50)
    for i, held in enumerate(shingles):
        shared: Counter[int] = Counter()
        for shingle in held:
            others = holders[shingle]
            if len(others) < common:
                shared.update(others)
                others.append(i)
        for other, seen in shared.items():
            if 4 * seen >= min(len(held), len(shingles[other])) and _are_twins(held, shingles[other]):
                yield other, i


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
    return frozenset(group for group in set(groups) if _share(records[group].id) < TEST_SHARE)


def _share(name: str) -> float:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) / 2**64


def _frozen(records: Sequence[Labelled], groups: Iterable[int], test_ids: frozenset[str]) -> frozenset[int]:
    return frozenset(group for record, group in zip(records, groups, strict=True) if record.id in test_ids)
