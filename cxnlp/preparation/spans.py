"""Spans of a text, and matches that may overlap."""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]
"""First character and one past the last."""


def every_match(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The longest match at every start, where `finditer` would skip what lies inside an earlier match.

    A number that fails its check must not hide a true one that begins inside it.
    """
    match = pattern.search(text)
    while match:
        yield match
        match = pattern.search(text, match.start() + 1)
