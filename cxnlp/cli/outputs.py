"""How commands speak: errors in one line, settings found, figures as tables."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, ParamSpec, TypeVar

import typer

from cxnlp import __version__
from cxnlp.errors import ConfigurationError, CxnlpError, DataError, ModelNotFound, Unavailable

if TYPE_CHECKING:
    from rich.console import Console

P = ParamSpec("P")
R = TypeVar("R")

Config = Annotated[
    Path | None, typer.Option("--config", "-c", help="Settings file; else $CXNLP_CONFIG, else configs/cxnlp.toml.")
]

EXIT_STATUS: Final[dict[type[CxnlpError], int]] = {
    DataError: 1,
    ConfigurationError: 2,
    ModelNotFound: 2,
    Unavailable: 75,
}
INTERRUPTED: Final = 130


def says_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn our errors and Ctrl-C into one line on standard error and an exit status."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except CxnlpError as error:
            say(f"error: {error}")
            raise typer.Exit(EXIT_STATUS.get(type(error), 1)) from None
        except KeyboardInterrupt:
            say("interrupted: what was finished is stored; run the same command again to go on from there.")
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            sys.stderr.close()  # whoever read our output has left; nothing more can be said
            raise typer.Exit(0) from None

    return run


def say(message: str) -> None:
    """Print a line to standard error."""
    typer.echo(message, err=True)


def open_console(*, stderr: bool = False) -> Console:
    """A console as wide as the terminal, or 110 columns where there is none."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, width=None if stream.isatty() else 110, highlight=False)


def print_version(wanted: bool) -> None:
    """Print the version and leave, if that was asked for."""
    if wanted:
        typer.echo(f"cxnlp {__version__}")
        raise typer.Exit
