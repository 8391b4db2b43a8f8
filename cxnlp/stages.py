"""The pipeline's stages and their order: land, prepare, classify, publish.

Every stage asks the warehouse what waits for it and stores its results under stable keys, batch by batch, each batch
in one transaction with its entry in the run ledger. So a run can be repeated, goes on where a killed one stopped, and
tags everything anew when the model version is new.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

from cxnlp.errors import CxnlpError
from cxnlp.records import Counts, Feedback, Landed, Location, Reason, Received, Rejection

if TYPE_CHECKING:
    from cxnlp.classification import Tagger
    from cxnlp.preparation import Intake, Preparation
    from cxnlp.records import Prepared, Tagging
    from cxnlp.sources import Source
    from cxnlp.warehouse.protocol import Warehouse

logger = logging.getLogger(__name__)

# Finding what waits costs one pass over the keys, so it is done once for several batches.
_BATCHES_A_PAGE: Final = 20

Item = TypeVar("Item")
Report = Callable[[str, int, int | None], None]
"""Told of progress: the stage, records done since the last call, and all that there are, if that is known."""


def report_nothing(stage: str, done: int, total: int | None) -> None:
    """A `Report` for those who do not watch."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run in progress: where it writes and under which entry of the ledger."""

    warehouse: Warehouse
    run_id: str
    batch: int
    report: Report = report_nothing
    unreadable: list[Rejection] = field(default_factory=list)
    """Files that could not be read in this run."""

    def count(self, counts: Counts) -> Counts:
        """Enter counts in the ledger; call it in the transaction that stores what is counted."""
        from cxnlp.warehouse.ledger import add_to_run

        add_to_run(self.warehouse, self.run_id, counts)
        return counts


@contextmanager
def open_run(
    warehouse: Warehouse,
    command: str,
    *,
    version: str,
    model_version: str | None = None,
    batch: int = 2_000,
    report: Report = report_nothing,
) -> Iterator[Run]:
    """Keep an entry in the run ledger while the stages inside do their work."""
    from cxnlp.warehouse.ledger import Outcome, finish_run, start_run

    outcome: Outcome = "interrupted"
    run_id = start_run(warehouse, command, version, model_version)
    try:
        yield Run(warehouse, run_id, batch, report)
        outcome = "completed"
    except Exception:
        outcome = "failed"
        raise
    finally:
        _finish_quietly(finish_run, warehouse, run_id, outcome)


def run_all(
    run: Run,
    sources: Sequence[tuple[Source, Intake]],
    preparation: Preparation,
    tagger: Tagger,
    timezone: str,
) -> Counts:
    """Take every source through all stages, in order.

    Returns:
        What was done, summed over the sources.

    Raises:
        CxnlpError: If records went missing on the way, which would be a defect.
    """
    from cxnlp.warehouse.queues import count_unprepared

    carried_in = count_unprepared(run.warehouse)
    counts = sum((land(run, source, intake) for source, intake in sources), Counts())
    counts += prepare(run, preparation)
    counts += classify(run, tagger)
    publish(run.warehouse, tagger.model_version, timezone)
    if carried_in + counts.landed != counts.prepared + counts.rejected:
        raise CxnlpError(
            f"The counts do not balance: {carried_in} carried in + {counts.landed} landed, but {counts.prepared} "
            f"prepared + {counts.rejected} rejected. This is a defect of cxnlp: report it with the row of cx.runs."
        )
    return counts


def land(run: Run, source: Source, intake: Intake, files: Collection[str] | None = None) -> Counts:
    """Take in what the source gives, masked; rows that cannot be used become rejections.

    Args:
        run: Where to write.
        source: Where to read.
        intake: Repairs, masks and identifies each row.
        files: Only these of the source's files; otherwise all.
    """
    from cxnlp.warehouse.queues import open_rejections, resolve

    read_files = set(source.files() if files is None else files)
    refused: set[Location] = set()
    counts = Counts()
    for items in _batches(source.read(files), run.batch):
        taken = [intake.take(item) if isinstance(item, Received) else item for item in items]
        feedback = [one for one in taken if isinstance(one, Feedback)]
        rejections = [one for one in taken if isinstance(one, Rejection)]
        refused.update(one.location for one in rejections)
        run.unreadable.extend(one for one in rejections if one.reason is Reason.UNREADABLE_FILE)
        counts += _store_landed(run, feedback, rejections)
        run.report(f"land {source.name}", len(items), None)
    # Only a file read to its end tells that a row is no longer refused; standard input is another file every time.
    read_files -= {one.file for one in refused if one.row == 0} | {"-"}
    stale = {one.location for one in open_rejections(run.warehouse, source.name)} - refused
    with run.warehouse.transaction():
        resolved = resolve(run.warehouse, source.name, {one for one in stale if one.file in read_files})
        counts += run.count(Counts(resolved=resolved))
    logger.info("landed %s: %d read, %d new, %d rejected", source.name, counts.read, counts.landed, counts.rejected)
    return counts


