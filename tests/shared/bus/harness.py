"""Services on a bus of their own, each with a database for what has to wait."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import nats
from nats.js import JetStreamContext

from shared.bus import Bus, Limits
from shared.deferred import DeferredEvents
from shared.events import Event, TicketLinked
from shared.mongo import Database, is_transient
from shared.outbox import Outgoing
from shared.testing import NOON, IdleProbe, Servers

Handler = Callable[[Any], Any]
WAITS = (0.01, 0.02, 0.05, 0.1, 0.1, 0.1)
LIMITS = Limits(waits=WAITS, transient_waits=(0.02, 0.05), poll_every=0.2, max_bytes=64 * 1024**2)


def linked(subject: str, word: str = "x", id: str = "") -> TicketLinked:
    return TicketLinked(subject=subject, time=NOON, to=[word], id=id or uuid4().hex)


@dataclass
class BusHarness:
    servers: Servers
    prefix: str
    buses: list[Bus] = field(default_factory=list)
    databases: list[Database] = field(default_factory=list)

    def make(self, service: str, handler: Handler | None = None, **limits: Any) -> Bus:
        """A replica of a service, not started yet."""
        database = Database.open(self.servers.mongo_url, f"{self.prefix}_{service}", self.servers.driver)
        self.databases.append(database)
        url = self.servers.nats_url
        bus = Bus(url, service, self.prefix, is_transient, DeferredEvents(database), replace(LIMITS, **limits))
        if handler:
            bus.on(TicketLinked, handler)
        return bus

    async def bus(self, service: str, handler: Handler | None = None, **limits: Any) -> Bus:
        return await self.start(self.make(service, handler, **limits))

    async def start(self, bus: Bus) -> Bus:
        self.buses.append(bus)
        await bus.start()
        return bus

    @property
    def js(self) -> JetStreamContext:
        return self.buses[0].link.js

    async def publish(self, *events: Event) -> None:
        for event in events:
            await self.buses[0].publish(Outgoing.of(event))

    async def publish_raw(self, kind: str, body: bytes, **headers: str) -> None:
        await self.js.publish(f"{self.prefix}.{kind}.v1", body, headers=headers)

    async def deferred(self, bus: Bus) -> list[dict[str, Any]]:
        """What waits in a service's database."""
        [database] = [one for one in self.databases if one.name == f"{self.prefix}_{bus.names.service}"][:1]
        return [doc async for doc in database["deferred"].find({"sequence": {"$gte": 0}}).sort("sequence", 1)]

    @asynccontextmanager
    async def process(self, service: str, how: str = "life") -> AsyncIterator[asyncio.subprocess.Process]:
        """A replica as a process of its own, that is ready."""
        about = (how, self.servers.nats_url, self.servers.mongo_url, self.servers.driver, self.prefix, service)
        command = (sys.executable, "-m", "tests.shared.bus.replica", *about)
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, stdout=pipe, start_new_session=True)
        try:
            assert process.stdout
            assert await process.stdout.readline() == b"ready\n"
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


@asynccontextmanager
async def bus_harness(servers: Servers) -> AsyncIterator[BusHarness]:
    harness = BusHarness(servers, f"t{uuid4().hex[:10]}")
    try:
        yield harness
    finally:
        for bus in harness.buses:
            await bus.stop_receiving()
            await bus.stop()
        for database in harness.databases:
            await database.drop()
            await database.close()
        client = await nats.connect(servers.nats_url.split(","))
        for stream in (harness.prefix.upper(), f"{harness.prefix.upper()}_DEAD"):
            await client.jetstream().delete_stream(stream)
        await client.close()


async def until(condition: Callable[[], object], within: float = 30) -> None:
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def until_idle(*buses: Bus, within: float = 30) -> None:
    """Until everything was handled, dead-lettered, or deferred for a newer version."""
    probe = IdleProbe()
    async with asyncio.timeout(within):
        for bus in buses:
            while not await probe.has_caught_up(bus):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
