"""The program's commands, and what it says and returns when something is wrong."""

from __future__ import annotations

import logging
from typing import Annotated, Final

import typer

from cxnlp import __version__
from cxnlp.cli import doctor, evaluation, models, outputs, pipeline, querying, rejections, tagging

EPILOG: Final = (
    "Exit status: 0 done, 1 data could not be read, 2 settings or usage, 75 try again later, 130 interrupted."
)

app = typer.Typer(
    name="cxnlp",
    help="Reads Finnish and English feedback: sentiment, topics, effort, efficiency and emotion, with evidence.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
pipeline.add_commands(app)
tagging.add_commands(app)
querying.add_commands(app)
app.add_typer(rejections.app, name="rejected")
app.add_typer(models.app, name="model")
models.add_commands(app)
evaluation.add_commands(app)
doctor.add_commands(app)


@app.callback()
def options(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more of what is done.")] = False,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and leave.", callback=outputs.print_version, is_eager=True),
    ] = False,
) -> None:
    """Take the options that come before a command."""
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger(__name__).info("cxnlp %s", __version__)


def main() -> None:
    """Run the command line."""
    app()
