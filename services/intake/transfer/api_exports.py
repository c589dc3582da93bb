"""Exports of tickets over HTTP, for leads and administrators."""

import logging
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from services.intake.tickets.access import TicketsDep
from services.intake.tickets.listed import ListFilters
from services.intake.transfer.exports import csv_of, jsonl_of
from services.intake.transfer.zones import zone_of
from shared.domain import Forbidden
from shared.http import Caller, may

logger = logging.getLogger(__name__)
router = APIRouter(tags=["transfer"])


class ExportFormat(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"


MEDIA = {ExportFormat.CSV: "text/csv; charset=utf-8", ExportFormat.JSONL: "application/x-ndjson"}
FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {"schema": {"type": "string"}} for kind in ("text/csv", "application/x-ndjson")}}
}


@router.get("/v1/ticket-exports", response_class=StreamingResponse, responses=FILE)
async def export_tickets(
    tickets: TicketsDep,
    caller: Annotated[Caller, may("ticket:export")],
    filters: Annotated[ListFilters, Depends()],
    format: Annotated[ExportFormat, Query(description="csv: a row each; jsonl: whole tickets")] = ExportFormat.CSV,
    zone: Annotated[str, Query(max_length=60, description="The time zone of moments in CSV")] = "UTC",
) -> StreamingResponse:
    """Tickets as a file, the oldest first: CSV for spreadsheets, in which no cell is a formula, or JSON lines with all
    that staff see of a ticket. What is opened meanwhile may or may not be in it."""
    known_zone = zone_of(zone, "query.zone")
    wanted = await filters.wanted(tickets, caller, "ticket:export")

    def allow(owner: str, company: str) -> bool:
        try:
            caller.check("ticket:export", owner, company)
        except Forbidden:
            return False
        return True

    logger.info("%s exports tickets as %s: %s", caller.sub, format.value, ", ".join(sorted(wanted)) or "all")
    if format is ExportFormat.CSV:
        content = csv_of(tickets, wanted, filters.opened, allow, known_zone, caller.language)
    else:
        content = jsonl_of(tickets, wanted, filters.opened, allow)
    headers = {
        "Content-Disposition": f'attachment; filename="tickets.{format.value}"',
        "Content-Security-Policy": "sandbox",
    }
    return StreamingResponse(content, headers=headers, media_type=MEDIA[format])
