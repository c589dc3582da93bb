"""How a ticket's clocks stand, as its record keeps it."""

from collections.abc import Mapping
from typing import Any

from services.sla.clocks.clock import AT_RISK
from services.sla.figures.domain import ClockResult, TicketRecord

STOPPED, RUNNING = "stopped", "running"


def take_results(record: TicketRecord, row: Mapping[str, Any]) -> None:
    """Unless newer ones were taken before. A clock without a target is measured, not judged: it counts nowhere."""
    if row["version"] < record.read_at:
        return
    record.read_at, record.disputed = row["version"], bool(row.get("disputed"))
    judged = {kind: clock for kind, clock in sorted(row.get("clocks", {}).items()) if clock and clock.get("target")}
    record.clocks = {kind: _result(clock) for kind, clock in judged.items()}
    record.call_backs = [_result(clock) for clock in row.get("earlier_call_backs", ()) if clock]
    record.update_open()


def _result(clock: Mapping[str, Any]) -> ClockResult:
    return ClockResult(
        elapsed_ms=clock.get("elapsed_ms", 0),
        met_at=clock.get("met_at"),
        breached_at=clock.get("breached_at"),
        is_open=clock["state"] != STOPPED,
        at_risk=clock["state"] == RUNNING and clock.get("reached", 0) >= AT_RISK and not clock.get("breached_at"),
    )
