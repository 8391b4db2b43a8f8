"""Scoring a model as somebody does who labels feedback."""

import gzip
import json

import pytest

from tests.conftest import ROOT

SIZE = 200


@pytest.fixture
def labelled(project):
    with gzip.open(ROOT / "data" / "labels" / "labelled_written.jsonl.gz", "rt", encoding="utf-8") as file:
        lines = [line for _, line in zip(range(SIZE), file, strict=False)]
    (project / "labels").mkdir()
    (project / "labels" / "labelled_written.jsonl").write_text("".join(lines), "utf-8")
    ids = [json.loads(line)["id"] for line in lines[:50]]
    (project / "labels" / "test_ids.txt").write_text("\n".join(ids) + "\n", "utf-8")
    return project


def test_a_model_is_scored_on_the_records_that_are_held_out(cxnlp, labelled):
    scores = json.loads(cxnlp("evaluate", "--labels", "labels", "--json").stdout)
    assert scores["all"]["records"] == 50
    assert 0.5 < scores["all"]["sentiment_accuracy"] <= 1
    low, high = scores["all"]["intervals"]["topic"]
    assert 0 <= low < scores["all"]["kinds"]["topic"]["micro_f1"] < high <= 1
    assert {"all", "written"} <= scores.keys()


def test_scores_are_shown_with_their_intervals(cxnlp, labelled):
    shown = cxnlp("evaluate", "--labels", "labels").stdout
    assert "cx-fien/" in shown
    assert "written fi" in shown
    assert "95 % intervals" in " ".join(shown.split())


def test_a_folder_without_labels_says_where_to_point(cxnlp, project):
    error = cxnlp("evaluate", "--labels", "nowhere", status=1).stderr
    assert "No label file" in error
