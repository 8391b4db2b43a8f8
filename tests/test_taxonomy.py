import pytest

from cxnlp.errors import ConfigurationError
from cxnlp.taxonomy import load_taxonomy
from tests.conftest import ROOT


def test_the_taxonomy_names_every_label_in_both_languages():
    taxonomy = load_taxonomy(ROOT / "configs" / "taxonomy.toml")
    assert taxonomy.names("effort") == ("easy", "hard")
    assert taxonomy.names("efficiency") == ("efficient", "inefficient")
    assert len(taxonomy.names("emotion")) == 7
    assert len(taxonomy.names("topic")) == 14
    for labels in taxonomy.labels.values():
        assert all(label.fi and label.en and label.definition for label in labels)


def test_a_taxonomy_without_a_kind_is_refused(tmp_path):
    path = tmp_path / "taxonomy.toml"
    path.write_text('[effort]\neasy = { fi = "vaivaton", en = "easy", definition = "..." }\n', "utf-8")
    with pytest.raises(ConfigurationError, match="is incomplete"):
        load_taxonomy(path)
