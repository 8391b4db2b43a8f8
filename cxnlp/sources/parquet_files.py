"""Parquet files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from cxnlp.errors import DataError
from cxnlp.records import Received, Rejection
from cxnlp.sources.headers import name_headers

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    import pyarrow.parquet as pq

    from cxnlp.sources.intake import Intake

_BATCH_ROWS: Final = 500


def read_parquet(stream: BinaryIO, intake: Intake) -> Iterator[Received | Rejection]:
    """Read a Parquet file in batches of 500 rows.

    Times finer than a microsecond are cut to it.

    Raises:
        DataError: If the file is no Parquet or is damaged, has two columns of one name or none for the text.
    """
    file = _open(stream)
    names = name_headers(file.schema_arrow.names)
    layout = intake.lay_out(names)
    for row, cells in enumerate(_rows(file, names), 1):
        yield intake.receive(layout, row, cells)


def _open(stream: BinaryIO) -> pq.ParquetFile:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(stream)
    except (pa.ArrowException, ValueError, OSError) as error:
        raise DataError(
            "The file is no Parquet, or it was cut before its end. Copy or export it anew, and see that its size "
            "is that of the original."
        ) from error


def _rows(file: pq.ParquetFile, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    import pyarrow as pa

    try:
        for batch in file.iter_batches(batch_size=_BATCH_ROWS):
            columns = [_cut_to_microseconds(column) for column in batch.columns]
            yield from pa.RecordBatch.from_arrays(columns, names=names).to_pylist(maps_as_pydicts="lossy")
    except (pa.ArrowException, ValueError, KeyError, OverflowError, OSError) as error:
        raise DataError(
            f"The Parquet file cannot be read to its end ({type(error).__name__}); the rows before are kept. "
            "Copy or export it anew and land it again."
        ) from error


def _cut_to_microseconds(column: pa.Array) -> pa.Array:
    import pyarrow as pa

    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return column.cast(pa.timestamp("us", tz=kind.tz), safe=False)
    if pa.types.is_duration(kind) and kind.unit == "ns":
        return column.cast(pa.duration("us"), safe=False)
    return column.cast(pa.time64("us"), safe=False) if kind == pa.time64("ns") else column
