"""The store of one kind of aggregates: how they are written."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.domain import Conflict, Origin, Refusal, Stale, TooEarly
from shared.events import Event
from shared.mongo import Database, DuplicateKey, ensure_index, unique_keys, update_each
from shared.outbox import Outgoing, Sender
from shared.store.growth import grown
from shared.store.handled import IN_DOCUMENT, HandledKeys, handled_key, was_handled
from shared.store.outbox import WithOutbox
from shared.store.packing import DOCUMENT_BYTES, Write, latest, measured, pack
from shared.store.reading import CHANGED, A, Index
from shared.store.recent import Recent
from shared.store.turns import Turns

ATTEMPTS = 20
LONGEST_PAUSE = 0.1  # seconds before an attempt, at last: other processes write it as well
NOTHING: Mapping[str, Any] = {}
Decide = Callable[[A], list[Event]]
Allow = Callable[[A], object]


class Store(WithOutbox[A]):
    """Subclass per aggregate: name the `kind`, add the questions asked of it."""

    projection: bool = False  # made of events alone: can be dropped and built again from the stream
    max_bytes: int = DOCUMENT_BYTES  # of one document, for what people ask
    unique: Sequence[str] = ()
    stamped: bool = False  # whether documents have the moment of their last change, by the clock of who wrote it

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database)
        self._inserts = database.inserts(self.name)
        self._old_keys = HandledKeys(database, self.name)
        self._recent = Recent()
        self._turns = Turns()
        self._sender = sender
        self._now = now
        self.due_changed: Callable[[str, datetime | None], None] | None = None
        self.on_write: Callable[[], None] = lambda: None
        self.look_again: Callable[[], None] | None = None  # where what is due was left as it is for lack of room

    # ---- the two ways to write

    async def add(self, new: A, events: list[Event], by: Event | Origin, keys: Sequence[str] = ()) -> A:
        """Insert; if its id or one of the unique `keys` is taken, the aggregate that has it is the answer.

        Adding twice is adding once. Raises Invalid when the caller's key was used with other content, TooLarge.
        """
        origin = self._origin(by)
        new.version = 1
        outgoing = pack(events, origin, new, self.name)
        marks = [handled_key(origin, self._now())] if origin.key else []
        doc = {"_id": new.id, **self._dump(new), "_handled": marks}
        if keys:
            doc["_keys"] = list(keys)
        if self.stamped:
            doc[CHANGED] = self._now()
        if events:
            doc["_told"] = latest(events, None)
        self._set_outbox(doc, outgoing, self._now())
        doc["_bytes"] = measured(doc, NOTHING, origin, self.max_bytes, NOTHING)
        try:
            await self._inserts.insert(doc)
        except DuplicateKey:
            return await self._existing(new, origin, keys)
        self._recent.put(new.id, doc)
        self._after_write(new, outgoing, doc)
        return new

    async def change(self, id: str, decide: Decide[A], by: Event | Origin, allow: Allow[A] | None = None) -> A:
        """Load, decide, save; again if someone else saved first; not at all if `by` was handled before.

        `allow` raises what the caller must not do, before anything else is said about the aggregate. Raises NotFound,
        Stale (the caller saw another version), Invalid (its key came with other content), TooLarge, whatever `decide`
        refuses, Conflict when others change it faster than we can, and DuplicateKey where a unique index says so.
        """
        async with self._turns.of(id):
            return await self._change(id, decide, self._origin(by), allow)

    async def _change(self, id: str, decide: Decide[A], origin: Origin, allow: Allow[A] | None) -> A:
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
                    f"You saw version {origin.if_match}; the current version is {aggregate.version}",
                    f"您看到的是第 {origin.if_match} 版，当前是第 {aggregate.version} 版",
                )
            write = await self._decide(doc, aggregate, decide, origin)
            if write is None:
                return aggregate
            if await self._save(doc, aggregate, write):
                return aggregate
            await asyncio.sleep(random.uniform(0, LONGEST_PAUSE * (attempt + 1) / ATTEMPTS))  # noqa: S311 - spread, no secret
        raise Conflict(f"{id} is being changed by others; please try again", f"{id} 正被频繁修改，请稍后重试")

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

    async def _save(self, doc: Mapping[str, Any], aggregate: A, write: Write) -> bool:
        """Whether it was the version that the decision was made upon."""
        with unique_keys():
            saved = await self._docs.update_one(write.filter, write.operation)
        if not saved.matched_count:
            return False
        self._recent.saw(aggregate.id, write.filter["version"])
        self._recent.put(aggregate.id, write.applied_to(doc))
        self._after_write(aggregate, write.outgoing, write.update)
        return True

    async def change_all(self, ids: Sequence[str], decide: Decide[A], by: Origin) -> list[str]:
        """Change many in two round trips, and publish in their order; returns those that do not exist. `decide` must
        find nothing left to do where it has been done: when somebody else changed one of them meanwhile, those that may
        not have been written are asked once more, one by one."""
        if self.has_outbox:
            await self._sender.make_room()
        query = {"_id": {"$in": list(ids)}}
        docs = {doc["_id"]: doc async for doc in self._latest.find(query)}
        writes: list[tuple[A, Write]] = []
        for id in ids:
            if id in docs:
                aggregate = self._load(docs[id])
                if write := await self._decide(docs[id], aggregate, decide, by):
                    writes.append((aggregate, write))
        missing = [id for id in ids if id not in docs]
        if not writes:
            return missing
        done = await update_each(self._docs, [(write.filter, write.operation) for _, write in writes])
        unsent = set() if done else {doc.get("_unsent") async for doc in self._latest.find(query, {"_unsent": 1})}
        for aggregate, write in writes:
            if done or (write.outgoing and write.update["_unsent"] in unsent):
                self._after_write(aggregate, write.outgoing, write.update)
            else:
                await self.change(aggregate.id, decide, by)
        return missing

    async def _decide(self, doc: dict[str, Any], aggregate: A, decide: Decide[A], origin: Origin) -> Write | None:
        """What has to be written; None when nothing has changed."""
        seen = aggregate.version
        events = decide(aggregate)
        state = self._dump(aggregate)
        gone = {k: "" for k in doc if k in self.kind.model_fields and k not in state}
        if not events and not origin.key and not gone and all(doc.get(k) == v for k, v in state.items()):
            return None
        aggregate.version += 1
        told = doc.get("_told")
        unsent = self._sender.still_unsent(doc.get("_outbox", []))
        outgoing = unsent + pack(events, origin, aggregate, self.name, told)
        update: dict[str, Any] = {k: v for k, v in state.items() if k not in doc or doc[k] != v}
        update["version"] = aggregate.version
        if self.stamped:
            update[CHANGED] = self._now()
        if (moment := latest(events, told)) != told:
            update["_told"] = moment
        self._set_outbox(update, outgoing, self._now())
        if "_unsent" not in update and "_unsent" in doc:
            gone["_unsent"] = ""
        pushed: dict[str, Any] = {**grown(doc, update)}
        operation: dict[str, Any] = {"$push": pushed}
        if gone:
            operation["$unset"] = gone
        if origin.key:
            new = handled_key(origin, self._now())
            if len(doc["_handled"]) < IN_DOCUMENT:
                pushed["_handled"] = new
            else:
                left = await self._old_keys.make_room(doc["_id"], doc["_handled"], self._now())
                update |= {"_handled": [*left, new], "_moved": True}
        update["_bytes"] = measured(update, doc, origin, self.max_bytes, pushed)
        operation["$set"] = {name: value for name, value in update.items() if name not in pushed}
        if not pushed:
            del operation["$push"]
        return Write({"_id": doc["_id"], "version": seen}, operation, update, outgoing)

    def written(self, id: str) -> A | None:
        """As this process wrote it last, if that was a moment ago: for what never changes once it is true. None: ask
        the database."""
        recent = self._recent.get(id)
        return self._load(recent) if recent else None

    # ---- housekeeping

    def wanted_indexes(self) -> list[Index]:
        """Beside that of the ids."""
        wanted = [Index(("_unsent",), sparse=True)] if self.has_outbox else []
        wanted += [Index((name,), unique=True, sparse=True) for name in self.unique]
        if "due_at" in self.kind.model_fields:
            wanted.append(Index(("due_at",), sparse=True))
        wanted += [Index((CHANGED,))] if self.stamped else []
        return [*wanted, *self.indexes]

    async def ensure_indexes(self) -> None:
        """Create what is missing; idempotent."""
        for index in self.wanted_indexes():
            await ensure_index(self._docs, index.keys(), unique=index.unique, sparse=index.sparse)
        await self._old_keys.ensure_indexes()

    async def remove_expired(self) -> int:
        """How many keys of what was handled nobody can come with again."""
        return await self._old_keys.remove_expired(self._now())

    async def remove(self, ids: Sequence[str]) -> None:
        """For stores without an outbox; those that are gone already are no error."""
        await self._docs.delete_many({"_id": {"$in": list(ids)}})

    async def drop(self) -> None:
        """Everything, and what it has handled."""
        await self._docs.drop()
        await self._old_keys.drop()

    async def raise_version(self, event: Event) -> None:
        """Its aggregate is not older than when it published this, and its next event comes behind this one."""
        if self.projection and self.has_outbox:
            raised = {"version": event.revision, "_told": event.ordered_at}
            await self._docs.update_one({"_id": event.subject}, {"$max": raised})

    # ---- inside

    async def _existing(self, new: A, origin: Origin, keys: Sequence[str]) -> A:
        query = {"_keys": {"$in": list(keys)}} if keys else {"_id": new.id}
        doc = await self._latest.find_one(query)
        if doc is None:
            raise Conflict(f"{new.id} already exists", f"{new.id} 已存在")
        if origin.key:
            await self._was_handled(doc, origin)
        return self._load(doc)

    async def _was_handled(self, doc: Mapping[str, Any], origin: Origin) -> bool:
        if was_handled(doc["_handled"], origin, self._now()):
            return True
        return "_moved" in doc and await self._old_keys.knows(doc["_id"], origin, self._now())

    def _dump(self, aggregate: A) -> dict[str, Any]:
        state = aggregate.model_dump(exclude={"id"})
        if state.get("due_at", 0) is None:
            del state["due_at"]  # so that the sparse index holds only what is due some day
        return state

    def _origin(self, by: Event | Origin) -> Origin:
        """What an event leads to is done by the service that received it, once for each event."""
        if isinstance(by, Origin):
            return by
        service = Origin.service(self._sender.service)
        return Origin(service.actor, cause=by.id, key=by.id)

    def _after_write(self, aggregate: A, outgoing: list[Outgoing], written: Mapping[str, Any]) -> None:
        if outgoing:
            self._sender.wake(self, aggregate.id, written["_unsent"], outgoing)
        self.on_write()
        if self.due_changed:
            self.due_changed(aggregate.id, getattr(aggregate, "due_at", None))
