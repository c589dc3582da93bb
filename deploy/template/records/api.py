"""Records over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from deploy.template.records.domain import Record
from deploy.template.records.handlers import RecordHandlers
from shared.http import Body, Caller, View, example, may, service, tagged
from shared.terms import Id, Paragraph

router = APIRouter(prefix="/v1/template-records", tags=["template"])
Handlers = Annotated[RecordHandlers, Depends(service)]


class Note(Body):
    model_config = example(note="Called the customer back")
    note: Paragraph
    """What staff want to remember"""


class RecordView(View):
    ticket: str = Field(validation_alias="id")
    """The ticket's number"""
    title: str
    """Of the ticket"""
    is_open: bool
    """Whether the ticket is not completed"""
    note: str
    """Empty if there is none"""


@router.get("/{ticket}")
async def read_template_record(
    ticket: Id, records: Handlers, _: Annotated[Caller, may("template_record:read")], response: Response
) -> RecordView:
    """The record of a ticket."""
    return shown(await records.store.get(ticket), response)


@router.put("/{ticket}/note")
async def annotate_template_record(
    ticket: Id,
    body: Note,
    records: Handlers,
    caller: Annotated[Caller, may("template_record:annotate")],
    response: Response,
) -> RecordView:
    """Note something; it takes the place of what was noted before."""
    return shown(await records.annotate(ticket, body.note, caller.origin), response)


def shown(record: Record, response: Response) -> RecordView:
    tagged(response, record)
    return RecordView.model_validate(record)
