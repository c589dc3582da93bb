"""Delivery on a real server: order, sharing, replicas that stop, connections that break."""

import asyncio
import signal
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from shared.bus import Bus, Limits
from shared.events import Event, TicketLinked, TicketPlanAgreed
from shared.testing import NOON, Servers
from tests.servers import SCRIPTS, free_port, process
from tests.shared.bus.harness import BusHarness, Handler, bus_harness, linked, until, until_idle


async def test_events_of_one_ticket_are_handled_in_order_and_one_at_a_time(harness: BusHarness) -> None:
    heard: list[str] = []
    busy = 0

    async def handle(event: TicketLinked) -> None:
        nonlocal busy
        busy += 1
        assert busy == 1
        await asyncio.sleep(0.02 if len(heard) % 3 == 0 else 0)
        heard.append(event.to[0])
        busy -= 1

    bus = await harness.bus("triage", handle)
    await harness.publish(*(linked("T-1", str(i)) for i in range(60)))
    await until_idle(bus)
    assert heard == [str(i) for i in range(60)]


async def test_handlers_of_two_kinds_of_one_ticket_keep_the_order_of_the_stream(harness: BusHarness) -> None:
    heard: list[str] = []

    async def handle(event: Event) -> None:
        await asyncio.sleep(0.01 if isinstance(event, TicketLinked) else 0)
        heard.append(event.kind)

    bus = harness.make("triage", handle)
    bus.on(TicketPlanAgreed, handle)
    await harness.start(bus)
    for _ in range(3):
        await harness.publish(linked("T-1"), TicketPlanAgreed(subject="T-1", time=NOON, plan="p"))
    await until_idle(bus)
    assert heard == ["ticket.linked", "ticket.plan_agreed"] * 3


async def test_no_more_events_are_handled_at_once_than_the_service_asked_for(harness: BusHarness) -> None:
    busy = most = 0

    async def handle(_: TicketLinked) -> None:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await asyncio.sleep(0.01)
        busy -= 1

    bus = await harness.bus("sla", handle, at_once=2)
    await harness.publish(*(linked(f"T-{i}") for i in range(12)))
    await until_idle(bus)
    assert most == 2


async def test_events_of_different_tickets_are_handled_side_by_side(harness: BusHarness) -> None:
    together = asyncio.Barrier(8)  # opens only when all eight have begun

    async def handle(_: TicketLinked) -> None:
        await together.wait()
        finished.append(1)

    finished: list[int] = []
    bus = await harness.bus("triage", handle)
    await harness.publish(*(linked(f"T-{i}") for i in range(8)))
    await until_idle(bus)
    assert len(finished) == 8


async def test_two_services_each_get_every_event_and_two_replicas_share_them(harness: BusHarness) -> None:
    heard: dict[str, list[str]] = {"triage-1": [], "triage-2": [], "sla": []}
    both = {name: asyncio.Event() for name in heard}

    def handler(name: str, not_without: str) -> Handler:
        async def handle(event: TicketLinked) -> None:
            heard[name].append(event.subject)
            both[name].set()
            await both[not_without].wait()

        return handle

    # each has room for fewer than there are, and ends none before the other has begun one
    bus = await harness.bus("triage", handler("triage-1", "triage-2"), at_once=4)
    other = await harness.bus("triage", handler("triage-2", "triage-1"), at_once=4)
    sla = await harness.bus("sla", handler("sla", "sla"))
    tickets = [f"T-{i}" for i in range(40)]
    await harness.publish(*map(linked, tickets))
    await until_idle(bus, other, sla)
    assert sorted(heard["triage-1"] + heard["triage-2"]) == sorted(tickets)
    assert heard["triage-1"]
    assert heard["triage-2"]
    assert sorted(heard["sla"]) == sorted(tickets)


async def test_an_event_that_nobody_here_listens_to_is_not_delivered(harness: BusHarness) -> None:
    heard: list[Event] = []

    async def handle(event: TicketLinked) -> None:
        heard.append(event)

    bus = await harness.bus("triage", handle)
    await harness.publish(TicketPlanAgreed(subject="T-1", time=NOON, plan="p"), linked("T-1"))
    await until_idle(bus)
    assert [type(event) for event in heard] == [TicketLinked]


async def test_a_repeat_of_the_same_id_is_dropped_by_the_stream(harness: BusHarness) -> None:
    heard: list[str] = []

    async def handle(event: TicketLinked) -> None:
        heard.append(event.id)

    bus = await harness.bus("triage", handle)
    await harness.publish(*(linked("T-1", id="the same") for _ in range(3)))
    await until_idle(bus)
    assert heard == ["the same"]
    assert (await harness.js.stream_info(bus.names.stream)).state.messages == 1


# ---- replicas that stop -------------------------------------------------------------------------


async def test_a_replica_asks_for_no_more_than_it_can_begin_soon(harness: BusHarness) -> None:
    gate = asyncio.Event()

    async def handle(_: TicketLinked) -> None:
        await gate.wait()

    bus = await harness.bus("triage", handle, at_once=4)
    await harness.publish(*(linked(f"T-{i}") for i in range(100)))
    info = await harness.js.consumer_info(bus.names.stream, "triage")
    gate.set()
    await until_idle(bus)
    assert info.num_ack_pending is not None
    assert info.num_ack_pending <= Limits(at_once=4).window < 20


