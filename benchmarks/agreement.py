"""How far two people agree who annotate by the same guideline: the ceiling for a model.

Usage: python benchmarks/agreement.py
Compares data/labels/agreement/second_annotation.jsonl.gz with the first annotation of the same records. Fails where
sentiment agrees at less than Cohen's kappa 0.8, the usual bound for labels to rely on.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from cxnlp.training.labels import find_label_files, read_rows

LABELS = Path(__file__).parent.parent / "data" / "labels"
FIELDS = ("effort", "efficiency", "emotion", "topics", "intent")
LEAST_KAPPA = 0.8


def cohens_kappa(first: Sequence[str], second: Sequence[str]) -> float:
    """Agreement beyond chance, at most 1.

    Source: Cohen, "A coefficient of agreement for nominal scales", 1960.
    """
    agreed = sum(one == other for one, other in zip(first, second, strict=True)) / len(first)
    counts, others = Counter(first), Counter(second)
    chance = sum(counts[label] * others[label] for label in counts) / len(first) ** 2
    return (agreed - chance) / (1 - chance)


def micro_f1(first: Sequence[set[str]], second: Sequence[set[str]]) -> float:
    """Twice the labels given by both over all labels given by either, 0-1."""
    both = sum(len(one & other) for one, other in zip(first, second, strict=True))
    return 2 * both / sum(len(one) + len(other) for one, other in zip(first, second, strict=True))


def main() -> int:
    """Compare, print, and say by the exit status whether the labels can be relied on."""
    firsts = {str(row["id"]): row for path in find_label_files(LABELS) for row in read_rows(path)}
    seconds = list(read_rows(LABELS / "agreement" / "second_annotation.jsonl.gz"))
    pairs = [(firsts[str(row["id"])], row) for row in seconds]
    for field in FIELDS:
        score = micro_f1(*([set(row[field]) - {"other"} for row in side] for side in zip(*pairs, strict=True)))
        print(f"{field}: micro-F1 {score:.3f}")
    kappa = cohens_kappa(*([row["sentiment"] for row in side] for side in zip(*pairs, strict=True)))
    print(f"sentiment of {len(pairs)} records: Cohen's kappa {kappa:.3f} (at least {LEAST_KAPPA})")
    return int(kappa < LEAST_KAPPA)


if __name__ == "__main__":
    sys.exit(main())
