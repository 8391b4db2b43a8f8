"""Where licence plates stand.

The function takes text whose digits, dashes and spaces are plain ASCII, and yields (start, end) in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cxnlp.preparation.spans import Span

# Standards, products, airlines, organisations and ticket prefixes that read like a plate.
_NO_PLATE: Final = (
    "ABS|ACE|AGM|AIR|AMD|API|APP|ARM|ASA|ATP|BMI|BMW|BUG|CAT|CBD|CES|CPU|CSS|DDR|DHL|DIN|DNA|DVD|EAN|ECO|EKG|EUR|FIN"
    "|FIX|GPS|GPT|GPU|GSM|GTI|GTS|GTX|HDD|HIV|HPV|HSL|ICE|INC|IOS|IPC|ISO|KLM|KPI|LCD|LED|LOT|LTE|MAX|MIG|MPV|NFC|NHS"
    "|NPS|OPK|PCR|PDF|PIN|PKT|PRO|PVC|RAM|REF|REQ|RFC|RTX|SAS|SDK|SEK|SFS|SIM|SKU|SLA|SPF|SQL|SSD|SUV|TEL|TKT|TLS|TOP"
    "|TSH|USB|USD|VAT|VIP|VPN|WLAN|XPS"
)
_PLATE: Final = re.compile(
    rf"(?<![\w-])(?!(?:{_NO_PLATE})-)(?P<letters>[A-ZÅÄÖ]{{2,3}})-(?P<digits>[1-9]\d{{0,2}})(?![\w-]|[.,]\d)"
)
_ANY_PLATE: Final = re.compile(
    r"(?<![\w-])(?:[A-Z]{2}\d\d ?[A-Z]{3}|[A-Z]{3} ?\d\d[A-Z0-9]|[A-ZÅÄÖ]{2,3}[ -]?[1-9]\d{0,2})(?![\w-]|[.,]\d)",
    re.IGNORECASE,
)
_PLATE_WORD: Final = re.compile(
    r"rekisteri(?:numero|tunnu|kilp|kilv)|\brek\.|\brekkari|\brekkare|registreringsnummer|\breg\.? ?(?:nr|no)"
    r"|(?:licen[cs]e|number|registration|reg) (?:plate|number|no\b)",
    re.IGNORECASE,
)
_MAY_NAME_PLATE: Final = re.compile("re[gk]|plate|licen", re.IGNORECASE).search
_VEHICLE_WORD: Final = re.compile(
    r"\b(?:auto(?!ma)\w*|pysäköi\w*|pakettiauto\w*|taksi\w*|parking|parked|car|van|vehicle|taxi|bil|bilen)\b",
    re.IGNORECASE,
)
_BEFORE: Final = 40
_AFTER: Final = 25


def licence_plates(text: str) -> Iterator[Span]:
    """Licence plates.

    Three capitals, a hyphen and three digits are a plate unless the letters are known for something else; shorter ones
    only near a word for a vehicle; every other form, and known letters, only near a word for the plate itself.

    Source: Traficom, form of Finnish registration numbers (two or three letters, hyphen, one to three digits).
    """
    for match in _PLATE.finditer(text) if "-" in text else ():
        if len(match["letters"]) == len(match["digits"]) == 3 or _stands_near(_VEHICLE_WORD, match):
            yield match.span()
    if _MAY_NAME_PLATE(text):
        for match in _ANY_PLATE.finditer(text):
            if _stands_near(_PLATE_WORD, match):
                yield match.span()


def _stands_near(words: re.Pattern[str], match: re.Match[str]) -> bool:
    text, start, end = match.string, match.start(), match.end()
    return bool(words.search(text, max(0, start - _BEFORE), start) or words.search(text, end, end + _AFTER))
