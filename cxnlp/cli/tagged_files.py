"""Tagged feedback as JSON Lines, CSV or Parquet."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from cxnlp.errors import ConfigurationError, Unavailable
from cxnlp.records import Tag

if TYPE_CHECKING:
    import pyarrow as pa

    from cxnlp.stages import Tagged

Write = Callable[["Tagged"], None]
Row = dict[str, object]

ROWS_A_GROUP: Final = 5_000


@contextmanager
def open_output(name: str) -> Iterator[Write]:
    """Write to a file that gets its name only when complete, or to standard output.

    Raises:
        ConfigurationError: If the suffix is none of .jsonl, .csv and .parquet.
        Unavailable: If the file cannot be written.
    """
    if name == "-":
        yield lambda tagged: _write_line(sys.stdout, _row(tagged))
        return
    path = Path(name)
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise ConfigurationError(f"Cannot tell the format of {name}. Use one of the suffixes {', '.join(_WRITERS)}.")
    partial = path.with_name(f"{path.name}.partial")
    try:
        with writer(partial) as write_row:
            yield lambda tagged: write_row(_row(tagged))
        partial.replace(path)
    except OSError as error:
        raise Unavailable(
            f"{name} could not be written ({error.strerror}). Make room or choose another place."
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def _row(tagged: Tagged) -> Row:
    tagging = tagged.tagging
    return {
        "feedback_id": tagged.own_id,
        "language": tagged.prepared.language,
        "sentiment": tagging.sentiment,
        "sentiment_score": round(tagging.sentiment_score, 4),
        "confidence": round(tagging.confidence, 4),
        "inappropriate": tagging.inappropriate,
        "needs_review": tagging.needs_review,
        "model_version": tagging.model_version,
        "tags": [_tag(tag, tagged.prepared.text) for tag in tagging.tags],
    }


def _tag(tag: Tag, text: str) -> Row:
    return {
        "kind": tag.kind,
        "label": tag.label,
        "aspect": tag.aspect,
        "probability": round(tag.probability, 4),
        "start": tag.start,
        "end": tag.end,
        "text": text[tag.start : tag.end],
    }


def _write_line(stream: IO[str], row: Row) -> None:
    stream.write(json.dumps(row, ensure_ascii=False) + "\n")


@contextmanager
def _open_jsonl(path: Path) -> Iterator[Callable[[Row], None]]:
    with path.open("w", encoding="utf-8") as stream:
        yield lambda row: _write_line(stream, row)


@contextmanager
def _open_csv(path: Path) -> Iterator[Callable[[Row], None]]:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:  # with BOM: Excel then reads it as UTF-8
        writer = csv.DictWriter(stream, list(_schema().names))
        writer.writeheader()
        yield lambda row: writer.writerow({**row, "tags": json.dumps(row["tags"], ensure_ascii=False)})


@contextmanager
def _open_parquet(path: Path) -> Iterator[Callable[[Row], None]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows: list[Row] = []
    with pq.ParquetWriter(path, _schema()) as writer:

        def write(row: Row) -> None:
            rows.append(row)
            if len(rows) == ROWS_A_GROUP:
                flush()

        def flush() -> None:
            writer.write_table(pa.Table.from_pylist(rows, _schema()))
            rows.clear()

        yield write
        flush()


_WRITERS: Final[dict[str, Callable[[Path], AbstractContextManager[Callable[[Row], None]]]]] = {
    ".jsonl": _open_jsonl,
    ".csv": _open_csv,
    ".parquet": _open_parquet,
}


def _schema() -> pa.Schema:
    import pyarrow as pa

    tag = pa.struct(
        [
            ("kind", pa.string()),
            ("label", pa.string()),
            ("aspect", pa.string()),
            ("probability", pa.float64()),
            ("start", pa.int32()),
            ("end", pa.int32()),
            ("text", pa.string()),
        ]
    )
    return pa.schema(
        [
            ("feedback_id", pa.string()),
            ("language", pa.string()),
            ("sentiment", pa.string()),
            ("sentiment_score", pa.float64()),
            ("confidence", pa.float64()),
            ("inappropriate", pa.bool_()),
            ("needs_review", pa.bool_()),
            ("model_version", pa.string()),
            ("tags", pa.list_(tag)),
        ]
    )
