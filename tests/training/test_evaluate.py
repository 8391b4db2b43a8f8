from dataclasses import replace

import pytest

from cxnlp.records import Tag, Tagging
from cxnlp.training.evaluate import bootstrap_interval, score_by_part, score_labels, score_taggings
from cxnlp.training.labels import Span


def tagging(record, sentiment="positive", *tags):
    return Tagging(record.id, "", "m/1", sentiment, 0.5, 0.9, False, False, tags)


def sets(*words):
    return [frozenset(word.split()) for word in words]


def test_f1_is_counted_over_all_labels_and_by_label():
    scores = score_labels(sets("a b", "a", ""), sets("a", "b", ""))
    assert (scores.precision, scores.recall) == (pytest.approx(1 / 2), pytest.approx(1 / 3))
    assert scores.micro_f1 == pytest.approx(0.4)
    assert scores.labels["a"].f1 == pytest.approx(2 / 3)
    assert scores.labels["b"].support == 1
    assert scores.macro_f1 == 0


def test_macro_f1_leaves_rare_labels_out():
    assert score_labels(sets(*["a"] * 5, "b"), sets(*["a"] * 5, "")).macro_f1 == 1


def test_other_is_not_scored_and_aspects_are_scored_without_polarity(corpus):
    record = replace(
        corpus[0],
        sentiment="positive",
        labels={kind: frozenset() for kind in corpus[0].labels}
        | {"efficiency": frozenset({"efficient"}), "intent": frozenset({"other"})},
        aspects=frozenset({"efficient:time"}),
    )
    tags = (Tag("efficiency", "efficient", "time", 0.9, 0, 1), Tag("intent", "other", None, 0.6, 0, 1))
    scores = score_taggings([record], [tagging(record, "positive", *tags)])
    assert scores.sentiment_accuracy == scores.sentiment_macro_f1 == scores.polarity_accuracy == 1
    assert scores.kinds["efficiency_aspect"].micro_f1 == 1
    assert scores.kinds["intent"].labels == {}


def test_parts_are_scored_apart(corpus):
    records = [replace(corpus[0], language=language, sentiment="positive") for language in ("fi", "fi", "en")]
    given = [tagging(record, said) for record, said in zip(records, ("positive", "negative", "positive"), strict=True)]
    scores = score_by_part(records, given)
    assert set(scores) == {"all", "fi", "en", "written", "written fi", "written en"}
    assert scores["fi"].sentiment_accuracy == 0.5
    assert scores["en"].sentiment_accuracy == 1


def test_each_source_of_real_texts_is_scored_apart(corpus):
    written = replace(corpus[0], language="fi")
    real = replace(written, written=False, source="nhs_fft", language="en")
    scores = score_by_part([written, real], [tagging(written), tagging(real)])
    assert set(scores) == {"all", "fi", "en", "written", "written fi", "real", "real en", "nhs_fft"}


def test_evidence_counts_where_words_are_marked_and_the_text_is_more_than_the_evidence(corpus):
    text = "Tilaus oli helppo mutta palautus vaikea."
    spans = (Span("effort", "easy", None, 11, 17), Span("effort", "hard", None, 33, 39))
    record = replace(corpus[0], text=text, spans=spans)
    easy, hard = Tag("effort", "easy", None, 0.9, 0, 17), Tag("effort", "hard", None, 0.9, 0, 17)
    scores = score_taggings([record], [tagging(record, "mixed", easy, hard, Tag("topic", "staff", None, 0.5, 0, 5))])
    assert (scores.evidence, scores.evidence_tags) == (0.5, 2)
    whole = replace(record, text=text[:17], spans=spans[:1])
    assert score_taggings([whole], [tagging(whole, "mixed", easy)]).evidence_tags == 0


def test_intervals_hold_the_score_and_shrink_with_more_records():
    few, many = (bootstrap_interval([1, 0] * n, [1, 1] * n) for n in (20, 2000))
    assert few[0] < many[0] < 0.5 < many[1] < few[1]
    assert many[1] - many[0] == pytest.approx(2 * 1.96 * (0.25 / 4000) ** 0.5, rel=0.15)
    assert bootstrap_interval([1, 1], [1, 1]) == (1, 1)
