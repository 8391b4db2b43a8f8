"""Train a model version: fit heads on a stored encoder, score it on held-out texts, and write its folder."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cxnlp.classification.encoder import Encoder
from cxnlp.classification.heads import HeadKind, Heads, load_heads, save_heads
from cxnlp.classification.store import MODEL, TOKENIZER, write_sums
from cxnlp.classification.tagger import Tagger
from cxnlp.errors import ConfigurationError, ModelNotFound
from cxnlp.preparation.segments import split as split_text
from cxnlp.records import Aspect, Prepared, Tagging
from cxnlp.training.card import Making, Trained, read_making, write_card
from cxnlp.training.evaluate import Scores, bin_taggings, score_by_part
from cxnlp.training.fit import Report, Sample, Vectors, fit_heads
from cxnlp.training.labels import Labelled
from cxnlp.training.sides import Sides, read_sides, read_test

logger = logging.getLogger(__name__)


class Reader(Protocol):
    """Whatever tags texts."""

    def tag(self, prepared: Sequence[Prepared]) -> list[Tagging]:
        """Tag texts, in their order."""


Evidence = Mapping[tuple[HeadKind, str, Aspect | None], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What a training run made.

    Attributes:
        folder: The new model version.
        trained: Number of training records.
        validated: Number of records that calibration and thresholds were chosen on.
        held_out: Number of records that the scores were taken on.
        held_back: Number of records left out because they are too like a held-out one.
        scores: Scores on held-out records: `all`, by language, and by `written` or `real`.
    """

    folder: Path
    trained: int
    validated: int
    held_out: int
    held_back: int
    scores: dict[str, Scores]


def train_heads(
    labels: Path,
    texts: Path | None,
    encoder_folder: Path,
    out: Path,
    *,
    report: Report = lambda *_: None,
) -> TrainingReport:
    """Fit heads for an encoder and write a whole new model version.

    Args:
        labels: Folder of label files, with `test_ids.txt` where the held-out records are fixed.
        texts: Folder of the public data that stand-off labels point to, if it is at hand.
        encoder_folder: Holds model.onnx and tokenizer.json, such as a stored model version; what finds the words that
            carry each label is taken over from it.
        out: The new version's folder, `<models>/<name>/<version>`; it must not exist yet.
        report: Told a step ("encode", "fit", "score"), how much of it is done since the last time, and its total.

    Raises:
        ConfigurationError: If the version exists, there is no encoder, or the `train` extra is not installed.
        DataError: If the labels are broken or too few.
    """
    check_new(out)
    _check_encoder(encoder_folder)
    sides = read_sides(labels, texts)
    made = read_making(encoder_folder)
    return write_version(sides, encoder_folder, out, _stored_evidence(encoder_folder), made, report=report)


def write_version(
    sides: Sides,
    encoder_folder: Path,
    out: Path,
    evidence: Evidence,
    made: Making,
    *,
    report: Report = lambda *_: None,
) -> TrainingReport:
    """Fit heads for an encoder, score them, and write the model's folder.

    Args:
        sides: What to fit, choose and score on.
        encoder_folder: Holds model.onnx and tokenizer.json.
        out: The new version's folder.
        evidence: What finds the words that carry each label; a label without is found by its own weights.
        made: How the encoder was made, for the model card.
        report: As for `train_heads`.

    Raises:
        DataError: If the labels are too few.
    """
    encoder = Encoder(encoder_folder / MODEL, encoder_folder / TOKENIZER)
    train, validation = (
        Sample(encode_records(encoder, side, report), side) for side in (sides.train, sides.validation)
    )
    fitted = fit_heads(train, validation, report=report)
    fitted = replace(fitted, heads=_find_by(fitted.heads, evidence))
    tagger = Tagger(encoder, fitted.heads, f"{out.parent.name}/{out.name}")
    taggings = tagger.tag([prepare_record(record) for record in sides.test])
    scores = score_by_part(sides.test, taggings)
    report("score", len(sides.test), len(sides.test))
    _write(
        encoder_folder,
        out,
        Trained(tagger.model_version, sides, made, fitted, scores, bin_taggings(sides.test, taggings)),
    )
    logger.info("%s trained on %d records, scored on %d", tagger.model_version, len(sides.train), len(sides.test))
    return TrainingReport(
        folder=out,
        trained=len(sides.train),
        validated=len(sides.validation),
        held_out=len(sides.test),
        held_back=len(sides.held_back),
        scores=scores,
    )


def check_new(out: Path) -> None:
    """Refuse to write over a stored version.

    Raises:
        ConfigurationError: If there is something at its place.
    """
    if out.exists():
        raise ConfigurationError(f"{out} exists, and a stored version never changes. Choose another version.")


def score_model(tagger: Reader, labels: Path, texts: Path | None = None) -> dict[str, Scores]:
    """Score a tagger on the held-out side of a corpus: all of it, by language, and by source.

    Raises:
        DataError: If the labels are broken or too few.
    """
    return score_records(tagger, read_test(labels, texts))


def score_records(tagger: Reader, records: Sequence[Labelled]) -> dict[str, Scores]:
    """Score a tagger on labelled records, at least one: all of them, by language, and by source."""
    return score_by_part(records, tagger.tag([prepare_record(record) for record in records]))


def _stored_evidence(folder: Path) -> Evidence:
    try:
        heads = load_heads(folder)
    except ModelNotFound:
        logger.info("no heads of this format beside the encoder: labels are found by their own weights")
        return {}
    return {(head.kind, head.label, head.aspect): row for head, row in zip(heads.heads, heads.evidence, strict=True)}


def _find_by(heads: Heads, evidence: Evidence) -> Heads:
    """The heads with what finds the words that carry each label; one that is not known is found by its own weights."""
    rows = [
        evidence.get((head.kind, head.label, head.aspect), own)
        for head, own in zip(heads.heads, heads.weights, strict=True)
    ]
    return replace(heads, evidence=np.array(rows, np.float32))


def encode_records(encoder: Encoder, records: Sequence[Labelled], report: Report = lambda *_: None) -> Vectors:
    """One vector for each record, shape (n_records, width)."""
    vectors = np.empty((len(records), encoder.width), np.float32)
    for i, encoded in enumerate(encoder.encode(prepare_record(record) for record in records)):
        vectors[i] = encoded.record
        report("encode", 1, len(records))
    return vectors


def prepare_record(record: Labelled) -> Prepared:
    """A labelled text as the tagger takes it."""
    return prepare_text(record.id, record.text, record.language, record.question)


def prepare_text(feedback_id: str, text: str, language: str, question: str | None = None) -> Prepared:
    """A text of a known language as the tagger takes it."""
    return Prepared(feedback_id, "", text, question, language, 1.0, split_text(text, language))


def _check_encoder(folder: Path) -> None:
    missing = [name for name in (MODEL, TOKENIZER) if not (folder / name).is_file()]
    if missing:
        raise ConfigurationError(
            f"{folder} has no {' and no '.join(missing)}. Point to a stored model version, or build an encoder."
        )


def _write(encoder_folder: Path, out: Path, trained: Trained) -> None:
    """Write the folder beside its place and move it there once it is whole."""
    fresh = out.with_name(f".{out.name}.partial")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name in (MODEL, TOKENIZER):
        _link(encoder_folder / name, fresh / name)
    save_heads(trained.fitted.heads, fresh)
    write_card(fresh, trained)
    write_sums(fresh)
    fresh.rename(out)


def _link(source: Path, target: Path) -> None:
    """A hard link where the file system has them: encoders are large and never change."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
