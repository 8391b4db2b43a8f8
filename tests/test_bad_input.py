"""Every kind of bad input: a clear word about it, and nothing lost."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxnlp.preparation import Intake, Preparation
from cxnlp.records import Counts
from cxnlp.sources import open_source
from cxnlp.stages import land, open_run, prepare
from cxnlp.warehouse import open_warehouse
from cxnlp.warehouse.queues import open_rejections

KEY = b"a key for the tests only"


def take_in(folder):
    """Land and prepare a folder; return the counts, the stored texts and the open rejections."""
    warehouse = open_warehouse(folder / "warehouse.duckdb")
    with open_run(warehouse, "test", version="0", batch=7) as run:
        counts = land(run, open_source("inbox", folder / "inbox"), Intake("inbox", key=KEY))
        counts += prepare(run, Preparation())
    texts = warehouse.read("SELECT text FROM cx_raw.feedback ORDER BY landing_order")["text"].to_pylist()
    rejections = open_rejections(warehouse)
    warehouse.close()
    return counts, texts, rejections


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def csv(*lines):
    return ("id,date,text,nps\n" + "\n".join(lines) + "\n").encode()


BAD_FILES = {
    "empty file": ("a.csv", b"", 0, ["unreadable_file"]),
    "header only": ("a.csv", csv()[:-1], 0, []),
    "no text column": ("a.csv", b"id,colour\n1,red\n", 0, ["unreadable_file"]),
    "binary as csv": ("a.csv", bytes(range(256)) * 20, 0, ["unreadable_file"]),
    "too few fields": ("a.csv", csv("1,2026-10-01,Hyvä,9", "2,2026-10-01"), 1, ["wrong_field_count"]),
    "too many fields": ("a.csv", csv("1,2026-10-01,Hyvä, oikein hyvä,9", "2,,Huono,1"), 1, ["wrong_field_count"]),
    "NUL bytes": ("a.csv", csv("1,2026-10-01,Hy\0vä,9"), 1, []),
    "open quote": ("a.csv", csv('1,2026-10-01,"Hyvä,9', "2,2026-10-01,Huono,1"), 1, ["broken_quotes"]),
    "a text of 1 MB": ("a.csv", csv(f"1,2026-10-01,{'sana ' * 200_000},9", "2,,Huono,1"), 1, ["text_too_long"]),
    "100,000 characters a line": ("a.csv", csv(f"1,2026-10-01,{'x' * 100_000},9", "2,,Huono,1"), 1, ["text_too_long"]),
    "one id, two texts": ("a.csv", csv("1,,Hyvä,9", "1,,Huono,1"), 1, ["duplicate_id"]),
    "one id, one text": ("a.csv", csv("1,,Hyvä,9", "1,,Hyvä,9"), 1, []),
    "no ids, one text twice": ("a.csv", b"text\nHyvin toimii\nHyvin toimii\n", 2, []),
    "impossible date": ("a.csv", csv("1,31.2.2026,Hyvä,9", "2,32.1.2026,Hyvä,9"), 0, ["invalid_date"] * 2),
    "Finnish dates": ("a.csv", csv("1,31.12.2025,Hyvä,9", "2,31.12.25 klo 14.05,Huono,2"), 2, []),
    "NPS 11": ("a.csv", csv("1,,Hyvä,11", "2,,Hyvä,-1"), 0, ["invalid_value"] * 2),
    "NPS kymmenen": ("a.csv", csv("1,,Hyvä,kymmenen"), 0, ["invalid_value"]),
    "no text": ("a.csv", csv("1,,,9", "2,,   ,9"), 0, ["empty_text"] * 2),
    "emoji only": ("a.csv", csv("1,,😀😀😡,9"), 1, []),
    "another language": ("a.csv", csv("1,,Обслуживание было отличным,9"), 1, []),
    "HTML": ("a.csv", csv("1,,<p>Hyvä <b>palvelu</b><br>kiitos</p>,9"), 1, []),
    "HTML without text": ("a.csv", csv("1,,<br><br/>,9"), 0, ["empty_text"]),
    "broken JSON line": ("a.jsonl", b'{"text": "Good"}\n{"text": "Bad"\n{"text": "Fine"}\n', 2, ["invalid_json"]),
    "JSON line that is a list": ("a.jsonl", b'{"text": "Good"}\n["Bad"]\n', 1, ["invalid_json"]),
    "truncated Parquet": ("a.parquet", b"PAR1\x15\x04\x15", 0, ["unreadable_file"]),
    "text as XLSX": ("a.xlsx", b"id,text\n1,Good\n", 0, ["unreadable_file"]),
    "half of a zip": ("a.xlsx", b"PK\x03\x04" + b"\0" * 50, 0, ["unreadable_file"]),
    "Windows-1252": ("a.csv", "id;text\n1;Hyvää työtä, 5 €\n".encode("cp1252"), 1, []),
    "UTF-16": ("a.csv", "id\ttext\n1\tHyvää työtä\n".encode("utf-16"), 1, []),
    "mojibake": ("a.csv", "id,text\n1,HyvÃ¤Ã¤ tyÃ¶tÃ¤\n".encode(), 1, []),
}


@pytest.mark.parametrize(("name", "content", "kept", "reasons"), BAD_FILES.values(), ids=list(BAD_FILES))
def test_bad_input_is_kept_or_named_never_lost(tmp_path, inbox, name, content, kept, reasons):
    (inbox / name).write_bytes(content)
    counts, texts, rejections = take_in(tmp_path)
    assert len(texts) == kept == counts.prepared
    assert [str(one.reason) for one in rejections] == reasons
    assert counts.landed == counts.prepared + counts.rejected
    for one in rejections:
        assert one.detail
        assert "\n" not in one.detail


def test_what_is_repaired_reads_as_it_was_meant(tmp_path, inbox):
    (inbox / "a.csv").write_bytes(
        "id,text\n1,HyvÃ¤Ã¤ tyÃ¶tÃ¤\n2,<p>Hyvä <b>palvelu</b><br>kiitos</p>\n3,a\0b\n".encode()
    )
    assert take_in(tmp_path)[1] == ["Hyvää työtä", "Hyvä palvelu\nkiitos", "ab"]


def test_a_rejection_never_repeats_what_the_customer_wrote(tmp_path, inbox):
    secret = "Kalle Keksitty ei saanut lääkkeitään"
    (inbox / "a.csv").write_bytes(csv(f"1,{secret},{secret},{secret}", f"2,,{secret},{secret}", f"3,,{secret}"))
    (inbox / "b.jsonl").write_text(f'{{"text": "{secret}"\n{{"text": "{secret}", "nps": "{secret}"}}\n', "utf-8")
    rejections = take_in(tmp_path)[2]
    assert len(rejections) == 5
    assert not [one for one in rejections if "Kalle" in one.detail]


def test_a_file_that_vanishes_between_listing_and_reading_is_named(tmp_path, inbox):
    (inbox / "a.csv").write_bytes(csv("1,,Hyvä,9"))
    (inbox / "b.csv").write_bytes(csv("2,,Huono,1"))
    source = open_source("inbox", inbox)
    items = source.read()
    first = next(items)
    (inbox / "b.csv").unlink()
    rest = list(items)
    assert first.text == "Hyvä"
    assert [(one.location.file, str(one.reason)) for one in rest] == [("b.csv", "unreadable_file")]


TEXTS = st.one_of(
    st.text(max_size=30), st.sampled_from(["Hyvä", "", " ", "\0", "<br>", "=1+1", '"', "😀", "Hyvä, kiitos"])
)
ROWS = st.fixed_dictionaries(
    {"text": st.one_of(TEXTS, st.none(), st.integers())},
    optional={
        "id": st.one_of(st.sampled_from(["1", "2", "3"]), st.none(), TEXTS),
        "date": st.one_of(st.sampled_from(["31.12.2025", "31.2.2026", "2026-10-01T10:00:00Z"]), TEXTS),
        "nps": st.one_of(st.integers(-2, 12), st.sampled_from(["9", "kymmenen", ""])),
        "customer": TEXTS,
        "extra": st.one_of(TEXTS, st.floats(allow_nan=True), st.lists(st.integers(), max_size=2)),
    },
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.one_of(ROWS.map(json.dumps), st.sampled_from(["{", "[]", '"x"', '{"text": "a"} x'])), max_size=25)
)
def test_landed_is_prepared_plus_rejected_whatever_the_rows(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("any-rows")
    (folder / "inbox").mkdir()
    (folder / "inbox" / "a.jsonl").write_text(
        "".join(f"{row}\n" for row in [json.dumps({"text": "ok"}), *rows]), "utf-8"
    )

    counts, texts, rejections = take_in(folder)
    assert counts.read == len(rows) + 1
    assert counts.read == counts.unchanged + counts.landed
    assert counts.landed == counts.prepared + counts.rejected
    assert (counts.prepared, counts.rejected) == (len(texts), len(rejections))

    again, texts_again, rejections_again = take_in(folder)
    assert again == Counts(read=counts.read, unchanged=counts.read)
    assert (texts_again, rejections_again) == (texts, rejections)
