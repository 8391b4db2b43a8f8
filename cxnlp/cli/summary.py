"""What a run shows when it is done."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from cxnlp.cli.outputs import open_console

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from cxnlp.records import Counts
    from cxnlp.warehouse.protocol import Warehouse
    from cxnlp.warehouse.summary import Example, Share

NEXT_QUERY = (
    "SELECT topic, feedback_count, effort_hard, inefficient, anger FROM topic_by_dimension ORDER BY inefficient DESC"
)


def print_summary(warehouse: Warehouse, counts: Counts, model_version: str, path: Path) -> None:
    """Print counts, shares by language, a few examples and what to type next."""
    from cxnlp.warehouse.summary import count_labels, count_languages, pick_examples

    console = open_console()
    languages = count_languages(warehouse)
    console.print(
        f"\n[bold]{counts.read}[/] read: {counts.unchanged} known already, {counts.landed} landed = "
        f"{counts.prepared} prepared + {counts.rejected} rejected. {counts.tagged} tagged by {model_version}."
    )
    if counts.rejected:
        console.print("See what was rejected and why: [bold]cxnlp rejected list[/]")
    console.print(f"The warehouse {path.name} now holds {sum(languages.values())} feedback texts.\n")
    if languages:
        console.print("Share of feedback texts that carry a label", style="italic")
        console.print(_share_table(count_labels(warehouse), languages))
    for example in pick_examples(warehouse):
        console.print()
        for line in _example_lines(example):
            console.print(line)
    console.print(f'\nNext, ask in SQL: [bold]cxnlp query "{NEXT_QUERY}"[/]', soft_wrap=True)


def _share_table(shares: list[Share], languages: dict[str, int]) -> Table:
    from rich.table import Table

    shown = [language for language in languages if language is not None][:4]
    table = Table(box=None, pad_edge=False)
    for header in ("dimension", "label"):
        table.add_column(header)
    for header in (*(f"{language} ({languages[language]})" for language in shown), f"all ({sum(languages.values())})"):
        table.add_column(header, justify="right")
    ordered = sorted(shares, key=lambda one: (_ORDER.index(one.kind), one.kind, one.label))
    for (kind, label), group in groupby(ordered, key=lambda one: (one.kind, one.label)):
        counts = {one.language: one.count for one in group}
        cells = [f"{counts.get(language, 0) / languages[language]:.0%}" for language in shown]
        table.add_row(kind, label, *cells, f"{sum(counts.values()) / sum(languages.values()):.0%}")
    return table


_ORDER = ("sentiment", "effort", "efficiency", "emotion")


def _example_lines(example: Example) -> list[Text]:
    """The text with its evidence in numbered brackets, so that colour is not the only cue, then the labels."""
    from rich.text import Text

    text = Text(f"{example.language} {example.sentiment}: ", style="bold")
    labels = []
    end = 0
    spans = sorted({(one.start, one.end) for one in example.evidence})
    for number, span in enumerate(spans, start=1):
        text.append(example.text[end : span[0]])
        text.append(f"[{example.text[span[0] : span[1]]}]{number}", style="reverse")
        end = span[1]
        carried = (one for one in example.evidence if (one.start, one.end) == span)
        names = (
            f"{one.kind} {one.label}{f' ({one.aspect})' if one.aspect else ''} {one.probability:.2f}" for one in carried
        )
        labels.append(Text(f"   {number} {', '.join(names)}", style="dim"))
    text.append(example.text[end:])
    return [text, *labels]
