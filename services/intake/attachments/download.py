"""A file as an answer: always saved, never shown inside our pages."""

from typing import Any
from urllib.parse import quote

from fastapi.responses import StreamingResponse

from services.intake.attachments.domain import AttachmentNotFound
from services.intake.attachments.handlers import AttachmentHandlers
from services.intake.tickets.domain import Ticket

FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}


def download(attachments: AttachmentHandlers, ticket: Ticket, attachment: str) -> StreamingResponse:
    """Raises AttachmentNotFound."""
    found = next((one for one in ticket.attachments if one.id == attachment), None)
    if found is None:
        raise AttachmentNotFound(f"{ticket.id} has no attachment {attachment}", f"{ticket.id} 没有附件 {attachment}")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}",
        "Content-Security-Policy": "sandbox",
        "Content-Length": str(found.size),
    }
    return StreamingResponse(attachments.files.read(attachment), headers=headers, media_type="application/octet-stream")
