"""From landed feedback to prepared feedback: its language and its segments."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Final

from cxnlp.preparation.language import LanguageIdentifier
from cxnlp.preparation.segments import split
from cxnlp.records import UNDETERMINED, Landed, Prepared

logger = logging.getLogger(__name__)

# An answer that tells no language itself ("meh", "OK") is taken to be in the language of its question.
_LIKE_ITS_QUESTION: Final = 0.5


class Preparation:
    """Finds out the language and the segments of feedback; models load on first use and stay.

    To be used by one thread at a time.
    """

    def prepare(self, landed: Sequence[Landed]) -> list[Prepared]:
        """Prepare feedback; none is left out, and the order stays."""
        prepared = [self._prepare(feedback) for feedback in landed]
        languages = Counter(feedback.language for feedback in prepared)
        logger.info("Prepared %d: %s", len(prepared), dict(languages.most_common(5)))
        return prepared

    @cached_property
    def _identifier(self) -> LanguageIdentifier:
        return LanguageIdentifier()

    def _prepare(self, landed: Landed) -> Prepared:
        language, confidence = self._language(landed)
        return Prepared(
            feedback_id=landed.feedback_id,
            revision=landed.revision,
            text=landed.text,
            question=landed.question,
            language=language,
            language_confidence=confidence,
            segments=split(landed.text, language),
        )

    def _language(self, landed: Landed) -> tuple[str, float]:
        language, confidence = self._identifier.identify(landed.text, landed.language_hint)
        if language == UNDETERMINED and landed.question and any(map(str.isalpha, landed.text)):
            language, of_question = self._identifier.identify(landed.question)
            confidence = min(of_question, _LIKE_ITS_QUESTION)
        return language, confidence
