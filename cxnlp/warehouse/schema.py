"""Tables by numbered migrations, marts as views, and a comment on every published column."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Final

from cxnlp.errors import ConfigurationError
from cxnlp.warehouse.protocol import Warehouse

# In this order: the later ones read the earlier ones.
MARTS: Final = ("feedback_enriched", "feedback_tags", "dimension_by_day", "topic_by_dimension")
MARTS_SCHEMA: Final = "cx_marts"

_HISTORY = """
CREATE TABLE IF NOT EXISTS cx_migrations (
    number INTEGER NOT NULL PRIMARY KEY,
    name VARCHAR NOT NULL
)
"""
_PUBLISH = """
INSERT INTO cx.publication (model_version, timezone) VALUES ($model_version, $timezone)
ON CONFLICT (only_row) DO UPDATE SET model_version = excluded.model_version, timezone = excluded.timezone
"""


def migrate(warehouse: Warehouse) -> int:
    """Bring the tables up to date, each migration in a transaction of its own; return how many were applied.

    Raises:
        ConfigurationError: If the warehouse was made by a newer cxnlp.
    """
    warehouse.execute(_HISTORY)
    applied = set(warehouse.read("SELECT number FROM cx_migrations")["number"].to_pylist())
    known = dict(_migrations())
    if newer := applied - {int(name[:4]) for name in known}:
        raise ConfigurationError(
            f"The warehouse is at migration {max(newer)}, this cxnlp knows {len(known)}. Update cxnlp, then run again."
        )
    waiting = [name for name in known if int(name[:4]) not in applied]
    for name in waiting:
        with warehouse.transaction():
            warehouse.execute(known[name])
            warehouse.execute(
                "INSERT INTO cx_migrations (number, name) VALUES ($number, $name)",
                {"number": int(name[:4]), "name": name},
            )
    return len(waiting)


def publish_marts(warehouse: Warehouse, model_version: str, timezone: str) -> None:
    """Let the marts show what this model version says, with days of this time zone (an IANA name)."""
    with warehouse.transaction():
        warehouse.execute(_PUBLISH, {"model_version": model_version, "timezone": timezone})
        for name in MARTS:
            warehouse.execute(_text(f"marts/{name}.sql"))
        for statement in _comments():
            warehouse.execute(statement)


def _migrations() -> Iterator[tuple[str, str]]:
    folder = resources.files("cxnlp.warehouse") / "migrations"
    for name in sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql")):
        yield name.removesuffix(".sql"), _text(f"migrations/{name}")


def _comments() -> Iterator[str]:
    for mart, entry in tomllib.loads(_text("dictionary.toml")).items():
        yield f"COMMENT ON VIEW {MARTS_SCHEMA}.{mart} IS {_quoted(entry['comment'])}"
        for column, comment in entry["columns"].items():
            yield f"COMMENT ON COLUMN {MARTS_SCHEMA}.{mart}.{column} IS {_quoted(comment)}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _text(name: str) -> str:
    return (resources.files("cxnlp.warehouse") / name).read_text("utf-8")
