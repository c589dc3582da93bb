"""A customer: a company, or a person without one, and the tickets that they had lately."""

from pydantic import Field

from shared.domain import Aggregate
from shared.events import Event

REMEMBERED = 20
LINKED = 5


class Customer(Aggregate):
    """`recent` are the numbers of their newest tickets, newest first. Numbers of the same length sort by age."""

    company: str = ""
    recent: list[str] = Field(default_factory=list)

    def earlier_than(self, number: str) -> list[str]:
        """The tickets that a new one is linked to (P1.5)."""
        return [there for there in self.recent if there < number][:LINKED]

    def had(self, number: str) -> list[Event]:
        if number not in self.recent:
            self.recent = sorted({*self.recent, number}, reverse=True)[:REMEMBERED]
        return []
