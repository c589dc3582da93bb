"""Afterwards everything is there once: nothing lost, nothing doubled, nothing half done."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.terms import Priority
from tests.live import stream
from tests.live.crowd import ENGINEER, Crowd
from tests.live.desk import Json
from tests.live.facts import Facts
from tests.live.wishes import Then, Wish

CLOCKS = {"response", "resolution", "diagnosis", "consultation"}  # from the opening on
RESPONSE_TARGET = {Priority.URGENT: 2 * 3600, Priority.HIGH: 8 * 3600, Priority.NORMAL: 24 * 3600}
OF_NO_TICKET = {"incident_proposed", "year_missing"}  # these depend on how the texts look beside each other, on the day
SHOWN = 25  # kinds of faults
NUMBER = re.compile(r"TK-\d+-\d+")


def nothing_else(_: Facts) -> list[str]:
    return []


async def faults_found(crowd: Crowd, also: Callable[[Facts], list[str]] = nothing_else, for_long: bool = False) -> str:
    """Waits for rest, then looks at everything: what is wrong, of each kind one, or nothing; `also` may find more.
    `for_long`: something was away for so long that the stream has forgotten ids and may have an event twice, that
    urgent tickets which nobody could accept were given to others, and that clocks and alarms went off."""
    await stream.rest(crowd.desk.stack)
    facts = await Facts.of(crowd)
    audit = Audit(crowd, facts, for_long)
    audit.look()
    wrong = [*audit.wrong, *also(facts)]
    return f"{len(wrong)} faults:\n{summary(wrong)}" if wrong else ""


def summary(wrong: Sequence[str]) -> str:
    """Each kind of fault with how often it was found, and one of them."""
    kinds: dict[str, list[str]] = {}
    for fault in wrong:
        kinds.setdefault(NUMBER.sub("a ticket", fault).partition(":")[0], []).append(fault)
    often = sorted(kinds.values(), key=len, reverse=True)
    return "\n".join(f"{len(faults)} × {faults[0]}" for faults in often[:SHOWN])


OF_TIME = {"alarm", "clock_warned", "clock_overdue", "clock_breached"}  # what is said because time has passed


@dataclass
class Audit:
    crowd: Crowd
    facts: Facts
    for_long: bool = False
    wrong: list[str] = field(default_factory=list)

    @property
    def looks(self) -> tuple[Callable[[Wish, str], None], ...]:
        """At one ticket, in one service after the other."""
        in_each = (
            self.look_at_ticket,
            self.look_at_work,
            self.look_at_clocks,
            self.look_at_memory,
            self.look_at_contact,
        )
        return (*in_each, self.look_at_events)

    def look(self) -> None:
        self.same("answers 500", self.crowd.desk.failures, [])
        for service, letters in self.facts.dead.items():
            self.same(f"dead letters of {service}", [(one["subject"], one["error"]) for one in letters], [])
        self.look_at_the_whole()
        for wish, number in self.crowd.opened.items():
            for look in self.looks:
                try:
                    look(wish, number)
                except (KeyError, TypeError, IndexError, StopIteration) as error:
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

    def given_again(self, wish: Wish, number: str) -> int:
        """To another engineer, as nobody had accepted it in time."""
        given = sum(event["kind"] == "triage.assigned" for event in self.facts.events_of(number))
        return max(given - wish.assignments, 0) if self.for_long else 0

    def is_of_time(self, template: str) -> bool:
        return self.for_long and template in OF_TIME

    # ---- all of them

    def look_at_the_whole(self) -> None:
        opened, facts = self.crowd.opened, self.facts
        self.once("tickets of two wishes", opened.values())
        self.once("numbers in the list", (row["ticket"] for row in facts.listed))
        known = {number: wish.title for wish, number in opened.items()}
        self.same("tickets in the list", {row["ticket"]: row["title"] for row in facts.listed}, known)
        if not self.for_long:
            self.same("twice in the stream", facts.doubles, [])
        told = {event["subject"] for event in facts.events if event["kind"] == "ticket.opened"}
        self.same("tickets that were told of", told, {*known})
        learnt = Counter(article["ticket"] for article in facts.articles)
        self.same("articles", learnt, Counter(number for wish, number in opened.items() if wish.solved))
        for engineer in facts.engineers:
            theirs = [n for n, item in facts.work.items() if item.get("open") and item["assignee"] == engineer["id"]]
            held = set(engineer["tickets"])
            self.same(
                f"tickets too much, too few of {engineer['id']}", (held - {*theirs}, {*theirs} - held), (set(), set())
            )

    # ---- one of them, in each service

    def look_at_ticket(self, wish: Wish, number: str) -> None:
        ticket = self.facts.tickets[number]
        found = (ticket["priority"], ticket["stage"], ticket["waiting_for"])
        self.same(f"{number} in intake", found, (wish.priority, wish.stage, wish.waiting_for))
        self.same(f"{number} is somebody's", bool(ticket["assignee"]), wish.is_somebodys)
        self.same(f"messages of {number}", len(ticket["messages"]), wish.messages)
        self.same(f"rounds of {number}", len(ticket["rounds"]), wish.rounds)
        self.same(f"consents of {number}", len(ticket["consents"]), wish.has(Then.CONSENTED))
        closed = (ticket["completed_at"] is None, ticket["resolved_at"] is None)
        self.same(f"{number} is open, unresolved", closed, (not wish.solved, not wish.solved))

    def look_at_events(self, wish: Wish, number: str) -> None:
        events = self.facts.events_of(number)
        kinds = Counter(event["kind"] for event in events)
        kinds["triage.assigned"] -= self.given_again(wish, number)
        self.counts(f"events of {number}", kinds, wish.events)
        moves = sorted((e["revision"], e["data"]) for e in events if e["kind"] == "ticket.stage_changed")
        way = ["intake", *(move["to"] for _, move in moves)]
        self.same(f"stages that {number} left", [move["from"] for _, move in moves], way[:-1])
        self.same(f"last stage of {number} that was told", way[-1], self.facts.tickets[number]["stage"])
        # A fact that comes late may move the moment: what was told last holds.
        met = sorted((e["revision"], e["data"]["clock"], e["time"]) for e in events if e["kind"] == "sla.met")
        told = {clock: moment(time) for _, clock, time in met}
        judged = [clock for clock in self.facts.clocks[number]["clocks"] if clock["target_seconds"]]
        shown = {clock["clock"]: moment(clock["met_at"]) for clock in judged if clock["met_at"]}
        self.same(f"clocks met of {number}", told, shown)

    def look_at_work(self, wish: Wish, number: str) -> None:
        item, ticket, clocks = (found[number] for found in (self.facts.work, self.facts.tickets, self.facts.clocks))
        for name in ("priority", "category", "waiting_for", "assignee", "problem", "round", "satisfaction"):
            self.same(f"{name} of {number} in triage", item[name], ticket[name])
        self.same(f"{number} is open in triage", item["open"], ticket["completed_at"] is None)
        self.same(f"first deadline of {number} in triage", item["due_at"], clocks["due_at"])
        self.same(f"consents of {number} in triage", item["consents"], [])
        self.same(f"rounds of {number} in triage", len(item["proposals"]), wish.rounds)
        done = Counter(entry["did"] for entry in item["worklog"])
        done["assigned"] -= self.given_again(wish, number)
        self.counts(f"worklog of {number}", done, wish.worklog)

    def look_at_clocks(self, wish: Wish, number: str) -> None:
        there, ticket, record = (found[number] for found in (self.facts.clocks, self.facts.tickets, self.facts.records))
        for name in ("priority", "waiting_for", "opened_at", "resolved_at"):
            self.same(f"{name} of {number} in sla", there[name], ticket[name])
        self.same(f"satisfaction of {number} in sla", record["satisfaction"], ticket["satisfaction"])
        self.same(f"completed_at of {number} in sla", record["completed_at"], moment(ticket["completed_at"]))
        clocks = {clock["clock"]: clock for clock in there["clocks"] if clock["clock"] in CLOCKS}
        self.same(f"clocks of {number}", {*clocks}, CLOCKS)
        for kind, clock in clocks.items():
            self.look_at_ledger(f"{kind} clock of {number}", clock, ticket["opened_at"])
        later = [clock for clock in (*there["clocks"], *there["earlier"]) if clock["clock"] not in CLOCKS]
        self.same(f"later clocks of {number}", {clock["clock"] for clock in later}, wish.later_clocks)
        for clock in later:
            self.look_at_ledger(f"{clock['clock']} clock of {number}", clock, clock["ledger"][0]["started_at"])
        calls = [clock["state"] for clock in later if clock["clock"] == "call_back"]
        self.same(f"call-backs of {number}", calls, ["stopped"] * wish.has(Then.BLAMED))
        response = clocks["response"]
        stopped = wish.solved or wish.has(Then.REPLIED)
        self.same(f"response clock of {number}", response["state"], "stopped" if stopped else "running")
        # A reply may come before the diagnosis: then it was an answer to a normal ticket.
        targets = {RESPONSE_TARGET[wish.priority], *([RESPONSE_TARGET[Priority.NORMAL]] if stopped else [])}
        self.same(f"response target of {number}", response["target_seconds"] in targets, True)
        pauses = wish.waiting_for != "none" and wish.priority is not Priority.URGENT
        state = "stopped" if wish.solved else "paused" if pauses else "running"
        resolution = clocks["resolution"]
        self.same(f"resolution clock of {number}", resolution["state"], state)
        self.same(f"resolution clock of {number} is met", bool(resolution["met_at"]), bool(wish.solved))

    def look_at_memory(self, wish: Wish, number: str) -> None:
        """The case tells of the last completion, and the article of the solution that the customer said yes to."""
        if not wish.solved:
            return
        case, ticket = self.facts.cases[number], self.facts.tickets[number]
        for name in ("priority", "category", "assignee", "problem", "satisfaction", "opened_at", "resolved_at"):
            self.same(f"{name} of {number} in kb", case[name], ticket[name])
        self.same(f"case of {number}", (case["state"], case["archived_at"]), ("archived", ticket["completed_at"]))
        self.same(
            f"rounds of {number} in kb", [r["round"] for r in case["rounds"]], [r["round"] for r in ticket["rounds"]]
        )
        solution = ticket["rounds"][-1]["solution"]
        article = next(one for one in self.facts.articles if one["ticket"] == number)
        self.same(f"solution of {number} in kb", (case["solution"], article["solution"]), (solution, solution))
        self.same(f"article of {number}", (case["article"], article["state"]), (article["id"], "draft"))

    def look_at_contact(self, wish: Wish, number: str) -> None:
        contact, ticket = self.facts.contacts[number], self.facts.tickets[number]
        assignee = contact["assignee"]["sub"] if contact["assignee"] else ""
        self.same(f"assignee of {number} in notify", assignee, ticket["assignee"])
        self.same(f"customer of {number} in notify", contact["customer"]["sub"], wish.customer.sub)

    def look_at_ledger(self, what: str, clock: Json, opened_at: str) -> None:
        """It begins with the ticket, has no holes, is open only at its end, and its running parts are what elapsed."""
        ledger = clock["ledger"]
        self.same(f"beginning of the {what}", ledger[0]["started_at"], opened_at)
        ends, starts = [part["ended_at"] for part in ledger[:-1]], [part["started_at"] for part in ledger[1:]]
        self.same(f"ledger of the {what}", ends, starts)
        self.same(f"end of the {what}", ledger[-1]["ended_at"] is None, clock["state"] != "stopped")
        counted = sum(part["seconds"] for part in ledger if part["kind"] == "run")
        if abs(counted - clock["elapsed_seconds"]) > 0.001 * len(ledger):
            self.wrong.append(f"sum of the {what}: {counted}, not {clock['elapsed_seconds']}")

    # ---- who was told

    def look_at_deliveries(self) -> None:
        told = Counter(
            (one["ticket"], one["template"], one["recipient"])
            for one in self.facts.deliveries
            if one["template"] not in OF_NO_TICKET
        )
        drafted = Counter(
            event["data"]["ticket"] for event in self.facts.events if event["kind"] == "kb.article_drafted"
        )
        must: Counter[tuple[str, str, str]] = Counter()
        may: Counter[tuple[str, str, str]] = Counter()
        for wish, number in self.crowd.opened.items():
            for who, templates in ((wish.customer.sub, wish.told), (ENGINEER, wish.told_to_engineer)):
                must.update({(number, template, who): count for template, count in templates.items()})
            must[number, "article_drafted", "role:kb_editor"] += drafted[number]
            # An assignment that is heard when another has taken its place is told to nobody.
            may[number, "assigned", wish.customer.sub] += wish.assignments + self.given_again(wish, number)
            for who in (ENGINEER, "role:lead"):  # nobody, where the call-back is heard with the rating
                may[number, "call_back_due", who] += wish.has(Then.BLAMED)
            # by revision: what is told again after a loss stands behind what is newer
            all_given = (one for one in self.facts.events_of(number) if one["kind"] == "triage.assigned")
            given = [event["data"] for event in sorted(all_given, key=lambda one: one["revision"])]
            for one in given:
                may[number, "work_assigned", one["engineer"]] += one["by"] != one["engineer"]
            for engineer in {one["engineer"] for one in given}:
                may[number, "customer_wrote", engineer] += 1
            if self.facts.tickets[number].get("assignee"):
                must[number, "assigned", wish.customer.sub] += 1
                must[number, "work_assigned", given[-1]["engineer"]] += given[-1]["by"] != given[-1]["engineer"]
        self.same("what nobody was told", sorted((must - told).elements()), [])
        others = (told - (must | may)).elements()
        self.same("what was told for nothing", sorted(one for one in others if not self.is_of_time(one[1])), [])


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
