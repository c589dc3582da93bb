"""A work item over HTTP: what is known of it, notes, and third parties."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from services.triage.work import third_parties, worklog
from services.triage.work.access import Work, Worker, WorkView, change, shown
from shared.http import Body, Caller, example, may
from shared.terms import Id, Line, OptionalLine, Paragraph, Whole

router = APIRouter(prefix="/v1/tickets/{ticket}/work", tags=["work"])


class NewNote(Body):
    model_config = example(text="Called the customer back: it happens with large reports only.")

    text: Paragraph
    """For the worklog; customers do not see it"""


class NewStep(Body):
    model_config = example(
        hypothesis="The cache is full", step="Cleared the cache", result="It crashes as before", minutes=20
    )

    hypothesis: OptionalLine = ""
    """What was supposed to be the cause"""
    step: Paragraph
    """What was tried"""
    result: Paragraph
    """What came of it"""
    minutes: Annotated[Whole, Field(ge=0, le=1440)] = 0
    """How long it took"""


class NewThirdParty(Body):
    model_config = example(party="Core banking vendor", reason="The interface answers with an error")

    party: Line
    """Its name"""
    reason: Paragraph
    """What it is engaged for"""


class ThirdPartyAnswer(Body):
    model_config = example(party="Core banking vendor", answer="Fixed on our side in release 5.2")

    party: Line
    """Whose answer it is"""
    answer: Paragraph
    """What they say"""


@router.get("")
async def read_work(ticket: Id, work: Work, _: Annotated[Caller, may("work:read")], response: Response) -> WorkView:
    """The work item of a ticket."""
    return shown(await work.store.get(ticket), response)


@router.post("/notes", status_code=201)
async def add_work_note(ticket: Id, body: NewNote, work: Work, caller: Worker, response: Response) -> WorkView:
    """Add a note to the worklog."""
    return await change(work, caller, ticket, partial(worklog.add_note, text=body.text), response, is_repeatable=True)


@router.post("/steps", status_code=201)
async def add_work_step(ticket: Id, body: NewStep, work: Work, caller: Worker, response: Response) -> WorkView:
    """Write down a step of the work: what was supposed and tried, what came of it, and how long it took."""
    act = partial(worklog.try_step, **body.model_dump())
    return await change(work, caller, ticket, act, response, is_repeatable=True)


@router.post("/third-parties", status_code=201)
async def engage_third_party(
    ticket: Id, body: NewThirdParty, work: Work, caller: Worker, response: Response
) -> WorkView:
    """Engage a third party, such as the vendor of another system."""
    act = partial(third_parties.engage, party=body.party, reason=body.reason)
    return await change(work, caller, ticket, act, response)


@router.post("/third-parties/answer")
async def record_third_party_reply(
    ticket: Id, body: ThirdPartyAnswer, work: Work, caller: Worker, response: Response
) -> WorkView:
    """Record what a third party answered."""
    act = partial(third_parties.record_reply, party=body.party, answer=body.answer)
    return await change(work, caller, ticket, act, response)
