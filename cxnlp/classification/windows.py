"""Cut a tokenised text into windows that the encoder can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cxnlp.errors import ModelNotFound
from cxnlp.records import Segment

if TYPE_CHECKING:
    from numpy.typing import NDArray


# Source: the model card of intfloat/multilingual-e5-small asks for this prefix in classification.
PREFIX: Final = "query:"
FRAME: Final = ("<s>", "</s>", "<pad>")
MAX_QUESTION_TOKENS: Final = 48


class Frame:
    """What stands around a text's own tokens.

    Args:
        tokenizer: The encoder's `tokenizers.Tokenizer`.

    Attributes:
        stop: Token id that ends every window.
        padding: Token id that fills a batch.

    Raises:
        ModelNotFound: If the tokenizer lacks the pieces that frame a text.
    """

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._start, self.stop, self.padding = (_token_id(tokenizer, piece) for piece in FRAME)
        self.head = lru_cache(maxsize=4096)(self._encode_head)

    def _encode_head(self, question: str | None) -> tuple[int, ...]:
        """What stands before the text in every window: the prefix and the survey's question."""
        ids = self._encode(PREFIX)
        if question:
            ids = [*ids, *self._encode(question)[:MAX_QUESTION_TOKENS], *self._encode("|")]
        return (self._start, *ids)

    def _encode(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids


def _token_id(tokenizer: Any, piece: str) -> int:
    found = tokenizer.token_to_id(piece)
    if found is None:
        raise ModelNotFound(
            f"The tokenizer has no piece {piece}, so it is not of this model. Check the model out again."
        )
    return int(found)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of one text as the encoder reads it.

    Attributes:
        text: Index of the text.
        ids: Token ids with the frame around the body, shape (n_tokens,).
        body: Where the text's own tokens start in `ids`; they end one before the last.
        segments: Segment of each body token, or -1 for one between segments; shape (n_body,).
    """

    text: int
    ids: NDArray[np.int64]
    body: int
    segments: NDArray[np.int64]


def locate_tokens(ends: NDArray[np.int64], segments: Sequence[Segment]) -> NDArray[np.int64]:
    """The segment that each token ends in, or -1.

    A token's first character may be the space before it, so its last one decides.

    Args:
        ends: One past the last character of each token, shape (n_tokens,).
        segments: In reading order, not overlapping.

    Returns:
        Index into the segments, shape (n_tokens,).
    """
    if not segments:
        return np.full(ends.shape, -1, np.int64)
    starts = np.array([segment.start for segment in segments])
    stops = np.array([segment.end for segment in segments])
    nearest = np.searchsorted(starts, ends - 1, side="right") - 1
    return np.where((nearest >= 0) & (ends - 1 < stops[nearest]), nearest, -1)


def cut_windows(
    text: int,
    head: Sequence[int],
    tokens: Any,
    segments: Sequence[Segment],
    tail: int,
    max_tokens: int,
) -> Iterator[Window]:
    """The windows of one text: a single one where it fits, else whole segments as far as they go.

    Args:
        text: Index of the text.
        head: Token ids that stand before the body in every window.
        tokens: The text's encoding by the tokenizer, without special tokens.
        segments: The text's segments.
        tail: Token id that ends every window.
        max_tokens: Most tokens in a window, frame included.
    """
    ids = np.array(tokens.ids, np.int64)
    located = locate_tokens(np.array([end for _, end in tokens.offsets], np.int64), segments)
    for start, stop in _cuts(located, max_tokens - len(head) - 1):
        framed = np.concatenate([head, ids[start:stop], [tail]]).astype(np.int64)
        yield Window(text, framed, len(head), located[start:stop])


def _cuts(located: NDArray[np.int64], room: int) -> Iterator[tuple[int, int]]:
    start = 0
    while len(located) - start > room:
        stop = start + room
        # A cut before the window is half full would let a long segment multiply the windows.
        boundaries = np.flatnonzero(np.diff(located[start + room // 2 : stop + 1])) + 1
        if boundaries.size:
            stop = start + room // 2 + int(boundaries[-1])
        yield start, stop
        start = stop
    yield start, len(located)
