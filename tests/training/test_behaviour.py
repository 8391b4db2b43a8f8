import json

import pytest

from cxnlp.classification import open_tagger
from cxnlp.errors import DataError
from cxnlp.taxonomy import SENTIMENTS
from cxnlp.training.behaviour import read_cases, run_cases
from cxnlp.training.labels import FIELDS, find_label_files, read_rows
from cxnlp.training.split import fold


@pytest.fixture(scope="module")
def cases(labels):
    return read_cases(labels.parent / "behaviour.jsonl")


@pytest.fixture(scope="module")
def tagger(models):
    return open_tagger(models)


@pytest.fixture
def write(tmp_path):
    def make(*rows):
        path = tmp_path / "cases.jsonl"
        lines = ({"id": str(i), "capability": "any", "lang": "en", **row} for i, row in enumerate(rows))
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        return read_cases(path)

    return make


def test_every_case_speaks_the_guidelines_words(cases):
    fields = {"sentiment", *FIELDS.values()}
    assert len({case.id for case in cases}) == len(cases) > 300
    for case in cases:
        assert {*case.expected, *case.absent, *case.fields} <= fields, case.id
        assert case.expected.get("sentiment", set()) <= set(SENTIMENTS), case.id
        assert (case.other is None) == (case.kind == "expect"), case.id
        assert set(case.languages) <= {"fi", "en"}, case.id


def test_no_case_is_a_labelled_text(cases, labels):
    known = {fold(row["text"]) for path in find_label_files(labels) for row in read_rows(path) if "text" in row}
    assert not {fold(text) for case in cases for text in (case.text, case.other) if text} & known


def test_what_is_expected_must_be_there_and_what_is_absent_must_not(tagger, write):
    text = "Terrible. Nothing worked and nobody cared."
    passed = run_cases(
        tagger,
        write(
            {"type": "expect", "text": text, "expect": {"sentiment": "negative"}},
            {"type": "expect", "text": text, "expect": {"sentiment": "positive"}},
            {"type": "expect", "text": text, "expect": {}, "absent": {"sentiment": ["negative"]}},
        ),
    )
    assert passed == {"0": True, "1": False, "2": False}


def test_the_other_text_is_compared(tagger, write):
    good, bad = "Wonderful service, thank you!", "Terrible service, never again!"
    passed = run_cases(
        tagger,
        write(
            {"type": "same", "text": good, "other": good, "fields": ["sentiment", "topics"]},
            {"type": "same", "text": good, "other": bad, "fields": ["sentiment"]},
            {"type": "more positive", "text": bad, "other": good},
            {"type": "more positive", "text": good, "other": bad},
        ),
    )
    assert passed == {"0": True, "1": False, "2": True, "3": False}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"type": "same"}, "'text'"),
        ({"type": "alike", "text": "Ok"}, "alike"),
        ({"type": "expect", "text": "Ok", "expect": {"mood": "good"}}, "mood"),
        ({"type": "expect", "text": "Ok"}, "nothing to compare"),
        ({"type": "same", "text": "Ok", "other": "Okay"}, "nothing to compare"),
        ({"type": "more positive", "text": "Ok"}, "nothing to compare"),
    ],
)
def test_a_case_that_tests_nothing_is_refused(write, row, told):
    with pytest.raises(DataError, match=told):
        write(row)


def test_an_id_that_stands_twice_is_refused(write):
    case = {"id": "1", "type": "expect", "text": "Ok", "expect": {"sentiment": "neutral"}}
    with pytest.raises(DataError, match="stands twice"):
        write(case, case)


def test_the_live_model_passes_most(tagger, cases):
    passed = run_cases(tagger, cases)
    assert sum(passed.values()) / len(passed) > 0.6
