"""A service that tells, one that hears, and a bus whose storage can be lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nats.errors
from nats.js.errors import NotFoundError

from shared.bus import Bus
from shared.bus.names import MESSAGE_ID
from shared.domain import Origin
from shared.events import TicketLinked
from shared.testing import Servers, World, running
from tests.servers import SCRIPTS, free_port, process
from tests.shared.bus.harness import until
from tests.shared.store.notes import Notes, create_app, opened

ME = Origin("me")
WITHIN = 25.0


@dataclass
class LossyBus:
    """A service that tells, and another that hears what it tells."""

    world: World
    heard: list[tuple[str, int]] = field(default_factory=list)
    _listener: Bus | None = None

    async def tell(self, *ids: str, by: str = "store") -> None:
        notes = self.world.runtimes[by].stores[0]
        assert isinstance(notes, Notes)
        for id in ids:
            await notes.add(*opened(id, id), ME)
        while not self.world.runtimes[by].sender.idle:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    async def clear(self) -> None:
        for runtime in self.world.runtimes.values():
            await runtime.sender.clear()

    async def listen(self) -> None:
        async def hear(event: TicketLinked) -> None:
            self.heard.append((event.subject, event.revision))

        self._listener = Bus(self.world.servers.nats_url, "probe", self.world.prefix)
        self._listener.on(TicketLinked, hear)
        await self._listener.start()

    async def listen_no_more(self) -> None:
        assert self._listener
        await self._listener.stop_receiving()
        await self._listener.stop()
        self._listener = None

    @property
    def bus(self) -> Bus:
        assert self.world._bus
        return self.world._bus

    @property
    def stream(self) -> str:
        return self.bus.names.stream

    async def lose(self) -> None:
        """When everybody has looked at it lately."""
        for bus in (self.bus, *(runtime.bus for runtime in self.world.runtimes.values())):
            assert await bus.ready()
        for name in (self.stream, self.bus.names.dead_stream):
            await self.bus.link.js.delete_stream(name)

    async def told(self) -> list[tuple[int, str]]:
        """What is in the stream: place and id."""
        found = []
        state = (await self.bus.link.js.stream_info(self.stream)).state
        for place in range(state.first_seq, state.last_seq + 1):
            raw = await self.bus.link.js.get_msg(self.stream, seq=place)
            found.append((place, (raw.headers or {})[MESSAGE_ID]))
        return found

    async def logged(self) -> list[tuple[int, str]]:
        sent = next(iter(self.world.runtimes.values())).bus.sent
        assert sent
        return [(sequence, id) async for id, sequence in sent.sequences()]

    async def mended(self) -> None:
        """Until every replica has seen that there is another stream, and told again what was lost."""
        async with asyncio.timeout(WITHIN):
            while not await self._is_mended():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            await self.world.settle()

    async def _is_mended(self) -> bool:
        try:
            made = (await self.bus.link.api(f"STREAM.INFO.{self.stream}"))["created"]
        except (NotFoundError, nats.errors.Error):
            return False
        replicas = self.world.runtimes.values()
        return all(one.bus.resender.idle and one.bus.resender.is_complete(made) for one in replicas)

    async def until_heard(self, *ids: str) -> None:
        async with asyncio.timeout(WITHIN):
            while not {id for id, _ in self.heard} >= set(ids):  # noqa: ASYNC110
                await asyncio.sleep(0.02)


@asynccontextmanager
async def lossy_bus(servers: Servers, replicas: int = 1) -> AsyncIterator[LossyBus]:
    async with running(servers, create_app) as world:
        for number in range(2, replicas + 1):
            await world.start(create_app, f".{number}")
        harness = LossyBus(world)
        try:
            yield harness
        finally:
            if harness._listener:
                await harness.listen_no_more()


@dataclass
class OwnBus:
    """A nats-server that can be killed, and its storage."""

    folder: Path
    port: int = field(default_factory=free_port)
    _running: ExitStack = field(default_factory=ExitStack)

    @property
    def storage(self) -> Path:
        return self.folder / "js"

    def start(self) -> None:
        command = [str(SCRIPTS / "nats-server"), "-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd"]
        self._running.enter_context(process([*command, str(self.storage)], self.port, self.folder / "nats.log"))

    def stop(self) -> None:
        self._running.close()


async def read_all(harness: LossyBus) -> list[tuple[int, str]]:
    feed = harness.bus.follow((await harness.bus.kept())[0] - 1)
    newest = await harness.bus.newest()
    found: list[tuple[int, str]] = []
    async for one in feed:
        if one:
            found.append((one[0], one[1].id))
            if one[0] >= newest:
                break
    await feed.aclose()
    return found


async def until_open(harness: LossyBus) -> None:
    buses = [harness.bus, *(one.bus for one in harness.world.runtimes.values())]
    await until(lambda: all(bus.is_open() for bus in buses), WITHIN)
