"""Dates and times as people and systems write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Final

from cxnlp.records import Reason
from cxnlp.sources.cells import as_text
from cxnlp.sources.values import Invalid, is_absent, show

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_TIME: Final = r"(?:[\sT,]+(?:klo\.?\s*)?(\d{1,2})[.:](\d{2})(?:[.:](\d{2}))?)?"
_DAY_FIRST: Final = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})" + _TIME, re.ASCII | re.IGNORECASE)
_YEAR_FIRST: Final = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME, re.ASCII | re.IGNORECASE)
_ISO: Final = re.compile(r"\d{4}-(?:\d\d-\d\d|W\d\d)|\d{8}(?:T|$)", re.ASCII)
_SPACED_ZONE: Final = re.compile(r"\s+(?=(?:Z|[+-]\d\d(?::?\d\d)?)$)", re.ASCII)
_NAMED_ZONE: Final = re.compile(r"\s*(?:UTC|GMT)$")
_AMBIGUOUS: Final = re.compile(r"\d{1,2}([/-])\d{1,2}\1\d{2,4}(?:\D.*)?", re.ASCII | re.DOTALL)

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2100
_PIVOT: Final = 70
# Unix time from 2000 to 2100 in seconds; a thousand times as much in milliseconds. Other numbers are no time.
_FIRST_SECOND: Final = 946_684_800
_LAST_SECOND: Final = 4_102_444_800

_ALLOWED: Final = (
    f"dates of the years {_FIRST_YEAR}-{_LAST_YEAR} such as 2026-01-31, 2026-01-31T14:05:00+02:00, 31.1.2026 or "
    "31.1.2026 klo 14.05"
)


def parse_date(value: object, zone: ZoneInfo) -> datetime | Invalid | None:
    """A date or a time in UTC; None where there is none.

    Args:
        value: ISO 8601 or Finnish text, a date or time of a typed format, or Unix seconds or milliseconds as a number.
        zone: Where a time without a zone was written. A date without a time is its midnight there; a time that the
            change to summer time skips is read as if the clock had not been put forward.

    Returns:
        The time; or what is wrong, for impossible dates and for 12/31/2025, which does not tell the day from the month.
    """
    if is_absent(value):
        return None
    try:
        found = _read(value)
        if found is not None and _FIRST_YEAR <= found.year <= _LAST_YEAR:
            return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    return Invalid(Reason.INVALID_DATE, show(value), _allowed(value))


def _read(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _read_unix(value)
    return _read_text(as_text(value).strip()) if isinstance(value, str | bytes) else None


def _read_unix(number: float) -> datetime | None:
    seconds = number / 1000 if number >= _LAST_SECOND else number
    return datetime.fromtimestamp(seconds, UTC) if _FIRST_SECOND <= seconds < _LAST_SECOND else None


def _read_text(text: str) -> datetime | None:
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year, *clock = match.groups()
        return _build(_full_year(year), month, day, clock)
    if match := _YEAR_FIRST.fullmatch(text):
        year, _, month, day, *clock = match.groups()
        return _build(int(year), month, day, clock)
    if _ISO.match(text):
        return datetime.fromisoformat(_NAMED_ZONE.sub("+00:00", _SPACED_ZONE.sub("", text)))
    return None


def _build(year: int, month: str, day: str, clock: list[str | None]) -> datetime:
    hour, minute, second = (int(part or 0) for part in clock)
    return datetime(year, int(month), int(day), hour, minute, second)  # noqa: DTZ001 - the caller gives the zone


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (1900 if year >= _PIVOT else 2000)


def _allowed(value: object) -> str:
    if isinstance(value, str) and _AMBIGUOUS.fullmatch(value.strip()):
        return f"{_ALLOWED}; slashes or hyphens after the day do not tell the day from the month"
    return _ALLOWED
