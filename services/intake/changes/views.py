"""What people send and see of changes to many tickets."""

from typing import Annotated

from pydantic import Field, field_validator

from services.intake.changes.domain import MOST_TICKETS
from services.intake.changes.parts import Change, ChangeResult
from shared.http import Body, View, example
from shared.terms import Id, InvalidValue, Whole


class ChangedTicket(Body):
    ticket: Id
    """Its number"""
    version: Annotated[Whole | None, Field(ge=0, le=2**53)] = None
    """The version that was read, from its ETag: the ticket is left alone when there is a newer one"""


class NewChanges(Body):
    model_config = example(
        tickets=[{"ticket": "TK-2026-000001", "version": 3}, {"ticket": "TK-2026-000002"}],
        change={"action": "close", "body": {"outcome": "spam", "reason": "Advertising"}},
    )

    tickets: Annotated[list[ChangedTicket], Field(min_length=1, max_length=MOST_TICKETS)]
    """The tickets, each once; they are changed in this order"""
    change: Change
    """What is done to each of them"""

    @field_validator("tickets")
    @classmethod
    def _each_once(cls, tickets: list[ChangedTicket]) -> list[ChangedTicket]:
        if len({one.ticket for one in tickets}) < len(tickets):
            raise InvalidValue("Each ticket can be named once only", "每个工单只能出现一次")
        return tickets


class ChangeResults(View):
    """One for each ticket."""

    items: list[ChangeResult]
    """In the order of the request"""
    changed: int
    """How many were changed, now or by the same request before"""
