"""Which column becomes which field, and which is never read."""

import logging

import pytest

from cxnlp.errors import ConfigurationError
from cxnlp.records import Reason
from cxnlp.sources import open_source
from cxnlp.sources.fields import FIELDS
from cxnlp.sources.headers import assign_headers
from cxnlp.sources.personal import is_personal
from cxnlp.sources.synonyms import SYNONYMS
from cxnlp.sources.words import fold


@pytest.mark.parametrize(
    ("field", "headers"),
    [
        ("text", ["palaute", "Avoin palaute", "VAPAA_PALAUTE", "Kommentti", "kommentit", "vapaa sana", "viesti"]),
        ("text", ["arvostelu", "Feedback", "comment", "Comments", "text", "review", "message", "verbatim", "Answer"]),
        ("own_id", ["id", "ID", "Tunniste", "Palaute ID", "palaute-id", "feedback_id", "Response ID", "vastaus id"]),
        ("created_at", ["pvm", "Pvm.", "Päivämäärä", "paivamaara", "Päiväys", "aika", "Aikaleima", "luotu", "Date"]),
        ("created_at", ["created_at", "Created At", "createdAt", "Submitted at", "timestamp", "Vastausaika", "date"]),
        ("nps", ["NPS", "Suositteluhalukkuus", "suositteluindeksi", "Recommend", "Likelihood to recommend"]),
        (
            "nps",
            ["Kuinka todennäköisesti suosittelisit meitä?", "How likely are you to recommend us to a friend (0-10)"],
        ),
        ("ces", ["CES", "vaivattomuus", "Helppous", "Customer Effort Score"]),
        ("csat", ["CSAT", "Tyytyväisyys", "satisfaction"]),
        ("channel", ["Kanava", "channel"]),
        ("touchpoint", ["Kosketuspiste", "touchpoint", "Touch point"]),
        ("journey", ["polku", "Asiakaspolku", "journey"]),
        ("owner", ["Tiimi", "vastuutaho", "omistaja", "team", "Owner"]),
        ("customer_ref", ["Asiakas", "asiakasnumero", "Asiakas ID", "customer", "customer_id", "Customer ref"]),
        ("language_hint", ["kieli", "Language", "lang", "locale"]),
        ("question", ["kysymys", "Question"]),
        ("resolved_first_contact", ["Ratkesi", "ratkaistu", "resolved", "First Contact Resolution", "FCR"]),
        ("voice", ["Ääni", "voice"]),
        *[(field, [field]) for field in FIELDS],
    ],
)
def test_a_header_is_known_by_its_synonyms(field, headers):
    for header in headers:
        assert assign_headers([header], {}, ()).fields == {field: header}


def test_no_word_stands_for_two_fields_or_for_a_persons_data():
    words = [fold(word) for synonyms in SYNONYMS.values() for word in synonyms]
    assert len(words) == len(set(words))
    assert not [word for synonyms in SYNONYMS.values() for word in synonyms if is_personal(word)]


def test_of_two_headers_for_one_field_the_first_of_the_synonyms_wins_and_the_other_is_an_attribute(read):
    (item,) = read("a.csv", "kommentti,palaute,luotu,pvm\nsivu,pää,2.1.2026,3.1.2026\n")
    assert item.text == "pää"
    assert item.created_at.day == 2
    assert item.attributes == {"kommentti": "sivu", "luotu": "2.1.2026"}


def test_an_exact_header_for_the_score_wins_over_a_question_that_mentions_it(read):
    (item,) = read("a.csv", "text,Kuinka todennäköisesti suosittelisit?,NPS\nHyvä,3,9\n")
    assert (item.nps, item.attributes) == (9, {"Kuinka todennäköisesti suosittelisit?": "3"})


@pytest.mark.parametrize(
    "question", ["Miksi suosittelisit meitä?", "Any recommendations?", "Why would you recommend us?"]
)
def test_the_open_question_behind_the_score_is_not_taken_for_the_score(read, question):
    (item,) = read("a.csv", f"text,{question}\nHyvä,Koska on helppoa\n")
    assert (item.nps, item.attributes) == (None, {question: "Koska on helppoa"})


