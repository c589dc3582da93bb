"""An expert consultation on a work item: called, prepared, answered to, concluded; its action items until they are done
(P3.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.triage.consultations.preparing import prepared
from services.triage.logs.modules import area_of, is_within
from services.triage.work.activities import record
from services.triage.work.domain import WorkItem
from services.triage.work.values import TRIAGE, Actor, Consultation, WorkState
from services.triage.work.worklog import begin_work, finish_work
from shared.domain import Invalid, NotFound, TooEarly
from shared.events import (
    Event,
    TicketInvitationAnswered,
    TriageActionDone,
    TriageActionDue,
    TriageConsultationCancelled,
    TriageConsultationChanged,
    TriageConsultationConcluded,
    TriageConsultationOpened,
    TriageInvitationAnswered,
)
from shared.events.triage_consultations import ActionItem, Appointment, Invitee
from shared.terms import Text

SEVERAL = 2  # modules, from which on experts are called
ANSWERS = ("accepted", "declined", "tentative")
ACTIVE_CAUSES: Mapping[str, Text] = {
    "sla": Text("Not solved within two working days", "两个工作日内未解决"),
    "modules": Text("It touches several modules", "问题涉及多个模块"),
}


class NoOpenConsultation(NotFound):
    title = Text("No open consultation", "没有进行中的会诊")


class ActionNotFound(NotFound):
    title = Text("Action item not found", "未找到行动项")


@dataclass(frozen=True)
class Plan:
    """Who is invited, for when, and what they read before: what is empty is taken from the worklog."""

    background: str = ""
    tried: str = ""
    stuck_at: str = ""
    invited: Sequence[str] = ()
    invitees: Sequence[Invitee] = field(default_factory=tuple)
    appointment: Appointment | None = None

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys([*self.invited, *(one.name for one in self.invitees)]))


def call(item: WorkItem, by: Actor, cause: str, reason: str, now: datetime) -> list[Event]:
    """Opened with what the worklog says; a lead invites the experts. Raises what working on it is refused for."""
    events = begin_work(item, by, now)
    item.ensure_state(WorkState.IN_PROGRESS)
    return events + _open(item, by, Plan(), cause, reason, now)


def call_automatically(item: WorkItem, cause: str, now: datetime) -> list[Event]:
    """Where somebody works on it and none was held in this round; otherwise its being due is all that is told."""
    if (
        item.disputed
        or item.work is not WorkState.IN_PROGRESS
        or any(one.round == item.round for one in item.consultations)
    ):
        return []
    return _open(item, TRIAGE, Plan(), cause, ACTIVE_CAUSES[cause].en, now)


def touches_several_modules(item: WorkItem) -> bool:
    """As engineers name them in this round, or as traces in logs show them: the ones are words of people, the others
    names of code, so that one of each says nothing."""
    named = {one for held in item.deep_analyses if held.round == item.round for one in held.modules}
    areas = sorted({area_of(one.module) for one in item.log_analyses if one.module})
    apart = [one for place, one in enumerate(areas) if not place or not is_within(one, areas[:place])]
    return max(len(named), len(apart)) >= SEVERAL


def prepare(item: WorkItem, by: Actor, plan: Plan, now: datetime) -> list[Event]:
    """Open one, or prepare the one that was called. Raises WrongState where one is prepared."""
    events = begin_work(item, by, now)
    held = _open_one(item)
    if held and not held.invited:
        return events + _change(item, held, by, plan, now)
    item.ensure_state(WorkState.IN_PROGRESS)
    return events + _open(item, by, plan, "lead", "", now)


def change(item: WorkItem, by: Actor, plan: Plan, now: datetime) -> list[Event]:
    """Raises NoOpenConsultation."""
    events = begin_work(item, by, now)
    return events + _change(item, _ensure_open(item), by, plan, now)


def cancel(item: WorkItem, by: Actor, reason: str, now: datetime) -> list[Event]:
    """It is concluded without a result, so that the ticket goes on; also when that was completed meanwhile. Raises
    NoOpenConsultation."""
    events = finish_work(item, by, now)
    held = _ensure_open(item)
    cancelled = TriageConsultationCancelled(
        subject=item.id,
        time=now,
        consultation=held.id,
        reason=reason,
        invitees=held.invitees,
        appointment=held.appointment,
        sequence=held.sequence + 1,
        title=item.title,
    )
    return events + record(item, cancelled, by)


def hear_answer(item: WorkItem, said: TicketInvitationAnswered, now: datetime) -> list[Event]:
    """By the link of whoever is invited; nothing when it is over, they are not invited any more, or it is the link
    of a mail that named another time. Raises TooEarly."""
    held = next((one for one in item.consultations if one.id == said.consultation), None)
    if held is None:
        raise TooEarly(f"an answer to {said.consultation} of {item.id}, of which nothing has been heard")
    who = next((one for one in held.invitees if one.id == said.invitee), None)
    is_old = said.sequence is not None and said.sequence < held.asked
    if held.concluded_at or who is None or is_old or said.answer not in ANSWERS:
        return []
    answered = TriageInvitationAnswered(
        subject=item.id,
        time=now,
        consultation=held.id,
        invitee=who.id,
        name=who.name,
        answer=said.answer,
        comment=said.comment,
    )
    return record(item, answered, Actor(said.actor))


def conclude(
    item: WorkItem,
    by: Actor,
    conclusions: str,
    action_items: Sequence[str],
    now: datetime,
    minutes: str = "",
    actions: Sequence[ActionItem] = (),
) -> list[Event]:
    """Also when the ticket was completed meanwhile. `actions` are numbered within the consultation. Raises
    NoOpenConsultation, Invalid."""
    events = finish_work(item, by, now)
    held = _ensure_open(item)
    if any(one.due_at <= now for one in actions):
        raise Invalid("An action item must be due in the future", "行动项的截止时间须晚于当前时间", "body.actions")
    concluded = TriageConsultationConcluded(
        subject=item.id,
        time=now,
        conclusions=conclusions,
        action_items=list(action_items),
        consultation=held.id,
        minutes=minutes,
        actions=[one.model_copy(update={"id": f"{_name(item, held)}{one.id}"}) for one in actions],
        title=item.title,
    )
    return events + record(item, concluded, by)


# ---- action items


def finish_action(item: WorkItem, by: Actor, id: str, result: str, now: datetime) -> list[Event]:
    """Once; also on a completed ticket. Raises ActionNotFound."""
    for held in item.consultations:
        for action in held.actions:
            if action.id == id:
                done = TriageActionDone(subject=item.id, time=now, consultation=held.id, action=id, result=result)
                return record(item, done, by) if action.done_at is None else []
    raise ActionNotFound(f"{item.id} has no action item {id}", f"{item.id} 没有行动项 {id}")


def remind(item: WorkItem, now: datetime) -> list[Event]:
    """Of one action item that is late; of the next one in a write of its own."""
    for held in item.consultations:
        for action in held.actions:
            if action.done_at is None and action.remind_at <= now:
                due = TriageActionDue(
                    subject=item.id,
                    time=now,
                    consultation=held.id,
                    action=action.as_item,
                    times=action.reminders + 1,
                    title=item.title,
                )
                return record(item, due, TRIAGE)
    return []


# ---- inside


def _open(item: WorkItem, by: Actor, plan: Plan, cause: str, reason: str, now: datetime) -> list[Event]:
    background, tried, stuck_at = prepared(item)
    opened = TriageConsultationOpened(
        subject=item.id,
        time=now,
        background=plan.background or background,
        tried=plan.tried or tried,
        stuck_at=plan.stuck_at or stuck_at,
        invited=plan.names,
        round=item.round,
        consultation=f"k{len(item.consultations) + 1}",
        called_by=cause,
        reason=reason,
        invitees=list(plan.invitees),
        appointment=plan.appointment,
        title=item.title,
    )
    return record(item, opened, by)


def _change(item: WorkItem, held: Consultation, by: Actor, plan: Plan, now: datetime) -> list[Event]:
    """The sequence grows with every change (RFC 5545, 3.8.7.4)."""
    stay = {one.id for one in plan.invitees}
    changed = TriageConsultationChanged(
        subject=item.id,
        time=now,
        consultation=held.id,
        background=plan.background or held.background,
        tried=plan.tried or held.tried,
        stuck_at=plan.stuck_at or held.stuck_at,
        invited=plan.names,
        invitees=list(plan.invitees),
        uninvited=[one for one in held.invitees if one.id not in stay],
        appointment=plan.appointment,
        moved_from=held.appointment if held.appointment != plan.appointment else None,
        sequence=held.sequence + 1,
        title=item.title,
    )
    return record(item, changed, by)


def _open_one(item: WorkItem) -> Consultation | None:
    """The latest: one that was called in an earlier round may never have been held."""
    return next((one for one in reversed(item.consultations) if one.concluded_at is None), None)


def _name(item: WorkItem, held: Consultation) -> str:
    return held.id or f"k{item.consultations.index(held) + 1}"


def _ensure_open(item: WorkItem) -> Consultation:
    held = _open_one(item)
    if held is None:
        raise NoOpenConsultation(f"{item.id} has no open consultation", f"{item.id} 没有进行中的会诊")
    return held
