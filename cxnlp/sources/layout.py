"""How the columns of one file become the fields of a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from cxnlp.errors import DataError
from cxnlp.sources.dates import parse_date
from cxnlp.sources.fields import FIELDS, Field
from cxnlp.sources.headers import Assignment, assign_headers, find_header, list_headers
from cxnlp.sources.values import parse_bool, parse_language, parse_name, parse_score, parse_voice

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from cxnlp.records import CesVersion

Parser = Callable[[object], object]
"""From a cell to the value of a field, None where there is none, or `Invalid`."""

_HIGHEST_CES: Final[Mapping[CesVersion, int]] = {"1.0": 5, "2.0": 7}


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say of the columns of a source.

    Attributes:
        columns: The header in the export that fills a field, where the settings name one.
        personal: Further headers that hold a person's data, folded.
        zone: Where times without a zone were written.
        ces_version: The effort scale: "1.0" is 1-5, "2.0" is 1-7.
        only: The fields that are read besides the text; None for all.
    """

    columns: Mapping[Field, str]
    personal: frozenset[str]
    zone: ZoneInfo
    ces_version: CesVersion
    only: frozenset[Field] | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one file, decided.

    Attributes:
        text: The header of the feedback text.
        parsers: Every other field with its header and how its cells are read.
        assignment: What every header is for.
    """

    text: str
    parsers: tuple[tuple[Field, str, Parser], ...]
    assignment: Assignment

    @property
    def headers(self) -> list[str]:
        """Every header that the layout knows, each once."""
        known = self.assignment
        return list(dict.fromkeys([*known.fields.values(), *known.attributes, *known.personal]))


def lay_out(headers: Sequence[str], rules: Rules, *, complete: bool = True) -> Layout:
    """Decide what every column of a file is for.

    Args:
        headers: The headers of the file, each once.
        rules: What the settings say.
        complete: Whether every column is known; in JSON Lines those that are rarely filled may still come.

    Raises:
        DataError: If no column holds the text, or one that the settings name is missing though all are known.
    """
    for field, wanted in rules.columns.items():
        if (complete or field == "text") and find_header(headers, wanted) is None:
            raise DataError(
                f"The settings read {field} from the column '{wanted}', which the file lacks. "
                f"Headers found: {list_headers(headers)}. Correct columns.{field} in the settings or the file."
            )
    assignment = assign_headers(headers, rules.columns, rules.personal)
    if "text" not in assignment.fields:
        raise DataError(
            f"The file has no column for the feedback text. Headers found: {list_headers(headers)}. "
            'Call the column text or palaute, or name it in the settings: columns = { text = "Avoin palaute" }'
        )
    return _layout(assignment, rules)


def finds_text(cells: Sequence[str], rules: Rules) -> bool:
    """Whether cells, taken as a header row, name a column for the text."""
    headers = [cell.strip() for cell in cells]
    return "text" in assign_headers(headers, rules.columns, rules.personal).fields


def extend_layout(layout: Layout, headers: Sequence[str], rules: Rules) -> Layout:
    """The layout with columns that came later; what was decided before stays."""
    known = layout.assignment
    decided = {**rules.columns, **known.fields}
    return _layout(assign_headers([*layout.headers, *headers], decided, rules.personal), rules)


def _layout(assignment: Assignment, rules: Rules) -> Layout:
    parsers = _parsers(rules)
    return Layout(
        text=assignment.fields["text"],
        parsers=tuple(
            (field, header, parsers[field])
            for field, header in assignment.fields.items()
            if field != "text" and (rules.only is None or field in rules.only)
        ),
        assignment=assignment,
    )


def _parsers(rules: Rules) -> dict[Field, Parser]:
    parsers: dict[Field, Parser] = dict.fromkeys(FIELDS, parse_name)
    special: dict[Field, Parser] = {
        "created_at": partial(parse_date, zone=rules.zone),
        "voice": parse_voice,
        "nps": partial(parse_score, lowest=0, highest=10),
        "ces": partial(parse_score, lowest=1, highest=_HIGHEST_CES[rules.ces_version]),
        "csat": partial(parse_score, lowest=1, highest=5),
        "resolved_first_contact": parse_bool,
        "language_hint": parse_language,
    }
    return parsers | {field: _remember(parse) for field, parse in special.items()}


def _remember(parse: Parser) -> Parser:
    remembered = lru_cache(maxsize=1_000)(parse)

    def parse_or_remember(cell: object) -> object:
        # Text only: as keys of a cache 1, 1.0 and True are the same, as answers they are not.
        return remembered(cell) if isinstance(cell, str) else parse(cell)

    return parse_or_remember
