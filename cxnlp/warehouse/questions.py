"""Free SQL by people: the marts in reach by their bare names, errors in their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from cxnlp.errors import ConfigurationError
from cxnlp.warehouse.protocol import Warehouse

if TYPE_CHECKING:
    import pyarrow as pa


def ask(warehouse: Warehouse, sql: str) -> pa.Table:
    """Answer one query; tables are looked for in cx_marts, then cx, then cx_raw.

    Raises:
        ConfigurationError: If the query cannot be run, with the reason but without the contents of rows.
    """
    try:
        warehouse.execute("SET search_path = 'cx_marts,cx,cx_raw'")
        return warehouse.read(sql)
    except (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException) as error:
        raise ConfigurationError(f"The query cannot be run: {error}") from None
    except duckdb.ConversionException:
        raise ConfigurationError("A value in the query's rows cannot be converted; try TRY_CAST instead.") from None
    except duckdb.Error as error:
        raise ConfigurationError(
            f"The query was refused ({type(error).__name__}): the warehouse is open for reading only, and no other "
            "file or database can be reached from it. Give one SELECT."
        ) from None
