"""The one module that knows the MongoDB driver: Motor, or PyMongo's own asyncio client. Nothing of it shows outside."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from gridfs.errors import NoFile
from pymongo import InsertOne
from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError

from shared.domain import NotFound
from shared.telemetry import quiet

AWAY: tuple[type[Exception], ...] = (PyMongoError,)


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

    def __getitem__(self, collection: str) -> Any:
        return self.client[self.name][collection]

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
            for one in error.details["writeErrors"]:
                kind = Taken if one["code"] == 11000 else RuntimeError
                failures[one["index"]] = kind(one["errmsg"])
        except Exception as error:  # every waiter must hear of it, whatever it is
            failures = dict.fromkeys(range(len(batch)), error)
        for index, (_, done) in enumerate(batch):
            if done.cancelled():
                continue
            if index in failures:
                done.set_exception(failures[index])
            else:
                done.set_result(None)


class Files:
    """Attachments in GridFS, streamed in and out in chunks."""

    def __init__(self, database: Database) -> None:
        if database.driver == "motor":
            from motor.motor_asyncio import AsyncIOMotorGridFSBucket

            self._bucket: Any = AsyncIOMotorGridFSBucket(database.client[database.name])
        else:
            from gridfs.asynchronous import AsyncGridFSBucket

            self._bucket = AsyncGridFSBucket(database.client[database.name])

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
        await self._bucket.delete(id)


class Counter:
    """Unique numbers, taken in blocks so that a number costs no round trip; a crash leaves a gap, never a double."""

    def __init__(self, database: Database, block: int = 50) -> None:
        self._docs = database["counter"]
        self._block = block
        self._lock = asyncio.Lock()
        self._left: dict[str, tuple[int, int]] = {}

    async def next(self, name: str) -> int:
        async with self._lock:
            value, end = self._left.get(name, (0, 0))
            if value == end:
                value, end = await self._take(name)
            self._left[name] = (value + 1, end)
            return value + 1

    async def _take(self, name: str) -> tuple[int, int]:
        while True:
            doc = await self._docs.find_one({"_id": name})
            taken = doc["value"] if doc else 0
            if not doc:
                try:
                    await self._docs.insert_one({"_id": name, "value": self._block})
                except DuplicateKeyError:
                    continue
                return taken, taken + self._block
            query = {"_id": name, "value": taken}
            if (await self._docs.update_one(query, {"$set": {"value": taken + self._block}})).matched_count:
                return taken, taken + self._block
