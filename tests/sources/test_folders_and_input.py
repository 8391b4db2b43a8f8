"""Files, folders, globs and standard input."""

import io
import os
import subprocess
import sys
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from cxnlp.errors import DataError
from cxnlp.records import Location, Reason, Received, Rejection
from cxnlp.sources import Source, open_source


@pytest.fixture
def folder(tmp_path):
    """Feedback files at several depths, among what is none."""
    for name in ("b.csv", "a.CSV", "inner/c.tsv", "inner/deep/d.jsonl", "e.json"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('{"text": "x"}\n' if "json" in name else "text\nx\n", "utf-8")
    for name in (".hidden.csv", "~$b.xlsx", "notes.md", ".git/f.csv", "inner/.cache/g.csv"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text\nnever\n", "utf-8")
    (tmp_path / "folder.csv").mkdir()
    return tmp_path


def texts(items):
    return [item.text for item in items if isinstance(item, Received)]


def places(items):
    return [(item.location.file, item.location.row) for item in items]


def test_a_folder_gives_every_known_file_in_it_sorted_without_hidden_ones(folder):
    source = open_source("survey", folder)
    assert source.name == "survey"
    assert source.files() == ["a.CSV", "b.csv", "e.json", "inner/c.tsv", "inner/deep/d.jsonl"]
    assert places(source.read()) == [
        *[("a.CSV", 2), ("b.csv", 2), ("e.json", 1), ("inner/c.tsv", 2), ("inner/deep/d.jsonl", 1)]
    ]


def test_only_the_files_asked_for_are_read_in_their_order(folder):
    source = open_source("survey", str(folder))
    assert places(source.read(["inner/c.tsv", "a.CSV"])) == [("a.CSV", 2), ("inner/c.tsv", 2)]
    assert list(source.read([])) == []


def test_a_single_file_is_named_without_its_folder(folder):
    source = open_source("survey", folder / "inner" / "c.tsv")
    assert source.files() == ["c.tsv"]
    assert places(source.read()) == [("c.tsv", 2)]


@pytest.mark.parametrize(
    ("pattern", "files"),
    [
        ("*.csv", ["b.csv"]),
        ("**/*.*", ["a.CSV", "b.csv", "e.json", "inner/c.tsv", "inner/deep/d.jsonl", "notes.md"]),
        ("inner/*", ["inner/c.tsv"]),
        ("in*/c.tsv", ["inner/c.tsv"]),
        ("[ab].[cC]*", ["a.CSV", "b.csv"]),
    ],
)
def test_a_glob_gives_the_files_that_match_named_from_its_fixed_part(folder, pattern, files):
    fixed = "inner/" if pattern.startswith("inner/") else ""
    assert open_source("survey", folder / pattern).files() == [name.removeprefix(fixed) for name in files]


def test_a_file_whose_name_looks_like_a_glob_is_read(tmp_path):
    (tmp_path / "vienti[1].csv").write_text("text\nx\n", "utf-8")
    assert texts(open_source("survey", tmp_path / "vienti[1].csv").read()) == ["x"]


def test_a_relative_path_is_read(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert open_source("survey", "b.csv").files() == ["b.csv"]
    assert open_source("survey", "*.csv").files() == ["b.csv"]
    assert texts(open_source("survey", "inner").read()) == ["x", "x"]


@pytest.mark.parametrize("path", ["missing.csv", "missing/*.csv", "empty", "*.parquet"])
def test_a_path_that_matches_nothing_is_an_error_that_says_what_to_do(tmp_path, path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"No file matches .*Name a file, a folder .*\.csv.*or a glob"):
        open_source("survey", tmp_path / path)


def test_a_file_that_vanishes_between_listing_and_reading_is_one_rejection(folder):
    source = open_source("survey", folder)
    files = source.files()
    (folder / "b.csv").unlink()
    items = list(source.read(files))
    assert places(items)[:3] == [("a.CSV", 2), ("b.csv", 0), ("e.json", 1)]
    assert items[1].reason is Reason.UNREADABLE_FILE
    assert "vanished" in items[1].detail


def test_a_file_that_vanishes_while_others_are_read_is_one_rejection(folder):
    items = open_source("survey", folder).read()
    first = next(items)
    (folder / "b.csv").unlink()
    assert places([first, *items])[:3] == [("a.CSV", 2), ("b.csv", 0), ("e.json", 1)]


def test_a_single_file_that_vanishes_is_one_rejection(folder):
    source = open_source("survey", folder / "b.csv")
    (folder / "b.csv").unlink()
    assert places(source.read()) == [("b.csv", 0)]


def test_a_folder_in_the_place_of_a_file_is_one_rejection(folder):
    source = open_source("survey", folder)
    (folder / "b.csv").unlink()
    (folder / "b.csv").mkdir()
    (item,) = source.read(["b.csv"])
    assert item.reason is Reason.UNREADABLE_FILE


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="rights do not bind this user")
def test_a_file_without_the_right_to_read_it_is_one_rejection(folder):
    (folder / "b.csv").chmod(0)
    (item,) = open_source("survey", folder).read(["b.csv"])
    assert "right to read it" in item.detail


def test_an_unreadable_file_does_not_keep_the_others_from_being_read(folder):
    (folder / "b.csv").write_bytes(b"")
    (folder / "e.json").write_text("[", "utf-8")
    items = list(open_source("survey", folder).read())
    assert len(texts(items)) == 3
    assert [item.location for item in items if isinstance(item, Rejection)] == [
        Location("b.csv", 0),
        Location("e.json", 0),
    ]


def test_a_file_of_unknown_suffix_that_is_named_is_told_by_its_content(tmp_path):
    pq.write_table(pa.table({"text": ["parquet"]}), tmp_path / "a.dat")
    workbook = Workbook()
    workbook.active.append(["text"])
    workbook.active.append(["xlsx"])
    workbook.save(tmp_path / "b.dat")
    (tmp_path / "c.dat").write_text('\n {"text": "jsonl"}', "utf-8")
    (tmp_path / "d.dat").write_text('[{"text": "json"}]', "utf-8")
    (tmp_path / "e").write_text("text\ncsv", "utf-8")
    read = [texts(open_source("survey", tmp_path / name).read()) for name in ("a.dat", "b.dat", "c.dat", "d.dat", "e")]
    assert read == [["parquet"], ["xlsx"], ["jsonl"], ["json"], ["csv"]]


def pipe(monkeypatch, content):
    """Standard input as a pipe gives it: bytes that can be read once."""
    stream = io.BufferedReader(io.BytesIO(content))
    stream.seekable = lambda: False
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=stream))


