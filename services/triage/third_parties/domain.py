"""A third party: who answers there, within which time, and for which systems (P3.2)."""

from datetime import timedelta

from pydantic import Field

from shared.domain import Aggregate, Conflict, Value
from shared.events import Event
from shared.terms import Text

MOST_PARTIES = 500


class TooManyParties(Conflict):
    title = Text("Too many third parties", "第三方数量已达上限")


class PartyDetails(Value):
    """`answer_hours`: by the clock on the wall. `systems`: ids of third-party systems that they own."""

    name: str
    contact: str = ""
    email: str = ""
    language: str = "zh"
    answer_hours: int = 24
    systems: list[str] = Field(default_factory=list)
    active: bool = True


class Party(Aggregate):
    details: PartyDetails

    def describe(self, said: PartyDetails) -> list[Event]:
        self.details = said
        return []

    @property
    def answer_within(self) -> timedelta:
        return timedelta(hours=self.details.answer_hours)
