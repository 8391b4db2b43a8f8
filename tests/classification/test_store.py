import shutil

import pytest

from cxnlp.classification import list_models, open_tagger, verify
from cxnlp.classification.store import CURRENT, SUMS, find_model, promote
from cxnlp.errors import ModelNotFound


@pytest.fixture
def store(models, tmp_path):
    live = find_model(models)
    shutil.copytree(live.folder, tmp_path / live.name / live.version)
    shutil.copyfile(models / CURRENT, tmp_path / CURRENT)
    return tmp_path


def test_the_live_model_is_opened_by_default(models, tagger):
    assert tagger.model_version == find_model(models).model_version


def test_every_file_of_the_live_model_is_vouched_for_and_small(models):
    folder = find_model(models).folder
    verify(folder)
    sizes = [path.stat().st_size for path in folder.iterdir()]
    assert sum(sizes) < 60e6
    assert {path.name for path in folder.iterdir()} - {SUMS} == {
        line.split()[1] for line in (folder / SUMS).read_text("utf-8").splitlines()
    }


def test_a_missing_version_is_told_with_those_there_are(store):
    stored = list_models(store)[0]
    with pytest.raises(ModelNotFound) as caught:
        open_tagger(store, stored.name, "1999.1.0")
    assert str(caught.value) == (
        f"No model '{stored.name}' version '1999.1.0' in {store}. Stored versions: {stored.version}. "
        f"Train one with: cxnlp train --name {stored.name}"
    )


def test_an_empty_store_says_what_to_do(tmp_path):
    assert list_models(tmp_path) == ()
    with pytest.raises(ModelNotFound, match="does not say which model is live"):
        open_tagger(tmp_path)


@pytest.mark.parametrize("name", ["labels.json", "model.onnx", "heads.safetensors", "README.md"])
def test_an_altered_file_is_noticed(store, name):
    path = list_models(store)[0].folder / name
    payload = bytearray(path.read_bytes())
    payload[len(payload) // 2] ^= 1
    path.write_bytes(payload)
    with pytest.raises(ModelNotFound, match=f"has been altered: {name} does not match"):
        open_tagger(store)


def test_a_missing_file_is_noticed(store):
    (list_models(store)[0].folder / "tokenizer.json").unlink()
    with pytest.raises(ModelNotFound, match=r"incomplete: tokenizer\.json missing"):
        open_tagger(store)


def test_a_file_without_a_checksum_is_noticed(store):
    sums = list_models(store)[0].folder / SUMS
    sums.write_text(
        "".join(f"{line}\n" for line in sums.read_text("utf-8").splitlines() if "labels.json" not in line), "utf-8"
    )
    with pytest.raises(ModelNotFound, match=r"incomplete: labels\.json"):
        open_tagger(store)


def test_the_promoted_version_is_live(store):
    live = list_models(store)[0]
    shutil.copytree(live.folder, live.folder.with_name("2099.1.0"))
    promote(store, live.name, "2099.1.0")
    assert find_model(store).version == "2099.1.0"
    assert find_model(store, live.name).version == "2099.1.0"


def test_only_a_stored_version_can_be_promoted(store):
    before = (store / CURRENT).read_text("utf-8")
    with pytest.raises(ModelNotFound, match="No model 'cx-none' version '1'"):
        promote(store, "cx-none", "1")
    assert (store / CURRENT).read_text("utf-8") == before
