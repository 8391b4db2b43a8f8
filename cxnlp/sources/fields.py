"""The fields of a record that a column can fill, and how a setting names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

from cxnlp.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

Field = Literal[
    "text",
    "own_id",
    "created_at",
    "customer_ref",
    "voice",
    "journey",
    "touchpoint",
    "channel",
    "owner",
    "question",
    "nps",
    "ces",
    "csat",
    "resolved_first_contact",
    "language_hint",
]

FIELDS: Final[tuple[Field, ...]] = get_args(Field)
ALIASES: Final[Mapping[str, Field]] = {"id": "own_id", "date": "created_at"}


def columns_by_field(columns: Mapping[str, str]) -> dict[Field, str]:
    """The setting `columns` with its aliases resolved: field to header.

    Raises:
        ConfigurationError: If a key is no field, a header is blank, or two keys name the same field.
    """
    resolved: dict[Field, str] = {}
    for name, header in columns.items():
        field = _field(name)
        if field in resolved:
            raise ConfigurationError(f"The setting columns names the field {field} twice. Keep one of the two.")
        if not header.strip():
            raise ConfigurationError(f"The setting columns gives {name} no header. Name one of the export, or drop it.")
        resolved[field] = header
    return resolved


def _field(name: str) -> Field:
    if name in ALIASES:
        return ALIASES[name]
    if name not in FIELDS:
        raise ConfigurationError(
            f"The setting columns names the unknown field '{name}'. Allowed: {', '.join([*FIELDS, *ALIASES])}. "
            'Write the field first, then the header of the export: columns = { text = "Avoin palaute" }'
        )
    return name
