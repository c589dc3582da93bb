"""What cannot be handled, on real servers: retries that keep their place, dead letters, poison, servers away."""

import asyncio
import json
import logging
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from shared.bus import Bus
from shared.domain import Conflict, NotFound, TooEarly, Unavailable
from shared.events import Event, TicketLinked, TicketPlanAgreed
from shared.testing import NOON
from tests.shared.bus_harness import WAITS, BusHarness, linked, until, until_idle

FOR_EVER = 3600.0


def fails(times: int, error: Exception, heard: list[str], word: str = "0") -> Any:
    """A handler that notes what it heard, and fails so often at this word."""
    left = [times]

    async def handle(event: TicketLinked) -> None:
        if event.to[0] == word and left[0]:
            left[0] -= 1
            raise error
        heard.append(event.to[0])

    return handle


async def until_kept(harness: BusHarness, bus: Bus, events: int) -> None:
    async with asyncio.timeout(20):
        while len(await harness.deferred(bus)) < events:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


# ---- retries keep their place -------------------------------------------------------------------


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


async def test_an_event_that_fails_to_the_end_is_parked_and_those_behind_it_go_on(harness: BusHarness) -> None:
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


# ---- they leave room for the others -------------------------------------------------------------


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


# ---- whose turn it is ---------------------------------------------------------------------------


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


# ---- servers away -------------------------------------------------------------------------------


async def test_a_store_that_is_away_parks_nothing_however_long_it_takes(harness: BusHarness) -> None:
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


# ---- an event that ends the process -------------------------------------------------------------


async def test_an_event_that_ends_the_process_is_parked_and_those_beside_it_are_not(harness: BusHarness) -> None:
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


# ---- poison -------------------------------------------------------------------------------------

ENVELOPE: dict[str, Any] = {
    "specversion": "1.0",
    "id": "e-1",
    "source": "/bihuan/intake",
    "type": "bihuan.ticket.linked.v1",
    "subject": "T-1",
    "time": "2026-03-02T04:00:00+00:00",
    "data": {"to": ["T-0"]},
}
SECRET = "13800138000"


