"""What a work item keeps of who has it: whoever was given it, acknowledged it, or gave it away, the alarms, and its
team."""

from services.triage.work.domain import ALARM, ASSIGNEE, WorkItem
from services.triage.work.values import Activity, WorklogEntry
from shared.events import (
    Event,
    TriageAcknowledged,
    TriageAlarmRaised,
    TriageAssigned,
    TriageEscalated,
    TriageReleased,
)

LAST_ASSIGNEE, TEAM = "last assignee", "team"


def _log(item: WorkItem, event: Event, did: Activity, text: str = "", **details: str) -> bool:
    """False when it is there already."""
    return item.log(WorklogEntry.of_activity(event, did, text, **details))


def assigned(item: WorkItem, event: TriageAssigned) -> None:
    whom = {"engineer": event.engineer, "name": event.engineer_name}
    rule = {"rule": event.rule} if event.rule else {}
    if not _log(item, event, Activity.ASSIGNED, event.reason, **whom, **rule):
        return
    if event.instead_of not in ("", event.engineer) and not item.is_overtaken(LAST_ASSIGNEE, event):
        item.last_assignee = event.instead_of
    if not item.is_overtaken(ASSIGNEE, event):
        item.assignee, item.assignee_name = event.engineer, event.engineer_name
        item.assignee_is_senior, item.acknowledge_by = event.senior, event.acknowledge_by


def released(item: WorkItem, event: TriageReleased) -> None:
    if not _log(item, event, Activity.RELEASED, event.reason, engineer=event.engineer):
        return
    if not item.is_overtaken(LAST_ASSIGNEE, event):
        item.last_assignee = event.engineer
    if not item.is_overtaken(ASSIGNEE, event):
        item.assignee = item.assignee_name = ""
        item.assignee_is_senior, item.acknowledge_by = False, None


def acknowledged(item: WorkItem, event: TriageAcknowledged) -> None:
    """Of this assignment or an earlier one: the later write holds."""
    item.acknowledged = max(item.acknowledged, event.revision)
    _log(item, event, Activity.ACKNOWLEDGED, engineer=event.engineer)


def alarm_raised(item: WorkItem, event: TriageAlarmRaised) -> None:
    """The worklog has the first of them; there may be one every few minutes for a whole weekend."""
    if event.times == 1:
        _log(item, event, Activity.ALARMED, assignee=event.assignee)
    if not item.is_overtaken(ALARM, event):
        item.alarms, item.alarm_at = event.times, event.next_at


def escalated(item: WorkItem, event: TriageEscalated) -> None:
    is_news = _log(item, event, Activity.ESCALATED, event.reason, team=event.team, name=event.team_name)
    if is_news and not item.is_overtaken(TEAM, event):
        item.team = event.team
