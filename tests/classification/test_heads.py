from dataclasses import replace

import numpy as np
import pytest

from cxnlp.classification.heads import LABELS, Head, Heads, SentimentHead, load_heads, save_heads
from cxnlp.errors import ModelNotFound


@pytest.fixture
def heads():
    random = np.random.default_rng(0)
    return Heads(
        heads=(Head("effort", "easy", None, 0.4, 0.7), Head("efficiency", "efficient", "time", 0.3, 1.0)),
        weights=random.normal(size=(2, 5)).astype(np.float32),
        bias=np.array([0.5, -0.5], np.float32),
        scale=np.array([1.5, 2.0], np.float32),
        shift=np.array([0.1, -0.1], np.float32),
        evidence=np.array([[1, 0, 0, 0, 0], [0, 1, 0, 0, 0]], np.float32),
        sentiment=SentimentHead(random.normal(size=(4, 5)).astype(np.float32), np.zeros(4, np.float32), 1.3, 0.6),
    )


def test_what_is_saved_is_what_is_loaded(heads, tmp_path):
    save_heads(heads, tmp_path)
    loaded = load_heads(tmp_path)
    vectors = np.random.default_rng(1).normal(size=(7, 5)).astype(np.float32)
    assert loaded.heads == heads.heads
    assert np.array_equal(loaded.probabilities(vectors), heads.probabilities(vectors))
    assert np.array_equal(loaded.sentiment.probabilities(vectors), heads.sentiment.probabilities(vectors))
    assert loaded.sentiment.review_below == heads.sentiment.review_below


def test_probabilities_are_the_logistic_of_the_calibrated_score(heads):
    vector = np.ones((1, 5), np.float32)
    scores = heads.weights.sum(axis=1) + heads.bias
    expected = 1 / (1 + np.exp(-(scores * heads.scale + heads.shift)))
    assert np.allclose(heads.probabilities(vector)[0], expected, atol=1e-6)


def test_sentiments_share_one(heads):
    shares = heads.sentiment.probabilities(np.full((3, 5), 1e4, np.float32))
    assert np.allclose(shares.sum(axis=1), 1)


def test_heads_of_another_format_are_refused(heads, tmp_path):
    save_heads(heads, tmp_path)
    path = tmp_path / LABELS
    path.write_text(path.read_text("utf-8").replace('"format": 2', '"format": 3'), "utf-8")
    with pytest.raises(ModelNotFound, match="format 3 is not 2"):
        load_heads(tmp_path)


def test_labels_and_weights_have_to_match(heads, tmp_path):
    save_heads(heads, tmp_path)
    described = (tmp_path / LABELS).read_text("utf-8")
    save_heads(
        replace(
            heads,
            heads=heads.heads[:1],
            **{name: getattr(heads, name)[:1] for name in ("weights", "bias", "scale", "shift", "evidence")},
        ),
        tmp_path,
    )
    (tmp_path / LABELS).write_text(described, "utf-8")
    with pytest.raises(ModelNotFound, match="2 labels are described but 1 have weights"):
        load_heads(tmp_path)


def test_the_evidence_of_a_label_is_the_segment_that_carries_it_most(heads):
    segments = np.array([[0, 5, 0, 0, 0], [3, 1, 9, 9, 9]], np.float32)
    assert heads.strongest(segments).tolist() == [1, 0]
