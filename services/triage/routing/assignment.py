"""Who works on it: claims, assignments, releases (P2.4). Whether they have room, `loads.py` has asked before."""

from datetime import datetime

from services.triage.diagnosis.domain import confirm
from services.triage.routing.domain import Engineer
from services.triage.work.activities import do
from services.triage.work.domain import AlreadyTaken, WorkItem
from services.triage.work.values import TRIAGE, Person, Work
from shared.events import Event, TicketReopened, TriageAssigned, TriageReleased


def claim(item: WorkItem, engineer: Engineer, reason: str, now: datetime) -> list[Event]:
    """Raises Closed, AlreadyTaken. Who has it already keeps it."""
    item.must_be_open()
    if item.assignee == engineer.id:
        return []
    if item.assignee:
        raise AlreadyTaken(f"{item.assignee_name} has {item.id}", f"{item.id} 已由 {item.assignee_name} 处理")
    by = Person(engineer.id, engineer.name)
    return _give(item, engineer, by, reason, now) + confirm(item, by, now)


def assign(item: WorkItem, engineer: Engineer, reason: str, by: Person, now: datetime) -> list[Event]:
    """By a lead, whoever has it now; raises Closed."""
    item.must_be_open()
    if item.assignee == engineer.id:
        return []
    return _give(item, engineer, by, reason, now) + confirm(item, by, now)


def give_at_once(item: WorkItem, senior: Engineer, now: datetime) -> list[Event]:
    """By triage itself; it stays with whoever took it meanwhile."""
    return _give(item, senior, TRIAGE, "", now) if item.needs_a_senior else []


def release(item: WorkItem, reason: str, by: Person, now: datetime) -> list[Event]:
    """Back to the queue; raises Closed, NotTheirs, WrongStage."""
    item.must_be_theirs(by)
    item.must_be(Work.AT_WORK)
    return do(item, TriageReleased(subject=item.id, time=now, engineer=item.assignee, reason=reason), by)


def take_up_again(
    item: WorkItem, event: TicketReopened, before: str, back: Engineer | None, now: datetime
) -> list[Event]:
    """Reopened, it goes back to the engineer `before`, when they are there and have room (`back`); else to the queue.
    It stays with whoever was given it meanwhile."""
    if not before or item.assignee != before:
        return []
    if back:
        return _give(item, back, TRIAGE, "", now)
    return do(item, TriageReleased(subject=item.id, time=now, engineer=before, reason=event.reason), TRIAGE)


def _give(item: WorkItem, engineer: Engineer, by: Person, reason: str, now: datetime) -> list[Event]:
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
    return do(item, assigned, by)
