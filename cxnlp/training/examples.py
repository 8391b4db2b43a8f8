"""Labelled texts and public lessons as the tokens and numbers that fine-tuning takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cxnlp.classification.windows import Frame
from cxnlp.records import TagKind
from cxnlp.taxonomy import SENTIMENTS
from cxnlp.training.fit import Target, has_label
from cxnlp.training.labels import Labelled
from cxnlp.training.packages import load_package
from cxnlp.training.tasks import Lesson

# Shorter than tagging reads, as time grows with length; 0.7 % of the labelled texts are cut.
MAX_TOKENS: Final = 128
MASKED: Final = -1.0

Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Example:
    """One text to learn from.

    Attributes:
        ids: Token ids with the frame around the text's own, shape (n_tokens,).
        body: Index of the first token of the text's own; the last one stands before the closing token.
        own: Our labels, the four sentiments first, each 0 or 1; shape (n_own,); -1 where a person was not asked.
        tasks: The labels of public tasks in the same way, shape (n_tasks,).
        evidence: Our labels of each token, shape (n_tokens, n_own), -1 where no words were marked; nothing for none.
    """

    ids: NDArray[np.int64]
    body: int
    own: Numbers
    tasks: Numbers
    evidence: Numbers | None


class ExampleMaker:
    """Makes examples with one tokenizer and one set of columns.

    Args:
        tokenizer: The tokenizer.json of the encoder.
        targets: Our labels, in the order of the columns after the sentiments.
        columns: The public tasks' labels, as (task, label).
    """

    def __init__(self, tokenizer: Path, targets: Sequence[Target], columns: Sequence[tuple[str, str]]) -> None:
        self._tokenizer = load_package("tokenizers").Tokenizer.from_file(str(tokenizer))
        self._frame = Frame(self._tokenizer)
        self._own = {(one.kind, one.label, one.aspect): i for i, one in enumerate(targets, len(SENTIMENTS))}
        self._columns = {column: i for i, column in enumerate(columns)}
        self._tasks = np.array([task for task, _ in columns])

    @property
    def padding(self) -> int:
        """Token id that fills a batch."""
        return self._frame.padding

    @property
    def n_own(self) -> int:
        """How many labels of our own there are, sentiments included."""
        return len(SENTIMENTS) + len(self._own)

    def label(self, records: Sequence[Labelled], marked: Mapping[str, frozenset[TagKind]]) -> list[Example]:
        """Our own records as examples.

        Args:
            records: The records.
            marked: For each label file, of which kinds its annotators marked the words.
        """
        examples = []
        for record, (ids, body, offsets) in zip(records, self._read(records), strict=True):
            own = np.zeros(self.n_own, np.float32)
            own[SENTIMENTS.index(record.sentiment)] = 1
            own[[column for name, column in self._own.items() if has_label(record, *name)]] = 1
            evidence = self._mark(record, offsets, body, len(ids), marked.get(record.origin, frozenset()))
            examples.append(Example(ids, body, own, np.full(len(self._columns), MASKED, np.float32), evidence))
        return examples

    def teach(self, lessons: Sequence[Lesson]) -> list[Example]:
        """Public lessons as examples: our own labels are masked, and those of all tasks but theirs."""
        examples = []
        for lesson, (ids, body, _) in zip(lessons, self._read(lessons), strict=True):
            tasks = np.where(self._tasks == lesson.task, 0, MASKED).astype(np.float32)
            known = [self._columns.get((lesson.task, label)) for label in lesson.labels]
            tasks[[column for column in known if column is not None]] = 1
            examples.append(Example(ids, body, np.full(self.n_own, MASKED, np.float32), tasks, None))
        return examples

    def _read(self, texts: Sequence[Labelled | Lesson]) -> Iterable[tuple[NDArray[np.int64], int, Any]]:
        encoded = self._tokenizer.encode_batch([one.text for one in texts], add_special_tokens=False)
        for one, tokens in zip(texts, encoded, strict=True):
            head = self._frame.head(one.question)
            room = MAX_TOKENS - len(head) - 1
            ids = np.array([*head, *tokens.ids[:room], self._frame.stop], np.int64)
            yield ids, len(head), tokens.offsets[:room]

    def _mark(
        self, record: Labelled, offsets: Sequence[tuple[int, int]], body: int, n_tokens: int, kinds: frozenset[TagKind]
    ) -> Numbers | None:
        if not kinds:
            return None
        asked = [column for (kind, _, _), column in self._own.items() if kind in kinds]
        evidence = np.full((n_tokens, self.n_own), MASKED, np.float32)
        evidence[body : body + len(offsets), asked] = 0
        ends = np.array([end for _, end in offsets], np.int64)
        for span in record.spans:
            within = body + np.flatnonzero((ends > span.start) & (ends <= span.end))
            for aspect in {None, span.aspect}:
                column = self._own.get((span.kind, span.label, aspect))
                if column is not None:
                    evidence[within, column] = 1
        return evidence


def collate(examples: Sequence[Example], padding: int) -> dict[str, Any]:
    """A batch of tensors, padded to its longest text.

    Returns:
        `input_ids`, `attention_mask`, `body` (1 for the text's own tokens), each of shape (batch, tokens); `own`
        (batch, n_own), `tasks` (batch, n_tasks), `evidence` (batch, tokens, n_own).
    """
    torch = load_package("torch")
    n_tokens = max(len(one.ids) for one in examples)
    ids = np.full((len(examples), n_tokens), padding, np.int64)
    mask, body = np.zeros_like(ids), np.zeros_like(ids)
    evidence = np.full((len(examples), n_tokens, len(examples[0].own)), MASKED, np.float32)
    for i, one in enumerate(examples):
        ids[i, : len(one.ids)] = one.ids
        mask[i, : len(one.ids)] = 1
        # A text without tokens is read by its frame, as in tagging.
        start, stop = (one.body, len(one.ids) - 1) if one.body < len(one.ids) - 1 else (0, len(one.ids))
        body[i, start:stop] = 1
        if one.evidence is not None:
            evidence[i, : len(one.ids)] = one.evidence
    arrays = {
        "input_ids": ids,
        "attention_mask": mask,
        "body": body,
        "own": np.stack([one.own for one in examples]),
        "tasks": np.stack([one.tasks for one in examples]),
        "evidence": evidence,
    }
    return {name: torch.from_numpy(values) for name, values in arrays.items()}


def marked_kinds(records: Iterable[Labelled]) -> dict[str, frozenset[TagKind]]:
    """For each label file with marked words, of which kinds they were marked."""
    kinds: dict[str, frozenset[TagKind]] = {}
    for record in records:
        kinds[record.origin] = kinds.get(record.origin, frozenset()) | {span.kind for span in record.spans}
    return {origin: found for origin, found in kinds.items() if found}
