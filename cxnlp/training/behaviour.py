"""Behavioural tests of a tagger: what it must get right whatever its scores are.

Source: Ribeiro et al., "Beyond Accuracy: Behavioral Testing of NLP Models with CheckList", 2020. Their minimum
functionality test is here `expect`, their invariance test `same`, their directional test `more positive`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, cast

from cxnlp.classification.tagger import Tagger
from cxnlp.errors import DataError
from cxnlp.records import Prepared, Tagging
from cxnlp.training.labels import FIELDS, read_rows
from cxnlp.training.train import prepare_text

Kind = Literal["expect", "same", "more positive"]

SENTIMENT: Final = "sentiment"
# Two texts of one meaning may differ by this much in sentiment score, which runs from -1 to 1; not tuned.
SLACK: Final = 0.1


@dataclass(frozen=True, slots=True)
class Case:
    """One test.

    Attributes:
        capability: What is tested, such as `negation`.
        kind: `expect`: the text has the expected tags and none of the absent ones. `same`: the other text gets the
            same tags in the fields. `more positive`: the other text is read at least as positively, within `SLACK`.
        languages: Language of the text, and of the other text where there is one.
        expected: Tags that must be there, by field; the sentiment is a set of one.
        absent: Tags that must not be there, by field.
        fields: What must be the same.
    """

    id: str
    capability: str
    kind: Kind
    languages: tuple[str, ...]
    text: str
    other: str | None
    expected: Mapping[str, frozenset[str]]
    absent: Mapping[str, frozenset[str]]
    fields: tuple[str, ...]


def read_cases(path: Path) -> tuple[Case, ...]:
    """The tests of a JSON Lines file.

    Raises:
        DataError: If it cannot be read, an id stands twice, or a test says nothing that can be tested.
    """
    try:
        cases = tuple(_read_case(row) for row in read_rows(path))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"A test of {path} lacks or misuses a field ({error}). Repair it.") from error
    if len({case.id for case in cases}) < len(cases):
        raise DataError(f"An id stands twice in {path}. Make ids unique.")
    return cases


def _read_case(row: Mapping[str, Any]) -> Case:
    case = Case(
        id=row["id"],
        capability=row["capability"],
        kind=row["type"],
        languages=tuple(row["lang"].split("+")),
        text=row["text"],
        other=row.get("other"),
        expected=_sets(row.get("expect", {})),
        absent=_sets(row.get("absent", {})),
        fields=tuple(row.get("fields", ())),
    )
    unknown = {*case.expected, *case.absent, *case.fields} - {SENTIMENT, *FIELDS.values()}
    if unknown or case.kind not in ASKED:
        raise ValueError(f"{case.id}: {', '.join(unknown) or case.kind}")
    if not all(ASKED[case.kind](case)):
        raise ValueError(f"{case.id}: nothing to compare")
    return case


# What a test of each kind has to have.
ASKED: Final[Mapping[str, Callable[[Case], tuple[object, ...]]]] = {
    "expect": lambda case: (case.expected or case.absent,),
    "same": lambda case: (case.other, case.fields),
    "more positive": lambda case: (case.other,),
}


def run_cases(tagger: Tagger, cases: Sequence[Case]) -> dict[str, bool]:
    """Whether each test is passed, by its id."""
    texts = [one for case in cases for one in _prepared(case)]
    taggings = dict(zip([one.feedback_id for one in texts], tagger.tag(texts), strict=True))
    return {case.id: _passes(case, taggings[case.id], taggings.get(f"{case.id} other")) for case in cases}


def _sets(fields: Mapping[str, str | list[str]]) -> dict[str, frozenset[str]]:
    return {name: frozenset([value] if isinstance(value, str) else value) for name, value in fields.items()}


def _prepared(case: Case) -> Iterator[Prepared]:
    yield prepare_text(case.id, case.text, case.languages[0])
    if case.other is not None:
        yield prepare_text(f"{case.id} other", case.other, case.languages[-1])


def _passes(case: Case, tagging: Tagging, other: Tagging | None) -> bool:
    given = _fields(tagging)
    if case.kind == "expect":
        return all(labels <= given[field] for field, labels in case.expected.items()) and not any(
            labels & given[field] for field, labels in case.absent.items()
        )
    assert other is not None
    if case.kind == "same":
        return _agree(given, _fields(other), case.fields)
    return other.sentiment_score >= tagging.sentiment_score - SLACK


def _agree(one: Mapping[str, frozenset[str]], other: Mapping[str, frozenset[str]], fields: Iterable[str]) -> bool:
    return all(one[field] == other[field] for field in fields)


def _fields(tagging: Tagging) -> dict[str, frozenset[str]]:
    labels = {field: frozenset(tag.label for tag in tagging.tags if tag.kind == kind) for kind, field in FIELDS.items()}
    return {SENTIMENT: frozenset({cast("str", tagging.sentiment)}), **labels}
