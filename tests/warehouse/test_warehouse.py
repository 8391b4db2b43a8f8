from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from cxnlp.errors import ConfigurationError
from cxnlp.records import Counts, Location, Prepared, Reason, Rejection, Segment, Tag, Tagging
from cxnlp.warehouse import open_warehouse
from cxnlp.warehouse.ledger import add_to_run, finish_run, start_run
from cxnlp.warehouse.questions import ask
from cxnlp.warehouse.queues import (
    count_unprepared,
    next_unprepared,
    next_untagged,
    open_rejections,
    resolve,
)
from cxnlp.warehouse.schema import MARTS, migrate, publish_marts
from cxnlp.warehouse.tables import store_feedback, store_prepared, store_rejections, store_taggings

MODEL = "cx-fien/test"


def rows(warehouse, query):
    return [tuple(row.values()) for row in warehouse.read(query).to_pylist()]


def prepare(feedback, language="fi"):
    return Prepared(
        feedback.feedback_id,
        feedback.revision,
        feedback.text,
        feedback.question,
        language,
        0.99,
        (Segment(0, len(feedback.text)),),
    )


def tag(feedback, *tags, sentiment="negative", inappropriate=False, model_version=MODEL):
    return Tagging(
        feedback.feedback_id, feedback.revision, model_version, sentiment, -0.8, 0.9, inappropriate, False, tuple(tags)
    )


def rejection(row=3, reason=Reason.INVALID_VALUE):
    return Rejection("survey", Location("survey.csv", row), reason, "nps", "nps is 11; 0-10 is allowed")


def test_storing_the_same_records_again_changes_nothing(warehouse, make_feedback):
    feedback = [make_feedback(number) for number in range(5)]
    assert store_feedback(warehouse, feedback, "run-1") == 5
    before = rows(warehouse, "SELECT * FROM cx_raw.feedback ORDER BY ALL")

    assert store_feedback(warehouse, feedback, "run-2") == 0
    assert rows(warehouse, "SELECT * FROM cx_raw.feedback ORDER BY ALL") == before


def test_every_field_comes_back_as_it_was_stored(warehouse, make_feedback):
    feedback = make_feedback(
        text="Jono 😀 «pitkä»\nja 'hidas'; DROP TABLE",
        nps=0,
        ces=7,
        ces_version="2.0",
        csat=1,
        resolved_first_contact=False,
        attributes={"Yksikkö": "Ääkkönen"},
        customer_ref="abc",
        owner="Laskutus",
    )
    store_feedback(warehouse, [feedback], "run")

    stored = warehouse.read("SELECT * FROM cx_raw.feedback").to_pylist()[0]
    assert stored["text"] == feedback.text
    assert (stored["nps"], stored["ces"], stored["csat"], stored["resolved_first_contact"]) == (0, 7, 1, False)
    assert stored["attributes"] == '{"Yksikkö": "Ääkkönen"}'
    assert stored["created_at"] == feedback.created_at
    assert (stored["customer_ref"], stored["owner"], stored["landed_by"]) == ("abc", "Laskutus", "run")


def test_a_transaction_that_fails_leaves_nothing_behind(warehouse, make_feedback):
    def store_and_fail():
        with warehouse.transaction():
            store_feedback(warehouse, [make_feedback()], "run")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store_and_fail()
    assert count_unprepared(warehouse) == 0

    with warehouse.transaction():
        store_feedback(warehouse, [make_feedback()], "run")
    assert count_unprepared(warehouse) == 1


def test_what_is_landed_waits_for_preparation_and_then_for_each_model_version(warehouse, make_feedback):
    first, second = make_feedback(1, "Ensimmäinen"), make_feedback(2, "Toinen", row=2)
    store_feedback(warehouse, [first, second], "run")
    assert [one.text for one in next_unprepared(warehouse, 10)] == ["Ensimmäinen", "Toinen"]
    assert [one.text for one in next_unprepared(warehouse, 1)] == ["Ensimmäinen"]

    store_prepared(warehouse, [prepare(first)], "run")
    assert [one.text for one in next_unprepared(warehouse, 10)] == ["Toinen"]
    waiting = next_untagged(warehouse, MODEL, 10)
    assert [(one.text, one.segments) for one in waiting] == [("Ensimmäinen", (Segment(0, 11),))]

    store_taggings(warehouse, [tag(first)], "run")
    assert next_untagged(warehouse, MODEL, 10) == []
    assert [one.feedback_id for one in next_untagged(warehouse, "cx-fien/newer", 10)] == [first.feedback_id]


