"""What people send and see of changes to many tickets."""

from typing import Annotated, Any

from pydantic import Field, field_validator

from services.intake.changes.domain import MOST_TICKETS, Action
from shared.http import Body, View, example
from shared.terms import Id, InvalidValue, Whole


class ChangedTicket(Body):
    ticket: Id
    """Its number"""
    version: Annotated[Whole | None, Field(ge=0, le=2**53)] = None
    """The version that was read, from its ETag: the ticket is left alone when there is a newer one"""


class Change(Body):
    """One request that there is for a ticket."""

    action: Action
    """`amend` (PATCH of the ticket), `close` (its `closure`), `merge`, `note` (an internal note), `relate` (its
    `relations`), `watch` (its `watchers`)"""
    body: Annotated[dict[Annotated[str, Field(max_length=40)], Any], Field(max_length=20)] = Field(
        default_factory=dict, description="What that request takes"
    )


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


class FieldProblem(View):
    """What is wrong with a field."""

    field: str
    """Where it is"""
    message: str
    """What is wrong with it"""


class PartProblem(View):
    """Why a ticket was left alone, as its own request would have been answered."""

    code: str
    """Identifies the problem for programs"""
    title: str
    """What kind of problem it is"""
    detail: str
    """What is wrong with this request"""
    errors: list[FieldProblem] = Field(default_factory=list, description="The invalid fields")


class ChangeResult(View):
    """What became of one ticket."""

    ticket: str
    """Its number"""
    status: int
    """The HTTP status with which its own request was answered"""
    version: int | None
    """The version that it has now; null if it was left alone"""
    problem: PartProblem | None
    """Why it was left alone; null if it was not"""


class ChangeResults(View):
    """One for each ticket."""

    items: list[ChangeResult]
    """In the order of the request"""
    changed: int
    """How many were changed, now or by the same request before"""
