"""Sending what stores wrote: order for each aggregate, what the bus refuses, what fails beside what does not."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import nats
import pytest

from shared.bus import Bus, Limits
from shared.domain import Conflict
from shared.events import TicketLinked, TicketPlanAgreed
from shared.outbox import IN_MEMORY, Outgoing, Refused, Sender
from shared.testing import NOON
from tests.servers import SCRIPTS, free_port, process
from tests.shared.bus.harness import BusHarness, linked, until


class Box:
    """An outbox that holds so many writes of so many aggregates."""

    def __init__(self, left: int = 0) -> None:
        self.left = [(f"N-{i}", f"{i:06}", [Outgoing.of(linked(f"N-{i}"))]) for i in range(left)]
        self.cleared: set[str] = set()

    async def left_over(self, before: datetime, after: str, limit: int) -> list[tuple[str, str, list[Outgoing]]]:
        behind = int(after or -1) + 1
        return [one for one in self.left[behind:] if one[1] not in self.cleared][:limit]

    async def clear_sent(self, writes: Sequence[str]) -> None:
        self.cleared.update(writes)


class Line:
    """A bus that takes what it is given, except that some things fail or are refused."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.aside: list[str] = []
        self.refused: set[str] = set()
        self.failing: set[str] = set()
        self.is_transient = False
        self.asked = 0

    async def publish(self, one: Outgoing) -> int:
        self.asked += 1
        await asyncio.sleep(0)
        if one.id in self.failing:
            raise ConnectionError
        if one.id in self.refused:
            raise Refused("never")
        self.sent.append(one.id)
        return len(self.sent)

    async def dead_letter_unsent(self, one: Outgoing, error: Exception) -> None:
        self.aside.append(one.id)


@asynccontextmanager
async def sending(line: Line, *boxes: Box) -> AsyncIterator[Sender]:
    sender = Sender("test", line.publish, lambda: NOON, line.dead_letter_unsent, lambda: not line.is_transient)
    for box in boxes:
        sender.watch(box)
    await sender.start()
    yield sender
    await sender.stop()


def write(sender: Sender, box: Box, id: str, *words: str) -> None:
    for word in words:
        sender.wake(box, id, word, [Outgoing.of(linked(id, id=word))])


async def test_of_what_fails_only_its_own_aggregate_waits(caplog: pytest.LogCaptureFixture) -> None:
    line, box = Line(), Box()
    line.failing.add("b-1")
    async with sending(line, box) as sender:
        for name in ("a", "b", "c"):
            write(sender, box, name, f"{name}-1", f"{name}-2")
        await until(lambda: len(line.sent) == 4)
        assert set(line.sent) == {"a-1", "a-2", "c-1", "c-2"}
        line.failing.clear()
        await until(lambda: sender.idle)
        assert line.sent[4:] == ["b-1", "b-2"]


async def test_what_is_refused_is_set_aside_and_holds_up_nobody() -> None:
    line, box = Line(), Box()
    line.refused.add("b-2")
    async with sending(line, box) as sender:
        write(sender, box, "a", "a-1")
        write(sender, box, "b", "b-1", "b-2", "b-3")
        await until(lambda: sender.idle)
        await sender.clear()
    assert [one for one in line.sent if one.startswith("b")] == ["b-1", "b-3"]
    assert "a-1" in line.sent
    assert line.aside == ["b-2"]
    assert box.cleared == {"a-1", "b-3"}


async def test_while_the_bus_takes_nothing_nothing_is_tried_and_afterwards_all_goes_in_order() -> None:
    line, box = Line(), Box()
    line.is_transient = True
    async with sending(line, box) as sender:
        for i in range(1000):
            write(sender, box, f"N-{i:03}", f"{i:03}-1", f"{i:03}-2")
        await asyncio.sleep(0.3)
        asked = line.asked
        line.is_transient = False
        await until(lambda: sender.idle)
    assert asked == 0
    assert len(line.sent) == 2000
    for i in range(1000):
        assert line.sent.index(f"{i:03}-1") < line.sent.index(f"{i:03}-2")


