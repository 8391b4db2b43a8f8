"""`cxnlp query`: plain SQL on the marts, read-only."""

from __future__ import annotations

import csv
import json
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cxnlp.cli.outputs import Config, open_console, say, says_errors

if TYPE_CHECKING:
    import pyarrow as pa

MOST_SHOWN: Final = 200


def add_commands(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(query)


@says_errors
def query(
    sql: Annotated[str, typer.Argument(help="One SELECT; - reads it from standard input.")],
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array of objects.")] = False,
    config: Config = None,
) -> None:
    """Ask the warehouse in SQL. Tables: feedback_enriched, feedback_tags, dimension_by_day, topic_by_dimension.

    Example: cxnlp query "SELECT label, count(*) FROM feedback_tags WHERE kind = 'effort' GROUP BY label"
    """
    from cxnlp.assembly import build_warehouse
    from cxnlp.settings import load_settings
    from cxnlp.warehouse.questions import ask

    with closing(build_warehouse(load_settings(config), read_only=True)) as warehouse:
        answer = ask(warehouse, sys.stdin.read() if sql == "-" else sql)
    if as_csv:
        _print_csv(answer)
    elif as_json:
        typer.echo(json.dumps(answer.to_pylist(), ensure_ascii=False, default=str, indent=1))
    else:
        _print_table(answer)


def _print_csv(answer: pa.Table) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(answer.column_names)
    for batch in answer.to_batches():
        writer.writerows(zip(*(column.to_pylist() for column in batch.columns), strict=True))


def _print_table(answer: pa.Table) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for name, kind in zip(answer.column_names, answer.schema.types, strict=True):
        numeric = str(kind).startswith(("int", "uint", "float", "double", "decimal"))
        table.add_column(Text(name), justify="right" if numeric else "left")
    for row in answer.slice(0, MOST_SHOWN).to_pylist():
        table.add_row(*(Text(_cell(value)) for value in row.values()))
    open_console().print(table)
    if answer.num_rows > MOST_SHOWN:
        say(f"{MOST_SHOWN} of {answer.num_rows} rows shown. All of them: add --csv or --json.")


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)
