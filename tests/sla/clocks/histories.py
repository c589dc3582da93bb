"""A small model of intake and triage: histories that a ticket may have, as the two services would publish them, with
what must follow for the clocks. Each service runs on several hosts, whose clocks differ."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.sla.clocks.timeline import FROM_THE_START
from shared.events import Event
from shared.terms import ClockKind, Priority, Satisfaction, WaitingFor
from shared.testing import NOON
from tests.sla import builders as tell

NONE, INFORMATION = WaitingFor.NONE, WaitingFor.CUSTOMER_INFORMATION
VERIFICATION, THIRD_PARTY = WaitingFor.CUSTOMER_VERIFICATION, WaitingFor.THIRD_PARTY
PRIORITIES = list(Priority)
MOST_SKEW = 5_000  # milliseconds
APART = timedelta(milliseconds=2 * MOST_SKEW + 1_000)
Act = Callable[[], None]


@dataclass
class TicketHistory:
    """`skews` are the clocks of intake's and triage's hosts; `host` is who does what comes next, at true time `now`.
    What is told before `known_from` is told by a release that knew no revisions, and whose hosts' clocks were right."""

    skews: dict[str, list[timedelta]]
    known_from: int = 0
    now: datetime = NOON
    at_work: str = "intake"
    host: int = 0
    knows: bool = False
    told: list[Event] = field(default_factory=list)
    revisions: dict[str, int] = field(default_factory=lambda: {"intake": 0, "triage": 0})
    waiting_for: WaitingFor = NONE
    priority: Priority | None = None
    confirmed: bool = False
    answered: bool = False
    consulted: bool = False
    was_closed: bool = False
    dissatisfied: bool = False
    called_back: bool = False
    resolved_at: datetime | None = None
    completed_at: datetime | None = None
    call_backs: int = 0
    others: dict[ClockKind, str] = field(default_factory=dict)  # state of the clocks that have no target as a rule

    # ---- what must follow

    def state_of(self, clock: ClockKind) -> str:
        asked = self.waiting_for == INFORMATION and self.priority is not Priority.URGENT
        paused = "paused" if asked or self.waiting_for == VERIFICATION else "running"
        match clock:
            case ClockKind.RESPONSE:
                return "stopped" if self.answered or self.was_closed else "running"
            case ClockKind.DIAGNOSIS:
                return "stopped" if self.confirmed or self.was_closed else paused
            case ClockKind.CONSULTATION:
                return "stopped" if self.consulted or self.resolved_at else paused
            case ClockKind.RESOLUTION:
                return "stopped" if self.resolved_at else paused
        return "running" if self.dissatisfied and not self.called_back and not self.completed_at else "stopped"

    @property
    def clocks(self) -> dict[ClockKind, str]:
        kinds = [*FROM_THE_START, *([ClockKind.CALL_BACK] if self.call_backs else [])]
        return {kind: self.state_of(kind) for kind in kinds} | self.others

    # ---- what may happen next

    def legal(self) -> list[Act]:
        """The last of them leads on through the process."""
        if self.completed_at:
            return [self.note, self.reopen]
        if self.resolved_at:
            if self.dissatisfied:
                return [self.reply, self.plan, self.complete] if self.called_back else [self.reply, self.call_back]
            return [self.reply, self.complete, self.rate_well, self.rate_badly]
        acts = [self.reply, self.note, self.answer_in_their_words, self.prioritise]
        if self.priority is None:
            return acts
        if self.waiting_for == VERIFICATION:
            return [self.reply, self.prioritise, self.reject, self.accept]
        acts += [] if self.confirmed else [self.confirm]
        acts += {NONE: [self.ask, self.engage], INFORMATION: [self.answer], THIRD_PARTY: [self.third_party_answers]}[
            self.waiting_for
        ]
        return [*acts, self.consult, self.verify]

    # ---- intake

    def open(self, waiting_for: WaitingFor) -> None:
        self.waiting_for = waiting_for
        self._tell("intake", lambda at: [tell.opened(at, waiting_for=waiting_for)])

    def reply(self) -> None:
        self.answered = self.answered or not self.was_closed or not self.completed_at
        self._stops(ClockKind.NEXT_RESPONSE)
        self._tell("intake", lambda at: [tell.message(at)])

    def note(self) -> None:
        self._tell("intake", lambda at: [tell.message(at, internal=True)])

    def answer_in_their_words(self) -> None:
        said = self._goes_on(INFORMATION)
        if self.state_of(ClockKind.RESPONSE) == "stopped":
            self.others[ClockKind.NEXT_RESPONSE] = "running"
        self._tell("intake", lambda at: [tell.message(at, by_staff=False, recorded_by="a-lin"), *said(at)])

    def ask(self) -> None:
        self._tell("intake", self._waits(INFORMATION))

    def answer(self) -> None:
        self._tell("intake", self._goes_on(INFORMATION))

    def accept(self) -> None:
        said = self._goes_on(VERIFICATION)
        self._tell("intake", lambda at: [*said(at), tell.accepted(at)])
        self.resolved_at, self.answered = self.told[-1].time, True

    def reject(self) -> None:
        said = self._goes_on(VERIFICATION)
        self._tell("intake", lambda at: [*said(at), tell.rejected(at)])

    def rate_well(self) -> None:
        self._tell("intake", lambda at: [tell.rated(Satisfaction.SATISFIED, at), tell.completed(at)])
        self._is_closed()

    def rate_badly(self) -> None:
        self.dissatisfied, self.called_back = True, False
        self.call_backs += 1
        self._tell("intake", lambda at: [tell.rated(Satisfaction.DISSATISFIED, at)])

    def call_back(self) -> None:
        self.called_back = True
        self._tell("intake", lambda at: [tell.called_back(at)])

    def plan(self) -> None:
        """One is agreed, or carried out."""
        if self.others.get(ClockKind.SECOND_PLAN) == "running":
            self._stops(ClockKind.SECOND_PLAN)
            self._tell("intake", lambda at: [tell.carried_out(at)])
        else:
            self.others[ClockKind.SECOND_PLAN] = "running"
            self._tell("intake", lambda at: [tell.planned(at, due_at=at + timedelta(hours=1) if self.host else None)])

    def complete(self) -> None:
        self._tell("intake", lambda at: [tell.completed(at)])
        self._is_closed()

    def reopen(self) -> None:
        self.resolved_at = self.completed_at = None
        self.dissatisfied = self.consulted = False
        self._tell("intake", lambda at: [tell.reopened(at)])

    # ---- triage, and what intake makes of it at once

    def prioritise(self) -> None:
        priority = PRIORITIES[self.revisions["triage"] % 3]
        first, self.priority = self.priority is None, priority
        if first:
            self._tell("triage", lambda at: [tell.diagnosed(priority, at, confirmed=False)])
        else:
            self._tell("triage", lambda at: [tell.reclassified(priority, at)])

    def confirm(self) -> None:
        self.confirmed = True
        self._tell("triage", lambda at: [tell.confirmed(at)])

    def consult(self) -> None:
        self.consulted = self.confirmed = True
        self._tell("triage", lambda at: [tell.confirmed(at), tell.consultation(at)])

    def engage(self) -> None:
        self.others[ClockKind.THIRD_PARTY] = "running"
        self._tell("triage", lambda at: [tell.engaged(at)])
        self._tell("intake", self._waits(THIRD_PARTY), by="triage")

    def third_party_answers(self) -> None:
        self._stops(ClockKind.THIRD_PARTY)
        self._tell("triage", lambda at: [tell.answered_by(at)])
        self._tell("intake", self._goes_on(THIRD_PARTY), by="triage")

    def verify(self) -> None:
        """Intake asks the customer, at the moment that triage names."""
        before = self.waiting_for
        ended, waits = self._goes_on(before), self._waits(VERIFICATION)
        self._tell("intake", lambda at: [*ended(at), *waits(at)], by="triage")
        self.answered = True
        self._stops(ClockKind.NEXT_RESPONSE)
        self.others[ClockKind.VERIFICATION_WAIT] = "running"

    # ---- inside

    def _stops(self, kind: ClockKind) -> None:
        if kind in self.others:
            self.others[kind] = "stopped"

    def _is_closed(self) -> None:
        self.others = dict.fromkeys(self.others, "stopped")
        self.completed_at, self.was_closed = self.told[-1].time, True

    def _waits(self, what: WaitingFor) -> Callable[[datetime], list[Event]]:
        self.waiting_for = what
        return lambda at: [tell.waiting(what, at)]

    def _goes_on(self, what: WaitingFor) -> Callable[[datetime], list[Event]]:
        if self.waiting_for != what or what == NONE:
            return lambda at: []
        self.waiting_for = NONE
        if what == VERIFICATION:
            self._stops(ClockKind.VERIFICATION_WAIT)
        return lambda at: [tell.resumed(what, at)]

    def _tell(self, maker: str, say: Callable[[datetime], list[Event]], by: str = "") -> None:
        """One change of the maker's; `by`: whose clock it is told by. Two services are not at work on a ticket within
        the difference of their clocks, unless one follows from the other; two hosts of one service may be."""
        if (by or maker) != self.at_work:
            self.now += APART
            self.at_work = by or maker
        self.revisions[maker] += 1
        known = len(self.told) >= self.known_from
        if not known:
            self.now += timedelta(milliseconds=1)  # where nothing but its time orders a fact, no two have the same
        elif not self.knows:
            self.now += APART
        self.knows = known
        hosts = self.skews[by or maker]
        at = self.now + (hosts[self.host % len(hosts)] if known else timedelta())
        revision = self.revisions[maker] if known else 0
        for event in say(at):
            id = f"{7919 * len(self.told) % 10_007:05}"  # always the same, in no order
            self.told.append(event.model_copy(update={"revision": revision, "id": id}))
