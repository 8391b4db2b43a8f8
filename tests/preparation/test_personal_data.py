# ruff: noqa: RUF001 - look-alike characters are what is tested here
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import iban, luhn

from cxnlp.preparation.personal_data import find_personal_data, mask

# Invented persons and codes that are reserved: identity codes 900-999, example domains, +44 7700 900xxx, test cards.
MASKED = [
    # identity codes
    ("Hetuni on 131052-9993.", "Hetuni on [HETU]."),
    ("hetu:010190-900P kiitos", "hetu:[HETU] kiitos"),
    ("tunnus 010203a9013", "tunnus [HETU]"),
    ("Syntynyt 020202A903J, siis", "Syntynyt [HETU], siis"),
    ("vanha 131299+9453", "vanha [HETU]"),
    ("uusi merkki 150890Y9500", "uusi merkki [HETU]"),
    ("uusi merkki 150804F950T", "uusi merkki [HETU]"),
    ("131052 - 9085 on minun", "[HETU] on minun"),
    ("131052 -9085", "[HETU]"),
    ("(131052-9085)", "([HETU])"),
    ("131052–9085", "[HETU]"),
    ("１３１０５２-９０８５", "[HETU]"),
    ("١٣١٠٥٢-٩٠٨٥", "[HETU]"),
    ("kirjoitusvirhe 131052-908X", "kirjoitusvirhe [HETU]"),
    ("hetu=131052-9085;nimi", "hetu=[HETU];nimi"),
    # phone numbers
    ("Soittakaa 040 123 4567 niin", "Soittakaa [PHONE] niin"),
    ("puh. 0401234567", "puh. [PHONE]"),
    ("p.0401234567", "p.[PHONE]"),
    ("puh 040-1234567.", "puh [PHONE]."),
    ("040-123 45 67", "[PHONE]"),
    ("0 4 0 1 2 3 4 5 6 7", "[PHONE]"),
    ("0457 123 4567", "[PHONE]"),
    ("050 123 4567 tai 044 765 4321", "[PHONE] tai [PHONE]"),
    ("040.123.4567", "[PHONE]"),
    ("+358 40 123 4567", "[PHONE]"),
    ("+358401234567", "[PHONE]"),
    ("+358 (0)40 123 4567", "[PHONE]"),
    ("+358-40-123-4567", "[PHONE]"),
    ("00358 40 1234567", "[PHONE]"),
    ("(09) 123 4567", "[PHONE]"),
    ("09 1234 5678", "[PHONE]"),
    ("09-123 4567", "[PHONE]"),
    ("Vaihde 013 123 4567 ei vastaa", "Vaihde [PHONE] ei vastaa"),
    ("020 123 4567", "[PHONE]"),
    ("010 123 4567", "[PHONE]"),
    ("0800 12345", "[PHONE]"),
    ("0600-12345", "[PHONE]"),
    ("040\u00a0123\u00a04567", "[PHONE]"),
    ("040‑123‑4567", "[PHONE]"),
    ("０４０１２３４５６７", "[PHONE]"),
    ("٠٤٠١٢٣٤٥٦٧", "[PHONE]"),
    ("+44 7700 900123", "[PHONE]"),
    ("07700 900123", "[PHONE]"),
    ("07700900456", "[PHONE]"),
    ("020 7946 0018", "[PHONE]"),
    ("01632 960123", "[PHONE]"),
    ("Call (212) 555-0123 now", "Call [PHONE] now"),
    ("212-555-0123", "[PHONE]"),
    ("1-212-555-0123", "[PHONE]"),
    ("+1 (212) 555-0123", "[PHONE]"),
    ("call me on 555-0123", "call me on [PHONE]"),
    ("Soita numeroon 1234567", "Soita numeroon [PHONE]"),
    ("070-174 06 05", "[PHONE]"),
    ("+46 70 174 06 05", "[PHONE]"),
    ("+49 30 23125 014", "[PHONE]"),
    ("0401234567, 0407654321", "[PHONE], [PHONE]"),
    ("0401234567,0407654321/0501234567", "[PHONE],[PHONE]/[PHONE]"),
    ("212-555-0123,212-555-0124", "[PHONE],[PHONE]"),
    ("tel:+358401234567", "tel:[PHONE]"),
    # e-mail addresses
    ("matti.meikalainen@example.com", "[EMAIL]"),
    ("Laita postia: maija+kauppa@example.fi!", "Laita postia: [EMAIL]!"),
    ("mäkinen.äijä@ääkköset.example", "[EMAIL]"),
    ("info@xn--4ca9at.example", "[EMAIL]"),
    ("<maija@mail.example.co.uk>", "<[EMAIL]>"),
    ("mailto:maija@example.com?subject=hei", "mailto:[EMAIL]?subject=hei"),
    ("https://maija:salasana@example.com/tili", "https://[EMAIL]/tili"),
    ("https://example.com/?email=maija@example.com&x=1", "https://example.com/?email=[EMAIL]&x=1"),
    ("maija＠example.com", "[EMAIL]"),
    ("maija (at) example.com", "[EMAIL]"),
    ("maija[ät]example.fi", "[EMAIL]"),
    ("maija.m @ example.fi", "[EMAIL]"),
    ("O'Brien_1@example.org", "[EMAIL]"),
    # bank accounts
    ("FI21 1234 5600 0007 85", "[IBAN]"),
    ("FI2112345600000785", "[IBAN]"),
    ("Tili fi21 1234 5600 0007 85 kiitos paljon", "Tili [IBAN] kiitos paljon"),
    ("FI21-1234-5600-0007-85", "[IBAN]"),
    ("DE89 3704 0044 0532 0130 00", "[IBAN]"),
    ("GB82 WEST 1234 5698 7654 32 is mine", "[IBAN] is mine"),
    ("SE45 5000 0000 0583 9825 7466", "[IBAN]"),
    ("NO93 8601 1117 947", "[IBAN]"),
    ("EE38 2200 2210 2014 5685 Tallinnassa", "[IBAN] Tallinnassa"),
    ("FI21 1234 5600 0007 58", "[IBAN]"),
    # business ids
    ("Y-tunnus 1234567-1", "Y-tunnus [BUSINESS_ID]"),
    ("1234567 - 1", "[BUSINESS_ID]"),
    ("ALV FI12345671", "ALV [BUSINESS_ID]"),
    ("yritys (1234567-1) laskutti", "yritys ([BUSINESS_ID]) laskutti"),
    # payment cards
    ("kortti 4111 1111 1111 1111", "kortti [CARD]"),
    ("4111-1111-1111-1111", "[CARD]"),
    ("4111111111111111", "[CARD]"),
    ("5555 5555 5555 4444 veloitettiin", "[CARD] veloitettiin"),
    ("3782 822463 10005", "[CARD]"),
    ("4111 1111 1111 1111 12/28", "[CARD] 12/28"),
    ("1234 4111 1111 1111 1111", "1234 [CARD]"),
    ("６０１１ 1111 1111 1117", "[CARD]"),
    # licence plates
    ("Auto ABC-123 oli parkissa", "Auto [PLATE] oli parkissa"),
    ("XYZ-789", "[PLATE]"),
    ("Minun autoni AB-12 hinattiin", "Minun autoni [PLATE] hinattiin"),
    ("rekkari abc-123", "rekkari [PLATE]"),
    ("rekisterinumero ABC 123", "rekisterinumero [PLATE]"),
    ("rekisteritunnus ISO-900", "rekisteritunnus [PLATE]"),
    ("my licence plate is AB12 CDE", "my licence plate is [PLATE]"),
    ("parked the van, CDE-12, outside", "parked the van, [PLATE], outside"),
    # addresses
    ("Asun osoitteessa Mannerheimintie 5 A 12", "Asun osoitteessa [ADDRESS]"),
    ("Kuljetus Hämeenkatu 12, 33100 Tampere oli", "Kuljetus [ADDRESS] oli"),
    ("Hämeenkadulla 12", "[ADDRESS]"),
    ("Rantakuja 3 as. 4", "[ADDRESS]"),
    ("Esimerkkipolku 7b", "[ADDRESS]"),
    ("Koivukaari 4-6", "[ADDRESS]"),
    ("Kivirinne 10 C 3, 00100 HELSINKI", "[ADDRESS]"),
    ("Eino Esimerkin katu 12", "[ADDRESS]"),
    ("Pohjoisesplanadi 31", "[ADDRESS]"),
    ("Kauppatori 1", "[ADDRESS]"),
    ("asun hämeenkatu 12 b 3", "asun [ADDRESS]"),
    ("Storgatan 5, 65100 Vasa", "[ADDRESS]"),
    ("Strandvägen 12 B", "[ADDRESS]"),
    ("10 Example Street, Leeds", "[ADDRESS], Leeds"),
    ("Flat 2, 221b Sample Road", "[ADDRESS]"),
    ("lives at 7 Old Mill Lane.", "lives at [ADDRESS]"),
    ("12 Sample Ave", "[ADDRESS]"),
    ("postcode SW1A 1AA", "postcode [ADDRESS]"),
    ("M1 1AE", "[ADDRESS]"),
    # several
    (
        "Maija, 131052-9085, Testitie 1, p. 040 123 4567, maija@example.com",
        "Maija, [HETU], [ADDRESS], p. [PHONE], [EMAIL]",
    ),
]

