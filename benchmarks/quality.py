"""How well the live model reads: held-out labels, public data, behaviour, and simpler readers on the same texts.

Usage: python benchmarks/quality.py [FOLDER OF PUBLIC DATA] [--frozen]
`--frozen` also fits heads on the encoder as it was before fine-tuning, in about ten minutes. Without the folder
(default: the environment's CXNLP_PUBLIC_DATA) only what stands in this repository is scored. Of public data that the
model learns from, only the parts kept for scores are scored, less texts that also stand among the training labels.
Fails where a target of the project is not reached or could not be measured.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from baselines import CharacterTfidf, Lexicon

from cxnlp.classification.store import TOKENIZER, find_model, open_tagger
from cxnlp.records import Tagging
from cxnlp.taxonomy import KINDS
from cxnlp.training import build_encoder, train_heads
from cxnlp.training.behaviour import read_cases, run_cases
from cxnlp.training.evaluate import Scores, score_labels
from cxnlp.training.labels import read_rows
from cxnlp.training.sides import Sides, read_sides
from cxnlp.training.split import fold
from cxnlp.training.tasks import find_contradictions, is_scored_on
from cxnlp.training.train import Reader, prepare_text, score_records

ROOT: Final = Path(__file__).parent.parent
LABELS: Final = ROOT / "data" / "labels"
MEGABYTE: Final = 1_000_000

# Source: XED's labels are Plutchik's; the pairs follow the guideline's meaning of each tag.
PLUTCHIK: Final = {
    "joy": "joy",
    "trust": "trust",
    "sadness": "disappointment",
    "anger": "anger",
    "disgust": "anger",
    "fear": "worry",
    "surprise": "surprise",
}
FABSA: Final = {
    "purchase-booking-experience.ease-of-use.1": ("effort", "easy"),
    "purchase-booking-experience.ease-of-use.-1": ("effort", "hard"),
    "logistics-rides.speed.1": ("efficiency", "efficient"),
    "logistics-rides.speed.-1": ("efficiency", "inefficient"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """A figure the project asks for, and what was measured."""

    name: str
    measured: float | None
    asked: float
    most: bool = False

    @property
    def reached(self) -> bool:
        """Whether the figure was measured and is at least, or at most, what is asked."""
        if self.measured is None:
            return False
        return self.measured <= self.asked if self.most else self.measured >= self.asked


def main() -> int:
    """Score, compare, and say by the exit status whether every target was reached."""
    arguments = [one for one in sys.argv[1:] if not one.startswith("--")]
    given = arguments[0] if arguments else os.environ.get("CXNLP_PUBLIC_DATA")
    texts = Path(given) if given else None
    model = find_model(ROOT / "models")
    tagger = open_tagger(ROOT / "models")
    sides = read_sides(LABELS, texts)
    tfidf = CharacterTfidf(sides)
    readers: dict[str, Reader] = {model.model_version: tagger, CharacterTfidf.name: tfidf, Lexicon.name: Lexicon()}
    with tempfile.TemporaryDirectory() as scratch:
        if "--frozen" in sys.argv:
            readers["frozen encoder"] = fit_frozen(Path(scratch), texts)
        scores = score_records(tagger, sides.test)
        show_held_out(scores)
        compare_held_out(readers, sides)
        public = compare_public(readers, texts, sides) if texts else {}
    show_behaviour(tagger)
    weight = sum(path.stat().st_size for path in model.folder.iterdir()) / MEGABYTE
    return judge([*held_out_targets(scores), *public_targets(public), Target("model, MB", weight, 60, most=True)])


def fit_frozen(scratch: Path, texts: Path | None) -> Reader:
    """Heads on the encoder as the package carries it."""
    vocabulary = find_model(ROOT / "models").folder / TOKENIZER
    build_encoder(scratch / "encoder", vocabulary=vocabulary, labels=LABELS)
    train_heads(LABELS, texts, scratch / "encoder", scratch / "models" / "frozen" / "1")
    return open_tagger(scratch / "models", "frozen", "1")


def show_held_out(scores: Mapping[str, Scores]) -> None:
    """Print each part's scores with their 95 % intervals."""
    print("held out, with 95 % intervals")
    for part, score in scores.items():
        values = score.headline()
        cells = (f"{kind} {values[kind]:.2f} ({low:.2f}-{high:.2f})" for kind, (low, high) in score.intervals.items())
        print(f"  {part:18} {score.records:5}  {'  '.join(cells)}")
    everything = scores["all"]
    print(f"  evidence meets the marked words: {everything.evidence:.2f} of {everything.evidence_tags} tags")


