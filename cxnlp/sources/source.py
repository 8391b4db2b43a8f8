"""What a source is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from cxnlp.records import Received, Rejection


class Source(Protocol):
    """Gives feedback as it was given, and says what of it could not be read."""

    @property
    def name(self) -> str:
        """What the warehouse calls the source."""
        ...

    def files(self) -> list[str]:
        """The names of its files, sorted, as in `Location.file`.

        Raises:
            DataError: If they cannot be listed.
        """
        ...

    def read(self, files: Collection[str] | None = None) -> Iterator[Received | Rejection]:
        """Every record or the reason why there is none, in the order of the files and of the rows in each.

        A file that cannot be read is one rejection with row 0, and so is the rest of a file that breaks midway; the
        files after it are read all the same.

        Args:
            files: Names as `files` gives them; None for all. One that has vanished since is a rejection.
        """
        ...
