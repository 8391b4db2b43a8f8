"""Dates, scores and answers: what is understood, and what is said of the rest."""

import json
from datetime import UTC, datetime

import pytest

from cxnlp.records import Reason, Rejection


@pytest.fixture
def read_value(read):
    """The record or rejection of one CSV row with one value in one column."""

    def read_one(header, value, **settings):
        quoted = value.replace('"', '""')
        (item,) = read("a.csv", f'text,{header}\nHyvä,"{quoted}"\n', **settings)
        return item

    return read_one


@pytest.fixture
def read_json_value(read):
    def read_one(key, value, **settings):
        (item,) = read("a.jsonl", json.dumps({"text": "Hyvä", key: value}), **settings)
        return item

    return read_one


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-01-31", at(2026, 1, 30, 22)),
        ("20260131", at(2026, 1, 30, 22)),
        ("2026-1-3", at(2026, 1, 2, 22)),
        ("2026-01-31T14:05", at(2026, 1, 31, 12, 5)),
        ("2026-01-31 14:05:30", at(2026, 1, 31, 12, 5, 30)),
        ("2026-01-31T14:05:30Z", at(2026, 1, 31, 14, 5, 30)),
        ("2026-01-31 14:05:30 UTC", at(2026, 1, 31, 14, 5, 30)),
        ("2026-01-31T14:05:30+05:30", at(2026, 1, 31, 8, 35, 30)),
        ("2026-01-31 14:05:30 +0200", at(2026, 1, 31, 12, 5, 30)),
        ("2026-01-31T14:05:30.123456789Z", at(2026, 1, 31, 14, 5, 30, 123456)),
        ("2026/01/31", at(2026, 1, 30, 22)),
        ("2026/1/31 9:05", at(2026, 1, 31, 7, 5)),
        ("31.1.2026", at(2026, 1, 30, 22)),
        ("31.01.2026", at(2026, 1, 30, 22)),
        (" 31. 1. 2026 ", at(2026, 1, 30, 22)),
        ("31.1.26", at(2026, 1, 30, 22)),
        ("1.6.69", at(2069, 5, 31, 21)),
        ("1.6.70", at(1970, 5, 31, 22)),
        ("31.12.99", at(1999, 12, 30, 22)),
        ("31.1.2026 14.05", at(2026, 1, 31, 12, 5)),
        ("31.1.2026 14:05", at(2026, 1, 31, 12, 5)),
        ("31.1.2026 14:05:30", at(2026, 1, 31, 12, 5, 30)),
        ("31.1.2026 klo 14.05", at(2026, 1, 31, 12, 5)),
        ("31.1.2026 klo 14:05:30", at(2026, 1, 31, 12, 5, 30)),
        ("31.1.2026, KLO 9.05", at(2026, 1, 31, 7, 5)),
        ("1.7.2026 klo 12.00", at(2026, 7, 1, 9)),
        ("29.2.2024", at(2024, 2, 28, 22)),
    ],
)
def test_a_date_is_understood_in_finnish_time(read_value, written, meant):
    created_at = read_value("date", written).created_at
    assert created_at == meant
    assert created_at.tzinfo is UTC


def test_an_hour_that_summer_time_skips_is_read_as_if_the_clock_had_not_been_put_forward(read_value):
    assert read_value("date", "29.3.2026 klo 3.30").created_at == at(2026, 3, 29, 1, 30)


def test_an_hour_that_winter_time_repeats_is_the_first_of_the_two(read_value):
    assert read_value("date", "25.10.2026 klo 3.30").created_at == at(2026, 10, 25, 0, 30)


def test_the_zone_of_the_settings_counts(read_value):
    assert read_value("date", "31.1.2026 14.05", timezone="Europe/London").created_at == at(2026, 1, 31, 14, 5)


