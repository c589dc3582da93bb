"""A file as an answer: always saved, never shown inside our pages. What is shown are small pictures that we made."""

from typing import Any
from urllib.parse import quote

from fastapi.responses import Response, StreamingResponse

from services.intake.attachments.domain import attachment_of
from services.intake.attachments.handlers import AttachmentHandlers
from services.intake.tickets.domain import Ticket
from services.intake.tickets.values import Attachment

FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}


THUMBNAIL: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/webp": {"schema": {"type": "string", "format": "binary"}}}}
}


async def released(
    attachments: AttachmentHandlers, ticket: Ticket, attachment: str, for_staff: bool = False
) -> Attachment:
    """A file of this ticket that may be handed out. Raises AttachmentNotFound, Quarantined."""
    found = attachment_of(ticket, attachment, for_staff)
    await attachments.guard.require_released(found.id)
    return found


def thumbnail(content: bytes) -> Response:
    """May stand in a page, and is made by us; kept by the browser of whoever may see it."""
    headers = {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": "inline",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, max-age=86400, immutable",
    }
    return Response(content, headers=headers, media_type="image/webp")


async def download(
    attachments: AttachmentHandlers, ticket: Ticket, attachment: str, for_staff: bool = False
) -> StreamingResponse:
    """Raises AttachmentNotFound, Quarantined."""
    found = await released(attachments, ticket, attachment, for_staff)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}",
        "Content-Security-Policy": "sandbox",
        "Content-Length": str(found.size),
    }
    return StreamingResponse(attachments.files.read(attachment), headers=headers, media_type="application/octet-stream")
