"""The desk that is measured: the embedded stack, with a trace of every tenth request."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nats
from nats.aio.client import Client
from nats.js.errors import NotFoundError
from pymongo import MongoClient

from deploy.local import ports
from deploy.local.options import HOST, Options
from deploy.local.stack import Stack
from deploy.services import SERVICES
from shared.outbox import CLEAR_AFTER
from tests.bench.figures import Figures
from tests.bench.helper import Helper, helper
from tests.bench.processes import Window
from tests.bench.samples import CUSTOMERS, customer
from tests.bench.statements import Statements

TRACED = 0.1
WORDS_ALONE = {"BIHUAN_SEARCH_BY_MEANING": "false"}  # a title more to embed is no part of a ticket's cost here
STREAM = "BIHUAN"
BATCH = 1000


@dataclass
class Desk:
    stack: Stack
    figures: Figures
    quick: bool
    exits: AsyncExitStack
    nats: Client
    line: Statements | None = None  # where statements are counted
    helpers: dict[str, Helper] = field(default_factory=dict)

    @property
    def driver(self) -> str:
        return self.stack.options.mongo_driver

    async def helper(self, module: str, name: str = "client") -> Helper:
        """A process of our own that counts as `name` where CPU is shown; started once, it ends with the desk."""
        if name not in self.helpers:
            self.helpers[name] = await self.exits.enter_async_context(helper(module))
        return self.helpers[name]

    def window(self) -> Window:
        return Window(self._pids)

    def _pids(self) -> Mapping[str, int]:
        parts = {name: kept.pid for name, kept in self.stack.processes.items() if kept.alive}
        return parts | {name: one.pid for name, one in self.helpers.items()}

    def tokens(self) -> list[str]:
        """One for each customer."""
        return [self.stack.token(customer(n)) for n in range(CUSTOMERS)]

    async def told(self) -> int:
        """Events so far."""
        return (await self.nats.jetstream().stream_info(STREAM)).state.last_seq

    async def lag(self) -> int:
        """Events that some service has not finished."""
        js = self.nats.jetstream()
        total = 0
        for name in self.stack.options.services:
            try:
                info = await js.consumer_info(STREAM, name)
            except NotFoundError:
                continue
            total += (info.num_pending or 0) + (info.num_ack_pending or 0)
        return total

    async def rest(self, within: float = 90) -> float:
        """Wait until every event was handled and every outbox cleared; returns the seconds that took."""
        began = time.monotonic()
        calm = 0
        while calm < 3 and time.monotonic() < began + within:
            calm = 0 if await self.lag() else calm + 1
            await asyncio.sleep(0.1)
        rested = time.monotonic() - began - 0.3
        await asyncio.sleep(CLEAR_AFTER + 0.5)
        return max(rested, 0.0)

    async def fill(self, database: str, collection: str, documents: Callable[[datetime], list[dict[str, Any]]]) -> None:
        """Put documents into a service's collection, past the service."""
        await asyncio.to_thread(self._fill, database, collection, documents)

    def _fill(self, database: str, collection: str, documents: Callable[[datetime], list[dict[str, Any]]]) -> None:
        with MongoClient[dict[str, Any]](self.stack.mongo_url, tz_aware=True) as client:
            docs = documents(datetime.now(UTC))
            for start in range(0, len(docs), BATCH):
                client[f"bihuan_{database}"][collection].insert_many(docs[start : start + BATCH], ordered=False)


@asynccontextmanager
async def desk(
    figures: Figures,
    quick: bool,
    services: tuple[str, ...] = SERVICES,
    counted: bool = False,
    environment: Mapping[str, str] | None = None,
    **options: Any,
) -> AsyncIterator[Desk]:
    """A desk with these services, on servers and data of its own; `counted`: what they ask of the database is."""
    async with AsyncExitStack() as exits:
        folder = Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="bihuan-bench-")))
        sink = await exits.enter_async_context(helper("mail_sink"))
        port = ports.choose(["mail"], None)["mail"]
        await sink.do("serve", port=port)
        env = {"BIHUAN_SMTP_URL": f"smtp://{HOST}:{port}", **(environment or {})}
        line: Statements | None = None
        if counted:
            servers = Stack(Options(data_dir=folder / "servers", services=(), gateway=False))
            beside = await exits.enter_async_context(servers)
            line = await exits.enter_async_context(Statements(beside.ports["mongo"]))
            env["BIHUAN_MONGO_URL"] = beside.mongo_url.replace(f":{beside.ports['mongo']}", f":{line.port}")
        stack = Stack(
            Options(data_dir=folder / "desk", services=services, trace_ratio=TRACED, env=WORDS_ALONE | env, **options)
        )
        await exits.enter_async_context(stack)
        await sink.do("tell", nats_url=stack.nats_url)
        exits.push_async_callback(sink.do, "hush")
        connection = await nats.connect(stack.nats_url)
        exits.push_async_callback(connection.close)
        yield Desk(stack, figures, quick, exits, connection, line, {"mail": sink})
