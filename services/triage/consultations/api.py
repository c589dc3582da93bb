"""Expert consultations over HTTP (P3.4)."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from services.triage.consultations import domain as consultations
from services.triage.work.access import Work, WorkView, change
from shared.http import Body, Caller, example, may
from shared.terms import Id, Line, Paragraph

router = APIRouter(prefix="/v1/tickets/{ticket}/work/consultation", tags=["work"])
Chair = Annotated[Caller, may("consultation:hold")]


class NewConsultation(Body):
    model_config = example(
        background="Orders cannot be placed since 09:00",
        tried="Restart, rollback",
        stuck_at="No error in any log",
        invited=["database team"],
    )

    background: Paragraph
    """What the customer is in"""
    tried: Paragraph
    """What was tried"""
    stuck_at: Paragraph
    """Where the work is stuck"""
    invited: list[Line] = Field(min_length=1, max_length=50)
    """The experts"""


class Conclusion(Body):
    model_config = example(conclusions="A lock in the order table", action_items=["Add the missing index"])

    conclusions: Paragraph
    """What came of it"""
    action_items: list[Line] = Field(default_factory=list, max_length=50)
    """What is to be done"""


@router.post("", status_code=201)
async def open_consultation(
    ticket: Id, body: NewConsultation, work: Work, caller: Chair, response: Response
) -> WorkView:
    """Open an expert consultation: the background, what was tried, and where the work is stuck."""
    act = partial(
        consultations.open_consultation,
        background=body.background,
        tried=body.tried,
        stuck_at=body.stuck_at,
        invited=body.invited,
    )
    return await change(work, caller, ticket, act, response)


@router.post("/conclusion")
async def conclude_consultation(
    ticket: Id, body: Conclusion, work: Work, caller: Chair, response: Response
) -> WorkView:
    """Conclude the open consultation."""
    act = partial(consultations.conclude, conclusions=body.conclusions, action_items=body.action_items)
    return await change(work, caller, ticket, act, response)
