"""The format of a file, told from its name and its first bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO, Final

from cxnlp.errors import DataError
from cxnlp.records import Received, Rejection
from cxnlp.sources.csv_files import read_csv
from cxnlp.sources.json_files import read_json, read_json_lines
from cxnlp.sources.parquet_files import read_parquet
from cxnlp.sources.xlsx_files import read_xlsx

if TYPE_CHECKING:
    from cxnlp.sources.intake import Intake

Reader = Callable[[BinaryIO, "Intake"], Iterator[Received | Rejection]]
"""Reads one file from its start; raises `DataError` where it cannot be read, or not to its end."""

READERS: Final[Mapping[str, Reader]] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".xlsx": read_xlsx,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".json": read_json,
    ".parquet": read_parquet,
}
"""By suffix; files of other suffixes are read if they are named one by one, and told by their first bytes."""

_ZIP: Final = b"PK\x03\x04"
_PARQUET: Final = b"PAR1"
_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_ARRAY_OF_OBJECTS: Final = re.compile(rb"\[[\s\0]*\{")
_HEAD: Final = 4_096


def read_stream(stream: BinaryIO, suffix: str, intake: Intake) -> Iterator[Received | Rejection]:
    """Read a file of any format.

    Args:
        stream: Seekable, at its start.
        suffix: Of the file's name, with its dot; "" where there is none.
        intake: What makes records of rows.

    Raises:
        DataError: If the file is empty or cannot be read, or not to its end.
    """
    head = stream.read(_HEAD)
    stream.seek(0)
    if not head:
        raise DataError("The file is empty (0 bytes). Export it anew; a file without feedback still has a header row.")
    return _reader(head, suffix.casefold())(stream, intake)


def _reader(head: bytes, suffix: str) -> Reader:
    # A workbook that somebody renamed to .csv is still a workbook, and no text file begins with these bytes.
    if head.startswith(_ZIP):
        return read_xlsx
    return READERS.get(suffix) or _reader_by_content(head)


def _reader_by_content(head: bytes) -> Reader:
    if head.startswith(_PARQUET):
        return read_parquet
    for mark in _MARKS:
        head = head.removeprefix(mark)
    text = head.lstrip(b" \t\r\n\0")
    if text.startswith(b"{"):
        return read_json_lines
    return read_json if _ARRAY_OF_OBJECTS.match(text) else read_csv
