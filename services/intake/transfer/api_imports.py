"""Imports of tickets over HTTP, for leads and administrators."""

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from services.intake.transfer.domain import MAX_PARTS, Import, Part, part_id
from services.intake.transfer.handlers import TransferHandlers
from services.intake.transfer.reading import read
from services.intake.transfer.views import (
    ImportedFileView,
    ImportReportView,
    ImportStart,
    ImportView,
    NewImport,
    PartBody,
    PartView,
)
from services.intake.transfer.zones import zone_of
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.terms import Id
from shared.texts import off_loop
from shared.uploads.multipart import BODY, chunks_of, type_of, uploaded

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
    kept = await transfer.put_part(ticket_import, part, rows)
    return await _shown_part(transfer, job, kept, caller.language)


@router.get("/{ticket_import}/parts/{part}")
async def read_import_part(ticket_import: Id, part: Number, transfer: Handlers, caller: MayImport) -> PartView:
    """What became of the rows of a part, or would."""
    kept = await transfer.parts.get(part_id(ticket_import, part))
    return await _shown_part(transfer, await transfer.imports.get(ticket_import), kept, caller.language)


@router.post(
    "/{ticket_import}/files", status_code=201, responses={200: {"model": ImportedFileView}}, openapi_extra=BODY
)
async def add_imported_file(
    ticket_import: Id,
    transfer: Handlers,
    caller: MayImport,
    request: Request,
    response: Response,
    external_id: Annotated[str, Query(min_length=1, max_length=80, description="What its ticket is called there")],
    file_id: Annotated[str, Query(min_length=1, max_length=80, description="What the file is called there")],
    internal: Annotated[bool, Query(description="Whether staff alone see it; if not, the customer does too")] = True,
) -> ImportedFileView:
    """Send a file of at most 20 MB of a ticket that this or another import from the same desk took over. The same file
    again changes nothing, and answers with what is there."""
    job = await transfer.imports.get(ticket_import)
    await transfer.files.number(job, external_id)  # before the body is read
    async with uploaded(request) as (file, name):
        ticket, added, is_new = await transfer.files.add(
            job, external_id, file_id, name, type_of(file), chunks_of(file), internal, caller.origin
        )
    response.status_code = 201 if is_new else 200
    return ImportedFileView.of(ticket.id, added)


@router.post("/{ticket_import}/start")
async def start_ticket_import(
    ticket_import: Id, body: ImportStart, transfer: Handlers, caller: MayImport, response: Response
) -> ImportReportView:
    """Take over what its parts have. It goes on by itself, also after a restart; nobody is notified of any of it."""
    return await _shown(transfer, await transfer.start(ticket_import, body.parts, caller.origin), response)


async def _shown_part(transfer: TransferHandlers, job: Import, part: Part, language: str) -> PartView:
    with_files = [row.external_id for row in part.results if row.files]
    return PartView.of(part, language, await transfer.files.there(job, with_files))


async def _shown(transfer: TransferHandlers, job: Import, response: Response) -> ImportReportView:
    tagged(response, job)
    return ImportReportView.of_report(job, *await transfer.report(job.id))
