"""Simpler readers of feedback to compare the tagger with; each gives taggings as it does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from cxnlp.records import Prepared, Tag, Tagging, TagKind
from cxnlp.taxonomy import KINDS, SENTIMENTS
from cxnlp.training.fit import Target, collect_targets
from cxnlp.training.sides import Sides

POSITIVE: Final = SENTIMENTS.index("positive")
NEGATIVE: Final = SENTIMENTS.index("negative")
GIVEN: Final = 0.35


class CharacterTfidf:
    """Logistic regression on character n-grams of one to five letters within words, fitted to the training records.

    A label is given from a probability of 0.35 on, which was not tuned.
    """

    name = "character TF-IDF"

    def __init__(self, sides: Sides) -> None:
        texts = [record.text.lower() for record in sides.train]
        self._grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 5), sublinear_tf=True, min_df=3)
        vectors = self._grams.fit_transform(texts)
        self._sentiment = _regress(vectors, [record.sentiment for record in sides.train])
        self._labels = [
            (target, _regress(vectors, target.truth)) for target in collect_targets(sides.train) if target.kind in KINDS
        ]

    def tag(self, prepared: Sequence[Prepared]) -> list[Tagging]:
        """Tag texts; evidence is the whole text."""
        vectors = self._grams.transform([one.text.lower() for one in prepared])
        order = [list(self._sentiment.classes_).index(sentiment) for sentiment in SENTIMENTS]
        shares = self._sentiment.predict_proba(vectors)[:, order]
        given = [(target, model.predict_proba(vectors)[:, 1]) for target, model in self._labels]
        return [
            _tagging(one, shares[i], [(target, column[i]) for target, column in given if column[i] >= GIVEN])
            for i, one in enumerate(prepared)
        ]


class Lexicon:
    """Sums the valences of English words; Finnish texts are left neutral, as the package has no Finnish list.

    Source: Nielsen, "A new ANEW: Evaluation of a word list for sentiment analysis in microblogs", 2011 (package afinn).
    """

    name = "AFINN lexicon"
    language = "en"

    def __init__(self) -> None:
        from afinn import Afinn

        self._words = Afinn(language="en", emoticons=True)

    def tag(self, prepared: Sequence[Prepared]) -> list[Tagging]:
        """Tag texts with a sentiment alone; a sum of zero is neutral."""
        taggings = []
        for one in prepared:
            valence = self._words.score(one.text) if one.language == "en" else 0.0
            shares = np.array([valence > 0, valence < 0, valence == 0, 0.0])[_ORDER]
            taggings.append(_tagging(one, shares, []))
        return taggings


_ORDER: Final = [("positive", "negative", "neutral", "mixed").index(sentiment) for sentiment in SENTIMENTS]


def _regress(vectors: Any, truth: Any) -> Any:
    return LogisticRegression(C=10.0, max_iter=300).fit(vectors, truth)


def _tagging(one: Prepared, shares: np.ndarray[Any, Any], given: list[tuple[Target, float]]) -> Tagging:
    aspects = {target.label: target.aspect for target, _ in given if target.aspect}
    tags = tuple(
        Tag(cast("TagKind", target.kind), target.label, aspects.get(target.label), float(probability), 0, len(one.text))
        for target, probability in given
        if target.aspect is None
    )
    return Tagging(
        feedback_id=one.feedback_id,
        revision=one.revision,
        model_version="baseline",
        sentiment=SENTIMENTS[int(shares.argmax())],
        sentiment_score=float(shares[POSITIVE] - shares[NEGATIVE]),
        confidence=float(shares.max()),
        inappropriate=False,
        needs_review=False,
        tags=tags,
    )
