import gzip
import json

import pytest

from cxnlp.training.split import fold
from cxnlp.training.tasks import is_scored_on, read_lessons
from cxnlp.training.tune import draw_evenly


@pytest.fixture
def public(tmp_path):
    def write(name, *rows):
        with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps({"id": str(i), **row}) + "\n" for i, row in enumerate(rows))
        return tmp_path

    return write


def test_only_the_training_part_teaches(public):
    folder = public(
        "banking77",
        {"text": "Where is my card?", "label": "card_arrival", "split": "train"},
        {"text": "Can I top up by cheque?", "label": "top_up", "split": "test"},
    )
    assert [(one.task, one.text, one.labels) for one in read_lessons(folder, frozenset())] == [
        ("bank", "Where is my card?", frozenset({"card_arrival"}))
    ]


def test_held_out_texts_teach_nothing(public):
    folder = public("scandisent_mt_fi", {"text": "Great shop!", "label": "positive", "split": "train"})
    assert len(read_lessons(folder, frozenset())) == 1
    assert read_lessons(folder, frozenset({fold("great SHOP")})) == ()


def test_texts_both_neutral_and_not_are_left_out(public):
    folder = public(
        "goemotions",
        {"text": "Oh my.", "labels": ["neutral"]},
        {"text": "oh my", "labels": ["surprise"]},
        {"text": "I love it", "labels": ["love"]},
        {"text": "It is Monday", "labels": ["neutral"]},
    )
    assert {one.text: set(one.labels) for one in read_lessons(folder, frozenset())} == {
        "I love it": {"love"},
        "It is Monday": set(),
    }


def test_a_tenth_of_the_subtitle_lines_is_for_scores(public):
    lines = [{"text": f"Line number {i}", "labels": ["joy"]} for i in range(1000)]
    taught = {one.text for one in read_lessons(public("xed_en", *lines), frozenset())}
    scored = {line["text"] for line in lines if is_scored_on("xed_en", line)}
    assert taught | scored == {line["text"] for line in lines}
    assert not taught & scored
    assert 70 < len(scored) < 130


def test_a_text_that_is_scored_on_anywhere_teaches_nothing(public):
    folder = public(
        "scandisent_mt_fi",
        {"text": "Great shop!", "label": "positive", "split": "train"},
        {"text": "great shop", "label": "positive", "split": "test"},
    )
    assert read_lessons(folder, frozenset()) == ()


def test_tasks_are_drawn_evenly(public):
    public("mams", *({"text": f"The soup {i}", "aspects": [], "split": "train"} for i in range(5)))
    folder = public("banking77", *({"text": f"Card {i}", "label": "x", "split": "train"} for i in range(50)))
    drawn = draw_evenly(read_lessons(folder, frozenset()), 20, seed=0)
    assert sum(one.task == "restaurant" for one in drawn) == 5
    assert len(drawn) == len({one.text for one in drawn}) == 20
    assert drawn == draw_evenly(read_lessons(folder, frozenset()), 20, seed=0)
