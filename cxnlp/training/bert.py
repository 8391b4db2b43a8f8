"""The base model as a transformers `BertModel` over the kept pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cxnlp.training.checkpoint import Checkpoint
from cxnlp.training.packages import load_package

if TYPE_CHECKING:
    from numpy.typing import NDArray

LAYER_PARTS: Final = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def make_bert(checkpoint: Checkpoint, pieces: Sequence[str]) -> Any:
    """The base model with the embedding rows of the kept pieces only, in evaluation mode.

    Eager attention is chosen because the ONNX exporter cannot trace the fused one.
    """
    torch, transformers = load_package("torch"), load_package("transformers")
    config = transformers.BertConfig(
        vocab_size=len(pieces),
        hidden_size=checkpoint.width,
        num_hidden_layers=checkpoint.layers,
        num_attention_heads=checkpoint.heads,
        intermediate_size=checkpoint.feed_forward,
        max_position_embeddings=checkpoint.positions,
        type_vocab_size=checkpoint.token_types,
        layer_norm_eps=checkpoint.epsilon,
        pad_token_id=list(pieces).index("<pad>"),
        attn_implementation="eager",
    )
    bert = transformers.BertModel(config, add_pooling_layer=False)
    weights = {name: torch.from_numpy(values.copy()) for name, values in _weights(checkpoint, pieces)}
    bert.load_state_dict(weights)
    return bert.eval()


def _weights(checkpoint: Checkpoint, pieces: Sequence[str]) -> Iterator[tuple[str, NDArray[np.float32]]]:
    tensors, width = checkpoint.tensors, checkpoint.width
    rank = {piece: i for i, piece in enumerate(checkpoint.pieces)}
    words = tensors["emb.word"].reshape(checkpoint.rows, width)
    yield "embeddings.word_embeddings.weight", words[[rank[piece] for piece in pieces]]
    yield "embeddings.position_embeddings.weight", tensors["emb.pos"].reshape(checkpoint.positions, width)
    # The file keeps the first token type only, and every text is of that type.
    types = np.zeros((checkpoint.token_types, width), np.float32)
    types[0] = tensors["emb.type"][:width]
    yield "embeddings.token_type_embeddings.weight", types
    yield "embeddings.LayerNorm.weight", tensors["emb.ln.w"]
    yield "embeddings.LayerNorm.bias", tensors["emb.ln.b"]
    for layer in range(checkpoint.layers):
        for part, name in LAYER_PARTS.items():
            bias, weight = tensors[f"l{layer}.{part}.b"], tensors[f"l{layer}.{part}.w"]
            yield f"encoder.layer.{layer}.{name}.bias", bias
            yield (
                f"encoder.layer.{layer}.{name}.weight",
                weight if part.endswith("ln") else weight.reshape(bias.size, -1),
            )