@pytest.mark.parametrize(
    ("content", "row"),
    [
        ("id;text\n1;Hyvää €\n".encode("cp1252"), 2),
        ('\ufeff\n {"text": "Hyvää €"}\n'.encode(), 2),
        ("id\ttext\n1\tHyvää €\n".encode("utf-16"), 2),
        ('{"text": "Hyvää €"}\n'.encode("utf-16"), 1),
    ],
)
def test_standard_input_is_told_by_its_content(monkeypatch, content, row):
    pipe(monkeypatch, content)
    source = open_source("survey", "-")
    assert source.files() == ["-"]
    (item,) = source.read()
    assert (item.text, item.location) == ("Hyvää €", Location("-", row))


def test_parquet_and_workbooks_come_through_standard_input(tmp_path, monkeypatch):
    buffer = io.BytesIO()
    pq.write_table(pa.table({"text": ["Hyvä"]}), buffer)
    pipe(monkeypatch, buffer.getvalue())
    assert texts(open_source("survey", "-").read(["-"])) == ["Hyvä"]
    workbook, buffer = Workbook(), io.BytesIO()
    workbook.active.append(["text"])
    workbook.active.append(["Hyvä"])
    workbook.save(buffer)
    pipe(monkeypatch, buffer.getvalue())
    assert texts(open_source("survey", "-").read()) == ["Hyvä"]


def test_empty_standard_input_is_one_rejection(monkeypatch):
    pipe(monkeypatch, b"")
    (item,) = open_source("survey", "-").read()
    assert (item.reason, item.location) == (Reason.UNREADABLE_FILE, Location("-", 0))


@pytest.mark.parametrize("redirected", [True, False])
def test_a_process_reads_its_real_standard_input(tmp_path, redirected):
    program = "from cxnlp.sources import open_source; print([item.text for item in open_source('s', '-').read()])"
    (tmp_path / "a.csv").write_text("text\nyes\n", "utf-8")
    with (tmp_path / "a.csv").open("rb") as file:
        given = {"stdin": file} if redirected else {"input": file.read()}
        run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, **given)
    assert run.stdout.strip() == b"['yes']"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_is_read_like_standard_input(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["/bin/sh", "-c", 'printf "text\\nyes\\n" > "$0"', tmp_path / "pipe"]):
        assert texts(open_source("survey", tmp_path / "pipe").read()) == ["yes"]


def test_a_file_name_that_is_no_utf_8_can_still_be_stored(tmp_path):
    try:
        (tmp_path / os.fsdecode(b"kysely_p\xe4iv\xe4.csv")).write_text("text\nyes\n", "utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (item,) = open_source("survey", tmp_path).read()
    assert (item.text, item.location.file) == ("yes", "kysely_p\ufffdiv\ufffd.csv")


def test_opening_a_source_reads_nothing_and_what_is_not_asked_for_is_not_read(folder):
    source: Source = open_source("survey", folder / "b.csv")
    (folder / "b.csv").write_text("text\n" + "y\n" * 10, "utf-8")
    items = source.read()
    assert next(items).text == "y"
    items.close()
    assert len(texts(source.read())) == 10