def test_the_marts_show_the_newest_revision_and_the_published_model_only(warehouse, make_feedback):
    old, new = make_feedback(1, "Vanha teksti", "r1"), make_feedback(1, "Uusi teksti", "r2", row=9)
    for feedback in (old, new):
        store_feedback(warehouse, [feedback], "run")
        store_prepared(warehouse, [prepare(feedback)], "run")
    hard, easy = Tag("effort", "hard", None, 0.9, 0, 4), Tag("effort", "easy", None, 0.8, 5, 11)
    store_taggings(warehouse, [tag(old, hard), tag(new, hard, easy), tag(new, model_version="cx-fien/other")], "run")
    publish_marts(warehouse, MODEL, "Europe/Helsinki")

    assert rows(warehouse, "SELECT text, effort_easy, effort_hard, efficient FROM cx_marts.feedback_enriched") == [
        ("Uusi teksti", True, True, False)
    ]
    assert rows(warehouse, "SELECT label, evidence FROM cx_marts.feedback_tags ORDER BY label") == [
        ("easy", "teksti"),
        ("hard", "Uusi"),
    ]

    publish_marts(warehouse, "cx-fien/other", "Europe/Helsinki")
    assert rows(warehouse, "SELECT effort_easy, effort_hard, model_version FROM cx_marts.feedback_enriched") == [
        (False, False, "cx-fien/other")
    ]


@pytest.mark.parametrize(
    ("sentiment", "scores", "conflict"),
    [
        ("negative", {"nps": 9}, True),
        ("negative", {"nps": 8}, False),
        ("negative", {"csat": 4}, True),
        ("negative", {"nps": 0, "csat": 5}, True),
        ("positive", {"nps": 6}, True),
        ("positive", {"nps": 7, "csat": 3}, False),
        ("positive", {"csat": 2}, True),
        ("mixed", {"nps": 0}, False),
        ("neutral", {"csat": 5}, False),
        ("negative", {}, None),
    ],
)
def test_a_score_that_contradicts_the_text_is_flagged(warehouse, make_feedback, sentiment, scores, conflict):
    feedback = replace(make_feedback(1, "Teksti"), **{"nps": None, "csat": None, **scores})
    store_feedback(warehouse, [feedback], "run")
    store_prepared(warehouse, [prepare(feedback)], "run")
    publish_marts(warehouse, MODEL, "Europe/Helsinki")
    assert rows(warehouse, "SELECT score_conflict FROM cx_marts.feedback_enriched") == [(None,)]

    store_taggings(warehouse, [tag(feedback, sentiment=sentiment)], "run")
    assert rows(warehouse, "SELECT score_conflict FROM cx_marts.feedback_enriched") == [(conflict,)]


def test_evidence_is_cut_right_after_emoji(warehouse, make_feedback):
    feedback = make_feedback(text="😀👨‍👩‍👧 jono oli pitkä")
    store_feedback(warehouse, [feedback], "run")
    store_prepared(warehouse, [prepare(feedback)], "run")
    start = feedback.text.index("pitkä")
    store_taggings(warehouse, [tag(feedback, Tag("topic", "waiting", None, 0.9, start, start + 5))], "run")
    publish_marts(warehouse, MODEL, "UTC")
    assert rows(warehouse, "SELECT evidence FROM cx_marts.feedback_tags") == [("pitkä",)]


