"""Streams and consumers on a real server: made where they are missing, and only ever widened."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from nats.errors import Error
from nats.js.api import ConsumerConfig, DeliverPolicy, StreamConfig
from nats.js.errors import ServiceUnavailableError

from shared.bus import RETENTION, DeadLetter
from shared.bus.names import DEDUPE_WINDOW
from shared.bus.setup import covers, union, widest
from shared.events import Event, TicketLinked, TicketPlanAgreed
from shared.testing import NOON
from tests.deploy.command.conftest import apart
from tests.shared.bus.harness import LIMITS, BusHarness, linked, until, until_idle


async def ignore(_: Event) -> None: ...


async def stream_of(harness: BusHarness) -> StreamConfig:
    return (await harness.js.stream_info(harness.buses[0].names.stream)).config


async def filters(harness: BusHarness) -> list[str]:
    info = await harness.js.consumer_info(harness.buses[0].names.stream, "triage")
    return sorted(info.config.filter_subjects or [info.config.filter_subject or ""])


async def test_a_start_makes_what_is_missing(harness: BusHarness) -> None:
    bus = await harness.bus("triage", ignore)
    stream = await stream_of(harness)
    consumer = (await harness.js.consumer_info(bus.names.stream, "triage")).config
    assert (stream.subjects, stream.max_age, stream.duplicate_window) == (
        [f"{harness.prefix}.>"],
        RETENTION,
        DEDUPE_WINDOW,
    )
    assert (stream.max_bytes, stream.num_replicas, stream.discard) == (LIMITS.max_bytes, 1, "new")
    assert (consumer.ack_wait, consumer.deliver_subject) == (LIMITS.ack_wait, None)
    assert await filters(harness) == [f"{harness.prefix}.ticket.linked.v1"]


async def test_a_start_lowers_nothing_that_an_operator_raised_and_leaves_the_rest_alone(harness: BusHarness) -> None:
    await harness.bus("triage", ignore)
    stream = await stream_of(harness)
    stream.max_age, stream.max_bytes, stream.duplicate_window = 2 * RETENTION, 2 * LIMITS.max_bytes, 3600.0
    stream.subjects = [*(stream.subjects or []), f"{harness.prefix}-more.>"]
    stream.description, stream.max_msg_size = "ours", 500_000
    await harness.js.update_stream(stream)
    raised = await stream_of(harness)
    await harness.bus("triage", ignore)
    assert await stream_of(harness) == raised


async def test_a_start_widens_what_is_too_narrow(harness: BusHarness) -> None:
    await harness.bus("triage", ignore)
    stream = await stream_of(harness)
    stream.max_age, stream.max_bytes, stream.duplicate_window = 3600.0, 1024**2, 5.0
    await harness.js.update_stream(stream)
    await harness.bus("triage", ignore)
    stream = await stream_of(harness)
    assert (stream.max_age, stream.max_bytes, stream.duplicate_window) == (RETENTION, LIMITS.max_bytes, DEDUPE_WINDOW)


def test_no_bound_at_all_is_the_widest() -> None:
    there = {"subjects": ["a.>"], "num_replicas": 3, "duplicate_window": 9, "max_bytes": -1, "max_age": 0}
    wanted: dict[str, Any] = {"subjects": ["a.b", "c"], "num_replicas": 1, "duplicate_window": 9}
    wanted |= {"max_bytes": 5, "max_age": 5}
    assert widest(there, wanted) == {"subjects": ["a.>", "c"]}


@pytest.mark.parametrize(
    ("pattern", "subject", "is_covered"),
    [
        ("a.b", "a.b", True),
        ("a.b", "a.b.c", False),
        ("a.*.c", "a.b.c", True),
        ("a.*", "a.b.c", False),
        ("a.>", "a.b.c", True),
        ("a.>", "a", False),
        ("a.b.c", "a.b", False),
    ],
)
def test_what_a_filter_covers(pattern: str, subject: str, is_covered: bool) -> None:
    assert covers(pattern, subject) is is_covered
    assert (union([pattern], [subject]) == [pattern]) is is_covered


async def test_a_start_of_an_older_version_takes_no_filter_away_and_a_command_does(harness: BusHarness) -> None:
    newer = harness.make("triage", ignore)
    newer.on(TicketPlanAgreed, ignore)
    await harness.start(newer)
    both = [f"{harness.prefix}.ticket.{kind}.v1" for kind in ("linked", "plan_agreed")]
    assert await filters(harness) == both
    older = await harness.bus("triage", ignore)
    assert await filters(harness) == both
    assert await older.setup.narrow(older.subjects) == both[1:]
    assert await filters(harness) == both[:1]


async def test_a_consumer_that_hears_everything_goes_on_doing_so(harness: BusHarness) -> None:
    bus = await harness.bus("triage", ignore)
    config = (await harness.js.consumer_info(bus.names.stream, "triage")).config
    config.filter_subject, config.filter_subjects = None, None
    await harness.js.add_consumer(bus.names.stream, config)
    await harness.bus("triage", ignore)
    assert await filters(harness) == [""]


async def test_the_consumer_of_an_older_release_goes_on_behind_what_it_has_finished(harness: BusHarness) -> None:
    heard: list[str] = []

    async def handle(event: TicketLinked) -> None:
        heard.append(event.subject)

    await harness.bus("intake")
    await harness.publish(*(linked(f"T-{i}") for i in range(4)))
    pushed = ConsumerConfig(
        durable_name="triage", deliver_group="triage", deliver_policy=DeliverPolicy.ALL, deliver_subject="_deliver.t"
    )
    await harness.js.add_consumer(harness.buses[0].names.stream, pushed)
    old = await harness.buses[0].link.client.subscribe("_deliver.t", queue="triage")
    for _ in range(2):
        await (await old.next_msg()).ack()
    await old.unsubscribe()
    await harness.buses[0].link.client.flush()
    bus = await harness.bus("triage", handle)
    await until_idle(bus)
    assert sorted(heard) == ["T-2", "T-3"]


# ---- deleted while running ----------------------------------------------------------------------


async def test_a_consumer_that_was_deleted_is_made_again_behind_what_it_has_finished(harness: BusHarness) -> None:
    heard: list[str] = []

    async def handle(event: TicketLinked) -> None:
        heard.append(event.subject)

    bus = await harness.bus("triage", handle)
    await harness.publish(linked("T-1"), linked("T-2"))
    await until_idle(bus)
    assert await bus.ready()  # it has looked how far its consumer is
    await harness.js.delete_consumer(bus.names.stream, "triage")
    await harness.publish(linked("T-3"))
    await until(lambda: "T-3" in heard)
    assert heard == ["T-1", "T-2", "T-3"]


async def test_a_stream_that_was_deleted_is_made_again(harness: BusHarness) -> None:
    heard: list[str] = []

    async def handle(event: TicketLinked) -> None:
        heard.append(event.subject)

    bus = await harness.bus("triage", handle)
    await harness.publish(linked("T-1"))
    await until_idle(bus)
    await harness.js.delete_stream(bus.names.stream)
    later = linked("T-2")
    async with asyncio.timeout(15):
        while "T-2" not in heard:
            with suppress(Error):
                await harness.publish(later)
            await asyncio.sleep(0.1)
    assert heard == ["T-1", "T-2"]
    assert await bus.ready()


async def test_the_stream_of_dead_letters_is_made_again_and_takes_what_waited_for_it(harness: BusHarness) -> None:
    bus = await harness.bus("triage", ignore)
    await harness.js.delete_stream(bus.names.dead_stream)
    await harness.publish_raw("ticket.linked", b"rubbish")
    async with asyncio.timeout(30):
        letters: list[DeadLetter] = []
        while not letters:
            with suppress(Error):
                letters = await bus.dead_letters()
            await asyncio.sleep(0.1)
    assert [letter.body for letter in letters] == ["rubbish"]


# ---- full ---------------------------------------------------------------------------------------


async def until_full(harness: BusHarness) -> list[str]:
    """The tickets that the stream still took."""
    sent: list[str] = []
    with suppress(ServiceUnavailableError):
        while len(sent) < 400:
            await harness.publish(linked(f"T-{len(sent)}", "x" * 1000))
            sent.append(f"T-{len(sent)}")
    return sent


async def test_a_full_stream_forgets_what_all_have_finished_and_nothing_else(harness: BusHarness) -> None:
    gate = asyncio.Event()
    heard: set[str] = set()

    async def handle(event: TicketLinked) -> None:
        await gate.wait()
        heard.add(event.subject)

    bus = await harness.bus("triage", handle, max_bytes=200_000, at_once=1)
    sent = await until_full(harness)
    assert 100 < len(sent) < 400
    assert not await bus.ready()
    first = (await harness.js.stream_info(bus.names.stream)).state.first_seq
    assert first == 1
    gate.set()
    await until_idle(bus)
    assert heard == set(sent)
    later = linked("T-later", "x" * 1000)
    async with asyncio.timeout(20):
        while not await bus.ready():
            with suppress(ServiceUnavailableError):
                await harness.publish(later)
            await asyncio.sleep(0.05)
    await until_idle(bus)
    assert heard == {*sent, "T-later"}


async def test_an_older_and_a_newer_version_side_by_side_handle_all_and_park_nothing(harness: BusHarness) -> None:
    heard: list[str] = []

    async def handle(event: Event) -> None:
        heard.append(event.subject)

    newer = harness.make("triage", handle)
    newer.on(TicketPlanAgreed, handle)
    await harness.start(newer)
    older = await harness.bus("triage", handle)
    kinds = [TicketPlanAgreed(subject=f"P-{i}", time=NOON, plan="p") for i in range(40)]
    await harness.publish(*(linked(f"T-{i}") for i in range(40)), *kinds)
    await until(lambda: len(heard) >= 80, within=20)
    await until_idle(newer, older)
    assert sorted(heard) == sorted([*(f"T-{i}" for i in range(40)), *(f"P-{i}" for i in range(40))])
    assert await newer.dead_letters() == []


async def test_the_command_prints_what_a_service_hears_no_more(harness: BusHarness) -> None:
    bus = harness.make("kb", ignore)
    bus.on(TicketPlanAgreed, ignore)
    await harness.start(bus)
    narrowed = await apart(harness.servers, harness.prefix, "bus", "narrow", "kb")
    left = (await harness.js.consumer_info(bus.names.stream, "kb")).config.filter_subjects
    assert narrowed.status == 0
    assert f"- {harness.prefix}.ticket.plan_agreed.v1\n" in narrowed.out
    assert left
    assert f"{harness.prefix}.ticket.completed.v1" in left
    assert f"{harness.prefix}.ticket.plan_agreed.v1" not in left
