"""What makes two records the same: hashes of what they say."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Final

from cxnlp.records import Feedback

_SAID: Final = tuple(
    field.name for field in fields(Feedback) if field.name not in ("feedback_id", "revision", "location")
)


def revision_of(feedback: Feedback) -> str:
    """Hash of everything the record says, wherever it stands: 16 hexadecimal characters of BLAKE2b."""
    return blake2b(_canonical(feedback), digest_size=8).hexdigest()


def content_id(feedback: Feedback, occurrence: int) -> str:
    """The id of a record whose source gives none: 32 hexadecimal characters of BLAKE2b.

    Args:
        feedback: The record; its id, revision and location do not count.
        occurrence: How many records of the same file have said the same so far, this one included.
    """
    return blake2b(_canonical(feedback) + b"#%d" % occurrence, digest_size=16).hexdigest()


def _canonical(feedback: Feedback) -> bytes:
    said = {name: getattr(feedback, name) for name in _SAID}
    return json.dumps(said, sort_keys=True, separators=(",", ":"), default=_in_utc).encode("ascii")


def _in_utc(moment: datetime) -> str:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
