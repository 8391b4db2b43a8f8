"""What stands beside a model: its scores, how it was trained, and the model card."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from cxnlp.taxonomy import KINDS
from cxnlp.training.evaluate import Bin, Scores
from cxnlp.training.fit import STRENGTHS, Fitted
from cxnlp.training.plot import draw_reliability
from cxnlp.training.sides import Sides

METRICS: Final = "metrics.json"
TRAINING: Final = "training.toml"
CARD: Final = "README.md"
PLOT: Final = "reliability.svg"
PACKAGES: Final = ("cxnlp", "numpy", "onnxruntime", "scikit-learn", "tokenizers", "torch", "transformers")
DIGITS: Final = 4
WEAK: Final = 0.5
FEWEST: Final = 5
SHOWN: Final = (*KINDS, "efficiency_aspect")

# Where each label file's texts come from and on what terms.
ORIGINS: Final = {
    "labelled_written": "written for this project, MIT",
    "labelled_written_2": "written for this project, MIT",
    "labelled_written_3": "written for this project, MIT",
    "labelled_written_4": "written for this project, MIT",
    "labelled_written_5": "written for this project, MIT",
    "labelled_real_fi": "Finnish restaurant reviews and posts on digital health; scored on only, our labels",
    "labelled_public": (
        "patient feedback and stories (CDU-data-science-team/pxtextmining, MIT), restaurant sentences "
        "(siat-nlp/MAMS-for-ABSA, Apache-2.0), machine-translated reviews (timpal0l/ScandiSent, OpenRAIL), our labels"
    ),
    "labelled_nhs": "NHS Friends and Family Test comments (CDU-data-science-team/pxtextmining, MIT), our labels",
    "labelled_nhs_fi": "Finnish renderings of those comments, our labels, MIT",
    "labelled_scandisent": "machine-translated Trustpilot reviews (timpal0l/ScandiSent, OpenRAIL), our labels",
}


Making = dict[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Trained:
    """A model about to be written, with what its card tells.

    Attributes:
        made: How the encoder was made; nothing for one as its package carries it.
        reliability: Of the sentiment and of the tags, by bins of probability.
    """

    model_version: str
    sides: Sides
    made: Making
    fitted: Fitted
    scores: Mapping[str, Scores]
    reliability: Mapping[str, Sequence[Bin]]


def write_card(folder: Path, trained: Trained) -> None:
    """Write metrics.json, training.toml, reliability.svg and README.md into a model's folder."""
    sides = ("train", "validation", "test", "held_back")
    metrics = {
        "model_version": trained.model_version,
        "created": datetime.now(UTC).date().isoformat(),
        "packages": {name: _installed(name) for name in PACKAGES},
        "records": {side: len(getattr(trained.sides, side)) for side in sides},
        "scores": {part: _rounded(asdict(score)) for part, score in trained.scores.items()},
        "reliability": {name: [_rounded(asdict(one)) for one in bins] for name, bins in trained.reliability.items()},
    }
    (folder / METRICS).write_text(json.dumps(metrics, indent=1, ensure_ascii=False) + "\n", "utf-8")
    (folder / TRAINING).write_text(_training(trained), "utf-8")
    draw_reliability(trained.reliability, folder / PLOT)
    (folder / CARD).write_text(make_card(metrics, tomllib.loads((folder / TRAINING).read_text("utf-8"))), "utf-8")


def read_making(folder: Path) -> Making:
    """How a stored model's encoder was made; nothing where it does not say."""
    path = folder / TRAINING
    return dict(tomllib.loads(path.read_text("utf-8")).get("encoder", {})) if path.exists() else {}


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
    return [_rounded(one) for one in value] if isinstance(value, tuple) else value


def _training(trained: Trained) -> str:
    learnt, validated, held = (
        Counter((record.origin, record.language) for record in side)
        for side in (trained.sides.train, trained.sides.validation, trained.sides.test)
    )
    lines = [
        "# How this model was trained.",
        f'model_version = "{trained.model_version}"',
        'base = "intfloat/multilingual-e5-small (MIT), vocabulary trimmed to Finnish and English, 8 bits"',
        'heads = "logistic regression on standardised vectors; calibrated and bounded on the validation records"',
        f"strengths_tried = {list(STRENGTHS)}",
        "",
        "[strengths]",
        *(f"{kind} = {strength}" for kind, strength in trained.fitted.strengths.items()),
        "",
        "[encoder]",
        *(f"{json.dumps(name)} = {json.dumps(value)}" for name, value in trained.made.items()),
    ]
    for origin, language in sorted(learnt | validated | held):
        lines += [
            "",
            "[[data]]",
            f'file = "{origin}"',
            f'origin = "{ORIGINS.get(origin, "labels added by the people who run this copy")}"',
            f'language = "{language}"',
            f"train = {learnt[origin, language]}",
            f"validation = {validated[origin, language]}",
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
            f"Encoder: {_making(training['encoder'])}.",
            f"Heads: {training['heads']}.",
            "",
            *_table(
                ("data", "language", "train", "validation", "held out", "origin and licence"),
                (
                    [one[key] for key in ("file", "language", "train", "validation", "test", "origin")]
                    for one in training["data"]
                ),
            ),
            "",
            "## Scores on held-out texts",
            "",
            "Micro-F1 for tags, with 95 % intervals under them. `real` is feedback by customers, `written` was written",
            "for the project. Two people who annotate by the guideline reach 0.94 to 0.96.",
            "",
            *_table(
                ("part", "records", "sentiment", "polarity", *SHOWN, "review"),
                (_row(part, score) for part, score in scores.items()),
            ),
            "",
            f"Expected calibration error: sentiment {scores['all']['sentiment_calibration_error']:.3f}, "
            f"given tags {scores['all']['tag_calibration_error']:.3f}.",
            "",
            f"![How often decisions of each probability are right]({PLOT})",
            "",
            "## Weaknesses",
            "",
            _weaknesses(scores["all"]["kinds"]),
            _weak_parts(scores),
            "The evidence of a tag is the segment that speaks most for it. Where a person marked the words of a tag, "
            f"{scores['all']['evidence']:.0%} of {scores['all']['evidence_tags']} point to a segment with such words.",
            "Irony, other languages, and feedback about several things at once are read less well. Most training texts",
            "were written for the project, so real feedback is read less well where it differs from them.",
            "",
        ]
    )


def _making(encoder: Mapping[str, Any]) -> str:
    settings = ", ".join(f"{name} {value}" for name, value in encoder.items() if name != "tuned")
    return f"fine-tuned ({encoder['tuned']}; {settings})" if encoder else "as its package carries it"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(str(cell) for cell in line)} |" for line in lines]


def _row(part: str, score: Mapping[str, Any]) -> list[object]:
    sure = {kind: f"{low:.2f}-{high:.2f}" for kind, (low, high) in score["intervals"].items()}
    return [
        part,
        score["records"],
        f"{score['sentiment_accuracy']:.2f}<br>{sure['sentiment']}",
        f"{score['polarity_accuracy']:.2f}",
        *(f"{score['kinds'][kind]['micro_f1']:.2f}<br>{sure[kind]}" for kind in SHOWN),
        f"{score['needs_review']:.2f}",
    ]


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
