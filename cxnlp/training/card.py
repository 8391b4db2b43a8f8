"""What stands beside a model: its scores, how it was trained, and the model card."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from cxnlp.taxonomy import KINDS
from cxnlp.training.evaluate import Scores
from cxnlp.training.fit import FOLDS, STRENGTHS, Fitted
from cxnlp.training.labels import Labelled
from cxnlp.training.split import TEST_SHARE, Split

METRICS: Final = "metrics.json"
TRAINING: Final = "training.toml"
CARD: Final = "README.md"
PACKAGES: Final = ("cxnlp", "numpy", "onnxruntime", "scikit-learn", "tokenizers")
DIGITS: Final = 4
WEAK: Final = 0.5
FEWEST: Final = 5
SHOWN: Final = (*KINDS, "efficiency_aspect")

# Where each label file's texts come from and on what terms.
ORIGINS: Final = {
    "labelled_written": "written for this project, MIT",
    "labelled_written_2": "written for this project, MIT",
    "labelled_written_3": "written for this project, MIT",
    "labelled_public": (
        "patient feedback and stories (CDU-data-science-team/pxtextmining, MIT), restaurant sentences "
        "(siat-nlp/MAMS-for-ABSA, Apache-2.0), machine-translated reviews (timpal0l/ScandiSent, OpenRAIL), our labels"
    ),
    "labelled_nhs": "NHS Friends and Family Test comments (CDU-data-science-team/pxtextmining, MIT), our labels",
    "labelled_nhs_fi": "Finnish renderings of those comments, our labels, MIT",
    "labelled_scandisent": "machine-translated Trustpilot reviews (timpal0l/ScandiSent, OpenRAIL), our labels",
}


def write_card(
    folder: Path,
    model_version: str,
    records: Sequence[Labelled],
    split: Split,
    fitted: Fitted,
    scores: Mapping[str, Scores],
    seed: int,
) -> None:
    """Write metrics.json, training.toml and README.md into a model's folder."""
    metrics = {
        "model_version": model_version,
        "created": datetime.now(UTC).date().isoformat(),
        "packages": {name: _installed(name) for name in PACKAGES},
        "records": {"train": len(split.train), "test": len(split.test), "held_back": len(split.held_back)},
        "scores": {part: _rounded(asdict(score)) for part, score in scores.items()},
    }
    (folder / METRICS).write_text(json.dumps(metrics, indent=1, ensure_ascii=False) + "\n", "utf-8")
    (folder / TRAINING).write_text(_training(model_version, records, split, fitted, seed), "utf-8")
    (folder / CARD).write_text(make_card(metrics, tomllib.loads((folder / TRAINING).read_text("utf-8"))), "utf-8")


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return value


def _training(model_version: str, records: Sequence[Labelled], split: Split, fitted: Fitted, seed: int) -> str:
    trained = Counter((records[i].origin, records[i].language) for i in split.train)
    held = Counter((records[i].origin, records[i].language) for i in split.test)
    lines = [
        "# How this model was trained.",
        f'model_version = "{model_version}"',
        'base = "intfloat/multilingual-e5-small (MIT), vocabulary trimmed to Finnish and English, 8 bits, frozen"',
        'heads = "logistic regression on standardised vectors, Platt scaling, thresholds for F1, all out of fold"',
        f"seed = {seed}",
        f"folds = {FOLDS}",
        f"test_share = {TEST_SHARE}",
        f"strengths_tried = {list(STRENGTHS)}",
        "",
        "[strengths]",
        *(f"{kind} = {strength}" for kind, strength in fitted.strengths.items()),
    ]
    for origin, language in sorted(trained | held):
        lines += [
            "",
            "[[data]]",
            f'file = "{origin}"',
            f'origin = "{ORIGINS.get(origin, "labels added by the people who run this copy")}"',
            f'language = "{language}"',
            f"train = {trained[origin, language]}",
            f"test = {held[origin, language]}",
        ]
    return "\n".join(lines) + "\n"


def make_card(metrics: Mapping[str, Any], training: Mapping[str, Any]) -> str:
    """The model card, in Markdown, from the contents of metrics.json and training.toml."""
    scores = metrics["scores"]
    return "\n".join(
        [
            f"# {metrics['model_version']}",
            "",
            "Tags Finnish and English feedback with sentiment, effort, efficiency, emotion, topics and intent.",
            "Tags are made by a machine: read them in numbers, and read the feedback itself before you act on one.",
            "",
            "## Use",
            "",
            "Meant for finding out what many people say of a service. Not meant for judging a single customer or an",
            "employee, nor for deciding anything about the person who wrote. Records marked `needs_review` are those",
            "where the model is unsure, or whose language is neither Finnish nor English.",
            "",
            "## How it was made",
            "",
            f"Base: {training['base']}.",
            f"Heads: {training['heads']} ({training['folds']} grouped folds).",
            "",
            *_table(
                ("data", "language", "train", "held out", "origin and licence"),
                ((one["file"], one["language"], one["train"], one["test"], one["origin"]) for one in training["data"]),
            ),
            "",
            "## Scores on held-out texts",
            "",
            "No text like a held-out one was trained on. Micro-F1 for tags; `real` is feedback by customers, `written`",
            "was written for the project. Two people who annotate by the guideline reach 0.94 to 0.96.",
            "",
            *_table(
                ("part", "records", "sentiment", "polarity", *SHOWN, "review"),
                (_row(part, score) for part, score in scores.items()),
            ),
            "",
            f"Expected calibration error: sentiment {scores['all']['sentiment_calibration_error']:.3f}, "
            f"given tags {scores['all']['tag_calibration_error']:.3f}.",
            "",
            "## Weaknesses",
            "",
            _weaknesses(scores["all"]["kinds"]),
            _weak_parts(scores),
            "The evidence of a tag is the segment that speaks most for it. It is not scored, and where a text turns",
            "in the middle it may name the clause beside the right one.",
            "Irony, other languages, and feedback about several things at once are read less well. Most training texts",
            "were written for the project, so real feedback is read less well where it differs from them.",
            "",
        ]
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(str(cell) for cell in line)} |" for line in lines]


def _row(part: str, score: Mapping[str, Any]) -> list[object]:
    kinds = [score["kinds"][kind]["micro_f1"] for kind in SHOWN]
    shares = [score["sentiment_accuracy"], score["polarity_accuracy"], *kinds, score["needs_review"]]
    return [part, score["records"], *(f"{share:.2f}" for share in shares)]


def _weaknesses(kinds: Mapping[str, Any]) -> str:
    weak = [
        f"{label} ({score['f1']:.2f})"
        for kind in kinds.values()
        for label, score in kind["labels"].items()
        if score["support"] >= FEWEST and score["f1"] < WEAK
    ]
    return f"Labels with an F1 under {WEAK}: {', '.join(weak) or 'none'}."


def _weak_parts(scores: Mapping[str, Any]) -> str:
    weak = [
        f"{kind} on {part} ({score['kinds'][kind]['micro_f1']:.2f}, {score['records']} records)"
        for part, score in scores.items()
        for kind in SHOWN
        if score["kinds"][kind]["micro_f1"] < WEAK
    ]
    return f"Kinds with a micro-F1 under {WEAK}: {', '.join(weak) or 'none'}."
