from pathlib import Path

import pytest

from cxnlp.training.datasets import read_corpus
from cxnlp.training.labels import Labelled

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def labels() -> Path:
    return ROOT / "data" / "labels"


@pytest.fixture(scope="session")
def corpus(labels: Path) -> tuple[Labelled, ...]:
    return read_corpus(labels)


@pytest.fixture(scope="session")
def models() -> Path:
    return ROOT / "models"
