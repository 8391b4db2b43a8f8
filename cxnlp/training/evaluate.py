"""Score taggings against what people said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cxnlp.classification.heads import OTHER
from cxnlp.records import Sentiment, Tagging
from cxnlp.taxonomy import KINDS, SENTIMENTS
from cxnlp.training.calibrate import Flags, Numbers, calibration_error
from cxnlp.training.labels import Labelled

ASPECTS: Final = "efficiency_aspect"
FEWEST: Final = 5
INTERVAL: Final = 0.95
RESAMPLES: Final = 1000


@dataclass(frozen=True, slots=True)
class LabelScore:
    """How well one label is given: F1, precision and recall 0-1, and how many records have it."""

    f1: float
    precision: float
    recall: float
    support: int


@dataclass(frozen=True, slots=True)
class KindScore:
    """How well one kind is tagged; macro over labels that at least five records have."""

    micro_f1: float
    macro_f1: float
    precision: float
    recall: float
    labels: Mapping[str, LabelScore]


@dataclass(frozen=True, slots=True)
class Scores:
    """How well records are tagged.

    Attributes:
        sentiment_accuracy: Share of records with the right one of four sentiments.
        sentiment_macro_f1: Mean F1 over the sentiments that occur.
        polarity_accuracy: The same share among records that a person called positive or negative.
        sentiment_calibration_error: Of the sentiment's confidence, 0-1.
        tag_calibration_error: Of the given tags' probabilities, 0-1.
        needs_review: Share of records sent to a person.
        kinds: Scores by kind, and of the efficiency aspects.
        evidence: Share of right tags whose evidence meets words that a person marked for the label, 0-1; of the
            `evidence_tags` that have such words and whose evidence is a part of the text only.
        intervals: Lower and upper bound of the 95 % interval of the sentiment's accuracy (`sentiment`) and of the
            micro-F1 of each of `kinds`.
    """

    records: int
    sentiment_accuracy: float
    sentiment_macro_f1: float
    polarity_accuracy: float
    sentiment_calibration_error: float
    tag_calibration_error: float
    needs_review: float
    kinds: Mapping[str, KindScore]
    evidence: float
    evidence_tags: int
    intervals: Mapping[str, tuple[float, float]]

    def headline(self) -> dict[str, float]:
        """The figure that each of `intervals` belongs to."""
        return {"sentiment": self.sentiment_accuracy, **{kind: one.micro_f1 for kind, one in self.kinds.items()}}


@dataclass(frozen=True, slots=True)
class Bin:
    """Decisions of about the same probability: their mean probability and the share that is right, 0-1; how many."""

    probability: float
    right: float
    count: int


def score_taggings(records: Sequence[Labelled], taggings: Sequence[Tagging]) -> Scores:
    """Compare taggings with labels; the intent `other` is left out, as nothing is said by it.

    Args:
        records: What people said, at least one.
        taggings: What the model said of the same records, in the same order.
    """
    pairs = [(record.sentiment, tagging.sentiment) for record, tagging in zip(records, taggings, strict=True)]
    met = [hit for record, tagging in zip(records, taggings, strict=True) for hit in _evidence_hits(record, tagging)]
    polar = [given == said for said, given in pairs if said in ("positive", "negative")]
    confidence = np.array([tagging.confidence for tagging in taggings])
    said = [_said(record) for record in records]
    given = [_given(tagging) for tagging in taggings]
    return Scores(
        records=len(records),
        sentiment_accuracy=sum(said == given for said, given in pairs) / len(pairs),
        sentiment_macro_f1=_sentiment_f1(pairs),
        polarity_accuracy=sum(polar) / max(1, len(polar)),
        sentiment_calibration_error=calibration_error(confidence, np.array([a == b for a, b in pairs])),
        tag_calibration_error=_tag_error(records, taggings),
        needs_review=sum(tagging.needs_review for tagging in taggings) / len(taggings),
        kinds={
            kind: score_labels([one[kind] for one in said], [one[kind] for one in given]) for kind in (*KINDS, ASPECTS)
        },
        evidence=sum(met) / max(1, len(met)),
        evidence_tags=len(met),
        intervals={
            "sentiment": bootstrap_interval([a == b for a, b in pairs], [True] * len(pairs)),
            **{kind: _f1_interval([one[kind] for one in said], [one[kind] for one in given]) for kind in said[0]},
        },
    )


def score_by_part(records: Sequence[Labelled], taggings: Sequence[Tagging]) -> dict[str, Scores]:
    """Scores over all records and for each part of them.

    The parts are the languages, `written` for the project or `real`, both together, and each source of real texts.
    """
    both = list(zip(records, taggings, strict=True))
    parts: dict[str, list[tuple[Labelled, Tagging]]] = {"all": both}
    for record, tagging in both:
        origin = "written" if record.written else "real"
        sources = [] if record.written else [record.source]
        for name in (record.language, origin, f"{origin} {record.language}", *sources):
            parts.setdefault(name, []).append((record, tagging))
    return {name: score_taggings(*zip(*part, strict=True)) for name, part in sorted(parts.items())}


def score_labels(said: Iterable[frozenset[str]], given: Iterable[frozenset[str]]) -> KindScore:
    """Micro- and macro-averaged F1 of label sets."""
    hits: Counter[str] = Counter()
    spurious: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for truth, guess in zip(said, given, strict=True):
        hits.update(truth & guess)
        spurious.update(guess - truth)
        missed.update(truth - guess)
    labels = {
        label: _score(hits[label], spurious[label], missed[label]) for label in sorted({*hits, *spurious, *missed})
    }
    frequent = [score.f1 for score in labels.values() if score.support >= FEWEST]
    total = _score(hits.total(), spurious.total(), missed.total())
    return KindScore(total.f1, sum(frequent) / max(1, len(frequent)), total.precision, total.recall, labels)


def _evidence_hits(record: Labelled, tagging: Tagging) -> Iterator[bool]:
    whole = len(record.text.strip())
    for tag in tagging.tags:
        marked = [
            span
            for span in record.spans
            if (span.kind, span.label) == (tag.kind, tag.label) and tag.aspect in (None, span.aspect)
        ]
        if marked and tag.end - tag.start < whole:
            yield any(span.start < tag.end and tag.start < span.end for span in marked)


def bootstrap_interval(hits: Sequence[float], weights: Sequence[float]) -> tuple[float, float]:
    """95 % interval of the share of all hits in all weights when other records had been drawn.

    Records are drawn one by one; contrast sets and renderings make the true interval a little wider.

    Args:
        hits: What each record adds above the line.
        weights: What it adds below it.

    Source: Efron, "Bootstrap Methods: Another Look at the Jackknife", 1979 (percentile method, 1,000 resamples).
    """
    n = len(hits)
    drawn = np.random.default_rng(0).multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    shares = (drawn @ np.asarray(hits, np.float64)) / np.maximum(1, drawn @ np.asarray(weights, np.float64))
    low, high = np.quantile(shares, ((1 - INTERVAL) / 2, (1 + INTERVAL) / 2))
    return float(low), float(high)


def _f1_interval(said: Sequence[frozenset[str]], given: Sequence[frozenset[str]]) -> tuple[float, float]:
    both = list(zip(said, given, strict=True))
    return bootstrap_interval([2 * len(a & b) for a, b in both], [len(a) + len(b) for a, b in both])


def _score(hits: int, spurious: int, missed: int) -> LabelScore:
    return LabelScore(
        f1=2 * hits / max(1, 2 * hits + spurious + missed),
        precision=hits / max(1, hits + spurious),
        recall=hits / max(1, hits + missed),
        support=hits + missed,
    )


def _said(record: Labelled) -> dict[str, frozenset[str]]:
    sets: dict[str, frozenset[str]] = {kind: record.labels[kind] - {OTHER} for kind in KINDS}
    sets[ASPECTS] = frozenset(aspect.rpartition(":")[2] for aspect in record.aspects)
    return sets


def _given(tagging: Tagging) -> dict[str, frozenset[str]]:
    sets: dict[str, frozenset[str]] = {
        kind: frozenset(tag.label for tag in tagging.tags if tag.kind == kind) - {OTHER} for kind in KINDS
    }
    sets[ASPECTS] = frozenset(tag.aspect for tag in tagging.tags if tag.aspect)
    return sets


def _sentiment_f1(pairs: Sequence[tuple[Sentiment, Sentiment]]) -> float:
    scores = score_labels(*zip(*((frozenset({said}), frozenset({given})) for said, given in pairs), strict=True))
    return float(
        np.mean([scores.labels[one].f1 for one in SENTIMENTS if one in scores.labels and scores.labels[one].support])
    )


def bin_taggings(records: Sequence[Labelled], taggings: Sequence[Tagging], bins: int = 10) -> dict[str, list[Bin]]:
    """The reliability of the sentiment's confidence and of the given tags' probabilities, in bins of equal width."""
    confidence = np.array([tagging.confidence for tagging in taggings])
    right = np.array([record.sentiment == tagging.sentiment for record, tagging in zip(records, taggings, strict=True)])
    return {"sentiment": _bins(confidence, right, bins), "tags": _bins(*_given_tags(records, taggings), bins)}


def _bins(probabilities: Numbers, right: Flags, bins: int) -> list[Bin]:
    place = np.minimum((probabilities * bins).astype(int), bins - 1)
    held = [place == i for i in range(bins)]
    return [
        Bin(float(probabilities[one].mean()), float(right[one].mean()), int(one.sum())) for one in held if one.any()
    ]


def _tag_error(records: Sequence[Labelled], taggings: Sequence[Tagging]) -> float:
    return calibration_error(*_given_tags(records, taggings))


def _given_tags(records: Sequence[Labelled], taggings: Sequence[Tagging]) -> tuple[Numbers, Flags]:
    """Probability of each label given and whether it is right; a label with two aspects counts once."""
    given = {
        (i, tag.kind, tag.label): (tag.probability, tag.label in record.labels[tag.kind])
        for i, (record, tagging) in enumerate(zip(records, taggings, strict=True))
        for tag in tagging.tags
        if tag.label != OTHER
    }
    probabilities, right = np.array(list(given.values()), np.float64).reshape(-1, 2).T
    return probabilities, right.astype(np.bool_)
