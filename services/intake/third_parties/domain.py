"""A third party answers by its link: once, and sees what was asked and attached for it (P3.2)."""

from collections.abc import Sequence
from datetime import datetime

from services.intake.tickets.domain import Ticket
from services.intake.tickets.values import ThirdPartyRequest
from shared.domain import Invalid
from shared.events import Event, TicketThirdPartyReplied
from shared.links import Link, LinkEnded

ACTION = "answer_third_party"


def request_of(ticket: Ticket, link: Link) -> ThirdPartyRequest:
    """`purpose` of the link names the engagement. Raises LinkEnded."""
    found = next((one for one in ticket.third_party_requests if one.id == link.purpose), None)
    if found is None or not _is_theirs(found, link):
        raise LinkEnded("The link is not valid for this ticket", "该链接不适用于此工单")
    if found.answered_at:
        raise LinkEnded("You have already answered. Thank you.", "您已答复，谢谢。")
    return found


def files_of(ticket: Ticket, link: Link) -> list[str]:
    """What they have attached since they answered last, also by a form that was refused then."""
    answered = [one.answered_at for one in ticket.third_party_requests if one.answered_at and _is_theirs(one, link)]
    since = max(answered, default=None)
    mine = [one for one in ticket.attachments if one.added_by == link.sub]
    return [one.id for one in mine if since is None or one.at > since]


def _is_theirs(request: ThirdPartyRequest, link: Link) -> bool:
    return link.sub == f"mailto:{request.email}"


def reply(ticket: Ticket, link: Link, answer: str, attachments: Sequence[str], now: datetime) -> list[Event]:
    """Raises LinkEnded, Invalid."""
    asked = request_of(ticket, link)
    if not answer:
        raise Invalid("Please write an answer", "请填写答复", "comment")
    done = asked.model_copy(update={"answered_at": now})
    ticket.third_party_requests = [done if one.id == asked.id else one for one in ticket.third_party_requests]
    said = TicketThirdPartyReplied(
        subject=ticket.id,
        time=now,
        engagement=asked.id,
        party=asked.party,
        answer=answer,
        attachments=list(attachments),
    )
    return [said]
