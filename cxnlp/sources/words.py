"""How headers are compared: without case, accents, spaces and punctuation."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_SEPARATORS: Final = re.compile(r"[\W_]+")


@lru_cache(maxsize=4_096)
def fold(header: str) -> str:
    """The letters and digits of a header, in small letters without their accents: "Päivä-määrä " is "paivamaara"."""
    return "".join(fold_words(header))


@lru_cache(maxsize=4_096)
def fold_words(header: str) -> tuple[str, ...]:
    """The same word by word: "Customer_ID" is ("customer", "id")."""
    decomposed = unicodedata.normalize("NFKD", header.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return tuple(word for word in _SEPARATORS.split(bare) if word)
