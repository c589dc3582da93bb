"""Catching up: how many events a second a service handles of those that came while it was down."""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import count, islice
from typing import NamedTuple
from uuid import uuid4

from nats.js.api import DeliverPolicy

from shared.bus.names import MESSAGE_ID
from tests.bench.desk import STREAM, Desk
from tests.bench.process import everybody
from tests.bench.samples import past

WAITING = 10_000
ALIVE = 50  # tickets whose events come in turns
LONGEST = 45.0  # seconds
AT_ONCE = 250  # events that are published at once
ASKS = {"triage": ("kb",)}  # whom a service asks while it handles events


class Told(NamedTuple):
    """One event: which service told it, on which subject, about which ticket."""

    maker: str
    subject: str
    ticket: str
    body: str


async def catch_up(desk: Desk) -> None:
    """The events of tickets that went through the whole process are told again about other tickets, while no service
    runs; then one after the other is started alone."""
    crowd, people = await everybody(desk)
    await crowd.do("work", workers=4, seconds=2, **people)
    await desk.rest()
    lives = await whole_lives(desk)
    services = desk.stack.options.services
    await asyncio.gather(*(desk.stack.process(service).stop() for service in services))
    for service in services:
        await one(desk, service, lives)


async def one(desk: Desk, service: str, lives: Sequence[Sequence[Told]]) -> None:
    heard = await begin_behind(desk, service)
    mine = [[told for told in life if told.subject in heard and told.maker != service] for life in lives]
    events = list(islice(again(mine), WAITING // 20 if desk.quick else WAITING))
    if service == "intake":
        tickets = max(int(told.ticket[-6:]) for told in events)
        await desk.fill("intake", "ticket", lambda now: past(tickets, now))
    last = await publish(desk, events)
    for other in ASKS.get(service, ()):
        await begin_behind(desk, other)
        await desk.stack.process(other).start()
    await desk.stack.process(service).start()
    end = time.monotonic() + LONGEST
    done, floor = before, _ = await progress(desk, service)
    with desk.window() as window:
        while floor < last and time.monotonic() < end:
            await asyncio.sleep(0.05)
            done, floor = await progress(desk, service)
    done -= before
    await asyncio.gather(*(desk.stack.process(name).stop() for name in (service, *ASKS.get(service, ()))))
    note = f"{done} events, {len(events)} had waited; {window.strangers}"
    desk.figures.add(f"catch_up_{service}_per_s", done / window.seconds, "1/s", window.per(done), note)


async def whole_lives(desk: Desk) -> list[list[Told]]:
    """What is in the stream about each ticket that was completed."""
    js = desk.nats.jetstream()
    state = (await js.stream_info(STREAM)).state
    by_ticket: dict[str, list[Told]] = defaultdict(list)
    reader = await js.subscribe("bihuan.>", stream=STREAM, ordered_consumer=True)
    for _ in range(state.messages):
        message = await reader.next_msg()
        event = json.loads(message.data)
        told = Told(event["source"].rpartition("/")[2], message.subject, event["subject"], message.data.decode())
        by_ticket[told.ticket].append(told)
    await reader.unsubscribe()
    return [life for life in by_ticket.values() if any(".ticket.completed." in told.subject for told in life)]


def again(lives: Sequence[Sequence[Told]]) -> Iterator[Told]:
    """The same about one group of last year's tickets after the other: the first event of each, then the second."""
    year = datetime.now(UTC).year - 1
    for first in count(1, ALIVE):
        group = [(f"TK-{year}-{n:06d}", lives[n % len(lives)]) for n in range(first, first + ALIVE)]
        for step in range(max(map(len, lives))):
            for ticket, life in group:
                if step < len(life):
                    told = life[step]
                    yield told._replace(ticket=ticket, body=told.body.replace(told.ticket, ticket))


async def publish(desk: Desk, events: Sequence[Told]) -> int:
    """Where the last one stands in the stream."""
    js = desk.nats.jetstream()
    for start in range(0, len(events), AT_ONCE):
        async with asyncio.TaskGroup() as sending:
            for told in events[start : start + AT_ONCE]:
                event = {**json.loads(told.body), "id": uuid4().hex}
                body = json.dumps(event, ensure_ascii=False).encode()
                sending.create_task(js.publish(told.subject, body, headers={MESSAGE_ID: event["id"]}))
    return await desk.told()


async def begin_behind(desk: Desk, service: str) -> list[str]:
    """Let a service that is stopped go on behind all that is in the stream; the subjects that it hears."""
    js = desk.nats.jetstream()
    last = await desk.told()
    config = (await js.consumer_info(STREAM, service)).config
    await js.delete_consumer(STREAM, service)
    behind = config.evolve(deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=last + 1)
    await js.add_consumer(STREAM, behind)
    return config.filter_subjects or []


async def progress(desk: Desk, service: str) -> tuple[int, int]:
    """How many events it has finished, and the place up to which it has finished all."""
    info = await desk.nats.jetstream().consumer_info(STREAM, service)
    assert info.delivered
    assert info.ack_floor
    return info.delivered.consumer_seq - (info.num_ack_pending or 0), info.ack_floor.stream_seq
