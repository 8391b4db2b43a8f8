"""The files that a path names: one file, a folder, or a glob."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import TYPE_CHECKING

from cxnlp.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


def split_path(path: Path) -> tuple[Path, str]:
    """The folder that file names are relative to, and the pattern below it; "" stands for the whole folder."""
    if path.is_dir():
        return path, ""
    if not glob.has_magic(str(path)):
        return path.parent, path.name
    if path.exists():
        return path.parent, glob.escape(path.name)
    parts = path.parts
    first = next(place for place, part in enumerate(parts) if glob.has_magic(part))
    return Path(*parts[:first]), str(Path(*parts[first:]))


def list_files(folder: Path, pattern: str, suffixes: Collection[str]) -> dict[str, Path]:
    """Files by their name relative to the folder, sorted; hidden files and lock files of office programs left out.

    Args:
        folder: Where to look.
        pattern: A glob below it; the name of one file, which is listed whether or not it is there; or "" for every file
            of a known suffix in the folder and the folders in it.
        suffixes: The known suffixes, in small letters.

    Raises:
        DataError: If a folder cannot be listed.
    """
    if pattern and not glob.has_magic(pattern):
        return {_name(Path(pattern)): folder / pattern}
    found = _matching(folder, pattern) if pattern else _below(folder, suffixes)
    return dict(sorted((_name(path.relative_to(folder)), path) for path in found if path.is_file()))


def _matching(folder: Path, pattern: str) -> Iterator[Path]:
    names = glob.iglob(pattern, root_dir=folder, recursive=True)  # noqa: PTH207 - Path.glob lists hidden files too
    return (folder / name for name in names if not _is_left_out(Path(name).name))


def _below(folder: Path, suffixes: Collection[str]) -> Iterator[Path]:
    for place, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not _is_left_out(name) and Path(name).suffix.casefold() in suffixes:
                yield Path(place, name)


def _is_left_out(name: str) -> bool:
    return name.startswith((".", "~$"))


def _name(path: Path) -> str:
    # A name that is no UTF-8 on the disk could not be stored as it is.
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def _refuse(error: OSError) -> None:
    raise DataError(
        f"The folder {error.filename} cannot be listed ({error.strerror}). Give the reading user the right to list it, "
        "or name the files by a glob."
    )