@pytest.mark.parametrize(
    "impossible",
    [
        *("31.2.2026", "32.1.2026", "2026-13-01", "29.2.2025", "0.1.2026", "31.1.2026 klo 25.00", "31.1.2026 14.60"),
        *("2026-02-30T10:00:00Z", "1.1.0001", "9999-12-31", "9999-12-31T23:59:59-12:00", "31.1.20261"),
    ],
)
def test_an_impossible_date_is_rejected(read_value, impossible):
    item = read_value("Päivämäärä", impossible)
    assert (item.reason, item.column, item.location.row) == (Reason.INVALID_DATE, "created_at", 2)
    assert "such as 2026-01-31" in item.detail
    assert "31.1.2026 klo 14.05" in item.detail


@pytest.mark.parametrize("ambiguous", ["12/31/2025", "1/2/2026", "31/12/2025 10:00", "12-31-2025", "1/2/26"])
def test_a_date_that_does_not_tell_day_from_month_is_rejected_with_advice(read_value, ambiguous):
    item = read_value("date", ambiguous)
    assert item.reason is Reason.INVALID_DATE
    assert f"'{ambiguous}'" in item.detail
    assert "do not tell the day from the month" in item.detail


@pytest.mark.parametrize("text", ["eilen", "tammikuu 2026", "klo 14.05", "1767225600", "2026", "2012121212345"])
def test_a_text_that_is_no_date_is_rejected(read_value, text):
    assert read_value("date", text).reason is Reason.INVALID_DATE


@pytest.mark.parametrize("number", [1767225600, 1767225600.0, 1767225600000])
def test_unix_time_is_understood_where_json_gives_a_number(read_json_value, number):
    assert read_json_value("timestamp", number).created_at == at(2026, 1, 1)


@pytest.mark.parametrize("value", [0, 20260131, 45000, 10**18, -1, True, ["2026-01-31"], {"date": 1}])
def test_other_numbers_and_values_are_no_time(read_json_value, value):
    item = read_json_value("timestamp", value)
    assert (item.reason, item.column) == (Reason.INVALID_DATE, "created_at")


@pytest.mark.parametrize("empty", ["", "  ", "-", "N/A", "NULL", "nan"])
@pytest.mark.parametrize("header", ["date", "nps", "ces", "csat", "resolved", "language"])
def test_an_empty_value_is_no_value(read_value, header, empty):
    item = read_value(header, empty)
    assert (item.created_at, item.nps, item.ces, item.csat) == (None, None, None, None)
    assert (item.resolved_first_contact, item.language_hint, item.ces_version) == (None, None, None)


@pytest.mark.parametrize(
    ("written", "meant"), [("9", 9), ("9,0", 9), ("9.0", 9), (" 10 ", 10), ("0", 0), ("10,00", 10)]
)
def test_a_score_is_understood(read_value, written, meant):
    assert read_value("NPS", written).nps == meant


@pytest.mark.parametrize("number", [9, 9.0, "9", "9,0"])
def test_a_score_is_understood_where_json_gives_it(read_json_value, number):
    assert read_json_value("nps", number).nps == 9


@pytest.mark.parametrize(
    ("header", "value", "allowed"),
    [
        ("nps", "11", "0 to 10"),
        ("nps", "-1", "0 to 10"),
        ("nps", "9,5", "0 to 10"),
        ("nps", "9/10", "0 to 10"),
        ("ces", "0", "1 to 7"),
        ("ces", "8", "1 to 7"),
        ("csat", "6", "1 to 5"),
    ],
)
def test_a_score_off_its_scale_is_rejected_with_the_value_and_the_scale(read_value, header, value, allowed):
    item = read_value(header, value)
    assert (item.reason, item.column) == (Reason.INVALID_VALUE, header)
    assert f"'{value}'" in item.detail
    assert allowed in item.detail


@pytest.mark.parametrize("value", [True, [9], {"score": 9}, 9.5, 11])
def test_a_score_of_another_kind_is_rejected(read_json_value, value):
    assert read_json_value("nps", value).reason is Reason.INVALID_VALUE


def test_the_version_of_the_effort_scale_decides_what_is_allowed(read_value):
    kept = read_value("ces", "5", ces_version="1.0")
    assert (kept.ces, kept.ces_version) == (5, "1.0")
    assert read_value("ces", "7").ces_version == "2.0"
    assert "1 to 5" in read_value("ces", "6", ces_version="1.0").detail


