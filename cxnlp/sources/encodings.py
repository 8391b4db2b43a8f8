"""The encoding of a text file, told from its bytes."""

from __future__ import annotations

import codecs
import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final, TextIO

from cxnlp.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CHUNK: Final = 1 << 20
_SAMPLE: Final = 1 << 12
_MARKS: Final[Mapping[bytes, str]] = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# Text in a European language is at least so much NUL in one half of its UTF-16 bytes, and hardly any in the other.
_MANY_NULS: Final = 0.5
_FEW_NULS: Final = 0.05

WINDOWS_1252_BYTES: Final = "cxnlp.windows_1252_bytes"
"""Error handler: bytes that an encoding cannot read are read as Windows-1252.

The bytes 81, 8D, 8F, 90 and 9D, which Windows-1252 leaves open, become the control characters of the same number, as
in browsers. Source: WHATWG Encoding Standard, index windows-1252.
"""


def detect_encoding(stream: BinaryIO) -> str:
    """Tell the encoding of a whole text file.

    A byte order mark decides; then the NUL pattern of UTF-16; then whether every byte is UTF-8. What is not is
    Windows-1252, unless a character of several bytes stands before the first faulty one: then the file is UTF-8 with
    some damage. Decode with the error handler `WINDOWS_1252_BYTES`.

    Args:
        stream: Seekable, at its start; it is put back there. It is read once through, in pieces of 1 MiB.
    """
    head = stream.read(_SAMPLE)
    stream.seek(0)
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return encoding
    encoding = _utf_16_by_nuls(head) or _utf_8_or_windows(stream)
    stream.seek(0)
    return encoding


@contextmanager
def open_text(stream: BinaryIO) -> Iterator[TextIO]:
    """The text of a file in its own encoding, line ends as they are.

    Raises:
        DataError: If the file is marked as UTF-16 or UTF-32 and is not; also while it is read.
    """
    encoding = detect_encoding(stream)
    text = io.TextIOWrapper(stream, encoding=encoding, errors=WINDOWS_1252_BYTES, newline="")
    try:
        yield text
    except UnicodeError as error:
        raise DataError(
            f"The file starts as {encoding.upper()} and holds bytes that are none, so it was cut or mixed. "
            "Export it anew, best as UTF-8."
        ) from error
    finally:
        text.detach()


def _utf_16_by_nuls(head: bytes) -> str | None:
    pairs = len(head) // 2
    if pairs == 0:
        return None
    first, second = head[0 : 2 * pairs : 2].count(0) / pairs, head[1 : 2 * pairs : 2].count(0) / pairs
    if second >= _MANY_NULS and first <= _FEW_NULS:
        return "utf-16-le"
    return "utf-16-be" if first >= _MANY_NULS and second <= _FEW_NULS else None


def _utf_8_or_windows(stream: BinaryIO) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    several_bytes = False
    try:
        while chunk := stream.read(_CHUNK):
            several_bytes |= not decoder.decode(chunk).isascii()
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        several_bytes |= not error.object[: error.start].isascii()
        return "utf-8" if several_bytes else "cp1252"
    return "utf-8"


def _read_as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError) or error.encoding.startswith(("utf-16", "utf-32")):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in bad), error.end


codecs.register_error(WINDOWS_1252_BYTES, _read_as_windows_1252)
