"""`cxnlp evaluate`: how well a stored model reads texts that it has not learnt from."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cxnlp.cli.models import Labels, Texts, Version, locate_texts, split_version
from cxnlp.cli.outputs import Config, open_console, says_errors

if TYPE_CHECKING:
    from rich.table import Table

    from cxnlp.training.evaluate import Scores


HEADINGS: Final = {"efficiency_aspect": "aspect"}


def add_commands(program: typer.Typer) -> None:
    """Add the command to the program."""
    program.command()(evaluate)


@says_errors
def evaluate(
    version: Version = None,
    labels: Labels = Path("data/labels"),
    texts: Texts = None,
    as_json: Annotated[bool, typer.Option("--json", help="Every score, as JSON.")] = False,
    config: Config = None,
) -> None:
    """Score a model on held-out labels, with 95 % intervals by language and source (extra: train).

    Example: cxnlp evaluate
    """
    from cxnlp.classification.store import find_model, open_tagger
    from cxnlp.settings import load_settings
    from cxnlp.training import score_model

    settings = load_settings(config)
    stored = find_model(settings.located(settings.model.path), *split_version(version))
    tagger = open_tagger(settings.located(settings.model.path), stored.name, stored.version)
    scores = score_model(tagger, settings.located(labels), locate_texts(settings, texts))
    if as_json:
        typer.echo(json.dumps({part: asdict(score) for part, score in scores.items()}, ensure_ascii=False))
        return
    open_console().print(_table(stored.model_version, scores))
    everything = scores["all"]
    typer.echo(
        f"calibration error: sentiment {everything.sentiment_calibration_error:.3f}, "
        f"tags {everything.tag_calibration_error:.3f}; for review: {everything.needs_review:.0%}; "
        f"evidence meets the marked words: {everything.evidence:.0%} of {everything.evidence_tags} tags"
    )


def _table(title: str, scores: dict[str, Scores]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, title=f"{title}: sentiment accuracy and micro-F1, with 95 % intervals")
    table.add_column("part", no_wrap=True)
    for name in ("records", *(HEADINGS.get(kind, kind) for kind in scores["all"].intervals)):
        table.add_column(name, justify="right")
    for part, score in scores.items():
        values = score.headline()
        cells = [f"{values[kind]:.2f}\n{low:.2f}-{high:.2f}" for kind, (low, high) in score.intervals.items()]
        table.add_row(part, str(score.records), *cells)
    return table
