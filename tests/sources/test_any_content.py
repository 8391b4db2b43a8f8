"""Whatever stands in a file: it comes back as it was written, or as a rejection, and never as a crash."""

import csv
import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxnlp.records import Reason, Received, Rejection
from cxnlp.sources import open_source
from cxnlp.sources.cells import is_blank

ONE_FILE_FOR_ALL = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

PRINTABLE = st.characters(exclude_categories=("C",), include_characters="\n\r\t")
WESTERN = st.characters(codec="cp1252", exclude_categories=("C",))
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]


@st.composite
def tables(draw):
    encoding = draw(st.sampled_from(ENCODINGS))
    cells = st.text(WESTERN if encoding == "cp1252" else PRINTABLE, max_size=20)
    return encoding, draw(st.lists(st.tuples(cells, cells), max_size=12))


@ONE_FILE_FOR_ALL
@given(table=tables(), delimiter=st.sampled_from(",;\t|"), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_what_is_written_as_csv_comes_back_exactly(tmp_path, table, delimiter, quoting):
    encoding, rows = table
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, quoting=quoting)
    writer.writerows([["id", "Avoin palaute", "päivän tähti", "€"], *([n, *row, "ä€"] for n, row in enumerate(rows))])
    (tmp_path / "a.csv").write_bytes(buffer.getvalue().encode(encoding))
    items = list(open_source("survey", tmp_path / "a.csv").read())
    assert len(items) == len(rows)
    for number, (item, (text, other)) in enumerate(zip(items, rows, strict=True)):
        if is_blank(text):
            assert item.reason is Reason.EMPTY_TEXT
        else:
            expected = {} if is_blank(other) else {"päivän tähti": other}
            assert (item.own_id, item.text, item.attributes) == (str(number), text, expected | {"€": "ä€"})


@ONE_FILE_FOR_ALL
@given(rows=st.lists(st.tuples(st.text(), st.text(), st.one_of(st.none(), st.integers(), st.floats(), st.text()))))
def test_what_is_written_as_json_lines_comes_back(tmp_path, rows):
    content = "".join(
        json.dumps({"text": text, "customer": name, "x": x}) + "\n" for text, name, x in [("a", "b", 1), *rows]
    )
    (tmp_path / "a.jsonl").write_text(content, "utf-8")
    items = list(open_source("survey", tmp_path / "a.jsonl").read())
    assert len(items) == len(rows) + 1
    for item, (text, _, _) in zip(items[1:], rows, strict=True):
        storable = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")
        assert isinstance(item, Rejection) if is_blank(storable) else item.text == storable
        repr(item).encode()


PIECES = st.sampled_from(
    [
        b'"',
        b'""',
        b",",
        b";",
        b"\n",
        b"\r",
        b"\r\n",
        b"\0",
        b"a",
        b"1",
        "ä".encode(),
        b"\xe4",
        b"text",
        b"id",
        b"\xff",
        b" ",
    ]
)
GARBAGE = st.one_of(
    st.binary(max_size=300),
    st.lists(PIECES, max_size=80).map(b"".join),
    st.lists(PIECES, max_size=80).map(lambda pieces: b"id,text\n" + b"".join(pieces)),
    st.lists(PIECES, max_size=80).map(lambda pieces: b"\xff\xfe" + b"".join(pieces)),
)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".json", ".xlsx", ".parquet", ""])
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=GARBAGE)
def test_garbage_never_breaks_reading(tmp_path, suffix, content):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(content)
    items = list(open_source("survey", path).read())
    assert items or len(content) > 0
    for item in items:
        assert isinstance(item, Received | Rejection)
        assert item.location.row >= 0
        repr(item).encode()
    assert [item.location.row for item in items if item.location.row] == sorted(
        item.location.row for item in items if item.location.row
    )


@ONE_FILE_FOR_ALL
@given(pieces=st.lists(PIECES, max_size=60))
def test_after_any_garbage_whole_lines_are_still_read(tmp_path, pieces):
    garbage = b"".join(pieces).replace(b"\n", b"").replace(b"\r", b"")
    (tmp_path / "a.csv").write_bytes(b"id,text,x\n1,eka,\n" + garbage + b"\n2,toka,\n3,kolmas,\n")
    items = list(open_source("survey", tmp_path / "a.csv").read())
    read = [item.text for item in items if isinstance(item, Received)]
    assert read[0] == "eka"
    assert read[-2:] == ["toka", "kolmas"]
