import re

import pytest

from cxnlp.errors import ConfigurationError
from cxnlp.settings import Settings, load_settings
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch):
    import os

    for name in [name for name in os.environ if name.startswith("CXNLP_")]:
        monkeypatch.delenv(name)


def write(tmp_path, text):
    path = tmp_path / "configs" / "cxnlp.toml"
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    return path


def test_the_settings_file_shows_the_defaults():
    shown = load_settings(ROOT / "configs" / "cxnlp.toml").model_dump(exclude={"root", "sources"})
    assert shown == Settings().model_dump(exclude={"root", "sources"})


def test_every_setting_is_explained_in_the_settings_file():
    text = (ROOT / "configs" / "cxnlp.toml").read_text("utf-8")
    for section, fields in Settings().model_dump(exclude={"root", "sources"}).items():
        part = re.search(rf"^\[{section}\]$(.*?)(?=^\[|\Z)", text, re.M | re.S)
        assert part, section
        for field in fields:
            assert re.search(rf"^(# )?{field} = |{section.upper()}__{field.upper()}", part[1], re.M), (
                f"{section}.{field}"
            )


def test_relative_paths_count_from_the_folder_that_holds_configs(tmp_path, monkeypatch):
    path = write(tmp_path, "")
    (tmp_path / "deep" / "down").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "down")
    for settings in (load_settings(), load_settings(path)):
        assert settings.located(settings.warehouse.path) == tmp_path / "data" / "warehouse.duckdb"


def test_a_variable_overrides_the_file_and_leaves_its_neighbours(tmp_path, monkeypatch):
    path = write(tmp_path, "[warehouse]\npath = 'a.duckdb'\ntimezone = 'UTC'\n")
    monkeypatch.setenv("CXNLP_WAREHOUSE__PATH", "b.duckdb")
    warehouse = load_settings(path).warehouse
    assert (str(warehouse.path), warehouse.timezone) == ("b.duckdb", "UTC")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[warehous]\n", "warehous: Extra inputs are not permitted"),
        ("[pipeline]\nbatch = 0\n", "pipeline.batch: Input should be greater than or equal to 1"),
        ("[warehouse]\ntimezone = 'Europe/Helsingfors'\n", "an IANA time zone such as Europe/Helsinki is needed"),
        ("[sources.a]\n", "sources.a.path: Field required"),
        ("[sources.a\n", "no valid TOML"),
    ],
)
def test_wrong_settings_are_refused_with_the_way_out(tmp_path, text, complaint):
    with pytest.raises(ConfigurationError, match=re.escape(complaint)):
        load_settings(write(tmp_path, text))


def test_a_secret_is_not_repeated_when_it_is_wrong(tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        load_settings(write(tmp_path, "[preparation]\nkey = 12345678\n"))
    assert "12345678" not in str(caught.value)
    assert "12345678" not in repr(caught.value.__cause__)


def test_a_named_file_that_is_missing_is_an_error(tmp_path):
    with pytest.raises(ConfigurationError, match="There is no settings file"):
        load_settings(tmp_path / "none.toml")
