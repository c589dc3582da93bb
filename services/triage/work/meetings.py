"""What a work item keeps of expert consultations, and of the action items that came of them (P3.4)."""

from datetime import timedelta

from services.triage.work.domain import WorkItem
from services.triage.work.values import Action, Activity, Consultation, WorklogEntry
from shared.domain import TooEarly
from shared.events import (
    Event,
    TriageActionDone,
    TriageActionDue,
    TriageConsultationCancelled,
    TriageConsultationChanged,
    TriageConsultationConcluded,
    TriageConsultationOpened,
    TriageInvitationAnswered,
)

REMIND_EVERY = timedelta(days=1)


def opened(item: WorkItem, event: TriageConsultationOpened) -> None:
    details = {"invited": ", ".join(event.invited), "cause": event.called_by}
    if item.log(WorklogEntry.of_activity(event, Activity.CONSULTATION_OPENED, event.stuck_at, **details)):
        held = Consultation(
            id=event.consultation,
            cause=event.called_by,
            reason=event.reason,
            background=event.background,
            tried=event.tried,
            stuck_at=event.stuck_at,
            invited=event.invited,
            invitees=event.invitees,
            appointment=event.appointment,
            opened_by=event.actor,
            opened_at=event.time,
            round=event.round,
        )
        item.consultations = sorted([*item.consultations, held], key=lambda one: one.opened_at)


def changed(item: WorkItem, event: TriageConsultationChanged) -> None:
    """The greater sequence holds. Whoever has answered has, unless it is held at another time now."""
    held = _of(item, event.consultation, event)
    details = {"invited": ", ".join(event.invited)}
    if not item.log(WorklogEntry.of_activity(event, Activity.CONSULTATION_CHANGED, event.stuck_at, **details)):
        return
    if event.moved_from:
        held.moved, held.asked = max(held.moved, event.revision), max(held.asked, event.sequence)
        known = {one: item.revisions.get(_invitation(held.id, one), 0) for one in held.answers}
        held.answers = {one: said for one, said in held.answers.items() if known[one] > held.moved}
    if event.sequence > held.sequence:
        held.background, held.tried, held.stuck_at = event.background, event.tried, event.stuck_at
        held.invited, held.invitees = event.invited, event.invitees
        held.appointment, held.sequence = event.appointment, event.sequence


def answered(item: WorkItem, event: TriageInvitationAnswered) -> None:
    held = _of(item, event.consultation, event)
    details = {"answer": event.answer, "name": event.name}
    if not item.log(WorklogEntry.of_activity(event, Activity.INVITATION_ANSWERED, event.comment, **details)):
        return
    if not item.is_overtaken(_invitation(held.id, event.invitee), event) and event.revision > held.moved:
        held.answers = {**held.answers, event.invitee: event.answer}


def cancelled(item: WorkItem, event: TriageConsultationCancelled) -> None:
    held = _of(item, event.consultation, event)
    held.concluded_at, held.cancelled = event.time, True
    held.sequence = max(held.sequence, event.sequence)
    item.log(WorklogEntry.of_activity(event, Activity.CONSULTATION_CANCELLED, event.reason))


def concluded(item: WorkItem, event: TriageConsultationConcluded) -> None:
    items = "\n".join([*event.action_items, *(one.text for one in event.actions)])
    entry = WorklogEntry.of_activity(event, Activity.CONSULTATION_CONCLUDED, event.conclusions, action_items=items)
    if entry in item.worklog:
        return
    mine = [one for one in item.consultations if event.consultation in ("", one.id)]
    held = next((one for one in reversed(mine) if one.concluded_at is None), None)
    if held is None:
        raise TooEarly(f"a consultation about {item.id} is concluded, that it was opened has not been heard")
    held.conclusions, held.action_items, held.concluded_at = event.conclusions, event.action_items, event.time
    held.minutes = event.minutes
    held.actions = [Action(**one.model_dump(), remind_at=one.due_at) for one in event.actions]
    item.log(entry)


def action_due(item: WorkItem, event: TriageActionDue) -> None:
    action = _action(item, event.consultation, event.action.id, event)
    if event.times > action.reminders:
        action.reminders, action.remind_at = event.times, event.time + REMIND_EVERY
    if event.times == 1:
        item.log(WorklogEntry.of_activity(event, Activity.ACTION_DUE, event.action.text, owner=event.action.owner))


def action_done(item: WorkItem, event: TriageActionDone) -> None:
    action = _action(item, event.consultation, event.action, event)
    action.done_at, action.done_by, action.result = event.time, event.actor, event.result
    item.log(WorklogEntry.of_activity(event, Activity.ACTION_DONE, event.result, action=action.text))


def _invitation(consultation: str, invitee: str) -> str:
    return f"invitation {consultation} {invitee}"


def _of(item: WorkItem, id: str, event: Event) -> Consultation:
    held = next((one for one in item.consultations if one.id == id), None)
    if held is None:
        raise TooEarly(f"{event.kind} of {item.id} is about {id}, of which nothing has been heard")
    return held


def _action(item: WorkItem, id: str, action: str, event: Event) -> Action:
    found = next((one for one in _of(item, id, event).actions if one.id == action), None)
    if found is None:
        raise TooEarly(f"{event.kind} of {item.id} is about {action}, of which nothing has been heard")
    return found
