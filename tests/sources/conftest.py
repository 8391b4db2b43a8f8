"""One file written, one source read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cxnlp.records import Received, Rejection
from cxnlp.sources import open_source


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., list[Received | Rejection]]:
    """Write one file and read it through a source."""

    def write_and_read(name: str, content: bytes | str, **settings) -> list[Received | Rejection]:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(open_source("survey", path, **settings).read())

    return write_and_read
