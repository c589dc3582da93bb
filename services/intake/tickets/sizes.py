"""Limits in bytes, so that a ticket always fits into its document and each event into a message of the bus.

What people send is refused when there is no room; what other services publish is kept, with the oldest texts truncated.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel

from shared.events import TicketCompleted

P = TypeVar("P", bound=BaseModel)

CONVERSATION_BYTES = 8_000_000
CONSENTS_BYTES = 1_000_000
CALLS_BYTES = 1_000_000
CLOSINGS_BYTES = 1_000_000
ROUNDS_BYTES = 1_500_000
COMPLETED_BYTES = 700_000  # on the wire, where a message may have 1 MiB
BEFORE_BYTES = 2_000  # of a field as it was before it was amended
TRUNCATED_BYTES = 500  # what is kept of a text that has to give way
TRUNCATED_IN_EVENT = "… （已截断，全文见工单 · truncated, full text in the ticket）"
TRUNCATED = "… （已截断 · truncated）"


def json_size(part: BaseModel) -> int:
    """Bytes, as it is written in JSON."""
    return len(part.model_dump_json().encode())


def total_size(parts: Sequence[BaseModel]) -> int:
    return sum(map(json_size, parts))


def truncated(text: str, limit: int, mark: str = TRUNCATED_IN_EVENT) -> str:
    """The beginning of a text in at most `limit` bytes, with a mark where it was truncated."""
    raw = text.encode()
    if len(raw) <= limit:
        return text
    return raw[: max(0, limit - len(mark.encode()))].decode(errors="ignore") + mark


def with_oldest_truncated(parts: Sequence[P], limit: int) -> list[P]:
    """All of them; where together they have more bytes than `limit`, the oldest with their texts truncated, but never
    the last."""
    sizes = list(map(json_size, parts))
    kept = list(parts)
    for index in range(len(parts) - 1):
        if sum(sizes) <= limit:
            break
        kept[index] = _with_texts(kept[index], lambda text: truncated(text, TRUNCATED_BYTES, TRUNCATED))
        sizes[index] = json_size(kept[index])
    return kept


def fit_for_bus(event: TicketCompleted) -> TicketCompleted:
    """The same with its longest texts truncated where it would be too large to be sent: `shortened` then says so."""
    limit = COMPLETED_BYTES
    found = event
    while len(found.to_wire()) > COMPLETED_BYTES and limit > TRUNCATED_BYTES // 10:
        limit //= 2
        found = _shortened(event, limit)
    return found


def _shortened(event: TicketCompleted, limit: int) -> TicketCompleted:
    def short(text: str) -> str:
        return truncated(text, limit)

    parts = {
        "problem": _with_texts(event.problem, short),
        "rounds": [_with_texts(one, short) for one in event.rounds],
    }
    own = {
        name: short(getattr(event, name)) for name in ("feedback_comment", "cause_of_dissatisfaction", "second_plan")
    }
    return event.model_copy(update={**parts, **own, "shortened": True})


def _with_texts(part: P, change: Callable[[str], str]) -> P:
    """The same with each of its texts changed, and those of its parts."""
    changed: dict[str, object] = {}
    for name, value in part:
        if type(value) is str:
            changed[name] = change(value)
        elif isinstance(value, BaseModel):
            changed[name] = _with_texts(value, change)
    return part.model_copy(update=changed)


def as_before(value: Any) -> Any:
    """A field of the problem as it was, a long text cut."""
    return truncated(value, BEFORE_BYTES, TRUNCATED) if isinstance(value, str) else value
