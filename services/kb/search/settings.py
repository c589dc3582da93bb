"""What a house may set for kb; environment variables begin with `BIHUAN_`."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class KbSettings(BaseSettings):
    """Times in seconds. A search waits `look_within` for what other replicas have changed since the last look, and
    looks after `look_every` at most. A change may be seen `settles_within` after its place was taken."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_KB_", extra="ignore")

    loaded_within: float = Field(10.0, ge=0)
    look_every: float = Field(2.0, ge=0)
    look_within: float = Field(0.5, ge=0)
    look_at_all_every: float = Field(900.0, ge=0)
    settles_within: float = Field(60.0, ge=0)
    page: int = Field(200, ge=1)
