"""An expert consultation on a work item: opened, and concluded (P3.4)."""

from collections.abc import Sequence
from datetime import datetime

from services.triage.work.activities import record
from services.triage.work.domain import WorkItem
from services.triage.work.values import Actor, WorkState
from services.triage.work.worklog import begin_work
from shared.domain import NotFound
from shared.events import Event, TriageConsultationConcluded, TriageConsultationOpened
from shared.terms import Text


class NoOpenConsultation(NotFound):
    title = Text("No open consultation", "没有进行中的会诊")


def open_consultation(
    item: WorkItem, by: Actor, background: str, tried: str, stuck_at: str, invited: Sequence[str], now: datetime
) -> list[Event]:
    events = begin_work(item, by, now)
    item.ensure_state(WorkState.IN_PROGRESS)
    opened = TriageConsultationOpened(
        subject=item.id,
        time=now,
        background=background,
        tried=tried,
        stuck_at=stuck_at,
        invited=list(invited),
        round=item.round,
    )
    return events + record(item, opened, by)


def conclude(item: WorkItem, by: Actor, conclusions: str, action_items: Sequence[str], now: datetime) -> list[Event]:
    events = begin_work(item, by, now)
    if all(one.concluded_at for one in item.consultations):
        raise NoOpenConsultation(f"{item.id} has no open consultation", f"{item.id} 没有进行中的会诊")
    concluded = TriageConsultationConcluded(
        subject=item.id, time=now, conclusions=conclusions, action_items=list(action_items)
    )
    return events + record(item, concluded, by)
