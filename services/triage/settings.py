"""What a house may set for triage; environment variables begin with `BIHUAN_`."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class TriageSettings(BaseSettings):
    """`offer_every`, `count_every`, `promises_last`: seconds between two looks at urgent tickets that nobody has and at
    who holds what, and for which a place is kept for a ticket that is being given."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_", extra="ignore")

    approved_tools: list[str] = ["ToDesk", "Bihuan Assist"]
    many_users: int = Field(20, ge=2)
    search_within: float = Field(1.0, gt=0, le=10)
    offer_every: float = Field(30, gt=0)
    count_every: float = Field(300, gt=0)
    promises_last: float = Field(120, gt=0)
