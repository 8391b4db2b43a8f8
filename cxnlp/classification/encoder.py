"""The sentence encoder: from prepared texts to one vector for each text and each of its segments.

A text passes through the network once. Its tokens' vectors are averaged over the whole text for its tags and over
each segment for the evidence, so that a segment is read in its context ("late chunking").

A text longer than one window is cut into windows of whole segments where they fit, and averaged over all of its
tokens: nothing is left unread, and the cost grows with the length, not with its square.

The network's activations are quantised by ranges fixed when it was built, so a text's vectors do not depend on the
texts it happens to be encoded with.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cxnlp.classification.windows import Frame, Window, cut_windows
from cxnlp.records import Prepared

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_TOKENS: Final = 256
BATCH: Final = 32
BATCH_TOKENS: Final = 2048
CHUNK: Final = 1024
CHUNK_CHARACTERS: Final = 200_000


@dataclass(frozen=True, slots=True)
class Encoded:
    """One text as vectors.

    Attributes:
        record: Mean over the text's tokens, shape (width,).
        segments: Mean over each segment's tokens, shape (n_segments, width); a segment without tokens has the record's.
        tokens: How many tokens the text has.
    """

    record: NDArray[np.float32]
    segments: NDArray[np.float32]
    tokens: int


@dataclass(frozen=True, slots=True)
class _Pooled:
    """Sums over one window: of all body tokens, and by segment with how many tokens each has."""

    text: int
    total: NDArray[np.float32]
    tokens: int
    segments: NDArray[np.int64]
    sums: NDArray[np.float32]
    counts: NDArray[np.int64]


class Encoder:
    """Encodes texts with ONNX Runtime on the CPU.

    Raises:
        ModelNotFound: If the tokenizer lacks the pieces that frame a text.

    Args:
        model: ONNX file from token ids and mask to token vectors, shape (batch, tokens, width).
        tokenizer: The tokenizer.json that belongs to it.
        workers: Threads that each run one batch at a time; two at most by default. One thread for each batch is
            faster than several threads on one batch.
        threads: Threads that share one batch.
        max_tokens: Longest window, frame included.
    """

    def __init__(
        self,
        model: Path,
        tokenizer: Path,
        *,
        workers: int | None = None,
        threads: int = 1,
        max_tokens: int = MAX_TOKENS,
    ) -> None:
        from tokenizers import Tokenizer

        self.workers = workers or min(2, os.cpu_count() or 1)
        self._max_tokens = max_tokens
        self._session = _open_session(model, threads)
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._frame = Frame(self._tokenizer)

    @property
    def width(self) -> int:
        """How many numbers a vector has."""
        return int(self._session.get_outputs()[0].shape[-1])

    def encode(self, prepared: Iterable[Prepared]) -> Iterator[Encoded]:
        """Encode texts one after the other, in their order, holding about a thousand at a time."""
        with ThreadPoolExecutor(self.workers) as pool:
            for chunk in _chunks(prepared):
                yield from self._encode_chunk(chunk, pool)

    def _encode_chunk(self, chunk: Sequence[Prepared], pool: ThreadPoolExecutor) -> Iterator[Encoded]:
        pooled: list[list[_Pooled]] = [[] for _ in chunk]
        for results in pool.map(self._run, _batches(self._windows(chunk))):
            for result in results:
                pooled[result.text].append(result)
        for one, windows in zip(chunk, pooled, strict=True):
            yield _merge(windows, len(one.segments))

    def _windows(self, chunk: Sequence[Prepared]) -> list[Window]:
        encodings = self._tokenizer.encode_batch([one.text for one in chunk], add_special_tokens=False)
        return [
            window
            for i, (one, tokens) in enumerate(zip(chunk, encodings, strict=True))
            for window in cut_windows(
                i, self._frame.head(one.question), tokens, one.segments, self._frame.stop, self._max_tokens
            )
        ]

    def _run(self, windows: Sequence[Window]) -> list[_Pooled]:
        lengths = np.array([len(window.ids) for window in windows])
        ids = np.full((len(windows), lengths.max()), self._frame.padding, np.int64)
        for row, window in zip(ids, windows, strict=True):
            row[: len(window.ids)] = window.ids
        mask = (np.arange(ids.shape[1]) < lengths[:, None]).astype(np.int64)
        (vectors,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return [_pool(window, rows) for window, rows in zip(windows, vectors, strict=True)]


def _open_session(model: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # A plan of the memory for every new shape of batch holds 200 MB and gains nothing measurable.
    options.enable_mem_pattern = False
    # The fused operation is three times as slow on the CPU as the two that it stands for.
    return onnxruntime.InferenceSession(
        str(model), options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
    )


def _chunks(prepared: Iterable[Prepared]) -> Iterator[list[Prepared]]:
    chunk: list[Prepared] = []
    characters = 0
    for one in prepared:
        if chunk and (len(chunk) == CHUNK or characters + len(one.text) > CHUNK_CHARACTERS):
            yield chunk
            chunk, characters = [], 0
        chunk.append(one)
        characters += len(one.text)
    if chunk:
        yield chunk


def _batches(windows: Sequence[Window]) -> Iterator[list[Window]]:
    """Windows of like length together, the longest first so that no worker is left with them at the end."""
    ordered = sorted(windows, key=lambda window: len(window.ids), reverse=True)
    start = 0
    while start < len(ordered):
        size = max(1, min(BATCH, BATCH_TOKENS // len(ordered[start].ids)))
        yield ordered[start : start + size]
        start += size


def _pool(window: Window, vectors: NDArray[np.float32]) -> _Pooled:
    body = vectors[window.body : len(window.ids) - 1]
    if not len(body):
        body = vectors[: len(window.ids)]
        return _Pooled(window.text, body.sum(0), len(body), window.segments, body[:0], window.segments)
    present, inverse, counts = np.unique(window.segments, return_inverse=True, return_counts=True)
    members = (np.arange(len(present))[:, None] == inverse).astype(np.float32)
    return _Pooled(window.text, body.sum(0), len(body), present, members @ body, counts)


def _merge(windows: Sequence[_Pooled], n_segments: int) -> Encoded:
    tokens = sum(window.tokens for window in windows)
    record = (np.sum([window.total for window in windows], axis=0) / tokens).astype(np.float32)
    # One row more than there are segments takes the tokens between them, whose segment is -1.
    sums = np.zeros((n_segments + 1, len(record)), np.float32)
    counts = np.zeros(n_segments + 1, np.int64)
    for window in windows:
        sums[window.segments] += window.sums
        counts[window.segments] += window.counts
    held = counts[:n_segments, None]
    segments = np.where(held > 0, sums[:n_segments] / np.maximum(held, 1), record).astype(np.float32)
    return Encoded(record, segments, tokens)
