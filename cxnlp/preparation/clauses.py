"""Where clauses begin within a sentence: at a contrast, or where two full statements are joined."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from cxnlp.records import UNDETERMINED

# "Vaan" and "while" also mean "only" and "as long as", so they count after a comma alone.
_CONTRASTS: Final = {
    "fi": r"(?:mutta|mut|muttei\w*|kun taas|sen sijaan|toisaalta)\b|(?<=, )(?:vaan|vaikka|tosin|silti|paitsi)\b",
    "en": (
        r"(?<!nothing )(?<!anything )(?<!all )but\b|(?:although|whereas|on the other hand)\b"
        r"|(?<=, )(?:while|however|though|yet|except)\b|however(?=,)"
    ),
    "sv": r"men\b|(?<=, )(?:däremot|fast|medan|utan)\b",
    "et": r"(?:aga|kuid)\b",
}
_JOINS: Final = {
    "fi": r"(?<=, )(?:ja|eikä|joten)\b",
    "en": r"(?<=, )(?:and|so)\b",
    "sv": r"(?<=, )(?:och|så)\b",
    "et": r"(?<=, )ja\b",
}
_PUNCTUATION: Final = r"(?<=; )\S|(?<![\d-] )(?<=\s)[-\u2013\u2014] (?!\d)"
_WORD: Final = re.compile(r"\w+")
_FEWEST_WORDS: Final = 2
_FEWEST_WORDS_JOINED: Final = 3


def _boundaries(*languages: str) -> re.Pattern[str]:
    contrasts = "|".join([*(_CONTRASTS[language] for language in languages), _PUNCTUATION])
    joins = "|".join([_JOINS[language] for language in languages]) or "(?!)"
    return re.compile(rf"(?<=\s)(?:(?P<contrast>{contrasts})|(?P<join>{joins}))", re.IGNORECASE)


_BY_LANGUAGE: Final = {
    **{language: _boundaries(language) for language in _CONTRASTS},
    UNDETERMINED: _boundaries("fi", "en"),
}
_ANY_LANGUAGE: Final = _boundaries()


def clause_starts(text: str, start: int, end: int, language: str) -> list[int]:
    """Where the clauses of the sentence `text[start:end]` begin, in order; the first is `start`.

    A contrast ("mutta", "but", ";", " - ") splits where at least two words stand on either side, a join (", ja",
    ", and") where at least three do.
    """
    starts = [start]
    for boundary in _BY_LANGUAGE.get(language, _ANY_LANGUAGE).finditer(text, start, end):
        at, before, fewest = boundary.start(), starts[-1], _FEWEST_WORDS
        if boundary["join"]:
            # The last words before the comma count alone, so that a list ("nopea, halpa, ja ...") stays whole.
            before, fewest = max(before, text.rfind(",", before, at - 2) + 1), _FEWEST_WORDS_JOINED
        if _holds(text, before, at, fewest) and _holds(text, at, end, fewest):
            starts.append(at)
    return starts


def _holds(text: str, start: int, end: int, words: int) -> bool:
    return next(islice(_WORD.finditer(text, start, end), words - 1, None), None) is not None
