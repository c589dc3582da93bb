"""`python -m tests.bench.sizing`: counts what one ticket of each kind makes (events and their bytes on the bus,
statements, documents and what their index entries hold) and writes it to deploy/scale/measured.json.

The five services run in this process on embedded servers: real encoders, real statements, nothing estimated.
"""

import asyncio
import json
import os
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bson
import nats
from aiosmtpd.controller import Controller
from pymongo import monitoring

from deploy.scale.measured import FILE
from deploy.services import SERVICES
from services.kb.search.fields import BODY, FIELDS, KIND, TITLE
from shared.search import Entry, Folder, Index
from shared.testing import Servers, World, running
from tests.bench.samples import problem
from tests.bench.stories import STORIES
from tests.journeys.desk import Desk
from tests.servers import app_factory, embedded, free_port

EACH = 3  # tickets of a kind; the first warms up what is remembered between tickets
WORDS = {"find", "insert", "update", "delete", "aggregate", "findAndModify", "count"}


class Statements(monitoring.CommandListener):
    """Counted by service and command; clearing outboxes, which many tickets share, by the writes that are cleared."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        service = event.database_name.rpartition("_")[2]
        if event.command_name not in WORDS or _is_sweep(event.command):
            return
        cleared = _cleared(event.command)
        self.counts[service, "cleared" if cleared else event.command_name] += cleared or 1

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...


def _is_sweep(command: Mapping[str, Any]) -> bool:
    """What is asked by time, however many tickets there are."""
    asked = {*command.get("filter", {}), *command.get("projection", {})}
    return not asked.isdisjoint(("_unsent", "due_at", "_changed"))


def _cleared(command: Mapping[str, Any]) -> int:
    return sum(len(one["q"]["_unsent"]["$in"]) for one in command.get("updates", ()) if "_unsent" in one["q"])


async def documents(world: World) -> dict[str, dict[Any, tuple[int, int]]]:
    """Bytes of each document, and of its keys in all indexes."""
    found: dict[str, dict[Any, tuple[int, int]]] = {}
    for service, runtime in world.runtimes.items():
        database = runtime.database
        for name in await database.handle.list_collection_names():
            indexes = [one["key"] async for one in _indexes(database[name])]
            found[f"{service}.{name}"] = {
                doc["_id"]: (len(bson.encode(doc)), sum(_key_bytes(doc, list(keys)) for keys in indexes))
                async for doc in database[name].find({})
            }
    return found


async def _indexes(collection: Any) -> Any:
    cursor = collection.list_indexes()
    async for one in await cursor if asyncio.iscoroutine(cursor) else cursor:
        yield one


def _key_bytes(doc: Mapping[str, Any], names: list[str]) -> int:
    """What the entries of one index hold for this document: their values, and eight bytes to find it by."""
    values = [_values(doc, name.split(".")) for name in names]
    entries = max(len(one) for one in values)
    size = sum(
        len(bson.encode({"": value})) - 7 for one in values for value in (one if len(one) > 1 else one * entries)
    )
    return size + 8 * entries


def _values(doc: Any, path: list[str]) -> list[Any]:
    for name in path:
        doc = doc.get(name) if isinstance(doc, Mapping) else None
    return list(doc) or [None] if isinstance(doc, list) else [doc]


async def tell(world: World, name: str, counted: Statements, each: int) -> dict[str, Any]:
    """One kind of ticket, the mean of all but the first."""
    desk = Desk(world)
    before: dict[str, dict[Any, tuple[int, int]]] = {}
    heard = stored = 0
    for n in range(each):
        if n == 1:
            await _rest(world)
            before, heard, stored = await documents(world), len(world.events), await stream_bytes(world)
            counted.counts.clear()
        await STORIES[name](desk, n + 100)
    await _rest(world)
    events = Counter(event.kind for event in world.events[heard:])
    after = await documents(world)
    return {
        "events": {kind: round(count / (each - 1), 1) for kind, count in sorted(events.items())},
        "stream_bytes": (await stream_bytes(world) - stored) // (each - 1),
        "statements": _mean(counted.counts, each - 1),
        "documents": {
            collection: _grown(before.get(collection, {}), docs, each - 1) for collection, docs in after.items()
        },
    }


async def stream_bytes(world: World) -> int:
    """Of all streams, with what the server keeps beside each message."""
    client = await nats.connect(world.servers.nats_url)
    streams = await client.jetstream().streams_info()
    await client.close()
    return sum(one.state.bytes for one in streams)


def catalog_entry(entries: int = 2000) -> float:
    """Milliseconds that kb needs to index one case."""
    with tempfile.TemporaryDirectory() as folder:
        index = Index(FIELDS, Folder(Path(folder)))
        index.open("")
        began = time.process_time()
        index.replace(map(_entry, range(entries)))
        index.commit()
        took = time.process_time() - began
        index.close()
    return round(1000 * took / entries, 2)


def _entry(n: int) -> Entry:
    told = problem(n)
    heading = f"{told['title']}\nWin11\nExcel导出\nV3.2\nIllegalStateException"
    texts = {TITLE: heading, BODY: f"{heading}\n{told['description']}"}
    return Entry(f"TK-2026-{n:06d}", 1, texts, {KIND: ["case"], "fingerprint": [f"{n:032x}"]}, {})


def _mean(counts: Counter[tuple[str, str]], tickets: int) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for (service, command), count in sorted(counts.items()):
        found[service][command] = round(count / tickets, 1)
    return found


def _grown(before: Mapping[Any, tuple[int, int]], after: Mapping[Any, tuple[int, int]], tickets: int) -> list[float]:
    """Documents, their bytes, and bytes of index entries that came for one ticket."""
    new = [sizes for id, sizes in after.items() if id not in before]
    return [round(total / tickets, 1) for total in (len(new), sum(s for s, _ in new), sum(k for _, k in new))]


async def _rest(world: World) -> None:
    await world.settle()
    for runtime in world.runtimes.values():
        await runtime.sender.clear()


class Sink:
    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # its name in aiosmtpd
        return "250 taken"


@contextmanager
def mail_server() -> Any:
    server = Controller(Sink(), "127.0.0.1", free_port(), enable_SMTPUTF8=True)
    server.start()
    os.environ["BIHUAN_SMTP_URL"] = f"smtp://127.0.0.1:{server.port}?from=desk@bihuan.example"
    try:
        yield
    finally:
        del os.environ["BIHUAN_SMTP_URL"]
        server.stop()


async def measure(
    servers: Servers, counted: Statements, stories: Iterable[str] = STORIES, each: int = EACH
) -> dict[str, Any]:
    told: dict[str, Any] = {"stories": {}}
    with mail_server():
        for name in stories:
            async with running(servers, *map(app_factory, SERVICES)) as world:
                await Desk(world).opens()
                told["stories"][name] = await tell(world, name, counted, each)
    return told


def main() -> None:
    counted = Statements()
    monitoring.register(counted)  # before any client is made
    with tempfile.TemporaryDirectory() as folder, embedded(Path(folder)) as (nats_url, mongo_url):
        key, jwks = Servers.make_key(Path(folder))
        told = asyncio.run(measure(Servers(nats_url, mongo_url, jwks, key), counted))
    told["catalog_ms"] = catalog_entry()
    FILE.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"wrote {FILE}")


if __name__ == "__main__":
    main()
