"""CSV: encodings, delimiters, quotes and line ends."""

import csv

import pytest

from cxnlp.records import Location, Reason, Received, Rejection
from cxnlp.sources import open_source


def texts(items):
    return [item.text for item in items if isinstance(item, Received)]


def rejected(items):
    return [(item.location.row, item.reason) for item in items if isinstance(item, Rejection)]


def refusal(items):
    """The detail of the one rejection that a refused file is."""
    (item,) = items
    assert isinstance(item, Rejection)
    assert (item.reason, item.location.row, item.source) == (Reason.UNREADABLE_FILE, 0, "survey")
    assert "\n" not in item.detail
    return item.detail


def test_a_row_becomes_a_record_with_its_place_and_fields(read):
    (item,) = read(
        "a.csv", "Palaute ID;Päivämäärä;Avoin palaute;NPS;Kanava;Kaupunki\n7;2.1.2026;Hyvää työtä;9;chat;Oulu\n"
    )
    assert item.location == Location("a.csv", 2)
    assert (item.own_id, item.text, item.nps, item.channel) == ("7", "Hyvää työtä", 9, "chat")
    assert item.created_at.isoformat() == "2026-01-01T22:00:00+00:00"
    assert item.attributes == {"Kaupunki": "Oulu"}
    assert (item.ces, item.ces_version, item.voice) == (None, None, "customer")


ODD_TEXT = "Äkkiä, ”hyvä” ja öylätti; 5 € | kiitos\tÅbo"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_encoding_delimiter_and_line_end_reads_the_same(read, encoding, delimiter, line_end):
    row = delimiter.join(["1", f'"{ODD_TEXT}"', "Lämpö"])
    content = line_end.join([delimiter.join(["id", "Päivän palaute", "Ääri"]), row, row, ""]).encode(encoding)
    first, second = read("a.csv", content, columns={"text": "Päivän palaute"})
    assert (first.text, first.attributes) == (ODD_TEXT, {"Ääri": "Lämpö"})
    assert second.location.row == 3


