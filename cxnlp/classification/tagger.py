"""The tagger: prepared texts in, taggings out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final, cast

from cxnlp.classification.encoder import Encoded, Encoder
from cxnlp.classification.heads import INAPPROPRIATE, OTHER, Head, Heads
from cxnlp.records import Prepared, Segment, Tag, Tagging, TagKind
from cxnlp.taxonomy import KINDS, SENTIMENTS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Whose tags have to be sure for a record to pass unseen; an unsure topic or intent shows in its probability alone.
DIMENSIONS: Final = frozenset({"effort", "efficiency", "emotion"})
LANGUAGES: Final = frozenset({"fi", "en"})
POSITIVE: Final = SENTIMENTS.index("positive")
NEGATIVE: Final = SENTIMENTS.index("negative")


class Tagger:
    """Tags feedback with one model.

    The same text gets the same tags whatever it is tagged together with.

    Args:
        encoder: Makes vectors of texts.
        heads: Make labels of vectors.
        model_version: Name under which taggings are stored, such as `cx-fien/2026.11.1`.
    """

    def __init__(self, encoder: Encoder, heads: Heads, model_version: str) -> None:
        self.model_version = model_version
        self._encoder = encoder
        self._heads = heads
        self._flag = heads.rows(INAPPROPRIATE)
        self._aspects = _aspect_rows(heads.heads)
        self._labels = [(i, head) for i, head in enumerate(heads.heads) if head.kind in KINDS and head.aspect is None]

    def tag(self, prepared: Sequence[Prepared]) -> list[Tagging]:
        """Tag records, in their order."""
        return list(self.tag_all(prepared))

    def tag_all(self, prepared: Iterable[Prepared], *, batch: int = 1024) -> Iterator[Tagging]:
        """Tag a stream of records, in its order.

        Args:
            prepared: The records.
            batch: How many to hold at a time.
        """
        stream = iter(prepared)
        while held := list(islice(stream, batch)):
            for one, encoded in zip(held, self._encoder.encode(held), strict=True):
                yield self._tagging(one, encoded)

    def _tagging(self, one: Prepared, encoded: Encoded) -> Tagging:
        shares = self._heads.sentiment.probabilities(encoded.record[None])[0]
        probabilities = self._heads.probabilities(encoded.record[None])[0]
        tags, unsure = self._tags(one, probabilities, encoded.segments)
        best = int(shares.argmax())
        confidence = float(shares[best])
        return Tagging(
            feedback_id=one.feedback_id,
            revision=one.revision,
            model_version=self.model_version,
            sentiment=SENTIMENTS[best],
            sentiment_score=float(shares[POSITIVE] - shares[NEGATIVE]),
            confidence=confidence,
            inappropriate=any(probabilities[i] >= self._heads.heads[i].threshold for i in self._flag),
            needs_review=unsure or confidence < self._heads.sentiment.review_below or one.language not in LANGUAGES,
            tags=tags,
        )

    def _tags(
        self, one: Prepared, record: NDArray[np.float32], segments: NDArray[np.float32]
    ) -> tuple[tuple[Tag, ...], bool]:
        """The tags by kind and falling probability, and whether one of them is unsure."""
        fired = [(i, head) for i, head in self._labels if record[i] >= head.threshold]
        strongest = self._heads.strongest(segments) if fired and len(segments) else None
        tags = [tag for i, head in fired for tag in self._explain(one, i, head, record, strongest)]
        if not any(head.kind == "intent" for _, head in fired):
            tags.append(self._other(one, record))
        tags.sort(key=lambda tag: (KINDS.index(tag.kind), -tag.probability))
        return tuple(tags), any(record[i] < head.review_below for i, head in fired if head.kind in DIMENSIONS)

    def _explain(
        self, one: Prepared, row: int, head: Head, record: NDArray[np.float32], strongest: NDArray[np.int64] | None
    ) -> Iterator[Tag]:
        """One tag for the label, or one for each of its aspects, with the segment that carries it most."""
        aspects = self._aspects.get(head.label, ()) if head.kind == "efficiency" else ()
        given = [i for i in aspects if record[i] >= self._heads.heads[i].threshold]
        for i in given or sorted(aspects, key=lambda i: -record[i])[:1] or [row]:
            evidence = Segment(0, len(one.text)) if strongest is None else one.segments[strongest[i]]
            aspect = self._heads.heads[i].aspect
            kind = cast("TagKind", head.kind)
            yield Tag(kind, head.label, aspect, float(record[row]), evidence.start, evidence.end)

    def _other(self, one: Prepared, record: NDArray[np.float32]) -> Tag:
        likeliest = max((float(record[i]) for i in self._heads.rows("intent")), default=0.0)
        return Tag("intent", OTHER, None, 1 - likeliest, 0, len(one.text))


def _aspect_rows(heads: Sequence[Head]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for i, head in enumerate(heads):
        if head.aspect is not None:
            rows.setdefault(head.label, []).append(i)
    return rows
