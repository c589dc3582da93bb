"""The record of a ticket, and what it keeps of what other services publish, late, twice and in any order."""

from shared.domain import Conflict, Listener
from shared.events import Event, TicketCompleted, TicketOpened, TicketReopened


class Record(Listener):
    title: str
    is_open: bool = True
    note: str = ""

    @classmethod
    def of(cls, event: TicketOpened) -> "Record":
        return cls(id=event.subject, title=event.problem.title)

    def hear(self, event: TicketCompleted | TicketReopened) -> list[Event]:
        if not self.is_overtaken("open", event):
            self.is_open = isinstance(event, TicketReopened)
        return []

    def annotate(self, note: str) -> list[Event]:
        """Raises Conflict for a closed ticket."""
        if not self.is_open:
            raise Conflict(f"{self.id} is closed", f"{self.id} 已关闭")
        self.note = note
        return []
