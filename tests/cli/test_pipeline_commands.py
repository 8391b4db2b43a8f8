"""The main job as a data engineer meets it: commands, files, exit statuses, the warehouse afterwards."""

import json
import shutil
import sys

import pytest

from tests.conftest import ROOT

FEEDBACK = """id;pvm;palaute;NPS;kanava
1;1.10.2026;Tilaaminen oli helppoa, mutta palautus oli todella hankalaa.;4;web
2;2.10.2026 klo 14.05;Toimitus myöhästyi kaksi viikkoa eikä kukaan vastannut.;1;phone
3;3.10.2026;Thank you, the nurse was kind and everything went fast!;10;app
"""


@pytest.fixture
def inbox(project):
    (project / "inbox" / "feedback.csv").write_text(FEEDBACK, "utf-8")
    return project / "inbox"


def ask(cxnlp, sql):
    return json.loads(cxnlp("query", sql, "--json").stdout)


def contents(cxnlp):
    """Everything that must be the same after a run repeated, resumed or interrupted."""
    feedback = ask(cxnlp, "SELECT * EXCLUDE (landed_by, landing_order) FROM cx_raw.feedback ORDER BY ALL")
    rejections = ask(cxnlp, "SELECT * EXCLUDE (rejected_by) FROM cx_raw.rejections ORDER BY ALL")
    prepared = ask(cxnlp, "SELECT * EXCLUDE (prepared_by) FROM cx.prepared ORDER BY ALL")
    taggings = ask(cxnlp, "SELECT * EXCLUDE (tagged_by) FROM cx.taggings ORDER BY ALL")
    tags = ask(cxnlp, "SELECT * FROM cx.tags ORDER BY ALL")
    return feedback, rejections, prepared, taggings, tags


def test_a_file_of_feedback_ends_as_tagged_rows_that_an_analyst_can_query(cxnlp, inbox):
    output = cxnlp("run").stdout
    assert "3 landed = 3 prepared + 0 rejected" in output
    assert 'cxnlp query "SELECT' in output

    rows = ask(cxnlp, "SELECT * FROM feedback_enriched ORDER BY feedback_id")
    assert [row["language"] for row in rows] == ["fi", "fi", "en"]
    assert [row["nps"] for row in rows] == [4, 1, 10]
    assert rows[0]["created_at"].startswith("2026-09-30")  # midnight in Helsinki, in UTC
    assert rows[1]["created_at"].startswith("2026-10-02 11:05")
    assert (rows[1]["sentiment"], rows[2]["sentiment"]) == ("negative", "positive")
    assert rows[1]["inefficient"] is True
    assert all(row["model_version"].startswith("cx-fien/") for row in rows)


def test_evidence_stands_in_the_text_it_was_found_in(cxnlp, inbox):
    cxnlp("run")
    tags = ask(
        cxnlp,
        "SELECT evidence, substr(text, start_offset + 1, end_offset - start_offset) AS cut, probability "
        "FROM feedback_tags JOIN feedback_enriched USING (feedback_id)",
    )
    assert tags
    for tag in tags:
        assert tag["evidence"] == tag["cut"] != ""
        assert 0 <= tag["probability"] <= 1


def test_running_twice_changes_nothing_but_the_ledger(cxnlp, inbox):
    cxnlp("run")
    before = contents(cxnlp)
    assert "3 known already, 0 landed = 0 prepared + 0 rejected" in cxnlp("run").stdout
    assert contents(cxnlp) == before
    ledger = ask(cxnlp, "SELECT outcome, rows_read, unchanged, landed FROM runs ORDER BY started_at")
    assert [row["outcome"] for row in ledger] == ["completed", "completed"]
    assert ledger[1] == {"outcome": "completed", "rows_read": 3, "unchanged": 3, "landed": 0}


def test_the_stages_one_by_one_do_what_run_does(cxnlp, inbox, project):
    cxnlp("run")
    expected = contents(cxnlp)
    (project / "data" / "warehouse.duckdb").unlink()
    assert "3 read: 3 new, 0 known, 0 rejected" in cxnlp("land").stdout
    assert "3 prepared" in cxnlp("prepare").stdout
    assert "3 tagged by cx-fien/" in cxnlp("classify").stdout
    assert "published cx-fien/" in cxnlp("publish").stdout
    assert contents(cxnlp) == expected


def test_a_corrected_record_replaces_the_old_one_in_the_marts_and_both_are_kept(cxnlp, inbox):
    cxnlp("run")
    (inbox / "feedback.csv").write_text(FEEDBACK.replace("kaksi viikkoa", "kaksi päivää"), "utf-8")
    assert "1 landed = 1 prepared" in cxnlp("run").stdout
    texts = [row["text"] for row in ask(cxnlp, "SELECT text FROM feedback_enriched")]
    assert len(texts) == 3
    assert sum("kaksi päivää" in text for text in texts) == 1
    assert ask(cxnlp, "SELECT count(*) AS n FROM cx_raw.feedback") == [{"n": 4}]


