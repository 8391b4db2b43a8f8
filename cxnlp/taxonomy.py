"""The fixed words: kinds, their labels, and what they are called in Finnish and English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

from cxnlp.errors import ConfigurationError
from cxnlp.records import Aspect, Sentiment, TagKind

KINDS: Final[tuple[TagKind, ...]] = get_args(TagKind)
SENTIMENTS: Final[tuple[Sentiment, ...]] = get_args(Sentiment)
ASPECTS: Final[tuple[Aspect, ...]] = get_args(Aspect)


@dataclass(frozen=True, slots=True)
class Label:
    """A label with its names and its meaning."""

    name: str
    fi: str
    en: str
    definition: str


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Every label by kind, in the order of the file."""

    labels: Mapping[TagKind, tuple[Label, ...]]

    def names(self, kind: TagKind) -> tuple[str, ...]:
        """The labels of one kind, as stored in the warehouse."""
        return tuple(label.name for label in self.labels[kind])


def load_taxonomy(path: Path) -> Taxonomy:
    """Read a taxonomy file.

    Raises:
        ConfigurationError: If the file is missing, is no TOML, or lacks a kind, a name or a definition.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"The taxonomy {path} cannot be read ({error}). Restore configs/taxonomy.toml."
        ) from error
    try:
        return Taxonomy({kind: tuple(_label(name, entry) for name, entry in tables[kind].items()) for kind in KINDS})
    except (KeyError, AttributeError, TypeError) as error:
        raise ConfigurationError(
            f"The taxonomy {path} is incomplete ({error}). It needs the tables {', '.join(KINDS)}, each with labels "
            'such as: easy = { fi = "vaivaton", en = "easy", definition = "..." }'
        ) from error


def _label(name: str, entry: Mapping[str, str]) -> Label:
    return Label(name, fi=entry["fi"], en=entry["en"], definition=entry["definition"])
