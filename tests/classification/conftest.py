from collections.abc import Callable
from pathlib import Path

import pytest

from cxnlp.classification import Tagger, open_tagger
from cxnlp.preparation import split
from cxnlp.records import Prepared

MODELS = Path(__file__).parents[2] / "models"


@pytest.fixture(scope="session")
def models() -> Path:
    return MODELS


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    return open_tagger(MODELS)


@pytest.fixture(scope="session")
def prepare() -> Callable[..., Prepared]:
    def make(text: str, language: str = "fi", question: str | None = None) -> Prepared:
        return Prepared("id", "revision", text, question, language, 1.0, split(text, language))

    return make
