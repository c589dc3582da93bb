"""Who works on it: claims, assignments, transfers, releases (P2.4). Whether they have room, `workload.py` has asked
before. Each assignment tells its rule, and who was considered."""

from datetime import datetime

from services.triage.routing.candidates import AssignmentRule, Choice, choice_of
from services.triage.routing.domain import Engineer
from services.triage.work.activities import record
from services.triage.work.domain import AlreadyAssigned, Overtaken, WorkItem
from services.triage.work.values import TRIAGE, Activity, Actor, WorkState
from services.triage.work.worklog import confirm_diagnosis
from shared.events import Event, TicketReopened, TriageAlarmRaised, TriageAssigned, TriageEscalated, TriageReleased
from shared.terms import Text

LAST_NOTE = 500  # characters of it that a hand-over note has


def claim(item: WorkItem, engineer: Engineer, reason: str, now: datetime, is_next: bool = False) -> list[Event]:
    """Raises Closed, AlreadyAssigned, Overtaken. Who has it already keeps it."""
    item.ensure_open()
    if item.assignee == engineer.id:
        return []
    if item.assignee:
        name = item.assignee_name
        raise AlreadyAssigned(f"{item.id} is assigned to {name}", f"{item.id} 已分派给 {name}")
    by = Actor(engineer.id, engineer.name)
    rule = AssignmentRule.NEXT if is_next else AssignmentRule.CLAIMED
    return _assign(item, engineer, by, reason, now, _alone(rule, engineer, item)) + confirm_diagnosis(item, by, now)


def assign(item: WorkItem, engineer: Engineer, reason: str, by: Actor, now: datetime) -> list[Event]:
    """By a lead, whoever has it now; raises Closed, Overtaken."""
    item.ensure_open()
    if item.assignee == engineer.id:
        return []
    choice = _alone(AssignmentRule.BY_LEAD, engineer, item)
    return _assign(item, engineer, by, reason, now, choice) + confirm_diagnosis(item, by, now)


def transfer(item: WorkItem, engineer: Engineer, note: str, by: Actor, now: datetime) -> list[Event]:
    """By whoever has it, or a lead, to a colleague; raises Closed, NotAssignee, Overtaken."""
    item.ensure_open()
    if item.assignee == engineer.id:
        return []
    item.ensure_assignee(by)
    return _assign(item, engineer, by, note, now, _alone(AssignmentRule.TRANSFERRED, engineer, item))


def hand_over(item: WorkItem, engineer: Engineer, leaving: str, note: str, by: Actor, now: datetime) -> list[Event]:
    """From who was deactivated; it stays with whoever has it meanwhile."""
    if not item.open or item.assignee != leaving:
        return []
    return _assign(item, engineer, by, note, now, _alone(AssignmentRule.HANDED_OVER, engineer, item))


def put_back(item: WorkItem, leaving: str, reason: str, by: Actor, now: datetime) -> list[Event]:
    """Into the queue, from who was deactivated, however far the work is."""
    if not item.open or item.assignee != leaving:
        return []
    return record(item, TriageReleased(subject=item.id, time=now, engineer=leaving, reason=reason), by)


def assign_urgent(item: WorkItem, to: Engineer, choice: Choice, acknowledge_by: datetime, now: datetime) -> list[Event]:
    """By triage itself; it stays with whoever took it meanwhile. With a hand-over note if somebody had it before."""
    if not item.needs_senior or item.assignee == to.id or not has_room_for(item, to):
        return []
    note = handover_note(item, Text("It has become urgent", "已升级为紧急")) if item.assignee else ""
    return _assign(item, to, TRIAGE, note, now, choice, acknowledge_by)


def hand_on(item: WorkItem, to: Engineer, choice: Choice, acknowledge_by: datetime, now: datetime) -> list[Event]:
    """To the next, because whoever was given it has not acknowledged it."""
    if not is_unacknowledged(item, now) or item.assignee == to.id or not has_room_for(item, to):
        return []
    note = handover_note(item, Text("It was not acknowledged in time", "超时未确认接单"))
    return _assign(item, to, TRIAGE, note, now, choice, acknowledge_by)


def dispatch(item: WorkItem, engineer: Engineer, choice: Choice, now: datetime) -> list[Event]:
    """By triage itself; it stays with whoever took it meanwhile."""
    if not item.open or item.assignee or item.disputed or item.work is not WorkState.QUEUED:
        return []
    if not has_room_for(item, engineer):
        return []
    return _assign(item, engineer, TRIAGE, "", now, choice)


