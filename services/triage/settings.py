"""Settings of triage; environment variables begin with `BIHUAN_`."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class TriageSettings(BaseSettings):
    """In seconds: how long kb may take to find solved cases, and intake for a piece of a log; how often urgent tickets
    that nobody has are offered again, the queue is dispatched and the workload is reconciled; how long capacity stays
    reserved for a ticket that is being assigned."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_", extra="ignore")

    approved_tools: list[str] = ["ToDesk", "Bihuan Assist"]
    many_users: int = Field(20, ge=2)
    search_timeout: float = Field(1.0, gt=0, le=10)
    log_timeout: float = Field(5.0, gt=0, le=30)
    assign_urgent_seconds: float = Field(30, gt=0)
    dispatch_seconds: float = Field(10, gt=0)
    reconcile_seconds: float = Field(300, gt=0)
    reservation_seconds: float = Field(120, gt=0)
