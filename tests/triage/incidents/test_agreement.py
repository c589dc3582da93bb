"""Whatever the order in which tickets are heard, and however often: they are grouped in the same way."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.triage.incidents import lifecycle
from services.triage.incidents.detection import Sighting, groups_of
from services.triage.incidents.domain import Incident, IncidentState, Member
from services.triage.incidents.lifecycle import Limits
from services.triage.incidents.signature import Key, KeyKind, Signature
from services.triage.work.values import Actor
from shared.domain import Refusal
from shared.events import (
    BothLanguages,
    Event,
    IncidentOpened,
    IncidentResolved,
    IncidentTicketAdded,
    IncidentTicketRemoved,
)
from shared.terms import Priority
from shared.testing import NOON

WINDOW = timedelta(hours=4)
LIMITS = Limits(WINDOW, 3, 5, {3: Priority.HIGH, 5: Priority.URGENT})
LEAD = Actor("l-qian", "钱磊", is_lead=True)
CODES = "abc"


def sighting(n: int, customer: int, minutes: int, codes: str) -> Sighting:
    keys = [Key(kind=KeyKind.CODE, value=code, name=code) for code in codes]
    at = NOON + timedelta(minutes=minutes)
    return Sighting(id=f"TK-{n:03}", customer=f"C{customer}", at=at, signature=Signature(keys=keys))


def grouped(heard: list[Sighting]) -> set[frozenset[str]]:
    """As the candidates that come of it."""
    seen: dict[str, Sighting] = {}
    group_of: dict[str, frozenset[str]] = {}
    owner: dict[str, frozenset[str]] = {}
    for new in heard:
        seen[new.id] = new
        for group in groups_of(new, seen.values(), WINDOW, LIMITS.customers):
            tickets = frozenset(one.id for one in group.tickets) | owner.get(group.key.id, frozenset())
            joined = tickets.union(*(group_of.get(ticket, frozenset()) for ticket in tickets))
            group_of |= dict.fromkeys(joined, joined)
            owner = {key: joined if kept & joined else kept for key, kept in owner.items()} | {group.key.id: joined}
    return set(group_of.values())


TICKETS = st.lists(
    st.tuples(st.integers(1, 5), st.integers(0, 900), st.sets(st.sampled_from(CODES), min_size=1, max_size=2)),
    max_size=14,
)


@settings(max_examples=200, deadline=None)
@given(TICKETS, st.randoms(use_true_random=False))
def test_permuted_and_doubled_events_end_in_agreement(tickets, random) -> None:  # type: ignore[no-untyped-def]
    heard = [sighting(n, who, at, "".join(sorted(codes))) for n, (who, at, codes) in enumerate(tickets)]
    again = [*heard, *heard[::2]]
    random.shuffle(again)
    assert grouped(again) == grouped(heard)


class IncidentMachine(RuleBasedStateMachine):
    """One incident, and what is told of it: what a listener makes of the events is what the incident is."""

    def __init__(self) -> None:
        super().__init__()
        first = [self.member(n) for n in range(3)]
        self.incident, events = lifecycle.propose("IN-1", "x", first, LIMITS, [], NOON)
        self.inside: set[str] = set()
        self.count = 3
        self.opened = self.resolved = 0
        self.version = 1
        self.hear(events)

    def member(self, n: int) -> Member:
        key = Key(kind=KeyKind.CODE, value="a", name="a")
        return Member(ticket=f"T{n}", customer=f"C{n % 7}", opened_at=NOON, keys=[key], added_at=NOON, added_by="x")

    def hear(self, events: list[Event]) -> None:
        named = [one.subject for one in events if isinstance(one, IncidentTicketAdded | IncidentTicketRemoved)]
        assert len(named) == len(set(named))  # one fact about a ticket in a change
        for one in events:
            self.opened += isinstance(one, IncidentOpened)
            self.resolved += isinstance(one, IncidentResolved)
            if isinstance(one, IncidentTicketAdded):
                self.inside.add(one.subject)
            elif isinstance(one, IncidentTicketRemoved):
                self.inside.discard(one.subject)

    def try_to(self, act) -> None:  # type: ignore[no-untyped-def]
        before = self.incident.model_copy(deep=True)
        try:
            self.hear(act())
        except Refusal:
            assert self.incident.state is before.state
            assert self.incident.tickets == before.tickets

    @rule(again=st.booleans(), n=st.integers(0, 12))
    def join(self, again: bool, n: int) -> None:
        found = [self.member(n), self.member(n + 1)]
        for _ in range(2 if again else 1):
            self.try_to(lambda: lifecycle.join(self.incident, found, LIMITS, [], NOON))

    @rule()
    def confirm(self) -> None:
        self.try_to(lambda: lifecycle.confirm(self.incident, LIMITS, [], LEAD, "x", NOON))

    @rule()
    def dismiss(self) -> None:
        self.try_to(lambda: lifecycle.dismiss(self.incident, LEAD, "x", NOON))

    @rule(n=st.integers(0, 12))
    def add(self, n: int) -> None:
        self.try_to(lambda: lifecycle.add(self.incident, self.member(n), LIMITS, NOON))

    @rule(n=st.integers(0, 12))
    def remove(self, n: int) -> None:
        self.try_to(lambda: lifecycle.remove(self.incident, f"T{n}", LEAD, "x", NOON))

    @rule(internal=st.booleans())
    def tell(self, internal: bool) -> None:
        self.try_to(lambda: lifecycle.publish_update(self.incident, BothLanguages(zh="x"), internal, LEAD, NOON))

    @precondition(lambda self: len(self.incident.members) > 4)
    @rule()
    def resolve(self) -> None:
        text = BothLanguages(zh="x")
        self.try_to(lambda: lifecycle.resolve(self.incident, text, "x", "x", "x", LEAD, NOON))

    @invariant()
    def listeners_know_what_is_so(self) -> None:
        confirmed = self.incident.state in (IncidentState.CONFIRMED, IncidentState.RESOLVED)
        assert self.inside == (set(self.incident.tickets) if confirmed else set())
        assert self.opened == int(confirmed)
        assert self.resolved == int(self.incident.state is IncidentState.RESOLVED)

    @invariant()
    def no_ticket_is_in_it_twice_or_in_and_out(self) -> None:
        tickets = self.incident.tickets
        assert len(tickets) == len(set(tickets))
        assert set(tickets).isdisjoint(self.incident.removed)

    @invariant()
    def its_claims_are_its_tickets(self) -> None:
        assert {one[2:] for one in self.incident.claims if one.startswith("t:")} == set(self.incident.tickets)
        assert Incident.model_validate(self.incident.model_dump()).claims == self.incident.claims


TestIncident = IncidentMachine.TestCase
TestIncident.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
