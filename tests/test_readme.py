"""What the README tells people to type works."""

import re
import shlex
import shutil

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", README, re.M | re.S)
    for line in block.splitlines()
    if line.startswith("cxnlp ")
]


@pytest.fixture
def newcomer(cxnlp, project):
    shutil.copytree(ROOT / "data" / "sample", project / "data" / "sample")
    shutil.copy(ROOT / "configs" / "cxnlp.toml", project / "configs" / "cxnlp.toml")
    (project / "models").symlink_to(ROOT / "models")
    return cxnlp


def test_the_readme_opens_with_the_two_commands():
    first = re.search(r"^```sh\n(.*?)^```", README, re.M | re.S)
    assert first
    assert [line.partition("#")[0].strip() for line in first[1].splitlines()] == ["make run", "make test"]


@pytest.mark.slow
def test_every_command_of_the_readme_works_in_its_order(newcomer):
    assert len(COMMANDS) >= 5
    for command in COMMANDS:
        newcomer(*shlex.split(command, comments=True)[1:])


def test_every_path_the_readme_names_is_there():
    for path in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / path).exists(), path
