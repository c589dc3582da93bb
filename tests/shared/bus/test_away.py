"""A store that is away, handlers that never end, events that end the process, on real servers."""

import asyncio
import json
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from shared.events import TicketLinked
from tests.shared.bus.failing import fails
from tests.shared.bus.harness import WAITS, BusHarness, linked, until_idle


async def test_a_store_that_is_away_makes_no_dead_letters_however_long_it_takes(harness: BusHarness) -> None:
    tries: list[int] = []

    async def handle(_: TicketLinked) -> None:
        tries.append(1)
        if len(tries) < 30:
            raise AutoReconnect("gone") if len(tries) % 2 else ConnectionError

    bus = await harness.bus("triage", handle)
    await harness.publish(linked("T-1"))
    await until_idle(bus)
    assert len(tries) == 30
    assert await bus.dead_letters() == []


async def test_a_failure_that_nobody_can_note_does_not_count(
    harness: BusHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    refused = 0
    bus = harness.make("triage", fails(40, RuntimeError("the store hung"), heard))
    store = bus._deferred and bus._deferred._store
    assert store
    put = store.put

    async def hung(*about: Any) -> None:
        nonlocal refused
        refused += 1
        if refused < 4:
            raise AutoReconnect("gone")
        await put(*about)

    monkeypatch.setattr(store, "put", hung)
    await harness.start(bus)
    await harness.publish(linked("T-1", "0"))
    await until_idle(bus)
    [letter] = await bus.dead_letters()
    assert letter.tries == len(WAITS) + 1


async def test_an_event_whose_handler_never_ends_is_retried(harness: BusHarness) -> None:
    tries: list[int] = []

    async def handle(_: TicketLinked) -> None:
        tries.append(1)
        if len(tries) == 1:
            await asyncio.sleep(60)

    bus = await harness.bus("triage", handle, handle_within=0.1)
    await harness.publish(linked("T-1"))
    await until_idle(bus)
    assert len(tries) == 2


async def test_a_handler_that_never_ends_is_an_ordinary_failure(harness: BusHarness) -> None:
    async def handle(_: TicketLinked) -> None:
        await asyncio.sleep(60)

    bus = await harness.bus("triage", handle, handle_within=0.05)
    await harness.publish(linked("T-1"))
    await until_idle(bus)
    [letter] = await bus.dead_letters()
    assert letter.error == "HandlerTimeout: not done within 0.05 s"


async def test_an_event_that_ends_the_process_is_a_dead_letter_and_those_beside_it_are_not(harness: BusHarness) -> None:
    bus = await harness.bus("triage")
    tickets = [f"T-{i}" for i in range(30)]
    await harness.publish(*map(linked, tickets[:15]), linked("T-deadly", "die"), *map(linked, tickets[15:]))
    said: list[str] = []
    async with harness.process("triage", "lives") as replica:
        assert replica.stdout
        while "letter" not in said:
            try:
                async with asyncio.timeout(0.2):
                    said.append((await replica.stdout.readline()).decode().strip())
            except TimeoutError:
                said += ["letter"] * len(await bus.dead_letters())
    [letter] = await bus.dead_letters()
    assert letter.error == "PoisonEvent: begun 3 times without an end"
    assert json.loads(letter.body)["subject"] == "T-deadly"
    assert 3 <= said.count("ended") <= 5  # two deliveries raise no suspicion, three are counted
    assert set(said) - {"ended", "ready", "letter"} == set(tickets)
