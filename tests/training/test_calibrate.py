import numpy as np
import pytest

from cxnlp.training.calibrate import (
    best_threshold,
    calibration_error,
    choose_thresholds,
    fit_platt,
    fit_temperature,
    review_bound,
    sigmoid,
)


@pytest.fixture
def random():
    return np.random.default_rng(0)


def test_platt_finds_the_line_that_made_the_labels(random):
    scores = random.normal(size=20_000) * 2
    truth = random.random(20_000) < sigmoid(1.7 * scores - 0.8)
    slope, intercept = fit_platt(scores, truth)
    assert slope == pytest.approx(1.7, abs=0.1)
    assert intercept == pytest.approx(-0.8, abs=0.1)
    assert calibration_error(sigmoid(slope * scores + intercept), truth) < 0.015


def test_temperature_cools_overconfident_logits(random):
    logits = random.normal(size=(20_000, 4))
    odds = np.exp(logits)
    truth = (odds.cumsum(1) / odds.sum(1, keepdims=True) < random.random((20_000, 1))).sum(1)
    assert fit_temperature(logits * 3, truth) == pytest.approx(3, abs=0.15)


def test_the_best_threshold_has_the_best_f1():
    probabilities = np.array([0.9, 0.8, 0.6, 0.4, 0.2])
    truth = np.array([True, True, False, True, False])
    assert best_threshold(probabilities, truth) == pytest.approx(0.3)


def test_decisions_above_the_review_bound_are_right_often_enough():
    probabilities = np.array([0.95, 0.9, 0.85, 0.7, 0.6, 0.5])
    right = np.array([True, True, True, True, False, False])
    assert review_bound(probabilities, right, 0.5) == pytest.approx(0.6)
    assert review_bound(probabilities, ~right, 0.5) == 1.0
    assert review_bound(probabilities[:4], right[:4], 0.5) == 0.5


def test_a_frequency_equal_to_the_probability_is_no_error():
    assert calibration_error(np.array([0.75] * 4), np.array([True, True, True, False])) == pytest.approx(0)
    assert calibration_error(np.array([0.75] * 4), np.array([False] * 4)) == pytest.approx(0.75)
    assert calibration_error(np.array([]), np.array([], bool)) == 0


def test_a_label_without_examples_keeps_its_scores(random):
    assert fit_platt(random.normal(size=9), np.zeros(9, bool)) == (1, 0)


def test_thresholds_lie_between_the_labels_own_and_the_kinds():
    probabilities = np.array([[0.9, 0.3], [0.8, 0.25], [0.7, 0.1], [0.2, 0.05]])
    truth = np.array([[True, True], [True, False], [True, False], [False, False]])
    own = [best_threshold(probabilities[:, i], truth[:, i]) for i in range(2)]
    together = best_threshold(probabilities.ravel(), truth.ravel())
    assert choose_thresholds(probabilities, truth) == pytest.approx([(one + together) / 2 for one in own])
    assert choose_thresholds(probabilities, truth * [1, 0])[1] == best_threshold(
        probabilities.ravel(), (truth * [1, 0]).ravel().astype(bool)
    )


def test_scores_that_run_the_wrong_way_are_taken_as_they_are():
    scores = np.array([-2.0, -1.0, 1.0, 2.0])
    assert fit_platt(scores, scores < 0) == (1, 0)


def test_one_example_does_not_make_a_label_sure():
    scores = np.append(np.zeros(20), 5.0)
    slope, shift = fit_platt(scores, scores > 0)
    assert 0.5 < sigmoid(np.array([5 * slope + shift]))[0] < 0.8


def test_equal_probabilities_are_decided_alike():
    probabilities = np.array([0.9, 0.5, 0.5, 0.5, 0.1])
    truth = np.array([True, True, False, False, False])
    threshold = best_threshold(probabilities, truth)
    given = probabilities >= threshold
    assert given.tolist() == [True, False, False, False, False]
