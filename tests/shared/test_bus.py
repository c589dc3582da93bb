"""The bus on a real server: order, retries, dead letters, hand-over, questions, following."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from uuid import uuid4

import nats
import pytest
from pydantic import BaseModel

import shared.bus
from shared.bus import ACK_WAIT, KEEP, ONLY, Bus, Gone
from shared.domain import NotFound, Unavailable
from shared.events import Event, TicketLinked, TicketPlanAgreed
from shared.outbox import Outgoing
from shared.testing import NOON, Servers

Handler = Callable[[Any], Any]


def linked(subject: str, word: str = "x", id: str = "") -> TicketLinked:
    return TicketLinked(subject=subject, time=NOON, to=[word], id=id or uuid4().hex)


@dataclass
class Street:
    """Services on one stream of their own."""

    servers: Servers
    prefix: str
    buses: list[Bus] = field(default_factory=list)

    async def bus(self, service: str, handler: Handler | None = None, away: tuple[type[Exception], ...] = ()) -> Bus:
        bus = Bus(self.servers.nats_url, service, self.prefix, away)
        if handler:
            bus.on(TicketLinked, handler)
        return await self.start(bus)

    async def start(self, bus: Bus) -> Bus:
        self.buses.append(bus)
        await bus.start()
        return bus

    async def publish(self, *events: Event) -> None:
        for event in events:
            await self.buses[0].publish(Outgoing.of(event))

    async def publish_raw(self, kind: str, body: bytes, **headers: str) -> None:
        await self.buses[0]._js.publish(f"{self.prefix}.{kind}.v1", body, headers=headers)


@pytest.fixture
async def street(servers: Servers) -> AsyncIterator[Street]:
    street = Street(servers, f"t{uuid4().hex[:10]}")
    yield street
    for bus in street.buses:
        await bus.stop_receiving()
        await bus.stop()
    client = await nats.connect(servers.nats_url)
    for stream in (street.prefix.upper(), f"{street.prefix.upper()}_DEAD"):
        await client.jetstream().delete_stream(stream)
    await client.close()


async def until(condition: Callable[[], object], within: float = 10) -> None:
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def until_quiet(bus: Bus) -> None:
    async with asyncio.timeout(10):
        while not bus.idle or await bus.lag():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


# ---- bootstrap ----------------------------------------------------------------------------------


async def test_bootstrap_may_run_again_and_repairs_settings(street: Street) -> None:
    async def handle(_: TicketLinked) -> None: ...

    bus = await street.bus("triage", handle)
    stream = (await bus._js.stream_info(bus.stream)).config
    consumer = (await bus._js.consumer_info(bus.stream, "triage")).config
    assert (stream.subjects, stream.max_age) == ([f"{street.prefix}.>"], KEEP)
    assert (consumer.ack_wait, consumer.filter_subjects) == (ACK_WAIT, [f"{street.prefix}.ticket.linked.v1"])
    stream.max_age = 3600.0
    await bus._js.update_stream(stream)
    consumer.ack_wait, consumer.max_ack_pending = 7.0, 3
    await bus._js.add_consumer(bus.stream, consumer)
    await bus.bootstrap()
    await bus.bootstrap()
    assert (await bus._js.stream_info(bus.stream)).config.max_age == KEEP
    repaired = (await bus._js.consumer_info(bus.stream, "triage")).config
    assert (repaired.ack_wait, repaired.max_ack_pending) == (ACK_WAIT, shared.bus.IN_FLIGHT)


async def test_a_bus_whose_consumer_is_deleted_is_not_ready(street: Street) -> None:
    async def handle(_: TicketLinked) -> None: ...

    bus = await street.bus("triage", handle)
    assert await bus.ready()
    await bus._js.delete_consumer(bus.stream, "triage")
    assert not await bus.ready()


async def test_a_service_that_listens_to_nothing_is_ready(street: Street) -> None:
    assert await (await street.bus("triage")).ready()


# ---- delivery -----------------------------------------------------------------------------------


async def test_events_of_one_ticket_are_handled_in_order_and_one_at_a_time(street: Street) -> None:
    heard: list[str] = []
    busy = 0

    async def handle(event: TicketLinked) -> None:
        nonlocal busy
        busy += 1
        assert busy == 1
        await asyncio.sleep(0.02 if len(heard) % 3 == 0 else 0)
        heard.append(event.to[0])
        busy -= 1

    bus = await street.bus("triage", handle)
    await street.publish(*(linked("T-1", str(i)) for i in range(30)))
    await until_quiet(bus)
    assert heard == [str(i) for i in range(30)]


async def test_no_more_events_are_handled_at_once_than_the_service_asked_for(street: Street) -> None:
    busy = most = 0

    async def handle(_: TicketLinked) -> None:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await asyncio.sleep(0.01)
        busy -= 1

    bus = Bus(street.servers.nats_url, "sla", street.prefix, at_once=2)
    bus.on(TicketLinked, handle)
    await street.start(bus)
    await street.publish(*(linked(f"T-{i}") for i in range(12)))
    await until_quiet(bus)
    assert most == 2
    consumer = (await bus._js.consumer_info(bus.stream, "sla")).config
    assert consumer.max_ack_pending == 2 * shared.bus.IN_FLIGHT_EACH


async def test_events_of_different_tickets_are_handled_side_by_side(street: Street) -> None:
    together = asyncio.Barrier(8)  # opens only when all eight have begun

    async def handle(_: TicketLinked) -> None:
        await together.wait()
        finished.append(1)

    finished: list[int] = []
    bus = await street.bus("triage", handle)
    await street.publish(*(linked(f"T-{i}") for i in range(8)))
    await until_quiet(bus)
    assert len(finished) == 8


async def test_two_services_each_get_every_event_and_two_replicas_share_them(street: Street) -> None:
    heard: dict[str, list[str]] = {"triage-1": [], "triage-2": [], "sla": []}

    def handler(name: str) -> Handler:
        async def handle(event: TicketLinked) -> None:
            heard[name].append(event.subject)

        return handle

    bus = await street.bus("triage", handler("triage-1"))
    await street.bus("triage", handler("triage-2"))
    sla = await street.bus("sla", handler("sla"))
    tickets = [f"T-{i}" for i in range(40)]
    await street.publish(*map(linked, tickets))
    await until_quiet(bus)
    await until_quiet(sla)
    assert sorted(heard["triage-1"] + heard["triage-2"]) == sorted(tickets)
    assert heard["triage-1"] != []
    assert heard["triage-2"] != []
    assert sorted(heard["sla"]) == sorted(tickets)


async def test_an_event_that_nobody_here_listens_to_is_not_delivered(street: Street) -> None:
    heard: list[Event] = []

    async def handle(event: TicketLinked) -> None:
        heard.append(event)

    bus = await street.bus("triage", handle)
    await street.publish(TicketPlanAgreed(subject="T-1", time=NOON, plan="p"), linked("T-1"))
    await until_quiet(bus)
    assert [type(event) for event in heard] == [TicketLinked]


async def test_a_repeat_of_the_same_id_is_dropped_by_the_stream(street: Street) -> None:
    heard: list[str] = []

    async def handle(event: TicketLinked) -> None:
        heard.append(event.id)

    bus = await street.bus("triage", handle)
    await street.publish(*(linked("T-1", id="the same") for _ in range(3)))
    await until_quiet(bus)
    assert heard == ["the same"]
    assert (await bus._js.stream_info(bus.stream)).state.messages == 1


# ---- retries and dead letters -------------------------------------------------------------------


async def test_retries_wait_longer_each_time_and_then_the_event_is_parked(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared.bus, "WAITS", (0.05, 0.2, 0.5))
    at: list[float] = []

    async def handle(_: TicketLinked) -> None:
        at.append(time.monotonic())
        raise RuntimeError("burnt\nto the ground")

    bus = await street.bus("triage", handle)
    await street.publish(linked("T-1"))
    await until_quiet(bus)
    waits = [after - before for before, after in pairwise(at)]
    assert len(waits) == 3
    assert all(wait >= least for wait, least in zip(waits, (0.04, 0.17, 0.44), strict=True))
    [letter] = await bus.dead_letters()
    assert (letter.error, letter.tries) == ("RuntimeError: burnt to the ground", 4)
    assert letter.subject == f"{street.prefix}.ticket.linked.v1"
    assert json.loads(letter.body)["subject"] == "T-1"


async def test_one_event_that_waits_does_not_hold_up_other_tickets(street: Street) -> None:
    heard: list[str] = []

    async def handle(event: TicketLinked) -> None:
        if event.subject == "T-1" and not heard:
            raise NotFound("too early", "太早")
        heard.append(event.subject)

    bus = await street.bus("triage", handle)
    await street.publish(linked("T-1"))
    await street.publish(linked("T-2"))
    await until_quiet(bus)
    assert heard == ["T-2", "T-1"]
    assert await bus.dead_letters() == []


ENVELOPE: dict[str, Any] = {
    "specversion": "1.0",
    "id": "e-1",
    "source": "/bihuan/intake",
    "type": "bihuan.ticket.linked.v1",
    "subject": "T-1",
    "time": "2026-03-02T04:00:00+00:00",
    "data": {"to": ["T-0"]},
}


@pytest.mark.parametrize(
    "body",
    [
        b"\xff not JSON",
        b"",
        b"[" * 200_000,
        json.dumps({**ENVELOPE, "type": "bihuan.ticket.exploded.v1"}).encode(),
        json.dumps({**ENVELOPE, "type": "bihuan.ticket.linked.v9"}).encode(),
        json.dumps({**ENVELOPE, "data": {"to": "not a list"}}).encode(),
        json.dumps({**ENVELOPE, "id": ""}).encode(),
    ],
    ids=["not JSON", "empty", "nested without end", "unknown type", "unknown version", "wrong data", "no id"],
)
async def test_poison_is_parked_at_once_and_the_service_lives(street: Street, body: bytes) -> None:
    heard: list[str] = []

    async def handle(event: TicketLinked) -> None:
        heard.append(event.subject)

    bus = await street.bus("triage", handle)
    await street.publish_raw("ticket.linked", body)
    await street.publish(linked("T-2"))
    await until_quiet(bus)
    [letter] = await bus.dead_letters()
    assert letter.tries == 1
    assert heard == ["T-2"]


async def test_an_event_whose_handler_never_ends_is_retried(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared.bus, "HANDLE_WITHIN", 0.1)
    tries: list[int] = []

    async def handle(_: TicketLinked) -> None:
        tries.append(1)
        if len(tries) == 1:
            await asyncio.sleep(60)

    bus = await street.bus("triage", handle)
    await street.publish(linked("T-1"))
    await until_quiet(bus)
    assert len(tries) == 2


async def test_a_server_that_is_away_parks_nothing_however_long_it_takes(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Away(Exception):
        pass

    monkeypatch.setattr(shared.bus, "WAITS", (0.01,))
    monkeypatch.setattr(shared.bus, "AWAY_WAITS", (0.01, 0.02))
    tries: list[int] = []

    async def handle(_: TicketLinked) -> None:
        tries.append(1)
        if len(tries) < 10:
            raise Away if len(tries) % 2 else ConnectionError

    bus = await street.bus("triage", handle, away=(Away,))
    await street.publish(linked("T-1"))
    await until_quiet(bus)
    assert len(tries) == 10
    assert await bus.dead_letters() == []


async def test_a_replayed_letter_goes_to_its_service_alone_and_leaves_the_list(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared.bus, "WAITS", ())
    broken = True
    heard: dict[str, list[str]] = {"triage": [], "sla": []}

    async def triage(event: TicketLinked) -> None:
        if broken:
            raise RuntimeError("broken")
        heard["triage"].append(event.subject)

    async def sla(event: TicketLinked) -> None:
        heard["sla"].append(event.subject)

    bus, other = await street.bus("triage", triage), await street.bus("sla", sla)
    await street.publish(linked("T-1"), linked("T-2"), linked("T-3"))
    await until_quiet(bus)
    await until_quiet(other)
    first, second = await bus.dead_letters(limit=2)
    [third] = await bus.dead_letters(after=second.sequence)
    assert await other.dead_letters() == []
    broken = False
    with pytest.raises(NotFound):
        await other.replay(first.sequence)
    await bus.replay(first.sequence)
    with pytest.raises(NotFound):
        await bus.replay(first.sequence)
    await until_quiet(bus)
    await until_quiet(other)
    assert heard == {"triage": [json.loads(first.body)["subject"]], "sla": ["T-1", "T-2", "T-3"]}
    assert [letter.sequence for letter in await bus.dead_letters()] == [second.sequence, third.sequence]


async def test_a_replayed_letter_that_fails_again_is_parked_again(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared.bus, "WAITS", ())

    async def handle(_: TicketLinked) -> None:
        raise RuntimeError("broken")

    bus = await street.bus("triage", handle)
    await street.publish(linked("T-1"))
    await until_quiet(bus)
    [letter] = await bus.dead_letters()
    for _ in range(2):
        await bus.replay(letter.sequence)
        await until_quiet(bus)
        sequence = letter.sequence
        [letter] = await bus.dead_letters()
        assert letter.sequence > sequence


# ---- hand-over ----------------------------------------------------------------------------------


async def test_what_a_stopping_service_has_not_begun_another_does_at_once_and_nothing_twice(street: Street) -> None:
    done: list[str] = []
    gate = asyncio.Event()
    begun: set[str] = set()

    async def slow(event: TicketLinked) -> None:
        begun.add(event.subject)
        await gate.wait()
        done.append(event.subject)

    async def quick(event: TicketLinked) -> None:
        done.append(event.subject)

    old = await street.bus("triage", slow)
    tickets = [f"T-{i}" for i in range(60)]
    await street.publish(*map(linked, tickets))
    await until(lambda: len(begun) == shared.bus.AT_ONCE)
    new = await street.bus("triage", quick)
    began = time.monotonic()
    stopping = asyncio.create_task(old.stop_receiving())
    await asyncio.sleep(0.1)
    gate.set()
    await stopping
    await until(lambda: len(done) >= len(tickets))
    await until_quiet(new)
    assert sorted(done) == sorted(tickets)
    assert len(begun) == shared.bus.AT_ONCE
    assert time.monotonic() - began < ACK_WAIT / 3


# ---- questions ----------------------------------------------------------------------------------


class Sum(BaseModel):
    of: list[int]


class Total(BaseModel):
    total: int


async def test_a_question_is_answered_by_one_of_those_who_can(street: Street) -> None:
    answered: list[str] = []

    def adder(name: str) -> Callable[[Sum], Any]:
        async def add(question: Sum) -> Total:
            answered.append(name)
            return Total(total=sum(question.of))

        return add

    asking = await street.bus("triage")
    for name in ("one", "two"):
        bus = Bus(street.servers.nats_url, "kb", street.prefix)
        bus.answers("sum", Sum, adder(name))
        await street.start(bus)
    totals = [await asking.ask("sum", Sum(of=[i, 1]), Total, within=5) for i in range(6)]
    assert [answer.total for answer in totals] == [i + 1 for i in range(6)]
    assert len(answered) == 6


async def test_a_question_that_nobody_answers_is_unavailable_at_once(street: Street) -> None:
    asking = await street.bus("triage")
    began = time.monotonic()
    with pytest.raises(Unavailable):
        await asking.ask("sum", Sum(of=[1]), Total, within=5)
    assert time.monotonic() - began < 2


async def test_a_question_that_takes_too_long_is_unavailable(street: Street) -> None:
    async def never(_: Sum) -> Total:
        await asyncio.sleep(2)
        return Total(total=0)

    asking = await street.bus("triage")
    bus = Bus(street.servers.nats_url, "kb", street.prefix)
    bus.answers("sum", Sum, never)
    await street.start(bus)
    with pytest.raises(Unavailable):
        await asking.ask("sum", Sum(of=[1]), Total, within=0.2)


# ---- following ----------------------------------------------------------------------------------


async def test_following_begins_behind_a_sequence_or_now(street: Street) -> None:
    bus = await street.bus("triage")
    await street.publish(*(linked(f"T-{i}") for i in range(1, 5)))
    behind, new = bus.follow(2), bus.follow(None)
    found = [await anext(behind) for _ in range(2)]
    waiting = asyncio.create_task(anext(new))
    await asyncio.sleep(0.2)
    await street.publish(linked("T-5"))
    found += [await anext(behind), await waiting]
    await behind.aclose()
    await new.aclose()
    assert [(one[0], one[1].subject) for one in found if one] == [(3, "T-3"), (4, "T-4"), (5, "T-5"), (5, "T-5")]


async def test_following_leaves_out_replays_and_what_is_no_event(street: Street) -> None:
    bus = await street.bus("triage")
    await street.publish(linked("T-1"))
    await street.publish_raw("ticket.linked", b"rubbish")
    await street.publish_raw("ticket.linked", linked("T-1").to_wire(), **{ONLY: "triage"})
    await street.publish(linked("T-2"))
    feed = bus.follow(0)
    found = [await anext(feed) for _ in range(2)]
    await feed.aclose()
    assert [one[1].subject for one in found if one] == ["T-1", "T-2"]


async def test_following_what_is_no_longer_kept_is_gone(street: Street) -> None:
    bus = await street.bus("triage")
    await street.publish(*(linked(f"T-{i}") for i in range(6)))
    await bus._js.purge_stream(bus.stream, seq=4)
    with pytest.raises(Gone):
        await anext(bus.follow(1))
    with pytest.raises(Gone):
        await anext(bus.follow(99))
    feed = bus.follow(3)
    first = await anext(feed)
    await feed.aclose()
    assert first
    assert first[0] == 4


async def test_handlers_of_two_kinds_of_one_ticket_keep_the_order_of_the_stream(street: Street) -> None:
    heard: list[str] = []

    async def handle(event: Event) -> None:
        await asyncio.sleep(0.01 if isinstance(event, TicketLinked) else 0)
        heard.append(event.kind)

    bus = Bus(street.servers.nats_url, "triage", street.prefix)
    bus.on(TicketLinked, handle)
    bus.on(TicketPlanAgreed, handle)
    await street.start(bus)
    for _ in range(3):
        await street.publish(linked("T-1"), TicketPlanAgreed(subject="T-1", time=NOON, plan="p"))
    await until_quiet(bus)
    assert heard == ["ticket.linked", "ticket.plan_agreed"] * 3
