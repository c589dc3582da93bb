"""What everybody does who works on a ticket: agree with its diagnosis, and write in its worklog."""

from datetime import datetime

from services.triage.work.activities import record
from services.triage.work.domain import WorkItem
from services.triage.work.values import Activity, Actor, WorklogEntry
from shared.events import Event, TriageAcknowledged, TriageDiagnosisConfirmed, TriageStepTried


def confirm_diagnosis(item: WorkItem, by: Actor, now: datetime) -> list[Event]:
    if item.confirmed:
        return []
    return record(item, TriageDiagnosisConfirmed(subject=item.id, time=now, confirmed_by=by.sub), by)


def acknowledge(item: WorkItem, by: Actor, now: datetime) -> list[Event]:
    """Of an urgent ticket that they were given; nothing when nothing is asked of them."""
    if not (item.awaits_acknowledgement and by.sub == item.assignee):
        return []
    return record(item, TriageAcknowledged(subject=item.id, time=now, engineer=by.sub), by)


def begin_work(item: WorkItem, by: Actor, now: datetime) -> list[Event]:
    """Whoever works on it agrees with the diagnosis by doing so, and has seen it. Raises Closed, NotAssignee,
    WorklogFull, WorkItemTooLarge."""
    item.ensure_assignee(by)
    item.ensure_room()
    return acknowledge(item, by, now) + confirm_diagnosis(item, by, now)


def finish_work(item: WorkItem, by: Actor, now: datetime) -> list[Event]:
    """As `begin_work`, for what was begun before and can end after the ticket was completed. Raises NotAssignee,
    WorklogFull, WorkItemTooLarge."""
    if item.open:
        return begin_work(item, by, now)
    item.ensure_held_by(by)
    item.ensure_room()
    return []


def add_note(item: WorkItem, by: Actor, text: str, now: datetime) -> list[Event]:
    """No event says what is in a note."""
    events = begin_work(item, by, now)
    id = f"{item.version + 1:08d}/{Activity.NOTED}"
    item.log(WorklogEntry(id=id, at=now, by=by.sub, did=Activity.NOTED, text=text))
    return events


def try_step(
    item: WorkItem, by: Actor, hypothesis: str, step: str, result: str, minutes: int, now: datetime
) -> list[Event]:
    """Something was tried to find the cause, in this round: what a consultation starts from (P3.4)."""
    events = begin_work(item, by, now)
    tried = TriageStepTried(
        subject=item.id,
        time=now,
        round=item.round,
        hypothesis=hypothesis,
        step=step,
        result=result,
        minutes=minutes,
    )
    return events + record(item, tried, by)
