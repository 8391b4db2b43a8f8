"""Personal data in text: found by pattern and checksum, and masked by a placeholder such as "[PHONE]".

Masked are identity codes, phone numbers, e-mail addresses, bank accounts, business ids, payment cards, licence plates
and street addresses, also where they are written with other digits, dashes or spaces of Unicode. Names of people are
not. Kept are prices, dates, times, quantities, and order and parcel numbers unless they pass a check or look like a
phone number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from cxnlp.preparation.addresses import street_addresses
from cxnlp.preparation.contacts import email_addresses, phone_numbers
from cxnlp.preparation.identifiers import bank_accounts, business_ids, identity_codes, payment_cards
from cxnlp.preparation.plates import licence_plates
from cxnlp.preparation.spans import Span

Kind = Literal["HETU", "IBAN", "CARD", "BUSINESS_ID", "EMAIL", "PHONE", "ADDRESS", "PLATE"]

# Most specific first, each with the fewest digits it can be written in: counting digits once spares most searches.
_BY_SPECIFICITY: Final[tuple[tuple[Kind, int, Callable[[str], Iterator[Span]]], ...]] = (
    ("HETU", 9, identity_codes),
    ("IBAN", 8, bank_accounts),
    ("CARD", 13, payment_cards),
    ("BUSINESS_ID", 8, business_ids),
    ("EMAIL", 0, email_addresses),
    ("PHONE", 7, phone_numbers),
    ("ADDRESS", 1, street_addresses),
    ("PLATE", 1, licence_plates),
)
# Nothing is found in text without one of these; brackets, because e-mail is disguised as "name(at)example.com".
_MAY_HOLD: Final = re.compile("[\\d@\uff20\ufe6b(\\[]").search
_DIGIT: Final = re.compile("[0-9]")


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One piece of personal data: `text[start:end]`."""

    start: int
    end: int
    kind: Kind


def mask(text: str) -> str:
    """Put "[KIND]" in the place of every piece of personal data.

    Masking twice changes nothing more, and nothing is left to be found in what it returns.
    """
    while found := find_personal_data(text):
        for piece in reversed(found):
            text = f"{text[: piece.start]}[{piece.kind}]{text[piece.end :]}"
    return text


def find_personal_data(text: str) -> list[PersonalData]:
    """Personal data in reading order, without overlaps: of two that overlap, the longer one names the whole."""
    if not _MAY_HOLD(text):
        return []
    plain = text if text.isascii() else text.translate(_PLAIN)
    digits = len(_DIGIT.findall(plain))
    found = [(kind, span) for kind, fewest, find in _BY_SPECIFICITY if digits >= fewest for span in find(plain)]
    return _joined([PersonalData(start, end, kind) for kind, (start, end) in found])


def _joined(found: list[PersonalData]) -> list[PersonalData]:
    joined: list[PersonalData] = []
    for piece in sorted(found, key=lambda piece: piece.start):
        if joined and piece.start < joined[-1].end:
            before = joined.pop()
            # Sorting keeps the order of kinds among equals, so the more specific one wins a tie.
            longer = piece if piece.end - piece.start > before.end - before.start else before
            piece = PersonalData(before.start, max(before.end, piece.end), longer.kind)
        joined.append(piece)
    return joined


class _PlainCharacters(dict[int, int]):
    """Code points to the ASCII digit, letter, dash, space or at-sign they stand for, one for one, filled on demand."""

    def __missing__(self, code: int) -> int:
        self[code] = plain = ord(_plain(chr(code)))
        return plain


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Zs":
        return " "
    if category == "Pd" or character == "\u2212":
        return "-"
    compatible = unicodedata.normalize("NFKC", character)
    return compatible if len(compatible) == 1 and compatible.isascii() and category != "No" else character


_PLAIN: Final = _PlainCharacters()
