"""Linear heads: from a text's vector to the calibrated probability of every label."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from cxnlp.errors import ModelNotFound
from cxnlp.records import Aspect, TagKind
from cxnlp.taxonomy import SENTIMENTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

TENSORS: Final = "heads.safetensors"
LABELS: Final = "labels.json"
FORMAT: Final = 2
OTHER: Final = "other"
INAPPROPRIATE: Final = "inappropriate"
NUMBERS: Final = ("weights", "bias", "scale", "shift", "evidence")

HeadKind = TagKind | Literal["inappropriate"]


@dataclass(frozen=True, slots=True)
class Head:
    """What one row of the weights decides.

    Attributes:
        kind: Kind of tag, or `inappropriate`, which is a flag of the record.
        aspect: For efficiency: nothing for the polarity itself, else the aspect of that polarity.
        threshold: The label is given from this probability on.
        review_below: A label given with a probability under this asks for a person's eyes.
    """

    kind: HeadKind
    label: str
    aspect: Aspect | None
    threshold: float
    review_below: float


@dataclass(frozen=True, slots=True)
class SentimentHead:
    """The softmax over the four sentiments, in the order of `cxnlp.taxonomy.SENTIMENTS`.

    Attributes:
        weights: Shape (4, width).
        bias: Shape (4,).
        temperature: Logits are divided by this, so that the confidence is calibrated.
        review_below: A sentiment less probable than this asks for a person's eyes.

    Source: Guo et al., "On Calibration of Modern Neural Networks", 2017 (temperature scaling).
    """

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    temperature: float
    review_below: float

    def probabilities(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probability of each sentiment for vectors of shape (n, width), shape (n, 4); rows sum to 1."""
        logits = (vectors @ self.weights.T + self.bias) / self.temperature
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: NDArray[np.float32] = (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32)
        return shares


@dataclass(frozen=True, slots=True)
class Heads:
    """Every head of a model. Standardisation of the vectors is folded into weights and bias.

    Attributes:
        heads: What each row decides.
        weights: Shape (n_heads, width).
        bias: Shape (n_heads,).
        scale: Slope of the calibration of each score, shape (n_heads,).
        shift: Intercept of the calibration of each score, shape (n_heads,).
        evidence: Which of a text's segments speaks most for each label, shape (n_heads, width).
        sentiment: The softmax over sentiments.

    Source: Platt, "Probabilistic Outputs for Support Vector Machines", 1999 (the calibration).
    """

    heads: tuple[Head, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    scale: NDArray[np.float32]
    shift: NDArray[np.float32]
    evidence: NDArray[np.float32]
    sentiment: SentimentHead

    def probabilities(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Calibrated probability of each label for vectors of shape (n, width), shape (n, n_heads)."""
        scores = vectors @ self.weights.T + self.bias
        # tanh rather than exp, which overflows for a score far below zero.
        shares: NDArray[np.float32] = (0.5 * (1 + np.tanh(0.5 * (scores * self.scale + self.shift)))).astype(np.float32)
        return shares

    def strongest(self, segments: NDArray[np.float32]) -> NDArray[np.int64]:
        """For each label the index of the segment that carries it most, shape (n_heads,).

        Args:
            segments: The vectors of one text's segments, shape (n_segments, width), at least one.
        """
        carried: NDArray[np.int64] = (segments @ self.evidence.T).argmax(axis=0)
        return carried

    def rows(self, kind: HeadKind) -> Sequence[int]:
        """Which rows decide labels of one kind."""
        return [i for i, head in enumerate(self.heads) if head.kind == kind]


def save_heads(heads: Heads, folder: Path) -> None:
    """Write heads.safetensors (numbers) and labels.json (what they decide)."""
    from safetensors.numpy import save_file

    tensors = {name: getattr(heads, name) for name in NUMBERS}
    tensors |= {"sentiment.weights": heads.sentiment.weights, "sentiment.bias": heads.sentiment.bias}
    save_file({name: np.ascontiguousarray(value, np.float32) for name, value in tensors.items()}, folder / TENSORS)
    sentiment = {"temperature": heads.sentiment.temperature, "review_below": heads.sentiment.review_below}
    described = {
        "format": FORMAT,
        "sentiment": {"labels": list(SENTIMENTS), **sentiment},
        "heads": [asdict(head) for head in heads.heads],
    }
    (folder / LABELS).write_text(json.dumps(described, indent=1) + "\n", "utf-8")


def load_heads(folder: Path) -> Heads:
    """Read what `save_heads` wrote.

    Raises:
        ModelNotFound: If a file is missing, broken or of another format.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        described = json.loads((folder / LABELS).read_text("utf-8"))
        if described["format"] != FORMAT or described["sentiment"]["labels"] != list(SENTIMENTS):
            raise ValueError(f"format {described['format']} is not {FORMAT}, or the sentiments differ")
        return _assemble(described, load_file(folder / TENSORS))
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise ModelNotFound(
            f"The heads in {folder} cannot be used ({error}). Check the model out again, or train one with: cxnlp train"
        ) from error


def _assemble(described: Mapping[str, Any], tensors: Mapping[str, NDArray[np.float32]]) -> Heads:
    heads = tuple(Head(**head) for head in described["heads"])
    if len(heads) != len(tensors["weights"]):
        raise ValueError(f"{len(heads)} labels are described but {len(tensors['weights'])} have weights")
    sentiment = SentimentHead(
        tensors["sentiment.weights"],
        tensors["sentiment.bias"],
        float(described["sentiment"]["temperature"]),
        float(described["sentiment"]["review_below"]),
    )
    return Heads(heads, **{name: tensors[name] for name in NUMBERS}, sentiment=sentiment)
