"""Settings of triage; environment variables begin with `BIHUAN_`."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.terms import Known, Priority


class TriageSettings(BaseSettings):
    """In seconds: how long kb may take to find solved cases, and intake for a piece of a log; how often urgent tickets
    that nobody has are offered again, the queue is dispatched and the workload is reconciled; how often the
    classifier learns anew; how long capacity stays reserved for a ticket that is being assigned.

    Tickets of `incident_customers` within `incident_window_minutes` are proposed as an incident, which from
    `incident_confirm_customers` on (0: never) is confirmed by itself; `incident_priorities` is the priority of its
    tickets by the least number of customers, as JSON: `{"3": "high", "10": "urgent"}`."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_", extra="ignore", hide_input_in_errors=True)

    approved_tools: list[str] = ["ToDesk", "Bihuan Assist"]
    many_users: int = Field(20, ge=2)
    incident_window_minutes: int = Field(240, ge=5, le=4320)
    incident_customers: int = Field(3, ge=2, le=1000)
    incident_confirm_customers: int = Field(0, ge=0, le=1000)
    incident_priorities: dict[int, Known[Priority]] = {3: Priority.HIGH, 10: Priority.URGENT}
    search_timeout: float = Field(1.0, gt=0, le=10)
    log_timeout: float = Field(5.0, gt=0, le=30)
    assign_urgent_seconds: float = Field(30, gt=0)
    dispatch_seconds: float = Field(10, gt=0)
    reconcile_seconds: float = Field(300, gt=0)
    learn_seconds: float = Field(86_400, gt=0)
    reservation_seconds: float = Field(120, gt=0)
