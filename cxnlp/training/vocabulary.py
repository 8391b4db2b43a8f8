"""Which pieces of the base model's 250,002 the tagger keeps, and the tokenizer made of them."""

from __future__ import annotations

import base64
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from cxnlp.errors import DataError
from cxnlp.training.checkpoint import Checkpoint
from cxnlp.training.packages import load_package

SPECIAL: Final = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
LATIN: Final = re.compile(r"▁?[A-Za-zÅÄÖåäöÉéÜüŠšŽž]+")
COMMON: Final = 100_000
SYMBOLS: Final = frozenset({"Nd", "Po", "Ps", "Pe", "Pd", "Pi", "Pf", "Sc", "Sm", "Sk", "So", "Zs"})
SPACE: Final = "▁"


def choose_pieces(checkpoint: Checkpoint, texts: Iterable[str]) -> tuple[str, ...]:
    """The pieces worth keeping for Finnish and English, in the base model's order.

    Kept are the special pieces, single digits, punctuation marks and symbols (emoji among them), pieces of Latin
    letters among the 100,000 most frequent, and every piece that the texts use.

    Args:
        checkpoint: The base model.
        texts: Finnish and English text, the more the better.
    """
    tokenizer = load_package("tokenizers").Tokenizer.from_str(tokenizer_json(checkpoint, checkpoint.pieces))
    seen: set[str] = set()
    for text in texts:
        seen.update(tokenizer.encode(text, add_special_tokens=False).tokens)
    return tuple(piece for rank, piece in enumerate(checkpoint.pieces) if piece in seen or _is_kept_unseen(piece, rank))


def _is_kept_unseen(piece: str, rank: int) -> bool:
    if piece in SPECIAL:
        return True
    bare = piece.removeprefix(SPACE)
    if len(bare) <= 1:
        return not bare or unicodedata.category(bare) in SYMBOLS or LATIN.fullmatch(bare) is not None
    return rank < COMMON and LATIN.fullmatch(piece) is not None


def read_pieces(tokenizer: Path) -> tuple[str, ...]:
    """The pieces that a stored tokenizer.json keeps, so that an encoder can be rebuilt without any text.

    Raises:
        DataError: If the file is missing or holds no unigram vocabulary.
    """
    try:
        vocabulary = json.loads(tokenizer.read_text("utf-8"))["model"]["vocab"]
        return tuple(piece for piece, _ in vocabulary)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"{tokenizer} holds no vocabulary ({error!r}). Point to the tokenizer.json of a model."
        ) from error


def tokenizer_json(checkpoint: Checkpoint, pieces: Sequence[str]) -> str:
    """The text of a tokenizer.json for the kept pieces, equal to sentencepiece's own segmentation.

    Raises:
        DataError: If a piece is unknown to the base model or a special piece is missing.
    """
    index = {piece: i for i, piece in enumerate(pieces)}
    rank = {piece: i for i, piece in enumerate(checkpoint.pieces)}
    unknown = [piece for piece in pieces if piece not in rank] + [piece for piece in SPECIAL if piece not in index]
    if unknown:
        raise DataError(
            f"{len(unknown)} pieces are unknown or missing, the first is {unknown[0]!r}. Choose them again."
        )
    vocabulary = [[piece, float(checkpoint.scores[rank[piece]])] for piece in pieces]
    return json.dumps(_definition(vocabulary, index), ensure_ascii=False, separators=(",", ":"))


def _definition(vocabulary: list[list[Any]], index: dict[str, int]) -> dict[str, Any]:
    edges = {"type": "Metaspace", "replacement": SPACE, "prepend_scheme": "always", "split": True}
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    added = [{"id": index[piece], "content": piece, **flags, "special": True} for piece in SPECIAL]
    frame = [
        {"SpecialToken": {"id": "<s>", "type_id": 0}},
        {"Sequence": {"id": "A", "type_id": 0}},
        {"SpecialToken": {"id": "</s>", "type_id": 0}},
    ]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": sorted(added, key=lambda token: token["id"]),
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Precompiled", "precompiled_charsmap": _character_map()},
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
            ],
        },
        "pre_tokenizer": edges,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": frame,
            "pair": [*frame, {"Sequence": {"id": "B", "type_id": 0}}, frame[-1]],
            "special_tokens": {
                piece: {"id": piece, "ids": [index[piece]], "tokens": [piece]} for piece in ("<s>", "</s>")
            },
        },
        "decoder": edges,
        "model": {"type": "Unigram", "unk_id": index["<unk>"], "vocab": vocabulary, "byte_fallback": False},
    }


def _character_map() -> str:
    """Sentencepiece's NFKC character map, base64, taken from a throw-away model that it trains."""
    sentencepiece = load_package("sentencepiece")
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(f"hello world {i}" for i in range(200)),
        model_writer=model,
        vocab_size=25,
        normalization_rule_name="nmt_nfkc",
        hard_vocab_limit=False,
        minloglevel=2,
    )
    definition = load_package("sentencepiece.sentencepiece_model_pb2").ModelProto()
    definition.ParseFromString(model.getvalue())
    return base64.b64encode(definition.normalizer_spec.precompiled_charsmap).decode()
