"""Everything the triage service can do."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.triage.diagnosis import domain as diagnosing
from services.triage.diagnosis import stack_traces
from services.triage.diagnosis.classify import Diagnosis, classify
from services.triage.diagnosis.stack_traces import Trace
from services.triage.routing import assignment
from services.triage.routing.domain import Engineer, Level, LimitReached
from services.triage.routing.periodic_jobs import Chore, Chores
from services.triage.routing.store import Engineers
from services.triage.routing.workload import Loads
from services.triage.settings import TriageSettings
from services.triage.work import facts, solving
from services.triage.work.domain import AlreadyTaken, WorkItem
from services.triage.work.store import Row, WorkItems
from services.triage.work.values import BY_ITSELF, LogAnalysis, Person
from shared.bus import Bus
from shared.domain import Conflict, NotFound, Origin, Unavailable
from shared.events import (
    Event,
    FoundCases,
    Problem,
    SearchCases,
    Suggestion,
    TicketAmended,
    TicketCompleted,
    TicketOpened,
    TicketQuestionsAnswered,
    TicketReopened,
    TriageReclassified,
    TriageReleased,
)
from shared.service import Now
from shared.telemetry import REUSED
from shared.terms import Category, Priority, Text
from shared.texts import beside

logger = logging.getLogger(__name__)
MOST_FINGERPRINTS = 20
MOST_SEARCHED = 20_000
LOOKED_AT = 100  # rows at the head of the queue among which a claim finds one that fits
OFFER, COUNT = "offer", "count"


class NothingWaits(NotFound):
    title = Text("Nothing in the queue for you", "队列中没有适合的工单")


class OutOfOrder(Conflict):
    title = Text("Another ticket comes first", "请按队列顺序领取")


@dataclass(frozen=True)
class Triage:
    work: WorkItems
    engineers: Engineers
    loads: Loads
    chores: Chores
    bus: Bus
    settings: TriageSettings
    now: Now

    # ---- facts about tickets

    async def begin(self, event: TicketOpened) -> None:
        diagnosis = await self._diagnose(event.problem)
        item = facts.begin(event)
        events = diagnosing.diagnose(item, diagnosis, self.now())
        found = await self.loads.senior_for(item) if item.needs_a_senior else None

        async def give(senior: Engineer) -> WorkItem:
            return await self.work.add(item, events + assignment.give_at_once(item, senior, self.now()), event)

        if found:
            there = await self.loads.carry_out(found[1], found[0], give)
        else:
            there = await self.work.add(item, events, event)
        if there.opening not in ("", event.id) and not there.disputed:
            REUSED.labels("triage").inc()
            logger.error("%s was opened twice, by the events %s and %s", event.subject, there.opening, event.id)
            await self.hear(event)

    async def learn(self, event: TicketQuestionsAnswered | TicketAmended) -> None:
        diagnosis = await self._diagnose(event.problem)

        def learn(item: WorkItem) -> list[Event]:
            return diagnosing.rediagnose(item, diagnosis, self.now()) if facts.hear(item, event) else []

        item = await self.work.change(event.subject, learn, event)
        await self._see_to_urgency(item)

    async def hear(self, event: Event) -> WorkItem:
        """What the work item only has to be told."""

        def hear(item: WorkItem) -> list[Event]:
            facts.hear(item, event)
            return []

        return await self.work.change(event.subject, hear, event)

    async def complete(self, event: TicketCompleted) -> None:
        item = await self.hear(event)
        if item.assignee:
            await self.loads.settle(item, item.assignee)

    async def reopen(self, event: TicketReopened) -> None:
        before = await self.work.get(event.subject)
        who = before.assignee
        engineer = await self.engineers.find(who) if who else None

        async def take_up(back: Engineer | None) -> WorkItem:
            def reopen(item: WorkItem) -> list[Event]:
                if not facts.hear(item, event):
                    return []
                return assignment.take_up_again(item, event, who, back, self.now())

            return await self.work.change(event.subject, reopen, event)

        if engineer and engineer.available:
            try:
                item = await self.loads.give(before.id, before.version, before.is_urgent, who, take_up)
            except LimitReached:
                item = await take_up(None)
        else:
            item = await take_up(None)
        if who:
            await self.loads.settle(item, who)
        await self._see_to_urgency(item)

    # ---- what triage itself has told: whoever did it may not have got further

    async def released(self, event: TriageReleased) -> None:
        await self.loads.count(event)
        await self._see_to_urgency(await self.work.get(event.subject), but_not=event.engineer)

    async def reclassified(self, event: TriageReclassified) -> None:
        if event.priority is Priority.URGENT:
            await self._see_to_urgency(await self.work.get(event.subject))

    # ---- what people ask for

    async def do(
        self,
        ticket: str,
        decide: Callable[[WorkItem, datetime], list[Event]],
        origin: Origin,
        by: Person | None = None,
    ) -> WorkItem:
        """For `by`, only what those may ask for who have the ticket, or had it before."""
        allow = (lambda item: item.must_be_known_to(by)) if by else None
        return await self.work.change(ticket, lambda item: decide(item, self.now()), origin, allow)

    async def claim_next(self, engineer: Engineer, origin: Origin) -> WorkItem:
        """The most pressing that fits. Raises NothingWaits, LimitReached.

        An urgent one waits only while no senior engineer is available; then anybody's help is better than none.
        """
        if origin.key and (known := engineer.claimed_with(origin.key)):
            try:
                return await self._claim(await self.work.get(known), engineer, "", origin)
            except AlreadyTaken:
                pass  # it had been given to somebody else before they had it
        for row in await self._waiting():
            if not _fits(engineer, row):
                continue
            urgent = row["priority"] == Priority.URGENT
            try:
                return await self._take(row["id"], row["version"], urgent, engineer, "", origin)
            except AlreadyTaken:
                continue
        raise NothingWaits("no ticket in the queue fits your skills", "队列中没有与您技能匹配的工单")

    async def claim(self, ticket: str, engineer: Engineer, reason: str, origin: Origin) -> WorkItem:
        """This one; out of turn only with a reason. Raises AlreadyTaken, OutOfOrder, LimitReached."""
        item = await self.work.get(ticket)
        if not reason and item.open and not item.assignee:
            await self._must_be_next(item, engineer)
        return await self._claim(item, engineer, reason, origin)

    async def assign(self, ticket: str, engineer: str, reason: str, by: Person, origin: Origin) -> WorkItem:
        """Raises LimitReached: also a lead must make room first."""
        item = await self.work.get(ticket)

        async def give(chosen: Engineer) -> WorkItem:
            return await self.do(ticket, lambda item, now: assignment.assign(item, chosen, reason, by, now), origin)

        if not item.open or item.assignee == engineer:
            return await give(await self.engineers.get(engineer))
        try:
            given = await self.loads.give(ticket, item.version, item.is_urgent, engineer, give)
        except LimitReached as full:
            return await self._refuse(ticket, full, origin)
        if item.assignee:
            await self.loads.settle(given, item.assignee)
        return given

    async def release(self, ticket: str, reason: str, by: Person, origin: Origin) -> WorkItem:
        item = await self.do(ticket, lambda item, now: assignment.release(item, reason, by, now), origin, by)
        if not item.last_assignee:
            return item
        await self.loads.settle(item, item.last_assignee)
        return await self._see_to_urgency(item, but_not=item.last_assignee)

    async def classify(
        self, ticket: str, category: Category, priority: Priority, reason: str, by: Person, origin: Origin
    ) -> WorkItem:
        def allow(item: WorkItem) -> None:
            if item.assignee:
                item.must_be_known_to(by)

        def decide(item: WorkItem) -> list[Event]:
            return diagnosing.classify(item, category, priority, reason, by, self.now())

        return await self._see_to_urgency(await self.work.change(ticket, decide, origin, allow))

    async def analyse_log(
        self, ticket: str, text: str, attachment: str, root_cause: str, by: Person, origin: Origin
    ) -> tuple[WorkItem, LogAnalysis, list[Trace]]:
        found = await beside(len(text), stack_traces.find, text)
        similar = await self._search("\n".join(trace.title for trace in found), found) if found else []
        id = "a" + hashlib.sha256(f"{attachment}\n{text}".encode()).hexdigest()[:12]
        item = await self.do(
            ticket,
            lambda item, now: solving.analyse_log(item, by, id, found, similar, root_cause, attachment, now),
            origin,
            by,
        )
        analysis = next(one for one in item.log_analyses if one.id == id)
        return item, analysis, found

    # ---- engineers

    async def registered(self, sub: str, name: str = "", email: str = "", language: str = "") -> Engineer:
        """The engineer; whoever is not known yet is entered, and there, since they have just asked for something."""
        known = await self.engineers.find(sub)
        if known:
            return known
        new = Engineer(id=sub, name=name or sub, email=email, language=language or "zh", available=True)
        return await self.engineers.add(new, [], Origin(sub))

    async def describe(
        self, sub: str, name: str, email: str, language: str, level: Level, skills: list[str], capacity: int, by: Origin
    ) -> Engineer:
        await self.engineers.add(Engineer(id=sub, name=name), [], Origin(by.actor))
        engineer = await self.engineers.change(
            sub, lambda one: one.describe(name, email, language, level, skills, capacity), by
        )
        return await self._offer_urgent_ones(engineer)

    async def set_available(self, sub: str, available: bool, by: Origin) -> Engineer:
        engineer = await self.engineers.change(sub, lambda one: one.be_available(available), by)
        return await self._offer_urgent_ones(engineer)

    # ---- by time

    async def set_chores(self) -> None:
        for id in (OFFER, COUNT):
            await self.chores.add(Chore(id=id, due_at=self.now()), [], BY_ITSELF)

    async def do_chores(self, ids: Sequence[str]) -> None:
        offer, count = timedelta(seconds=self.settings.offer_every), timedelta(seconds=self.settings.count_every)
        jobs = {OFFER: (offer, self.give_out_urgent), COUNT: (count, self.loads.mend)}
        for id in ids:
            await self.chores.turn(id, *jobs[id], BY_ITSELF)

    async def give_out_urgent(self) -> None:
        """Urgent tickets that wait for a senior, to those who are available now."""
        for ticket in await self.work.urgent_unassigned():
            item = await self._see_to_urgency(await self.work.get(ticket))
            if item.needs_a_senior:
                break  # nobody is there

    # ---- inside

    async def _diagnose(self, problem: Problem) -> Diagnosis:
        """Knowledge first (P3.3): what was solved before has a voice; without kb the words decide alone."""
        told = f"{problem.description}\n{problem.error_text}"
        found = await beside(len(told), stack_traces.find, told)
        similar = await self._search(f"{problem.title}\n{told}", found)
        return await beside(len(told), classify, problem, similar, bool(found), self.settings.many_users)

    async def _search(self, text: str, found: list[Trace]) -> list[Suggestion]:
        marks = stack_traces.fingerprints(found)[:MOST_FINGERPRINTS]
        question = SearchCases(text=text[:MOST_SEARCHED], fingerprints=marks)
        try:
            answer = await self.bus.ask("kb.search", question, FoundCases, within=self.settings.search_within)
        except Unavailable:
            return []
        return answer.suggestions

    async def _claim(self, item: WorkItem, engineer: Engineer, reason: str, origin: Origin) -> WorkItem:
        if item.open and not item.assignee:
            return await self._take(item.id, item.version, item.is_urgent, engineer, reason, origin)
        return await self.do(item.id, lambda item, now: assignment.claim(item, engineer, reason, now), origin)

    async def _take(
        self, ticket: str, version: int, urgent: bool, engineer: Engineer, reason: str, origin: Origin
    ) -> WorkItem:
        async def give(there: Engineer) -> WorkItem:
            return await self.do(ticket, lambda item, now: assignment.claim(item, there, reason, now), origin)

        try:
            return await self.loads.give(ticket, version, urgent, engineer.id, give, origin.key)
        except LimitReached as full:
            return await self._refuse(ticket, full, origin)

    async def _refuse(self, ticket: str, full: LimitReached, origin: Origin) -> WorkItem:
        """But not who asks for what was done for them before, nor before other things that are wrong."""

        def refuse(item: WorkItem, _: datetime) -> list[Event]:
            item.must_be_open()
            raise full

        return await self.do(ticket, refuse, origin)

    async def _waiting(self) -> list[Row]:
        """The head of the queue, without what is disputed: of that a person has to say first whose it is."""
        rows = await self.work.most_pressing({"assignee": ""}, limit=LOOKED_AT)
        return [row for row in rows if not row.get("disputed")]

    async def _must_be_next(self, item: WorkItem, engineer: Engineer) -> None:
        """It may be the first of all, the first of its queue, or the first that fits."""
        rows = await self._waiting()
        heads = [
            next(iter(rows), None),
            next((row for row in rows if row["queue"] == item.queue), None),
            next((row for row in rows if _fits(engineer, row)), None),
        ]
        first = next((row["id"] for row in heads if row), item.id)
        if all(row is None or row["id"] != item.id for row in heads) and first != item.id:
            raise OutOfOrder(
                f"{first} comes before {item.id}; say why it cannot wait", f"{first} 排在 {item.id} 之前，请说明原因"
            )

    async def _see_to_urgency(self, item: WorkItem, but_not: str = "") -> WorkItem:
        """Give it to a senior engineer if it is urgent and nobody has it."""
        if not item.needs_a_senior:
            return item
        found = await self.loads.senior_for(item, but_not)
        if found is None:
            return item
        senior, promise = found

        async def give(senior: Engineer) -> WorkItem:
            return await self.do(item.id, lambda item, now: assignment.give_at_once(item, senior, now), BY_ITSELF)

        return await self.loads.carry_out(promise, senior, give)

    async def _offer_urgent_ones(self, engineer: Engineer) -> Engineer:
        if not (engineer.is_senior and engineer.available):
            return engineer
        await self.give_out_urgent()
        return await self.engineers.get(engineer.id)


def _fits(engineer: Engineer, row: Row) -> bool:
    return engineer.fits(Category.of(row["category"]), row["problem"].get("product", ""))
