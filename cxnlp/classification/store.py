"""The model store: `<models>/<name>/<version>/`, and `current.toml`, which says what is live."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cxnlp.classification.encoder import Encoder
from cxnlp.classification.heads import LABELS, TENSORS, load_heads
from cxnlp.classification.tagger import Tagger
from cxnlp.errors import ModelNotFound

CURRENT: Final = "current.toml"
SUMS: Final = "SHA256SUMS"
MODEL: Final = "model.onnx"
TOKENIZER: Final = "tokenizer.json"
NEEDED: Final = (MODEL, TOKENIZER, TENSORS, LABELS)


@dataclass(frozen=True, slots=True, order=True)
class StoredModel:
    """One version of a model in the store."""

    name: str
    version: str
    folder: Path

    @property
    def model_version(self) -> str:
        """Name under which its taggings are stored."""
        return f"{self.name}/{self.version}"


def list_models(models: Path) -> tuple[StoredModel, ...]:
    """Every stored version, by name and version; folders without checksums are not counted."""
    found = (path.parent for path in models.glob(f"*/*/{SUMS}"))
    return tuple(sorted(StoredModel(folder.parent.name, folder.name, folder) for folder in found))


def find_model(models: Path, name: str | None = None, version: str | None = None) -> StoredModel:
    """The stored model asked for; what is left out comes from `current.toml`.

    Raises:
        ModelNotFound: If no such version is stored, or `current.toml` is needed but missing or broken.
    """
    if name is None or version is None:
        live_name, live_version = _read_current(models)
        version = version or (live_version if name in (None, live_name) else _latest(models, str(name)))
        name = name or live_name
    stored = [model for model in list_models(models) if model.name == name]
    for model in stored:
        if model.version == version:
            return model
    raise ModelNotFound(
        f"No model '{name}' version '{version}' in {models}. "
        f"Stored versions: {', '.join(model.version for model in stored) or 'none'}. "
        f"Train one with: cxnlp train --name {name}"
    )


def open_tagger(
    models: Path, name: str | None = None, version: str | None = None, *, workers: int | None = None
) -> Tagger:
    """Load a stored model once its checksums have been verified.

    Args:
        models: Folder of models.
        name: Model to open; the live one by default.
        version: Version to open; the live one by default.
        workers: Threads to encode on; two at most by default.

    Raises:
        ModelNotFound: If it is not stored, incomplete or altered.
    """
    stored = find_model(models, name, version)
    verify(stored.folder)
    encoder = Encoder(stored.folder / MODEL, stored.folder / TOKENIZER, workers=workers)
    return Tagger(encoder, load_heads(stored.folder), stored.model_version)


def verify(folder: Path) -> None:
    """Check every file of a model against its checksum.

    Raises:
        ModelNotFound: If a file is missing or is not the one that was stored.
    """
    sums = _read_sums(folder)
    missing = [name for name in {*NEEDED, *sums} if name not in sums or not (folder / name).is_file()]
    if missing:
        raise ModelNotFound(
            f"The model in {folder} is incomplete: {', '.join(sorted(missing))} missing or without a checksum. "
            "Check it out again (git lfs is not used), or train one with: cxnlp train"
        )
    altered = [name for name, digest in sums.items() if _digest(folder / name) != digest]
    if altered:
        raise ModelNotFound(
            f"The model in {folder} has been altered: {', '.join(sorted(altered))} does not match {SUMS}. "
            "Check it out again, or train one with: cxnlp train"
        )


def write_sums(folder: Path) -> None:
    """Write the checksums of every file in a model's folder, as `sha256sum` does."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != SUMS)
    lines = "".join(f"{_digest(path)}  {path.name}\n" for path in files)
    (folder / SUMS).write_text(lines, "utf-8")


def promote(models: Path, name: str, version: str) -> StoredModel:
    """Make a stored version the live one, after verifying it.

    Raises:
        ModelNotFound: If it is not stored, incomplete or altered.
    """
    stored = find_model(models, name, version)
    verify(stored.folder)
    fresh = models / f"{CURRENT}.new"
    fresh.write_text(f'# The model that tags when none is named.\nname = "{name}"\nversion = "{version}"\n', "utf-8")
    fresh.replace(models / CURRENT)
    return stored


def _read_current(models: Path) -> tuple[str, str]:
    path = models / CURRENT
    try:
        live = tomllib.loads(path.read_text("utf-8"))
        return str(live["name"]), str(live["version"])
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError) as error:
        raise ModelNotFound(
            f"{path} does not say which model is live ({error}). It needs the keys name and version; "
            "name a model, check the file out again, or train one with: cxnlp train"
        ) from error


def _latest(models: Path, name: str) -> str:
    return max((model.version for model in list_models(models) if model.name == name), default="any")


def _read_sums(folder: Path) -> dict[str, str]:
    try:
        lines = (folder / SUMS).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelNotFound(
            f"The model in {folder} has no readable {SUMS} ({error}). "
            "Check it out again, or train one with: cxnlp train"
        ) from error
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines if line)}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
