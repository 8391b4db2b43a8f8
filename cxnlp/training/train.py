"""Train a model version: fit heads on a stored encoder, score it on held-out texts, and write its folder."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from cxnlp.classification.encoder import Encoder
from cxnlp.classification.heads import save_heads
from cxnlp.classification.store import MODEL, TOKENIZER, write_sums
from cxnlp.classification.tagger import Tagger
from cxnlp.errors import ConfigurationError
from cxnlp.records import Prepared, Segment
from cxnlp.training.card import write_card
from cxnlp.training.datasets import read_corpus
from cxnlp.training.evaluate import Scores, score_by_part
from cxnlp.training.fit import Fitted, Report, Vectors, fit_heads
from cxnlp.training.labels import Labelled
from cxnlp.training.split import Split, read_test_ids, split_records

logger = logging.getLogger(__name__)

TEST_IDS: Final = "test_ids.txt"


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What a training run made.

    Attributes:
        folder: The new model version.
        trained: Number of training records.
        held_out: Number of records that the scores were taken on.
        held_back: Number of records left out because they are too like a held-out one.
        scores: Scores on held-out records: `all`, by language, and by `written` or `real`.
    """

    folder: Path
    trained: int
    held_out: int
    held_back: int
    scores: dict[str, Scores]


def train_heads(
    labels: Path,
    texts: Path | None,
    encoder_folder: Path,
    out: Path,
    *,
    seed: int = 0,
    report: Report = lambda *_: None,
) -> TrainingReport:
    """Fit heads for an encoder and write a whole new model version.

    Args:
        labels: Folder of label files, with `test_ids.txt` where the held-out records are fixed.
        texts: Folder of the public data that stand-off labels point to, if it is at hand.
        encoder_folder: Holds model.onnx and tokenizer.json, such as a stored model version.
        out: The new version's folder, `<models>/<name>/<version>`; it must not exist yet.
        seed: Of the cross-validation folds.
        report: Told a step ("encode", "fit", "score"), how much of it is done since the last time, and its total.

    Raises:
        ConfigurationError: If the version exists, there is no encoder, or the `train` extra is not installed.
        DataError: If the labels are broken or too few.
    """
    _check(encoder_folder, out)
    records = read_corpus(labels, texts)
    split = split_records(records, read_test_ids(labels / TEST_IDS))
    encoder = Encoder(encoder_folder / MODEL, encoder_folder / TOKENIZER)
    train = [records[i] for i in split.train]
    vectors = encode_records(encoder, train, report)
    fitted = fit_heads(vectors, train, split.groups, seed=seed, report=report)
    tagger = Tagger(encoder, fitted.heads, f"{out.parent.name}/{out.name}")
    test = [records[i] for i in split.test]
    scores = score_by_part(test, tagger.tag([prepare_record(record) for record in test]))
    report("score", len(test), len(test))
    _write(encoder_folder, out, records, split, fitted, scores, seed)
    logger.info("%s trained on %d records, scored on %d", tagger.model_version, len(train), len(test))
    return TrainingReport(out, len(train), len(test), len(split.held_back), scores)


def encode_records(encoder: Encoder, records: Sequence[Labelled], report: Report = lambda *_: None) -> Vectors:
    """One vector for each record, shape (n_records, width)."""
    vectors = np.empty((len(records), encoder.width), np.float32)
    for i, encoded in enumerate(encoder.encode(prepare_record(record) for record in records)):
        vectors[i] = encoded.record
        report("encode", 1, len(records))
    return vectors


def prepare_record(record: Labelled) -> Prepared:
    """A labelled text as the tagger takes it, in one segment: labels say nothing about evidence."""
    whole = (Segment(0, len(record.text)),)
    return Prepared(record.id, "", record.text, record.question, record.language, 1.0, whole)


def _check(encoder_folder: Path, out: Path) -> None:
    if out.exists():
        raise ConfigurationError(f"{out} exists, and a stored version never changes. Choose another version.")
    missing = [name for name in (MODEL, TOKENIZER) if not (encoder_folder / name).is_file()]
    if missing:
        raise ConfigurationError(
            f"{encoder_folder} has no {' and no '.join(missing)}. Point to a stored model version, or build an encoder."
        )


def _write(
    encoder_folder: Path,
    out: Path,
    records: Sequence[Labelled],
    split: Split,
    fitted: Fitted,
    scores: dict[str, Scores],
    seed: int,
) -> None:
    """Write the folder beside its place and move it there once it is whole."""
    fresh = out.with_name(f".{out.name}.partial")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name in (MODEL, TOKENIZER):
        _link(encoder_folder / name, fresh / name)
    save_heads(fitted.heads, fresh)
    write_card(fresh, f"{out.parent.name}/{out.name}", records, split, fitted, scores, seed)
    write_sums(fresh)
    fresh.rename(out)


def _link(source: Path, target: Path) -> None:
    """A hard link where the file system has them: encoders are large and never change."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
