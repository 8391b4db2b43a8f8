"""JSON Lines and JSON arrays."""

import json

import pytest

from cxnlp.records import Reason, Received, Rejection


def texts(items):
    return [item.text for item in items if isinstance(item, Received)]


def rejected(items):
    return [(item.location.row, item.reason) for item in items if isinstance(item, Rejection)]


def test_one_object_a_line_becomes_one_record_each(read):
    first, second = read(
        "a.jsonl", '\ufeff{"id": 1, "comment": "Hyvä", "created_at": "2026-01-31T10:00:00Z"}\r\n\n{"comment": "😀"}'
    )
    assert (first.own_id, first.text, first.location.row, first.created_at.hour) == ("1", "Hyvä", 1, 10)
    assert (second.own_id, second.text, second.location.row) == (None, "😀", 3)


@pytest.mark.parametrize(
    "line", ['{"text": "auki', "ei jsonia", "[1, 2]", '"text"', "7", "null", '{"text": "a"} x', "{'text': 1}"]
)
def test_a_line_that_is_no_object_is_rejected_and_the_next_one_read(read, line):
    items = read("a.jsonl", f'{{"text": "eka"}}\n{line}\n{{"text": "toka"}}\n')
    assert texts(items) == ["eka", "toka"]
    assert rejected(items) == [(2, Reason.INVALID_JSON)]
    assert "auki" not in items[1].detail
    assert "ei jsonia" not in items[1].detail


@pytest.mark.parametrize(
    "line", ["[" * 100_000, '{"text": ' + "[" * 100_000, '{"text": "a", "n": ' + "9" * 5_000 + "}"]
)
def test_a_line_too_deep_or_too_big_for_a_parser_is_rejected(read, line):
    items = read("a.jsonl", f'{line}\n{{"text": "toka"}}\n')
    assert texts(items) == ["toka"]
    assert rejected(items) == [(1, Reason.INVALID_JSON)]


@pytest.mark.parametrize("depth", [200, 450, 480, 700, 900, 960])
def test_nesting_of_any_depth_breaks_nothing(read, depth):
    items = read("a.jsonl", f'{{"text": "a", "deep": {"[" * depth}{"]" * depth}}}\n{{"text": "b"}}\n')
    assert len(items) == 2
    assert texts(items)[-1] == "b"


def test_of_two_equal_keys_the_last_one_counts(read):
    assert texts(read("a.jsonl", '{"text": "a", "text": "b"}')) == ["b"]


def test_lone_surrogates_and_nul_characters_do_no_harm(read):
    (item,) = read("a.jsonl", r'{"text": "a\ud83d b\udc00 \u0000c \ud83d\ude00", "k\ud800": ["\udfff\u0000"]}')
    assert item.text == "a\ufffd b\ufffd c 😀"
    assert item.attributes == {"k\ufffd": '["\ufffd"]'}
    repr(item).encode()


def test_nested_values_are_kept_as_compact_json_and_numbers_in_their_shortest_form(read):
    (item,) = read(
        "a.jsonl",
        '{"text": "a", "tags": ["ä", 1, null], "n": 5.0, "f": 2.50, "b": true, "none": null, "nan": NaN, "e": []}',
    )
    assert item.attributes == {"tags": '["ä",1,null]', "n": "5", "f": "2.5", "b": "true", "e": "[]"}


def test_keys_may_come_late(read):
    rows = [{"text": f"t{n}"} for n in range(150)]
    rows[120] |= {"nps": 9, "kanava": "chat", "email": "k@example.com", "muu": "x"}
    rows[130] |= {"kommentti": "toinen", "NPS": 3}
    items = read("a.jsonl", "\n".join(map(json.dumps, rows)))
    assert texts(items) == [f"t{n}" for n in range(150)]
    assert (items[120].nps, items[120].channel, items[120].attributes) == (9, "chat", {"muu": "x"})
    assert (items[130].nps, items[130].attributes) == (None, {"kommentti": "toinen", "NPS": "3"})


def test_the_text_may_be_missing_in_some_objects(read):
    items = read("a.jsonl", '{"id": 1}\n{"id": 2, "text": "a"}\n{"id": 3, "text": null}\n')
    assert texts(items) == ["a"]
    assert rejected(items) == [(1, Reason.EMPTY_TEXT), (3, Reason.EMPTY_TEXT)]


def test_a_file_without_any_key_for_the_text_is_refused(read):
    (item,) = read("a.jsonl", '{"id": 1, "colour": "red"}\n{"id": 2, "size": 4}\n')
    assert (item.reason, item.location.row) == (Reason.UNREADABLE_FILE, 0)
    assert "Headers found: id, colour, size." in item.detail


def test_a_key_that_the_settings_name_may_be_missing_where_it_is_rarely_filled(read, caplog):
    assert texts(read("a.jsonl", '{"t": "a"}', columns={"text": "t", "nps": "score"})) == ["a"]
    assert "the columns that the settings name for nps never came" in caplog.text
    (item,) = read("a.jsonl", '{"text": "a"}', columns={"text": "t"})
    assert item.reason is Reason.UNREADABLE_FILE


def test_bad_lines_before_the_first_object_keep_their_place(read):
    items = read("a.jsonl", "x\n" * 250 + '{"text": "a"}\n')
    assert rejected(items) == [(n, Reason.INVALID_JSON) for n in range(1, 251)]
    assert (items[-1].text, items[-1].location.row) == ("a", 251)


def test_keys_without_end_are_refused(read):
    items = read("a.jsonl", "\n".join(json.dumps({"text": "a", f"k{n}": 1}) for n in range(1_200)))
    assert len(texts(items)) == 999
    assert rejected(items) == [(0, Reason.UNREADABLE_FILE)]
    assert "1,000 different keys" in items[-1].detail


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_json_lines_in_other_encodings_are_read(read, encoding):
    assert texts(read("a.jsonl", '{"text": "ä€"}\n'.encode(encoding))) == ["ä€"]


def test_an_empty_file_is_refused(read):
    assert rejected(read("a.jsonl", "")) == [(0, Reason.UNREADABLE_FILE)]


def test_a_json_array_is_read_by_its_entries(read):
    items = read("a.json", '\n[{"text": "a"},\n {"text": ""}, 7,\n {"text": "b\\ud800"}]\n')
    assert texts(items) == ["a", "b\ufffd"]
    assert rejected(items) == [(2, Reason.EMPTY_TEXT), (3, Reason.INVALID_JSON)]
    assert items[-1].location.row == 4


def test_a_json_file_may_hold_json_lines(read):
    assert texts(read("a.json", '{"text": "a"}\n{"text": "b"}\n')) == ["a", "b"]


@pytest.mark.parametrize("content", ['[{"text": "salaisuus"}', '{\n  "text": "salaisuus"\n}\n', "[" * 100_000])
def test_a_json_file_that_is_cut_or_one_spread_object_is_refused(read, content):
    (item,) = read("a.json", content)
    assert item.reason is Reason.UNREADABLE_FILE
    assert "salaisuus" not in item.detail
