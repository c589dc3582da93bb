"""The floor: one bare process that inserts a document like a ticket's and publishes an event like its, acknowledged.

Run as a process of its own (helper.py).
"""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import nats
from nats.js import JetStreamContext
from nats.js.api import StreamConfig

from services.intake.tickets.store import Tickets
from shared.events import CONTENT_TYPE
from shared.mongo import Database
from shared.outbox import Outgoing, Sender
from tests.bench.helper import obey
from tests.bench.samples import document

AT_ONCE = 32
STREAM = "BENCHFLOOR"
KINDS = 64  # different documents, used again and again under new ids
opened: dict[str, "Floor"] = {}


class Floor:
    def __init__(self, database: Database, js: JetStreamContext) -> None:
        self._docs = database["ticket"]
        self._js = js
        self._samples = [document(n, f"TK-{n}", datetime.now(UTC), sent=False) for n in range(KINDS)]

    async def one(self, n: int) -> None:
        doc, event = self._samples[n % KINDS]
        id = uuid4().hex
        await self._docs.insert_one({**doc, "_id": id, "_keys": [id + "/0", id + "/1"]})
        headers = {"Nats-Msg-Id": id, "Content-Type": CONTENT_TYPE}
        await self._js.publish("benchfloor.opened", event.body, timeout=5, stream=STREAM, headers=headers)


async def open_(mongo_url: str, nats_url: str, driver: str) -> None:
    """The same indexes as intake's tickets, in a database of our own."""
    connection = await nats.connect(nats_url)
    js = connection.jetstream()
    await js.add_stream(StreamConfig(name=STREAM, subjects=["benchfloor.>"]))
    database = Database.open(mongo_url, f"benchfloor_{driver}", driver)

    async def nowhere(_: Outgoing) -> int:
        return 0

    await Tickets(database, Sender("bench", nowhere, _now), _now).ensure_indexes()
    opened[driver] = Floor(database, js)


async def run(driver: str, seconds: float) -> dict[str, Any]:
    floor = opened[driver]
    count = 0
    began = time.perf_counter()
    end = began + seconds

    async def writer() -> None:
        nonlocal count
        while time.perf_counter() < end:
            count += 1
            await floor.one(count)

    await asyncio.gather(*(writer() for _ in range(AT_ONCE)))
    return {"count": count, "seconds": time.perf_counter() - began}


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    obey({"open": open_, "run": run})