def is_unacknowledged(item: WorkItem, now: datetime) -> bool:
    by = item.acknowledge_by
    return item.awaits_acknowledgement and by is not None and by <= now


def passed_by(item: WorkItem) -> set[str]:
    """Who has had it since it was opened or reopened: an urgent ticket that nobody acknowledges does not go round in
    circles."""
    since = item.reopened_at or item.opened_at
    return {
        entry.details.get("engineer", "")
        for entry in item.worklog
        if entry.did is Activity.ASSIGNED and entry.at >= since
    }


def raise_alarm(item: WorkItem, team_name: str, next_at: datetime, now: datetime) -> list[Event]:
    """Unless somebody took it meanwhile, or the time has not come."""
    due = item.alarm_due_at
    if due is None or due > now:
        return []
    times = item.alarms + 1 if item.is_alarmed else 1
    alarm = TriageAlarmRaised(
        subject=item.id,
        time=now,
        assignee=item.assignee,
        assignee_name=item.assignee_name,
        team=team_name,
        times=times,
        next_at=next_at,
    )
    return record(item, alarm, TRIAGE)


def release(item: WorkItem, reason: str, by: Actor, now: datetime) -> list[Event]:
    """Back to the queue; raises Closed, NotAssignee, WrongState."""
    item.ensure_assignee(by)
    item.ensure_state(WorkState.IN_PROGRESS)
    return record(item, TriageReleased(subject=item.id, time=now, engineer=item.assignee, reason=reason), by)


def escalate(item: WorkItem, team: str, team_name: str, reason: str, by: Actor, now: datetime) -> list[Event]:
    """Into the queue of another team; raises Closed, NotAssignee (for who is neither lead nor has it), WrongState."""
    item.ensure_open()
    if item.team == team:
        return []
    had = item.assignee
    if had:
        item.ensure_assignee(by)
    item.ensure_state(WorkState.QUEUED, WorkState.IN_PROGRESS)
    events = record(item, TriageReleased(subject=item.id, time=now, engineer=had, reason=reason), by) if had else []
    told = TriageEscalated(
        subject=item.id, time=now, team=team, team_name=team_name, from_team=item.team, engineer=had, reason=reason
    )
    return events + record(item, told, by)


def resume_assignment(
    item: WorkItem, event: TicketReopened, before: str, back: Engineer | None, now: datetime
) -> list[Event]:
    """Reopened, it goes back to the engineer `before`, when they are there and have room (`back`); else to the queue.
    It stays with whoever was given it meanwhile."""
    if not before or item.assignee != before:
        return []
    if back:
        return _assign(item, back, TRIAGE, "", now, _alone(AssignmentRule.RETURNED, back, item))
    return record(item, TriageReleased(subject=item.id, time=now, engineer=before, reason=event.reason), TRIAGE)


def handover_note(item: WorkItem, why: Text) -> str:
    """In both languages, and the last note of whoever had it in their words."""
    name = item.assignee_name or item.assignee
    notes = [entry.text for entry in item.worklog if entry.did is Activity.NOTED]
    last = f"\n{notes[-1][:LAST_NOTE]}" if notes else ""
    return f"{why.zh}，此前由 {name} 处理。 {why.en}; {name} had it before.{last}"


def has_room_for(item: WorkItem, engineer: Engineer) -> bool:
    """Whether capacity is reserved with them, as they were seen, for just this write of the work item. Once it has been
    written since, the reservation may have been used and given back, or taken away as one that nobody needs."""
    reserved = engineer.reservation_of(item.id)
    return reserved is not None and reserved.version == item.version + 1


def _alone(rule: AssignmentRule, engineer: Engineer, item: WorkItem) -> Choice:
    """Nobody else was considered."""
    return choice_of(rule, [engineer], item)


def _assign(
    item: WorkItem,
    engineer: Engineer,
    by: Actor,
    reason: str,
    now: datetime,
    choice: Choice,
    acknowledge_by: datetime | None = None,
) -> list[Event]:
    """Raises Overtaken."""
    if not has_room_for(item, engineer):
        raise Overtaken(f"{item.id} has just changed; load it again", f"{item.id} 刚刚发生变化，请刷新后重试")
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
        rule=choice.rule.value,
        candidates=list(choice.candidates),
        considered=choice.considered,
        acknowledge_by=acknowledge_by,
    )
    return record(item, assigned, by)
