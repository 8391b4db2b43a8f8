from dataclasses import replace

import numpy as np
import pytest

from cxnlp.classification.store import TOKENIZER, find_model
from cxnlp.records import Prepared
from cxnlp.taxonomy import SENTIMENTS
from cxnlp.training.examples import MASKED, ExampleMaker, collate, marked_kinds
from cxnlp.training.fit import collect_targets
from cxnlp.training.labels import Span
from cxnlp.training.tasks import Lesson, count_columns

TEXT = "Tilaaminen oli helppoa mutta palautus yhtä tuskaa."
COLUMNS = (("bank", "card_arrival"), ("bank", "top_up"), ("polarity", "positive"))


@pytest.fixture(scope="module")
def targets(corpus):
    return collect_targets(corpus)


@pytest.fixture(scope="module")
def maker(models, targets):
    return ExampleMaker(find_model(models).folder / TOKENIZER, targets, COLUMNS)


@pytest.fixture
def record(corpus):
    labels = {kind: frozenset() for kind in corpus[0].labels} | {
        "effort": frozenset({"easy", "hard"}),
        "efficiency": frozenset({"efficient", "inefficient"}),
    }
    easy, hard = (
        Span("effort", label, None, *_place(quote)) for label, quote in (("easy", "helppoa"), ("hard", "tuskaa"))
    )
    return replace(
        corpus[0],
        text=TEXT,
        question=None,
        sentiment="mixed",
        labels=labels,
        aspects=frozenset({"efficient:time", "inefficient:outcome"}),
        spans=(easy, hard),
        origin="marked",
    )


def _place(quote):
    return TEXT.index(quote), TEXT.index(quote) + len(quote)


def column_of(targets, kind, label, aspect=None):
    names = [(target.kind, target.label, target.aspect) for target in targets]
    return len(SENTIMENTS) + names.index((kind, label, aspect))


def test_a_record_is_asked_for_our_labels_and_for_no_task(maker, targets, record):
    (example,) = maker.label([record], {})
    wanted = {
        SENTIMENTS.index("mixed"),
        column_of(targets, "effort", "easy"),
        column_of(targets, "effort", "hard"),
        column_of(targets, "efficiency", "efficient"),
        column_of(targets, "efficiency", "inefficient"),
        column_of(targets, "efficiency", "efficient", "time"),
        column_of(targets, "efficiency", "inefficient", "outcome"),
    }
    assert set(np.flatnonzero(example.own == 1)) == wanted
    assert (example.own >= 0).all()
    assert (example.tasks == MASKED).all()
    assert example.evidence is None


def test_marked_words_are_marked_on_their_tokens_only(maker, targets, record):
    (example,) = maker.label([record], {"marked": frozenset({"effort"})})
    easy = example.evidence[:, column_of(targets, "effort", "easy")]
    hard = example.evidence[:, column_of(targets, "effort", "hard")]
    body = slice(example.body, len(example.ids) - 1)
    assert easy[body].sum() >= 1
    assert hard[body].sum() >= 1
    assert np.flatnonzero(easy == 1).max() < np.flatnonzero(hard == 1).min()
    assert (easy[: example.body] == MASKED).all()
    assert easy[-1] == MASKED
    assert (example.evidence[:, column_of(targets, "topic", "staff")] == MASKED).all()


def test_a_lesson_is_asked_for_its_own_task_only(maker):
    (example,) = maker.teach([Lesson("bank", "Where is my card?", None, frozenset({"card_arrival", "rare"}))])
    assert example.tasks.tolist() == [1, 0, MASKED]
    assert (example.own == MASKED).all()


def test_the_frame_is_the_one_of_tagging(maker, models, record):
    from cxnlp.classification.encoder import Encoder
    from cxnlp.classification.store import MODEL

    folder = find_model(models).folder
    asked = replace(record, question="Miten meni?")
    encoder = Encoder(folder / MODEL, folder / TOKENIZER)
    (window,) = encoder._windows([Prepared("id", "", TEXT, asked.question, "fi", 1.0, ())])
    (example,) = maker.label([asked], {})
    assert example.ids.tolist() == window.ids.tolist()
    assert example.body == window.body


def test_a_batch_is_padded_and_masked(maker, record):
    short = replace(record, text="Ok")
    batch = collate(maker.label([record, short], {}), maker.padding)
    assert batch["input_ids"].shape == batch["attention_mask"].shape == batch["body"].shape
    assert batch["attention_mask"][1].sum() < batch["attention_mask"][0].sum()
    assert (batch["input_ids"][batch["attention_mask"] == 0] == maker.padding).all()
    assert (batch["body"] <= batch["attention_mask"]).all()
    assert (batch["evidence"] == MASKED).all()


def test_a_text_without_tokens_is_read_by_its_frame(maker, record):
    batch = collate(maker.label([replace(record, text="")], {}), maker.padding)
    assert batch["body"].sum() == batch["attention_mask"].sum()


def test_kinds_are_marked_in_a_file_where_any_record_has_such_a_span(record):
    unmarked = replace(record, spans=(), origin="plain")
    assert marked_kinds([record, replace(record, spans=()), unmarked]) == {"marked": frozenset({"effort"})}


def test_rare_labels_of_a_task_have_no_column():
    lessons = [Lesson("bank", str(i), None, frozenset({"often", "once"} if i == 0 else {"often"})) for i in range(30)]
    assert count_columns(lessons) == (("bank", "often"),)
