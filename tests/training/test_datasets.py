import gzip
import json

import pytest

from cxnlp.errors import DataError
from cxnlp.training.datasets import read_corpus
from cxnlp.training.labels import FIELDS

ROW = {
    "id": "a-1",
    "lang": "fi",
    "text": "Nopea toimitus, mutta väärä tuote.",
    "sentiment": "mixed",
    "effort": [],
    "efficiency": ["efficient", "inefficient"],
    "efficiency_aspect": ["efficient:time", "inefficient:outcome"],
    "emotion": [],
    "topics": ["delivery", "product"],
    "intent": ["praise", "complaint"],
    "inappropriate": False,
}


def write(folder, name, *rows):
    folder.mkdir(exist_ok=True)
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def test_the_committed_corpus_uses_only_labels_of_the_taxonomy(corpus):
    from pathlib import Path

    from cxnlp.taxonomy import load_taxonomy

    taxonomy = load_taxonomy(Path(__file__).parents[2] / "configs" / "taxonomy.toml")
    for kind in FIELDS:
        assert {label for record in corpus for label in record.labels[kind]} <= set(taxonomy.names(kind))
    assert len(corpus) > 5000
    assert {record.language for record in corpus} == {"fi", "en"}


def test_aspects_get_their_polarity(tmp_path):
    plain = ROW | {"id": "a-2", "efficiency": ["inefficient"], "efficiency_aspect": ["time"]}
    write(tmp_path, "labelled_own", ROW, plain)
    both, one = read_corpus(tmp_path)
    assert both.polar_aspects() == {"efficient:time", "inefficient:outcome"}
    assert one.polar_aspects() == {"inefficient:time"}


def test_labels_that_stand_off_find_their_text(tmp_path):
    label = {key: value for key, value in ROW.items() if key not in ("text", "lang")} | {"file": "reviews"}
    write(tmp_path / "labels", "labelled_reviews", label, label | {"id": "missing"})
    write(tmp_path / "texts", "reviews", {"id": "a-1", "text": "Quick but wrong.", "lang": "en", "question": "Why?"})
    (record,) = read_corpus(tmp_path / "labels", tmp_path / "texts")
    assert (record.text, record.language, record.question, record.written) == ("Quick but wrong.", "en", "Why?", False)


def test_without_the_texts_standing_off_labels_are_left_out(tmp_path):
    label = {key: value for key, value in ROW.items() if key != "text"} | {"id": "b-1", "file": "reviews"}
    write(tmp_path, "labelled_all", ROW, label)
    assert [record.id for record in read_corpus(tmp_path)] == ["a-1"]


def test_skipped_lines_are_left_out(tmp_path):
    write(tmp_path, "labelled_own", ROW, ROW | {"id": "a-2", "skip": True})
    assert [record.id for record in read_corpus(tmp_path)] == ["a-1"]


def test_a_rendering_is_asked_what_its_original_was_asked(tmp_path):
    write(tmp_path, "labelled_own", ROW | {"question": "Miksi?"}, ROW | {"id": "a-1-fi"})
    assert [record.question for record in read_corpus(tmp_path)] == ["Miksi?", "Miksi?"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"sentiment": "splendid"}, "lacks or misuses a field"),
        ({"topics": "staff"}, "a list of words is expected"),
    ],
)
def test_a_broken_label_is_named_without_its_text(tmp_path, change, complaint):
    write(tmp_path, "labelled_own", ROW | change)
    with pytest.raises(DataError, match=complaint) as caught:
        read_corpus(tmp_path)
    assert "'a-1' of labelled_own" in str(caught.value)
    assert ROW["text"] not in str(caught.value)


def test_an_id_that_stands_twice_is_refused(tmp_path):
    write(tmp_path, "labelled_own", ROW, ROW)
    with pytest.raises(DataError, match="1 ids stand twice"):
        read_corpus(tmp_path)


def test_a_file_that_is_no_json_is_refused(tmp_path):
    (tmp_path / "labelled_own.jsonl").write_text("not json\n", "utf-8")
    with pytest.raises(DataError, match="is no readable JSON Lines file"):
        read_corpus(tmp_path)


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(DataError, match="No label file"):
        read_corpus(tmp_path)


def test_what_was_written_later_repeats_nothing_written_before(corpus):
    from cxnlp.training.split import fold, near_twins

    written = [record for record in corpus if record.written]
    twins = [
        (written[left].id, written[right].id)
        for left, right in near_twins([record.text for record in written])
        if written[right].origin == "labelled_written_3"
        and not (written[left].pair and written[left].pair == written[right].pair)
        and len(fold(written[right].text).split()) > 3  # survey answers of a word or two are alike by nature
    ]
    assert twins == []


def test_every_span_stands_in_its_text_and_carries_a_label_of_the_record(labels):
    from cxnlp.training.labels import read_rows

    rows = list(read_rows(labels / "labelled_written_3.jsonl.gz"))
    spans = [(row, span) for row in rows for span in row.get("spans", [])]
    assert len(spans) > 2000
    for row, span in spans:
        assert span["quote"] in row["text"]
        assert span["label"] in row[span["kind"]]


def test_labels_of_public_texts_do_not_hold_the_texts(labels):
    from cxnlp.training.labels import find_label_files, read_rows

    for path in find_label_files(labels):
        if not path.name.startswith("labelled_written"):
            assert not [row["id"] for row in read_rows(path) if "text" in row]


def test_the_readme_counts_the_records_that_are_there(labels):
    import re

    from cxnlp.training.labels import find_label_files, read_rows

    readme = (labels / "README.md").read_text("utf-8")
    for path in find_label_files(labels):
        counted = re.search(rf"^\| {re.escape(path.name)} \| ([\d,]+) \|", readme, re.M)
        assert counted, path.name
        assert int(counted[1].replace(",", "")) == sum(1 for _ in read_rows(path))