def test_the_same_file_under_another_name_lands_nothing(cxnlp, inbox):
    cxnlp("run")
    shutil.move(inbox / "feedback.csv", inbox / "renamed.csv")
    assert "3 known already, 0 landed" in cxnlp("run").stdout


def test_a_file_outside_the_settings_is_landed_under_the_name_given(cxnlp, project):
    (project / "other.jsonl").write_text('{"id": "a", "text": "Erinomainen palvelu, kiitos!"}\n', "utf-8")
    cxnlp("run", "--input", "other.jsonl", "--as", "trial")
    assert ask(cxnlp, "SELECT feedback_id, source FROM feedback_enriched") == [
        {"feedback_id": "trial:a", "source": "trial"}
    ]


def test_personal_data_is_masked_before_anything_is_stored(cxnlp, project, inbox):
    personal = ["131052-909X", "matti.esimerkki@example.fi", "040 123 4567", "FI21 1234 5600 0007 85", "C-7781"]
    (inbox / "feedback.csv").write_text(
        "id,palaute,asiakas,nimi,huomio\n"
        f'1,"Hetuni on {personal[0]}, soittakaa {personal[2]} tai {personal[1]}",{personal[4]},Matti Esimerkki,'
        f"tili {personal[3]}\n",
        "utf-8",
    )
    cxnlp("run")
    row = ask(cxnlp, "SELECT text, attributes, customer_ref FROM feedback_enriched")[0]
    assert row["text"] == "Hetuni on [HETU], soittakaa [PHONE] tai [EMAIL]"
    assert row["attributes"] == '{"huomio": "tili [IBAN]"}'
    assert row["customer_ref"] not in (None, personal[4])
    stored = b"".join(path.read_bytes() for path in (project / "data").glob("warehouse*"))
    for value in [*personal, "Matti Esimerkki"]:
        assert value.encode() not in stored


def test_rejections_are_listed_mended_and_replayed(cxnlp, inbox):
    bad = "id;pvm;palaute;NPS\n1;31.2.2026;Hyvä;9\n2;1.2.2026;Huono;11\n3;1.2.2026;Mainio palvelu;9\n"
    (inbox / "feedback.csv").write_text(bad, "utf-8")
    assert "3 landed = 1 prepared + 2 rejected" in cxnlp("run").stdout
    listed = cxnlp("rejected", "list").stdout
    assert "invalid_date" in listed
    assert "invalid_value" in listed
    assert "2 rejected" in listed

    (inbox / "feedback.csv").write_text(bad.replace("31.2.", "28.2.").replace("11", "1"), "utf-8")
    assert "2 resolved, 0 still rejected" in cxnlp("rejected", "replay").stdout
    cxnlp("run")
    assert cxnlp("rejected", "list").stdout.startswith("0 rejected")
    assert ask(cxnlp, "SELECT count(*) AS n FROM feedback_enriched WHERE sentiment IS NOT NULL") == [{"n": 3}]


def test_one_unreadable_file_does_not_hold_up_the_others(cxnlp, inbox):
    (inbox / "broken.parquet").write_bytes(b"PAR1 cut off here")
    result = cxnlp("run", status=1)
    assert "3 prepared" in result.stdout
    errors = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1
    assert errors[0].startswith("error: broken.parquet: ")

    (inbox / "broken.parquet").unlink()
    cxnlp("run")
    assert "unreadable_file" in cxnlp("rejected", "list").stdout  # it stays known that something never came in


def test_query_speaks_csv_json_and_tables(cxnlp, inbox):
    cxnlp("run")
    sql = "SELECT nps, channel FROM feedback_enriched ORDER BY nps"
    assert cxnlp("query", sql, "--csv").stdout.splitlines() == ["nps,channel", "1,phone", "4,web", "10,app"]
    assert json.loads(cxnlp("query", sql, "--json").stdout)[0] == {"nps": 1, "channel": "phone"}
    assert "channel" in cxnlp("query", sql).stdout
    assert cxnlp("query", "-", "--csv", stdin="SELECT 1 AS one").stdout.split() == ["one", "1"]
    assert "error: The query was refused" in cxnlp("query", "DELETE FROM cx_raw.feedback", status=2).stderr


def test_the_doctor_finds_everything_in_order_and_says_what_is_not(cxnlp, inbox, project):
    assert "MISSING" not in cxnlp("doctor").stdout
    (project / "configs" / "cxnlp.toml").write_text(
        '[model]\npath = "nowhere"\n[sources.lost]\npath = "gone"\n', "utf-8"
    )
    report = cxnlp("doctor", status=2).stdout
    assert "MISSING model" in report
    assert "MISSING source lost" in report