KEPT = [
    "Hinta 29,90 € kuukaudessa",
    "1 200 € oli liikaa",
    "Maksoin 1 200 000 euroa",
    "12.10.2026",
    "2026-10-12 14:05",
    "2026-10-12T14:05:33Z",
    "klo 14.05",
    "12.10.2026 klo 09.00-17.00",
    "avoinna 10-18, la 10-16",
    "ma-pe 08-16 10-14",
    "auki 0900-1700",
    "09:00 - 17:00",
    "vuonna 2020 ja 2021",
    "2019-2021",
    "2019 2020 2021 2022",
    "01.02.2026",
    "05-10-2026 tilattu",
    "06112026",
    "100-vuotias",
    "3 kpl, 5 kpl, 10 kpl",
    "version 3.12.1",
    "iOS 17.4.1",
    "50 % alennus",
    "99,9 %",
    "5/5",
    "10/10, suosittelen",
    "24/7",
    "COVID-19",
    "USB-3",
    "A4-200",
    "ISO-900",
    "ISO 9001",
    "MP3",
    "PS5",
    "TOP-10",
    "GTX-970",
    "RTX-408 näytönohjain",
    "SPF-50",
    "tilaus 12345678",
    "tilausnumero 1234567",
    "order 20260123",
    "tilaus 1234567890 ei saapunut",
    "tilausnumero: 014206430",
    "your ticket number is 014206430",
    "Esimerkkikujalla 4.–8.6. katkos",
    "moottori B230FT",
    "I called about order 12345678",
    "Soitin tilauksesta 12345678 kahdesti",
    "10/05/2026 14",
    "JJFI6012345678901234567",
    "paketti JJFI 6012345678901234567",
    "Order #A1234-5678",
    "lasku 100200300",
    "viite 1232",
    "00100 Helsinki",
    "33100 Tampere",
    "02150 02600",
    "Valtatie 4 oli ruuhkainen",
    "Kehätie 1",
    "Hoitopolku 2 ei toiminut",
    "Hotelli Kultaranta 5 tähteä",
    "Moottori 2 kertaa rikki",
    "Uimaranta 3 km päässä",
    "Rantatie 5/5",
    "waited 3 Hours Drive",
    "5 Star Way of living",
    "2 weeks down the road",
    "3 cars on the street",
    "24 hour drive",
    "saw 2 doctors in 1 day",
    "iPhone 15 Pro Max",
    "Samsung S9 8GB",
    "Galaxy S21 5G",
    "B12 vitamin",
    "A1 Steak",
    "T2 at 9AM",
    "@kauppa vastasi",
    "tavataan @ kauppa",
    "5 @ 2,50",
    "a@b",
    "#1 palvelu",
    "1.10.",
    "3-5 päivää",
    "n. 3 vk",
    "5000-6000 euroa",
    "+10 000 000 €",
    "+20 %",
    "0,5 l",
    "-20 °C",
    "2 x 4",
    "1234567-2",
    "FI12345672",
    "131352-9085",
    "4111 1111 1111 1112",
    "GB00 WEST 1234 5698 7654 32",
    "soitin 112",
    "Soitin 3 kertaa ja odotin 45 min",
    "jonotin puhelimessa 1 h 20 min",
    "called 5 times in 2 weeks",
    "phone 12 months old",
    "lento AY-123 myöhässä",
    "SAS-123",
    "juna IC-45",
    "linja 550",
    "bussi 41",
    "luokka 12",
    "0-306-40615-2",
    "192.168.0.1",
    "koko 42-44",
    "1-2-3",
    "1 2 3 4 5 6 7 8 9",
    "123 456",
    "200x300x400",
    "3,14159265358979",
    "0.123456789",
    "tunnus ABC-1",
    "kerros 2 (hissi) [ovi 3]",
]


