"""A work item over HTTP: what is known of it, notes, and third parties."""

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from services.triage.work import third_parties, worklog
from services.triage.work.access import Work, Worker, WorkView, actor, change, shown
from services.triage.work.handlers import WorkHandlers
from shared.domain import Invalid
from shared.http import Body, Caller, example, may
from shared.terms import Id, Line, OptionalLine, Paragraph, Whole, YesOrNo

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
    model_config = example(
        third_party="core-banking", reason="The interface answers with an error", title="Interface CB-7 answers 500"
    )

    third_party: Id | Literal[""] = ""
    """The id of its record: it is asked by mail, with a page by signed link where it answers"""
    party: OptionalLine = ""
    """Its name, where there is no record"""
    reason: Paragraph
    """What it is asked"""
    title: OptionalLine = ""
    """The title that it reads; empty: that of the ticket"""
    attachments: list[Id] = Field(default_factory=list, max_length=20)
    """Ids of attachments of the ticket that it can download"""
    show_customer: YesOrNo = False
    """Whether it reads who the customer is"""


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
    """Engage a third party, such as the vendor of another system. One with a record is asked by mail, and sees the
    title, what it is asked, and these attachments; it is reminded when it has not answered in time."""
    await work.ensure_involved(ticket, actor(caller))
    await work.files.ensure_there(ticket, body.attachments, "attachments")
    act = partial(third_parties.engage, request=await _request(work, body))
    return await change(work, caller, ticket, act, response)


@router.post("/third-parties/answer")
async def record_third_party_reply(
    ticket: Id, body: ThirdPartyAnswer, work: Work, caller: Worker, response: Response
) -> WorkView:
    """Record what a third party answered."""
    act = partial(third_parties.record_reply, party=body.party, answer=body.answer)
    return await change(work, caller, ticket, act, response)


async def _request(work: WorkHandlers, body: NewThirdParty) -> third_parties.Request:
    """Raises Invalid."""
    asked: dict[str, Any] = {"reason": body.reason, "title": body.title, "attachments": body.attachments}
    if not body.third_party:
        if not body.party:
            raise Invalid("`third_party` or `party` is required", "请填写 `third_party` 或 `party`", "body.party")
        return third_parties.Request(party=body.party, show_customer=body.show_customer, **asked)
    known = await work.parties.active(body.third_party)
    return third_parties.Request(
        party=known.details.name,
        third_party=known.id,
        contact=known.details.contact,
        email=known.details.email,
        language=known.details.language,
        show_customer=body.show_customer,
        answer_within=known.answer_within,
        **asked,
    )
