"""Bounds in bytes, so that a ticket always fits into its document and each event onto the bus.

What people send is refused when there is no room; what others tell is kept all the same, the oldest texts cut.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from pydantic import BaseModel

from shared.events import TicketCompleted

P = TypeVar("P", bound=BaseModel)

CONVERSATION = 8_000_000
CONSENTS = 1_000_000
CALLS = 1_000_000
CLOSINGS = 1_000_000
ROUNDS = 1_500_000
COMPLETED = 700_000  # on the wire, where a message may have 1 MiB
SHORT = 500  # what stays of a text that has to give way
CUT = "… （已截断，全文见工单 · cut; the whole stands in the ticket）"
GONE = "… （已截断 · cut）"


def weight(part: BaseModel) -> int:
    """Bytes, as it is written in JSON."""
    return len(part.model_dump_json().encode())


def weight_of(parts: Sequence[BaseModel]) -> int:
    return sum(map(weight, parts))


def cut(text: str, most: int, mark: str = CUT) -> str:
    """The beginning of a text, with a mark where it was cut, in so many bytes."""
    raw = text.encode()
    if len(raw) <= most:
        return text
    return raw[: max(0, most - len(mark.encode()))].decode(errors="ignore") + mark


def lightened(parts: Sequence[P], most: int) -> list[P]:
    """All of them, the oldest with their texts cut where together they would weigh more; never the last."""
    weights = list(map(weight, parts))
    found = list(parts)
    for index in range(len(parts) - 1):
        if sum(weights) <= most:
            break
        found[index] = _texts(found[index], lambda text: cut(text, SHORT, GONE))
        weights[index] = weight(found[index])
    return found


def fitting(event: TicketCompleted) -> TicketCompleted:
    """The same with its longest texts cut where it would be too large to be sent: `shortened` then says so."""
    most = COMPLETED
    found = event
    while len(found.to_wire()) > COMPLETED and most > SHORT // 10:
        most //= 2
        found = _shortened(event, most)
    return found


def _shortened(event: TicketCompleted, most: int) -> TicketCompleted:
    def short(text: str) -> str:
        return cut(text, most)

    parts = {"problem": _texts(event.problem, short), "rounds": [_texts(one, short) for one in event.rounds]}
    own = {
        name: short(getattr(event, name)) for name in ("feedback_comment", "cause_of_dissatisfaction", "second_plan")
    }
    return event.model_copy(update={**parts, **own, "shortened": True})


def _texts(part: P, change: Callable[[str], str]) -> P:
    """The same with each of its texts changed, and those of its parts."""
    changed: dict[str, object] = {}
    for name, value in part:
        if type(value) is str:
            changed[name] = change(value)
        elif isinstance(value, BaseModel):
            changed[name] = _texts(value, change)
    return part.model_copy(update=changed)
