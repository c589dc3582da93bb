"""Records over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from deploy.template.records.domain import Record
from deploy.template.records.handlers import RecordHandlers
from shared.http import Body, Caller, may, service, tagged
from shared.terms import Id, Paragraph

router = APIRouter(prefix="/v1/template-records", tags=["template"])
Handlers = Annotated[RecordHandlers, Depends(service)]


class Note(Body):
    note: Paragraph


class RecordView(BaseModel):
    ticket: str
    title: str
    is_open: bool
    note: str


@router.get("/{ticket}")
async def read_template_record(
    ticket: Id, records: Handlers, _: Annotated[Caller, may("template_record:read")], response: Response
) -> RecordView:
    return shown(await records.store.get(ticket), response)


@router.put("/{ticket}/note")
async def annotate_template_record(
    ticket: Id,
    body: Note,
    records: Handlers,
    caller: Annotated[Caller, may("template_record:annotate")],
    response: Response,
) -> RecordView:
    return shown(await records.annotate(ticket, body.note, caller.origin), response)


def shown(record: Record, response: Response) -> RecordView:
    tagged(response, record)
    return RecordView(ticket=record.id, title=record.title, is_open=record.is_open, note=record.note)
