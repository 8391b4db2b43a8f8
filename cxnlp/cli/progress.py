"""Progress of the stages: a bar in a terminal, one line per stage elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cxnlp.cli.outputs import open_console

if TYPE_CHECKING:
    from cxnlp.stages import Report


@contextmanager
def show_progress() -> Iterator[Report]:
    """Show the stages' progress on standard error while inside."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description:<16}"), BarColumn(40), MofNCompleteColumn(), TimeRemainingColumn())
    bars: dict[str, TaskID] = {}
    with Progress(*columns, console=open_console(stderr=True), refresh_per_second=5) as progress:

        def report(stage: str, done: int, total: int | None) -> None:
            if stage not in bars:
                bars[stage] = progress.add_task(stage, total=total)
            progress.update(bars[stage], advance=done, total=total)

        yield report
        for bar in bars.values():  # a stage that could not know its total is full when it has ended
            task = progress.tasks[progress.task_ids.index(bar)]
            progress.update(bar, total=task.completed if task.total is None else task.total)