@pytest.mark.parametrize(
    "body",
    [
        b"\xff not JSON " + SECRET.encode(),
        b"",
        b"[" * 200_000,
        json.dumps({**ENVELOPE, "type": f"ours no more {SECRET}"}).encode(),
        json.dumps({**ENVELOPE, "data": {"to": SECRET}}).encode(),
        json.dumps({**ENVELOPE, "id": ""}).encode(),
        b"x" * 1_048_576,
    ],
    ids=["not JSON", "empty", "nested without end", "no type", "wrong data", "no id", "as large as can be"],
)
async def test_poison_is_parked_at_once_and_the_service_lives(
    harness: BusHarness, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[str] = []

    async def handle(event: TicketLinked) -> None:
        heard.append(event.subject)

    bus = await harness.bus("triage", handle)
    client = bus.link.client
    await client.publish(f"{harness.prefix}.ticket.linked.v1", body)
    await harness.publish(linked("T-2"))
    with caplog.at_level(logging.DEBUG):
        await until_idle(bus)
    [letter] = await bus.dead_letters()
    assert (letter.tries, letter.size) == (1, len(body))
    assert f"{len(body)} bytes, sha256 " in letter.error
    assert SECRET not in letter.error + caplog.text
    assert heard == ["T-2"]
    assert bus.link.client is client


async def test_of_what_is_too_large_to_be_parked_the_beginning_is_kept_and_cannot_be_replayed(
    harness: BusHarness,
) -> None:
    async def handle(_: TicketLinked) -> None: ...

    bus = await harness.bus("triage", handle)
    await harness.js.publish(f"{harness.prefix}.ticket.linked.v1", b"x" * 1_048_576)
    await until_idle(bus)
    [letter] = await bus.dead_letters()
    raw = await harness.js.get_msg(bus.names.dead_stream, seq=letter.sequence)
    assert raw.data is not None
    assert len(raw.data) > 1_000_000
    assert raw.headers
    assert raw.headers["Bihuan-Cut-From"] == "1048576"
    with pytest.raises(Conflict):
        await bus.replay(letter.sequence)


# ---- types that are not known here --------------------------------------------------------------


async def test_what_only_a_newer_version_knows_is_kept_for_it(harness: BusHarness) -> None:
    heard: list[str] = []

    async def handle(event: Event) -> None:
        heard.append(event.subject)

    newer = harness.make("triage", handle)
    newer.on(TicketPlanAgreed, handle)
    await harness.start(newer)
    await newer.stop_receiving()
    older = await harness.bus("triage", handle)
    unknown = json.dumps({**ENVELOPE, "type": "bihuan.ticket.exploded.v1"}).encode()
    await harness.publish_raw("ticket.linked", unknown)
    await harness.publish(*(TicketPlanAgreed(subject=f"P-{i}", time=NOON, plan="p") for i in range(3)), linked("T-1"))
    await until_idle(older)
    assert (heard, len(await harness.deferred(older))) == (["T-1"], 4)
    assert await older.dead_letters() == []
    newest = harness.make("triage", handle)
    newest.on(TicketPlanAgreed, handle)
    await harness.start(newest)
    await until(lambda: len(heard) == 4)
    await until_idle(newest)
    assert heard == ["T-1", "P-0", "P-1", "P-2"]
    assert [doc["lane"] for doc in await harness.deferred(newest)] == ["?bihuan.ticket.exploded.v1"]


async def test_a_type_that_nobody_knows_for_a_day_is_parked(harness: BusHarness) -> None:
    async def handle(_: TicketLinked) -> None: ...

    bus = await harness.bus("triage", handle, unknown_wait=0.05, unknown_for=0.2)
    unknown = json.dumps({**ENVELOPE, "type": "bihuan.ticket.exploded.v1"}).encode()
    await harness.publish_raw("ticket.linked", unknown)
    async with asyncio.timeout(20):
        while not (letters := await bus.dead_letters()):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert [letter.error for letter in letters] == ["nobody knows the type bihuan.ticket.exploded.v1"]


# ---- dead letters -------------------------------------------------------------------------------


async def test_a_replayed_letter_goes_to_its_service_alone_and_leaves_the_list(harness: BusHarness) -> None:
    broken = True
    heard: dict[str, list[str]] = {"triage": [], "sla": []}

    async def triage(event: TicketLinked) -> None:
        if broken:
            raise RuntimeError("broken")
        heard["triage"].append(event.subject)

    async def sla(event: TicketLinked) -> None:
        heard["sla"].append(event.subject)

    bus, other = await harness.bus("triage", triage, waits=()), await harness.bus("sla", sla)
    await harness.publish(linked("T-1"), linked("T-2"), linked("T-3"))
    await until_idle(bus, other)
    first, second = await bus.dead_letters(limit=2)
    [third] = await bus.dead_letters(after=second.sequence)
    assert await other.dead_letters() == []
    broken = False
    with pytest.raises(NotFound):
        await other.replay(first.sequence)
    await bus.replay(first.sequence)
    with pytest.raises(NotFound):
        await bus.replay(first.sequence)
    await until_idle(bus, other)
    assert heard == {"triage": [json.loads(first.body)["subject"]], "sla": ["T-1", "T-2", "T-3"]}
    assert [letter.sequence for letter in await bus.dead_letters()] == [second.sequence, third.sequence]


async def test_a_replayed_letter_that_fails_again_is_parked_again(harness: BusHarness) -> None:
    async def handle(_: TicketLinked) -> None:
        raise RuntimeError("broken")

    bus = await harness.bus("triage", handle, waits=())
    await harness.publish(linked("T-1"))
    await until_idle(bus)
    [letter] = await bus.dead_letters()
    for _ in range(2):
        await bus.replay(letter.sequence)
        await until_idle(bus)
        sequence = letter.sequence
        [letter] = await bus.dead_letters()
        assert letter.sequence > sequence


# ---- in the store -------------------------------------------------------------------------------


async def test_no_question_about_what_waits_reads_the_whole_collection(harness: BusHarness) -> None:
    bus = await harness.bus("triage", fails(99, RuntimeError("burnt"), []), waits=(0.01, 0.01, FOR_EVER))
    await harness.publish(linked("T-1", "0"))
    await until_kept(harness, bus, 1)
    docs = harness.databases[-1]["deferred"]
    for query in ({"lane": "T-1"}, {"due_at": {"$lte": 5.0}}, {"due_at": {"$gte": 0}}, {"_id": "lane T-1"}):
        plan = (await docs.find(query).limit(9).explain())["queryPlanner"]["winningPlan"]
        assert "COLLSCAN" not in str(plan)
