"""The labelled corpus: label files joined with the texts they speak of."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from cxnlp.errors import DataError
from cxnlp.training.labels import Labelled, find_label_files, parse_label, read_rows

logger = logging.getLogger(__name__)

WRITTEN: Final = "labelled_written"
RENDERING: Final = "-fi"
DEVELOPMENT: Final = "development"


def read_corpus(labels: Path, texts: Path | None = None) -> tuple[Labelled, ...]:
    """Every usable labelled record, in the order of file names and lines.

    A line without text points to a record of public data by `file` and `id`. Where that data is not at hand the line
    is left out, and how many were is logged. Lines marked `skip` are left out too. Files `labelled_*.jsonl.gz` in the
    folder of public data are read as well, unless the folder of labels has a file of that name.

    Args:
        labels: Folder of label files.
        texts: Folder of public data, with a file `<name>.jsonl.gz` for each name that labels point to.

    Raises:
        DataError: If a file is broken, an id stands twice, or nothing is left.
    """
    files = find_label_files(labels)
    if texts is not None:
        known = {path.name for path in files}
        files += tuple(path for path in sorted(texts.glob("labelled_*.jsonl.gz")) if path.name not in known)
    sources = _Sources(texts)
    records = [record for path in files for record in _read_file(path, sources)]
    ids = {record.id for record in records}
    if len(ids) < len(records):
        raise DataError(f"{len(records) - len(ids)} ids stand twice in the label files of {labels}. Make ids unique.")
    if not records:
        raise DataError(f"No label in {labels} has a text. Give the folder of public data that its lines point to.")
    return _ask_alike(records)


def _ask_alike(records: Iterable[Labelled]) -> tuple[Labelled, ...]:
    """A rendering in the other language answers the same question as its original."""
    known = {record.id: record for record in records}
    originals = (known.get(record.id.removesuffix(RENDERING)) for record in known.values())
    return tuple(
        replace(record, question=original.question) if original and not record.question else record
        for record, original in zip(known.values(), originals, strict=True)
    )


def read_development(labels: Path, texts: Path | None = None) -> tuple[Labelled, ...]:
    """Labelled records whose terms allow scores but no training; none where the texts are not at hand.

    Args:
        labels: Folder of label files, of which `development` holds these.
        texts: Folder of public data.

    Raises:
        DataError: If a file is broken.
    """
    folder = labels / DEVELOPMENT
    if texts is None or not folder.is_dir():
        return ()
    sources = _Sources(texts)
    return tuple(record for path in find_label_files(folder) for record in _read_file(path, sources))


class _Sources:
    """Records of public data by file and id, each file read once."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._files: dict[str, dict[str, Mapping[str, Any]]] = {}

    def find(self, file: str, record_id: str) -> Mapping[str, Any] | None:
        """The record, or nothing where the data is not at hand."""
        if file not in self._files:
            path = self._folder / f"{file}.jsonl.gz" if self._folder else None
            self._files[file] = {str(row["id"]): row for row in read_rows(path)} if path and path.exists() else {}
        return self._files[file].get(record_id)


def _read_file(path: Path, sources: _Sources) -> Iterator[Labelled]:
    origin = path.name.partition(".")[0]
    missing = 0
    for row in _usable(read_rows(path)):
        source = row if "text" in row else sources.find(str(row.get("file")), str(row["id"]))
        if source is None:
            missing += 1
            continue
        yield parse_label(row, origin, source, written=origin.startswith(WRITTEN))
    if missing:
        logger.warning("%s: %d labels left out, their texts are not at hand", origin, missing)


def _usable(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (row for row in rows if not row.get("skip"))
