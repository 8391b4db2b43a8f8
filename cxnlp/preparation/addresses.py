"""Where street addresses and postcodes stand.

Every function takes text whose digits, dashes and spaces are plain ASCII, and yields (start, end) in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cxnlp.preparation.spans import Span

_UPPER: Final = "A-ZÅÄÖÉÜ"
# Cases that go with "of", "on", "from", "to", "in", "out of".
_CASE: Final = r"(?:n|lla|llä|lta|ltä|lle|ssa|ssä|sta|stä)?"
# What a Finnish street name ends in, with the stem that the cases take where it differs, and the Swedish counterparts.
_STREET: Final = (
    rf"(?:(?:kadu|tie|kuja|polu|kaare|väylä|raiti|ranna|rintee|mäe|puistiko|aukio|penkeree|esplanadi|bulevardi){_CASE}"
    rf"|ntori{_CASE}|katu|polku|kaari|raitti|ranta|rinne|mäki|puistikko|penger"
    r"|gatan|vägen|gränden|stigen|backen|torget|stranden|esplanaden|allén|bågen|kajen)"
)
# A number after these is no house: "Valtatie 4", "Hoitopolku 2", "Kehätie 1".
_NO_STREET: Final = (
    r"(?!(?:valta|kanta|seutu|yhdys|kehä|moottori|rauta|ratkaisun|asiakas|hoito|palvelu|oppimis|opinto|ura|uima|luonto|"
    rf"hiihto|pulkka)?(?:tie|polku|polu|väylä|ranta|mäki|mäe|rinne){_CASE}\b)"
)
_HOUSE: Final = (
    r"\d{1,4}(?: ?- ?\d{1,4}\b)?(?: ?[a-zA-Z](?![^\W_])(?: ?\d{1,3}(?!\d))?)?(?: ?(?:as\.?|asunto|lgh|bst) ?\d{1,3})?"
)
_NO_QUANTITY: Final = (
    r"(?![.,:]?\d|/\d|\.-| ?(?:€|%|e\b|eur|kpl|km\b|m\b|min|h\b|kertaa|päiv|viik|vuo|v\b|kk\b|vk\b|tunti|tuntia|tähte"
    r"|tähden|pist|hengen|henkilö|stars?\b|stjärn))"
)
_TOWN: Final = rf"(?:,?\s(?:FI-|SE-)?\d{{3}} ?\d\d(?!\d)(?:\s[{_UPPER}][\w-]+)?)?"
_BEFORE_NUMBER: Final = re.compile(r"[^\W\d_](?=,? \d)")
_STREET_END: Final = re.compile(rf"(?:{_STREET}|aukio|tori{_CASE})$", re.IGNORECASE)
_LONGEST_END: Final = 14
_STREET_NAME: Final = re.compile(
    rf"(?<![\w-])(?i:{_NO_STREET})(?:[{_UPPER}][\w-]{{1,40}}?(?i:{_STREET})"
    rf"|(?:[{_UPPER}][\w.-]{{0,30}} ){{1,3}}(?i:katu|kadun|kadulla|kadulta|tie|tien|tiellä|kuja|polku|aukio|aukiolla)"
    rf"|(?:Kauppa|Keskus)tori{_CASE}"
    r"|(?i:\w{3,30}n(?:katu|kadun|kadulla|tie|tien|tiellä|kuja|kujan|kujalla)))$"
)
_LONGEST_NAME: Final = 80
_HOUSE_AND_TOWN: Final = re.compile(rf",? {_HOUSE}(?!\d){_NO_QUANTITY}{_TOWN}")
_ENGLISH: Final = re.compile(
    r"(?<![\w.,/-])(?:(?i:flat|apt|apartment|unit) \d{1,4}[A-Za-z]?,? )?\d{1,5}[A-Za-z]?,? "
    r"(?!(?:Star|Day|Hour|Minute|Week|Month|Year|Mile)s?\b)(?:[A-Z][\w'\u2019-]{1,30} ){1,3}"
    r"(?:(?:Street|Road|Avenue|Lane|Drive|Close|Crescent|Terrace|Gardens|Grove|Boulevard|Mews|Highway|Court|Square|Way)\b"
    r"|(?:St|Rd|Ave|Ln|Dr|Cres|Blvd|Hwy|Sq)\b(?!\.? [A-Z]))\.?"
)
_POSTCODE_AREA: Final = (
    "A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]|L[ADELNSU]?"
    "|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|ZE"
)
_POSTCODE: Final = re.compile(
    rf"(?<![\w-])(?:{_POSTCODE_AREA})(?:(?<=[A-Z]{{2}})\d[0-9A-Z]? ?|\d[0-9A-Z]? )"
    r"\d(?!GB|TB|TH|ST|ND|RD)[ABD-HJLNP-UW-Z]{2}(?![\w-])"
)


def street_addresses(text: str) -> Iterator[Span]:
    """Street addresses with a house number, Finnish, Swedish and English, and British postcodes.

    A number counts as a house number only if no unit follows it ("Kultaranta 5 tähteä"). A postcode needs its space
    if its area is one letter, since product codes look like it otherwise.

    Source: Royal Mail postcode areas; the last two letters of a postcode are never C, I, K, M, O or V.
    """
    yield from _nordic_addresses(text)
    for pattern in (_ENGLISH, _POSTCODE):
        for match in pattern.finditer(text):
            yield match.span()


def _nordic_addresses(text: str) -> Iterator[Span]:
    """Looks at the words before a number, since numbers are rarer than words."""
    for letter in _BEFORE_NUMBER.finditer(text):
        end = letter.end()
        if not _STREET_END.search(text[max(0, end - _LONGEST_END) : end]):
            continue
        words = text[max(0, end - _LONGEST_NAME) : end]
        street, house = _STREET_NAME.search(words), _HOUSE_AND_TOWN.match(text, end)
        if street and house:
            yield end - len(words) + street.start(), house.end()
