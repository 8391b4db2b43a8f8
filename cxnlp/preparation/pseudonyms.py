"""The key that pseudonyms are made with, and the pseudonyms."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from cxnlp.errors import ConfigurationError

_FEWEST_BYTES: Final = 16


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
    if path.exists():
        return path.read_bytes()
    # Written aside and linked into place whole, so that a process killed here leaves no empty key behind.
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(32).encode("ascii") + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink()
    return path.read_bytes()


def _checked(key: bytes, what: str) -> bytes:
    if len(key) < _FEWEST_BYTES:
        raise ConfigurationError(
            f"{what} has {len(key)} bytes; at least {_FEWEST_BYTES} are needed, or customers could be found by trying. "
            "Restore the key that feedback was landed with, or, if nothing has landed yet, remove it to have one made."
        )
    return key
