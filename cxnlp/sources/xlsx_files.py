"""Excel workbooks."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from cxnlp.errors import DataError
from cxnlp.records import Received, Rejection
from cxnlp.sources.cells import as_text, is_blank
from cxnlp.sources.headers import name_headers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from python_calamine import CalamineWorkbook

    from cxnlp.sources.intake import Intake
    from cxnlp.sources.layout import Layout

logger = logging.getLogger(__name__)

Row = tuple[int, list[object]]
"""The row as Excel numbers it, and its cells."""


def read_xlsx(stream: BinaryIO, intake: Intake) -> Iterator[Received | Rejection]:
    """Read the first sheet of a workbook whose first row that is not empty names a column for the text.

    The workbook is held whole, as its format demands. Empty rows are no records.

    Raises:
        DataError: If the file is no workbook, or no sheet has such a row.
    """
    workbook = _open(stream)
    faults: list[DataError] = []
    for place, name in enumerate(workbook.sheet_names):
        rows = _rows(workbook, place)
        try:
            names, layout = _lay_out(rows, intake)
        except DataError as fault:
            faults.append(fault)
            continue
        logger.info("Source %s, file %s: sheet %s is read", intake.source, intake.file, name)
        for row, cells in rows:
            yield intake.receive(layout, row, dict(zip(names, cells, strict=False)))
        return
    raise _no_sheet(workbook.sheet_names, faults)


def _open(stream: BinaryIO) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return CalamineWorkbook.from_filelike(stream)
    except CalamineError as error:
        raise DataError(
            "The file is no XLSX workbook, or it was cut or is locked by a password. Open it in Excel and save it anew "
            "as .xlsx without a password, or export it as CSV."
        ) from error


def _rows(workbook: CalamineWorkbook, place: int) -> Iterator[Row]:
    from python_calamine import CalamineError

    try:
        for row, cells in enumerate(workbook.get_sheet_by_index(place).iter_rows(), 1):
            if not all(is_blank(as_text(cell)) for cell in cells):
                yield row, list(cells)
    except CalamineError as error:
        raise DataError("A sheet of the workbook is damaged. Open it in Excel and save it anew as .xlsx.") from error


def _lay_out(rows: Iterator[Row], intake: Intake) -> tuple[list[str], Layout]:
    _, header = next(rows, (0, []))
    names = name_headers(as_text(cell) for cell in header)
    return names, intake.lay_out(names)


def _no_sheet(names: Sequence[str], faults: Sequence[DataError]) -> DataError:
    if len(faults) == 1:
        return faults[0]
    return DataError(
        f"No sheet of the workbook has a column for the feedback text in its first row. Sheets: {', '.join(names)}. "
        'Call the column text or palaute, or name it in the settings: columns = { text = "Avoin palaute" }'
    )
