"""Every setting, its default and its meaning: configs/cxnlp.toml, overridden by CXNLP_* variables."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from cxnlp.errors import ConfigurationError
from cxnlp.records import CesVersion

DEFAULT_CONFIG: Final = Path("configs/cxnlp.toml")
CONFIG_VARIABLE: Final = "CXNLP_CONFIG"
PUBLIC_DATA_VARIABLE: Final = "CXNLP_PUBLIC_DATA"
"""Names a folder of public data for the tests."""


class Section(BaseModel):
    """A table of the settings file; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WarehouseSettings(Section):
    """Where the enriched records stand."""

    path: Path = Path("data/warehouse.duckdb")
    timezone: str = "Europe/Helsinki"

    @field_validator("timezone")
    @classmethod
    def _known(cls, value: str) -> str:
        return _timezone(value)


class ModelSettings(Section):
    """Which model tags; without a name, the one in current.toml."""

    path: Path = Path("models")
    name: str | None = None
    version: str | None = None
    workers: int | None = Field(default=None, ge=1, le=64)


class PreparationSettings(Section):
    """How feedback is protected before it is stored."""

    max_characters: int = Field(default=20_000, ge=1)
    key_file: Path = Path("data/pseudonyms.key")
    key: str | None = Field(default=None, repr=False)


class PipelineSettings(Section):
    """How much is done between two commits."""

    batch: int = Field(default=2_000, ge=1, le=100_000)


class SourceSettings(Section):
    """One source of feedback: a file, a folder or a glob."""

    path: str
    columns: dict[str, str] = Field(default_factory=dict)
    personal: list[str] = Field(default_factory=list)
    timezone: str = "Europe/Helsinki"
    ces_version: CesVersion = "2.0"

    @field_validator("timezone")
    @classmethod
    def _known(cls, value: str) -> str:
        return _timezone(value)


class Settings(BaseSettings):
    """All settings; relative paths count from `root`."""

    model_config = SettingsConfigDict(
        env_prefix="CXNLP_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    root: Path = Path()
    warehouse: WarehouseSettings = WarehouseSettings()
    model: ModelSettings = ModelSettings()
    preparation: PreparationSettings = PreparationSettings()
    pipeline: PipelineSettings = PipelineSettings()
    sources: dict[str, SourceSettings] = Field(default_factory=dict)

    def located(self, path: Path) -> Path:
        """The path, counted from the folder of the project if it is relative."""
        return self.root / path.expanduser()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment before file before defaults."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(config: Path | None = None) -> Settings:
    """Read the settings.

    Args:
        config: The file; else $CXNLP_CONFIG; else configs/cxnlp.toml of this folder or the nearest above that has one;
            else the defaults.

    Raises:
        ConfigurationError: If a named file is missing, or a setting is unknown or out of range.
    """
    _refuse_unknown_variables()
    file = config or _named_by_environment() or _nearest()
    if file is not None and not file.is_file():
        raise ConfigurationError(f"There is no settings file {file}. Name one with --config, or set {CONFIG_VARIABLE}.")

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    # configs/cxnlp.toml stands one folder below the root that paths count from
    root = (
        Path()
        if file is None
        else file.resolve().parent.parent
        if file.resolve().parent.name == "configs"
        else file.resolve().parent
    )
    try:
        return FromFile(root=root)
    except ValidationError as error:
        raise ConfigurationError(_explained(error, file)) from None
    except ValueError as error:
        raise ConfigurationError(f"{file} is no valid TOML: {error}") from error


def _refuse_unknown_variables() -> None:
    """A variable that is misspelt would leave its setting at the default without a word."""
    known = {f"CXNLP_{field.upper()}" for field in Settings.model_fields}
    for name in os.environ:
        if name.startswith("CXNLP_") and name.partition("__")[0] not in known | {CONFIG_VARIABLE, PUBLIC_DATA_VARIABLE}:
            raise ConfigurationError(
                f"The variable {name} is no setting. Section and setting are joined by two underscores, "
                "as in CXNLP_WAREHOUSE__PATH; see configs/cxnlp.toml."
            )


def _named_by_environment() -> Path | None:
    named = os.environ.get(CONFIG_VARIABLE)
    return Path(named) if named else None


def _nearest() -> Path | None:
    here = Path.cwd()
    return next((file for folder in (here, *here.parents) if (file := folder / DEFAULT_CONFIG).is_file()), None)


def _explained(error: ValidationError, file: Path | None) -> str:
    wrongs = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_input=False))
    return f"Settings in {file or 'the environment'} are not usable: {'; '.join(wrongs)}. See configs/cxnlp.toml."


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("an IANA time zone such as Europe/Helsinki is needed") from error
    return value
