"""Which column of a file fills which field of a record."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from cxnlp.errors import DataError
from cxnlp.sources.personal import is_personal
from cxnlp.sources.synonyms import NO_NPS_STARTS, NPS_PARTS, SYNONYMS
from cxnlp.sources.words import fold, fold_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from cxnlp.sources.fields import Field

# Longer or wordier cells of a first row may be feedback in a file without headers, so no message shows them.
_LONGEST_SHOWN: Final = 40
_MOST_WORDS_SHOWN: Final = 4
_MOST_SHOWN: Final = 30
_DATA: Final = re.compile(r"[\d\s.,:;/+\-]+|.*@.*|\S+\s+\S+\s.*[.!…]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Assignment:
    """What every column of a file is for.

    Attributes:
        fields: The header that fills each field.
        attributes: Headers that are no field of ours, in the order of the file.
        personal: Headers that hold a person's data and are left out.
    """

    fields: Mapping[Field, str]
    attributes: tuple[str, ...]
    personal: tuple[str, ...]


def assign_headers(headers: Sequence[str], columns: Mapping[Field, str], personal: Collection[str]) -> Assignment:
    """Decide by the settings, then by synonyms, what every header is for.

    Args:
        headers: The headers of the file, each once.
        columns: Headers that the settings give to fields; those that the file lacks are passed over.
        personal: Further headers that hold a person's data, folded.
    """
    fields = _named_in_settings(headers, columns)
    chosen = set(fields.values())
    left_out = tuple(header for header in headers if header not in chosen and is_personal(header, personal))
    free = [header for header in headers if header not in chosen and header not in set(left_out)]
    for field, header in _known_by_synonym(free).items():
        if field not in columns:
            fields[field] = header
    if "nps" not in fields and "nps" not in columns:
        fields |= _recommendation(header for header in free if header not in fields.values())
    chosen = set(fields.values())
    return Assignment(fields, tuple(header for header in free if header not in chosen), left_out)


def find_header(headers: Sequence[str], wanted: str) -> str | None:
    """The header that a setting means: the very same, else the same but for case, accents and punctuation."""
    if wanted.strip() in headers:
        return wanted.strip()
    return next((header for header in headers if fold(header) == fold(wanted) != ""), None)


def name_headers(cells: Iterable[str]) -> list[str]:
    """The cells of a header row, stripped; those without a name are called "column 4" by their place.

    Raises:
        DataError: If two columns bear the same name.
    """
    names = [cell.strip().strip("\ufeff") for cell in cells]
    twice = [name for name, count in Counter(names).items() if name and count > 1]
    if twice:
        raise DataError(
            f"The file has several columns of the same name ({list_headers(twice)}), so it is not clear which to read. "
            "Give every column a name of its own and land the file again."
        )
    return [name or f"column {place}" for place, name in enumerate(names, 1)]


def list_headers(headers: Sequence[str]) -> str:
    """Headers for a message, without what may be feedback or a person's data in a file that has no header row."""
    if any(_DATA.fullmatch(header) for header in headers):
        return f"{len(headers)} that look like data, as if the first row held no headers"
    more = [f"and {len(headers) - _MOST_SHOWN} more"] if len(headers) > _MOST_SHOWN else []
    return ", ".join([*map(_show, headers[:_MOST_SHOWN]), *more]) or "none"


def _show(header: str) -> str:
    if len(header) <= _LONGEST_SHOWN and len(header.split()) <= _MOST_WORDS_SHOWN and header.isprintable():
        return header
    return f"(one of {len(header)} characters)"


def _named_in_settings(headers: Sequence[str], columns: Mapping[Field, str]) -> dict[Field, str]:
    found = {field: find_header(headers, wanted) for field, wanted in columns.items()}
    return {field: header for field, header in found.items() if header is not None}


def _known_by_synonym(headers: Sequence[str]) -> dict[Field, str]:
    by_fold: dict[str, str] = {}
    for header in headers:
        by_fold.setdefault(fold(header), header)
    matches = ((field, next((by_fold[word] for word in words if word in by_fold), None)) for field, words in _folded())
    return {field: header for field, header in matches if header is not None}


@cache
def _folded() -> tuple[tuple[Field, tuple[str, ...]], ...]:
    return tuple((field, tuple(map(fold, words))) for field, words in SYNONYMS.items())


def _recommendation(headers: Iterable[str]) -> dict[Field, str]:
    for header in headers:
        asked_openly = any(word.startswith(NO_NPS_STARTS) for word in fold_words(header))
        if not asked_openly and any(part in fold(header) for part in NPS_PARTS):
            return {"nps": header}
    return {}
