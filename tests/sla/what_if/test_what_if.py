"""Past tickets replayed: as it was it comes to what was recorded, otherwise to what would have been."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sla.what_if.domain import compare, with_alternative
from services.sla.what_if.staffing import Job, moved, starts
from shared.events import Event, TriageAssigned
from shared.terms import Priority, WaitingFor
from shared.testing import AGENT, LEAD, NOON, World
from tests.sla.builders import RULES, Listener, accepted, completed, diagnosed, message, opened, tell, waiting
from tests.sla.clocks.histories import TicketHistory
from tests.sla.clocks.test_any_order import histories

SECOND = "TK-2026-000002"
PERIOD = {"since": "2026-03-01", "until": "2026-03-10"}


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


# ---- replayed as it was


@settings(max_examples=300, deadline=None)
@given(histories(), st.integers(0, 200))
def test_by_the_policy_of_the_time_exactly_what_was_recorded_is_missed(history: TicketHistory, hours: int) -> None:
    listener = Listener()
    listener.receive(*history.told)
    now = max(event.time for event in history.told) + timedelta(hours=hours)
    listener.check_due(now)
    found = compare([listener.ticket], with_alternative(RULES, None, {}, ""), {}, now)
    assert found.replayed == found.recorded
    assert found.tickets == 1


def test_a_replay_changes_nothing_of_the_ticket() -> None:
    listener = Listener()
    listener.receive(opened(revision=1), diagnosed(Priority.URGENT, revision=1))
    before = listener.ticket.model_dump()
    compare([listener.ticket], RULES, {}, at(100))
    assert listener.ticket.model_dump() == before


# ---- staffing


def job(ticket: str, opened: float, takes: float, rank: int = 2) -> Job:
    return Job(ticket, at(opened), rank, at(opened), timedelta(hours=takes))


def test_with_places_enough_everybody_is_taken_up_at_once() -> None:
    jobs = [job("a", 0, 5), job("b", 1, 5), job("c", 2, 5)]
    assert starts(jobs, 3) == {"a": at(0), "b": at(1), "c": at(2)}


def test_who_waits_is_taken_up_by_urgency_and_then_in_turn() -> None:
    jobs = [job("a", 0, 10), job("b", 1, 1), job("c", 2, 1), job("urgent", 3, 1, rank=0)]
    assert starts(jobs, 1) == {"a": at(0), "urgent": at(10), "b": at(11), "c": at(12)}


def test_as_many_engineers_as_there_were_move_nothing_and_fewer_make_it_later() -> None:
    jobs = [job("a", 0, 10), job("b", 1, 1)]
    assert moved(jobs, 1, 1) == {}
    assert moved(jobs, 2, 1) == {"b": (at(1), timedelta(hours=9))}
    assert moved(jobs, 1, 2) == {"b": (at(1), timedelta(hours=-9))}
    assert moved([], 1, 2) == {}


# ---- in a running service


def about(event: Event, ticket: str) -> Event:
    return event.model_copy(update={"subject": ticket, "id": f"{event.id}-{ticket}"})


async def two_tickets(world: World) -> None:
    """Answered after 1 and 3 hours, solved after 3 and 5; the second waits for its customer."""
    for ticket, late in ((None, 0), (SECOND, 2)):
        history: list[Event] = [
            opened(revision=1),
            diagnosed(Priority.URGENT, revision=1),
            TriageAssigned(
                subject="TK-2026-000001",
                time=at(0.5 + late),
                engineer="e-chen",
                engineer_name="陈宇",
                senior=True,
                by="service:triage",
                revision=2,
            ),
            message(at(1 + late), revision=2),
            waiting(WaitingFor.CUSTOMER_VERIFICATION, at(2 + late), revision=3),
            accepted(at(3 + late), revision=4),
            completed(at(4 + late), resolved_at=at(3 + late), revision=5),
        ]
        for event in history:
            await tell(world, about(event, ticket) if ticket else event)
    await world.pass_time(minutes=1)


async def ask(world: World, **how: Any) -> Any:
    async with world.as_(LEAD, "sla") as client:
        return (await client.post("/v1/what-if", json={**PERIOD, **how})).json()


async def test_what_would_have_been_missed_is_told_and_nothing_is_sent(world: World) -> None:
    await two_tickets(world)
    told = len(world.events)
    as_it_was = await ask(world)
    assert (as_it_was["tickets"], as_it_was["new"], as_it_was["saved"]) == (2, [], [])
    assert as_it_was["clocks"]["response"] == {"was": 1, "would_be": 1}
    half = await ask(world, targets={"response": {"urgent": {"amount": 0.5, "unit": "hours"}}})
    assert half["clocks"]["response"] == {"was": 1, "would_be": 2}
    assert half["new"] == [{"ticket": "TK-2026-000001", "clock": "response"}]
    more = await ask(world, targets={"response": {"urgent": {"amount": 4, "unit": "hours"}}})
    assert more["saved"] == [{"ticket": SECOND, "clock": "response"}]
    fewer = await ask(world, staffing={"engineers_then": 2, "engineers": 1, "tickets_each": 1})
    assert fewer["clocks"]["response"]["would_be"] == 1
    assert (await ask(world, policy="nobody-has-it"))["status"] == 404
    assert (await ask(world, calendar="nobody-has-it"))["status"] == 404
    assert (await ask(world, until="2026-02-01"))["status"] == 422
    async with world.as_(AGENT, "sla") as client:
        assert (await client.post("/v1/what-if", json=PERIOD)).status_code == 403
    await world.settle()
    assert len(world.events) == told


@pytest.mark.parametrize("hours", [0, 5])
def test_a_ticket_taken_up_later_is_answered_later(hours: int) -> None:
    listener = Listener()
    listener.receive(opened(revision=1), diagnosed(Priority.URGENT, revision=1), message(at(1), revision=2))
    found = compare([listener.ticket], RULES, {listener.ticket.id: (at(0.5), timedelta(hours=hours))}, at(100))
    missed = {str(clock) for _, clock in found.replayed}
    assert ("response" in missed) is bool(hours)
