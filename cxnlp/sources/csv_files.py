"""CSV files in the encodings, delimiters and line ends that people's programs write."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final

from cxnlp.errors import DataError
from cxnlp.records import Reason, Received, Rejection
from cxnlp.sources.cells import as_text, is_blank
from cxnlp.sources.csv_records import read_records, wide_fields
from cxnlp.sources.delimiters import declared_delimiter, detect_delimiter
from cxnlp.sources.encodings import open_text
from cxnlp.sources.headers import name_headers
from cxnlp.sources.layout import finds_text
from cxnlp.sources.lines import Lines, RecordTooLong

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cxnlp.sources.csv_records import Record
    from cxnlp.sources.intake import Intake

_SAMPLE_LINES: Final = 50
_SAMPLE_CHARACTERS: Final = 200_000


def read_csv(stream: BinaryIO, intake: Intake) -> Iterator[Received | Rejection]:
    """Read a CSV file with a header row, one record at a time.

    Args:
        stream: Seekable, at its start.
        intake: What makes records of rows.

    Raises:
        DataError: If the file has no header row, no column for the text, or is no text file.
    """
    with open_text(stream) as text, wide_fields():
        lines = Lines(text)
        records = read_records(lines, _delimiter(lines, intake))
        header = _header(records)
        names = name_headers(header)
        layout = intake.lay_out(names)
        narrowest = len(header) - _unnamed_at_end(header)
        for line, fields in records:
            if fields is not None and narrowest <= len(fields) <= len(names):
                yield intake.receive(layout, line, dict(zip(names, fields, strict=False)))
            elif not _is_blank_line(fields):
                yield _reject(line, fields, len(names), intake)


def _delimiter(lines: Lines, intake: Intake) -> str:
    sample = _sample(lines)
    declared = declared_delimiter(sample[0]) if sample else None
    lines.take_back(keep=1 if declared else 0)
    return declared or detect_delimiter(sample, lambda cells: finds_text(list(cells), intake.rules))


def _sample(lines: Lines) -> list[str]:
    length = 0
    try:
        for line in islice(lines, _SAMPLE_LINES):
            length += len(line)
            if length > _SAMPLE_CHARACTERS:
                break
    except RecordTooLong:
        pass
    return lines.taken.copy()


def _header(records: Iterator[Record]) -> list[str]:
    line, fields = next(
        ((line, fields) for line, fields in records if fields is None or not all(map(is_blank, fields))), (0, [])
    )
    if not line:
        raise DataError(
            "The file holds nothing but blank lines. Its first line must name the columns, such as: id;text;date"
        )
    if fields is None:
        raise DataError(
            f"A quote in the header row (line {line}) does not close before the next delimiter. Close it, or "
            'double quotes that belong to a name: "The ""best"" name"'
        )
    return [as_text(cell) for cell in fields]


def _unnamed_at_end(header: Sequence[str]) -> int:
    return next((place for place, cell in enumerate(reversed(header)) if not is_blank(cell)), len(header))


def _is_blank_line(fields: Sequence[str] | None) -> bool:
    return fields is not None and len(fields) == 1 and is_blank(fields[0])


def _reject(line: int, fields: Sequence[str] | None, width: int, intake: Intake) -> Rejection:
    if fields is None:
        detail = (
            "A quote does not close before the next delimiter, or only after many lines. Quotes inside a quoted text "
            'must be doubled: "so ""called"" service". Correct the line and land the file again.'
        )
        return intake.reject(line, Reason.BROKEN_QUOTES, detail)
    detail = (
        f"The row has {len(fields)} fields, the header has {width}. The usual cause is a delimiter or a line "
        "break in a text without quotes around it. Quote the text and land the file again."
    )
    return intake.reject(line, Reason.WRONG_FIELD_COUNT, detail)
