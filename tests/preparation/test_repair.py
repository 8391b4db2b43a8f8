# ruff: noqa: RUF001 - look-alike characters are what is tested here
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cxnlp.preparation.repair import repair

REPAIRED = [
    ("hyvÃ¤Ã¤ pÃ¤ivÃ¤Ã¤", "hyvää päivää"),
    ("Ã„iti sanoi â€œhyvÃ¤â€\x9d ja maksoi 5 â‚¬", "Äiti sanoi “hyvä” ja maksoi 5 €"),
    ("mittasi 3\x80 \x96 hyvä", "mittasi 3€ – hyvä"),
    ("T&auml;m&auml; &amp; tuo", "Tämä & tuo"),
    ("&amp;amp;amp;lt;3", "<3"),
    ("&Atilde;&curren;", "ä"),
    ("a&nbsp;b", "a b"),
    ("<p>Hei</p><p>sinä</p>", "Hei\n\nsinä"),
    ("yksi<br/>kaksi<BR>kolme", "yksi\nkaksi\nkolme"),
    ('<span style="color: red">punainen</span> <b>lihava</b>', "punainen lihava"),
    ("<style>p { color: red }</style>teksti<!-- huomautus -->", "teksti"),
    ("&lt;b&gt;lihava&lt;/b&gt;", "lihava"),
    ("a\u0308iti", "äiti"),
    ("a\x00b\x07c\x1b[31md", "abcd"),
    ("kahvi\u200bla\ufeff ta\u00aduko", "kahvila tauko"),
    ("a\u200db", "ab"),
    ("hyvä\ud83d\ude00", "hyvä😀"),
    ("rikki \ud83d tässä", "rikki \ufffd tässä"),
    ("  liikaa   välejä\t\there ", "liikaa välejä here"),
    ("yksi\r\nkaksi\rkolme\u2028neljä", "yksi\nkaksi\nkolme\nneljä"),
    ("yksi \n\n\n\n kaksi", "yksi\n\nkaksi"),
    ("\u2800\u3164 \n", ""),
]

KEPT = [
    "Sinä <3 minä",
    "a < b ja c > d",
    "jos a <b ja c> d",
    "kirjoita <maija@example.com>",
    "AT&T ja R&D",
    "https://example.com/?a=1&copy=2",
    "“lainaus” ja ’heitto’",
    "ﬁlmi ＡＢＣ ½ m²",
    "👩‍👩‍👧 ❤️ 1️⃣ 👍🏽",
    "ÄÄÄ… HyvääÄÄ!",
    "café naïve Ångström – señor",
    "rivi\n\ntoinen\nkolmas",
    "",
]


@pytest.mark.parametrize(("broken", "expected"), REPAIRED)
def test_repairs_broken_text(broken, expected):
    assert repair(broken) == expected


@pytest.mark.parametrize("text", KEPT)
def test_keeps_what_is_meant(text):
    assert repair(text) == text


BROKEN = (
    *(
        "Ã",
        "¤",
        "Â",
        " ",
        "\xa0",
        "\x80",
        "&",
        "amp;",
        "#38;",
        "lt;",
        "<",
        ">",
        "/b",
        "<b",
        "br",
        "=",
        '"',
        "â€œ",
        "-->",
    ),
    *("\u200d", "\ufe0f", "👍", "❤", "\u0308", "a", "ä", "\n", "\r", "\ud83d", "\ude00", "&auml;", "<!--"),
)
FRAGMENTS = st.lists(st.sampled_from(BROKEN) | st.text(max_size=3)).map("".join)


@given(FRAGMENTS | st.text(alphabet=st.characters(exclude_categories=())))
@example("&am<b></b>p;lt;3")
@example("Ã&curren;")
@settings(max_examples=600, deadline=None)
def test_repairing_twice_changes_nothing_more(text):
    once = repair(text)
    assert repair(once) == once


@given(FRAGMENTS)
@settings(deadline=None)
def test_repaired_text_is_tidy(text):
    repaired = repair(text)
    assert repaired == repaired.strip()
    assert "\n\n\n" not in repaired
    assert "  " not in repaired
    assert not {"\x00", "\r", "\t", "\u200b", "\ufeff"} & set(repaired)
    repaired.encode("utf-8")
