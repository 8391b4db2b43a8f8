"""JSON Lines, and JSON files that are one array of objects."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, BinaryIO, Final

from cxnlp.errors import DataError
from cxnlp.records import Reason, Received, Rejection
from cxnlp.sources.encodings import open_text
from cxnlp.sources.json_entries import Entry, parse_array, parse_lines
from cxnlp.sources.lines import Lines

if TYPE_CHECKING:
    from cxnlp.sources.intake import Intake
    from cxnlp.sources.layout import Layout

MOST_KEYS: Final = 1_000
"""Different keys in one file; more are data in the place of names."""

_SAMPLE: Final = 100
_BEGINNING: Final = rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*"
_ARRAY_BEGINS: Final = re.compile(_BEGINNING + rb"\[")
_SPREAD_OBJECT_BEGINS: Final = re.compile(_BEGINNING + rb"\{[ \t\0]*[\r\n]")


def read_json_lines(stream: BinaryIO, intake: Intake) -> Iterator[Received | Rejection]:
    """Read JSON Lines, one object a line; blank lines are none.

    What every key is for is decided by the objects of the first 100 lines, and by later ones for keys that come later.
    A key that the settings name may therefore be missing, unless it is that of the text.

    Args:
        stream: Seekable, at its start.
        intake: What makes records of rows.

    Raises:
        DataError: If none of those objects has a key for the text, or the keys are endless.
    """
    with open_text(stream) as text:
        yield from _read_entries(parse_lines(Lines(text)), intake)


def read_json(stream: BinaryIO, intake: Intake) -> Iterator[Received | Rejection]:
    """Read a JSON file: an array of objects, held whole, or JSON Lines.

    Raises:
        DataError: As for JSON Lines; or if the array is too large, or no JSON.
    """
    head = stream.read(1_000)
    stream.seek(0)
    if _ARRAY_BEGINS.match(head):
        yield from _read_entries(parse_array(stream), intake)
    elif _SPREAD_OBJECT_BEGINS.match(head):
        raise DataError(
            "The file is one object spread over several lines. Write an array of objects, or one object a line."
        )
    else:
        yield from read_json_lines(stream, intake)


def _read_entries(entries: Iterator[Entry], intake: Intake) -> Iterator[Received | Rejection]:
    layout: Layout | None = None
    while layout is None:
        sample = list(islice(entries, _SAMPLE))
        objects = [entry for _, entry in sample if isinstance(entry, dict)]
        if objects:
            layout = intake.lay_out(_check_keys(dict.fromkeys(chain.from_iterable(objects))), complete=False)
        elif sample:
            yield from (intake.reject(place, Reason.INVALID_JSON, str(fault)) for place, fault in sample)
        else:
            return
    yield from _receive_all(chain(sample, entries), layout, intake)


def _receive_all(entries: Iterable[Entry], layout: Layout, intake: Intake) -> Iterator[Received | Rejection]:
    known = set(layout.headers)
    for place, entry in entries:
        if isinstance(entry, str):
            yield intake.reject(place, Reason.INVALID_JSON, entry)
            continue
        if not entry.keys() <= known:
            layout = intake.extend(layout, [key for key in entry if key not in known])
            known = set(_check_keys(layout.headers))
        yield _receive(entry, place, layout, intake)
    intake.warn_of_missing(layout)


def _receive(entry: dict[str, object], place: int, layout: Layout, intake: Intake) -> Received | Rejection:
    try:
        return intake.receive(layout, place, entry)
    except RecursionError:
        return intake.reject(
            place, Reason.INVALID_JSON, "The object holds lists or objects nested too deep to be read."
        )


def _check_keys(keys: Collection[str]) -> list[str]:
    if len(keys) > MOST_KEYS:
        raise DataError(
            f"The objects have more than {MOST_KEYS:,} different keys, so data stand where names belong. "
            "Use the same keys in every object."
        )
    return list(keys)
