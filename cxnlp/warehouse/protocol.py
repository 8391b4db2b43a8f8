"""What a database has to offer to serve as the warehouse."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

Parameter = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table that records are merged into.

    Attributes:
        name: With its schema, such as "cx.tags".
        key: The columns that identify a row.
        schema: The columns that are written, in order; columns with a default of their own are left out.
    """

    name: str
    key: tuple[str, ...]
    schema: pa.Schema


class Warehouse(Protocol):
    """A transactional SQL database. Statements use `$name` for bound parameters."""

    def transaction(self) -> AbstractContextManager[None]:
        """Commit what happens inside as one, or nothing of it; transactions do not nest."""

    def merge(self, rows: pa.Table, into: Table) -> int:
        """Insert the rows whose key is not stored yet and return how many those were; stored rows stay as they are."""

    def execute(self, statement: str, parameters: Mapping[str, Parameter] | None = None) -> None:
        """Run statements that return nothing."""

    def read(self, query: str, parameters: Mapping[str, Parameter] | None = None) -> pa.Table:
        """Run one query and return all of its rows."""

    def close(self) -> None:
        """Give the database free for others; closing twice is harmless."""
