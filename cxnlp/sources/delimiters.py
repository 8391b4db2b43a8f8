"""The delimiter of a CSV file, told from its first records."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Final

from cxnlp.sources.cells import is_blank

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DELIMITERS: Final = (",", ";", "\t", "|")

NO_DELIMITER: Final = "\x1f"
"""For a file of one column: a character that no text has, so that every comma stays in the text."""

# The line by which Excel is told the delimiter of a file.
_DECLARATION: Final = re.compile(r"sep=(.)[\r\n]*", re.IGNORECASE)


def declared_delimiter(line: str) -> str | None:
    """The delimiter that a first line such as "sep=;" declares; None where it is no such line."""
    match = _DECLARATION.fullmatch(line)
    return match[1] if match and match[1] in DELIMITERS else None


def detect_delimiter(sample: Sequence[str], is_header: Callable[[Sequence[str]], bool]) -> str:
    """The delimiter by which the first record is a header and the others have as many fields.

    Args:
        sample: The first lines of the file.
        is_header: Whether a record has a column for the text.
    """
    scores = {delimiter: _score(sample, delimiter, is_header) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: scores[delimiter])
    return best if scores[best][-1] > 1 else NO_DELIMITER


def _score(
    sample: Sequence[str], delimiter: str, is_header: Callable[[Sequence[str]], bool]
) -> tuple[bool, float, int]:
    records = [record for record in csv.reader(sample, delimiter=delimiter) if not all(map(is_blank, record))]
    if not records:
        return False, 0.0, 1
    header, *rows = records
    if len(header) == 1:
        return is_header(header), 0.0, 1
    share = sum(len(row) == len(header) for row in rows) / len(rows) if rows else 1.0
    return is_header(header), share, len(header)
