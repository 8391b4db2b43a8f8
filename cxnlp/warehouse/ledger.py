"""The run ledger: what every run did, kept beside the data and committed together with it."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Literal

from cxnlp.records import Counts
from cxnlp.warehouse.protocol import Warehouse

Outcome = Literal["completed", "failed", "interrupted"]

START = """
INSERT INTO cx.runs (run_id, command, cxnlp_version, model_version, started_at, outcome, carried_in)
SELECT $run_id, $command, $cxnlp_version, $model_version, CAST($started_at AS TIMESTAMPTZ), 'running',
    (SELECT count(*) FROM cx_raw.feedback) - (SELECT count(*) FROM cx.prepared)
"""
ABANDON = "UPDATE cx.runs SET outcome = 'interrupted' WHERE outcome = 'running'"
ADD = """
UPDATE cx.runs SET rows_read = rows_read + $read, unchanged = unchanged + $unchanged, landed = landed + $landed,
    rejected = rejected + $rejected, resolved = resolved + $resolved, prepared = prepared + $prepared,
    tagged = tagged + $tagged
WHERE run_id = $run_id
"""
FINISH = "UPDATE cx.runs SET outcome = $outcome, ended_at = CAST($ended_at AS TIMESTAMPTZ) WHERE run_id = $run_id"


def start_run(warehouse: Warehouse, command: str, cxnlp_version: str, model_version: str | None) -> str:
    """Enter a new run and return its id; runs that died without a word are marked interrupted.

    The warehouse admits one writer at a time, so whatever still says "running" is dead.
    """
    run_id = uuid.uuid4().hex
    with warehouse.transaction():
        warehouse.execute(ABANDON)
        warehouse.execute(
            START,
            {
                "run_id": run_id,
                "command": command,
                "cxnlp_version": cxnlp_version,
                "model_version": model_version,
                "started_at": datetime.now(UTC).isoformat(),
            },
        )
    return run_id


def add_to_run(warehouse: Warehouse, run_id: str, counts: Counts) -> None:
    """Add to a run's counts; call it in the transaction that stores what is counted."""
    warehouse.execute(ADD, {"run_id": run_id, **asdict(counts)})


def finish_run(warehouse: Warehouse, run_id: str, outcome: Outcome) -> None:
    """Enter how a run ended."""
    ended_at = datetime.now(UTC).isoformat()
    warehouse.execute(FINISH, {"run_id": run_id, "outcome": outcome, "ended_at": ended_at})
