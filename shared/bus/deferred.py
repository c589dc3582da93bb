"""What the bus needs of a service's own database: a place for events that wait for longer than a moment.

An event is in a lane, as a rule all events about one ticket, and keeps its place there. A lane is taken by one replica
at a time, for as long as its lease lasts. Times are seconds since 1970.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass
class DeferredEvent:
    """An event that waits: as it came, how often it was tried, why it waits and until when (`next_at`). One that is
    `early` waits for another event and lets those behind it pass."""

    id: str
    lane: str
    sequence: int
    subject: str
    body: bytes
    traceparent: str
    message_id: str
    kept_at: float
    next_at: float = 0.0
    tries: int = 0
    early: bool = False
    error: str = ""


@dataclass
class StoredLane:
    """`lease` is until when somebody works it off, `count` grows with each putting, `held` says that what it holds
    waits in front of all that is still to come. `at` is the event that was begun last, `begun` how often since the
    lane was last given back: more than once means that somebody ended in the middle of it."""

    key: str
    due_at: float
    lease: float
    count: int
    held: bool
    at: str = ""
    begun: int = 0


class Deferred(Protocol):
    """Raises whatever the database raises when it is away."""

    async def ensure_indexes(self) -> None: ...

    async def put(self, lane: str, events: Sequence[DeferredEvent], due_at: float, held: bool) -> None:
        """The lane is checked then at the latest. Putting an event twice is putting it once."""

    async def lanes(self, limit: int) -> list[StoredLane]: ...

    async def due(self, until: float, limit: int) -> list[StoredLane]:
        """Lanes to be looked at by then, those that somebody has taken included."""

    async def claim(self, lane: StoredLane, until: float, at: str = "") -> bool:
        """Take it, or keep it for longer while this event is handled; False when somebody else has it."""

    async def release(self, lane: StoredLane, due_at: float | None, held: bool) -> bool:
        """Give it back until then, or, when it is empty (`due_at` is None), remove it. False, and nothing done, when
        something was put into it meanwhile."""

    async def wake(self, lanes: Sequence[str]) -> None:
        """They are due now."""

    async def events(self, lane: str, limit: int) -> list[DeferredEvent]:
        """The first ones in their order."""

    async def change(self, event: DeferredEvent) -> None: ...

    async def remove(self, event: DeferredEvent) -> None: ...

    # Events that are handled from the bus, not from here, and came suspiciously often.

    async def begun(self, id: str) -> int:
        """How often handling this event was begun without an end."""

    async def begin(self, id: str) -> None: ...

    async def end(self, id: str) -> None: ...