def test_the_aggregated_marts_leave_inappropriate_feedback_out_and_count_texts_not_tags(warehouse, make_feedback):
    slow = (Tag("efficiency", "inefficient", "time", 0.9, 0, 4), Tag("efficiency", "inefficient", "outcome", 0.8, 0, 4))
    delivery = Tag("topic", "delivery", None, 0.9, 0, 4)
    feedback = [make_feedback(number, row=number) for number in range(1, 4)]
    store_feedback(warehouse, feedback, "run")
    store_prepared(warehouse, [prepare(one) for one in feedback], "run")
    taggings = [tag(feedback[0], *slow, delivery), tag(feedback[1]), tag(feedback[2], *slow, inappropriate=True)]
    store_taggings(warehouse, taggings, "run")
    publish_marts(warehouse, MODEL, "Europe/Helsinki")

    by_day = "SELECT dimension, label, feedback_count, feedback_total, share FROM cx_marts.dimension_by_day"
    assert rows(warehouse, by_day) == [("efficiency", "inefficient", 1, 2, 0.5)]
    by_topic = "SELECT topic, feedback_count, negative, inefficient FROM cx_marts.topic_by_dimension"
    assert rows(warehouse, by_topic) == [("delivery", 1, 1, 1)]


def test_a_day_is_a_day_of_the_reporting_time_zone(warehouse, make_feedback):
    from datetime import UTC, date, datetime

    store_feedback(warehouse, [make_feedback(created_at=datetime(2026, 10, 1, 22, 30, tzinfo=UTC))], "run")
    publish_marts(warehouse, MODEL, "Europe/Helsinki")
    assert rows(warehouse, "SELECT created_on FROM cx_marts.feedback_enriched") == [(date(2026, 10, 2),)]


def test_every_published_column_has_a_comment_and_every_comment_a_column(warehouse):
    publish_marts(warehouse, MODEL, "Europe/Helsinki")
    publish_marts(warehouse, MODEL, "Europe/Helsinki")
    silent = "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'cx_marts' AND comment IS NULL"
    assert rows(warehouse, silent) == []
    views = "SELECT view_name FROM duckdb_views() WHERE schema_name = 'cx_marts' AND comment IS NOT NULL ORDER BY ALL"
    assert rows(warehouse, views) == [(name,) for name in sorted(MARTS)]


def test_a_rejection_is_counted_once_closed_when_resolved_and_opened_again(warehouse):
    assert store_rejections(warehouse, [rejection(3), rejection(4)], "run-1") == 2
    assert store_rejections(warehouse, [rejection(3), rejection(4)], "run-2") == 0
    assert open_rejections(warehouse, "survey") == [rejection(3), rejection(4)]
    assert open_rejections(warehouse, "another") == []

    assert resolve(warehouse, "survey", {Location("survey.csv", 3)}) == 1
    assert open_rejections(warehouse) == [rejection(4)]
    assert store_rejections(warehouse, [rejection(3), rejection(5)], "run-3") == 2
    assert [one.location.row for one in open_rejections(warehouse)] == [3, 4, 5]


def test_a_row_rejected_for_another_reason_now_shows_the_new_reason(warehouse):
    store_rejections(warehouse, [rejection(3)], "run-1")
    assert store_rejections(warehouse, [rejection(3, Reason.EMPTY_TEXT)], "run-2") == 0
    assert [one.reason for one in open_rejections(warehouse)] == [Reason.EMPTY_TEXT]


def test_the_ledger_adds_up_batches_and_marks_runs_that_died(warehouse):
    died = start_run(warehouse, "run", "0.1.0", MODEL)
    add_to_run(warehouse, died, Counts(read=3, landed=3))
    second = start_run(warehouse, "run", "0.1.0", MODEL)
    add_to_run(warehouse, second, Counts(read=2, landed=1, unchanged=1))
    add_to_run(warehouse, second, Counts(prepared=4))
    finish_run(warehouse, second, "completed")

    ledger = (
        "SELECT outcome, rows_read, landed, unchanged, prepared, ended_at IS NOT NULL FROM cx.runs ORDER BY started_at"
    )
    assert rows(warehouse, ledger) == [("interrupted", 3, 3, 0, 0, False), ("completed", 2, 1, 1, 4, True)]


def test_migrations_are_applied_once(warehouse, tmp_path):
    assert migrate(warehouse) == 0
    warehouse.close()
    reopened = open_warehouse(tmp_path / "warehouse.duckdb")
    assert migrate(reopened) == 0
    reopened.close()


