"""The orders in which open tickets are listed: each is a text that is kept with the work item and sorts it."""

from datetime import UTC, datetime
from enum import StrEnum

QUEUE_KEY = "pressing"  # where documents have kept `WorkItem.queue_key` since the first release
DUE_KEY = "due_key"
NEVER = "9999"  # behind every moment


class QueueOrder(StrEnum):
    """Which tickets come first."""

    QUEUE = "queue"
    DUE = "due"


def due_key(next_due: datetime | None, queue_key: str) -> str:
    """By the next deadline of its clocks; what has none comes last, and of equal ones what comes first in the queue.
    Empty when closed."""
    return f"{sortable(next_due) if next_due else NEVER} {queue_key}" if queue_key else ""


def sortable(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}"
