"""What the bus and the stores say: whether everything came to rest, and every event that there is."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import nats
import nats.errors
from nats.aio.client import Client
from nats.js.api import ConsumerConfig, DeliverPolicy
from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError

from deploy.local.stack import Stack
from deploy.services import SERVICES
from shared.bus.addresses import servers_of
from shared.deferred import COLLECTION as DEFERRED
from shared.events import Event
from tests.live.desk import Json

STREAM, DEAD_STREAM = "BIHUAN", "BIHUAN_DEAD"
SUBJECTS = "bihuan.>"
WITHIN = 150.0  # seconds; what a crash left unacknowledged comes again after thirty
LOOK_EVERY = 0.5
QUIET = 4  # looks


@asynccontextmanager
async def bus(stack: Stack) -> AsyncIterator[Client]:
    servers, security = servers_of(stack.nats_url)
    tls = {"tls": security.ssl_context, "tls_handshake_first": True} if security else {}
    client = await nats.connect(servers, connect_timeout=5, **tls)
    try:
        yield client
    finally:
        await client.close()


async def rest(stack: Stack, within: float = WITHIN, services: Sequence[str] = SERVICES) -> None:
    """Until every consumer has finished all it was sent, every outbox is empty, and nothing new was said meanwhile."""
    quiet, last, unfinished = 0, -1, "nobody answers"
    try:
        async with asyncio.timeout(within):
            while quiet < QUIET:
                await asyncio.sleep(LOOK_EVERY)
                try:
                    newest, unfinished = await _look(stack, services)
                except (nats.errors.Error, PyMongoError, OSError) as error:
                    newest, unfinished = -1, repr(error)
                quiet = quiet + 1 if newest == last and not unfinished else 0
                last = newest
    except TimeoutError as error:
        raise AssertionError(f"the stack does not come to rest within {within} s: {unfinished}") from error


async def _look(stack: Stack, services: Sequence[str]) -> tuple[int, str]:
    """The newest event's place, and who has something left to do."""
    unfinished = []
    async with bus(stack) as client:
        stream = client.jetstream()
        newest = (await stream.stream_info(STREAM)).state.last_seq
        for name in services:
            consumer = await stream.consumer_info(STREAM, name)
            if left := (consumer.num_pending or 0) + (consumer.num_ack_pending or 0):
                unfinished.append(f"{name} has {left} events to handle")
    async with AsyncMongoClient[Json](stack.mongo_url) as mongo:
        for name in services:
            database = mongo[f"bihuan_{name}"]
            for collection in await database.list_collection_names():
                if left := await database[collection].count_documents({"_unsent": {"$exists": True}}):
                    unfinished.append(f"{name} has {left} {collection} with events to send")
            if left := await database[DEFERRED].count_documents({"due_at": {"$gte": 0}}):
                unfinished.append(f"{name} has events of {left} tickets that wait to be tried again")
    return newest, ", ".join(unfinished)


async def events(stack: Stack) -> list[Json]:
    """Every event of the stream, in its order, with its `kind`, its `place`, and when the bus heard it (`told_at`)."""
    found: list[Json] = []
    async with bus(stack) as client:
        stream = client.jetstream()
        last = (await stream.stream_info(STREAM)).state.last_seq
        everything = ConsumerConfig(deliver_policy=DeliverPolicy.ALL)
        feed = await stream.subscribe(SUBJECTS, stream=STREAM, ordered_consumer=True, config=everything)
        while not found or found[-1]["place"] < last:
            message = await feed.next_msg(timeout=10)
            event = json.loads(message.data)
            kind = str(event["type"]).removeprefix("bihuan.").rpartition(".v")[0]
            heard = message.metadata
            found.append({**event, "kind": kind, "place": heard.sequence.stream, "told_at": heard.timestamp})
    return found


async def count(stack: Stack, kind: type[Event]) -> int:
    """How many events of this kind there are."""
    async with bus(stack) as client:
        info = await client.jetstream().stream_info(STREAM, subjects_filter=kind.type())
        return sum((info.state.subjects or {}).values())


async def documents(stack: Stack, service: str, collection: str) -> dict[str, Json]:
    """What a service has written down and shows nobody, by its id."""
    async with AsyncMongoClient[Json](stack.mongo_url, tz_aware=True) as mongo:
        return {doc["_id"]: doc async for doc in mongo[f"bihuan_{service}"][collection].find({})}
