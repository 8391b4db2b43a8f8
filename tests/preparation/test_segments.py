import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxnlp.preparation import repair, split

SENTENCES = [
    ("fi", ["Hyvä palvelu.", "Kiitos!"]),
    ("fi", ["hyvä ruoka.", "huono palvelu.", "kallis"]),
    ("fi", ["Tulin klo 14.05.", "Sain ajan 12. luokkaan."]),
    ("fi", ["Toimitus kesti 1.10. alkaen n. 3 vk ja maksoi esim. 5 euroa.", "Kallista."]),
    ("fi", ["Ruokaa, juomaa jne. oli tarjolla."]),
    ("fi", ["Ruokaa, juomaa jne.", "Sitten loppui."]),
    ("fi", ["Esim. Helsingissä ei toimi."]),
    ("fi", ["Versio 3.12.1 kaatuu.", "Miksi?"]),
    ("fi", ["Odotin... ja odotin."]),
    ("fi", ["Odotin...", "Kukaan ei tullut."]),
    ("fi", ["Hyvä palvelu!", "Suosittelen."]),
    ("fi", ['"Kiitos!" sanoi myyjä.', "Lähdin."]),
    ("fi", ["Miksi ei vastata?!", "Haloo!!!"]),
    ("fi", ["J. Esimerkki auttoi.", "Kiitos!"]),
    ("en", ["Dr. Smith was kind.", "I waited approx. 3 hrs. in the hall."]),
    ("en", ["We met at 3 p.m. on Monday.", "It was fine, e.g. the food."]),
    ("en", ["I rate it 10.", "very good"]),
    ("sv", ["Bra service.", "Tack!"]),
    ("xx", ["Väga hea.", "Aitäh!"]),
]

CLAUSES = [
    ("fi", ["tilaaminen oli helppoa", "mutta palautus yhtä tuskaa"]),
    ("fi", ["Ruoka oli hyvää,", "mutta palvelu oli hidasta."]),
    ("fi", ["Ei ollut hidas,", "vaan todella nopea"]),
    ("fi", ["Kassalla sai apua,", "kun taas netissä ei kukaan vastaa"]),
    ("fi", ["Myyjä oli mukava,", "sen sijaan hinta yllätti"]),
    ("fi", ["Ruoka oli todella hyvää,", "ja palvelu oli nopeaa"]),
    ("fi", ["Tilaus hoitui nopeasti;", "palautus ei onnistunut"]),
    ("fi", ["Hyvä palvelu", "- hinta korkea"]),
    ("fi", ["se oli vaan niin hyvä kokemus"]),
    ("fi", ["Sanoivat, että tulee huomenna"]),
    ("fi", ["Hyvä mutta kallis"]),
    ("fi", ["Soitin, ja asia oli ohi"]),
    ("fi", ["Palvelu oli nopeaa, halpaa, ja henkilökunta mukavaa"]),
    ("fi", ["Avoinna vain klo 10 - 18 arkisin"]),
    ("en", ["The app is easy", "but the delivery was late"]),
    ("en", ["Staff were lovely,", "although the wait was long"]),
    ("en", ["The food was good,", "while service was slow"]),
    ("en", ["The order came on time,", "and the driver was polite"]),
    ("en", ["I read it while waiting there"]),
    ("en", ["It is nothing but trouble to me"]),
    ("en", ["Good staff, clean rooms, and nice food"]),
    ("sv", ["Maten var god", "men servicen var långsam"]),
    ("und", ["lento ok", "but food bad"]),
    ("fr", ["le but de la visite"]),
]

SIGNS = [
    ["Hyvä palvelu! 👍👍"],
    ["Hyvä palvelu! 👍", "Kiitos :)"],
    ["Kiitos. :D"],
    ["Hienoa!\n😀"],
    ["👍 Hyvä.", "Kiitos."],
    ["👍👍"],
    ["...!?"],
]

LINES = [
    ("Hyvää:\n- ruoka\n- palvelu", ["Hyvää:", "- ruoka", "- palvelu"]),
    ("• yksi • kaksi • kolme", ["• yksi", "• kaksi", "• kolme"]),
    ("1. Nopea\n2. Halpa", ["1. Nopea", "2. Halpa"]),
    ("eka rivi\n\ntoka rivi", ["eka rivi", "toka rivi"]),
    ("hyvä.Huono!Todella", ["hyvä.", "Huono!", "Todella"]),
    ("What a price.I've left", ["What a price.", "I've left"]),
    ("Katso www.example.com/Sivu.Html nyt", ["Katso www.example.com/Sivu.Html nyt"]),
]


def pieces(text, language):
    return [text[segment.start : segment.end] for segment in split(text, language)]


@pytest.mark.parametrize(("language", "expected"), SENTENCES)
def test_splits_into_sentences(language, expected):
    assert pieces(" ".join(expected), language) == expected


@pytest.mark.parametrize(("language", "expected"), CLAUSES)
def test_splits_into_clauses_at_contrasts(language, expected):
    assert pieces(" ".join(expected), language) == expected


@pytest.mark.parametrize("expected", SIGNS)
def test_signs_stay_with_the_sentence_before(expected):
    assert pieces(" ".join(expected), "fi") == expected


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_lines_and_bullets_begin_a_segment(text, expected):
    assert pieces(text, "fi") == expected


def test_text_without_anything_gives_one_empty_segment():
    assert [(segment.start, segment.end) for segment in split("", "fi")] == [(0, 0)]


def test_the_last_of_200_segments_takes_the_rest():
    text = "Hyvä juttu. " * 500
    segments = split(text, "fi")
    assert len(segments) == 200
    assert segments[-1].end == len(text.rstrip())


WORDS = (
    *("hyvä", "mutta", "palvelu,", "ja", "but", "and", "klo", "14.05", "12.", "esim.", "Kiitos", "!", "?!", "...", "."),
    *(";", "-", "\n", "•", "👍", ":)", "(", ")", '"', "hyvä.Huono", "[PHONE]", "1.10.", "n.", "3"),
)
TEXTS = st.text() | st.lists(st.sampled_from(WORDS)).map(" ".join)


@given(
    text=TEXTS,
    language=st.sampled_from(["fi", "en", "sv", "und", "ja"]),
)
@settings(max_examples=500, deadline=None)
def test_every_character_but_white_space_is_in_exactly_one_segment(text, language):
    text = repair(text)
    segments = split(text, language)
    assert segments
    inside = [at for segment in segments for at in range(segment.start, segment.end)]
    assert len(inside) == len(set(inside))
    assert {at for at, character in enumerate(text) if not character.isspace()} <= set(inside)
    assert [*segments] == sorted(segments, key=lambda segment: segment.start)
    assert all(text[segment.start : segment.end].strip() == text[segment.start : segment.end] for segment in segments)
