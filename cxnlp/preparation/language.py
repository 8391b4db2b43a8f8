"""Which language a text is in."""

from __future__ import annotations

import math
import re
from typing import Final

from cxnlp.preparation.words import WORDS
from cxnlp.records import UNDETERMINED

# Languages that feedback in Finland may be in, or that its short Finnish and English is mistaken for, by script.
_LATIN: Final = (
    *("ca", "cs", "da", "de", "en", "es", "et", "fi", "fr", "hr", "hu", "id", "it", "lt", "lv", "nl", "no", "pl", "pt"),
    *("ro", "sk", "so", "sq", "sv", "tr", "vi"),
)
_LATIN_LETTER: Final = re.compile("[a-zA-Z\u00c0-\u024f]")
_OTHER_SCRIPTS: Final = (
    (re.compile("[\u0400-\u052f]"), ("bg", "ru", "uk")),
    (re.compile("[\u0370-\u03ff]"), ("el",)),
    (re.compile("[\u0590-\u05ff]"), ("he",)),
    (re.compile("[\u0600-\u06ff]"), ("ar", "fa")),
    (re.compile("[\u0900-\u097f]"), ("hi",)),
    (re.compile("[\u0e00-\u0e7f]"), ("th",)),
    (re.compile("[\uac00-\ud7af]"), ("ko",)),
    (re.compile("[\u3040-\u30ff\u3400-\u9fff]"), ("ja", "zh")),
)
# Log-odds in favour of the languages that feedback in Finland is mostly in. Chosen with `_WORD_WEIGHT` and the floors
# on public feedback in Finnish, English and 18 other languages; see the figures in tests/preparation/test_language.py.
_PRIOR: Final = {"fi": 1.6, "en": 1.5, "sv": 0.5, "et": 0.5}
_WORD_WEIGHT: Final = 3.0
_FLOORS: Final = {"fi": 0.15, "en": 0.15}
_FLOOR: Final = 0.3
_READ_AT_MOST: Final = 400

_NO_WORDS: Final = re.compile(r"\[[A-Z_]+\]|https?://\S+|www\.\S+|@\w+")
_WORD: Final = re.compile(r"[^\W\d_]{2,}(?:['\u2019][^\W\d_]+)?")
_CODES: Final = {
    "fin": "fi", "finnish": "fi", "suomi": "fi", "eng": "en", "english": "en", "englanti": "en",
    "swe": "sv", "swedish": "sv", "svenska": "sv", "ruotsi": "sv", "est": "et", "estonian": "et", "viro": "et",
}  # fmt: skip


class LanguageIdentifier:
    """Tells the language of a text: py3langid over some forty languages, helped by lists of frequent short words."""

    def __init__(self) -> None:
        from py3langid.langid import MODEL_FILE
        from py3langid.langid import LanguageIdentifier as Model

        self._model = Model.from_model_file(MODEL_FILE, norm_probs=True)
        self._model.set_languages([*_LATIN, *(language for _, languages in _OTHER_SCRIPTS for language in languages)])

    def identify(self, text: str, hint: str | None = None) -> tuple[str, float]:
        """Name the language of a text and how sure that is.

        Args:
            text: Masked text; placeholders, links and user names do not count.
            hint: What the source says the language is, as a code or a name; believed if it is one.

        Returns:
            ISO 639-1 code and confidence 0-1; "und" and 0.0 where there is no word, "und" and the confidence of the
            best guess where that is below 0.15 for Finnish or English and 0.3 for another language.
        """
        said = _code(hint)
        if said:
            return said, 1.0
        readable = _NO_WORDS.sub(" ", text[: 2 * _READ_AT_MOST])[:_READ_AT_MOST]
        words = _WORD.findall(readable.lower())
        if not words:
            return UNDETERMINED, 0.0
        scores = self._scores(readable, words)
        if not scores:
            return UNDETERMINED, 0.0
        language = max(scores, key=scores.__getitem__)
        confidence = 1 / sum(math.exp(score - scores[language]) for score in scores.values())
        return (language if confidence >= _FLOORS.get(language, _FLOOR) else UNDETERMINED), confidence

    def _scores(self, text: str, words: list[str]) -> dict[str, float]:
        """Log-odds by language among those that are written in the script of the text; none if that is unknown."""
        languages = _languages_by_script(text, letters=sum(map(len, words)))
        probabilities = dict(self._model.rank(text)) if languages else {}
        scores = {language: math.log(max(probabilities[language], 1e-9)) for language in languages}
        for language in scores.keys() & WORDS.keys():
            share = sum(map(WORDS[language].__contains__, words)) / len(words)
            scores[language] += _PRIOR.get(language, 0.0) + _WORD_WEIGHT * share
        return scores


def _languages_by_script(text: str, letters: int) -> tuple[str, ...]:
    if 2 * len(_LATIN_LETTER.findall(text)) >= letters:
        return _LATIN
    count, languages = max((len(letter.findall(text)), languages) for letter, languages in _OTHER_SCRIPTS)
    return languages if count else ()


def _code(hint: str | None) -> str | None:
    name = re.split(r"[-_]", hint.strip().lower())[0] if hint else ""
    code = _CODES.get(name, name)
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None
