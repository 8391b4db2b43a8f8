"""`cxnlp rejected`: what could not be used, why, and taking it in after all."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from cxnlp.cli.outputs import Config, open_console, says_errors
from cxnlp.cli.pipeline import load, open_run
from cxnlp.errors import ConfigurationError

app = typer.Typer(help="Rows and files that could not be used.", no_args_is_help=True, rich_markup_mode=None)

Source = Annotated[str | None, typer.Argument(help="Only this source.")]


@app.command("list")
@says_errors
def list_(source: Source = None, config: Config = None) -> None:
    """List rejections that are still open, with the reason and where each row stands.

    Example: cxnlp rejected list survey
    """
    from rich.table import Table
    from rich.text import Text

    from cxnlp.assembly import build_warehouse
    from cxnlp.warehouse.queues import open_rejections

    with closing(build_warehouse(load(config), read_only=True)) as warehouse:
        rejections = open_rejections(warehouse, source)
    table = Table("source", "file", "row", "reason", "field", "detail", box=None, pad_edge=False)
    for one in rejections:
        cells = (one.source, one.location.file, str(one.location.row), str(one.reason), one.column or "", one.detail)
        table.add_row(*map(Text, cells))
    if rejections:
        open_console().print(table)
    typer.echo(
        f"{len(rejections)} rejected"
        + (". Mend the file or the settings, then: cxnlp rejected replay" if rejections else "")
    )


@app.command()
@says_errors
def replay(source: Source = None, config: Config = None) -> None:
    """Read the files of open rejections once more and take in what is usable now.

    Example: cxnlp rejected replay survey
    """
    from cxnlp import stages
    from cxnlp.assembly import build_intake, build_source
    from cxnlp.records import Counts
    from cxnlp.warehouse.queues import open_rejections

    settings = load(config)
    counts = Counts()
    with open_run(settings, "rejected replay") as opened:
        files: dict[str, set[str]] = {}
        for one in open_rejections(opened.warehouse, source):
            files.setdefault(one.source, set()).add(one.location.file)
        if unknown := files.keys() - settings.sources.keys():
            raise ConfigurationError(
                f"These sources are not in the settings: {', '.join(sorted(unknown))}. Land their mended files again "
                "with: cxnlp run --input FILE --as NAME"
            )
        for name, rejected_files in files.items():
            counts += stages.land(opened, build_source(settings, name), build_intake(settings, name), rejected_files)
        left = len(open_rejections(opened.warehouse, source))
    typer.echo(f"{counts.resolved} resolved, {left} still rejected" + (". Next: cxnlp run" if counts.resolved else ""))
