"""Real feedback, where a folder of public data sets is at hand: third-party text that is not part of the project."""

import gzip
import json
import os
from pathlib import Path

import pytest

from tests.conftest import ROOT

PUBLIC_DATA = Path(os.environ.get("CXNLP_PUBLIC_DATA", ROOT.parent / "shared" / "data"))

# File, language, and the least share of clear one- and five-star texts whose polarity has to be read right.
FILES = [("oulu_fi", "fi", 0.80), ("trustpilot_en", "en", 0.85), ("nhs_fft", "en", 0.85)]


def read(name, most=300):
    path = PUBLIC_DATA / f"{name}.jsonl.gz"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream][:most]


@pytest.mark.parametrize(("name", "language", "least"), FILES)
def test_real_feedback_is_tagged_to_the_last_record(cxnlp, project, name, language, least):
    rows = read(name)
    fields = ("id", "text", "question")
    lines = (json.dumps({field: row[field] for field in fields if row.get(field)}) for row in rows)
    (project / "real.jsonl").write_text("\n".join(lines), "utf-8")
    cxnlp("tag", "real.jsonl", "--output", "tagged.jsonl")
    tagged = {
        row["feedback_id"]: row for row in map(json.loads, (project / "tagged.jsonl").read_text("utf-8").splitlines())
    }

    assert tagged.keys() == {row["id"] for row in rows}
    assert sum(row["language"] == language for row in tagged.values()) >= 0.95 * len(rows)
    polar = [
        (row["label"], tagged[row["id"]]["sentiment"]) for row in rows if row.get("label") in ("positive", "negative")
    ]
    read_as_polar = [(want, got) for want, got in polar if got in ("positive", "negative")]
    assert len(read_as_polar) >= 0.6 * len(polar)
    assert sum(want == got for want, got in read_as_polar) >= least * len(read_as_polar)
