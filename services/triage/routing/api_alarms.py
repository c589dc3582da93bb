"""Alarms that stand, over HTTP."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter

from services.triage.work.access import Work
from services.triage.work.domain import WorkItem
from shared.http import Caller, Page, View, may
from shared.terms import Priority, Role

router = APIRouter(prefix="/v1/alarms", tags=["queue"])


class AlarmView(View):
    """An urgent ticket that nobody has, or that nobody has acknowledged in time."""

    ticket: str
    """The ticket's number"""
    title: str
    """What the problem is called"""
    customer: str
    """The customer's name"""
    company: str
    """Their company; empty if there is none"""
    priority: Priority
    """How urgent it is"""
    queue: str
    """The queue that it is in"""
    team: str
    """The team that it was escalated to; empty: everybody's"""
    assignee: str
    """Who has not acknowledged it, as a subject; empty if nobody has it"""
    assignee_name: str
    """Their name"""
    since: datetime
    """When the alarm was raised first"""
    times: int
    """How often it was raised since"""
    next_at: datetime | None
    """When it is raised once more, unless somebody acts"""
    notified: list[str]
    """Who is notified each time: every lead, and the assignee if there is one"""

    @classmethod
    def of(cls, item: WorkItem) -> Self:
        return cls(
            ticket=item.id,
            title=item.title,
            customer=item.customer,
            company=item.company,
            priority=item.priority,
            queue=item.queue,
            team=item.team,
            assignee=item.assignee,
            assignee_name=item.assignee_name,
            since=item.alarmed_since or item.opened_at,
            times=item.alarms,
            next_at=item.alarm_due_at,
            notified=[Role.LEAD.value, *(["assignee"] if item.assignee else [])],
        )


@router.get("")
async def list_alarms(work: Work, _: Annotated[Caller, may("queue:read")]) -> Page[AlarmView]:
    """List urgent tickets with an alarm that stands, because nobody has them or nobody has acknowledged them in time;
    in queue order, on one page of 200 at most. Clocks that are late are in the list of warnings."""
    return Page(items=[AlarmView.of(item) for item in await work.store.urgent_alarmed()], next=None)
