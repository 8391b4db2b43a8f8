"""Scores, answers and words as a cell holds them, and what is said of those that cannot be right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cxnlp.records import Reason, Voice
from cxnlp.sources.cells import as_text, is_nested

if TYPE_CHECKING:
    from collections.abc import Mapping

# What exports write into a cell that has no value.
_ABSENT: Final = frozenset({"", "-", "\N{EN DASH}", "\N{EM DASH}", "n/a", "#n/a", "null", "none", "nan"})
_WHOLE: Final = re.compile(r"([+-]?\d{1,4})(?:[.,]0+)?")
_LONGEST_SHOWN: Final = 20
_MOST_DIGITS_SHOWN: Final = 6
_PUNCTUATED_DIGITS: Final = re.compile(r"[\d\s!-/:-@\[-`{-~]*\d[\d\s!-/:-@\[-`{-~]*", re.ASCII)
_DATE_SHAPE: Final = re.compile(
    r"\d{1,4}([-./])\s?\d{1,2}\1\s?\d{1,4}(?:[\sT,]*(?:klo\s?)?\d{1,2}[.:]\d\d(?:[.:]\d\d)?Z?)?", re.ASCII
)
_BOOLS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("kyllä", "k", "yes", "y", "true", "1", "x"), True),
    **dict.fromkeys(("ei", "e", "no", "n", "false", "0"), False),
}
_VOICES: Final[Mapping[str, Voice]] = {
    **dict.fromkeys(("customer", "asiakas"), "customer"),
    **dict.fromkeys(("employee", "henkilöstö", "työntekijä"), "employee"),
    **dict.fromkeys(("process", "prosessi"), "process"),
}
_LANGUAGES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("suomi", "finnish", "fin"), "fi"),
    **dict.fromkeys(("englanti", "english", "eng"), "en"),
    **dict.fromkeys(("ruotsi", "svenska", "swedish", "swe"), "sv"),
}
_LANGUAGE_CODE: Final = re.compile(r"([a-z]{2})(?:[-_].*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Invalid:
    """A value that cannot be right.

    Attributes:
        found: The value, or its length where it may be feedback or a person's data.
        allowed: What may stand there.
    """

    reason: Reason
    found: str
    allowed: str


def parse_score(value: object, lowest: int, highest: int) -> int | Invalid | None:
    """A whole number from `lowest` to `highest`, also as "9", "9,0" or 9.0; None where there is none."""
    text = as_word(value)
    if text in _ABSENT:
        return None
    match = None if isinstance(value, bool) else _WHOLE.fullmatch(text)
    if match and lowest <= (score := int(match[1])) <= highest:
        return score
    return Invalid(Reason.INVALID_VALUE, show(value), f"whole numbers from {lowest} to {highest}")


def parse_bool(value: object) -> bool | Invalid | None:
    """Yes or no in Finnish or English, 1 or 0, or x for yes; None where there is neither."""
    text = as_word(value)
    if text in _ABSENT:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    return Invalid(Reason.INVALID_VALUE, show(value), "kyllä or ei, yes or no, true or false, 1 or 0, or x for yes")


def parse_voice(value: object) -> Voice | Invalid | None:
    """Whose voice the feedback is, in Finnish or English; None where the cell does not say."""
    text = as_word(value)
    if text in _ABSENT:
        return None
    if text in _VOICES:
        return _VOICES[text]
    return Invalid(Reason.INVALID_VALUE, show(value), ", ".join(_VOICES))


def parse_language(value: object) -> str | None:
    """A two-letter language code from a code, a locale or a name; None where it is unknown, since it is but a hint."""
    text = as_word(value)
    match = _LANGUAGE_CODE.fullmatch(text)
    return _LANGUAGES.get(text, match[1] if match else None)


def parse_name(value: object) -> str | Invalid | None:
    """A short text such as an id, a channel or a question, stripped; None where it is blank."""
    if isinstance(value, str):
        return as_text(value).strip() or None
    if is_nested(value):
        return Invalid(Reason.INVALID_VALUE, show(value), "a single text or number")
    return as_text(value) or None


def as_word(value: object) -> str:
    """A value as one word to compare: stripped, in small letters; lists and objects are no word."""
    return "(nested)" if is_nested(value) else as_text(value).strip().casefold()


def is_absent(value: object) -> bool:
    """Whether a cell holds no value, or a mark that says so, such as "N/A"."""
    if isinstance(value, str):
        return value.strip().casefold() in _ABSENT
    return value is None or as_word(value) in _ABSENT


def show(value: object) -> str:
    """A value for a message: short numbers and dates themselves, of all else the length alone.

    More digits than a date or a score has may be a phone number or the like, and are not shown either.
    """
    if is_nested(value):
        return "a list or an object"
    text = as_text(value).strip()
    few_digits = sum(letter.isdigit() for letter in text) <= _MOST_DIGITS_SHOWN and _PUNCTUATED_DIGITS.fullmatch(text)
    if len(text) <= _LONGEST_SHOWN and (few_digits or _DATE_SHAPE.fullmatch(text)):
        return f"'{text}'"
    return f"a text of {len(text)} characters"
