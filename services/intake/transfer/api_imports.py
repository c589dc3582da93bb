"""Imports of tickets over HTTP, for leads and administrators."""

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from services.intake.transfer.domain import MAX_PARTS, Import, part_id
from services.intake.transfer.handlers import TransferHandlers
from services.intake.transfer.reading import read
from services.intake.transfer.views import ImportReportView, ImportStart, ImportView, NewImport, PartBody, PartView
from services.intake.transfer.zones import zone_of
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.terms import Id
from shared.texts import off_loop

router = APIRouter(prefix="/v1/ticket-imports", tags=["transfer"])


async def handlers(request: Request) -> TransferHandlers:
    found: TransferHandlers = request.app.state.service.transfer
    return found


Handlers = Annotated[TransferHandlers, Depends(handlers)]
MayImport = Annotated[Caller, may("ticket:import")]
Number = Annotated[int, Path(ge=1, le=MAX_PARTS)]


@router.get("")
async def list_ticket_imports(
    transfer: Handlers, _: MayImport, after: After = None, limit: Limit = 50
) -> Page[ImportView]:
    """Imports of tickets, the newest first."""
    found, next = await transfer.imports.page({}, transfer.imports.newest_first, after, limit)
    return Page(items=[ImportView.of(one) for one in found], next=next)


@router.post("", status_code=201)
async def begin_ticket_import(
    body: NewImport, transfer: Handlers, caller: MayImport, response: Response
) -> ImportReportView:
    """Begin to take over tickets from another desk. Nothing is written before it is started: its parts are sent, and
    each answers what would become of its rows."""
    zone_of(body.zone, "body.zone")
    new = Import(**body.model_dump(), id="", created_by=caller.sub, created_at=transfer.now())
    job = await transfer.begin(new, caller.origin)
    response.headers["Location"] = f"/v1/ticket-imports/{job.id}"
    return await _shown(transfer, job, response)


@router.get("/{ticket_import}")
async def read_ticket_import(
    ticket_import: Id, transfer: Handlers, _: MayImport, response: Response
) -> ImportReportView:
    """How far an import is, and its report: what was read there against what is here, by state and month."""
    return await _shown(transfer, await transfer.imports.get(ticket_import), response)


@router.put("/{ticket_import}/parts/{part}")
async def put_import_part(
    ticket_import: Id, part: Number, body: PartBody, transfer: Handlers, caller: MayImport
) -> PartView:
    """Send a part, or send it again: what would become of its rows. Parts are numbered from 1."""
    job = await transfer.imports.get(ticket_import)
    job.require_collecting()
    closed = frozenset(state.lower() for state in job.closed_states)
    length = len(body.text) or len(json.dumps(body.tables))
    rows = await off_loop(length, read, job.format, body.text, body.tables, zone_of(job.zone, "body.zone"), closed)
    return PartView.of(await transfer.put_part(ticket_import, part, rows), caller.language)


@router.get("/{ticket_import}/parts/{part}")
async def read_import_part(ticket_import: Id, part: Number, transfer: Handlers, caller: MayImport) -> PartView:
    """What became of the rows of a part, or would."""
    return PartView.of(await transfer.parts.get(part_id(ticket_import, part)), caller.language)


@router.post("/{ticket_import}/start")
async def start_ticket_import(
    ticket_import: Id, body: ImportStart, transfer: Handlers, caller: MayImport, response: Response
) -> ImportReportView:
    """Take over what its parts have. It goes on by itself, also after a restart; nobody is notified of any of it."""
    return await _shown(transfer, await transfer.start(ticket_import, body.parts, caller.origin), response)


async def _shown(transfer: TransferHandlers, job: Import, response: Response) -> ImportReportView:
    tagged(response, job)
    return ImportReportView.of_report(job, *await transfer.report(job.id))
