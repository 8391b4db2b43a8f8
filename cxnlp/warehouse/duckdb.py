"""The embedded warehouse: one DuckDB file, one writing process or many reading ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from cxnlp.errors import ConfigurationError, Unavailable
from cxnlp.warehouse.protocol import Parameter, Table

if TYPE_CHECKING:
    import pyarrow as pa


class DuckDBWarehouse:
    """A `Warehouse` in a DuckDB file.

    Args:
        path: The file; created, with its folder, unless `read_only`.
        read_only: Refuse every change, and reading or writing any other file, and let other readers in.

    Raises:
        ConfigurationError: If there is no such file to read, or it is no DuckDB file.
        Unavailable: If another process writes to it.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        if read_only and not path.exists():
            raise ConfigurationError(f"There is no warehouse at {path} yet. Make one with: cxnlp run")
        if path.is_dir():
            raise ConfigurationError(
                f"{path} is a folder. Point warehouse.path to a file, such as data/warehouse.duckdb."
            )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(
                f"The folder of the warehouse {path} cannot be made ({error.strerror}). Point warehouse.path elsewhere."
            ) from error
        try:
            self._connection = duckdb.connect(
                path, read_only=read_only, config={"enable_external_access": "false"} if read_only else {}
            )
        except duckdb.Error as error:
            raise _explained(error, path) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what happens inside as one, or nothing of it."""
        try:
            self._connection.begin()
            try:
                yield
            except BaseException:
                self._roll_back()
                raise
            self._connection.commit()
        except (duckdb.Error, RuntimeError) as error:
            raise _explained(error, self.path) from error

    def merge(self, rows: pa.Table, into: Table) -> int:
        """Insert the rows whose key is not stored yet and return how many those were."""
        columns = ", ".join(into.schema.names)
        statement = (  # names come from the Table constants of this package, never from data
            f"INSERT INTO {into.name} ({columns}) SELECT {columns} FROM merged_rows "  # noqa: S608
            f"ON CONFLICT ({', '.join(into.key)}) DO NOTHING"
        )
        self._connection.register("merged_rows", rows)
        try:
            inserted = self._connection.execute(statement).fetchone()
        except (duckdb.Error, RuntimeError) as error:
            raise _explained(error, self.path) from error
        finally:
            self._connection.unregister("merged_rows")
        return int(inserted[0]) if inserted else 0

    def execute(self, statement: str, parameters: Mapping[str, Parameter] | None = None) -> None:
        """Run statements that return nothing."""
        try:
            self._connection.execute(statement, dict(parameters or {}))
        except (duckdb.Error, RuntimeError) as error:
            raise _explained(error, self.path) from error

    def read(self, query: str, parameters: Mapping[str, Parameter] | None = None) -> pa.Table:
        """Run one query and return all of its rows."""
        try:
            relation = self._connection.sql(query, params=dict(parameters or {}))
            if relation is None:
                raise ConfigurationError("There is no query in that, or one that returns nothing. Give one SELECT.")
            return relation.to_arrow_table()
        except (duckdb.Error, RuntimeError) as error:
            raise _explained(error, self.path) from error

    def close(self) -> None:
        """Give the file free for others."""
        self._connection.close()

    def _roll_back(self) -> None:
        try:
            self._connection.rollback()
        except duckdb.Error:  # a failed commit has already rolled back
            return


def _explained(error: duckdb.Error | RuntimeError, path: Path) -> BaseException:
    """Say what a database error means for the caller, without repeating row contents."""
    message = str(error)
    if not isinstance(error, duckdb.Error):  # Ctrl-C in the midst of a statement
        return KeyboardInterrupt() if "interrupted" in message.lower() else error
    if "Could not set lock" in message or "Conflicting lock" in message:
        return Unavailable(
            f"Another process is writing to {path}. Wait until it is done, or end it, then run the same command again."
        )
    if isinstance(error, duckdb.IOException) and "not a valid DuckDB database" in message:
        return ConfigurationError(f"{path} is no DuckDB file. Point warehouse.path to another file, or move it away.")
    if isinstance(error, (duckdb.IOException, duckdb.FatalException)) or "out of memory" in message.lower():
        return Unavailable(
            f"The warehouse {path} could not be read or written: is the disk full, or the folder not writable? What "
            "was committed is safe. Make room, then run the same command again."
        )
    return error