def test_the_settings_win_over_synonyms(read):
    (item,) = read(
        "a.csv",
        "palaute,Mitä mieltä?,nro,tunniste,pvm\na,b,c,d,\n",
        columns={"text": "mitä mieltä", "id": "nro", "date": "pvm"},
    )
    assert (item.text, item.own_id) == ("b", "c")
    assert item.attributes == {"palaute": "a", "tunniste": "d"}


PERSONAL = [
    *("nimi", "Etunimi", "sukunimi", "Name", "first_name", "Last name", "Full Name", "Sähköposti", "email", "E-mail"),
    *("puhelin", "Puhelinnumero", "Phone", "osoite", "address", "hetu", "Henkilötunnus", "SSN", "Syntymäaika"),
    *("Date of birth", "Asiakkaan nimi", "Vastaajan sähköposti", "Customer Name", "contact e-mail address"),
    *("Palautteen antajan puhelin", "customer's name", "Jätä sähköpostiosoitteesi, jos haluat vastauksen"),
]


@pytest.mark.parametrize("header", PERSONAL)
def test_a_column_with_a_persons_data_is_neither_field_nor_attribute(read, header):
    (item,) = read("a.csv", f'text,"{header}",muu\nHyvä,Kalle Keksitty,x\n')
    assert item.attributes == {"muu": "x"}
    assert "Keksitty" not in repr(item)


@pytest.mark.parametrize("header", ["tuotteen nimi", "Product name", "Puhelinpalvelun arvosana", "Asioinnin kesto"])
def test_a_column_that_only_sounds_like_it_is_kept(read, header):
    (item,) = read("a.csv", f"text,{header}\nHyvä,x\n")
    assert item.attributes == {header: "x"}


def test_columns_that_the_settings_call_personal_are_left_out_and_counted_in_the_log(read, caplog):
    with caplog.at_level(logging.INFO, "cxnlp.sources"):
        (item,) = read("a.csv", "text,Lempinimi,nimi,muu\nHyvä,Kallu,Kalle,x\n", personal=["LEMPI-NIMI"])
    assert item.attributes == {"muu": "x"}
    assert "2 columns with personal data left out (Lempinimi, nimi)" in caplog.text
    assert "Kall" not in caplog.text
    assert "Hyvä" not in caplog.text


def test_personal_keys_inside_nested_json_are_left_out_too(read):
    (item,) = read(
        "a.jsonl",
        '{"text": "a", "meta": {"os": "iOS", "email": "k@example.com", "more": [{"Etunimi": "K", "n": 1.0}]}}',
    )
    assert item.attributes == {"meta": '{"os":"iOS","more":[{"n":1.0}]}'}


def test_a_personal_column_that_the_settings_read_on_purpose_is_read(read):
    (item,) = read("a.csv", "text,email\nHyvä,kalle@example.com\n", columns={"customer_ref": "email"})
    assert (item.customer_ref, item.attributes) == ("kalle@example.com", {})


def test_empty_attributes_are_dropped(read):
    (item,) = read("a.csv", "text,a,b,c\nHyvä,, ,0\n")
    assert item.attributes == {"c": "0"}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"columns": {"txt": "Palaute"}}, ["'txt'", "text, own_id", "id, date"]),
        ({"columns": {"id": "a", "own_id": "b"}}, ["own_id twice"]),
        ({"columns": {"text": " "}}, ["text no header"]),
        ({"columns": {"text": "Palaute"}, "personal": ["palaute"]}, ["text", "'Palaute'", "personal"]),
        ({"personal": "nimi"}, ["list of headers"]),
        ({"timezone": "Finland/Helsinki"}, ["'Finland/Helsinki'", "Europe/Helsinki"]),
        ({"timezone": "../etc/passwd"}, ["Europe/Helsinki"]),
        ({"ces_version": "3.0"}, ["'3.0'", "1.0", "2.0"]),
    ],
)
def test_settings_that_cannot_be_meant_are_refused_with_what_is_allowed(tmp_path, settings, words):
    (tmp_path / "a.csv").write_text("text\na\n", "utf-8")
    with pytest.raises(ConfigurationError) as raised:
        open_source("survey", tmp_path, **settings)
    assert [word for word in words if word not in str(raised.value)] == []


def test_a_text_column_holding_a_persons_name_by_its_header_is_not_guessed(read):
    (item,) = read("a.csv", "id,nimi\n1,Kalle\n")
    assert item.reason is Reason.UNREADABLE_FILE
    assert "Kalle" not in item.detail
