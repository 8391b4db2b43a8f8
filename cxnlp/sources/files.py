"""Sources that read files, or standard input."""

from __future__ import annotations

import shutil
import sys
import tempfile
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from cxnlp.errors import DataError
from cxnlp.records import Reason, Received, Rejection
from cxnlp.sources.formats import READERS, read_stream
from cxnlp.sources.intake import Intake
from cxnlp.sources.listing import list_files

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from cxnlp.sources.layout import Rules

STANDARD_INPUT: Final = "-"

# What cannot be read twice waits in memory up to so many bytes, above that in a temporary file without a name, which
# the system deletes as soon as it is read.
_HELD_IN_MEMORY: Final = 32_000_000


@dataclass(frozen=True, slots=True)
class FileSource:
    """Files in a folder.

    Attributes:
        name: What the warehouse calls the source.
        folder: What the names of the files are relative to.
        pattern: Which files: a glob, one name, or "" for all of a known suffix, also those in inner folders.
        rules: What the settings say of the columns.
    """

    name: str
    folder: Path
    pattern: str
    rules: Rules

    def files(self) -> list[str]:
        """The names of the files, sorted; see `Source.files`."""
        return list(list_files(self.folder, self.pattern, READERS))

    def read(self, files: Collection[str] | None = None) -> Iterator[Received | Rejection]:
        """Every record of the files, or why there is none; see `Source.read`."""
        if files is None:
            paths = list_files(self.folder, self.pattern, READERS)
        else:
            paths = {file: self.folder / file for file in sorted(set(files))}
        for file, path in paths.items():
            yield from _read(path, path.suffix, Intake(self.name, file, self.rules))


@dataclass(frozen=True, slots=True)
class StandardInput:
    """What is piped into the process, as one file called "-"; it can be read once.

    Attributes:
        name: What the warehouse calls the source.
        rules: What the settings say of the columns.
    """

    name: str
    rules: Rules

    def files(self) -> list[str]:
        """The one name "-"."""
        return [STANDARD_INPUT]

    def read(self, files: Collection[str] | None = None) -> Iterator[Received | Rejection]:
        """Every record, or why there is none; see `Source.read`."""
        if files is None or STANDARD_INPUT in files:
            yield from _read(None, "", Intake(self.name, STANDARD_INPUT, self.rules))


def _read(path: Path | None, suffix: str, intake: Intake) -> Iterator[Received | Rejection]:
    try:
        with _open(path) as stream, _rewindable(stream) as file:
            yield from read_stream(file, suffix, intake)
    except DataError as error:
        yield intake.reject(0, Reason.UNREADABLE_FILE, " ".join(str(error).split()))
    except OSError as error:
        yield intake.reject(0, Reason.UNREADABLE_FILE, _explain(error))


def _open(path: Path | None) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdin.buffer) if path is None else path.open("rb")


@contextmanager
def _rewindable(stream: BinaryIO) -> Iterator[BinaryIO]:
    if stream.seekable():
        yield stream
        return
    with tempfile.SpooledTemporaryFile(max_size=_HELD_IN_MEMORY) as copy:
        shutil.copyfileobj(stream, copy)
        copy.seek(0)
        yield cast("BinaryIO", copy)


def _explain(error: OSError) -> str:
    cause = error.strerror or type(error).__name__
    if isinstance(error, FileNotFoundError):
        return (
            f"The file has vanished since it was listed ({cause}). Put it back, under a name in UTF-8, and land again."
        )
    if isinstance(error, PermissionError):
        return f"The file may not be read ({cause}). Give the reading user the right to read it and land again."
    return f"The file cannot be read, or not to its end ({cause}). See that its disk is in reach and land again."
