"""A run that is killed at any moment and started again ends in the same warehouse."""

import random
import signal
import time

import duckdb
import pytest

from tests.conftest import start_cxnlp

TABLES = {
    "cx_raw.feedback": "landed_by, landing_order",
    "cx_raw.rejections": "rejected_by",
    "cx.prepared": "prepared_by",
    "cx.taggings": "tagged_by",
    "cx.tags": None,
}


def contents(folder):
    with duckdb.connect(folder / "data" / "warehouse.duckdb", read_only=True) as connection:
        return {
            table: connection.sql(
                f"SELECT * {f'EXCLUDE ({left_out})' if left_out else ''} FROM {table} ORDER BY ALL"
            ).fetchall()
            for table, left_out in TABLES.items()
        }


def outcomes(folder):
    with duckdb.connect(folder / "data" / "warehouse.duckdb", read_only=True) as connection:
        return [row[0] for row in connection.sql("SELECT outcome FROM cx.runs ORDER BY started_at").fetchall()]


@pytest.fixture
def full_inbox(project):
    words = ["palvelu", "hyvää", "nopeaa", "hidasta", "helppoa", "vaikeaa", "toimitus", "lasku", "sovellus", "jono"]
    chooser = random.Random(7)
    lines = [
        f"{n};{'31.2.' if n % 40 == 0 else '1.10.'}2026;{' '.join(chooser.sample(words, 6))} {n}" for n in range(400)
    ]
    (project / "inbox" / "feedback.csv").write_text("id;pvm;palaute\n" + "\n".join(lines) + "\n", "utf-8")
    return project


def finish(folder):
    process = start_cxnlp(folder, "run")
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return out


@pytest.mark.slow
def test_a_run_killed_at_any_moment_ends_in_the_same_warehouse_when_run_again(full_inbox):
    start = time.monotonic()
    finish(full_inbox)
    duration = time.monotonic() - start
    expected = contents(full_inbox)
    assert (len(expected["cx_raw.feedback"]), len(expected["cx_raw.rejections"])) == (390, 10)
    (full_inbox / "data" / "warehouse.duckdb").unlink()

    chooser = random.Random(11)
    for moment in sorted(chooser.uniform(0.3, 0.95) * duration for _ in range(5)):
        process = start_cxnlp(full_inbox, "run")
        time.sleep(moment)
        process.kill()
        process.communicate()
    finish(full_inbox)
    assert contents(full_inbox) == expected
    assert set(outcomes(full_inbox)) <= {"interrupted", "completed"}
    assert "0 landed" in finish(full_inbox)


@pytest.mark.slow
def test_ctrl_c_stores_what_was_finished_and_says_how_to_go_on(full_inbox):
    # A background shell starts its children deaf to Ctrl-C; a person's terminal does not.
    process = start_cxnlp(full_inbox, "run", preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    warehouse = full_inbox / "data" / "warehouse.duckdb"
    while not warehouse.exists() and process.poll() is None:
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted: what was finished is stored; run the same command again" in err
    assert "Traceback" not in err
    finish(full_inbox)
    assert outcomes(full_inbox)[-1] == "completed"


@pytest.mark.slow
def test_two_runs_at_once_do_no_harm_and_the_second_says_why_it_stopped(full_inbox):
    first, second = start_cxnlp(full_inbox, "run"), start_cxnlp(full_inbox, "run")
    outputs = [process.communicate(timeout=300) for process in (first, second)]
    assert sorted([first.returncode, second.returncode]) in ([0, 75], [0, 0])
    refused = [err for process, (_, err) in zip((first, second), outputs, strict=True) if process.returncode == 75]
    assert all("Another process is writing to" in err for err in refused)
    finish(full_inbox)
    assert len(contents(full_inbox)["cx.taggings"]) == 390