async def test_what_a_stopping_replica_has_not_begun_another_does_at_once_and_nothing_twice(
    harness: BusHarness,
) -> None:
    done: list[str] = []
    gate = asyncio.Event()
    begun: set[str] = set()

    async def slow(event: TicketLinked) -> None:
        begun.add(event.subject)
        await gate.wait()
        done.append(event.subject)

    async def quick(event: TicketLinked) -> None:
        done.append(event.subject)

    old = await harness.bus("triage", slow, ack_wait=3600.0)  # waiting for its end would show
    tickets = [f"T-{i}" for i in range(60)]
    await harness.publish(*map(linked, tickets))
    await until(lambda: len(begun) == old.limits.at_once)
    new = await harness.bus("triage", quick, ack_wait=3600.0)
    stopping = asyncio.create_task(old.stop_receiving())
    await asyncio.sleep(0.1)
    gate.set()
    await stopping
    await until(lambda: len(done) >= len(tickets))
    await until_idle(new)
    assert sorted(done) == sorted(tickets)
    assert len(begun) == old.limits.at_once


async def test_of_what_a_stopped_process_holds_the_others_are_given_all(harness: BusHarness) -> None:
    done: list[str] = []

    async def handle(event: TicketLinked) -> None:
        await asyncio.sleep(0.01)
        done.append(event.subject)

    bus = await harness.bus("triage", handle, ack_wait=1.0)
    async with harness.process("triage") as other:
        await harness.publish(*(linked(f"T-{i}") for i in range(20)))
        other.send_signal(signal.SIGSTOP)
        await harness.publish(*(linked(f"T-{i}") for i in range(20, 200)))
        await until_idle(bus, within=20)
        other.send_signal(signal.SIGCONT)
        other.terminate()
        assert other.stdout
        said = (await other.stdout.read()).decode().split()
    assert set(done) | set(said) == {f"T-{i}" for i in range(200)}
    assert len(done) > 150


async def test_an_event_that_takes_longer_than_the_server_waits_is_handled_once(harness: BusHarness) -> None:
    begun: list[str] = []

    async def handle(event: TicketLinked) -> None:
        begun.append(event.subject)
        await asyncio.sleep(2.5 if event.subject == "T-1" else 0)

    bus = await harness.bus("triage", handle, ack_wait=1.0, at_once=1)
    await harness.publish(linked("T-1"), linked("T-2"), linked("T-3"))
    await until_idle(bus)
    assert begun == ["T-1", "T-2", "T-3"]


# ---- connections that break ---------------------------------------------------------------------


async def test_a_server_that_comes_back_finds_all_where_it_was(servers: Servers, tmp_path: Path) -> None:
    port = free_port()
    command = [str(SCRIPTS / "nats-server"), "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", str(tmp_path / "js")]
    heard: list[str] = []

    async def handle(event: TicketLinked) -> None:
        heard.append(event.subject)

    with ExitStack() as nats:
        nats.enter_context(process(command, port, tmp_path / "nats.log"))
        async with bus_harness(replace(servers, nats_url=f"nats://127.0.0.1:{port}")) as harness:
            bus = await harness.bus("triage", handle)
            await harness.publish(linked("T-1"))
            await until_idle(bus)
            nats.close()
            assert not await bus.ready()
            assert bus.alive
            nats.enter_context(process(command, port, tmp_path / "nats.log"))
            await until(lambda: bus.link.connected)
            await harness.publish(linked("T-2"))
            await until(lambda: "T-2" in heard)
            assert await bus.ready()
    assert heard == ["T-1", "T-2"]


async def test_a_bus_that_is_away_at_the_start_is_connected_to_when_it_is_there(
    servers: Servers, tmp_path: Path
) -> None:
    port = free_port()
    command = [str(SCRIPTS / "nats-server"), "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", str(tmp_path / "js")]
    heard: list[str] = []

    async def handle(event: TicketLinked) -> None:
        heard.append(event.subject)

    with ExitStack() as nats:
        async with bus_harness(
            replace(servers, nats_url=f"nats://127.0.0.1:{port},nats://127.0.0.1:{port}")
        ) as harness:
            bus = await harness.bus("triage", handle, start_within=0.1)
            assert not await bus.ready()
            nats.enter_context(process(command, port, tmp_path / "nats.log"))
            await until(lambda: bus.link.connected)
            while not await bus.ready():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            await harness.publish(linked("T-1"))
            await until_idle(bus)
    assert heard == ["T-1"]


async def test_a_client_that_the_server_threw_out_is_replaced(harness: BusHarness) -> None:
    heard: list[str] = []

    async def handle(event: TicketLinked) -> None:
        heard.append(event.subject)

    bus = await harness.bus("triage", handle)
    before = bus.link.client
    await before.publish("anything", b"x" * before.max_payload, headers={"a": "b"})
    await until(lambda: before.is_closed)
    await until(lambda: bus.link.connected)
    await harness.publish(linked("T-1"))
    await until_idle(bus)
    assert heard == ["T-1"]
    assert bus.alive


async def test_while_no_client_can_take_the_place_of_one_that_was_thrown_out_the_bus_is_not_alive(
    servers: Servers, tmp_path: Path
) -> None:
    port = free_port()
    command = [str(SCRIPTS / "nats-server"), "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", str(tmp_path / "js")]
    with ExitStack() as nats:
        nats.enter_context(process(command, port, tmp_path / "nats.log"))
        bus = Bus(f"nats://127.0.0.1:{port}", "triage")
        await bus.start()
        for task in bus._tasks:
            task.cancel()  # nobody looks
        await bus.link.client.publish("anything", b"x" * bus.link.client.max_payload, headers={"a": "b"})
        await until(lambda: bus.link.client.is_closed)
        assert not bus.alive
        assert not await bus.ready()
        await bus.stop()
