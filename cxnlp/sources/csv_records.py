"""CSV records that keep their line numbers and survive a quote left open."""

from __future__ import annotations

import csv
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from cxnlp.sources.lines import LONGEST_LINE, LONGEST_RECORD, RecordTooLong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxnlp.sources.lines import Lines

# The csv module has one limit for the whole process, so readers that run side by side share one change of it.
_LIMIT_LOCK: Final = threading.Lock()
_limits_before: list[int] = []


Record = tuple[int, list[str] | None]
"""The number of its first physical line, counted from 1, and its fields; None where its quotes are broken."""


def read_records(lines: Lines, delimiter: str) -> Iterator[Record]:
    """Every record that is no blank line.

    A quote that does not close, closes in mid-field or stays open over too many lines breaks the record of its first
    line only: the next line begins a new record.
    """
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.begin_record()
        fields: list[str] | None
        try:
            fields = next(reader, None)
            if fields is None:
                return
        except (csv.Error, RecordTooLong):
            lines.take_back(keep=1)
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            fields = None
        if fields != []:
            yield lines.first, fields


@contextmanager
def wide_fields() -> Iterator[None]:
    """Let the csv module read fields as long as a record may be, until the last of those who asked is done."""
    with _LIMIT_LOCK:
        _limits_before.append(csv.field_size_limit(max(LONGEST_LINE, LONGEST_RECORD)))
    try:
        yield
    finally:
        with _LIMIT_LOCK:
            before = _limits_before.pop()
            if not _limits_before:
                csv.field_size_limit(before)
