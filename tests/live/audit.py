"""Afterwards everything is there once: nothing lost, nothing doubled, nothing half done."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from shared.terms import Priority
from tests.live import stream
from tests.live.crowd import Crowd
from tests.live.desk import Json
from tests.live.facts import Facts
from tests.live.wishes import Then, Wish

CLOCKS = {"response", "resolution", "diagnosis", "consultation"}
RESPONSE_TARGET = {Priority.URGENT: 2 * 3600, Priority.HIGH: 8 * 3600, Priority.NORMAL: 24 * 3600}
SHOWN = 12


async def everything_is_there_once(crowd: Crowd) -> None:
    """Waits for rest, then looks at everything and tells all that is wrong at once."""
    await stream.rest(crowd.desk.stack)
    audit = Audit(crowd, await Facts.of(crowd))
    audit.look()
    assert not audit.wrong, f"{len(audit.wrong)} faults:\n" + "\n".join(audit.wrong[:SHOWN])


@dataclass
class Audit:
    crowd: Crowd
    facts: Facts
    wrong: list[str] = field(default_factory=list)

    def look(self) -> None:
        self.same("answers 500", self.crowd.desk.accidents, [])
        for service, letters in self.facts.dead.items():
            self.same(f"dead letters of {service}", [(one["subject"], one["error"]) for one in letters], [])
        self.look_at_the_whole()
        for wish, number in self.crowd.opened.items():
            for look in (self.look_at_ticket, self.look_at_events, self.look_at_work, self.look_at_clocks):
                try:
                    look(wish, number)
                except (KeyError, TypeError) as error:
                    self.wrong.append(f"{look.__name__} {number}: it is not there, or not whole: {error!r}")
        self.look_at_deliveries()

    # ---- how to complain

    def same(self, what: str, found: Any, expected: Any) -> None:
        if found != expected:
            self.wrong.append(f"{what}: {str(found)[:600]}, not {str(expected)[:600]}")

    def once(self, what: str, found: Iterable[Any]) -> None:
        self.same(f"twice in {what}", [one for one, count in Counter(found).items() if count > 1], [])

    def counts(self, what: str, found: Counter[str], expected: Counter[str]) -> None:
        """Only of what is expected; kinds that depend on the moment are not."""
        self.same(what, {name: found[name] for name in expected if found[name] != expected[name]}, {})

    # ---- all of them

    def look_at_the_whole(self) -> None:
        opened, facts = self.crowd.opened, self.facts
        self.once("tickets of two wishes", opened.values())
        self.once("numbers in the list", (row["number"] for row in facts.listed))
        known = {number: wish.title for wish, number in opened.items()}
        self.same("tickets in the list", {row["number"]: row["title"] for row in facts.listed}, known)
        self.once("ids of events", (event["id"] for event in facts.events))
        told = {event["subject"] for event in facts.events if event["kind"] == "ticket.opened"}
        self.same("tickets that were told of", told, {*known})
        learnt = Counter(event["data"]["ticket"] for event in facts.events if event["kind"] == "kb.article_drafted")
        solved = Counter(number for wish, number in opened.items() if wish.has(Then.SOLVED))
        self.same("drafts of articles", learnt, solved)
        for engineer in facts.engineers:
            theirs = [n for n, item in facts.work.items() if item.get("open") and item["assignee"] == engineer["id"]]
            self.same(f"tickets that {engineer['id']} holds", sorted(engineer["tickets"]), sorted(theirs))

    # ---- one of them, in each service

    def look_at_ticket(self, wish: Wish, number: str) -> None:
        ticket = self.facts.tickets[number]
        found = (ticket["priority"], ticket["stage"], ticket["waiting_for"])
        self.same(f"{number} in intake", found, (wish.priority, wish.stage, wish.waiting_for))
        whose = wish.assignments > wish.has(Then.PASSED_ON)
        self.same(f"{number} is somebody's", bool(ticket["assignee"]), whose)
        self.same(f"messages of {number}", len(ticket["messages"]), wish.messages)
        self.same(f"rounds of {number}", len(ticket["rounds"]), wish.has(Then.SOLVED))
        self.same(f"consents of {number}", len(ticket["consents"]), wish.has(Then.CONSENTED))

    def look_at_events(self, wish: Wish, number: str) -> None:
        events = self.facts.events_of(number)
        self.counts(f"events of {number}", Counter(event["kind"] for event in events), wish.events)
        by_clock: dict[str, list[str]] = {"sla.clock_started": [], "sla.met": []}
        for event in events:
            if event["kind"] in by_clock:
                by_clock[event["kind"]].append(event["data"]["clock"])
        self.same(f"clocks started for {number}", set(by_clock["sla.clock_started"]), CLOCKS)
        self.once(f"clocks met of {number}", by_clock["sla.met"])
        met = ("response" in by_clock["sla.met"], "resolution" in by_clock["sla.met"])
        self.same(f"response and resolution met of {number}", met, (wish.has(Then.REPLIED), wish.has(Then.SOLVED)))

    def look_at_work(self, wish: Wish, number: str) -> None:
        item, ticket, clocks = (found[number] for found in (self.facts.work, self.facts.tickets, self.facts.clocks))
        for name in ("priority", "category", "waiting_for", "assignee", "stage", "problem"):
            self.same(f"{name} of {number} in triage", item[name], ticket[name])
        self.same(f"first deadline of {number} in triage", item["next_due"], clocks["next_due_at"])
        self.same(f"consents of {number} in triage", item["consents"], [])
        self.counts(f"worklog of {number}", Counter(entry["did"] for entry in item["worklog"]), wish.worklog)

    def look_at_clocks(self, wish: Wish, number: str) -> None:
        there, ticket = self.facts.clocks[number], self.facts.tickets[number]
        for name in ("priority", "waiting_for", "opened_at"):
            self.same(f"{name} of {number} in sla", there[name], ticket[name])
        clocks = {clock["clock"]: clock for clock in there["clocks"]}
        self.same(f"clocks of {number}", set(clocks), CLOCKS)
        for kind, clock in clocks.items():
            self.look_at_ledger(f"{kind} clock of {number}", clock, ticket["opened_at"])
        response, solved = clocks["response"], wish.has(Then.SOLVED)
        stopped = solved or wish.has(Then.REPLIED)
        self.same(f"response clock of {number}", response["state"], "stopped" if stopped else "running")
        # A reply may come before the diagnosis: then it was an answer to a normal ticket.
        targets = {RESPONSE_TARGET[wish.priority], *([RESPONSE_TARGET[Priority.NORMAL]] if stopped else [])}
        self.same(f"response target of {number}", response["target_seconds"] in targets, True)
        state = "stopped" if solved else "running" if wish.waiting_for == "none" else "paused"
        self.same(f"resolution clock of {number}", clocks["resolution"]["state"], state)

    def look_at_ledger(self, what: str, clock: Json, opened_at: str) -> None:
        """It begins with the ticket, has no holes, is open only at its end, and its running parts are what elapsed."""
        ledger = clock["ledger"]
        self.same(f"beginning of the {what}", ledger[0]["start"], opened_at)
        ends, starts = [part["end"] for part in ledger[:-1]], [part["start"] for part in ledger[1:]]
        self.same(f"ledger of the {what}", ends, starts)
        self.same(f"end of the {what}", ledger[-1]["end"] is None, clock["state"] != "stopped")
        counted = sum(part["seconds"] for part in ledger if part["kind"] == "run")
        if abs(counted - clock["elapsed_seconds"]) > 0.001 * len(ledger):
            self.wrong.append(f"sum of the {what}: {counted}, not {clock['elapsed_seconds']}")

    # ---- who was told

    def look_at_deliveries(self) -> None:
        told = Counter((one["ticket"], one["template"], one["recipient"]) for one in self.facts.deliveries)
        must: Counter[tuple[str, str, str]] = Counter()
        may: Counter[tuple[str, str, str]] = Counter()
        for wish, number in self.crowd.opened.items():
            must.update((number, template, wish.customer.sub) for template in wish.told)
            if wish.has(Then.SOLVED):
                must[number, "article_drafted", "role:kb_editor"] += 1
            # An assignment that is heard when another has taken its place is told to nobody.
            may[number, "assigned", wish.customer.sub] += wish.assignments
            for engineer in {
                event["data"]["engineer"] for event in self.facts.events_of(number) if "engineer" in event["data"]
            }:
                may[number, "work_assigned", engineer] += 1
                may.update((number, template, engineer) for template in ("questions_answered", "customer_wrote"))
            assignee = self.facts.tickets[number].get("assignee")
            if assignee:
                must[number, "work_assigned", assignee] += 1
                must[number, "assigned", wish.customer.sub] += 1
        self.same("what nobody was told", sorted((must - told).elements()), [])
        self.same("what was told for nothing", sorted((told - (must | may)).elements()), [])
