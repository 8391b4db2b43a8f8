"""The value of one cell as text, whatever type its file format gives it."""

from __future__ import annotations

import json
import math
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from cxnlp.sources.personal import is_personal

if TYPE_CHECKING:
    from collections.abc import Collection

_NESTED: Final = (list, dict)
# Above this a float no longer tells neighbouring whole numbers apart.
_LARGEST_EXACT: Final = 2**53
# White space, and characters that take no room: a cell of nothing else is blank.
_INVISIBLE: Final = " \t\r\n\v\f\x85\xa0\u2028\u2029\u3000\u200b\u200c\u200d\u2060\ufeff"


def as_text(value: object) -> str:
    """The text of a single value, numbers in their shortest form: 5.0 is "5", no value is "".

    NUL characters are left out: they mean nothing, and not every warehouse can store them.
    """
    if isinstance(value, str):
        return value.replace("\0", "") if "\0" in value else value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value, repr(value))
    if isinstance(value, Decimal):
        return _number(value, format(value, "f"))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return as_text(value.decode("utf-8", "replace"))
    return str(value)


def as_compact_json(value: object, personal: Collection[str] = frozenset()) -> str:
    """A list or an object as JSON without spaces, without the keys that hold a person's data.

    Args:
        value: Lists, dictionaries and single values, nested.
        personal: Further keys that hold a person's data, folded.
    """
    plain = _without_personal(value, personal)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), default=as_text)


def is_nested(value: object) -> bool:
    """Whether a value is a list or an object rather than a single value."""
    return isinstance(value, _NESTED)


def is_blank(text: str) -> bool:
    """Whether a text shows nothing at all."""
    return not text or text.isspace() or not text.strip(_INVISIBLE)


def _number(value: float | Decimal, written: str) -> str:
    if not math.isfinite(value):
        return ""
    return str(int(value)) if -_LARGEST_EXACT < value < _LARGEST_EXACT and value == int(value) else written


def _without_personal(value: object, personal: Collection[str]) -> object:
    if isinstance(value, dict):
        kept = {as_text(key): content for key, content in value.items()}
        return {
            key: _without_personal(content, personal) for key, content in kept.items() if not is_personal(key, personal)
        }
    if isinstance(value, list):
        return [_without_personal(entry, personal) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
