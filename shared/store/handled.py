"""What an aggregate has handled: the newest marks in its document, older ones in a collection beside it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.domain import Invalid, Origin
from shared.mongo import Database, ensure_index, put_all

IN_DOCUMENT = 200
MOVED = 100  # at a time, the oldest
REMEMBERED_FOR = timedelta(days=90)  # as long as the bus keeps events


class HandledKeys:
    """A document that has moved some says so (`_moved`), so that all others cost no look-up."""

    def __init__(self, database: Database, of: str) -> None:
        self._docs = database[f"{of}_handled"]

    async def ensure_indexes(self) -> None:
        await ensure_index(self._docs, [("at", 1)])

    async def remove_expired(self, now: datetime) -> int:
        removed = await self._docs.delete_many({"at": {"$lt": now - REMEMBERED_FOR}})
        return int(removed.deleted_count)

    async def drop(self) -> None:
        await self._docs.drop()

    async def keep(self, id: str, marks: Sequence[str], now: datetime) -> None:
        await put_all(self._docs, {f"{id}/{_key(one)}": {"mark": one, "at": now} for one in marks})

    async def make_room(self, id: str, handled: Sequence[str], now: datetime) -> list[str]:
        """The marks that stay in the document. Those that leave it are kept before the document forgets them."""
        await self.keep(id, handled[:MOVED], now)
        return list(handled[MOVED:])

    async def knows(self, id: str, origin: Origin, now: datetime) -> bool:
        """Raises Invalid when the key came with other content."""
        found = await self._docs.find_one({"_id": f"{id}/{origin.key}"})
        return bool(found) and was_handled([found["mark"]], origin, now)


def handled_key(origin: Origin, now: datetime) -> str:
    if origin.fresh_for:
        return f"{origin.key}@{int(now.timestamp())}"
    return f"{origin.digest}#{origin.key}"  # the key last: it may hold any sign


def was_handled(handled: Sequence[str], origin: Origin, now: datetime) -> bool:
    """Raises Invalid when the key came with other content."""
    for one in reversed(handled):
        if origin.fresh_for:
            key, _, at = one.rpartition("@")
            if key == origin.key and now.timestamp() - int(at) <= origin.fresh_for:
                return True
            continue
        digest, _, key = one.partition("#")
        if key == origin.key:
            if origin.digest and digest != origin.digest:
                raise Invalid(
                    "This `Idempotency-Key` was already used with a different request",
                    "该 `Idempotency-Key` 已用于其他请求",
                )
            return True
    return False


def _key(mark: str) -> str:
    return mark.partition("#")[2] if "#" in mark else mark.rpartition("@")[0]
