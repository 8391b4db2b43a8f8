"""From settings to a source."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args
from zoneinfo import ZoneInfo

from cxnlp.errors import ConfigurationError, DataError
from cxnlp.records import CesVersion
from cxnlp.sources.fields import columns_by_field
from cxnlp.sources.files import STANDARD_INPUT, FileSource, StandardInput
from cxnlp.sources.formats import READERS
from cxnlp.sources.layout import Rules
from cxnlp.sources.listing import list_files, split_path
from cxnlp.sources.words import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from cxnlp.sources.fields import Field
    from cxnlp.sources.source import Source


def open_source(
    name: str,
    path: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    timezone: str = "Europe/Helsinki",
    ces_version: CesVersion = "2.0",
    personal: Collection[str] = (),
    only: Collection[Field] | None = None,
    whole_paths: bool = False,
) -> Source:
    """A source of the files that a path names.

    Args:
        name: What the warehouse calls the source.
        path: A file; a folder, for all CSV, XLSX, JSON and Parquet files in it and in the folders below; a glob such as
            "exports/2026-*.csv"; or "-" for standard input.
        columns: Which header of the export fills which field: {"text": "Avoin palaute"}. Other headers are known by
            synonyms in Finnish and English.
        timezone: Where times without a zone were written, as the IANA database names it.
        ces_version: The scale of effort scores: "1.0" is 1-5, "2.0" is 1-7.
        personal: Headers that hold a person's data and are never read, besides those that clearly do.
        only: Fields to read besides the text, so that what stands in other columns cannot make a row unusable.
        whole_paths: Call a file or the files of a glob by their whole paths instead of relative to their folder.

    Raises:
        ConfigurationError: If `columns`, `timezone`, `ces_version` or `personal` is not usable.
        DataError: If no file matches the path.
    """
    rules = _rules(columns or {}, timezone, ces_version, personal)
    if only is not None:
        rules = replace(rules, only=frozenset(only))
    if str(path) == STANDARD_INPUT:
        return StandardInput(name, rules)
    folder, pattern = split_path(Path(path))
    if whole_paths and pattern and folder.is_absolute():
        folder, pattern = Path(folder.anchor), str(folder.relative_to(folder.anchor) / pattern)
    if not any(found.exists() for found in list_files(folder, pattern, READERS).values()):
        raise DataError(
            f"No file matches {path}. Name a file, a folder that holds files ending in {', '.join(READERS)}, or a glob "
            'such as "exports/*.csv".'
        )
    return FileSource(name, folder, pattern, rules)


def _rules(columns: Mapping[str, str], timezone: str, ces_version: CesVersion, personal: Collection[str]) -> Rules:
    if isinstance(personal, str):
        raise ConfigurationError(
            f"The setting personal is one text. Write a list of headers: personal = [{personal!r}]"
        )
    if ces_version not in get_args(CesVersion):
        raise ConfigurationError(
            f"The setting ces_version is '{ces_version}'. Allowed: 1.0 (answers 1-5) and 2.0 (answers 1-7)."
        )
    by_field, folded = columns_by_field(columns), frozenset(map(fold, personal)) - {""}
    for field, header in by_field.items():
        if fold(header) in folded:
            raise ConfigurationError(
                f"The settings read {field} from the column '{header}' and also call it personal. Keep one of the two."
            )
    return Rules(by_field, folded, _zone(timezone), ces_version)


def _zone(timezone: str) -> ZoneInfo:
    try:
        return ZoneInfo(timezone)
    except (KeyError, ValueError, OSError) as error:
        raise ConfigurationError(
            f"The setting timezone is '{timezone}', which this system does not know. Write a name of the IANA database "
            "such as Europe/Helsinki; a system without that database needs: pip install tzdata"
        ) from error
