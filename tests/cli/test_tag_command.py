import csv
import json

import pyarrow.parquet as pq
import pytest

ROWS = [
    {"id": "a1", "lang": "fi", "text": "Tilaaminen oli helppoa mutta palautus yhtä tuskaa"},
    {"id": "a2", "lang": "en", "text": "Nothing", "question": "How could we improve?"},
    {"id": "a3", "text": "Soittakaa numeroon 040 123 4567, odotin kolme viikkoa!"},
]
FIELDS = {
    "feedback_id",
    "language",
    "sentiment",
    "sentiment_score",
    "confidence",
    "inappropriate",
    "needs_review",
    "model_version",
    "tags",
}


@pytest.fixture
def feedback(project):
    (project / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    return "in.jsonl"


def read(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_tag_writes_one_object_a_line_in_the_fixed_schema(cxnlp, project, feedback):
    cxnlp("tag", feedback, "--output", "out.jsonl")
    rows = read(project / "out.jsonl")
    assert [row["feedback_id"] for row in rows] == ["a1", "a2", "a3"]
    assert [row["language"] for row in rows] == ["fi", "en", "fi"]
    for row in rows:
        assert set(row) == FIELDS
        assert row["sentiment"] in ("positive", "negative", "neutral", "mixed")
        assert -1 <= row["sentiment_score"] <= 1
        for tag in row["tags"]:
            assert set(tag) == {"kind", "label", "aspect", "probability", "start", "end", "text"}
            assert (tag["aspect"] is not None) == (tag["kind"] == "efficiency")
            assert len(tag["text"]) == tag["end"] - tag["start"] > 0
    assert not (project / "data").joinpath("warehouse.duckdb").exists()


def test_offsets_count_in_the_masked_text(cxnlp, project, feedback):
    cxnlp("tag", feedback, "--output", "out.jsonl")
    masked = "Soittakaa numeroon [PHONE], odotin kolme viikkoa!"
    tags = read(project / "out.jsonl")[2]["tags"]
    assert tags
    assert all(masked[tag["start"] : tag["end"]] == tag["text"] for tag in tags)


def test_csv_and_parquet_say_the_same_as_json_lines(cxnlp, project, feedback):
    for name in ("out.jsonl", "out.csv", "out.parquet"):
        cxnlp("tag", feedback, "--output", name)
    expected = read(project / "out.jsonl")
    assert pq.read_table(project / "out.parquet").to_pylist() == expected
    with (project / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [json.loads(row["tags"]) for row in rows] == [row["tags"] for row in expected]
    assert [row["feedback_id"] for row in rows] == ["a1", "a2", "a3"]


def test_standard_input_to_standard_output(cxnlp):
    lines = "".join(json.dumps(row) + "\n" for row in ROWS)
    rows = [json.loads(line) for line in cxnlp("tag", "-", stdin=lines).stdout.splitlines()]
    assert [row["feedback_id"] for row in rows] == ["a1", "a2", "a3"]


def test_the_order_and_the_company_of_a_text_do_not_change_its_tags(cxnlp, project, feedback):
    cxnlp("tag", feedback, "--output", "out.jsonl")
    together = {row["feedback_id"]: row for row in read(project / "out.jsonl")}
    for row in ROWS:
        (project / "one.jsonl").write_text(json.dumps(row), "utf-8")
        cxnlp("tag", "one.jsonl", "--output", "one-out.jsonl")
        assert read(project / "one-out.jsonl") == [together[row["id"]]]


def test_rows_left_out_are_named_on_standard_error(cxnlp, project):
    (project / "in.csv").write_text("id,text\n1,Hyvä palvelu\n2,\n3,a,b,c\n", "utf-8")
    result = cxnlp("tag", "in.csv", "--output", "out.jsonl")
    assert [row["feedback_id"] for row in read(project / "out.jsonl")] == ["1"]
    assert "in.csv row 3 left out, empty_text" in result.stderr
    assert "in.csv row 4 left out, wrong_field_count" in result.stderr


def test_ids_come_back_as_they_were_even_odd_or_twice(cxnlp, project):
    ids = ["tp-687fb978e5ac7ce088277282", "0401234567", "same", "same", "x" * 300, "a:b"]
    lines = [json.dumps({"id": one, "text": f"Palvelu toimi {number}. kerralla"}) for number, one in enumerate(ids)]
    (project / "in.jsonl").write_text("\n".join(lines), "utf-8")
    cxnlp("tag", "in.jsonl", "--output", "out.jsonl")
    assert [row["feedback_id"] for row in read(project / "out.jsonl")] == ids


def test_columns_that_tag_does_not_use_cannot_make_a_row_unusable(cxnlp, project):
    row = {
        "id": "1",
        "text": "Hyvä palvelu",
        "nps": "kymmenen",
        "date": "31.2.2026",
        "effort": ["hard"],
        "ces": "helppo",
    }
    (project / "in.jsonl").write_text(json.dumps(row), "utf-8")
    assert "left out" not in cxnlp("tag", "in.jsonl", "--output", "out.jsonl").stderr
    assert len(read(project / "out.jsonl")) == 1


def test_an_unknown_suffix_is_refused_before_any_work(cxnlp, feedback):
    assert "Use one of the suffixes .jsonl, .csv, .parquet" in cxnlp("tag", feedback, "-o", "out.docx", status=2).stderr


def test_an_input_that_is_not_there_ends_in_one_line(cxnlp):
    error = cxnlp("tag", "none.csv", "-o", "out.jsonl", status=1).stderr.strip().splitlines()
    assert len([line for line in error if line.startswith("error: ")]) == 1


def test_an_output_that_fails_leaves_no_half_file(cxnlp, project):
    (project / "in.jsonl").write_text('{"id": 1, "comment_about": "x"}\n', "utf-8")
    cxnlp("tag", "in.jsonl", "-o", "out.jsonl", status=1)
    assert not (project / "out.jsonl").exists()
    assert not list(project.glob("*.partial"))


def test_a_missing_model_says_how_to_get_one(cxnlp, project, feedback):
    (project / "configs" / "cxnlp.toml").write_text('[model]\npath = "nowhere"\n', "utf-8")
    error = cxnlp("tag", feedback, status=2).stderr
    assert "cxnlp train" in error
