"""Lives of tickets, told by hosts whose clocks differ, heard doubled, late and in any order: the same clocks each time,
and those that the model of intake and triage expects."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.sla.clocks.domain import TicketClocks
from services.sla.clocks.rules import Rules
from services.sla.policies.catalog import PolicyCatalog
from services.sla.policies.domain import Policy, PolicyDetails
from services.sla.policies.targets import SlaTarget, Unit
from shared.events import Event, SlaBreached, SlaDeadlineMoved, SlaMet
from shared.terms import ClockKind, Priority, WaitingFor
from shared.testing import NOON
from tests.sla import builders as tell
from tests.sla.builders import Listener
from tests.sla.clocks.histories import MOST_SKEW, TicketHistory

NEW = (ClockKind.NEXT_RESPONSE, ClockKind.SECOND_PLAN, ClockKind.THIRD_PARTY, ClockKind.VERIFICATION_WAIT)
BOOKKEEPING = {"version", "last_published"}
END = NOON + timedelta(days=400)

passing = st.one_of(st.integers(0, 6), st.integers(0, 3 * 86_400))  # seconds
skews = st.lists(st.integers(-MOST_SKEW, MOST_SKEW).map(lambda ms: timedelta(milliseconds=ms)), min_size=1, max_size=3)
act = st.tuples(st.integers(0, 11), passing, st.integers(0, 2))
acts = st.one_of(st.lists(act, min_size=1, max_size=8), st.lists(act, min_size=16, max_size=30))


@st.composite
def histories(draw: st.DrawFn) -> TicketHistory:
    known_from = draw(st.sampled_from([0, 0, 0, 3, 9, 1000]))
    history = TicketHistory({"intake": draw(skews), "triage": draw(skews)}, known_from)
    history.open(draw(st.sampled_from([WaitingFor.NONE, WaitingFor.CUSTOMER_INFORMATION])))
    for choice, seconds, host in draw(acts):
        history.now += timedelta(seconds=seconds)
        history.host = host
        legal = history.legal()
        legal[min(choice, len(legal) - 1)]()
    return history


def strict_rules() -> Rules:
    """Every clock has a target, and none is paused for more than two hours."""
    hour = dict.fromkeys(Priority, SlaTarget(amount=1, unit=Unit.WORKING_HOURS))
    new = PolicyDetails("cn", dict.fromkeys(NEW, hour), max_pause_hours=2.0)
    policy = Policy.default()
    policy.add_version(policy.match, NOON, new, tell.DEFAULT_VERSION, NOON)
    return Rules(PolicyCatalog([policy]), tell.RULES.calendars)


some_rules = st.sampled_from([tell.RULES, strict_rules()])


def heard(events: Sequence[Event], checks: Sequence[int] = (), rules: Rules = tell.RULES) -> Listener:
    """By one who reads the document anew for each, and checks the clocks after some of them."""
    listener = Listener(rules)
    for place, event in enumerate(events):
        listener.receive(event)
        if place in checks:
            listener.check_due(event.time)
        listener.ticket = TicketClocks.model_validate(listener.ticket.model_dump())
    listener.check_due(END)
    return listener


@given(history=histories())
def test_in_the_order_in_which_it_happened_the_clocks_are_what_the_model_expects(history: TicketHistory) -> None:
    ticket = heard(history.told).ticket
    found = (ticket.waiting_for, ticket.resolved_at, ticket.completed_at, ticket.priority)
    assert found == (history.waiting_for, history.resolved_at, history.completed_at, history.priority)
    assert {kind: clock.state.value for kind, clock in ticket.clocks.items()} == history.clocks
    assert len(ticket.earlier_call_backs) == max(history.call_backs - 1, 0)


@given(history=histories(), rules=some_rules, data=st.data())
def test_doubled_and_in_any_order_they_are_the_same(history: TicketHistory, rules: Rules, data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(history.told), max_size=5))
    order = data.draw(st.permutations([*history.told, *again]))
    checks = data.draw(st.lists(st.integers(0, len(order)), max_size=4))
    found = heard(order, checks, rules).ticket.model_dump(exclude=BOOKKEEPING)
    assert found == heard(history.told, rules=rules).ticket.model_dump(exclude=BOOKKEEPING)


@given(history=histories(), rules=some_rules, data=st.data())
def test_what_was_told_last_is_what_holds(history: TicketHistory, rules: Rules, data: st.DataObject) -> None:
    order = data.draw(st.permutations(history.told))
    checks = data.draw(st.lists(st.integers(0, len(order)), max_size=4))
    listener = heard(order, checks, rules)
    ticket = listener.ticket
    deadlines = [event for event in listener.published if isinstance(event, SlaDeadlineMoved)]
    if history.priority:
        last = deadlines[-1]
        assert (last.clock, last.due_at, last.late) == (ticket.deadline_of, ticket.deadline, ticket.late)
    for kind, clock in ticket.clocks.items():
        met = [event for event in listener.published if isinstance(event, SlaMet) and event.clock == kind]
        if clock.met_at and clock.target:
            assert (met[-1].time, met[-1].within_target) == (clock.met_at, clock.within_target)
        late = [event for event in listener.published if isinstance(event, SlaBreached) and event.clock == kind]
        assert late or not clock.breached_at
    revisions = [event.revision for event in listener.published]
    assert revisions == sorted(revisions)


@given(history=histories(), rules=some_rules, data=st.data())
def test_built_again_from_all_that_was_told_it_is_the_same_whole(
    history: TicketHistory, rules: Rules, data: st.DataObject
) -> None:
    checks = data.draw(st.lists(st.integers(0, len(history.told)), max_size=4))
    live = heard(data.draw(st.permutations(history.told)), checks, rules)
    again = Listener(rules)
    again.rebuild(*data.draw(st.permutations([*history.told, *live.published])))
    assert again.ticket.model_dump(exclude={"version"}) == live.ticket.model_dump(exclude={"version"})
    assert again.check_due(END) == []
