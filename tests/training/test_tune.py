import gzip
import json

import numpy as np
import pytest

from cxnlp.classification import open_tagger
from cxnlp.classification.heads import load_heads
from cxnlp.classification.store import TOKENIZER, find_model
from cxnlp.errors import ConfigurationError
from cxnlp.records import Tag
from cxnlp.training import Recipe, promote, train_encoder, train_heads
from cxnlp.training.train import prepare_text

SIZE = 260
RECIPE = Recipe(epochs=2, batch=16, lessons=12)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def few_labels(labels, tmp_path_factory):
    folder = tmp_path_factory.mktemp("labels")
    with gzip.open(labels / "labelled_written_3.jsonl.gz", "rt", encoding="utf-8") as file:
        lines = [line for _, line in zip(range(SIZE), file, strict=False)]
    (folder / "labelled_written_3.jsonl").write_text("".join(lines), "utf-8")
    return folder


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    folder = tmp_path_factory.mktemp("public")
    rows = ({"id": str(i), "text": f"Why is my card number {i} late?", "label": "late"} for i in range(40))
    with gzip.open(folder / "banking77.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps({**row, "split": "train"}) + "\n" for row in rows)
    return folder


@pytest.fixture(scope="module")
def tuned(few_labels, public, models, tmp_path_factory):
    """A model of a run broken off in its second round, in the midst of a checkpoint, and started again."""
    folder = tmp_path_factory.mktemp("tuning")
    vocabulary = find_model(models).folder / TOKENIZER
    steps: list[int] = []

    def interrupt(step, done, total):
        if step == "tune":
            steps.append(total)
            if len(steps) == total // 2 + 1:
                raise KeyboardInterrupt

    def run(report):
        return train_encoder(
            few_labels, public, vocabulary, folder / "cx-few" / "1", folder / "scratch", recipe=RECIPE, report=report
        )

    with pytest.raises(KeyboardInterrupt):
        run(interrupt)
    (folder / "scratch" / "checkpoint-99999").mkdir()
    resumed: list[int] = []
    report = run(lambda step, done, total: resumed.append(done) if step == "tune" else None)
    return folder, report, steps, resumed


def test_a_run_broken_off_goes_on_from_its_last_round(tuned):
    folder, _, steps, resumed = tuned
    assert resumed[0] == sum(resumed[1:]) == steps[0] // 2
    assert not (folder / "scratch").exists()


def test_the_tuned_model_is_stored_whole_and_tags(tuned):
    folder, report, _, _ = tuned
    promote(folder, "cx-few", "1")
    tagger = open_tagger(folder)
    (tagging,) = tagger.tag([prepare_text("1", "Todella hyvä palvelu, kiitos!", "fi")])
    assert tagging.sentiment == "positive"
    assert all(isinstance(tag, Tag) for tag in tagging.tags)
    assert report.scores["all"].sentiment_accuracy > 0.5


def test_words_are_found_by_what_was_learnt_of_them(tuned, few_labels):
    folder, report, _, _ = tuned
    heads = load_heads(report.folder)
    assert not np.allclose(heads.evidence, heads.weights)
    again = train_heads(few_labels, None, report.folder, folder / "cx-few" / "2")
    assert np.array_equal(load_heads(again.folder).evidence, heads.evidence)
    assert "fine-tuned" in (again.folder / "README.md").read_text("utf-8")


def test_a_folder_that_holds_something_else_is_left_alone(tuned, few_labels, models, tmp_path):
    (tmp_path / "scratch").mkdir()
    (tmp_path / "scratch" / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(ConfigurationError, match="Choose an empty folder"):
        train_encoder(
            few_labels, None, find_model(models).folder / TOKENIZER, tmp_path / "m" / "1", tmp_path / "scratch"
        )
    assert (tmp_path / "scratch" / "mine.txt").exists()


def test_a_stored_version_is_never_overwritten(tuned, few_labels, models, tmp_path):
    _, report, _, _ = tuned
    with pytest.raises(ConfigurationError, match="a stored version never changes"):
        train_encoder(few_labels, None, find_model(models).folder / TOKENIZER, report.folder, tmp_path)
