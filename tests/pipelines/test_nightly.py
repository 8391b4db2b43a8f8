"""The nightly flow on a real Prefect server."""

import duckdb
import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("default::DeprecationWarning:prefect"),
    pytest.mark.filterwarnings("default::ResourceWarning"),
    pytest.mark.filterwarnings("default::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def prefect_server():
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def inbox(project, monkeypatch):
    monkeypatch.setenv("CXNLP_CONFIG", str(project / "configs" / "cxnlp.toml"))
    (project / "inbox" / "a.csv").write_text("id,text\n1,Todella hidas toimitus\n2,Easy to order\n", "utf-8")
    return project


def test_the_nightly_flow_lands_tags_and_publishes_what_is_new(prefect_server, inbox):
    from pipelines.nightly import nightly

    assert nightly() == {"landed": 2, "tagged": 2}
    (inbox / "inbox" / "b.csv").write_text("id,text\n3,Kiitos avusta!\n", "utf-8")
    assert nightly(["inbox"]) == {"landed": 1, "tagged": 1}

    with duckdb.connect(inbox / "data" / "warehouse.duckdb", read_only=True) as connection:
        assert connection.sql(
            "SELECT count(*) FROM cx_marts.feedback_enriched WHERE sentiment IS NOT NULL"
        ).fetchall() == [(3,)]
        assert connection.sql("SELECT DISTINCT outcome FROM cx.runs").fetchall() == [("completed",)]


def test_a_wrong_setting_fails_at_once_and_is_not_retried(prefect_server, inbox):
    from cxnlp.errors import ConfigurationError
    from pipelines.nightly import nightly

    with pytest.raises(ConfigurationError, match="There is no source 'lost'"):
        nightly(["lost"])


def test_an_unreadable_file_fails_the_flow_after_everything_else_went_through(prefect_server, inbox):
    from cxnlp.errors import DataError
    from pipelines.nightly import nightly

    (inbox / "inbox" / "b.parquet").write_bytes(b"PAR1 cut off")
    with pytest.raises(DataError, match=r"inbox/b\.parquet could not be read"):
        nightly()
    with duckdb.connect(inbox / "data" / "warehouse.duckdb", read_only=True) as connection:
        assert connection.sql("SELECT count(*) FROM cx.taggings").fetchall() == [(2,)]