async def test_the_sweep_finds_all_that_was_left_behind_also_behind_what_cannot_be_sent() -> None:
    line, box = Line(), Box(left=3000)
    stuck = {events[0].id for _, _, events in box.left[:1500]}
    line.failing |= stuck
    async with sending(line, box):
        await until(lambda: len(line.sent) == 1500)
    assert stuck.isdisjoint(line.sent)


async def test_the_sweep_takes_no_more_than_there_is_room_for() -> None:
    line, box = Line(), Box(left=IN_MEMORY + 2000)
    line.is_transient = True
    async with sending(line, box) as sender:
        assert await sender.sweep(NOON) == 0
        assert len(sender._chains) == IN_MEMORY
        line.is_transient = False
        await until(lambda: sender.idle, within=30)
        await sender.clear()
        await sender.sweep(NOON)  # or the sender's own, which may have come first
        await until(lambda: len(line.sent) == IN_MEMORY + 2000, within=20)


# ---- on a real bus ------------------------------------------------------------------------------


async def test_an_event_that_is_too_large_is_a_dead_letter_and_those_behind_it_go_on(harness: BusHarness) -> None:
    bus = await harness.bus("triage")
    client = bus.link.client
    sender = Sender("triage", bus.publish, lambda: NOON, bus.dead_letter_unsent)
    box = Box()
    await sender.start()
    large = linked("T-1", "\u0001" * 175_000)  # six bytes each on the wire
    sender.wake(box, "T-1", "1", [Outgoing.of(linked("T-1", id="before")), Outgoing.of(large)])
    sender.wake(box, "T-1", "2", [Outgoing.of(linked("T-1", id="behind"))])
    await until(lambda: sender.idle)
    await sender.stop()
    [letter] = await bus.dead_letters()
    assert (letter.event_sequence, letter.subject) == (0, f"{harness.prefix}.ticket.linked.v1")
    assert letter.size > 1_048_576
    feed = bus.follow(0)
    followed = [await anext(feed) for _ in range(2)]
    await feed.aclose()
    assert [one[1].id for one in followed if one] == ["before", "behind"]
    assert bus.link.client is client


async def test_an_event_that_may_not_be_published_is_set_aside_and_replayed_when_it_may(tmp_path: Path) -> None:
    port, prefix = free_port(), f"t{uuid4().hex[:10]}"
    config = tmp_path / "nats.conf"
    denied = f"{prefix}.ticket.plan_agreed.v1"

    def users(permissions: str) -> str:
        return f"""
            port: {port}, host: 127.0.0.1
            jetstream {{store_dir: "{tmp_path}/js"}}
            authorization {{users: [{{user: us, password: secret, permissions: {{{permissions}}}}}]}}
        """

    config.write_text(users(f'publish: {{allow: ">", deny: "{denied}"}}, subscribe: ">"'))
    command = [str(SCRIPTS / "nats-server"), "-c", str(config)]
    plan = TicketPlanAgreed(subject="T-1", time=NOON, plan="p")
    with process(command, port, tmp_path / "nats.log") as server:
        bus = Bus(f"nats://us:secret@127.0.0.1:{port}", "triage", prefix, limits=Limits(max_bytes=64 * 1024**2))
        await bus.start()
        sender = Sender("triage", bus.publish, lambda: NOON, bus.dead_letter_unsent)
        await sender.start()
        sender.wake(Box(), "T-1", "1", [Outgoing.of(plan)])
        sender.wake(Box(), "T-2", "2", [Outgoing.of(linked("T-2"))])
        await until(lambda: sender.idle)
        [letter] = await bus.dead_letters()
        assert (letter.subject, letter.event_sequence) == (denied, 0)
        with pytest.raises(Conflict):
            await bus.replay(letter.sequence)
        config.write_text(users('publish: ">", subscribe: ">"'))
        server.send_signal(1)  # read it again
        async with asyncio.timeout(20):
            while await bus.dead_letters():
                with suppress(Conflict, nats.errors.Error):
                    await bus.replay(letter.sequence)
        feed = bus.follow(0)
        followed = [await anext(feed) for _ in range(2)]
        await feed.aclose()
        await sender.stop()
        await bus.stop()
    assert [one[1].kind for one in followed if one] == [TicketLinked.kind, TicketPlanAgreed.kind]
    assert [one[1].id for one in followed if one][1] == plan.id
