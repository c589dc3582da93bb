"""Retries that keep the order of a ticket, and whose turn it is, on real servers."""

import asyncio
import json

import pytest

from shared.bus import Bus
from shared.domain import TooEarly, Unavailable
from shared.events import TicketLinked, TicketPlanAgreed
from shared.testing import NOON
from tests.shared.bus.failing import FOR_EVER, fails, until_kept
from tests.shared.bus.harness import WAITS, BusHarness, linked, until, until_idle


@pytest.mark.parametrize("times", [1, 2, 3, 6])
async def test_later_events_of_the_ticket_wait_behind_one_that_is_retried(harness: BusHarness, times: int) -> None:
    heard: list[str] = []
    bus = await harness.bus("triage", fails(times, RuntimeError("burnt"), heard))
    await harness.publish(*(linked("T-1", str(i)) for i in range(10)))
    await until(lambda: times < 4 or (bus._deferred and bus._deferred.held))
    await harness.publish(*(linked("T-1", str(i)) for i in range(10, 20)))
    await until_idle(bus)
    assert heard == [str(i) for i in range(20)]
    assert await bus.dead_letters() == []
    assert await harness.deferred(bus) == []


async def test_one_event_that_waits_does_not_hold_up_other_tickets(harness: BusHarness) -> None:
    heard: list[str] = []
    await harness.bus("triage", fails(99, RuntimeError("burnt"), heard), waits=(FOR_EVER,))
    await harness.publish(linked("T-1", "0"), linked("T-1", "behind"), linked("T-2", "2"))
    await until(lambda: heard)
    assert heard == ["2"]


async def test_an_event_that_comes_too_early_lets_those_behind_it_pass(harness: BusHarness) -> None:
    heard: list[str] = []

    async def handle(event: TicketLinked) -> None:
        if event.to[0] == "early" and "awaited" not in heard:
            raise TooEarly
        heard.append(event.to[0])

    bus = await harness.bus("triage", handle)
    await harness.publish(linked("T-1", "early"), linked("T-1", "1"))
    await asyncio.sleep(0.2)
    await harness.publish(linked("T-1", "2"), linked("T-1", "awaited"))
    await until_idle(bus)
    assert heard == ["1", "2", "awaited", "early"]
    assert await bus.dead_letters() == []


async def test_an_event_that_fails_to_the_end_is_a_dead_letter_and_those_behind_it_go_on(harness: BusHarness) -> None:
    heard: list[str] = []
    bus = await harness.bus("triage", fails(99, RuntimeError("burnt\nto the ground"), heard))
    await harness.publish(linked("T-1", "0"), linked("T-1", "1"))
    await until_idle(bus)
    [letter] = await bus.dead_letters()
    assert (letter.error, letter.tries) == ("RuntimeError: burnt to the ground", len(WAITS) + 1)
    assert (letter.subject, letter.event_sequence) == (f"{harness.prefix}.ticket.linked.v1", 1)
    assert json.loads(letter.body)["subject"] == "T-1"
    assert heard == ["1"]


async def test_without_a_store_events_wait_in_memory_in_the_same_order(harness: BusHarness) -> None:
    heard: list[str] = []
    bus = Bus(harness.servers.nats_url, "hop", harness.prefix, limits=harness.make("hop").limits)
    bus.on(TicketLinked, fails(5, RuntimeError("burnt"), heard))
    await harness.start(bus)
    await harness.publish(*(linked("T-1", str(i)) for i in range(5)))
    await until_idle(bus)
    assert heard == [str(i) for i in range(5)]


async def test_while_one_kind_fails_all_others_are_handled(harness: BusHarness) -> None:
    heard: list[str] = []

    async def fail(_: TicketLinked) -> None:
        raise RuntimeError("burnt")

    async def handle(event: TicketPlanAgreed) -> None:
        heard.append(event.subject)

    bus = harness.make("triage", fail, waits=(FOR_EVER,) * 3)
    bus.on(TicketPlanAgreed, handle)
    ordinary = [TicketPlanAgreed(subject=f"P-{i}", time=NOON, plan="p") for i in range(300)]
    await harness.bus("intake")
    await harness.publish(*(linked(f"T-{i}") for i in range(600)), *ordinary)
    await harness.start(bus)
    await until(lambda: len(heard) == 300, within=40)
    waiting = await harness.deferred(bus)
    assert len(waiting) > 500
    assert await bus.dead_letters() == []
    assert len(set(heard)) == 300


