"""Who works on it: claims, assignments, releases (P2.4). Whether they have room, `workload.py` has asked before."""

from datetime import datetime

from services.triage.routing.domain import Engineer
from services.triage.work.activities import record
from services.triage.work.domain import AlreadyAssigned, WorkItem
from services.triage.work.values import TRIAGE, Actor, WorkState
from services.triage.work.worklog import confirm_diagnosis
from shared.events import Event, TicketReopened, TriageAssigned, TriageReleased


def claim(item: WorkItem, engineer: Engineer, reason: str, now: datetime) -> list[Event]:
    """Raises Closed, AlreadyAssigned. Who has it already keeps it."""
    item.ensure_open()
    if item.assignee == engineer.id:
        return []
    if item.assignee:
        name = item.assignee_name
        raise AlreadyAssigned(f"{item.id} is assigned to {name}", f"{item.id} 已分派给 {name}")
    by = Actor(engineer.id, engineer.name)
    return _assign(item, engineer, by, reason, now) + confirm_diagnosis(item, by, now)


def assign(item: WorkItem, engineer: Engineer, reason: str, by: Actor, now: datetime) -> list[Event]:
    """By a lead, whoever has it now; raises Closed."""
    item.ensure_open()
    if item.assignee == engineer.id:
        return []
    return _assign(item, engineer, by, reason, now) + confirm_diagnosis(item, by, now)


def assign_urgent(item: WorkItem, senior: Engineer, now: datetime) -> list[Event]:
    """By triage itself; it stays with whoever took it meanwhile."""
    return _assign(item, senior, TRIAGE, "", now) if item.needs_senior else []


def release(item: WorkItem, reason: str, by: Actor, now: datetime) -> list[Event]:
    """Back to the queue; raises Closed, NotAssignee, WrongState."""
    item.ensure_assignee(by)
    item.ensure_state(WorkState.IN_PROGRESS)
    return record(item, TriageReleased(subject=item.id, time=now, engineer=item.assignee, reason=reason), by)


def resume_assignment(
    item: WorkItem, event: TicketReopened, before: str, back: Engineer | None, now: datetime
) -> list[Event]:
    """Reopened, it goes back to the engineer `before`, when they are there and have room (`back`); else to the queue.
    It stays with whoever was given it meanwhile."""
    if not before or item.assignee != before:
        return []
    if back:
        return _assign(item, back, TRIAGE, "", now)
    return record(item, TriageReleased(subject=item.id, time=now, engineer=before, reason=event.reason), TRIAGE)


def _assign(item: WorkItem, engineer: Engineer, by: Actor, reason: str, now: datetime) -> list[Event]:
    assigned = TriageAssigned(
        subject=item.id,
        time=now,
        engineer=engineer.id,
        engineer_name=engineer.name,
        senior=engineer.is_senior,
        by=by.sub,
        engineer_email=engineer.email,
        engineer_language=engineer.language,
        instead_of=item.assignee,
        reason=reason,
    )
    return record(item, assigned, by)
