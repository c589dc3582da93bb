"""What a change makes of an aggregate: one write, and the events to publish."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.domain import Aggregate, Origin, TooLarge
from shared.events import Event
from shared.mongo import size_of
from shared.outbox import Outgoing
from shared.telemetry import traceparent

# Bytes. A message of the bus may have 1 MiB with its headers, a document 16 MiB: what people ask for stays below, so
# that there is room for the facts that come after it, which nobody can refuse.
EVENT_BYTES = 900_000
DOCUMENT_BYTES = 12_000_000
MILLISECOND = timedelta(milliseconds=1)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Write:
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


def order_of(event: Event, told: datetime | None) -> datetime:
    """Its moment, or just behind that of the change before: `told`."""
    return event.time if told is None else max(event.time, told + MILLISECOND)


def latest(events: Sequence[Event], told: datetime | None) -> datetime | None:
    """The last moment of all that an aggregate has told, with these events."""
    return max((order_of(event, told) for event in events), default=told)


def pack(
    events: Sequence[Event], origin: Origin, aggregate: Aggregate, kind: str, told: datetime | None = None
) -> list[Outgoing]:
    """Ready for the wire. What an event led to has the same id each time it is decided. `told` is the last moment of
    what the aggregate told before. Raises TooLarge to people."""
    if not events:
        return []
    known = {"cause": origin.cause, "traceparent": traceparent(), "revision": aggregate.version}
    packed: list[Outgoing] = []
    for number, event in enumerate(events):
        more: dict[str, Any] = {**known, "actor": event.actor or origin.actor}
        if (moment := order_of(event, told)) != event.time:  # as where another host's clock was ahead
            more["ordertime"] = moment
        if origin.key and origin.key == origin.cause:
            named = f"{origin.cause}/{kind}/{aggregate.id}/{number}"
            more["id"] = hashlib.sha256(named.encode()).hexdigest()[:32]
        packed.append(Outgoing.of(event.model_copy(update=more)))
    for one in packed:
        if len(one.body) > EVENT_BYTES:
            if not origin.is_service:
                raise too_large(len(one.body), EVENT_BYTES)
            logger.error("%s of %s has %d bytes", one.kind, one.subject, len(one.body))
    return packed


def measured(
    update: Mapping[str, Any], before: Mapping[str, Any], origin: Origin, limit: int, pushed: Mapping[str, Any]
) -> int:
    """Bytes of the document: the sum of what was written is their upper bound, and counted anew only when that grows
    large. Raises TooLarge to people; facts still find room."""
    size = int(before.get("_bytes", 0)) + size_of({**update, **pushed})
    if size > limit:
        size = size_of({**before, **update})
        if size > limit and not origin.is_service:
            raise too_large(size, limit)
    return size


def sortable(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def too_large(size: int, limit: int) -> TooLarge:
    return TooLarge(
        f"The content would be {size:,} bytes; the limit is {limit:,}", f"内容将达 {size:,} 字节，上限为 {limit:,} 字节"
    )
