"""What a house may set for triage; environment variables begin with `BIHUAN_`."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class TriageSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="BIHUAN_", extra="ignore")

    approved_tools: list[str] = ["ToDesk", "Bihuan Assist"]
    many_users: int = Field(20, ge=2)
    search_within: float = Field(1.0, gt=0, le=10)
