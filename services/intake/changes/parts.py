"""The part of a request that is about one ticket: what is to be done, and what became of it."""

from typing import Annotated, Any, Self

import httpx2
from pydantic import Field

from services.intake.changes.domain import Action
from shared.http import Body, View
from shared.http.etag import version_of


class Change(Body):
    """One request that there is for a ticket."""

    action: Action
    """`amend` (PATCH of the ticket), `close` (its `closure`), `merge`, `note` (an internal note), `relate` (its
    `relations`), `watch` (its `watchers`)"""
    body: Annotated[dict[Annotated[str, Field(max_length=40)], Any], Field(max_length=20)] = Field(
        default_factory=dict, description="What that request takes"
    )


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

    @classmethod
    def of(cls, ticket: str, answer: httpx2.Response) -> Self:
        said = None if answer.is_success else PartProblem.model_validate(answer.json())
        version = version_of(answer.headers.get("etag"))
        return cls(ticket=ticket, status=answer.status_code, version=version, problem=said)
