"""Where identifiers with a check digit stand: identity codes, bank accounts, business ids, payment cards.

Every function takes text whose digits, dashes and spaces are plain ASCII, and yields (start, end) in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cxnlp.preparation.spans import Span, every_match

_HETU: Final = re.compile(
    r"(?<![^\W_])(?P<date>\d{6})(?P<gap> ?)(?P<sign>[-+A-FU-Y])(?P<gap2> ?)(?P<rest>\d{3}[0-9A-FHJ-NPR-Y])(?![^\W_])",
    re.IGNORECASE | re.ASCII,
)
_IBAN: Final = re.compile(r"(?<![^\W_])[A-Z]{2}\d{2}(?:[ .-]?[0-9A-Z]){11,30}", re.IGNORECASE | re.ASCII)
_GROUPED_FINNISH_IBAN: Final = re.compile(r"(?<![^\W_])FI\d\d(?: \d{4}){3} \d\d(?![^\W_])", re.IGNORECASE)
_BUSINESS_ID: Final = re.compile(r"(?<![\w-])\d{7} ?- ?\d(?![^\W_]|-\d)")
_VAT_NUMBER: Final = re.compile(r"(?<![^\W_])FI[ -]?(\d{7}-?\d)(?![^\W_]|-\d)", re.IGNORECASE)
_WHOLE_CARD: Final = re.compile(r"(?<![^\W_])[1-9]\d{12,18}(?![^\W_])")
_GROUPED_CARD: Final = re.compile(r"(?<![^\W_])(?<!\d[.,-])[2-6]\d{3}(?:[ -]\d{4,7}){2,4}(?:[ -]\d{1,4})?(?!\d)")
# American Express, Diners and JCB 3, Visa 4, Mastercard 5 and 2221-2720, Maestro, Discover and UnionPay 5 and 6.
_NETWORK: Final = re.compile(r"[3-6]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)").match


def identity_codes(text: str) -> Iterator[Span]:
    """Finnish personal identity codes (hetu), also mistyped ones: a true date suffices where nothing is spaced.

    With spaces around the sign the check character has to be right, since dates and numbers meet like that too.

    Source: Digital and Population Data Services Agency, "Personal identity code", with the signs added in 2023.
    """
    for match in every_match(_HETU, text):
        spaced = bool(match["gap"] or match["gap2"])
        if _names_a_person(match["date"] + match["sign"] + match["rest"], strictly=spaced):
            yield match.span()


def _names_a_person(code: str, *, strictly: bool) -> bool:
    from stdnum.exceptions import InvalidChecksum, ValidationError
    from stdnum.fi import hetu

    try:
        hetu.validate(code, allow_temporary=True)
    except InvalidChecksum:
        return not strictly
    except ValidationError:
        return False
    return True


def bank_accounts(text: str) -> Iterator[Span]:
    """IBANs of every country, also when mistyped if Finnish and written in groups of four.

    Source: ISO 13616 (structure by country, remainder 97 of ISO 7064), as kept by python-stdnum.
    """
    from stdnum import iban

    for match in every_match(_IBAN, text):
        for start, end in _shorter_and_shorter(match, smallest=15):
            if iban.is_valid(text[start:end], check_country=False):
                yield start, end
                break
    for match in _GROUPED_FINNISH_IBAN.finditer(text):
        yield match.span()


def _shorter_and_shorter(match: re.Match[str], *, smallest: int) -> Iterator[Span]:
    """Every way to leave the last words of a match out, since what follows a number may look like more of it."""
    text, start = match.string, match.start()
    for end in range(match.end(), start + smallest - 1, -1):
        if text[end - 1].isalnum() and not text[end : end + 1].isalnum():
            yield start, end


def business_ids(text: str) -> Iterator[Span]:
    """Finnish business ids (Y-tunnus, "1234567-1") and their VAT form ("FI12345671") with a right check digit.

    Source: Finnish Patent and Registration Office, "Business ID"; check digit by python-stdnum.
    """
    from stdnum.fi import ytunnus

    for match in _BUSINESS_ID.finditer(text):
        if ytunnus.is_valid(match[0].replace(" ", "")):
            yield match.span()
    for match in _VAT_NUMBER.finditer(text):
        if ytunnus.is_valid(match[1]):
            yield match.span()


def payment_cards(text: str) -> Iterator[Span]:
    """Payment card numbers: 13-19 digits that pass the Luhn check; if grouped, of a known card network.

    An order number of 13 digits or more passes the check by chance once in ten and is then masked too.

    Source: ISO/IEC 7812-1, annex B (check digit) and the networks' issuer ranges.
    """
    for match in _WHOLE_CARD.finditer(text):
        if _passes_luhn(match[0]):
            yield match.span()
    for match in every_match(_GROUPED_CARD, text):
        if not _NETWORK(match[0]):
            continue
        for start, end in _shorter_and_shorter(match, smallest=13):
            if _passes_luhn(text[start:end]):
                yield start, end
                break


def _passes_luhn(number: str) -> bool:
    from stdnum import luhn

    digits = number.replace(" ", "").replace("-", "")
    return 13 <= len(digits) <= 19 and luhn.is_valid(digits)
