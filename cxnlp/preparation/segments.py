"""Sentences and clauses of a text, as exact offsets."""

from __future__ import annotations

import re
from typing import Final

from cxnlp.preparation.clauses import clause_starts
from cxnlp.preparation.sentences import sentence_starts
from cxnlp.records import Segment

MOST_SEGMENTS: Final = 200

_EMOTICON: Final = r"[:;=xX8]['o^-]?[()\[\]DPpOo3/\\|*]+|<3|\b[xX]D+\b"
# Signs, emoji and emoticons alone say how the sentence before was meant.
_ONLY_SIGNS: Final = re.compile(rf"(?:{_EMOTICON}|[\W_])*+").fullmatch
_LEADING_EMOJI: Final = re.compile(
    rf"(?:(?:{_EMOTICON}|[\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff\ufe0f\u200d]+)\s+)+", re.ASCII
).match


def split(text: str, language: str) -> tuple[Segment, ...]:
    """Split repaired text into sentences, and sentences into clauses at contrasts.

    Returns:
        In reading order, without surrounding white space, at least one and at most 200, of which the last takes the
        rest. Every character but white space is in exactly one. Text without any gives one empty segment.
    """
    sentences = _joined_signs(text, sentence_starts(text, language))
    starts = [
        start
        for begin, end in zip(sentences, [*sentences[1:], len(text)], strict=True)
        for start in clause_starts(text, begin, end, language)
    ][:MOST_SEGMENTS]
    segments = (_stripped(text, begin, end) for begin, end in zip(starts, [*starts[1:], len(text)], strict=True))
    return tuple(segment for segment in segments if segment.start < segment.end) or (Segment(0, 0),)


def _joined_signs(text: str, starts: list[int]) -> list[int]:
    """Starts without those of pieces that hold no word, which belong to the piece before, or after if first."""
    joined: list[int] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        if not _ONLY_SIGNS(text, start, end):
            emoji = _LEADING_EMOJI(text, start, end) if joined and text[start - 1] != "\n" else None
            joined.append((emoji.end() if emoji else start) if joined else 0)
    return joined or [0]


def _stripped(text: str, start: int, end: int) -> Segment:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return Segment(start, start + len(piece.strip()))
