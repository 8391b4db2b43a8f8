"""Build the encoder that tagging runs: base model, kept pieces, ONNX graph, 8 bits."""

from __future__ import annotations

import logging
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from cxnlp.classification.store import MODEL, TOKENIZER
from cxnlp.classification.windows import PREFIX
from cxnlp.training.bert import make_bert
from cxnlp.training.checkpoint import find_checkpoint, read_checkpoint
from cxnlp.training.datasets import read_corpus
from cxnlp.training.packages import load_package
from cxnlp.training.quantise import Batch, quantise
from cxnlp.training.vocabulary import read_pieces, tokenizer_json

logger = logging.getLogger(__name__)

Precision = Literal["int8", "fp32"]

# Source: grouped cross-validation on the training labels. The embeddings and the middle layers keep word forms that
# the last layer has given up for meaning: sentiment 0.716, emotion 0.54 from the last alone; 0.751, 0.59 from four.
LAYERS: Final = (0, 4, 8, 12)
BATCH: Final = 32
MAX_TOKENS: Final = 256
OPSET: Final = 17
SAMPLES: Final = 768
# Added to the attention on padding. The usual -3e38 makes ONNX Runtime's softmax produce denormal numbers, which take
# three times as long; e to the -50 is a normal number and still far too small to be seen beside a real token.
MASKED: Final = -50.0


def build_encoder(folder: Path, *, vocabulary: Path, labels: Path, precision: Precision = "int8") -> None:
    """Build model.onnx and tokenizer.json from the base model; the same input gives the same bytes.

    Args:
        folder: Where to write; made if need be.
        vocabulary: The tokenizer.json of a stored model, whose pieces are kept.
        labels: Folder of label files; the ranges of the activations are measured on 768 of its texts.
        precision: "fp32" leaves the weights as they are, four times as large: for comparison.

    Raises:
        ConfigurationError: If the `train` extra is not installed.
        DataError: If the base model's file is not the expected one, or a piece is unknown to it.
    """
    pieces = read_pieces(vocabulary)
    samples = [record.text for record in read_corpus(labels) if record.written][:SAMPLES]
    checkpoint = read_checkpoint(find_checkpoint())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TOKENIZER).write_text(tokenizer_json(checkpoint, pieces), "utf-8")
    if precision == "fp32":
        _export(make_bert(checkpoint, pieces), folder / MODEL, LAYERS)
    else:
        export_encoder(make_bert(checkpoint, pieces), folder, samples)
    logger.info("encoder built with %d of %d pieces", len(pieces), len(checkpoint.pieces))


def export_encoder(bert: Any, folder: Path, samples: Sequence[str], layers: Sequence[int] = LAYERS) -> None:
    """Write a transformers `BertModel` as an 8-bit model.onnx beside its tokenizer.json.

    Args:
        bert: The model, with eager attention.
        folder: Holds tokenizer.json and receives model.onnx.
        samples: Texts on which the ranges of the activations are measured.
        layers: Layers whose token vectors the encoder gives, one after the other in each vector; 0 is the embedding.
    """
    with tempfile.TemporaryDirectory() as scratch:
        exported = Path(scratch) / MODEL
        _export(bert, exported, layers)
        quantise(exported, folder / MODEL, sample_batches(folder / TOKENIZER, samples))


def _export(bert: Any, target: Path, layers: Sequence[int]) -> None:
    torch = load_package("torch")

    class TokenVectors(torch.nn.Module):  # type: ignore[misc, name-defined]
        """The chosen layers' vectors of each token, side by side."""

        def __init__(self) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            hidden = (1.0 - attention_mask[:, None, None, :].to(torch.float32)) * MASKED
            given = self.bert(input_ids=input_ids, attention_mask=hidden, output_hidden_states=True)
            states = given.hidden_states
            return torch.cat([states[layer] for layer in layers], dim=-1)

    axes = {name: {0: "batch", 1: "tokens"} for name in ("input_ids", "attention_mask", "vectors")}
    example = torch.ones(2, 7, dtype=torch.long)
    with warnings.catch_warnings(), torch.no_grad():
        # The exporter warns of its own age; its successor cannot export this graph.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            TokenVectors().eval(),
            (example, example),
            str(target),
            input_names=["input_ids", "attention_mask"],
            output_names=["vectors"],
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )


def sample_batches(tokenizer: Path, samples: Sequence[str]) -> Iterator[Batch]:
    """Token ids and masks of sample texts, sorted by length, in batches as in tagging."""
    tokens = load_package("tokenizers").Tokenizer.from_file(str(tokenizer))
    tokens.enable_truncation(MAX_TOKENS)
    tokens.enable_padding(pad_id=tokens.token_to_id("<pad>"), pad_token="<pad>")  # noqa: S106
    ordered = sorted(samples, key=len)
    for start in range(0, len(ordered), BATCH):
        encoded = tokens.encode_batch([f"{PREFIX} {text}" for text in ordered[start : start + BATCH]])
        yield (
            np.array([one.ids for one in encoded], np.int64),
            np.array([one.attention_mask for one in encoded], np.int64),
        )