async def test_while_others_take_all_places_one_retry_waits_for_one_at_a_time(harness: BusHarness) -> None:
    gate, tried = asyncio.Event(), 0

    async def fail(_: TicketLinked) -> None:
        nonlocal tried
        tried += 1
        if tried <= 10:
            raise RuntimeError("burnt")

    async def handle(_: TicketPlanAgreed) -> None:
        await gate.wait()

    bus = harness.make("triage", fail, at_once=8, quick=0, waits=(1.0,))
    bus.on(TicketPlanAgreed, handle)
    await harness.start(bus)
    await harness.publish(*(linked(f"T-{i}") for i in range(10)))
    await until_kept(harness, bus, 10)
    await harness.publish(*(TicketPlanAgreed(subject=f"P-{i}", time=NOON, plan="p") for i in range(8)))
    await until(lambda: bus._deferred and bus._deferred._turns)
    await asyncio.sleep(0.3)  # in which more would begin
    assert bus._deferred
    assert len(bus._deferred._turns) == 1
    gate.set()
    await until_idle(bus)
    assert tried == 20


async def test_while_a_third_server_is_away_for_one_kind_all_others_are_handled_and_nothing_counts(
    harness: BusHarness,
) -> None:
    heard: list[str] = []
    tried: list[str] = []
    away = True

    async def ask(event: TicketLinked) -> None:
        tried.append(event.subject)
        if away:
            raise Unavailable("nobody answers", "无应答")

    async def handle(event: TicketPlanAgreed) -> None:
        heard.append(event.subject)

    bus = harness.make("triage", ask)
    bus.on(TicketPlanAgreed, handle)
    ordinary = [TicketPlanAgreed(subject=f"P-{i}", time=NOON, plan="p") for i in range(100)]
    await harness.bus("intake")
    await harness.publish(*(linked(f"T-{i}") for i in range(100)), *ordinary)
    await harness.start(bus)
    await until(lambda: len(heard) == 100 and tried.count("T-0") > len(WAITS), within=40)
    waiting = await harness.deferred(bus)
    away = False
    await until_idle(bus, within=30)
    assert {doc["tries"] for doc in waiting} <= {0}
    assert set(tried) == {f"T-{i}" for i in range(100)}
    assert await bus.dead_letters() == []


async def test_what_waits_in_the_store_another_replica_takes_up(harness: BusHarness) -> None:
    heard: list[str] = []
    old = await harness.bus("triage", fails(3, RuntimeError("burnt"), []), waits=(0.01, 0.01, 0.5))
    await harness.publish(linked("T-1", "0"), linked("T-1", "1"))
    await until(lambda: old._deferred and old._deferred.held)
    await old.stop_receiving()
    new = await harness.bus("triage", fails(0, RuntimeError(), heard))
    await until(lambda: len(heard) == 2)
    await until_idle(new)
    assert heard == ["0", "1"]
    assert await harness.deferred(new) == []


async def test_two_replicas_do_what_waits_in_the_store_once_and_in_order(harness: BusHarness) -> None:
    heard: dict[str, list[str]] = {}
    broken = True

    async def handle(event: TicketLinked) -> None:
        if broken:
            raise RuntimeError("burnt")
        heard.setdefault(event.subject, []).append(event.to[0])

    waits = (0.01, 0.01, *(0.2,) * 60)
    buses = [await harness.bus("triage", handle, waits=waits) for _ in range(2)]
    await harness.publish(*(linked(f"T-{i % 10}", f"{i:02}") for i in range(50)))
    await until_kept(harness, buses[0], 50)
    broken = False
    await until_idle(*buses, within=20)
    assert heard == {f"T-{i}": [f"{n:02}" for n in range(i, 50, 10)] for i in range(10)}


async def test_no_question_about_what_waits_reads_the_whole_collection(harness: BusHarness) -> None:
    bus = await harness.bus("triage", fails(99, RuntimeError("burnt"), []), waits=(0.01, 0.01, FOR_EVER))
    await harness.publish(linked("T-1", "0"))
    await until_kept(harness, bus, 1)
    docs = harness.databases[-1]["deferred"]
    for query in ({"lane": "T-1"}, {"due_at": {"$lte": 5.0}}, {"due_at": {"$gte": 0}}, {"_id": "lane T-1"}):
        plan = (await docs.find(query).limit(9).explain())["queryPlanner"]["winningPlan"]
        assert "COLLSCAN" not in str(plan)
