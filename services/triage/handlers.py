"""Everything the triage service can do."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from services.triage import facts, handling, traces
from services.triage.classify import Diagnosis, classify
from services.triage.domain import AlreadyTaken, WorkItem
from services.triage.engineers import Engineer, Level, choose
from services.triage.records import TRIAGE, LogAnalysis, Person
from services.triage.settings import TriageSettings
from services.triage.store import Engineers, Row, WorkItems
from services.triage.traces import Trace
from shared.bus import Bus
from shared.domain import Conflict, NotFound, Origin, Stale, Unavailable
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
    TriageAssigned,
    TriageReleased,
)
from shared.service import Now
from shared.terms import Category, Priority, Text
from shared.texts import beside

E = TypeVar("E", bound=Event)
MOST_FINGERPRINTS = 20
MOST_SEARCHED = 20_000
LOOKED_AT = 100  # rows at the head of the queue among which a claim finds one that fits


class NothingWaits(NotFound):
    title = Text("Nothing in the queue for you", "队列中没有适合的工单")


class OutOfOrder(Conflict):
    title = Text("Another ticket comes first", "请按队列顺序领取")


@dataclass(frozen=True)
class Triage:
    work: WorkItems
    engineers: Engineers
    bus: Bus
    settings: TriageSettings
    now: Now
    reserving: asyncio.Lock = field(default_factory=asyncio.Lock)

    # ---- facts about tickets

    async def begin(self, event: TicketOpened) -> None:
        diagnosis = await self._diagnose(event.problem)
        item, events = WorkItem.begin(event, diagnosis, self.now())
        senior = await self._reserve_senior(item) if item.needs_a_senior else None
        if senior:
            events += item.give_at_once(senior, self.now())
        there = await self.work.add(item, events, event)
        if senior and there.assignee != senior.id:
            await self._let_go(senior.id, item.id)

    async def learn(self, event: TicketQuestionsAnswered | TicketAmended) -> None:
        diagnosis = await self._diagnose(event.problem)

        def learn(item: WorkItem) -> list[Event]:
            if item.is_overtaken("problem", event):
                return []
            return item.learn(event.problem, diagnosis, self.now())

        item = await self.work.change(event.subject, learn, event)
        await self._see_to_urgency(item)

    async def complete(self, event: TicketCompleted) -> None:
        item = await self.work.change(event.subject, lambda item: facts.complete(item, event), event)
        if item.assignee:
            await self._settle(item, item.assignee)

    async def reopen(self, event: TicketReopened) -> None:
        before = await self.work.get(event.subject)
        engineer = await self.engineers.find(before.assignee) if before.assignee else None
        back = engineer if engineer and engineer.available else None
        item = await self.work.change(event.subject, lambda item: item.reopen(event, back, self.now()), event)
        if item.assignee:
            await self._settle(item, item.assignee)
        await self._see_to_urgency(item)

    def tell(self, fact: Callable[[WorkItem, E], list[Event]]) -> Callable[[E], Awaitable[object]]:
        """A handler that only tells the work item of a fact."""

        async def told(event: E) -> None:
            await self.work.change(event.subject, lambda item: fact(item, event), event)

        return told

    async def count(self, event: TriageAssigned | TriageReleased) -> None:
        """Who holds what follows from the work item, so repetition and disorder end in the same place."""
        if isinstance(event, TriageAssigned) and event.by == TRIAGE.sub:
            return  # was reserved before it was given
        item = await self.work.get(event.subject)
        await self._settle(item, event.engineer)
        if isinstance(event, TriageAssigned) and event.instead_of:
            await self._settle(item, event.instead_of)

    # ---- what people ask for

    async def do(self, ticket: str, decide: Callable[[WorkItem, datetime], list[Event]], origin: Origin) -> WorkItem:
        return await self.work.change(ticket, lambda item: decide(item, self.now()), origin)

    async def claim_next(self, engineer: Engineer, origin: Origin) -> WorkItem:
        """The most pressing that fits. Raises NothingWaits.

        An urgent one waits only while no senior engineer is available; then anybody's help is better than none.
        """
        if origin.key and (known := await self.work.claimed_with(origin.key, engineer.id)):
            return await self._claim(known, engineer, "", origin)
        for row in await self.work.most_pressing({"assignee": ""}, limit=LOOKED_AT):
            if _fits(engineer, row):
                try:
                    return await self._claim(row["id"], engineer, "", origin)
                except AlreadyTaken:
                    continue
        raise NothingWaits("no ticket in the queue fits your skills", "队列中没有与您技能匹配的工单")

    async def claim(self, ticket: str, engineer: Engineer, reason: str, origin: Origin) -> WorkItem:
        """This one; out of turn only with a reason. Raises AlreadyTaken, OutOfOrder."""
        if not reason:
            item = await self.work.get(ticket)
            if item.open and not item.assignee:
                await self._must_be_next(item, engineer)
        return await self._claim(ticket, engineer, reason, origin)

    async def assign(self, ticket: str, engineer: str, reason: str, by: Person, origin: Origin) -> WorkItem:
        chosen = await self.engineers.get(engineer)
        return await self.do(ticket, lambda item, now: item.assign(chosen, reason, by, now), origin)

    async def release(self, ticket: str, reason: str, by: Person, origin: Origin) -> WorkItem:
        item = await self.do(ticket, lambda item, now: item.release(reason, by, now), origin)
        return await self._see_to_urgency(item, but_not=by.sub)

    async def classify(
        self, ticket: str, category: Category, priority: Priority, reason: str, by: Person, origin: Origin
    ) -> WorkItem:
        item = await self.do(ticket, lambda item, now: item.classify(category, priority, reason, by, now), origin)
        return await self._see_to_urgency(item)

    async def analyse_log(
        self, ticket: str, text: str, attachment: str, root_cause: str, by: Person, origin: Origin
    ) -> tuple[WorkItem, LogAnalysis, list[Trace]]:
        found = await beside(len(text), traces.find, text)
        similar = await self._search("\n".join(trace.title for trace in found), found) if found else []
        id = "a" + hashlib.sha256(f"{attachment}\n{text}".encode()).hexdigest()[:12]
        item = await self.do(
            ticket,
            lambda item, now: handling.analyse_log(item, by, id, found, similar, root_cause, attachment, now),
            origin,
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

    async def give_out_urgent(self) -> None:
        """Urgent tickets that wait for a senior, to those who are available now."""
        for ticket in await self.work.urgent_unassigned():
            await self._see_to_urgency(await self.work.get(ticket))

    # ---- inside

    async def _diagnose(self, problem: Problem) -> Diagnosis:
        """Knowledge first (P3.3): what was solved before has a voice; without kb the words decide alone."""
        told = f"{problem.description}\n{problem.error_text}"
        found = await beside(len(told), traces.find, told)
        similar = await self._search(f"{problem.title}\n{told}", found)
        return await beside(len(told), classify, problem, similar, bool(found), self.settings.many_users)

    async def _search(self, text: str, found: list[Trace]) -> list[Suggestion]:
        marks = traces.fingerprints(found)[:MOST_FINGERPRINTS]
        question = SearchCases(text=text[:MOST_SEARCHED], fingerprints=marks)
        try:
            answer = await self.bus.ask("kb.search", question, FoundCases, within=self.settings.search_within)
        except Unavailable:
            return []
        return answer.suggestions

    async def _claim(self, ticket: str, engineer: Engineer, reason: str, origin: Origin) -> WorkItem:
        return await self.do(ticket, lambda item, now: item.claim(engineer, reason, origin.key, now), origin)

    async def _must_be_next(self, item: WorkItem, engineer: Engineer) -> None:
        """It may be the first of all, the first of its queue, or the first that fits."""
        rows = await self.work.most_pressing({"assignee": ""}, limit=LOOKED_AT)
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

    async def _reserve_senior(self, item: WorkItem, but_not: str = "") -> Engineer | None:
        """The senior for an urgent ticket, with the ticket counted as theirs; None when nobody is available.

        One after the other: many at once would all choose the same engineer, and all but one would choose again.
        """
        async with self.reserving:
            while True:
                seniors = [one for one in await self.engineers.available_seniors() if one.id != but_not]
                senior = choose(seniors, item.id, item.category, item.problem.product)
                if senior is None:
                    return None
                seen = Origin(TRIAGE.sub, if_match=senior.version)
                try:
                    return await self.engineers.change(senior.id, lambda one: one.hold(item.id, self.now()), seen)
                except Stale:
                    continue  # another replica gave them one, so they may no longer be the one with the fewest

    async def _see_to_urgency(self, item: WorkItem, but_not: str = "") -> WorkItem:
        """Give it to a senior engineer if it is urgent and nobody has it."""
        if not item.needs_a_senior:
            return item
        senior = await self._reserve_senior(item, but_not)
        if senior is None:
            return item
        given = await self.do(item.id, lambda item, now: item.give_at_once(senior, now), Origin(TRIAGE.sub))
        if given.assignee != senior.id:
            await self._let_go(senior.id, item.id)
        return given

    async def _offer_urgent_ones(self, engineer: Engineer) -> Engineer:
        if not (engineer.is_senior and engineer.available):
            return engineer
        await self.give_out_urgent()
        return await self.engineers.get(engineer.id)

    async def _settle(self, item: WorkItem, engineer: str) -> None:
        """Make the engineer's tickets agree with the work item."""
        if item.open and item.assignee == engineer:
            await self.engineers.change(engineer, lambda one: one.hold(item.id, self.now()), Origin(TRIAGE.sub))
        else:
            await self._let_go(engineer, item.id)

    async def _let_go(self, engineer: str, ticket: str) -> None:
        await self.engineers.change(engineer, lambda one: one.let_go(ticket), Origin(TRIAGE.sub))


def _fits(engineer: Engineer, row: Row) -> bool:
    return engineer.fits(Category.of(row["category"]), row["problem"].get("product", ""))