def compare_held_out(readers: Mapping[str, Reader], sides: Sides) -> None:
    """Print what every reader scores on the same held-out records."""
    print("\nheld out, all records")
    for name, reader in readers.items():
        score = score_records(reader, sides.test)["all"]
        kinds = "  ".join(f"{kind} {score.kinds[kind].micro_f1:.2f}" for kind in KINDS)
        print(f"  {name:20} sentiment {score.sentiment_accuracy:.2f}  {kinds}")


def compare_public(readers: Mapping[str, Reader], texts: Path, sides: Sides) -> dict[tuple[str, str], float]:
    """Print and return what every reader scores on public data, by data set and reader."""
    measured: dict[tuple[str, str], float] = {}
    learnt = {fold(record.text) for record in (*sides.train, *sides.validation)}
    for data_set, (every, score) in public_sets(texts).items():
        rows = [row for row in every if fold(row["text"]) not in learnt]
        prepared = [prepare_text(str(row["id"]), row["text"], row["lang"], row.get("question")) for row in rows]
        print(f"\n{data_set}: {len(rows)} texts")
        for name, reader in readers.items():
            if isinstance(reader, Lexicon) and rows[0]["lang"] != Lexicon.language:
                continue
            for figure, value in score(rows, reader.tag(prepared)).items():
                measured[f"{data_set}, {figure}", name] = value
                print(f"  {name:20} {figure} {value:.3f}")
    return measured


Rows = Sequence[Mapping[str, Any]]
Score = Callable[[Rows, Sequence[Tagging]], dict[str, float]]


def public_sets(texts: Path) -> dict[str, tuple[Rows, Score]]:
    """The public data sets that are at hand, or the parts of them kept for scores, each with how it is scored."""
    wanted: dict[str, tuple[Callable[[Mapping[str, Any]], bool], Score]] = {
        "oulu_fi": (lambda row: row["stars"] != 3, polarity_by_stars),
        "oulu_en": (lambda row: row["stars"] != 3, polarity_by_stars),
        "trustpilot_en": (lambda row: row["stars"] != 3, polarity_by_stars),
        "scandisent_mt_fi": (lambda row: row["split"] == "test", polarity_by_label),
        "airline_tweets": (lambda _: True, sentiment_of_three),
        "fabsa": (lambda _: True, fabsa_aspects),
        "xed_fi": (lambda row: is_scored_on("xed_fi", row), plutchik_emotions),
        "xed_en": (lambda row: is_scored_on("xed_en", row), plutchik_emotions),
    }
    sets: dict[str, tuple[Rows, Score]] = {}
    for name, (keep, score) in wanted.items():
        path = texts / f"{name}.jsonl.gz"
        if path.exists():
            rows = list(read_rows(path))
            mixed = find_contradictions(
                (name, row["text"], row["labels"] != ["neutral"]) for row in rows if "labels" in row
            )
            sets[name] = (
                [row for row in rows if row["text"].strip() and keep(row) and (name, fold(row["text"])) not in mixed],
                score,
            )
    return sets


def polarity_by_stars(rows: Rows, taggings: Sequence[Tagging]) -> dict[str, float]:
    """How often the sign of the sentiment score tells over three stars from under."""
    return _polarity([row["stars"] > 3 for row in rows], taggings)


def polarity_by_label(rows: Rows, taggings: Sequence[Tagging]) -> dict[str, float]:
    """How often the sign of the sentiment score is the labelled polarity."""
    return _polarity([row["label"] == "positive" for row in rows], taggings)


def _polarity(positive: Sequence[bool], taggings: Sequence[Tagging]) -> dict[str, float]:
    right = [said == (tagging.sentiment_score > 0) for said, tagging in zip(positive, taggings, strict=True)]
    recalls = [
        sum(hit for hit, one in zip(right, positive, strict=True) if one is side) / max(1, positive.count(side))
        for side in (True, False)
    ]
    return {"polarity accuracy": sum(right) / len(right), "mean of both recalls": sum(recalls) / 2}


