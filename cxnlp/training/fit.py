"""Fit linear heads on the vectors of a frozen encoder."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from cxnlp.classification.heads import INAPPROPRIATE, OTHER, Head, HeadKind, Heads, SentimentHead
from cxnlp.errors import DataError
from cxnlp.records import Aspect
from cxnlp.taxonomy import KINDS, SENTIMENTS
from cxnlp.training.calibrate import Flags, Numbers, best_threshold, fit_platt, fit_temperature, review_bound, sigmoid
from cxnlp.training.labels import Labelled
from cxnlp.training.packages import load_package

logger = logging.getLogger(__name__)

FOLDS: Final = 4
STRENGTHS: Final = (0.001, 0.003, 0.01)
FEWEST: Final = 8
WORKERS: Final = 2
ITERATIONS: Final = 200
TOLERANCE: Final = 1e-3

Report = Callable[[str, int, int | None], None]
Vectors = NDArray[np.float32]
Fold = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Target:
    """What one head has to learn.

    Attributes:
        truth: Whether a person gave the label to each record, shape (n_records,).
    """

    kind: HeadKind
    label: str
    aspect: Aspect | None
    truth: Flags


@dataclass(frozen=True, slots=True)
class Fitted:
    """Heads and how they were fitted.

    Attributes:
        heads: The heads.
        strengths: Inverse regularisation chosen for each kind, and for `sentiment`.
    """

    heads: Heads
    strengths: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Line:
    """A linear function of standardised vectors with its calibration."""

    weights: NDArray[np.float64]
    bias: float
    scale: float
    shift: float
    head: Head


def collect_targets(records: Sequence[Labelled], groups: Sequence[int]) -> tuple[Target, ...]:
    """A target for every label with examples in at least eight groups; the others are logged and left out."""
    found = [
        Target(kind, label, None, np.array([label in record.labels[kind] for record in records]))
        for kind in KINDS
        for label in sorted({label for record in records for label in record.labels[kind]} - {OTHER})
    ]
    aspects = [record.polar_aspects() for record in records]
    for name in sorted(frozenset().union(*aspects)):
        polarity, _, aspect = name.partition(":")
        truth = np.array([name in given for given in aspects])
        found.append(Target("efficiency", polarity, cast("Aspect", aspect), truth))
    found.append(Target(INAPPROPRIATE, INAPPROPRIATE, None, np.array([record.inappropriate for record in records])))
    held = np.asarray(groups)
    rare = [target.label for target in found if len(set(held[target.truth])) < FEWEST]
    if rare:
        logger.warning("%d labels have too few examples (under %d) for a head: %s", len(rare), FEWEST, ", ".join(rare))
    return tuple(target for target in found if len(set(held[target.truth])) >= FEWEST)


def fit_heads(
    vectors: Vectors,
    records: Sequence[Labelled],
    groups: Sequence[int],
    *,
    seed: int = 0,
    report: Report = lambda *_: None,
) -> Fitted:
    """Fit, calibrate and bound one head for every label.

    Logistic regression on standardised vectors, unweighted: class weights lowered cross-validated F1 (effort 0.609 to
    0.597, emotion 0.542 to 0.531). Its strength is chosen by kind, and calibration and thresholds are fitted, on
    out-of-fold scores of grouped cross-validation.

    Args:
        vectors: Shape (n_records, width).
        records: The labels.
        groups: Records of one group stay in one fold; shape (n_records,).
        seed: Of the folds.
        report: Told "fit", how many kinds are done since the last time, and how many there are.

    Raises:
        DataError: If there are fewer groups than folds, or under eight examples of a sentiment.
    """
    _check_enough(records, groups)
    mean, spread = vectors.mean(axis=0), vectors.std(axis=0) + 1e-6
    standard = ((vectors - mean) / spread).astype(np.float32)
    folds = make_folds(groups, seed)
    strengths: dict[str, float] = {}
    lines: list[_Line] = []
    wanted = collect_targets(records, groups)
    # Two fits at a time with one thread each took a quarter of the time of one fit with two threads.
    with load_package("threadpoolctl").threadpool_limits(1):
        for kind in (*KINDS, INAPPROPRIATE):
            targets = [target for target in wanted if target.kind == kind]
            if targets:
                strengths[kind], fitted = _fit_kind(standard, targets, folds)
                lines += fitted
            report("fit", 1, len(KINDS) + 2)
        strengths["sentiment"], sentiment = _fit_sentiment(standard, records, folds)
        report("fit", 1, len(KINDS) + 2)
    return Fitted(_fold_in(lines, sentiment, mean, spread), strengths)


def _check_enough(records: Sequence[Labelled], groups: Sequence[int]) -> None:
    counts = Counter(record.sentiment for record in records)
    rare = [sentiment for sentiment in SENTIMENTS if counts[sentiment] < FEWEST]
    if rare or len(set(groups)) < FOLDS:
        raise DataError(
            f"{len(records)} training records in {len(set(groups))} groups are too few: each sentiment needs "
            f"{FEWEST} examples, and {', '.join(rare) or 'none'} has fewer. Add labels."
        )


def make_folds(groups: Sequence[int], seed: int) -> list[Fold]:
    """Train and validation indices for each fold; no group stands on both sides."""
    splitter = load_package("sklearn.model_selection").GroupKFold(FOLDS, shuffle=True, random_state=seed)
    return list(splitter.split(np.zeros(len(groups)), groups=np.asarray(groups)))


def _regress(vectors: Vectors, truth: NDArray[Any], strength: float) -> Any:
    model = load_package("sklearn.linear_model").LogisticRegression(C=strength, max_iter=ITERATIONS, tol=TOLERANCE)
    return model.fit(vectors, truth)


def _out_of_fold(vectors: Vectors, truth: NDArray[Any], folds: Sequence[Fold], strength: float) -> Numbers:
    def score(fold: Fold) -> Numbers:
        train, held = fold
        scores: Numbers = _regress(vectors[train], truth[train], strength).decision_function(vectors[held])
        return scores

    with ThreadPoolExecutor(WORKERS) as pool:
        scores = list(pool.map(score, folds))
    result = np.zeros((len(truth), *scores[0].shape[1:]), np.float64)
    for (_, held), given in zip(folds, scores, strict=True):
        result[held] = given
    return result


def _fit_kind(vectors: Vectors, targets: Sequence[Target], folds: Sequence[Fold]) -> tuple[float, list[_Line]]:
    """The strength with the best micro-F1 over one kind, and the lines fitted with it to all records."""
    tried = {
        strength: [_calibrate(_out_of_fold(vectors, target.truth, folds, strength), target) for target in targets]
        for strength in STRENGTHS
    }
    strength = max(tried, key=lambda one: _micro_f1([hits for _, _, _, hits in tried[one]]))
    with ThreadPoolExecutor(WORKERS) as pool:
        models = list(pool.map(lambda target: _regress(vectors, target.truth, strength), targets))
    return strength, [
        _draw(model, scale, shift, head) for model, (scale, shift, head, _) in zip(models, tried[strength], strict=True)
    ]


def _calibrate(scores: Numbers, target: Target) -> tuple[float, float, Head, tuple[int, int]]:
    """Calibration and decision of one label, with its right decisions and those either side wanted, twice over."""
    scale, shift = fit_platt(scores, target.truth)
    probabilities = sigmoid(scores * scale + shift)
    threshold = best_threshold(probabilities, target.truth)
    review_below = review_bound(probabilities, target.truth, threshold)
    given = probabilities >= threshold
    head = Head(target.kind, target.label, target.aspect, threshold, review_below)
    return scale, shift, head, (2 * int((given & target.truth).sum()), int(given.sum() + target.truth.sum()))


def _micro_f1(hits: Sequence[tuple[int, int]]) -> float:
    return sum(right for right, _ in hits) / max(1, sum(wanted for _, wanted in hits))


def _draw(model: Any, scale: float, shift: float, head: Head) -> _Line:
    return _Line(model.coef_[0].astype(np.float64), float(model.intercept_[0]), scale, shift, head)


def _fit_sentiment(vectors: Vectors, records: Sequence[Labelled], folds: Sequence[Fold]) -> tuple[float, SentimentHead]:
    truth = np.array([SENTIMENTS.index(record.sentiment) for record in records])
    tried = {strength: _out_of_fold(vectors, truth, folds, strength) for strength in STRENGTHS}
    strength = max(tried, key=lambda one: float((tried[one].argmax(axis=1) == truth).mean()))
    logits = tried[strength]
    temperature = fit_temperature(logits, truth)
    shares = np.exp(logits / temperature - (logits / temperature).max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    bound = review_bound(shares.max(axis=1), shares.argmax(axis=1) == truth)
    model = _regress(vectors, truth, strength)
    return strength, SentimentHead(model.coef_, model.intercept_, temperature, bound)


def _fold_in(lines: Sequence[_Line], sentiment: SentimentHead, mean: Vectors, spread: Vectors) -> Heads:
    """Heads for vectors as the encoder gives them: the standardisation goes into weights and biases."""
    weights = np.array([line.weights for line in lines]) / spread
    bias = np.array([line.bias for line in lines]) - weights @ mean
    polar = sentiment.weights / spread
    return Heads(
        heads=tuple(line.head for line in lines),
        weights=weights.astype(np.float32),
        bias=bias.astype(np.float32),
        scale=np.array([line.scale for line in lines], np.float32),
        shift=np.array([line.shift for line in lines], np.float32),
        sentiment=SentimentHead(
            polar.astype(np.float32),
            (sentiment.bias - polar @ mean).astype(np.float32),
            sentiment.temperature,
            sentiment.review_below,
        ),
    )
