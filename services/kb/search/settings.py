"""Settings of the search catalog; environment variables begin with `BIHUAN_KB_`."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class SearchSettings(BaseSettings):
    """Times in seconds. The first requests wait `load_timeout` for the catalog to be loaded. A search waits
    `refresh_timeout` for what other replicas have changed since the last refresh, and refreshes every `refresh_seconds`
    at most; every `rescan_seconds` all changes are read again. A change may be visible `settle_seconds` after it took
    its position."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_KB_", extra="ignore")

    load_timeout: float = Field(10.0, ge=0)
    refresh_seconds: float = Field(2.0, ge=0)
    refresh_timeout: float = Field(0.5, ge=0)
    rescan_seconds: float = Field(900.0, ge=0)
    settle_seconds: float = Field(60.0, ge=0)
    page_size: int = Field(200, ge=1)
