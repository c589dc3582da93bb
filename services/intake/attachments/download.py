"""A file as an answer: always saved, never shown inside our pages."""

from typing import Any
from urllib.parse import quote

from fastapi.responses import StreamingResponse

from services.intake.attachments.domain import attachment_of
from services.intake.attachments.handlers import AttachmentHandlers
from services.intake.tickets.domain import Ticket

FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}


def download(attachments: AttachmentHandlers, ticket: Ticket, attachment: str) -> StreamingResponse:
    """Raises AttachmentNotFound."""
    found = attachment_of(ticket, attachment)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}",
        "Content-Security-Policy": "sandbox",
        "Content-Length": str(found.size),
    }
    return StreamingResponse(attachments.files.read(attachment), headers=headers, media_type="application/octet-stream")
