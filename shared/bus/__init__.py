"""The bus: two streams, one durable consumer a service that every replica pulls from, retries that keep the place of
an event among those of its ticket, dead letters. Delivery is at least once; what makes it once is the store."""

from shared.bus.attempts import BatchHandler, Handler, HandlerTimeout
from shared.bus.bus import Bus
from shared.bus.dead_letters import DeadLetter
from shared.bus.names import ALL_SERVICES, CONNECTION_ERRORS, RETENTION, TARGET_SERVICE, Limits, OffsetExpired
from shared.bus.notices import Notices
from shared.bus.pulling import Pull, event_at, pulling

__all__ = [
    "ALL_SERVICES",
    "CONNECTION_ERRORS",
    "RETENTION",
    "TARGET_SERVICE",
    "BatchHandler",
    "Bus",
    "DeadLetter",
    "Handler",
    "HandlerTimeout",
    "Limits",
    "Notices",
    "OffsetExpired",
    "Pull",
    "event_at",
    "pulling",
]
