"""Inserts of one collection, batched while the server is busy with others."""

import asyncio
from typing import Any

from pymongo import InsertOne
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure, WTimeoutError

from shared.mongo.errors import DuplicateKey


class Inserts:
    """Inserts that arrive at once, or while others are under way, go out together: one round trip serves them all."""

    def __init__(self, collection: Any) -> None:
        self._collection = collection
        self._waiting: list[tuple[dict[str, Any], asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def insert(self, doc: dict[str, Any]) -> None:
        """Raises DuplicateKey when its id or one of its unique keys is taken."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((doc, done))
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        await done

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            await self._insert_all(batch)
        self._task = None

    async def _insert_all(self, batch: list[tuple[dict[str, Any], asyncio.Future[None]]]) -> None:
        failures: dict[int, Exception] = {}
        try:
            if len(batch) == 1:
                await self._collection.insert_one(batch[0][0])
            else:
                await self._collection.bulk_write([InsertOne(doc) for doc, _ in batch], ordered=False)
        except DuplicateKeyError as error:
            failures = {0: DuplicateKey(str(error))}
        except BulkWriteError as error:
            if error.details.get("writeConcernErrors"):  # nobody knows that the majority has it: asked again
                failures = {i: WTimeoutError("the majority has not confirmed it") for i in range(len(batch))}
            for one in error.details["writeErrors"]:
                code, message = one["code"], one["errmsg"]
                failures[one["index"]] = DuplicateKey(message) if code == 11000 else OperationFailure(message, code)
        except Exception as error:  # every waiter must hear of it, whatever it is
            failures = dict.fromkeys(range(len(batch)), error)
        for index, (_, done) in enumerate(batch):
            if done.done():  # whoever waited has given up
                continue
            if index in failures:
                done.set_exception(failures[index])
            else:
                done.set_result(None)
