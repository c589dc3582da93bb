"""One document per aggregate: its state, its version, the ids of what it has handled, and its outbox.

One write changes all of them, so no transaction is needed, no event is lost and none is acted on twice.
"""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from shared.domain import Aggregate, Conflict, NotFound, Origin, Refusal, Stale, TooEarly, TooLarge
from shared.events import Event
from shared.growth import grown
from shared.marks import IN_DOCUMENT, Marks, mark, was_handled
from shared.mongo import Database, DuplicateKey, ensure_index, size_of, update_each
from shared.outbox import Outgoing, Sender
from shared.recent import Recent
from shared.telemetry import quiet, traceparent

A = TypeVar("A", bound=Aggregate)
ATTEMPTS = 20
# Bytes. A message of the bus may have 1 MiB with its headers, a document 16 MiB: what people ask for stays below, so
# that there is room for the facts that come after it, which nobody can refuse.
EVENT_BYTES = 900_000
DOCUMENT_BYTES = 12_000_000
NOTHING: Mapping[str, Any] = {}
Decide = Callable[[A], list[Event]]
Allow = Callable[[A], object]
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Index:
    """An index on these fields, ascending unless a field begins with `-`; `sparse` leaves out documents without them.

    Not partial: the embedded server uses a partial index only for queries that repeat its condition word by word.
    """

    fields: tuple[str, ...]
    unique: bool = False
    sparse: bool = False

    def keys(self) -> list[tuple[str, int]]:
        return [(name.lstrip("-"), -1 if name.startswith("-") else 1) for name in self.fields]


@dataclass(frozen=True)
class _Write:
    filter: dict[str, Any]
    operation: dict[str, Any]
    update: dict[str, Any]
    outgoing: list[Outgoing]

    def applied_to(self, doc: Mapping[str, Any]) -> dict[str, Any]:
        """What the document is after it."""
        after = {**doc, **self.operation["$set"]}
        for name in self.operation.get("$unset", ()):
            after.pop(name, None)
        for name in self.operation.get("$push", ()):
            after[name] = self.update[name] if name in self.update else [*doc[name], self.operation["$push"][name]]
        return after


