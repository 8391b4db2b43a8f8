"""`cxnlp tag`: from a file of texts to a file of tags, without a warehouse."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from cxnlp.cli.outputs import Config, say, says_errors
from cxnlp.cli.progress import show_progress
from cxnlp.errors import DataError
from cxnlp.records import Reason, Rejection

SOURCE: Final = "tag"
MOST_REJECTIONS_SHOWN: Final = 10


def add_commands(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(tag)


@says_errors
def tag(
    input: Annotated[str, typer.Argument(help="CSV, XLSX, JSON Lines or Parquet; - is standard input.")],
    output: Annotated[
        str,
        typer.Option("--output", "-o", help="A .jsonl, .csv or .parquet file; - is standard output, as JSON Lines."),
    ] = "-",
    config: Config = None,
) -> None:
    """Tag every text of a file: sentiment, effort, efficiency, emotion, topics and intent, with evidence.

    The input needs the columns id and text; lang and question are used where present. Personal data is masked first:
    offsets count in the masked text.

    Example: cxnlp tag feedback.csv --output tagged.jsonl
    """
    from cxnlp import stages
    from cxnlp.assembly import build_intake, build_tagger
    from cxnlp.cli.tagged_files import open_output
    from cxnlp.preparation import Preparation
    from cxnlp.settings import load_settings
    from cxnlp.sources import open_source

    settings = load_settings(config)
    path = input if input == "-" else Path(input).absolute()
    source = open_source(SOURCE, path, only=("own_id", "language_hint", "question"))
    tagger = build_tagger(settings)
    rejections: list[Rejection] = []
    tagged = 0
    with show_progress() as report, open_output(output) as write:
        intake = build_intake(settings, SOURCE)
        for one in stages.tag_directly(source, intake, Preparation(), tagger):
            if isinstance(one, Rejection):
                rejections.append(one)
            else:
                write(one)
                tagged += 1
                report("tag", 1, None)
        if not tagged:  # nothing came of it: leave no empty file that looks like a result
            _fail_on_unreadable_files(rejections)
    _tell([one for one in rejections if one.reason is not Reason.UNREADABLE_FILE])
    _fail_on_unreadable_files(rejections)


def _tell(rejections: list[Rejection]) -> None:
    for one in rejections[:MOST_REJECTIONS_SHOWN]:
        say(f"{one.location.file} row {one.location.row} left out, {one.reason}: {one.detail}")
    if len(rejections) > MOST_REJECTIONS_SHOWN:
        say(f"... and {len(rejections) - MOST_REJECTIONS_SHOWN} more rows left out")


def _fail_on_unreadable_files(rejections: list[Rejection]) -> None:
    for one in rejections:
        if one.reason is Reason.UNREADABLE_FILE:
            raise DataError(f"{one.location.file}: {one.detail}")
