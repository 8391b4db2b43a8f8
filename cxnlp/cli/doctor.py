"""`cxnlp doctor`: what is missing and how to get it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import typer

from cxnlp.cli.outputs import Config, says_errors
from cxnlp.errors import CxnlpError

if TYPE_CHECKING:
    from cxnlp.settings import Settings

# A module of each extra, and what the extra is for.
EXTRAS: Final = {
    "train": ("sklearn", "refit the heads, rebuild the encoder"),
    "orchestration": ("prefect", "schedules and retries"),
}
LEAST_FREE: Final = 1 << 30
"""Bytes below which the disk is worth a warning: a million tagged feedback texts take about this much."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The state of one thing that cxnlp needs or can use."""

    name: str
    state: str
    good: bool
    needed: bool = True


def add_commands(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(doctor)


@says_errors
def doctor(config: Config = None) -> None:
    """Check the installation, the model, the sources and the warehouse, and say how to mend what is missing.

    Example: cxnlp doctor
    """
    from cxnlp.settings import load_settings

    settings = load_settings(config)
    findings = list(_examine(settings))
    for one in findings:
        mark = "ok     " if one.good else "MISSING" if one.needed else "absent "
        typer.echo(f"{mark} {one.name}: {one.state}")
    if any(one.needed and not one.good for one in findings):
        raise typer.Exit(2)


def _examine(settings: Settings) -> Iterator[Finding]:
    yield Finding("python", sys.version.split()[0], sys.version_info >= (3, 11))
    yield _attempt("model", lambda: _model(settings))
    for name in settings.sources:
        yield _attempt(f"source {name}", lambda name=name: _source(settings, name))  # type: ignore[misc]
    yield _attempt("warehouse", lambda: _warehouse(settings))
    free = shutil.disk_usage(settings.root).free
    yield Finding("disk", f"{free / (1 << 30):.1f} GiB free", free >= LEAST_FREE)
    for extra, (module, purpose) in EXTRAS.items():
        installed = find_spec(module) is not None
        state = purpose if installed else f"{purpose}: pip install 'cxnlp[{extra}]'"
        yield Finding(f"extra {extra}", state, installed, needed=False)


def _attempt(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, look(), good=True)
    except CxnlpError as error:
        return Finding(name, str(error), good=False)


def _model(settings: Settings) -> str:
    from cxnlp.assembly import build_tagger

    return f"{build_tagger(settings).model_version}, checksums match"


def _source(settings: Settings, name: str) -> str:
    from cxnlp.assembly import build_source

    return f"{len(build_source(settings, name).files())} files"


def _warehouse(settings: Settings) -> str:
    from cxnlp.assembly import build_warehouse
    from cxnlp.warehouse.summary import count_feedback

    path = settings.located(settings.warehouse.path)
    if not path.exists():
        return f"{path} will be made by the first: cxnlp run"
    with closing(build_warehouse(settings, read_only=True)) as warehouse:
        return f"{path} holds {count_feedback(warehouse)} feedback texts"