@pytest.mark.parametrize(("text", "expected"), MASKED)
def test_masks_personal_data(text, expected):
    assert mask(text) == expected


@pytest.mark.parametrize("text", KEPT)
def test_keeps_what_is_no_personal_data(text):
    assert mask(text) == text


def test_says_what_and_where():
    text = "Maija, puh. 040 123 4567 ja maija@example.com"
    found = [(text[piece.start : piece.end], piece.kind) for piece in find_personal_data(text)]
    assert found == [("040 123 4567", "PHONE"), ("maija@example.com", "EMAIL")]


def test_positions_hold_where_digits_are_of_another_script():
    text = "نمرو ٠٤٠١٢٣٤٥٦٧ ok"
    [piece] = find_personal_data(text)
    assert text[piece.start : piece.end] == "٠٤٠١٢٣٤٥٦٧"


def test_the_longer_of_two_overlapping_pieces_names_the_whole():
    assert mask("0401234567@example.com") == "[EMAIL]"


@pytest.mark.parametrize("seed", ["1", "4111 ", "01 ", "a.", "Aa ", "(at)", "katu 1 ", "+1 ", "0-1 ", "1 Aa ", "puh "])
def test_long_repetitive_text_is_searched_to_its_end(seed):
    assert mask(f"{seed * 2_000} maija@example.com").endswith("[EMAIL]")


CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"


@st.composite
def identity_codes(draw):
    born = draw(st.dates(min_value=date(1900, 1, 1), max_value=date(2029, 12, 31)))
    sign = draw(st.sampled_from("-YXWVU" if born.year < 2000 else "ABCDEF"))
    number = draw(st.integers(900, 999))
    checked = f"{born:%d%m%y}{number}"
    code = f"{born:%d%m%y}{sign}{number}{CHECK_CHARACTERS[int(checked) % 31]}"
    return draw(st.sampled_from([code, code.lower()]))


@st.composite
def bank_accounts(draw):
    country, length = draw(st.sampled_from([("FI", 14), ("SE", 20), ("DE", 18), ("EE", 16), ("NO", 11), ("DK", 14)]))
    account = draw(st.text("0123456789", min_size=length, max_size=length))
    number = f"{country}{iban.calc_check_digits(f'{country}00{account}')}{account}"
    return draw(st.sampled_from([number, iban.format(number), number.lower()]))


@st.composite
def payment_cards(draw):
    prefix, length = draw(st.sampled_from([("4", 16), ("51", 16), ("37", 15), ("6011", 16), ("4", 19)]))
    missing = length - len(prefix) - 1
    digits = prefix + draw(st.text("0123456789", min_size=missing, max_size=missing))
    number = digits + luhn.calc_check_digit(digits)
    groups = " ".join(number[at : at + 4] for at in range(0, length, 4))
    return draw(st.sampled_from([number, groups, groups.replace(" ", "-")]))


@given(
    before=st.text(max_size=60),
    secret=st.one_of(identity_codes(), bank_accounts(), payment_cards(), st.emails()),
    after=st.text(max_size=60),
)
@settings(max_examples=400, deadline=None)
def test_checked_identifiers_are_masked_wherever_they_stand(before, secret, after):
    masked = mask(f"{before} {secret} {after}")
    assert secret not in masked
    assert "[" in masked


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200) | st.from_regex(r"[\d @.+()a-zA-Z\n-]{0,80}"))
@settings(max_examples=400, deadline=None)
def test_nothing_is_left_to_mask_after_masking(text):
    masked = mask(text)
    assert mask(masked) == masked
    assert find_personal_data(masked) == []


@given(st.text(alphabet=st.characters(exclude_categories=("Nd", "Cs"), exclude_characters="@＠﹫([")))
def test_text_without_digits_at_signs_and_brackets_stays(text):
    assert mask(text) == text
