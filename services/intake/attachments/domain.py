"""A file on its way to a ticket, and what it means to the ticket that it arrives."""

from datetime import datetime

from pydantic import AwareDatetime

from services.intake.tickets.closing import require_here
from services.intake.tickets.domain import LimitReached, Ticket
from services.intake.tickets.values import Attachment
from shared.domain import Aggregate, Forbidden, NotFound
from shared.events import Event, TicketAttachmentAdded, TicketInternalFileAdded
from shared.terms import Text

MAX_ATTACHMENTS = 100


class AttachmentNotFound(NotFound):
    title = Text("Attachment not found", "未找到附件")


class Upload(Aggregate):
    """A file that is being stored for this ticket, under the file's id."""

    ticket: str
    due_at: AwareDatetime

    def move(self, ticket: str) -> list[Event]:
        """That one takes it."""
        self.ticket = ticket
        return []


def attach(ticket: Ticket, attachment: Attachment, by_staff: bool, now: datetime) -> list[Event]:
    """A file of the customer's, such as the log that was asked for, ends the wait for information. Raises
    WrongState, LimitReached, MovedOn."""
    if is_attached(ticket, attachment.id):
        return []
    require_here(ticket)
    if attachment.internal and not by_staff:
        raise Forbidden("Only staff can add an internal file", "仅工作人员可添加内部附件")
    if not by_staff:
        ticket.require_open("post a message to reopen it before adding files", "请先留言重新打开工单，再添加附件")
    require_room(ticket)
    ticket.attachments.append(attachment)
    if attachment.internal:
        return [
            TicketInternalFileAdded(
                subject=ticket.id,
                time=now,
                attachment=attachment.id,
                name=attachment.name,
                size=attachment.size,
                media_type=attachment.media_type,
                sha256=attachment.sha256,
            )
        ]
    if not by_staff:
        ticket.lacking = False
    added = TicketAttachmentAdded(
        subject=ticket.id,
        time=now,
        attachment=attachment.id,
        name=attachment.name,
        size=attachment.size,
        media_type=attachment.media_type,
        sha256=attachment.sha256,
        by_staff=by_staff,
    )
    return [added, *ticket.update_stage("attachment_added", now)]


def require_room(ticket: Ticket) -> None:
    """Raises LimitReached."""
    if len(ticket.attachments) >= MAX_ATTACHMENTS:
        raise LimitReached(
            f"A ticket can have at most {MAX_ATTACHMENTS} attachments", f"每个工单最多 {MAX_ATTACHMENTS} 个附件"
        )


def attachment_of(ticket: Ticket, id: str, for_staff: bool = True) -> Attachment:
    """Raises AttachmentNotFound, also to customers who ask for an internal one."""
    found = next((one for one in ticket.attachments if one.id == id and (for_staff or not one.internal)), None)
    if found is None:
        raise AttachmentNotFound(f"{ticket.id} has no attachment {id}", f"{ticket.id} 没有附件 {id}")
    return found


def is_attached(ticket: Ticket, id: str) -> bool:
    return any(one.id == id for one in ticket.attachments)
