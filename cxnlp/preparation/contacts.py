"""Where e-mail addresses and phone numbers stand.

Every function takes text whose digits, dashes and spaces are plain ASCII, and yields (start, end) in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cxnlp.preparation.spans import Span, every_match

_LOCAL: Final = r"[\w.+%'&=~!#$*/?^`{|}-]"
_DOMAIN: Final = r"(?:[^\W_][\w-]{0,62}\.)+(?:xn--[a-z0-9-]{2,59}|[^\W\d_]{2,63})"
_EMAIL: Final = re.compile(rf"(?<!{_LOCAL}){_LOCAL}+@{_DOMAIN}", re.IGNORECASE)
_URL: Final = re.compile(r"//[^@]*[/?=&]").match
_URL_USER: Final = re.compile(r"(?<=://)[^\s/@]+@[\w.-]+")
_DISGUISED_EMAIL: Final = re.compile(
    rf"(?<!{_LOCAL}){_LOCAL}+ ?(?:\((?:at|ät|a)\)|\[(?:at|ät|a)\]) ?{_DOMAIN}"
    rf"|(?<!{_LOCAL}){_LOCAL}+(?: @ ?|@ )(?:[\w-]{{1,63}}\.)+(?:com|ee|eu|fi|info|net|no|org|se|uk)(?![^\W_])",
    re.IGNORECASE,
)
_DISGUISE: Final = re.compile(r"[(\[][aä]t?[)\]]|@ ", re.IGNORECASE).search

_INTERNATIONAL: Final = re.compile(
    r"(?<![\w+])(?:\+ ?|00 ?)(?!0)\(?\d{1,15}\)?(?:[ ./()-]{1,3}\d{1,12}){0,8}(?!\d|\.\d)"
)
_DOMESTIC: Final = re.compile(
    r"(?<![\dA-ZÅÄÖ_+])(?<!\d[.,:/-])\(?0[1-9]\d{0,10}\)?(?:[ /-]{1,2}\d{1,9}){0,6}(?!\d|[.:]\d)"
)
_LISTED_MOBILE: Final = re.compile(r"(?<=\d[,/;])0(?:4\d|50)\d{6,8}(?!\d)")
_DOTTED_MOBILE: Final = re.compile(r"(?<![\w.,])0(?:4\d|50)(?:\.\d{2,4}){2,3}(?!\d|\.\d)")
_SPELLED_MOBILE: Final = re.compile(r"(?<!\d)(?<!\d )0 (?:4 \d|5 0)(?: \d){6,8}(?! ?\d)")
_AMERICAN: Final = re.compile(r"(?<![\w+.-])(?:1[ .-])?\(?[2-9]\d\d\)?[ .-]{1,2}[2-9]\d\d[ .-]\d{4}(?!\d|[.-]\d)")
_AFTER_CUE: Final = re.compile(
    r"(?:\bpuh(?:elin\w*)?\b|\bp\.|\bgsm\b|\bmobi(?:le|ili)\b|\btel(?:ephone)?\b|\bphone\b|whats?app\w*|\bsoit\w+|\bcall(?:ed)?\b"
    r"|\bring\b|\btext\b)\W{0,3}(?:[^\W\d]+\W{1,3}){0,3}(?P<number>\(?\d(?:[ ()-]{0,2}\d){6,11})(?!\d|[.,-]\d)",
    re.IGNORECASE,
)
# Before a number without separators: "tilausnumero 014206430" is no phone number.
_REFERENCE: Final = re.compile(
    r"(?:tilau|lasku|viit|asiakasn|seuran|tapau|tiket|tuote|sopimus|varau|order|ticket|track|booking|invoice|case|ref\b"
    r"|reference|parcel|product|account|id\b)\w*\W{0,3}(?:\w+\W{1,3}){0,2}$",
    re.IGNORECASE,
).search
_UNIT: Final = re.compile(r" ?(?:€|%|e\b|eur|kpl\b|km\b|kg\b|mk\b|min\b|tuntia|vuotta|pist)", re.IGNORECASE).match
_DATE_OR_TIMES: Final = re.compile(
    r"0?[1-9][-/. ](?:0?[1-9]|1[0-2])[-/. ](?:19|20)\d\d|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d"
    r"|(?:19|20)\d\d[-/. ]?(?:0[1-9]|1[0-2])[-/. ]?[0-3]\d|(?:19|20)\d\d ?- ?(?:19|20)\d\d|0\d[-/. ](?:19|20)\d\d"
    r"|(?:[01]\d|2[0-4])[0-5]\d ?- ?(?:[01]\d|2[0-4])[0-5]\d|0[1-9]-[0-2]\d[ -]+(?:19|20)\d\d"
).fullmatch
_THOUSANDS: Final = re.compile(r"(?<!\d)000(?!\d)").search
_FINNISH_MOBILE: Final = re.compile(r"\(?0(?:4\d|50)").match


def email_addresses(text: str) -> Iterator[Span]:
    """E-mail addresses, also international and lightly disguised ones ("(at)", " @ "), and users in URLs.

    Source: RFC 5322 (dot-atom) and RFC 6531 for the characters of the local part.
    """
    if "@" in text:
        for match in _EMAIL.finditer(text):
            query = _URL(match[0])
            yield match.start() + (query.end() if query else 0), match.end()
        for match in _URL_USER.finditer(text):
            yield match.span()
    if _DISGUISE(text):
        for match in _DISGUISED_EMAIL.finditer(text):
            yield match.span()


def phone_numbers(text: str) -> Iterator[Span]:
    """Phone numbers: Finnish, British and Swedish ones from 0, international ones, American ones with separators.

    A bare number without an area code counts only after a word such as "puh", "soita", "call" or "tel".

    Source: Traficom regulation 32 (Finnish numbering), Ofcom national numbering plan, ITU-T E.164 (at most 15 digits).
    """
    for match in every_match(_INTERNATIONAL, text):
        yield from _international(match)
    for match in every_match(_DOMESTIC, text):
        yield from _domestic(match)
    for pattern in (_LISTED_MOBILE, _DOTTED_MOBILE, _SPELLED_MOBILE, _AMERICAN):
        yield from (match.span() for match in pattern.finditer(text) if not _UNIT(text, match.end()))
    for match in _AFTER_CUE.finditer(text):
        start, end = match.span("number")
        if not (_DATE_OR_TIMES(match["number"]) or _UNIT(text, end) or _is_reference(text, start, end)):
            yield start, end


def _international(match: re.Match[str]) -> Iterator[Span]:
    start, end = match.start(), match.end()
    sizes = [len(group) for group in re.findall(r"\d+", match[0])]
    with_zeros = 2 if match[0][0] == "0" else 0
    while len(sizes) > 1 and (sum(sizes) > 15 + with_zeros or (sizes[-1] == 1 and sum(sizes) > 10)):
        end = _without_last_group(match.string, start, end)
        sizes.pop()
    plausible = 8 + with_zeros <= sum(sizes) <= 15 + with_zeros and not _THOUSANDS(match.string, start, end)
    if plausible and not _UNIT(match.string, end):
        yield start, end


def _domestic(match: re.Match[str]) -> Iterator[Span]:
    text, start, end = match.string, match.start(), match.end()
    groups: list[str] = re.findall(r"\d+", match[0])
    mobile = _FINNISH_MOBILE(match[0]) is not None
    while len(groups) > 1 and (_digits(groups) > 12 or _digits(groups[:-1]) >= (10 if mobile else 9)):
        end = _without_last_group(text, start, end)
        groups.pop()
    if _is_domestic(groups, mobile=mobile) and not (
        _DATE_OR_TIMES(text[start:end]) or _UNIT(text, end) or (not mobile and _is_reference(text, start, end))
    ):
        yield start, end


def _is_reference(text: str, start: int, end: int) -> bool:
    longer_code = text[end : end + 1] == "-" and text[end + 1 : end + 2].isdigit()
    return longer_code or (text[start:end].isdigit() and _REFERENCE(text[max(0, start - 40) : start]) is not None)


def _is_domestic(groups: list[str], *, mobile: bool) -> bool:
    digits = _digits(groups)
    if mobile:
        return 9 <= digits <= 12
    if len(groups) == 1:
        return 9 <= digits <= 11 and (digits == 11 or groups[0][:3] not in ("011", "012"))
    two_postcodes = [len(group) for group in groups] == [5, 5]
    return 8 <= digits <= 11 and not two_postcodes and min(map(len, groups)) > 1 and max(map(len, groups[1:])) > 2


def _digits(groups: list[str]) -> int:
    return sum(map(len, groups))


def _without_last_group(text: str, start: int, end: int) -> int:
    while text[end - 1].isdigit():
        end -= 1
    while end > start and not text[end - 1].isdigit():
        end -= 1
    return end