@pytest.mark.parametrize(
    ("value", "length"),
    [
        ("kymmenen", 8),
        ("Kalle soitti +358 40", 20),
        ("010190-123A", 11),
        ("040 123 4567", 12),
        ("1, 2, 3 ja sitten vielä 4", 25),
        ("😡😡😡", 3),
        ("1" * 30, 30),
    ],
)
def test_a_value_that_may_be_feedback_or_a_persons_data_is_not_shown(read_value, value, length):
    item = read_value("nps", value)
    assert item.reason is Reason.INVALID_VALUE
    assert f"a text of {length} characters" in item.detail
    assert value not in item.detail


@pytest.mark.parametrize("written", ["kyllä", "Kyllä", "K", "yes", "Y", "true", "1", "x", "X", " TRUE "])
def test_yes_is_understood(read_value, written):
    assert read_value("Ratkesi", written).resolved_first_contact is True


@pytest.mark.parametrize("written", ["ei", "E", "No", "n", "false", "0"])
def test_no_is_understood(read_value, written):
    assert read_value("FCR", written).resolved_first_contact is False


@pytest.mark.parametrize(("given", "meant"), [(True, True), (False, False), (1, True), (0.0, False)])
def test_yes_and_no_are_understood_where_json_gives_them(read_json_value, given, meant):
    assert read_json_value("resolved", given).resolved_first_contact is meant


@pytest.mark.parametrize(("header", "value"), [("resolved", "ehkä"), ("resolved", "2"), ("voice", "partner")])
def test_an_answer_that_is_not_among_those_allowed_is_rejected(read_value, header, value):
    item = read_value(header, value)
    assert item.reason is Reason.INVALID_VALUE
    assert "ehkä" not in item.detail
    assert "partner" not in item.detail


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *[("customer", "customer"), ("Asiakas", "customer"), ("", "customer")],
        *[("employee", "employee"), ("henkilöstö", "employee"), ("Työntekijä", "employee")],
        *[("process", "process"), ("PROSESSI", "process")],
    ],
)
def test_the_voice_is_understood(read_value, written, meant):
    assert read_value("Ääni", written).voice == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *[("fi", "fi"), ("FI", "fi"), ("fi-FI", "fi"), ("fi_FI", "fi"), ("fin", "fi"), ("Suomi", "fi")],
        *[("Finnish", "fi"), ("englanti", "en"), ("English", "en"), ("en-GB", "en"), ("eng", "en")],
        *[("ruotsi", "sv"), ("Svenska", "sv"), ("sv", "sv"), ("de", "de"), ("et", "et")],
        *[("klingon", None), ("?", None), ("123", None)],
    ],
)
def test_a_language_hint_is_understood_and_an_unknown_one_is_no_reason_to_reject(read_value, written, meant):
    assert read_value("Kieli", written).language_hint == meant


def test_ids_and_names_are_stripped_and_whole_numbers_written_without_a_point(read_json_value, read_value):
    assert read_value("id", "  A 7 ").own_id == "A 7"
    assert read_json_value("id", 7.0).own_id == "7"
    assert read_json_value("channel", " ").channel is None


def test_a_list_in_the_place_of_a_name_or_a_text_is_rejected(read, read_json_value):
    assert read_json_value("channel", ["a"]).column == "channel"
    (item,) = read("a.jsonl", '{"text": ["a", "b"]}')
    assert isinstance(item, Rejection)
    assert (item.reason, item.column) == (Reason.INVALID_VALUE, "text")


def test_what_is_remembered_of_one_value_is_not_taken_for_its_look_alike(read):
    items = read("a.jsonl", "\n".join(json.dumps({"text": "a", "resolved": value}) for value in (1, True, "1", 1.0)))
    assert [item.resolved_first_contact for item in items] == [True] * 4
    items = read("a.jsonl", "\n".join(json.dumps({"text": "a", "nps": value}) for value in ("1", 1, True)))
    assert [getattr(item, "nps", item) for item in items[:2]] == [1, 1]
    assert items[2].reason is Reason.INVALID_VALUE