def prepare(run: Run, preparation: Preparation) -> Counts:
    """Find language and segments of everything that has landed and is not prepared yet."""
    from cxnlp.warehouse.queues import count_unprepared, next_unprepared
    from cxnlp.warehouse.tables import store_prepared

    counts, total = Counts(), count_unprepared(run.warehouse)
    run.report("prepare", 0, total)
    while page := next_unprepared(run.warehouse, run.batch * _BATCHES_A_PAGE):
        for landed in _batches(page, run.batch):
            prepared = preparation.prepare(landed)
            with run.warehouse.transaction():
                counts += run.count(Counts(prepared=store_prepared(run.warehouse, prepared, run.run_id)))
            run.report("prepare", len(landed), total)
    return counts


def classify(run: Run, tagger: Tagger) -> Counts:
    """Tag everything prepared that this model version has not tagged yet."""
    from cxnlp.warehouse.queues import count_untagged, next_untagged
    from cxnlp.warehouse.tables import store_taggings

    counts, total = Counts(), count_untagged(run.warehouse, tagger.model_version)
    run.report("classify", 0, total)
    while page := next_untagged(run.warehouse, tagger.model_version, run.batch * _BATCHES_A_PAGE):
        for prepared in _batches(page, run.batch):
            taggings = []
            for tagging in tagger.tag_all(prepared):
                taggings.append(tagging)
                run.report("classify", 1, total)
            with run.warehouse.transaction():
                counts += run.count(Counts(tagged=store_taggings(run.warehouse, taggings, run.run_id)))
    return counts


def publish(warehouse: Warehouse, model_version: str, timezone: str) -> None:
    """Let the marts show what this model version says."""
    from cxnlp.warehouse.schema import publish_marts

    publish_marts(warehouse, model_version, timezone)


def _store_landed(run: Run, feedback: list[Feedback], rejections: list[Rejection]) -> Counts:
    from cxnlp.warehouse.tables import store_feedback, store_rejections

    with run.warehouse.transaction():
        kept = store_feedback(run.warehouse, feedback, run.run_id)
        rejected = store_rejections(run.warehouse, rejections, run.run_id)
        read = len(feedback) + len(rejections)
        landed = kept + rejected
        return run.count(Counts(read=read, unchanged=read - landed, landed=landed, rejected=rejected))


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _finish_quietly(finish: Callable[..., None], *arguments: object) -> None:
    try:
        finish(*arguments)
    except CxnlpError:  # the error that ended the run matters more than its entry
        logger.warning("the end of the run could not be entered in the ledger")


@dataclass(frozen=True, slots=True)
class Tagged:
    """A record tagged without a warehouse, under the id that its file gives it."""

    own_id: str
    prepared: Prepared
    tagging: Tagging


def tag_directly(
    source: Source, intake: Intake, preparation: Preparation, tagger: Tagger, batch: int = 1_000
) -> Iterator[Tagged | Rejection]:
    """Take a source through all stages without a warehouse, in its own order, a batch at a time.

    Ids stay as they are, also where several records bear the same one: nothing is stored that they could confuse.
    """
    for items in _batches(source.read(), batch):
        feedback, own_ids = [], []
        for item in items:
            anonymous = replace(item, own_id=None, attributes={}) if isinstance(item, Received) else item
            taken = intake.take(anonymous) if isinstance(anonymous, Received) else anonymous
            if isinstance(taken, Rejection):
                yield taken
                continue
            feedback.append(_landed(taken))
            own_ids.append((item.own_id if isinstance(item, Received) else None) or taken.feedback_id)
        prepared = preparation.prepare(feedback)
        yield from map(Tagged, own_ids, prepared, tagger.tag_all(prepared))


def _landed(one: Feedback) -> Landed:
    return Landed(one.feedback_id, one.revision, one.text, one.question, one.language_hint)