def sentiment_of_three(rows: Rows, taggings: Sequence[Tagging]) -> dict[str, float]:
    """Accuracy among positive, negative and neutral; mixed counts as neutral."""
    given = ["neutral" if tagging.sentiment == "mixed" else tagging.sentiment for tagging in taggings]
    return {"accuracy": sum(row["label"] == one for row, one in zip(rows, given, strict=True)) / len(rows)}


def fabsa_aspects(rows: Rows, taggings: Sequence[Tagging]) -> dict[str, float]:
    """F1 of effort against ease of use, and of efficiency in time against speed, polarity included."""
    figures = {}
    for kind, name in (("effort", "effort against ease of use"), ("efficiency", "time against speed")):
        said = (frozenset(FABSA[one][1] for one in row["labels"] if FABSA.get(one, ("",))[0] == kind) for row in rows)
        given = (
            frozenset(tag.label for tag in tagging.tags if tag.kind == kind and tag.aspect in (None, "time"))
            for tagging in taggings
        )
        figures[name] = score_labels(said, given).micro_f1
    return figures


def plutchik_emotions(rows: Rows, taggings: Sequence[Tagging]) -> dict[str, float]:
    """Macro-F1 of our emotions against Plutchik's on subtitle lines, whose guideline is another."""
    said = (frozenset(PLUTCHIK[one] for one in row["labels"] if one in PLUTCHIK) for row in rows)
    given = (
        frozenset(tag.label for tag in tagging.tags if tag.kind == "emotion" and tag.label in PLUTCHIK.values())
        for tagging in taggings
    )
    return {"emotion macro-F1": score_labels(said, given).macro_f1}


def show_behaviour(reader: Any) -> None:
    """Print how many behavioural tests of each capability are passed."""
    cases = read_cases(ROOT / "data" / "behaviour.jsonl")
    passed = run_cases(reader, cases)
    by_capability: dict[str, list[bool]] = defaultdict(list)
    for case in cases:
        by_capability[case.capability].append(passed[case.id])
    print(f"\nbehaviour: {sum(passed.values())} of {len(passed)} tests passed")
    for capability, results in sorted(by_capability.items()):
        print(f"  {capability:20} {sum(results):3} of {len(results)}")


def held_out_targets(scores: Mapping[str, Scores]) -> Iterator[Target]:
    """What the project asks of held-out records."""
    everything = scores["all"]
    yield Target("sentiment accuracy, fi", scores["fi"].sentiment_accuracy, 0.82)
    yield Target("sentiment accuracy, en", scores["en"].sentiment_accuracy, 0.86)
    for kind, asked in (("effort", 0.75), ("efficiency", 0.78), ("emotion", 0.72), ("topic", 0.78)):
        yield Target(f"{kind} micro-F1", everything.kinds[kind].micro_f1, asked)
    yield Target("calibration error, sentiment", everything.sentiment_calibration_error, 0.05, most=True)
    yield Target("calibration error, tags", everything.tag_calibration_error, 0.05, most=True)
    real, written = (scores[part].headline() if part in scores else None for part in ("real fi", "written fi"))
    for kind in ("sentiment", "effort", "efficiency", "emotion", "topic"):
        behind = written[kind] - real[kind] if real and written else None
        yield Target(f"{kind}, real Finnish behind written", behind, 0.10, most=True)


def public_targets(public: Mapping[tuple[str, str], float]) -> Iterable[Target]:
    """What the project asks of public data, for the live model."""
    version = find_model(ROOT / "models").model_version
    return [Target("oulu_fi, polarity accuracy", public.get(("oulu_fi, polarity accuracy", version)), 0.95)]


def judge(targets: Sequence[Target]) -> int:
    """Print each target with what was measured, and how many were reached."""
    print("\ntargets")
    for one in targets:
        sign, mark = "at most" if one.most else "at least", "reached" if one.reached else "MISSED"
        measured = "not measured" if one.measured is None else f"{one.measured:.3f}"
        print(f"  {one.name:38} {measured:>12}  {sign} {one.asked}  {mark}")
    reached = sum(one.reached for one in targets)
    print(f"{reached} of {len(targets)} targets reached")
    return int(reached < len(targets))


if __name__ == "__main__":
    sys.exit(main())
