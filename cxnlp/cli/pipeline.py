"""`cxnlp run`, and its stages one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cxnlp import __version__
from cxnlp.cli.outputs import Config, says_errors
from cxnlp.errors import ConfigurationError, DataError

if TYPE_CHECKING:
    from cxnlp.preparation import Intake
    from cxnlp.settings import Settings
    from cxnlp.sources import Source
    from cxnlp.stages import Run

Names = Annotated[
    list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Sources of the settings; default: all.")
]
Input = Annotated[
    str | None, typer.Option("--input", "-i", help="A file, folder or glob instead of a source of the settings.")
]
As = Annotated[str, typer.Option("--as", help="What the source of --input is called in the warehouse.")]


def add_commands(app: typer.Typer) -> None:
    """Add the pipeline's commands to the program."""
    for command in (run, land, prepare, classify, publish):
        app.command()(command)


@says_errors
def run(sources: Names = None, input: Input = None, as_: As = "input", config: Config = None) -> None:
    """Take feedback through every stage: land, prepare, classify, publish.

    Running again changes nothing; after a crash or Ctrl-C it goes on where it stopped.

    Example: cxnlp run --input survey.csv --as survey
    """
    from cxnlp import stages
    from cxnlp.assembly import build_tagger, build_warehouse
    from cxnlp.cli.summary import print_summary
    from cxnlp.preparation import Preparation

    settings = load(config, input, as_)
    tagger = build_tagger(settings)
    with open_run(settings, "run", tagger.model_version) as opened:
        counts = stages.run_all(
            opened, _open_sources(settings, sources, input, as_), Preparation(), tagger, settings.warehouse.timezone
        )
    with closing(build_warehouse(settings, read_only=True)) as warehouse:
        print_summary(warehouse, counts, tagger.model_version, settings.located(settings.warehouse.path))
    _fail_on_unreadable_files(opened)


@says_errors
def land(sources: Names = None, input: Input = None, as_: As = "input", config: Config = None) -> None:
    """Read sources, mask personal data, and store what is new.

    Example: cxnlp land survey
    """
    from cxnlp import stages
    from cxnlp.records import Counts

    settings = load(config, input, as_)
    with open_run(settings, "land") as opened:
        pairs = _open_sources(settings, sources, input, as_)
        counts = sum((stages.land(opened, source, intake) for source, intake in pairs), Counts())
    kept = counts.landed - counts.rejected
    typer.echo(f"{counts.read} read: {kept} new, {counts.unchanged} known, {counts.rejected} rejected")
    _fail_on_unreadable_files(opened)


@says_errors
def prepare(config: Config = None) -> None:
    """Find the language and the segments of what has landed.

    Example: cxnlp prepare
    """
    from cxnlp import stages
    from cxnlp.preparation import Preparation

    with open_run(load(config), "prepare") as opened:
        counts = stages.prepare(opened, Preparation())
    typer.echo(f"{counts.prepared} prepared")


@says_errors
def classify(config: Config = None) -> None:
    """Tag what is prepared with the live model; a new model version tags everything anew.

    Example: cxnlp classify
    """
    from cxnlp import stages
    from cxnlp.assembly import build_tagger

    settings = load(config)
    tagger = build_tagger(settings)
    with open_run(settings, "classify", tagger.model_version) as opened:
        counts = stages.classify(opened, tagger)
    typer.echo(f"{counts.tagged} tagged by {tagger.model_version}")


@says_errors
def publish(config: Config = None) -> None:
    """Let the marts show the tags of the live model.

    Example: cxnlp publish
    """
    from cxnlp import stages
    from cxnlp.assembly import build_tagger

    settings = load(config)
    model_version = build_tagger(settings).model_version
    with open_run(settings, "publish", model_version) as opened:
        stages.publish(opened.warehouse, model_version, settings.warehouse.timezone)
    typer.echo(f"published {model_version}")


def load(config: Path | None, input: str | None = None, name: str = "input") -> Settings:
    """Read the settings; `input` takes the place of the path of the source of that name, or makes one."""
    from cxnlp.settings import SourceSettings, load_settings

    settings = load_settings(config)
    if input is None:
        return settings
    path = input if input == "-" else str(Path(input).absolute())
    known = settings.sources.get(name)
    source = known.model_copy(update={"path": path}) if known else SourceSettings(path=path)
    return settings.model_copy(update={"sources": {**settings.sources, name: source}})


def _open_sources(
    settings: Settings,
    names: list[str] | None,
    input: str | None,
    name: str,
) -> list[tuple[Source, Intake]]:
    from cxnlp.assembly import build_intake, build_source

    if names and input:
        raise ConfigurationError("Name sources of the settings, or give --input, not both.")
    chosen = [name] if input else names or list(settings.sources)
    if not chosen:
        raise ConfigurationError("The settings have no sources. Add [sources.NAME] with a path, or give --input.")
    whole_paths = input is not None
    return [(build_source(settings, one, whole_paths=whole_paths), build_intake(settings, one)) for one in chosen]


@contextmanager
def open_run(settings: Settings, command: str, model_version: str | None = None) -> Iterator[Run]:
    """Open the warehouse and keep a run in its ledger, with its progress shown."""
    from cxnlp import stages
    from cxnlp.assembly import build_warehouse
    from cxnlp.cli.progress import show_progress

    with (
        closing(build_warehouse(settings)) as warehouse,
        show_progress() as report,
        stages.open_run(
            warehouse,
            command,
            version=__version__,
            model_version=model_version,
            batch=settings.pipeline.batch,
            report=report,
        ) as opened,
    ):
        yield opened


def _fail_on_unreadable_files(opened: Run) -> None:
    if opened.unreadable:
        first, *others = opened.unreadable
        more = f" (and {len(others)} more: cxnlp rejected list)" if others else ""
        raise DataError(f"{first.location.file}: {first.detail}{more} Everything else went through.")
