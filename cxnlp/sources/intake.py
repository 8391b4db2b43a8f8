"""The rows of one file on their way to records."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cxnlp.records import Location, Reason, Received, Rejection
from cxnlp.sources.cells import as_compact_json, as_text, is_blank, is_nested
from cxnlp.sources.layout import Layout, Rules, extend_layout, lay_out
from cxnlp.sources.values import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Intake:
    """Turns the rows of one file into records and rejections.

    Attributes:
        source: The name of the source.
        file: The name of the file, as in `Location.file`.
        rules: What the settings say of the columns.
    """

    source: str
    file: str
    rules: Rules

    def lay_out(self, headers: Sequence[str], *, complete: bool = True) -> Layout:
        """Decide what every column is for, and log how many are read and left out.

        Raises:
            DataError: If no column holds the text, or one that the settings name is missing though all are known.
        """
        layout = lay_out(headers, self.rules, complete=complete)
        columns = layout.assignment
        logger.info(
            "Source %s, file %s: %d fields, %d attributes, %d columns with personal data left out%s",
            *(self.source, self.file, len(columns.fields), len(columns.attributes), len(columns.personal)),
            f" ({', '.join(columns.personal)})" if columns.personal else "",
        )
        return layout

    def extend(self, layout: Layout, headers: Sequence[str]) -> Layout:
        """Decide of columns that came later; what was decided before stays."""
        extended = extend_layout(layout, headers, self.rules)
        added = len(extended.assignment.personal) - len(layout.assignment.personal)
        if added:
            logger.info(
                "Source %s, file %s: %d more columns with personal data left out", self.source, self.file, added
            )
        return extended

    def warn_of_missing(self, layout: Layout) -> None:
        """Log which fields the settings read from columns that never came."""
        missing = [field for field in self.rules.columns if field not in layout.assignment.fields]
        if missing:
            logger.warning(
                "Source %s, file %s: the columns that the settings name for %s never came",
                *(self.source, self.file, ", ".join(missing)),
            )

    def receive(self, layout: Layout, row: int, cells: Mapping[str, object]) -> Received | Rejection:
        """Read one row.

        Args:
            layout: What every column is for.
            row: Where it stands, as in `Location.row`.
            cells: The row by header; a header without a cell counts as empty.
        """
        raw = cells.get(layout.text)
        if is_nested(raw):
            return self.reject(row, Reason.INVALID_VALUE, "text holds a list or an object; allowed: a text.", "text")
        text = as_text(raw)
        if is_blank(text):
            return self.reject(row, Reason.EMPTY_TEXT, "The text is empty; feedback without words is left out.", "text")
        found: dict[str, Any] = {}
        for field, header, parse in layout.parsers:
            cell = cells.get(header)
            if cell is None or cell == "":
                continue
            value = parse(cell)
            if isinstance(value, Invalid):
                return self._reject_value(row, field, value)
            if value is not None:
                found[field] = value
        if "ces" in found:
            found["ces_version"] = self.rules.ces_version
        return Received(Location(self.file, row), text, attributes=self._attributes(layout, cells), **found)

    def reject(self, row: int, reason: Reason, detail: str, column: str | None = None) -> Rejection:
        """A rejection of a row of this file, or of the whole file where the row is 0."""
        return Rejection(self.source, Location(self.file, row), reason, column, detail)

    def _reject_value(self, row: int, field: str, value: Invalid) -> Rejection:
        detail = f"{field} holds {value.found}; allowed: {value.allowed}. Correct or clear it and land the file again."
        return self.reject(row, value.reason, detail, field)

    def _attributes(self, layout: Layout, cells: Mapping[str, object]) -> dict[str, str]:
        attributes: dict[str, str] = {}
        for header in layout.assignment.attributes:
            value = cells.get(header)
            if value is None or value == "":
                continue
            text = as_compact_json(value, self.rules.personal) if is_nested(value) else as_text(value)
            if not is_blank(text):
                attributes[header] = text
        return attributes
