"""Which events somebody wants to follow."""

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.domain import Invalid, Value
from shared.events import EVENTS, Event

KINDS = frozenset(event.kind for event in EVENTS)
Pattern = Annotated[str, StringConstraints(max_length=80, pattern=r"^(\*|[a-z]+\.(\*|[a-z_]+))$")]
OptionalTicket = Annotated[str, StringConstraints(max_length=80, pattern=r"^[\w.:@-]*$")]
MOST_PATTERNS = 50


class Filters(Value):
    """`events` are patterns, one of which fits; what is empty lets everything through."""

    events: list[str] = Field(default_factory=list)
    ticket: str = ""
    company: str = ""

    def lets_through(self, event: Event) -> bool:
        """But for the company, which the event does not name."""
        if self.ticket and self.ticket not in (event.subject, getattr(event, "ticket", "")):
            return False
        return not self.events or any(matches(one, event.kind) for one in self.events)

    def concerns(self, ticket: str) -> bool:
        """Who is on a ticket; its company nobody names."""
        return self.ticket in ("", ticket) and not self.company

    def check_filled(self, place: str) -> None:
        """Raises Invalid for patterns that lead nowhere; `place` is where they were sent."""
        for pattern in self.events:
            if not any(matches(pattern, kind) for kind in KINDS):
                raise Invalid(f"No event is called {pattern}", f"没有名为 {pattern} 的事件", place)


def matches(pattern: str, kind: str) -> bool:
    """`*`, `ticket.*` or `ticket.opened`."""
    return pattern in ("*", kind) or (pattern.endswith(".*") and kind.startswith(pattern[:-1]))