def test_a_setting_that_does_not_exist_is_refused_by_name(cxnlp, project):
    (project / "configs" / "cxnlp.toml").write_text("[warehouse]\npaht = 'x.duckdb'\n", "utf-8")
    error = cxnlp("run", status=2).stderr
    assert "warehouse.paht: Extra inputs are not permitted" in error
    assert "See configs/cxnlp.toml" in error


def test_every_command_shows_an_example(cxnlp):
    from typer.main import get_command

    from cxnlp.cli.app import app

    def walk(command, path):
        for name, child in getattr(command, "commands", {}).items():
            yield from walk(child, [*path, name])
        if not hasattr(command, "commands"):
            yield path

    paths = list(walk(get_command(app), []))
    assert len(paths) >= 12
    for path in paths:
        assert "Example: cxnlp " + " ".join(path) in cxnlp(*path, "--help").stdout


def test_help_and_import_load_nothing_heavy():
    import subprocess

    for start in (
        "import cxnlp",
        "import sys; sys.argv = ['cxnlp', '--help']\ntry: import cxnlp.__main__\nexcept SystemExit: pass",
    ):
        program = (
            f"{start}\nimport sys; print(*sorted({{name.partition('.')[0] for name in sys.modules}}), file=sys.stderr)"
        )
        loaded = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stderr.split()
        heavy = {"torch", "spacy", "prefect", "transformers", "sklearn", "onnxruntime", "duckdb", "pyarrow", "pydantic"}
        assert heavy & set(loaded) == set()


def test_the_sample_has_300_usable_records_two_thirds_finnish(cxnlp):
    output = cxnlp("run", "--input", str(ROOT / "data" / "sample"), "--as", "sample").stdout
    assert "300 landed = 300 prepared + 0 rejected" in output
    languages = {
        row["language"]: row["n"]
        for row in ask(cxnlp, "SELECT language, count(*) AS n FROM feedback_enriched GROUP BY 1")
    }
    assert 190 <= languages["fi"] <= 210
    assert 85 <= languages["en"] <= 100
    weeks = ask(cxnlp, "SELECT count(DISTINCT date_trunc('week', created_on)) AS n FROM feedback_enriched")
    assert weeks == [{"n": 8}]


def test_a_file_named_on_the_command_line_keeps_the_settings_of_its_source(cxnlp, project):
    with (project / "configs" / "cxnlp.toml").open("a", encoding="utf-8") as settings:
        settings.write('personal = ["Lempinimi"]\ncolumns = { text = "Sana" }\n')
    (project / "other.csv").write_text("id,Sana,Lempinimi\n1,Hyvin toimii,Pekka\n", "utf-8")
    cxnlp("land", "--input", "other.csv", "--as", "inbox")
    assert ask(cxnlp, "SELECT text, attributes FROM cx_raw.feedback") == [{"text": "Hyvin toimii", "attributes": "{}"}]


def test_a_file_that_became_unreadable_keeps_its_rejections_open(cxnlp, inbox):
    (inbox / "feedback.csv").write_text("id,text,nps\n1,Hyvä,11\n", "utf-8")
    cxnlp("land")
    (inbox / "feedback.csv").write_text("", "utf-8")
    cxnlp("land", status=1)
    listed = cxnlp("rejected", "list").stdout
    assert "invalid_value" in listed
    assert "unreadable_file" in listed
    (inbox / "feedback.csv").write_text("id,text,nps\n1,Hyvä,1\n", "utf-8")
    assert "2 resolved, 0 still rejected" in cxnlp("rejected", "replay").stdout


def test_files_of_one_name_in_two_folders_keep_their_rejections_apart(cxnlp, project):
    for folder, nps in (("a", 11), ("b", 9)):
        (project / folder).mkdir()
        (project / folder / "export.csv").write_text(f"id,text,nps\n{folder},Hyvä,{nps}\n", "utf-8")
    cxnlp("land", "--input", "a/export.csv", "--as", "trial")
    cxnlp("land", "--input", "b/export.csv", "--as", "trial")
    assert "1 rejected" in cxnlp("rejected", "list").stdout


def test_bad_usage_ends_in_one_line(cxnlp, inbox, project, monkeypatch):
    cxnlp("run")
    assert "Give one SELECT" in cxnlp("query", "/* nothing */", status=2).stderr
    monkeypatch.setenv("CXNLP_WAREHOUSE__PATH", str(project / "inbox"))
    assert "is a folder" in cxnlp("run", status=2).stderr
    monkeypatch.setenv("CXNLP_WAREHOUSE__PATH", str(inbox / "feedback.csv" / "w.duckdb"))
    assert "cannot be made" in cxnlp("run", status=2).stderr
    monkeypatch.delenv("CXNLP_WAREHOUSE__PATH")
    monkeypatch.setenv("CXNLP_WAREHOUSE_PATH", "x.duckdb")
    assert "CXNLP_WAREHOUSE_PATH is no setting" in cxnlp("run", status=2).stderr
