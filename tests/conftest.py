"""Parts that many tests share: a fresh warehouse, records made by hand, the program itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cxnlp.cli.app import app
from cxnlp.records import Feedback, Location
from cxnlp.warehouse import open_warehouse
from cxnlp.warehouse.protocol import Warehouse

ROOT = Path(__file__).parent.parent


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    opened = open_warehouse(tmp_path / "warehouse.duckdb")
    yield opened
    opened.close()


@pytest.fixture
def make_feedback() -> Callable[..., Feedback]:
    def make(
        number: int = 1, text: str = "Palvelu oli hyvää.", revision: str = "r1", row: int = 1, **changes
    ) -> Feedback:
        fields = {
            "feedback_id": f"survey:{number}",
            "revision": revision,
            "source": "survey",
            "location": Location("survey.csv", row),
            "text": text,
            "created_at": datetime(2026, 10, 1, 9, 30, tzinfo=UTC),
            "customer_ref": None,
            "voice": "customer",
            "journey": None,
            "touchpoint": None,
            "channel": None,
            "owner": None,
            "question": None,
            "nps": None,
            "ces": None,
            "ces_version": None,
            "csat": None,
            "resolved_first_contact": None,
            "language_hint": None,
            "attributes": {},
        }
        return Feedback(**{**fields, **changes})

    return make


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with settings of its own that uses the repository's model."""
    (tmp_path / "configs").mkdir()
    (tmp_path / "inbox").mkdir()
    (tmp_path / "configs" / "cxnlp.toml").write_text(
        f'[model]\npath = "{ROOT / "models"}"\n\n[pipeline]\nbatch = 50\n\n[sources.inbox]\npath = "inbox"\n', "utf-8"
    )
    return tmp_path


def start_cxnlp(folder: Path, *arguments: str, **options) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CXNLP_")}
    return subprocess.Popen(
        [sys.executable, "-m", "cxnlp", *arguments],
        cwd=folder,
        env=environment,
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


@pytest.fixture
def cxnlp(project: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command in the project folder, as a person would, and see that it ends as expected."""
    monkeypatch.chdir(project)
    for name in [name for name in os.environ if name.startswith("CXNLP_")]:
        monkeypatch.delenv(name)

    def run(*arguments: str, status: int = 0, stdin: str | bytes | None = None) -> Result:
        result = CliRunner().invoke(app, list(arguments), input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == status, f"exit status {result.exit_code}\n{result.stdout}\n{result.stderr}"
        return result

    return run
