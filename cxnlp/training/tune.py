"""Train a model version from the base model: fine-tune the encoder, export it, and fit heads on it."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cxnlp.classification.store import TOKENIZER
from cxnlp.errors import ConfigurationError
from cxnlp.training.bert import make_bert
from cxnlp.training.build import SAMPLES, export_encoder
from cxnlp.training.card import Making
from cxnlp.training.checkpoint import find_checkpoint, read_checkpoint
from cxnlp.training.examples import ExampleMaker, marked_kinds
from cxnlp.training.finetune import Recipe, fine_tune
from cxnlp.training.fit import Report, Target, collect_targets
from cxnlp.training.network import read_evidence
from cxnlp.training.sides import Sides, read_sides
from cxnlp.training.split import fold, near_twins
from cxnlp.training.tasks import Lesson, count_columns, read_lessons
from cxnlp.training.train import TrainingReport, check_new, write_version
from cxnlp.training.vocabulary import read_pieces, tokenizer_json

if TYPE_CHECKING:
    from numpy.typing import NDArray

logger = logging.getLogger(__name__)

ENCODER: Final = "encoder"
EVIDENCE: Final = "evidence.npy"
RUN: Final = "run.sha256"


def train_encoder(
    labels: Path,
    texts: Path | None,
    vocabulary: Path,
    out: Path,
    scratch: Path,
    *,
    recipe: Recipe | None = None,
    report: Report = lambda *_: None,
) -> TrainingReport:
    """Fine-tune the base model on all labels and write a whole new model version.

    A run that was broken off goes on from its last finished round when it is started again with the same `scratch`,
    recipe and data; with others it starts afresh.

    Args:
        labels: Folder of label files, with `test_ids.txt` where the held-out records are fixed.
        texts: Folder of the public data that stand-off labels and public tasks speak of, if it is at hand.
        vocabulary: The tokenizer.json of a stored model, whose pieces are kept.
        out: The new version's folder, `<models>/<name>/<version>`; it must not exist yet.
        scratch: Folder of its own for checkpoints and the exported encoder, up to 1.5 GB; removed at the end.
        recipe: How long and how fast.
        report: Told a step ("tune", "encode", "fit", "score"), how much of it is done since the last time, its total.

    Raises:
        ConfigurationError: If the version exists, `scratch` holds something else, or the `train` extra is missing.
        DataError: If the labels are broken or too few, or the base model's file is not the expected one.
    """
    recipe = recipe or Recipe()
    check_new(out)
    pieces = read_pieces(vocabulary)
    sides = read_sides(labels, texts)
    lessons = _draw_lessons(texts, sides, recipe)
    targets = collect_targets([*sides.train, *sides.validation])
    encoder = scratch / ENCODER
    _begin(scratch, [recipe, pieces, sides.train, sides.validation, lessons])
    if not (scratch / EVIDENCE).exists():
        np.save(scratch / EVIDENCE, _tune(encoder, pieces, sides, lessons, targets, recipe, report))
    names = [(target.kind, target.label, target.aspect) for target in targets]
    evidence = dict(zip(names, np.load(scratch / EVIDENCE), strict=True))
    made: Making = {"tuned": "all layers, on every label at once and on the words that carry them", **asdict(recipe)}
    made["public lessons"] = len(lessons)
    trained = write_version(sides, encoder, out, evidence, made, report=report)
    shutil.rmtree(scratch)
    return trained


def _tune(
    encoder: Path,
    pieces: Sequence[str],
    sides: Sides,
    lessons: Sequence[Lesson],
    targets: Sequence[Target],
    recipe: Recipe,
    report: Report,
) -> NDArray[np.float32]:
    """Write the fine-tuned encoder, and give what finds the words for each target, shape (n_targets, width)."""
    checkpoint = read_checkpoint(find_checkpoint())
    encoder.mkdir(exist_ok=True)
    (encoder / TOKENIZER).write_text(tokenizer_json(checkpoint, pieces), "utf-8")
    maker = ExampleMaker(encoder / TOKENIZER, targets, count_columns(lessons))
    train = maker.label(sides.train, marked_kinds(sides.train)) + maker.teach(lessons)
    logger.info("fine-tuning on %d records and %d lessons", len(sides.train), len(lessons))
    network = fine_tune(
        make_bert(checkpoint, pieces),
        train,
        maker.label(sides.validation, {}),
        [target.kind if target.aspect is None else "aspect" for target in targets],
        maker.padding,
        encoder.parent,
        recipe,
        report,
    )
    samples = [record.text for record in sides.train if record.written][:SAMPLES]
    export_encoder(network.bert, encoder, samples)
    return read_evidence(network)


def _draw_lessons(texts: Path | None, sides: Sides, recipe: Recipe) -> list[Lesson]:
    """Lessons of public tasks, none of them like a text that validates or is scored on."""
    if texts is None or not recipe.lessons:
        return []
    unseen = [one.text for one in (*sides.validation, *sides.test, *sides.held_back)]
    drawn = draw_evenly(read_lessons(texts, frozenset(map(fold, unseen))), recipe.lessons, recipe.seed)
    twins = near_twins([*unseen, *(lesson.text for lesson in drawn)])
    alike = {i - len(unseen) for other, i in twins if other < len(unseen) <= i}
    return [lesson for i, lesson in enumerate(drawn) if i not in alike]


def _begin(scratch: Path, run: object) -> None:
    """Keep what an unfinished run of the same recipe and data left, and clear away what another one did."""
    begun = scratch / RUN
    if scratch.exists() and any(scratch.iterdir()) and not begun.exists():
        raise ConfigurationError(f"{scratch} holds something other than a training run. Choose an empty folder.")
    digest = hashlib.sha256(json.dumps(run, default=_plain).encode()).hexdigest()
    if not begun.exists() or begun.read_text("utf-8") != digest:
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        begun.write_text(digest, "utf-8")


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else asdict(value)


def draw_evenly(lessons: Sequence[Lesson], wanted: int, seed: int) -> list[Lesson]:
    """About as many lessons of each task, `wanted` in all; a task that has fewer gives all of its own."""
    by_task: dict[str, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        by_task[lesson.task].append(lesson)
    random = np.random.default_rng(seed)
    drawn: list[Lesson] = []
    for left, task in zip(range(len(by_task), 0, -1), sorted(by_task, key=lambda one: len(by_task[one])), strict=True):
        share = min(len(by_task[task]), (wanted - len(drawn)) // left)
        drawn += [by_task[task][i] for i in random.choice(len(by_task[task]), share, replace=False)]
    return drawn
