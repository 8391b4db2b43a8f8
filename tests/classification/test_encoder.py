from itertools import pairwise

import numpy as np
import pytest
from tokenizers import Tokenizer

from cxnlp.classification.encoder import Encoder
from cxnlp.classification.store import MODEL, TOKENIZER, find_model
from cxnlp.classification.windows import cut_windows, locate_tokens
from cxnlp.records import Prepared, Segment


@pytest.fixture(scope="module")
def folder(models):
    return find_model(models).folder


@pytest.fixture(scope="module")
def encoder(folder):
    return Encoder(folder / MODEL, folder / TOKENIZER, workers=2)


def encode(encoder, *records):
    return list(encoder.encode(records))


def test_vectors_have_the_width_of_the_model(encoder, prepare):
    (encoded,) = encode(encoder, prepare("Hyvä palvelu. Huono ruoka."))
    assert encoded.record.shape == (encoder.width,)
    assert encoded.segments.shape == (2, encoder.width)


def test_the_text_is_the_token_weighted_mean_of_its_segments(encoder):
    text = "Hyvä palvelu. Ruoka oli aivan liian kylmää."
    record = Prepared("id", "r", text, None, "fi", 1.0, (Segment(0, 13), Segment(14, len(text))))
    (encoded,) = encode(encoder, record)
    low, high = encoded.segments.min(axis=0), encoded.segments.max(axis=0)
    assert ((encoded.record >= low - 1e-5) & (encoded.record <= high + 1e-5)).all()


def test_a_text_in_one_segment_is_that_segment(encoder):
    (encoded,) = encode(encoder, Prepared("id", "r", "Hyvä palvelu", None, "fi", 1.0, (Segment(0, 12),)))
    assert np.allclose(encoded.record, encoded.segments[0], atol=1e-5)


def test_the_number_of_workers_changes_nothing(folder, prepare):
    records = [prepare(f"Palvelu numero {i} oli hyvä. " * (i + 1)) for i in range(40)]
    one = encode(Encoder(folder / MODEL, folder / TOKENIZER, workers=1), *records)
    two = encode(Encoder(folder / MODEL, folder / TOKENIZER, workers=2), *records)
    assert all(np.array_equal(a.record, b.record) for a, b in zip(one, two, strict=True))


def test_a_long_text_counts_all_of_its_tokens(encoder, prepare):
    (once,) = encode(encoder, prepare(" ".join(["Odotin pitkään."] * 10)))
    (often,) = encode(encoder, prepare(" ".join(["Odotin pitkään."] * 1000)))
    assert often.tokens == 100 * once.tokens
    assert np.isfinite(often.record).all()


def test_the_question_is_no_part_of_the_answer(encoder, prepare):
    bare, asked = encode(encoder, prepare("Nothing", "en"), prepare("Nothing", "en", "How could we improve?"))
    assert bare.tokens == asked.tokens
    assert not np.allclose(bare.record, asked.record)


def test_windows_hold_every_token_once_and_end_at_segments(folder):
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    sentence = "Odotin pitkään. "
    text = sentence * 50
    segments = [Segment(i * len(sentence), (i + 1) * len(sentence) - 1) for i in range(50)]
    tokens = tokenizer.encode(text, add_special_tokens=False)
    windows = list(cut_windows(3, (0, 5), tokens, segments, 2, 64))
    assert [i for window in windows for i in window.ids[2:-1]] == tokens.ids
    assert all(len(window.ids) <= 64 for window in windows)
    assert all(window.text == 3 and window.ids[0] == 0 and window.ids[-1] == 2 for window in windows)
    for before, after in pairwise(windows):
        assert before.segments[-1] != after.segments[0]


def test_a_segment_longer_than_a_window_is_cut_all_the_same(folder):
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokens = tokenizer.encode("sana " * 500, add_special_tokens=False)
    windows = list(cut_windows(0, (0,), tokens, [Segment(0, 2500)], 2, 64))
    assert sum(len(window.segments) for window in windows) == len(tokens.ids)
    assert len(windows) <= len(tokens.ids) // 62 + 1


def test_a_token_belongs_to_the_segment_it_ends_in():
    ends = np.array([2, 5, 6, 9, 12])
    located = locate_tokens(ends, [Segment(0, 5), Segment(7, 10)])
    assert located.tolist() == [0, 0, -1, 1, -1]
