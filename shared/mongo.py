"""The one module that knows the MongoDB driver: Motor, or PyMongo's own asyncio client. Nothing of it shows outside."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import bson
from gridfs.errors import NoFile
from pymongo import InsertOne, ReadPreference, ReplaceOne, UpdateOne, WriteConcern
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WTimeoutError,
)
from pymongo.read_concern import ReadConcern

from shared.domain import NotFound
from shared.telemetry import quiet

logger = logging.getLogger(__name__)
AWAY: tuple[type[Exception], ...] = (PyMongoError,)  # what may mean that: ask `is_away`
# Codes of a server that stops, steps down, or was too busy for this once
# (https://github.com/mongodb/specifications, retryable-writes and server-discovery-and-monitoring).
PASSING = {6, 7, 24, 50, 89, 91, 112, 189, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436}
AWARE: bson.CodecOptions[dict[str, Any]] = bson.CodecOptions(tz_aware=True)
OTHER_OPTIONS = {85, 86}  # IndexOptionsConflict, IndexKeySpecsConflict
GIVE_UP_AFTER = 10_000  # milliseconds, for a write to reach the majority


def is_away(error: BaseException) -> bool:
    """Whether this says that the server, or its majority, is not there just now: the same again may succeed. All
    else, such as a document that is too large or a command that is wrong, fails the same way each time."""
    if isinstance(error, (ConnectionFailure, ExecutionTimeout, WTimeoutError)):
        return True
    if isinstance(error, BulkWriteError):
        details = error.details
        return bool(details.get("writeConcernErrors")) and not details.get("writeErrors")
    if isinstance(error, OperationFailure):
        return error.code in PASSING or error.has_error_label("RetryableWriteError")
    return False


def size_of(document: Mapping[str, Any]) -> int:
    """Bytes in the database."""
    return len(bson.encode(document))


def packed(document: Mapping[str, Any]) -> bytes:
    """As it goes to the database."""
    return bson.encode(document)


def unpacked(content: bytes) -> dict[str, Any]:
    """As it comes back from there."""
    return bson.decode(content, AWARE)


class Taken(Exception):
    """Another document has this id or one of these unique keys."""


@dataclass
class Database:
    """One service's database, opened with Motor or with PyMongo's own asyncio client."""

    client: Any
    name: str
    driver: str
    _inserts: dict[str, "Batch"] = field(default_factory=dict)

    @classmethod
    def open(cls, url: str, name: str, driver: str = "motor") -> "Database":
        options: dict[str, Any] = {"tz_aware": True, "serverSelectionTimeoutMS": 5000, "connectTimeoutMS": 5000}
        if driver == "motor":
            from motor.motor_asyncio import AsyncIOMotorClient

            return cls(AsyncIOMotorClient(url, **options), name, driver)
        from pymongo import AsyncMongoClient

        # Its pool is not fair to those who wait, so it must never be smaller than what runs at once.
        return cls(AsyncMongoClient(url, maxPoolSize=200, **options), name, driver)

    @property
    def handle(self) -> Any:
        """What is acknowledged is with the majority, and nothing is read that a new primary may not have."""
        return self.client.get_database(
            self.name,
            read_preference=ReadPreference.PRIMARY,
            read_concern=ReadConcern("majority"),
            write_concern=WriteConcern(w="majority", wtimeout=GIVE_UP_AFTER),
        )

    def __getitem__(self, collection: str) -> Any:
        return self.handle[collection]

    def newest(self, collection: str) -> Any:
        """The same collection as the primary has it at this moment: for a decision whose write compares the version,
        and for what a write has just collided with. What the majority has is older by the lag of replication, so that
        a change could be decided upon it in vain again and again; a write upon what is rolled back is rolled back too.
        """
        return self[collection].with_options(read_concern=ReadConcern("local"))

    def batch(self, collection: str) -> "Batch":
        return self._inserts.setdefault(collection, Batch(self[collection]))

    def files(self) -> "Files":
        return Files(self)

    async def ping(self) -> None:
        """Raises when the server does not answer."""
        with quiet():
            await self.client.admin.command("ping")

    async def drop(self) -> None:
        await self.client.drop_database(self.name)

    async def close(self) -> None:
        closing = self.client.close()
        if closing is not None:
            await closing


class Batch:
    """Inserts that arrive while another is under way go out together: one round trip serves them all."""

    def __init__(self, collection: Any) -> None:
        self._collection = collection
        self._waiting: list[tuple[dict[str, Any], asyncio.Future[None]]] = []
        self._busy = False

    async def insert(self, doc: dict[str, Any]) -> None:
        """Raises Taken when its id or one of its unique keys is taken."""
        if not self._busy:
            self._busy = True
            try:
                await self._collection.insert_one(doc)
            except DuplicateKeyError as error:
                raise Taken(str(error)) from error
            finally:
                self._next()
            return
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((doc, done))
        await done

    def _next(self) -> None:
        if self._waiting:
            batch, self._waiting = self._waiting, []
            task = asyncio.create_task(self._insert_all(batch))
            task.add_done_callback(lambda _: self._next())
        else:
            self._busy = False

    async def _insert_all(self, batch: list[tuple[dict[str, Any], asyncio.Future[None]]]) -> None:
        failures: dict[int, Exception] = {}
        try:
            await self._collection.bulk_write([InsertOne(doc) for doc, _ in batch], ordered=False)
        except BulkWriteError as error:
            if error.details.get("writeConcernErrors"):  # nobody knows that the majority has it: asked again
                failures = {i: WTimeoutError("the majority has not confirmed it") for i in range(len(batch))}
            for one in error.details["writeErrors"]:
                code, message = one["code"], one["errmsg"]
                failures[one["index"]] = Taken(message) if code == 11000 else OperationFailure(message, code)
        except Exception as error:  # every waiter must hear of it, whatever it is
            failures = dict.fromkeys(range(len(batch)), error)
        for index, (_, done) in enumerate(batch):
            if done.cancelled():
                continue
            if index in failures:
                done.set_exception(failures[index])
            else:
                done.set_result(None)


async def ensure_index(collection: Any, keys: Sequence[tuple[str, int]], **options: Any) -> None:
    """Create it where it is missing. One that is there with other options stays, so that the next release and the last
    one can start beside each other."""
    try:
        await collection.create_index(list(keys), **options)
    except OperationFailure as error:
        if error.code not in OTHER_OPTIONS:
            raise
        logger.warning("an index of %s stays as it is: %s", collection.name, error)


async def insert_new(collection: Any, docs: Sequence[Mapping[str, Any]]) -> None:
    """Those that are not there yet, in one round trip."""
    try:
        await collection.insert_many(docs, ordered=False)
    except BulkWriteError as error:
        if error.details.get("writeConcernErrors") or any(one["code"] != 11000 for one in error.details["writeErrors"]):
            raise


async def update_each(collection: Any, updates: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> bool:
    """Many updates, (filter, operation) each, in one round trip; whether every one of them found its document."""
    done = await collection.bulk_write([UpdateOne(dict(f), dict(u)) for f, u in updates], ordered=False)
    return bool(done.matched_count == len(updates))


async def put_all(collection: Any, docs: Mapping[str, Mapping[str, Any]]) -> None:
    """Write these documents by their ids, whether or not they are there, in one round trip."""
    puts = [ReplaceOne({"_id": id}, dict(doc), upsert=True) for id, doc in docs.items()]
    await collection.bulk_write(puts, ordered=False)


class Files:
    """Attachments in GridFS, streamed in and out in chunks."""

    def __init__(self, database: Database) -> None:
        self._of = database
        if database.driver == "motor":
            from motor.motor_asyncio import AsyncIOMotorGridFSBucket

            self._bucket: Any = AsyncIOMotorGridFSBucket(database.handle)
        else:
            from gridfs.asynchronous import AsyncGridFSBucket

            self._bucket = AsyncGridFSBucket(database.handle)

    async def ensure_indexes(self) -> None:
        """Those that the driver would create while it stores the first file."""
        await ensure_index(self._of["fs.files"], [("filename", 1), ("uploadDate", 1)])
        await ensure_index(self._of["fs.chunks"], [("files_id", 1), ("n", 1)], unique=True)

    async def save(self, id: str, name: str, chunks: AsyncIterator[bytes]) -> None:
        """All or nothing: when the chunks end with an error nothing stays behind."""
        grid = self._bucket.open_upload_stream_with_id(id, name)
        try:
            async for chunk in chunks:
                await grid.write(chunk)
        except BaseException:
            await grid.abort()
            raise
        await grid.close()

    async def read(self, id: str) -> AsyncIterator[bytes]:
        """Raises NotFound."""
        try:
            grid = await self._bucket.open_download_stream(id)
        except NoFile as error:
            raise NotFound(f"file {id} does not exist", f"文件 {id} 不存在") from error
        while chunk := await grid.readchunk():
            yield chunk

    async def delete(self, id: str) -> None:
        """Also what an upload that was cut off has left; one that is gone is no error."""
        with suppress(NoFile):  # which comes after the chunks are deleted
            await self._bucket.delete(id)


class Counter:
    """Unique numbers, taken in blocks so that a number costs no round trip; a crash leaves a gap, never a double. What
    this process knows to be taken it never gives, whatever becomes of the database."""

    def __init__(self, database: Database, block: int = 50) -> None:
        self._docs = database["counter"]
        self._block = block
        self._lock = asyncio.Lock()
        self._left: dict[str, tuple[int, int]] = {}
        self._taken: dict[str, int] = {}

    async def next(self, name: str) -> int:
        async with self._lock:
            value, end = self._left.get(name, (0, 0))
            if value == end:
                value, end = await self._take(name)
            self._left[name] = (value + 1, end)
            return value + 1

    async def exists(self, name: str) -> bool:
        return await self._docs.find_one({"_id": name}) is not None

    def knows(self, name: str, value: int) -> bool:
        """Whether this number, and all before it, are known to be taken."""
        return value <= self._taken.get(name, 0)

    async def raise_above(self, name: str, value: int, margin: int, anew: bool = False) -> None:
        """No number up to this one is taken from now on. A counter that is behind it goes `margin` farther, and what is
        left of our block is not given any more; `anew`: in any case."""
        async with self._lock:
            doc = await self._docs.find_one({"_id": name})
            taken = doc["value"] if doc else 0
            behind = taken < value
            if behind:
                taken = value + margin
                await self._write_at_least(name, taken)
            if behind or anew:
                self._left.pop(name, None)
            self._taken[name] = max(taken, self._taken.get(name, 0))

    async def _write_at_least(self, name: str, value: int) -> None:
        try:
            await self._docs.update_one({"_id": name}, {"$max": {"value": value}}, upsert=True)
        except DuplicateKeyError:  # another process has just made it
            await self._docs.update_one({"_id": name}, {"$max": {"value": value}})

    async def _take(self, name: str) -> tuple[int, int]:
        while True:
            doc = await self._docs.find_one({"_id": name})
            start = max(doc["value"] if doc else 0, self._taken.get(name, 0))
            end = start + self._block
            if doc:
                query = {"_id": name, "value": doc["value"]}
                if not (await self._docs.update_one(query, {"$set": {"value": end}})).matched_count:
                    continue
            else:
                try:
                    await self._docs.insert_one({"_id": name, "value": end})
                except DuplicateKeyError:
                    continue
            self._taken[name] = end
            return start, end
