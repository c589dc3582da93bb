"""Who is invited to a consultation answers by their link, as often as they like: the last word holds (P3.4)."""

from datetime import datetime

from services.intake.tickets.domain import Ticket
from shared.domain import Invalid
from shared.events import Event, TicketInvitationAnswered
from shared.links import Link

ACTION = "answer_invitation"
ANSWERS = ("accepted", "tentative", "declined")


def answer(ticket: Ticket, link: Link, said: str, comment: str, now: datetime) -> list[Event]:
    """`purpose` of the link names the consultation, who is invited, and by which of its invitations. What is over
    triage does not hear. Raises Invalid."""
    if said not in ANSWERS:
        raise Invalid("Please choose an answer", "请选择答复", "answer")
    consultation, invitee, sequence, *_ = [*link.purpose.split("/"), "", ""]
    answered = TicketInvitationAnswered(
        subject=ticket.id,
        time=now,
        consultation=consultation,
        invitee=invitee,
        answer=said,
        comment=comment,
        sequence=int(sequence) if sequence.isdecimal() else None,
    )
    return [answered]
