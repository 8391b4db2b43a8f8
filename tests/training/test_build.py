import numpy as np
import pytest

from cxnlp.classification.store import MODEL, TOKENIZER, find_model
from cxnlp.errors import ConfigurationError, DataError
from cxnlp.training.checkpoint import find_checkpoint, read_checkpoint
from cxnlp.training.packages import load_package
from cxnlp.training.vocabulary import SPECIAL, choose_pieces, tokenizer_json


@pytest.fixture(scope="module")
def checkpoint():
    return read_checkpoint(find_checkpoint())


def test_the_base_model_is_read_whole(checkpoint):
    assert (checkpoint.width, checkpoint.layers, checkpoint.feed_forward) == (384, 12, 1536)
    assert len(checkpoint.pieces) == 250_002
    assert checkpoint.tensors["emb.word"].size == checkpoint.rows * checkpoint.width
    assert all(np.isfinite(values).all() for values in checkpoint.tensors.values())


def test_another_file_is_refused(tmp_path):
    path = tmp_path / "e5-small-q4.bin"
    path.write_bytes(b"something else")
    with pytest.raises(DataError, match="has sha256"):
        read_checkpoint(path)


def test_a_missing_package_says_what_to_install():
    with pytest.raises(ConfigurationError, match=r"pip install 'cxnlp\[train\]'"):
        load_package("no_such_package_at_all.part")


def test_the_stored_vocabulary_spells_finnish_english_digits_and_emoji(models):
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(find_model(models).folder / TOKENIZER))
    text = "Ääkköset, öljynvaihto & Åbo: 3,50 € it's “fine”! 🙂👍❤️😡"
    assert "<unk>" not in tokenizer.encode(text).tokens


def test_kept_pieces_split_text_as_the_whole_vocabulary_does(checkpoint, models):
    from tokenizers import Tokenizer

    stored = Tokenizer.from_file(str(find_model(models).folder / TOKENIZER))
    whole = Tokenizer.from_str(tokenizer_json(checkpoint, checkpoint.pieces))
    for text in ("Toimitus oli nopea ja asiakaspalvelu ystävällistä.", "The invoice was wrong twice in a row."):
        assert stored.encode(text).tokens == whole.encode(text).tokens


def test_pieces_are_chosen_by_rule_and_by_use(checkpoint):
    bare = choose_pieces(checkpoint, [])
    used = choose_pieces(checkpoint, ["Спасибо большое"])
    assert set(SPECIAL) < set(bare) < set(used)
    assert {"▁palvelu", "7", "!", "😀"} <= set(bare)


def test_an_unknown_piece_is_refused(checkpoint):
    with pytest.raises(DataError, match="1 pieces are unknown or missing, the first is 'no such piece'"):
        tokenizer_json(checkpoint, [*SPECIAL, "no such piece"])


@pytest.mark.slow
def test_the_base_encoder_in_8_bits_is_near_the_one_in_full_precision(models, labels, tmp_path):
    from cxnlp.classification.encoder import Encoder
    from cxnlp.records import Prepared
    from cxnlp.training import build_encoder

    stored = find_model(models).folder
    build_encoder(tmp_path / "int8", vocabulary=stored / TOKENIZER, labels=labels)
    build_encoder(tmp_path / "fp32", vocabulary=stored / TOKENIZER, labels=labels, precision="fp32")
    assert (tmp_path / "int8" / TOKENIZER).read_bytes() == (stored / TOKENIZER).read_bytes()

    texts = ["Toimitus oli nopea ja asiakaspalvelu ystävällistä.", "The invoice was wrong twice in a row."]
    prepared = [Prepared(text, "", text, None, "fi", 1.0, ()) for text in texts]
    small, full = (
        np.array(
            [one.record for one in Encoder(tmp_path / folder / MODEL, tmp_path / folder / TOKENIZER).encode(prepared)]
        )
        for folder in ("int8", "fp32")
    )
    cosines = (small * full).sum(1) / np.linalg.norm(small, axis=1) / np.linalg.norm(full, axis=1)
    assert (cosines > 0.99).all()
    assert (tmp_path / "int8" / MODEL).stat().st_size < 0.3 * (tmp_path / "fp32" / MODEL).stat().st_size
