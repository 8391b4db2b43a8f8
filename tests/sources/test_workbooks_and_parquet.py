"""XLSX and Parquet."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from cxnlp.records import Location, Reason, Received, Rejection
from cxnlp.sources import open_source


def texts(items):
    return [item.text for item in items if isinstance(item, Received)]


def refusal(items):
    (item,) = items
    assert isinstance(item, Rejection)
    assert (item.reason, item.location.row) == (Reason.UNREADABLE_FILE, 0)
    return item.detail


def write_workbook(path, **sheets):
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    workbook.save(path)


def read(path, **settings):
    return list(open_source("survey", path, **settings).read())


def test_a_sheet_is_read_row_by_row(tmp_path):
    rows = [
        ["id", "Päivämäärä", "Palaute", "NPS", "Hinta", "Uusi", "Klo"],
        [1, datetime.fromisoformat("2026-01-31T14:05"), "Hyvää 😀", 9, 5.0, True, time(9, 30)],
        [],
        [2, date(2026, 7, 1), "Toinen", "9,0", 2.5, False, None],
        [None, "31.1.2026", 5, None, None, None, None],
        [None, None, None, 3, None, None, None],
    ]
    write_workbook(tmp_path / "a.xlsx", Taul1=rows)
    first, second, third, fourth = read(tmp_path / "a.xlsx")
    assert (first.location, first.own_id, first.text, first.nps) == (Location("a.xlsx", 2), "1", "Hyvää 😀", 9)
    assert first.created_at == datetime(2026, 1, 31, 12, 5, tzinfo=UTC)
    assert first.attributes == {"Hinta": "5", "Uusi": "true", "Klo": "09:30:00"}
    assert (second.location.row, second.created_at) == (4, datetime(2026, 6, 30, 21, tzinfo=UTC))
    assert second.attributes == {"Hinta": "2.5", "Uusi": "false"}
    assert (third.own_id, third.text) == (None, "5")
    assert (fourth.reason, fourth.location.row) == (Reason.EMPTY_TEXT, 6)


def test_the_first_sheet_with_a_text_column_is_read_wherever_its_rows_begin(tmp_path):
    data = [[], [], [None, "id", "text"], [None, 1, "Hyvä"]]
    write_workbook(tmp_path / "a.xlsx", Ohje=[["Lue tämä"]], Tyhjä=[], Data=data, Muu=[["text"], ["ei tätä"]])
    (item,) = read(tmp_path / "a.xlsx")
    assert (item.text, item.own_id, item.location.row) == ("Hyvä", "1", 4)


def test_a_workbook_without_a_text_column_is_refused_with_its_sheets(tmp_path):
    write_workbook(tmp_path / "a.xlsx", Ohje=[["Lue"]], Data=[["id", "arvio"], [1, "x"]])
    assert "Sheets: Ohje, Data." in refusal(read(tmp_path / "a.xlsx"))
    write_workbook(tmp_path / "a.xlsx", Data=[["id", "arvio"], [1, "x"]])
    assert "Headers found: id, arvio." in refusal(read(tmp_path / "a.xlsx"))
    write_workbook(tmp_path / "a.xlsx", Data=[])
    assert "Headers found: none." in refusal(read(tmp_path / "a.xlsx"))


def test_a_sheet_with_only_a_header_holds_nothing(tmp_path):
    write_workbook(tmp_path / "a.xlsx", Data=[["id", "text"]])
    assert read(tmp_path / "a.xlsx") == []


def test_a_date_that_excel_keeps_as_a_number_or_a_span_is_rejected(tmp_path):
    write_workbook(tmp_path / "a.xlsx", Data=[["text", "pvm"], ["a", 46000], ["b", timedelta(hours=30)]])
    assert [item.reason for item in read(tmp_path / "a.xlsx")] == [Reason.INVALID_DATE] * 2


def test_a_workbook_that_somebody_renamed_to_csv_is_read(tmp_path):
    write_workbook(tmp_path / "a.xlsx", Data=[["text"], ["Hyvä"]])
    assert texts(read((tmp_path / "a.xlsx").rename(tmp_path / "a.csv"))) == ["Hyvä"]


@pytest.mark.parametrize(
    "content", [b"id,text\n1,a\n", b"PK\x03\x04" + b"\0" * 50, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
def test_what_is_no_workbook_is_refused(tmp_path, content):
    (tmp_path / "a.xlsx").write_bytes(content)
    assert "no XLSX workbook" in refusal(read(tmp_path / "a.xlsx"))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_cut_workbook_is_refused(tmp_path, share):
    write_workbook(tmp_path / "a.xlsx", Data=[["text"], ["Hyvä"]])
    content = (tmp_path / "a.xlsx").read_bytes()
    (tmp_path / "a.xlsx").write_bytes(content[: int(len(content) * share)])
    assert refusal(read(tmp_path / "a.xlsx"))


def test_a_parquet_file_is_read_row_by_row(tmp_path):
    moment = datetime(2026, 1, 31, 12, 5, tzinfo=UTC)
    table = pa.table(
        {
            "id": pa.array([1, None]),
            "palaute": pa.array(["Hyvä 😀", None]),
            "created_at": pa.array([moment, moment], pa.timestamp("ns", "UTC")),
            "nps": pa.array([9.0, None]),
            "ratkesi": pa.array([True, None]),
            "hinta": pa.array([Decimal("5.00"), Decimal("2.50")]),
            "meta": pa.array([{"os": "iOS", "email": "k@example.com"}, None]),
            "pairs": pa.array([[("a", 1), ("nimi", 2)], None], pa.map_(pa.string(), pa.int64())),
            "raw": pa.array([b"x\xc3\xa4\0", None]),
            "etunimi": pa.array(["Kalle", None]),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    first, second = read(tmp_path / "a.parquet")
    assert (first.location, first.own_id, first.text) == (Location("a.parquet", 1), "1", "Hyvä 😀")
    assert (first.created_at, first.nps, first.resolved_first_contact) == (moment, 9, True)
    assert first.attributes == {"hinta": "5", "meta": '{"os":"iOS"}', "pairs": '{"a":1}', "raw": "xä"}
    assert (second.reason, second.location.row) == (Reason.EMPTY_TEXT, 2)


def test_times_without_a_zone_and_days_are_in_the_zone_of_the_settings(tmp_path):
    naive = pa.table(
        {"text": ["a"], "date": pa.array([datetime.fromisoformat("2026-07-01T12:00")], pa.timestamp("us"))}
    )
    pq.write_table(naive, tmp_path / "a.parquet")
    pq.write_table(pa.table({"text": ["a"], "date": [date(2026, 7, 1)]}), tmp_path / "b.parquet")
    assert [item.created_at.hour for item in read(tmp_path)] == [9, 21]


def test_rows_of_many_batches_keep_their_numbers(tmp_path):
    pq.write_table(pa.table({"text": [f"t{n}" for n in range(1_750)]}), tmp_path / "a.parquet", row_group_size=600)
    items = read(tmp_path / "a.parquet")
    assert texts(items) == [f"t{n}" for n in range(1_750)]
    assert [item.location.row for item in items] == list(range(1, 1_751))


def test_a_parquet_file_without_a_text_column_or_with_two_of_one_name_is_refused(tmp_path):
    pq.write_table(pa.table({"id": [1], "arvio": ["a"]}), tmp_path / "a.parquet")
    assert "Headers found: id, arvio." in refusal(read(tmp_path / "a.parquet"))
    twice = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["text", "text"])
    pq.write_table(twice, tmp_path / "a.parquet")
    assert "(text)" in refusal(read(tmp_path / "a.parquet"))


@pytest.mark.parametrize("share", [0.05, 0.5, 0.99])
def test_a_truncated_parquet_file_is_refused(tmp_path, share):
    pq.write_table(pa.table({"text": [f"teksti {n}" for n in range(100)]}), tmp_path / "a.parquet")
    content = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(content[: int(len(content) * share)])
    detail = refusal(read(tmp_path / "a.parquet"))
    assert "no Parquet, or it was cut" in detail
    assert "Copy or export it anew" in detail


def test_the_rows_before_a_damaged_row_group_are_kept(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(
        pa.table({"text": [f"teksti {n}" for n in range(2_000)]}), path, row_group_size=1_000, use_dictionary=False
    )
    column = pq.ParquetFile(path).metadata.row_group(1).column(0)
    content = bytearray(path.read_bytes())
    content[column.data_page_offset : column.data_page_offset + 40] = b"\xff" * 40
    path.write_bytes(content)
    *rows, last = read(path)
    assert texts(rows) == [f"teksti {n}" for n in range(1_000)]
    assert "rows before are kept" in refusal([last])
