"""The physical lines of a text file, which can be taken back to be read again."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, TextIO

from cxnlp.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_LINE: Final = 16_000_000
"""Characters; a longer line is no line of text but a file of another kind."""

LONGEST_RECORD: Final = 2_000_000
"""Characters that a record of several lines may have."""

MOST_LINES: Final = 1_000
"""Lines that a record may have. A quote left open would otherwise swallow the rest of the file."""


class RecordTooLong(Exception):
    """A record takes more lines or characters than one may."""


class Lines:
    """Gives out lines with their ends (LF, CRLF or CR), record by record.

    Attributes:
        first: Number of the first line of the present record, counted from 1.
        taken: The lines given out for the present record.
    """

    def __init__(self, text: TextIO) -> None:
        self.first = 1
        self.taken: list[str] = []
        self._text = text
        self._waiting: deque[str] = deque()
        self._length = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        """The next line of the present record.

        Raises:
            DataError: If the line is longer than `LONGEST_LINE`.
            RecordTooLong: If it would be the line too many for one record.
        """
        line = self._waiting.popleft() if self._waiting else self._text.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        taken = self.taken
        taken.append(line)
        self._length += len(line)
        if self._length > LONGEST_RECORD or len(taken) > MOST_LINES:
            self._check_length(line)
        return line

    def begin_record(self) -> None:
        """Let the next record begin at the next line."""
        self.first += len(self.taken)
        self.taken.clear()
        self._length = 0

    def take_back(self, keep: int) -> None:
        """Take back all lines of the present record but the first `keep`."""
        self._waiting.extendleft(reversed(self.taken[keep:]))
        del self.taken[keep:]

    def _check_length(self, line: str) -> None:
        if len(self.taken) > 1:
            raise RecordTooLong
        if len(line) == LONGEST_LINE:
            raise DataError(
                f"Line {self.first} has over {LONGEST_LINE:,} characters, so this is no text file of "
                "records. Export it anew as CSV, JSON Lines, XLSX or Parquet."
            )
