import gzip
import json

import pytest

from cxnlp.errors import DataError
from cxnlp.training.labels import find_label_files, read_rows
from cxnlp.training.sides import TEST_IDS, read_sides, read_test

DEVELOPMENT = "Kävimme lounaalla torstaina ja keitto oli haaleaa, mutta tarjoilija pahoitteli ja toi uuden."


@pytest.fixture
def folder(labels, tmp_path):
    """Three hundred labelled records, twenty of them held out, one like a record that is only scored on."""
    rows = [row for _, row in zip(range(300), read_rows(find_label_files(labels)[-1]), strict=False)]
    rows[100]["text"] = DEVELOPMENT.replace("torstaina", "perjantaina")
    (tmp_path / "labels" / "development").mkdir(parents=True)
    write(tmp_path / "labels" / "labelled_written.jsonl", rows)
    (tmp_path / "labels" / TEST_IDS).write_text("\n".join(row["id"] for row in rows[:20]), "utf-8")
    scored = {name: value for name, value in rows[0].items() if name not in ("id", "text", "lang", "spans")}
    write(tmp_path / "labels" / "development" / "real.jsonl", [{**scored, "id": "r-1", "file": "reviews"}])
    (tmp_path / "texts").mkdir()
    with gzip.open(tmp_path / "texts" / "reviews.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps({"id": "r-1", "text": DEVELOPMENT, "lang": "fi"}) + "\n")
    return tmp_path


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_records_to_score_on_only_are_scored_on_and_nothing_like_them_is_learnt(folder):
    sides = read_sides(folder / "labels", folder / "texts")
    assert "r-1" in {record.id for record in sides.test}
    assert "perjantaina" in " ".join(record.text for record in sides.held_back)
    learnt = " ".join(record.text for record in (*sides.train, *sides.validation))
    assert "keitto oli haaleaa" not in learnt


def test_without_their_texts_they_are_left_out(folder):
    assert "r-1" not in {record.id for record in read_sides(folder / "labels").test}


def test_the_test_side_can_be_read_alone(folder):
    alone = read_test(folder / "labels", folder / "texts")
    assert {record.id for record in alone} == {
        record.id for record in read_sides(folder / "labels", folder / "texts").test
    }


def test_held_out_ids_that_are_nowhere_are_told(folder):
    (folder / "labels" / TEST_IDS).write_text("w0-0000\n", "utf-8")
    with pytest.raises(DataError, match="None of the 1 held-out ids"):
        read_test(folder / "labels")


def test_records_to_score_on_only_need_a_list_of_held_out_ids(folder):
    (folder / "labels" / TEST_IDS).unlink()
    with pytest.raises(DataError, match="List the held-out ids there"):
        read_sides(folder / "labels", folder / "texts")
