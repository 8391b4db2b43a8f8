"""From raw scores to probabilities and decisions, on records that the scores were not fitted to."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxnlp.training.packages import load_package

PRECISION: Final = 0.8
SURE: Final = 1.0

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]


def fit_platt(scores: Numbers, truth: Flags) -> tuple[float, float]:
    """Slope and intercept that turn a score into a probability: sigmoid(slope * score + intercept).

    Args:
        scores: Out-of-fold scores, shape (n,).
        truth: Whether a person gave the label, shape (n,).

    Source: Platt, "Probabilistic Outputs for Support Vector Machines", 1999.
    """
    model = load_package("sklearn.linear_model").LogisticRegression(C=100.0)
    model.fit(scores[:, None], truth)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def sigmoid(scores: Numbers) -> Numbers:
    """The logistic function, without overflow."""
    shares: Numbers = 0.5 * (1 + np.tanh(0.5 * scores))
    return shares


def fit_temperature(logits: Numbers, truth: NDArray[np.int64]) -> float:
    """The temperature under which the softmax of the logits is likeliest.

    Args:
        logits: Out-of-fold logits, shape (n, n_classes).
        truth: Index of the right class, shape (n,).

    Source: Guo et al., "On Calibration of Modern Neural Networks", 2017.
    """

    def surprise(log_temperature: float) -> float:
        scaled = logits / np.exp(log_temperature)
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        right = scaled[np.arange(len(truth)), truth] - np.log(np.exp(scaled).sum(axis=1))
        return float(-right.mean())

    found = load_package("scipy.optimize").minimize_scalar(surprise, bounds=(-3, 3), method="bounded")
    return float(np.exp(found.x))


def best_threshold(probabilities: Numbers, truth: Flags) -> float:
    """The probability from which on giving the label has the best F1.

    The bound lies halfway to the next lower probability, so that rounding cannot flip the last record.
    """
    order = np.argsort(-probabilities, kind="stable")
    ranked, hits = probabilities[order], np.cumsum(truth[order])
    scores = 2 * hits / (np.arange(1, len(truth) + 1) + truth.sum())
    last = int(scores.argmax())
    following = ranked[last + 1] if last + 1 < len(ranked) else 0.0
    return float((ranked[last] + following) / 2)


def review_bound(probabilities: Numbers, right: Flags, threshold: float = 0.0, precision: float = PRECISION) -> float:
    """The lowest probability, at least the threshold, from which on decisions are right often enough unseen.

    Args:
        probabilities: Of each decision, shape (n,).
        right: Whether each decision is right, shape (n,).
        threshold: Decisions under this are not taken.
        precision: How often decisions at or above the bound must be right, 0-1.

    Returns:
        The bound; 1.0 where no bound reaches that precision.
    """
    order = np.argsort(-probabilities, kind="stable")
    ranked = probabilities[order]
    reached = np.cumsum(right[order]) / np.arange(1, len(right) + 1)
    enough = np.flatnonzero((reached >= precision) & (ranked >= threshold))
    if not enough.size:
        return SURE
    last = int(enough[-1])
    taken_all = last + 1 == len(ranked) or ranked[last + 1] < threshold
    return threshold if taken_all else float(ranked[last])


def calibration_error(probabilities: Numbers, right: Flags, bins: int = 10) -> float:
    """Expected calibration error: mean distance of probability and frequency over equally wide bins, 0-1.

    Source: Naeini et al., "Obtaining Well Calibrated Probabilities Using Bayesian Binning", 2015.
    """
    if not len(probabilities):
        return 0.0
    bin_of = np.minimum((probabilities * bins).astype(int), bins - 1)
    gaps = [
        abs(float((probabilities[bin_of == i] - right[bin_of == i]).sum())) for i in range(bins) if (bin_of == i).any()
    ]
    return sum(gaps) / len(probabilities)
