"""Label files: what people said of texts, with the text or standing off from it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from cxnlp.errors import DataError
from cxnlp.records import UNDETERMINED, Aspect, Sentiment, TagKind
from cxnlp.taxonomy import SENTIMENTS

FIELDS: Mapping[TagKind, str] = {
    "effort": "effort",
    "efficiency": "efficiency",
    "emotion": "emotion",
    "topic": "topics",
    "intent": "intent",
}


@dataclass(frozen=True, slots=True)
class Span:
    """The words that carry one label: `text[start:end]`.

    Attributes:
        aspect: For efficiency: time or outcome.
    """

    kind: TagKind
    label: str
    aspect: Aspect | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """One text and what a person said of it.

    Attributes:
        id: Unique over all label files.
        origin: Name of the label file without its ending.
        source: Name of the public data set that the text stands in, or the label file's where it stands there.
        written: Whether the text was written for this project rather than by a customer.
        labels: Labels given, by kind; every kind is there, an empty set where none applies.
        aspects: Efficiency aspects: `time` or `outcome`, preceded by the polarity (`inefficient:time`) where both
            polarities stand in one record.
        pair: Name of the contrast set it was written in, unique over all files.
        spans: The words that carry the labels, where the person marked them; a label may have several.
    """

    id: str
    origin: str
    source: str
    text: str
    language: str
    question: str | None
    sentiment: Sentiment
    labels: Mapping[TagKind, frozenset[str]]
    aspects: frozenset[str]
    inappropriate: bool
    written: bool
    pair: str | None
    spans: tuple[Span, ...] = ()

    def polar_aspects(self) -> frozenset[str]:
        """Every efficiency aspect with its polarity, such as `efficient:outcome`."""
        polarities = self.labels["efficiency"]
        plain = {f"{polarity}:{aspect}" for aspect in self.aspects if ":" not in aspect for polarity in polarities}
        return frozenset(plain | {aspect for aspect in self.aspects if ":" in aspect})


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file, gzipped where its name ends in `.gz`.

    Raises:
        DataError: If the file cannot be read or a line holds no object.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise DataError(f"{path}, line {number}: a label line must be one JSON object. Repair the line.")
                yield row
    except (OSError, EOFError, ValueError) as error:
        raise DataError(
            f"{path} is no readable JSON Lines file ({type(error).__name__}). Restore or repair it."
        ) from error


def find_label_files(folder: Path) -> tuple[Path, ...]:
    """Every label file in a folder, by name.

    Raises:
        DataError: If there is none.
    """
    found = sorted(path for path in folder.glob("*.jsonl*") if path.name.removesuffix(".gz").endswith(".jsonl"))
    if not found:
        raise DataError(f"No label file (*.jsonl or *.jsonl.gz) in {folder}. Point to a folder such as data/labels.")
    return tuple(found)


def parse_label(row: Mapping[str, Any], origin: str, source: Mapping[str, Any], *, written: bool) -> Labelled:
    """One label line with the text it speaks of.

    Args:
        row: The label line.
        origin: Name of its file.
        source: Where text, language and question stand: the line itself or the record it points to.
        written: Whether the text was written for the project.

    Raises:
        DataError: If a field is missing or has a value that the guideline does not know.
    """
    try:
        if row["sentiment"] not in SENTIMENTS:
            raise ValueError("sentiment")
        return Labelled(
            id=str(row["id"]),
            origin=origin,
            source=str(row.get("file") or origin),
            text=str(source["text"]),
            language=str(source.get("lang") or UNDETERMINED),
            question=source.get("question") or row.get("question"),
            sentiment=cast("Sentiment", row["sentiment"]),
            labels={kind: frozenset(_words(row[field])) for kind, field in FIELDS.items()},
            aspects=frozenset(_words(row["efficiency_aspect"])),
            inappropriate=bool(row["inappropriate"]),
            written=written,
            pair=f"{_series(row)}/{row['pair']}" if row.get("pair") else None,
            spans=tuple(_spans(row.get("spans", ()), str(source["text"]))),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"Label {row.get('id')!r} of {origin} lacks or misuses a field ({error}). "
            f"It needs id, text, sentiment ({', '.join(SENTIMENTS)}), {', '.join(FIELDS.values())}, "
            "efficiency_aspect and inappropriate."
        ) from error


def _spans(marked: Iterable[Mapping[str, str]], text: str) -> Iterator[Span]:
    """Where each quote stands first in the text."""
    for one in marked:
        if one["kind"] not in FIELDS:
            raise ValueError(f"spans: kind {one['kind']!r}")
        start = text.index(one["quote"])
        aspect = cast("Aspect | None", one.get("aspect"))
        yield Span(cast("TagKind", one["kind"]), one["label"], aspect, start, start + len(one["quote"]))


def _words(value: object) -> Sequence[str]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise TypeError("a list of words is expected")
    return value


def _series(row: Mapping[str, Any]) -> str:
    return str(row["id"]).partition("-")[0]
