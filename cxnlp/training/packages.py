"""The packages of the `train` extra, imported where they are used."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from cxnlp.errors import ConfigurationError


def load_package(name: str) -> Any:
    """Import a package that only training needs.

    Raises:
        ConfigurationError: If the `train` extra is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise ConfigurationError(
            f"Training needs the package '{name.partition('.')[0]}', which is not installed ({error}). "
            "Install the extra with: pip install 'cxnlp[train]'"
        ) from error
