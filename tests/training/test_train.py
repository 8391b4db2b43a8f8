import gzip
import json
import tomllib

import pytest

from cxnlp.classification import open_tagger, verify
from cxnlp.classification.store import find_model, promote
from cxnlp.errors import ConfigurationError
from cxnlp.training import train_heads
from cxnlp.training.datasets import read_corpus
from cxnlp.training.train import prepare_record

SIZE = 400

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def few_labels(labels, tmp_path_factory):
    folder = tmp_path_factory.mktemp("labels")
    with gzip.open(labels / "labelled_written.jsonl.gz", "rt", encoding="utf-8") as file:
        lines = [line for _, line in zip(range(SIZE), file, strict=False)]
    (folder / "labelled_written.jsonl").write_text("".join(lines), "utf-8")
    return folder


@pytest.fixture(scope="module")
def trained(few_labels, models, tmp_path_factory):
    store = tmp_path_factory.mktemp("models")
    told = []
    report = train_heads(
        few_labels, None, find_model(models).folder, store / "cx-few" / "1", report=lambda *step: told.append(step)
    )
    return store, report, told


def test_labels_alone_make_a_model_that_tags(trained, few_labels):
    store, report, told = trained
    promote(store, "cx-few", "1")
    tagger = open_tagger(store)
    assert tagger.model_version == "cx-few/1"
    records = read_corpus(few_labels)
    taggings = tagger.tag([prepare_record(record) for record in records])
    right = sum(a.sentiment == b.sentiment for a, b in zip(records, taggings, strict=True))
    assert right / len(records) > 0.7
    assert any(tag.kind == "topic" for tagging in taggings for tag in tagging.tags)
    assert report.trained + report.validated + report.held_out == SIZE
    assert report.validated > 0
    assert ("fit", 1, 7) in told
    assert sum(done for step, done, _ in told if step == "encode") == report.trained + report.validated


def test_a_model_says_how_it_was_made_and_how_good_it_is(trained):
    _, report, _ = trained
    metrics = json.loads((report.folder / "metrics.json").read_text("utf-8"))
    training = tomllib.loads((report.folder / "training.toml").read_text("utf-8"))
    card = (report.folder / "README.md").read_text("utf-8")
    assert metrics["scores"]["all"]["records"] == report.held_out
    assert metrics["scores"]["all"]["sentiment_accuracy"] > 0.5
    assert sum(one["train"] for one in training["data"]) == report.trained
    assert "written for this project, MIT" in card
    assert "made by a machine" in card
    assert "Encoder: fine-tuned" in card
    assert (report.folder / "reliability.svg").read_text("utf-8").startswith("<?xml")
    assert "reliability.svg" in card
    low, high = metrics["scores"]["all"]["intervals"]["sentiment"]
    assert low < metrics["scores"]["all"]["sentiment_accuracy"] < high
    verify(report.folder)


def test_the_same_labels_make_the_same_heads(trained, few_labels, models, tmp_path):
    _, report, _ = trained
    again = train_heads(few_labels, None, find_model(models).folder, tmp_path / "cx-few" / "1")
    assert (again.folder / "labels.json").read_bytes() == (report.folder / "labels.json").read_bytes()
    assert again.scores == report.scores


def test_a_stored_version_is_never_overwritten(trained, few_labels, models):
    _, report, _ = trained
    with pytest.raises(ConfigurationError, match="a stored version never changes"):
        train_heads(few_labels, None, find_model(models).folder, report.folder)


def test_a_folder_without_an_encoder_is_refused(few_labels, tmp_path):
    with pytest.raises(ConfigurationError, match=r"has no model\.onnx and no tokenizer\.json"):
        train_heads(few_labels, None, tmp_path, tmp_path / "new" / "1")
    assert not (tmp_path / "new").exists()
