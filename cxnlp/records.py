"""The records that the stages hand to each other.

`Received` is what a source yields and is never stored. `Feedback` is the same after repair, masking and
pseudonymisation, and is what lands. Every later record is keyed by `feedback_id` and `revision`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

Sentiment = Literal["positive", "negative", "neutral", "mixed"]
TagKind = Literal["effort", "efficiency", "emotion", "topic", "intent"]
Aspect = Literal["time", "outcome"]
Voice = Literal["customer", "employee", "process"]
CesVersion = Literal["1.0", "2.0"]

UNDETERMINED = "und"


class Reason(StrEnum):
    """Why a row or a file could not be used."""

    BROKEN_QUOTES = "broken_quotes"
    DUPLICATE_ID = "duplicate_id"
    EMPTY_TEXT = "empty_text"
    INVALID_DATE = "invalid_date"
    INVALID_JSON = "invalid_json"
    INVALID_VALUE = "invalid_value"
    TEXT_TOO_LONG = "text_too_long"
    UNREADABLE_FILE = "unreadable_file"
    WRONG_FIELD_COUNT = "wrong_field_count"


@dataclass(frozen=True, slots=True)
class Location:
    """Where a record stands: a pointer to the raw payload, which itself is never stored.

    Attributes:
        file: Path of the file, relative to the folder its source names.
        row: First line of the record in a text file, or its row in a sheet or table, counted from 1; 0 is the file.
    """

    file: str
    row: int


@dataclass(frozen=True, slots=True)
class Received:
    """One row as its source gave it: validated, not yet repaired or masked, and never stored like this.

    Attributes:
        own_id: The id that the source itself gives the record, if it has one.
        created_at: When the feedback was given, in UTC.
        nps: Answer to "how likely are you to recommend us", 0-10.
        ces: Customer effort score on the scale of `ces_version`: 1.0 is 1-5 (5 = much effort), 2.0 is 1-7 (7 = easy).
        csat: Satisfaction, 1-5 (5 = very satisfied).
        attributes: Columns that are no field of ours, by header.
    """

    location: Location
    text: str
    own_id: str | None = None
    created_at: datetime | None = None
    customer_ref: str | None = None
    voice: Voice = "customer"
    journey: str | None = None
    touchpoint: str | None = None
    channel: str | None = None
    owner: str | None = None
    question: str | None = None
    nps: int | None = None
    ces: int | None = None
    ces_version: CesVersion | None = None
    csat: int | None = None
    resolved_first_contact: bool | None = None
    language_hint: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Feedback:
    """One piece of feedback as it lands: repaired, masked, its customer pseudonymised.

    Attributes:
        feedback_id: Source and the source's own id, else source and a hash of the content; the same on every run.
        revision: Hash of everything the record says; a corrected record has the same id and a new revision.
        customer_ref: Keyed hash of the source's customer reference.
    """

    feedback_id: str
    revision: str
    source: str
    location: Location
    text: str
    created_at: datetime | None
    customer_ref: str | None
    voice: Voice
    journey: str | None
    touchpoint: str | None
    channel: str | None
    owner: str | None
    question: str | None
    nps: int | None
    ces: int | None
    ces_version: CesVersion | None
    csat: int | None
    resolved_first_contact: bool | None
    language_hint: str | None
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row or a file that could not be used, why, and where its payload stands.

    Attributes:
        column: The field at fault, in our words, if it is one field.
        detail: What is wrong and what is allowed; never the feedback itself.
    """

    source: str
    location: Location
    reason: Reason
    column: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class Landed:
    """What preparation needs of a landed record."""

    feedback_id: str
    revision: str
    text: str
    question: str | None
    language_hint: str | None


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence or clause: `text[start:end]` of the masked text, without surrounding white space."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """A landed record with its language and its segments.

    Attributes:
        language: ISO 639-1 code, or "und" where the text does not tell.
        language_confidence: 0-1; 1.0 where the source said the language.
        segments: In reading order, not overlapping, at least one.
    """

    feedback_id: str
    revision: str
    text: str
    question: str | None
    language: str
    language_confidence: float
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Tag:
    """One label of one kind, with the words that carry it.

    Attributes:
        aspect: For efficiency: whether it speaks of time or of outcome.
        probability: Calibrated probability that a person would give this label to the record, 0-1.
        start: First character of the evidence in the masked text.
        end: One past its last character.
    """

    kind: TagKind
    label: str
    aspect: Aspect | None
    probability: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tagging:
    """What one model version says of one record.

    Attributes:
        sentiment_score: Probability of positive less probability of negative, -1 to 1.
        confidence: Calibrated probability of `sentiment`, 0-1.
        needs_review: Whether sentiment or a dimension is too unsure, or the language too foreign, to be trusted unseen.
        tags: By kind and falling probability.
    """

    feedback_id: str
    revision: str
    model_version: str
    sentiment: Sentiment
    sentiment_score: float
    confidence: float
    inappropriate: bool
    needs_review: bool
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """What a stage or a run did, in records.

    Attributes:
        read: Rows that the source gave.
        unchanged: Of these, rows that the warehouse already held as they are.
        landed: Of these, rows new to the warehouse: kept or rejected. `read == unchanged + landed`.
        rejected: Of the landed, rows that could not be used.
        resolved: Rejections of earlier runs whose rows are usable now.
        prepared: Records given a language and segments.
        tagged: Records tagged by the model.
    """

    read: int = 0
    unchanged: int = 0
    landed: int = 0
    rejected: int = 0
    resolved: int = 0
    prepared: int = 0
    tagged: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))
