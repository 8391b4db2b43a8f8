"""Where landed, prepared and tagged feedback stands, and where analysts query it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cxnlp.warehouse.protocol import Warehouse

__all__ = ["open_warehouse"]


def open_warehouse(path: Path, *, read_only: bool = False) -> Warehouse:
    """Open the warehouse at this path; for writing, create it and bring its tables up to date.

    Raises:
        ConfigurationError: If there is nothing to read, or the file is no warehouse of ours.
        Unavailable: If another process writes to it.
    """
    from cxnlp.warehouse.duckdb import DuckDBWarehouse
    from cxnlp.warehouse.schema import migrate

    warehouse = DuckDBWarehouse(path, read_only=read_only)
    if not read_only:
        migrate(warehouse)
    return warehouse
