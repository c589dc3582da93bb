"""Third parties: the team of another system, or a vendor, is asked and answers (P3.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.triage.work.activities import record
from services.triage.work.domain import WorkItem
from services.triage.work.outside_help import waiting_for
from services.triage.work.values import TRIAGE, Actor
from services.triage.work.worklog import begin_work
from shared.domain import Conflict, NotFound, TooEarly
from shared.events import (
    Event,
    TicketThirdPartyReplied,
    TriageThirdPartyAnswered,
    TriageThirdPartyEngaged,
    TriageThirdPartyOverdue,
)
from shared.terms import Text


class ThirdPartyNotEngaged(NotFound):
    title = Text("The third party is not engaged", "未在等待该第三方答复")


@dataclass(frozen=True)
class Request:
    """Who is asked for what: `attachments` of the ticket are shown on its page, and the customer where that is
    chosen."""

    party: str
    reason: str
    third_party: str = ""
    contact: str = ""
    email: str = ""
    language: str = "zh"
    title: str = ""
    attachments: Sequence[str] = ()
    show_customer: bool = False
    answer_within: timedelta | None = None


def engage(item: WorkItem, by: Actor, request: Request, now: datetime) -> list[Event]:
    events = begin_work(item, by, now)
    if waiting_for(item, request.party):
        party = request.party
        raise Conflict(f"{party} is already engaged on {item.id}", f"{party} 已在协助处理 {item.id}")
    engaged = TriageThirdPartyEngaged(
        subject=item.id,
        time=now,
        party=request.party,
        reason=request.reason,
        engagement=f"t{len(item.third_parties) + 1}",
        third_party=request.third_party,
        contact=request.contact,
        email=request.email,
        language=request.language,
        title=request.title or item.title,
        attachments=list(request.attachments),
        customer=" · ".join(filter(None, (item.company, item.customer))) if request.show_customer else "",
        due_at=now + request.answer_within if request.answer_within else None,
    )
    return events + record(item, engaged, by)


def record_reply(item: WorkItem, by: Actor, party: str, answer: str, now: datetime) -> list[Event]:
    """What they said by another way than their page."""
    events = begin_work(item, by, now)
    asked = waiting_for(item, party)
    if asked is None:
        raise ThirdPartyNotEngaged(f"{item.id} is not waiting for {party}", f"{item.id} 没有在等待 {party} 答复")
    answered = TriageThirdPartyAnswered(subject=item.id, time=now, party=party, answer=answer, engagement=asked.id)
    return events + record(item, answered, by)


def hear_reply(item: WorkItem, said: TicketThirdPartyReplied, now: datetime) -> list[Event]:
    """From their page, whoever has the ticket now; nothing when they have answered already. Raises TooEarly."""
    asked = next((one for one in item.third_parties if one.id == said.engagement), None)
    if asked is None:
        raise TooEarly(f"{said.party} answers about {item.id}, that it was asked has not been heard")
    if asked.answered_at or item.disputed:
        return []
    answered = TriageThirdPartyAnswered(
        subject=item.id,
        time=now,
        party=asked.party,
        answer=said.answer,
        engagement=asked.id,
        attachments=said.attachments,
    )
    return record(item, answered, Actor(said.actor))


def remind(item: WorkItem, now: datetime) -> list[Event]:
    """Of one third party that is late, once; of the next one in a write of its own."""
    for one in item.third_parties:
        if one.remind_at and one.remind_at <= now:
            overdue = TriageThirdPartyOverdue(
                subject=item.id,
                time=now,
                party=one.party,
                engagement=one.id,
                due_at=one.remind_at,
                contact=one.contact,
                email=one.email,
                language=one.language,
                title=one.title,
                reason=one.reason,
            )
            return record(item, overdue, TRIAGE)
    return []