class Store(Generic[A]):
    """Subclass per aggregate: name the `kind`, add the questions asked of it. One that never tells of its changes
    (`tells` is False) has no outbox, and no index over it."""

    kind: type[A]
    collection: str = ""  # where its documents are; named after the kind unless this says otherwise
    tells: bool = True
    projection: bool = False  # made of events alone: can be dropped and built again from the stream
    silent: bool = False  # while that is done
    room: int = DOCUMENT_BYTES
    indexes: Sequence[Index] = ()
    unique: Sequence[str] = ()

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        self.name = self.collection or self.kind.__name__.lower()
        self._docs = database[self.name]
        self._latest = database.newest(self.name)
        self._inserts = database.inserts(self.name)
        self._old_marks = Marks(database, self.name)
        self._recent = Recent()
        self._sender = sender
        self._now = now
        self.due_changed: Callable[[datetime], None] | None = None

    # ---- the two ways to write

    async def add(self, new: A, events: list[Event], by: Event | Origin, keys: Sequence[str] = ()) -> A:
        """Insert; if its id or one of the unique `keys` is taken, the aggregate that has it is the answer.

        Adding twice is adding once. Raises Invalid when the caller's key was used with other content, TooLarge.
        """
        origin = self._origin(by)
        new.version = 1
        outgoing = self._pack(events, origin, new)
        marks = [mark(origin, self._now())] if origin.key else []
        doc = {"_id": new.id, **self._dump(new), "_handled": marks}
        if keys:
            doc["_keys"] = list(keys)
        self._set_outbox(doc, outgoing)
        self._measure(doc, {}, origin)
        try:
            await self._inserts.insert(doc)
        except DuplicateKey:
            return await self._the_one_there(new, origin, keys)
        self._recent.put(new.id, doc)
        self._after_write(new, outgoing, doc)
        return new

    async def change(self, id: str, decide: Decide[A], by: Event | Origin, allow: Allow[A] | None = None) -> A:
        """Load, decide, save; again if someone else saved first; not at all if `by` was handled before.

        `allow` raises what the caller must not do, before anything else is said about the aggregate. Raises NotFound,
        Stale (the caller saw another version), Invalid (its key came with other content), TooLarge, whatever `decide`
        refuses, and Conflict when others change it faster than we can.
        """
        origin = self._origin(by)
        if (recent := self._recent.get(id)) and (done := await self._change_recent(recent, decide, origin, allow)):
            return done
        for attempt in range(ATTEMPTS):
            doc = await self._find(id, self._latest)
            self._recent.saw(id, doc["version"])
            aggregate = self._load(doc)
            if allow:
                allow(aggregate)
            if origin.key and await self._was_handled(doc, origin):
                return aggregate
            if origin.if_match is not None and origin.if_match != aggregate.version:
                raise Stale(
                    f"you saw version {origin.if_match}, it is {aggregate.version} now",
                    f"您看到的是第 {origin.if_match} 版，现在是第 {aggregate.version} 版",
                )
            write = await self._decide(doc, aggregate, decide, origin)
            if write is None:
                return aggregate
            if await self._save(doc, aggregate, write):
                return aggregate
            await asyncio.sleep(0.002 * attempt)
        raise Conflict(f"{self.kind.__name__} {id} is changing too fast", f"{id} 正被频繁修改，请稍后再试")

    async def _change_recent(
        self, doc: dict[str, Any], decide: Decide[A], origin: Origin, allow: Allow[A] | None
    ) -> A | None:
        """Decide upon what was written here a moment ago. It counts only when the write finds this very version: what
        may be old refuses nobody, and does not say that there is nothing to do."""
        aggregate = self._load(doc)
        try:
            if allow:
                allow(aggregate)
            if origin.key and await self._was_handled(doc, origin):
                return None
            if origin.if_match is not None and origin.if_match != aggregate.version:
                return None
            write = await self._decide(doc, aggregate, decide, origin)
        except (Refusal, TooEarly):
            return None
        return aggregate if write and await self._save(doc, aggregate, write) else None

    async def _save(self, doc: Mapping[str, Any], aggregate: A, write: "_Write") -> bool:
        """Whether it was the version that the decision was made upon."""
        saved = await self._docs.update_one(write.filter, write.operation)
        if not saved.matched_count:
            return False
        self._recent.saw(aggregate.id, write.filter["version"])
        self._recent.put(aggregate.id, write.applied_to(doc))
        self._after_write(aggregate, write.outgoing, write.update)
        return True

    async def change_all(self, ids: Sequence[str], decide: Decide[A], by: Origin) -> None:
        """Change many in two round trips. `decide` must find nothing left to do where it has been done: when somebody
        else changed one of them meanwhile, all are asked once more, one by one."""
        writes: list[tuple[A, _Write]] = []
        async for doc in self._latest.find({"_id": {"$in": list(ids)}}):
            aggregate = self._load(doc)
            if write := await self._decide(doc, aggregate, decide, by):
                writes.append((aggregate, write))
        if not writes:
            return
        if await update_each(self._docs, [(write.filter, write.operation) for _, write in writes]):
            for aggregate, write in writes:
                self._after_write(aggregate, write.outgoing, write.update)
            return
        for aggregate, _ in writes:  # what was written is sent by the sweep
            await self.change(aggregate.id, decide, by)

    async def _decide(self, doc: dict[str, Any], aggregate: A, decide: Decide[A], origin: Origin) -> "_Write | None":
        """What has to be written; None when nothing has changed."""
        seen = aggregate.version
        events = decide(aggregate)
        state = self._dump(aggregate)
        gone = {k: "" for k in doc if not k.startswith("_") and k not in state}
        if not events and not origin.key and not gone and all(doc.get(k) == v for k, v in state.items()):
            return None
        aggregate.version += 1
        outgoing = self._sender.still_unsent(doc.get("_outbox", [])) + self._pack(events, origin, aggregate)
        update: dict[str, Any] = {k: v for k, v in state.items() if k not in doc or doc[k] != v}
        update["version"] = aggregate.version
        self._set_outbox(update, outgoing)
        if "_unsent" not in update and "_unsent" in doc:
            gone["_unsent"] = ""
        pushed: dict[str, Any] = {**grown(doc, update)}
        operation: dict[str, Any] = {"$push": pushed}
        if gone:
            operation["$unset"] = gone
        if origin.key:
            new = mark(origin, self._now())
            if len(doc["_handled"]) < IN_DOCUMENT:
                pushed["_handled"] = new
            else:
                left = await self._old_marks.make_room(doc["_id"], doc["_handled"], self._now())
                update |= {"_handled": [*left, new], "_moved": True}
        self._measure(update, doc, origin, pushed)
        operation["$set"] = {name: value for name, value in update.items() if name not in pushed}
        if not pushed:
            del operation["$push"]
        return _Write({"_id": doc["_id"], "version": seen}, operation, update, outgoing)

    # ---- reading

    async def get(self, id: str) -> A:
        """Raises NotFound."""
        return self._load(await self._find(id))

    async def find(self, id: str) -> A | None:
        doc = await self._docs.find_one({"_id": id})
        return self._load(doc) if doc else None

    async def where(self, query: Mapping[str, Any], sort: str | None = None, limit: int = 0, skip: int = 0) -> list[A]:
        """Aggregates that match, `sort`ed by one field (`-` in front: descending)."""
        cursor = self._docs.find(dict(query))
        if sort:
            # All in one direction, so that one index that ends in `_id` gives this order without sorting.
            order = {sort.lstrip("-"): -1 if sort.startswith("-") else 1}
            order.setdefault("_id", *order.values())
            cursor = cursor.sort(list(order.items()))
        if skip:
            cursor = cursor.skip(skip)
        if limit:
            cursor = cursor.limit(limit)
        return [self._load(doc) async for doc in cursor]

    async def rows(self, query: Mapping[str, Any], fields: Sequence[str], limit: int = 0) -> list[dict[str, Any]]:
        """Only these fields of the documents that match, unsorted; `id` is always there."""
        cursor = self._docs.find(dict(query), dict.fromkeys(fields, 1))
        if limit:
            cursor = cursor.limit(limit)
        return [{"id": doc.pop("_id"), **doc} async for doc in cursor]

    async def all(self) -> AsyncIterator[A]:
        async for doc in self._docs.find({}):
            yield self._load(doc)

    async def count(self, query: Mapping[str, Any]) -> int:
        return int(await self._docs.count_documents(dict(query)))

    async def aggregate(self, pipeline: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        cursor = self._docs.aggregate(list(pipeline))
        if asyncio.iscoroutine(cursor):
            cursor = await cursor
        return [doc async for doc in cursor]

    async def explain(self, query: Mapping[str, Any], sort: str | None = None, limit: int = 0) -> dict[str, Any]:
        """How the server would find these: its winning plan."""
        cursor = self._docs.find(dict(query))
        if sort:
            cursor = cursor.sort(sort.lstrip("-"), -1 if sort.startswith("-") else 1)
        if limit:
            cursor = cursor.limit(limit)
        plan = await cursor.explain()
        winning: dict[str, Any] = plan["queryPlanner"]["winningPlan"]
        return winning

    async def due(self, until: datetime) -> list[tuple[datetime, str]]:
        """When and which: aggregates whose `due_at` comes before `until`, the earliest first."""
        with quiet():
            cursor = self._docs.find({"due_at": {"$lte": until}}, {"due_at": 1})
            return sorted([(doc["due_at"], doc["_id"]) async for doc in cursor])

    # ---- housekeeping

    async def ensure_indexes(self) -> None:
        """Create what is missing; idempotent."""
        wanted = [Index(("_unsent",), sparse=True)] if self.tells else []
        wanted += [Index((name,), unique=True, sparse=True) for name in self.unique]
        if "due_at" in self.kind.model_fields:
            wanted.append(Index(("due_at",), sparse=True))
        for index in (*wanted, *self.indexes):
            await ensure_index(self._docs, index.keys(), unique=index.unique, sparse=index.sparse)
        await self._old_marks.ensure_indexes()

    async def left_over(self, before: datetime, after: str, limit: int) -> list[tuple[str, str, list[Outgoing]]]:
        """(id, write, events) of what was written before that moment, behind the write `after`, and is still in an
        outbox; oldest first."""
        with quiet():
            between = {"$gt": after, "$lt": f"{_moment(before)}0"}  # "/" sorts before "0": that very moment is in
            fields = {"_unsent": 1, "_outbox": 1}
            found = self._docs.find({"_unsent": between}, fields).sort("_unsent", 1).limit(limit)
            return [(doc["_id"], doc["_unsent"], [Outgoing.load(o) for o in doc["_outbox"]]) async for doc in found]

    async def unsent(self) -> int:
        """How many documents may have events in their outbox that the bus does not have."""
        return await self.count({"_unsent": {"$exists": True}})

    async def clear_sent(self, writes: Sequence[str]) -> None:
        """Empty the outboxes that these writes filled; a document written since is left to its next clearing."""
        empty = {"$set": {"_outbox": []}, "$unset": {"_unsent": ""}}
        with quiet():
            await self._docs.update_many({"_unsent": {"$in": list(writes)}}, empty)

    async def remove(self, ids: Sequence[str]) -> None:
        """For what tells nobody; those that are gone already are no error."""
        await self._docs.delete_many({"_id": {"$in": list(ids)}})

    async def drop(self) -> None:
        """Everything, and what it has handled."""
        await self._docs.drop()
        await self._old_marks.drop()

    async def has_told(self, event: Event) -> None:
        """Its aggregate is not older than when it told this."""
        if self.projection and self.tells:
            older = {"_id": event.subject, "version": {"$lt": event.revision}}
            await self._docs.update_one(older, {"$set": {"version": event.revision}})

    # ---- inside

    async def _find(self, id: str, docs: Any = None) -> dict[str, Any]:
        doc = await (self._docs if docs is None else docs).find_one({"_id": id})
        if doc is None:
            raise NotFound(f"{self.kind.__name__} {id} does not exist", f"{id} 不存在")
        return dict(doc)

    async def _the_one_there(self, new: A, origin: Origin, keys: Sequence[str]) -> A:
        query = {"_keys": {"$in": list(keys)}} if keys else {"_id": new.id}
        doc = await self._latest.find_one(query)
        if doc is None:
            raise Conflict(f"{self.kind.__name__} {new.id} exists already", f"{new.id} 已存在")
        if origin.key:
            await self._was_handled(doc, origin)
        return self._load(doc)

    async def _was_handled(self, doc: Mapping[str, Any], origin: Origin) -> bool:
        if was_handled(doc["_handled"], origin, self._now()):
            return True
        return "_moved" in doc and await self._old_marks.knows(doc["_id"], origin, self._now())

    def _load(self, doc: Mapping[str, Any]) -> A:
        return self.kind.model_validate({**doc, "id": doc["_id"]})

    def _dump(self, aggregate: A) -> dict[str, Any]:
        state = aggregate.model_dump(exclude={"id"})
        if state.get("due_at", 0) is None:
            del state["due_at"]  # so that the sparse index holds only what is due some day
        return state

    def _origin(self, by: Event | Origin) -> Origin:
        """What an event leads to is done by the service that heard it, once for each event."""
        if isinstance(by, Origin):
            return by
        service = Origin.service(self._sender.service)
        return Origin(service.actor, cause=by.id, key=by.id)

    def _pack(self, events: list[Event], origin: Origin, aggregate: A) -> list[Outgoing]:
        """Ready for the wire. What an event led to has the same id each time that it is decided."""
        if not events:
            return []
        known = {"cause": origin.cause, "traceparent": traceparent(), "revision": aggregate.version}
        packed: list[Outgoing] = []
        for place, event in enumerate(events):
            more: dict[str, Any] = {**known, "actor": event.actor or origin.actor}
            if origin.key and origin.key == origin.cause:
                named = f"{origin.cause}/{self.name}/{aggregate.id}/{place}"
                more["id"] = hashlib.sha256(named.encode()).hexdigest()[:32]
            packed.append(Outgoing.of(event.model_copy(update=more)))
        for one in packed:
            if len(one.body) > EVENT_BYTES:
                if not origin.is_service:
                    raise _too_large(len(one.body), EVENT_BYTES)
                logger.error("%s of %s has %d bytes", one.kind, one.subject, len(one.body))
        return packed

    def _measure(
        self, update: dict[str, Any], before: Mapping[str, Any], origin: Origin, pushed: Mapping[str, Any] = NOTHING
    ) -> None:
        """Keep count of the document's bytes: the sum of what was written is their upper bound, and counted anew
        only when that grows large. Raises TooLarge to people; facts still find room."""
        size = before.get("_bytes", 0) + size_of({**update, **pushed})
        if size > self.room:
            size = size_of({**before, **update})
            if size > self.room and not origin.is_service:
                raise _too_large(size, self.room)
        update["_bytes"] = size

    def _set_outbox(self, doc: dict[str, Any], outgoing: list[Outgoing]) -> None:
        if not self.tells:
            if outgoing:
                raise RuntimeError(f"a {self.name} has nobody to tell of {outgoing[0].kind}")
            return
        if self.silent:
            outgoing.clear()
        doc["_outbox"] = [one.dump() for one in outgoing]
        if outgoing:
            # The moment sorts for the sweep, the event makes it this very write and no later one.
            doc["_unsent"] = f"{_moment(self._now())}/{outgoing[-1].id}/{doc['version']}"

    def _after_write(self, aggregate: A, outgoing: list[Outgoing], written: Mapping[str, Any]) -> None:
        if outgoing:
            self._sender.wake(self, aggregate.id, written["_unsent"], outgoing)
        due_at = getattr(aggregate, "due_at", None)
        if due_at is not None and self.due_changed:
            self.due_changed(due_at)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _too_large(size: int, limit: int) -> TooLarge:
    return TooLarge(
        f"this would have {size:,} bytes, {limit:,} are possible", f"内容将达 {size:,} 字节，上限为 {limit:,} 字节"
    )