def test_a_warehouse_of_a_newer_version_is_left_alone(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    warehouse = open_warehouse(path)
    warehouse.execute("INSERT INTO cx_migrations VALUES (9999, '9999_from_the_future')")
    warehouse.close()
    with pytest.raises(ConfigurationError, match=r"is at migration 9999, this cxnlp knows .* Update cxnlp"):
        open_warehouse(path)


def test_reading_a_warehouse_that_is_not_there_says_how_to_make_one(tmp_path):
    with pytest.raises(ConfigurationError, match="Make one with: cxnlp run"):
        open_warehouse(tmp_path / "none.duckdb", read_only=True)


def test_a_file_that_is_no_warehouse_is_refused_untouched(tmp_path):
    path = tmp_path / "notes.duckdb"
    path.write_text("these are my notes, not a database" * 200)
    with pytest.raises(ConfigurationError, match="is no DuckDB file"):
        open_warehouse(path)
    assert path.read_text().startswith("these are my notes")


@pytest.fixture
def analyst(tmp_path: Path, make_feedback):
    writer = open_warehouse(tmp_path / "asked.duckdb")
    store_feedback(writer, [make_feedback()], "run")
    publish_marts(writer, MODEL, "Europe/Helsinki")
    writer.close()
    reader = open_warehouse(tmp_path / "asked.duckdb", read_only=True)
    yield reader
    reader.close()


def test_an_analyst_finds_the_marts_by_their_bare_names(analyst):
    assert ask(analyst, "SELECT feedback_id FROM feedback_enriched").to_pylist() == [{"feedback_id": "survey:1"}]


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM cx_raw.feedback",
        "CREATE TABLE mine AS SELECT 1",
        "COPY (SELECT 1) TO '{folder}/out.csv'",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM '/etc/hostname'",
        "ATTACH '{folder}/other.duckdb' AS other",
        "SET enable_external_access = true",
        "INSTALL httpfs",
    ],
)
def test_an_analyst_can_neither_write_nor_reach_other_files(analyst, tmp_path, sql):
    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(ConfigurationError):
        ask(analyst, sql.format(folder=tmp_path))
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_misspelt_column_is_explained(analyst):
    with pytest.raises(ConfigurationError, match='"sentimnt" not found'):
        ask(analyst, "SELECT sentimnt FROM feedback_enriched")


def test_an_error_does_not_repeat_feedback(analyst):
    with pytest.raises(ConfigurationError) as caught:
        ask(analyst, "SELECT CAST(text AS INTEGER) FROM feedback_enriched")
    assert "Palvelu" not in str(caught.value)


def test_a_second_writing_process_is_told_to_wait(tmp_path):
    import subprocess
    import sys

    path = tmp_path / "warehouse.duckdb"
    warehouse = open_warehouse(path)
    second = "from pathlib import Path; from cxnlp.warehouse import open_warehouse; open_warehouse(Path(r'{}'))"
    done = subprocess.run([sys.executable, "-c", second.format(path)], capture_output=True, text=True, check=False)
    warehouse.close()
    assert "cxnlp.errors.Unavailable: Another process is writing to" in done.stderr


def test_a_full_disk_is_told_as_such_and_what_was_committed_stays(tmp_path):
    import subprocess
    import sys

    program = f"""
import resource, signal
from pathlib import Path
from cxnlp.warehouse import open_warehouse
warehouse = open_warehouse(Path(r"{tmp_path / "warehouse.duckdb"}"))
warehouse.execute("CREATE TABLE kept AS SELECT 1 AS one")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))
with warehouse.transaction():
    warehouse.execute("CREATE TABLE big AS SELECT range AS n, md5(range::VARCHAR) AS hash FROM range(1000000)")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "cxnlp.errors.Unavailable" in done.stderr
    assert "is the disk full" in done.stderr
    with duckdb.connect(tmp_path / "warehouse.duckdb") as after:
        assert after.sql("SELECT one FROM kept").fetchall() == [(1,)]
        assert after.sql("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'big'").fetchall() == [(0,)]


def test_ctrl_c_in_the_midst_of_a_statement_is_an_interruption(warehouse):
    import signal
    import threading

    timer = threading.Timer(0.1, signal.raise_signal, [signal.SIGINT])
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        warehouse.read("SELECT count(*) FROM range(10000) AS a(x), range(100000) AS b(y) WHERE hash(x, y) = 1")
    timer.join()
