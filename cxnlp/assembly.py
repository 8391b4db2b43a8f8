"""The parts that the stages need, built from the settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cxnlp.errors import ConfigurationError

if TYPE_CHECKING:
    from cxnlp.classification import Tagger
    from cxnlp.preparation import Intake
    from cxnlp.settings import Settings
    from cxnlp.sources import Source
    from cxnlp.warehouse.protocol import Warehouse


def build_warehouse(settings: Settings, *, read_only: bool = False) -> Warehouse:
    """Open the warehouse of the settings."""
    from cxnlp.warehouse import open_warehouse

    return open_warehouse(settings.located(settings.warehouse.path), read_only=read_only)


def build_source(settings: Settings, name: str, *, whole_paths: bool = False) -> Source:
    """Open the source of that name.

    Args:
        settings: Where the source is described.
        name: Its name there.
        whole_paths: Call files by their whole paths, as there may be others of the same name elsewhere.

    Raises:
        ConfigurationError: If the settings have no such source.
        DataError: If there is nothing where it points.
    """
    from cxnlp.sources import open_source

    source = settings.sources.get(name)
    if source is None:
        known = ", ".join(settings.sources) or "none"
        raise ConfigurationError(f"There is no source {name!r}; known: {known}. Add [sources.{name}] to the settings.")
    return open_source(
        name,
        source.path if source.path == "-" else settings.located(Path(source.path)),
        columns=source.columns,
        timezone=source.timezone,
        ces_version=source.ces_version,
        personal=source.personal,
        whole_paths=whole_paths,
    )


def build_intake(settings: Settings, source: str) -> Intake:
    """What repairs, masks and identifies the rows of a source."""
    from cxnlp.preparation import Intake, read_key

    key = read_key(settings.located(settings.preparation.key_file), settings.preparation.key)
    return Intake(source, key=key, max_characters=settings.preparation.max_characters)


def build_tagger(settings: Settings) -> Tagger:
    """Load the model of the settings.

    Raises:
        ModelNotFound: If it is not there or damaged.
    """
    from cxnlp.classification import open_tagger

    model = settings.model
    return open_tagger(settings.located(model.path), name=model.name, version=model.version, workers=model.workers)
