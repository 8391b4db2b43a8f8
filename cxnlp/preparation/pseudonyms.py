"""The key that pseudonyms are made with, and the pseudonyms."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import time
from pathlib import Path
from typing import Final

from cxnlp.errors import ConfigurationError

_FEWEST_BYTES: Final = 16
_WAITS: Final = 20
_WAIT_SECONDS: Final = 0.05


def pseudonym(name: str, key: bytes) -> str:
    """The keyed hash of a name: the same for the same name and key, and without the key not to be found by trying.

    Returns:
        The first 32 hexadecimal characters of HMAC-SHA256.

    Source: RFC 2104.
    """
    return hmac.new(key, name.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def read_key(path: Path, environment: str | None = None) -> bytes:
    """Read the key for pseudonyms, or make one on first use.

    Args:
        path: Key file; made with a random key and readable by its owner alone if it does not exist.
        environment: Value of the environment variable that holds the key instead of a file, if set.

    Raises:
        ConfigurationError: If the key is shorter than 16 bytes, or its file cannot be read or made.
    """
    if environment and environment.strip():
        return _checked(environment.strip().encode("utf-8", "surrogateescape"), "The key in the environment variable")
    try:
        return _checked(_read_or_make(path).strip(), f"The key in {path}")
    except OSError as error:
        raise ConfigurationError(
            f"The key file {path} cannot be read or made ({error.strerror or error}). Make it readable and its folder "
            "writable for this user, or give the key by the environment variable instead."
        ) from error


def _read_or_make(path: Path) -> bytes:
    """Of several processes that come first, one makes the file and all read the same key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_once_written(path)
    key = secrets.token_hex(32).encode("ascii")
    with os.fdopen(descriptor, "wb") as file:
        file.write(key + b"\n")
    return key


def _read_once_written(path: Path) -> bytes:
    for _ in range(_WAITS):
        if path.stat().st_size:
            break
        time.sleep(_WAIT_SECONDS)
    return path.read_bytes()


def _checked(key: bytes, what: str) -> bytes:
    if len(key) < _FEWEST_BYTES:
        raise ConfigurationError(
            f"{what} has {len(key)} bytes; at least {_FEWEST_BYTES} are needed, or customers could be found by trying. "
            "Restore the key that feedback was landed with, or, if nothing has landed yet, remove it to have one made."
        )
    return key
