"""Settings of the search; environment variables begin with `BIHUAN_`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class SearchSettings(BaseSettings):
    """The search index of this replica is kept in `search_folder`, without one it is built anew at each start; every
    `search_seconds` it takes up what was changed. A start waits for it up to `search_start_seconds`; what is not taken
    up by then is found later. Where the extra `meaning` is installed, it searches by meaning too, if
    `search_by_meaning`."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_", extra="ignore", hide_input_in_errors=True)

    search_folder: Path | None = None
    search_seconds: float = Field(1.0, gt=0, le=60)
    search_start_seconds: float = Field(300.0, ge=0, le=3600)
    search_by_meaning: bool = True
