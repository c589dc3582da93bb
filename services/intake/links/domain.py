"""What customers are invited to do by a link, without signing in: to judge, to rate, to consent.

A link is for one round and ends with it. It is never handed to staff: it goes to the contact's own address, by
`ticket.link_requested` or with the mails of notify.
"""

from datetime import datetime

from services.intake.consents import domain as consents
from services.intake.tickets import closing
from services.intake.tickets.domain import Ticket
from services.intake.tickets.values import Consent, author_of
from services.intake.verification import domain as verification
from shared.domain import Conflict, Invalid
from shared.events import Event, TicketLinkRequested
from shared.links import Link, LinkEnded
from shared.terms import Satisfaction, Stage, Text, is_email_address

JUDGEMENTS = ("accept_solution", "reject_solution")
ACTIONS = (*JUDGEMENTS, "give_feedback", "give_consent")


class NoAddress(Conflict):
    title = Text("The contact has no e-mail address", "联系人没有电子邮箱")


def request(ticket: Ticket, action: str, now: datetime) -> list[Event]:
    """Raises NoAddress; IllegalMove when there is nothing to be done by such a link now."""
    if not is_email_address(ticket.contact.email):
        raise NoAddress(
            "there is no address that a link could be sent to; ask on the telephone, or let them sign in",
            "没有可以接收链接的邮箱，请电话确认，或请联系人登录后操作",
        )
    if action in JUDGEMENTS:
        ticket.must_be(Stage.CUSTOMER_VERIFICATION, "judged", "验证")
    elif action == "give_feedback":
        closing.must_be_unrated(ticket)
    else:
        ticket.must_not_be(Stage.ARCHIVED, "given consent for", "授权")
    return [
        TicketLinkRequested(subject=ticket.id, time=now, action=action, round=ticket.round, to=ticket.contact.email)
    ]


def must_hold(ticket: Ticket, link: Link) -> None:
    """Raises LinkEnded: the round is over, the consent was revoked, or the ticket is no longer that person's."""
    if link.action not in ACTIONS or link.sub not in (author_of(ticket.contact), ticket.contact.email):
        raise LinkEnded("this link is for something else", "该链接不适用于此工单")
    if link.round != ticket.round:
        raise LinkEnded(
            "what this link was for is over; what was said then is noted on the ticket",
            "该链接对应的处理轮次已结束，当时的反馈已记录在工单中",
        )
    if any(one.id == _consent(link) and one.revoked_at for one in ticket.consents):
        raise LinkEnded("this consent was revoked", "该授权已撤回")


def must_be_unused(ticket: Ticket, link: Link) -> None:
    """Raises LinkEnded, IllegalMove: there is nothing left to ask."""
    must_hold(ticket, link)
    if link.action in JUDGEMENTS:
        ticket.must_be(Stage.CUSTOMER_VERIFICATION, "judged", "验证")
    elif link.action == "give_feedback":
        closing.must_be_unrated(ticket)
    elif any(one.id == _consent(link) for one in ticket.consents):
        raise LinkEnded("your consent is noted on the ticket", "您的授权已记录在工单中")


def follow(ticket: Ticket, link: Link, satisfaction: Satisfaction | None, comment: str, now: datetime) -> list[Event]:
    """Do what the link allows, in the name of the person that it was made for."""
    if link.action in JUDGEMENTS:
        return verification.judge(ticket, link.action == "accept_solution", comment, now)
    if link.action == "give_consent":
        consent = Consent(
            id=_consent(link),
            scope="remote assistance",
            given_by=link.name,
            recorded_by=link.sub,
            words=comment or "agreed through a signed link · 通过签名链接同意",
            at=now,
        )
        return consents.give(ticket, consent, now)
    if not satisfaction:
        raise Invalid("say how satisfied you are", "请选择满意度")
    return closing.rate(ticket, satisfaction, comment, now)


def masked(address: str) -> str:
    """Enough to recognise one's own: `w***@huadong.example`."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}"


def _consent(link: Link) -> str:
    return f"link-{link.nonce[:12]}"
