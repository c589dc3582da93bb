"""Facts about one ticket, as the other services would tell them, and one who hears them without bus or store."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.sla.app import Sla
from services.sla.calendars.catalog import CalendarCatalog
from services.sla.calendars.defaults import default_calendar
from services.sla.clocks.clock import Clock, ClockState
from services.sla.clocks.domain import TicketClocks
from services.sla.clocks.facts import fact_of
from services.sla.clocks.rules import Rules
from services.sla.policies.catalog import PolicyCatalog
from services.sla.policies.domain import Policy
from shared.events import (
    Contact,
    Event,
    Problem,
    TicketCalledBack,
    TicketCompleted,
    TicketFeedbackGiven,
    TicketMessagePosted,
    TicketOpened,
    TicketPlanAgreed,
    TicketPlanCarriedOut,
    TicketReopened,
    TicketResumed,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TicketWaiting,
    TriageConsultationOpened,
    TriageDiagnosed,
    TriageDiagnosisConfirmed,
    TriageReclassified,
    TriageThirdPartyAnswered,
    TriageThirdPartyEngaged,
)
from shared.terms import Category, Channel, ClockKind, Priority, Satisfaction, WaitingFor
from shared.testing import NOON, World

SHANGHAI = ZoneInfo("Asia/Shanghai")
TICKET = "TK-2026-000001"
PROBLEM = Problem(title="导出失败", description="导出 Excel 时崩溃")
DEFAULT_VERSION = Policy.default().terms[0]


# ---- intake's


def opened(at: datetime = NOON, subject: str = TICKET, company: str = "华东贸易有限公司", **more: Any) -> TicketOpened:
    return TicketOpened(
        subject=subject,
        time=at,
        problem=PROBLEM,
        customer="C-1",
        company=company,
        contact=Contact(name="王敏", sub="u-wang"),
        channel=Channel.ONLINE,
        taken_by="u-wang",
        **more,
    )


def message(at: datetime = NOON, **how: Any) -> TicketMessagePosted:
    known = {"message": "m-1", "author": "e-chen", "by_staff": True, "internal": False, "text": "您好"}
    return TicketMessagePosted(subject=TICKET, time=at, **{**known, **how})


def waiting(waiting_for: WaitingFor, at: datetime = NOON, **more: Any) -> TicketWaiting:
    return TicketWaiting(subject=TICKET, time=at, waiting_for=waiting_for, **more)


def resumed(waited_for: WaitingFor, at: datetime = NOON, **more: Any) -> TicketResumed:
    return TicketResumed(subject=TICKET, time=at, waited_for=waited_for, **more)


def accepted(at: datetime = NOON, **more: Any) -> TicketSolutionAccepted:
    return TicketSolutionAccepted(subject=TICKET, time=at, round=1, **more)


def rejected(at: datetime = NOON, **more: Any) -> TicketSolutionRejected:
    return TicketSolutionRejected(subject=TICKET, time=at, round=2, comment="还是报错", **more)


def rated(satisfaction: Satisfaction, at: datetime = NOON, **more: Any) -> TicketFeedbackGiven:
    return TicketFeedbackGiven(subject=TICKET, time=at, satisfaction=satisfaction, **more)


def called_back(at: datetime = NOON, **more: Any) -> TicketCalledBack:
    return TicketCalledBack(subject=TICKET, time=at, cause_of_dissatisfaction="沟通慢", **more)


def planned(at: datetime = NOON, **more: Any) -> TicketPlanAgreed:
    return TicketPlanAgreed(subject=TICKET, time=at, plan="每周跟进", **more)


def carried_out(at: datetime = NOON, **more: Any) -> TicketPlanCarriedOut:
    return TicketPlanCarriedOut(subject=TICKET, time=at, result="已恢复", **more)


def completed(at: datetime = NOON, **more: Any) -> TicketCompleted:
    return TicketCompleted(subject=TICKET, time=at, problem=PROBLEM, customer="C-1", opened_at=NOON, **more)


def reopened(at: datetime = NOON, **more: Any) -> TicketReopened:
    return TicketReopened(subject=TICKET, time=at, reason="又出现了", round=2, **more)


# ---- triage's


def diagnosed(priority: Priority, at: datetime = NOON, confirmed: bool = True, **more: Any) -> TriageDiagnosed:
    return TriageDiagnosed(
        subject=TICKET,
        time=at,
        category=Category.FUNCTION,
        priority=priority,
        queue="function",
        reasons=[],
        confirmed=confirmed,
        **more,
    )


def reclassified(priority: Priority, at: datetime = NOON, **more: Any) -> TriageReclassified:
    return TriageReclassified(subject=TICKET, time=at, category=Category.DATA, priority=priority, queue="data", **more)


def confirmed(at: datetime = NOON, **more: Any) -> TriageDiagnosisConfirmed:
    return TriageDiagnosisConfirmed(subject=TICKET, time=at, confirmed_by="e-chen", **more)


def consultation(at: datetime = NOON, **more: Any) -> TriageConsultationOpened:
    return TriageConsultationOpened(
        subject=TICKET, time=at, background="b", tried="t", stuck_at="s", invited=[], **more
    )


def engaged(at: datetime = NOON, party: str = "Oracle", **more: Any) -> TriageThirdPartyEngaged:
    return TriageThirdPartyEngaged(subject=TICKET, time=at, party=party, reason="ORA-00600", **more)


def answered_by(at: datetime = NOON, party: str = "Oracle", **more: Any) -> TriageThirdPartyAnswered:
    return TriageThirdPartyAnswered(subject=TICKET, time=at, party=party, answer="补丁 1234", **more)


# ---- who hears them


async def tell(world: World, event: Event) -> None:
    """Publish it when it happens, which is not before now."""
    world.time = max(world.time, event.time)
    await world.publish(event)


def default_rules() -> Rules:
    return Rules(PolicyCatalog([Policy.default()]), CalendarCatalog(lambda: NOON, [default_calendar()]))


RULES = default_rules()


@dataclass
class Listener:
    """One ticket's clocks, to which events and time are given; `version` counts as the store does."""

    rules: Rules = RULES
    ticket: TicketClocks = field(default_factory=lambda: TicketClocks(id=TICKET))
    published: list[Event] = field(default_factory=list)

    def receive(self, *events: Event, now: datetime | None = None) -> list[Event]:
        """What is told because of the last of them."""
        new: list[Event] = []
        for event in events:
            fact = fact_of(event, now or event.time)
            new = self._changed(self.ticket.record(fact, self.rules)) if fact else []
        return new

    def rebuild(self, *events: Event) -> None:
        """From what others told, and what was told by itself, in whatever order."""
        for event in events:
            if event.kind.startswith("sla."):
                self.ticket.restore_published(event)
            elif fact := fact_of(event, event.time):
                assert self.ticket.record(fact, self.rules, silent=True) == []

    def check_due(self, now: datetime) -> list[Event]:
        return self._changed(self.ticket.check_due(now, self.rules))

    def clock(self, kind: ClockKind) -> Clock:
        return self.ticket.clocks[kind]

    def _changed(self, events: Sequence[Event]) -> list[Event]:
        self.ticket.version += 1
        new = [event.model_copy(update={"revision": self.ticket.version}) for event in events]
        self.published += new
        return new


def a_listener(priority: Priority | None = None) -> Listener:
    listener = Listener()
    listener.receive(opened(revision=1))
    if priority:
        listener.receive(diagnosed(priority, revision=1))
    return listener


def running(listener: Listener) -> set[ClockKind]:
    return {kind for kind, clock in listener.ticket.clocks.items() if clock.state is ClockState.RUNNING}


def met(listener: Listener) -> set[ClockKind]:
    return {kind for kind, clock in listener.ticket.clocks.items() if clock.met_at}


# ---- in a running service


def shanghai(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def sla_of(world: World) -> Sla:
    sla: Sla = world.apps["sla"].state.service
    return sla


async def clocks_of(world: World) -> TicketClocks:
    return await sla_of(world).clocks.store.get(TICKET)