def test_utf_16_with_a_mark_of_big_endian_is_read(read):
    assert texts(read("a.csv", b"\xfe\xff" + "id;text\n1;ä€\n".encode("utf-16-be"))) == ["ä€"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("size", [4_095, 4_096, 8_191, 65_535, (1 << 20) - 1, 1 << 20, 3_000_000])
def test_the_first_letter_beyond_ascii_may_come_late_and_at_the_edge_of_any_buffer(read, encoding, size):
    head = "id,text\n"
    line = f"1,{'x' * 997}\n"
    filling = line * ((size - len(head)) // len(line))
    edge = "x" * (size - len(head) - len(filling) - 2)
    items = read("a.csv", f"{head}{filling}2,{edge}äö€\n".encode(encoding))
    assert texts(items)[-1] == f"{edge}äö€"
    assert rejected(items) == []


def test_bytes_that_windows_1252_leaves_open_do_not_make_a_file_unreadable(read):
    assert texts(read("a.csv", b"id;text\n1;\xe4 \x81\x8d\x8f\x90\x9d \xf6\n")) == ["ä \x81\x8d\x8f\x90\x9d ö"]


def test_one_damaged_byte_does_not_spoil_the_letters_of_a_utf_8_file(read):
    items = read("a.csv", "id;Päiväys;text\n1;;Hyvää\n".encode() + b"2;;H\xe4m\xe4r\xe4\n" + "3;;Yötä\n".encode())
    assert texts(items) == ["Hyvää", "Hämärä", "Yötä"]
    assert not items[0].attributes


def test_a_file_cut_within_its_utf_16_is_refused_after_the_rows_before_the_cut(read):
    content = ("id;text\n" + "1;hyvää\n" * 5_000).encode("utf-16")
    *rows, last = read("a.csv", content + b"\x00")
    assert texts(rows) == ["hyvää"] * 5_000
    assert "UTF-16" in refusal([last])


def test_quoted_fields_keep_delimiters_quotes_and_line_breaks(read):
    items = read("a.csv", 'id,text\r\n1,"Hei,\r\nsanoi ""hän""\r\n\r\nloppu"\r\n2,toinen\r\n')
    assert [(item.location.row, item.text) for item in items] == [
        (2, 'Hei,\r\nsanoi "hän"\r\n\r\nloppu'),
        (6, "toinen"),
    ]


def test_delimiters_inside_quotes_and_in_texts_do_not_mislead_the_choice(read):
    rows = "".join(f'{n};"Hyvä, nopea, kiva, oikea";4,5\n' for n in range(3))
    items = read(
        "a.csv", f'id;"Mitä, missä, milloin, miksi";Ka\n{rows}', columns={"text": "Mitä, missä, milloin, miksi"}
    )
    assert texts(items) == ["Hyvä, nopea, kiva, oikea"] * 3


def test_the_delimiter_under_which_the_text_has_a_header_wins(read):
    items = read("a.csv", "id;palaute;arvio, oma\n1;a; b;4,5\n2;c; d;4,5\n3;e;3,5\n")
    assert texts(items) == ["e"]
    assert rejected(items) == [(2, Reason.WRONG_FIELD_COUNT), (3, Reason.WRONG_FIELD_COUNT)]


def test_a_file_of_one_column_keeps_every_comma_and_semicolon(read):
    assert texts(read("a.csv", 'palaute\nHyvä, nopea\n"Hidas; kallis"\n')) == ["Hyvä, nopea", "Hidas; kallis"]


def test_a_header_of_one_column_may_hold_a_comma_itself(read):
    items = read("a.csv", "Mitä pidit, kerro\nHyvä, nopea\nHidas\n", columns={"text": "Mitä pidit, kerro"})
    assert texts(items) == ["Hyvä, nopea", "Hidas"]


def test_the_line_by_which_excel_declares_the_delimiter_is_no_header(read):
    (item,) = read("a.csv", "\ufeffsep=;\r\nid;text\r\n1;Hyvä, nopea\r\n")
    assert (item.text, item.location.row) == ("Hyvä, nopea", 3)


@pytest.mark.parametrize("row", ["2,liian", "2,yksi, kaksi,9", "2"])
def test_a_row_with_too_few_or_too_many_fields_is_rejected_and_the_next_one_read(read, row):
    items = read("a.csv", f"id,text,nps\n1,eka,9\n{row}\n3,kolmas,8\n")
    assert texts(items) == ["eka", "kolmas"]
    (rejection,) = [item for item in items if isinstance(item, Rejection)]
    assert (rejection.location.row, rejection.reason) == (3, Reason.WRONG_FIELD_COUNT)
    assert f"{row.count(',') + 1} fields" in rejection.detail
    assert "header has 3" in rejection.detail
    assert "kaksi" not in rejection.detail


def test_blank_lines_are_no_records(read):
    items = read("a.csv", "\n\nid,text\n\n1,eka\n   \n2,toka\n\n\n \n")
    assert [(item.location.row, item.text) for item in items] == [(5, "eka"), (7, "toka")]


def test_blank_rows_above_the_header_are_passed_over(read):
    (item,) = read("a.csv", ";;\n;;\nid;text;nps\n1;eka, toka;9\n")
    assert (item.text, item.nps, item.location.row) == ("eka, toka", 9, 4)


def test_columns_without_a_name_at_the_end_may_be_left_out_of_rows(read):
    items = read("a.csv", "id;text;;\n1;eka;;\n2;toka\n3;kolmas;x;\n")
    assert texts(items) == ["eka", "toka", "kolmas"]
    assert [item.attributes for item in items] == [{}, {}, {"column 3": "x"}]


def test_an_open_quote_costs_its_own_line_only(read):
    items = read("a.csv", 'id,text,nps\n1,eka,9\n2,"auki,8\n3,kolmas,7\n4,"neljäs, oikein",6\n5,viides,5\n')
    assert texts(items) == ["eka", "kolmas", "neljäs, oikein", "viides"]
    assert rejected(items) == [(3, Reason.BROKEN_QUOTES)]


def test_a_quote_open_to_the_end_of_a_long_file_costs_its_own_line_only(read):
    rows = "".join(f"{n},teksti {n}\n" for n in range(3_000))
    items = read("a.csv", f'id,text\nx,"auki\n{rows}')
    assert len(texts(items)) == 3_000
    assert items[-1].location.row == 3_002
    assert rejected(items) == [(2, Reason.BROKEN_QUOTES)]


def test_a_quoted_text_of_a_thousand_lines_is_read_and_a_longer_one_is_not(read):
    thousand = "\n".join(["rivi"] * 1_000)
    assert texts(read("a.csv", f'id,text,nps\n1,"{thousand}",9\n')) == [thousand]
    items = read("a.csv", f'id,text,nps\n1,"{thousand}\nrivi",9\n2,lopuksi,9\n')
    assert texts(items) == ["lopuksi"]
    assert items[0].reason is Reason.BROKEN_QUOTES
    assert len(items) == 1_002


def test_a_quote_left_open_over_two_million_characters_is_given_up(read):
    items = read("a.csv", 'text,id\n"auki,1\n' + f"{'x' * 900_000},2\n" * 3)
    assert rejected(items) == [(2, Reason.BROKEN_QUOTES)]
    assert len(texts(items)) == 3


def test_a_quote_inside_a_quoted_text_that_is_not_doubled_is_told(read):
    (item,) = read("a.csv", 'id,text\n1,"Hän sanoi "hei" ja lähti"\n')
    assert item.reason is Reason.BROKEN_QUOTES
    assert "doubled" in item.detail
    assert "Hän" not in item.detail


def test_a_broken_quote_in_the_header_refuses_the_file(read):
    assert "header" in refusal(read("a.csv", 'id,"text\n1,a\n'))


def test_nul_bytes_in_a_text_are_left_out(read):
    assert texts(read("a.csv", b"id,text\n1,a\0b\n2,c\n")) == ["ab", "c"]


@pytest.mark.parametrize("length", [100_000, 1_000_000, 5_000_000])
def test_a_very_long_text_in_one_field_is_read(read, length):
    before = csv.field_size_limit()
    text = "x" * length
    items = read("a.csv", f'id,text\n1,{text}\n2,"{text}"\n')
    assert texts(items) == [text, text]
    assert csv.field_size_limit() == before


def test_readers_side_by_side_do_not_take_the_field_limit_from_each_other(tmp_path):
    before = csv.field_size_limit()
    path = tmp_path / "a.csv"
    path.write_text(f"id,text\n1,a\n2,{'x' * 300_000}\n", "utf-8")
    one, other = open_source("a", path).read(), open_source("b", path).read()
    assert next(one).text == next(other).text == "a"
    one.close()
    assert len(next(other).text) == 300_000
    other.close()
    assert csv.field_size_limit() == before


def test_an_endless_line_is_refused_instead_of_being_held(read):
    items = read("a.csv", "id,text\n1,a\n2," + "x" * 16_000_000)
    assert texts(items) == ["a"]
    assert "16,000,000 characters" in refusal(items[1:])


@pytest.mark.parametrize("text", ["😀🎉", "<p>Hyvä <b>palvelu</b></p>", "=1+1", "5", "-", "NULL"])
def test_a_text_is_taken_as_it_is(read, text):
    assert texts(read("a.csv", f"id,text\n1,{text}\n")) == [text]


@pytest.mark.parametrize("blank", ["", "   ", "\u200b", "\0", "\u00a0\ufeff"])
def test_a_blank_text_is_rejected(read, blank):
    (item,) = read("a.csv", f"id,text\n1,{blank}\n")
    assert (item.reason, item.column, item.location.row) == (Reason.EMPTY_TEXT, "text", 2)


def test_a_file_with_only_a_header_holds_nothing_and_is_not_refused(read):
    assert read("a.csv", "id,text") == []


def test_an_empty_file_is_refused(read):
    assert "empty" in refusal(read("a.csv", b""))


@pytest.mark.parametrize("content", ["\n \n\n", "\ufeff", "\r\r"])
def test_a_file_of_blank_lines_is_refused(read, content):
    assert "blank lines" in refusal(read("a.csv", content))


def test_a_file_without_a_text_column_is_refused_with_the_headers_found(read):
    detail = refusal(read("a.csv", "tunniste;mielipide nyt\n1;hyvä\n"))
    assert "Headers found: tunniste, mielipide nyt." in detail
    assert 'columns = { text = "Avoin palaute" }' in detail


@pytest.mark.parametrize(
    "first_row", ["1;Olin kovin pettynyt", "Palvelu oli aivan kamalan hidasta;huono", "Kalle;kalle@example.com"]
)
def test_a_first_row_that_may_be_feedback_is_not_shown(read, first_row):
    detail = refusal(read("a.csv", f"{first_row}\n{first_row}\n"))
    assert "pettynyt" not in detail
    assert "hidasta" not in detail
    assert "kalle" not in detail


def test_a_header_that_the_settings_name_and_the_file_lacks_refuses_the_file(read):
    detail = refusal(read("a.csv", "id;text;score\n1;a;9\n", columns={"nps": "Arvosana"}))
    assert "'Arvosana'" in detail
    assert "Headers found: id, text, score." in detail


def test_two_columns_of_one_name_refuse_the_file(read):
    assert "(text)" in refusal(read("a.csv", "id,text,text\n1,a,b\n"))


@pytest.mark.parametrize("content", [bytes(range(256)) * 20, b"\xff\xfe\x00\xd8" * 50, b"\x1f\x8b\x08" + b"\x01" * 99])
def test_binary_content_is_refused(read, content):
    assert refusal(read("a.csv", content))
