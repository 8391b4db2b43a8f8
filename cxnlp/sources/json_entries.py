"""The entries of a JSON file, parsed one by one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, Final

from cxnlp.errors import DataError
from cxnlp.sources.cells import is_blank
from cxnlp.sources.encodings import open_text

if TYPE_CHECKING:
    from cxnlp.sources.lines import Lines

LARGEST_ARRAY: Final = 200_000_000
"""Characters; an array is held whole, JSON Lines are not."""

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_UNSTORABLE: Final = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)|\0")

Entry = tuple[int, dict[str, object] | str]
"""Where an entry stands, and its object or what is wrong with it."""


def parse_lines(lines: Lines) -> Iterator[Entry]:
    """The object of every line that is not blank, with the number of the line."""
    while True:
        lines.begin_record()
        line = next(lines, None)
        if line is None:
            return
        if not is_blank(line):
            yield lines.first, _parse_line(line)


def _parse_line(line: str) -> dict[str, object] | str:
    try:
        return _as_object(_load(line.lstrip("\ufeff")))
    except json.JSONDecodeError as error:
        return f"The line is no valid JSON ({error.msg}, character {error.colno}); allowed: one object a line."
    except (ValueError, RecursionError):
        return "The line holds a number too long or lists too deep to be read; allowed: one object a line."


def parse_array(stream: BinaryIO) -> Iterator[Entry]:
    """The objects of an array, counted from 1.

    Raises:
        DataError: If the array is larger than `LARGEST_ARRAY`, or no valid JSON.
    """
    with open_text(stream) as text:
        content = text.read(LARGEST_ARRAY + 1)
    if len(content) > LARGEST_ARRAY:
        raise DataError(
            f"The array is larger than {LARGEST_ARRAY:,} characters and would have to be held whole. "
            "Write one object a line (JSON Lines) instead."
        )
    try:
        array = _load(content.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"The file begins as a JSON array and is no valid JSON ({type(error).__name__}), so it was perhaps cut. "
            "Export it anew, best as JSON Lines."
        ) from error
    for number, entry in enumerate(array if isinstance(array, list) else [array], 1):
        yield number, _as_object(entry)


def _load(text: str) -> object:
    value = json.loads(text, strict=False, parse_constant=_no_number)
    return _storable(value) if _UNSTORABLE.search(text) else value


def _no_number(_: str) -> None:
    """NaN and Infinity are no values."""


def _storable(value: object) -> object:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value).replace("\0", "")
    if isinstance(value, list):
        return [_storable(entry) for entry in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(content) for key, content in value.items()}
    return value


def _as_object(value: object) -> dict[str, object] | str:
    return (
        value if isinstance(value, dict) else 'The entry is no JSON object; allowed: objects such as {"text": "..."}.'
    )
