"""From a received row to feedback that may be stored: repaired, masked, pseudonymised and identified."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from cxnlp.errors import ConfigurationError
from cxnlp.preparation.identity import content_id, revision_of
from cxnlp.preparation.personal_data import find_personal_data, mask
from cxnlp.preparation.pseudonyms import pseudonym
from cxnlp.preparation.repair import repair
from cxnlp.records import Feedback, Location, Reason, Received, Rejection

_LONGEST_OWN_ID: Final = 200
# Mark-up may make a text this many times longer than what is left of it; anything beyond is refused unread.
_MARK_UP: Final = 5


class Intake:
    """Takes the rows of one source in, file by file; the raw text of a row is never kept.

    Args:
        source: Name of the source, the first part of every feedback id.
        key: Secret that pseudonyms are made with; another key gives every customer another pseudonym.
        max_characters: Longest text, or other value of a row, after repair.

    Raises:
        ConfigurationError: If the key is empty or nothing could be as short as `max_characters`.
    """

    def __init__(self, source: str, *, key: bytes, max_characters: int = 20_000) -> None:
        if not key:
            raise ConfigurationError("The key for pseudonyms is empty. Give a random key of at least 16 bytes.")
        if max_characters < 1:
            raise ConfigurationError(f"preparation.max_characters is {max_characters}; it has to be 1 or more.")
        self._source = source
        self._key = key
        self._max_characters = max_characters
        self._file: str | None = None
        self._occurrences: Counter[str] = Counter()
        self._first_seen: dict[str, tuple[str, int]] = {}

    def take(self, received: Received) -> Feedback | Rejection:
        """Repair, mask and pseudonymise one row, and decide its id and revision.

        Ids are the same on every run: from the row's own id, else from what it says and how often the file has said
        it, so that the same file under another name gives the same ids. Rows of one file have to follow each other.

        Returns:
            The feedback; or why not: nothing is left of the text, a value is too long, or the row's own id stands
            with other content earlier in the file.
        """
        self._begin(received.location)
        overlong = self._overlong(received, allowed=_MARK_UP * self._max_characters)
        if overlong:
            return overlong
        repaired = _repaired(received)
        if not repaired.text:
            detail = "Nothing but white space or control characters. Fill the text in, or leave the record out."
            return self._rejection(received, Reason.EMPTY_TEXT, "text", detail)
        return self._overlong(repaired, allowed=self._max_characters) or self._identified(repaired)

    def _begin(self, location: Location) -> None:
        if location.file != self._file:
            self._file = location.file
            self._occurrences.clear()
            self._first_seen.clear()

    def _overlong(self, received: Received, *, allowed: int) -> Rejection | None:
        for column, value in _written(received):
            if len(value) > allowed:
                detail = (
                    f"{len(value)} characters, {self._max_characters} are allowed. Raise preparation.max_characters or "
                    "split the record, then run: cxnlp rejected replay"
                )
                return self._rejection(received, Reason.TEXT_TOO_LONG, column, detail)
        return None

    def _identified(self, repaired: Received) -> Feedback | Rejection:
        unidentified = self._masked(repaired)
        revision = revision_of(unidentified)
        own_id = self._presentable(repaired.own_id)
        if own_id is None:
            self._occurrences[revision] += 1
            own_id = content_id(unidentified, self._occurrences[revision])
        feedback = replace(unidentified, feedback_id=f"{self._source}:{own_id}", revision=revision)
        row = repaired.location.row
        first_revision, first_row = self._first_seen.setdefault(feedback.feedback_id, (revision, row))
        if first_revision == revision:
            return feedback
        detail = (
            f"Row {first_row} of the same file has the same id and other content. Give every record an id of its own, "
            "or leave one of them out, then run: cxnlp rejected replay"
        )
        return self._rejection(repaired, Reason.DUPLICATE_ID, "own_id", detail)

    def _presentable(self, own_id: str | None) -> str | None:
        """The row's own id, or its keyed hash if it holds personal data or is too long to be an id."""
        if own_id and (len(own_id) > _LONGEST_OWN_ID or _names_a_person(own_id)):
            return pseudonym(own_id, self._key)
        return own_id

    def _masked(self, repaired: Received) -> Feedback:
        return Feedback(
            feedback_id="",
            revision="",
            source=self._source,
            location=repaired.location,
            text=mask(repaired.text),
            created_at=repaired.created_at,
            customer_ref=pseudonym(repaired.customer_ref, self._key) if repaired.customer_ref else None,
            voice=repaired.voice,
            journey=_masked(repaired.journey),
            touchpoint=_masked(repaired.touchpoint),
            channel=_masked(repaired.channel),
            owner=_masked(repaired.owner),
            question=_masked(repaired.question),
            nps=repaired.nps,
            ces=repaired.ces,
            ces_version=repaired.ces_version,
            csat=repaired.csat,
            resolved_first_contact=repaired.resolved_first_contact,
            language_hint=_masked(repaired.language_hint),
            attributes={name: mask(value) for name, value in repaired.attributes.items()},
        )

    def _rejection(self, received: Received, reason: Reason, column: str, detail: str) -> Rejection:
        return Rejection(self._source, received.location, reason, column, detail)


def _names_a_person(own_id: str) -> bool:
    """Whether an id holds personal data; digits within a longer code, such as a UUID, are none."""
    return any(
        piece.kind in ("HETU", "EMAIL") or not _is_glued(own_id[: piece.start][-1:] + own_id[piece.end :][:1])
        for piece in find_personal_data(own_id)
    )


def _is_glued(neighbours: str) -> bool:
    return any(character.isalnum() or character == "-" for character in neighbours)


def _written(received: Received) -> Iterator[tuple[str, str]]:
    """Every value that people write, with its column."""
    yield "text", received.text
    for column in ("question", "journey", "touchpoint", "channel", "owner", "language_hint"):
        value = getattr(received, column)
        if value:
            yield column, value
    for value in received.attributes.values():
        yield "attributes", value


def _repaired(received: Received) -> Received:
    own_id = (received.own_id or "").strip()
    return replace(
        received,
        text=repair(received.text),
        own_id=(repair(own_id) if len(own_id) <= _LONGEST_OWN_ID else own_id) or None,
        customer_ref=(received.customer_ref or "").strip() or None,
        journey=_repaired_value(received.journey),
        touchpoint=_repaired_value(received.touchpoint),
        channel=_repaired_value(received.channel),
        owner=_repaired_value(received.owner),
        question=_repaired_value(received.question),
        language_hint=_repaired_value(received.language_hint),
        attributes={name: repair(value) for name, value in received.attributes.items()},
    )


def _repaired_value(value: str | None) -> str | None:
    return repair(value) or None if value else None


def _masked(value: str | None) -> str | None:
    return mask(value) if value else None
