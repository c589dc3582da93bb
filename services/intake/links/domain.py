"""What customers do by a link, without signing in: review a solution, give feedback, consent.

A link is for one round and ends with it. It is never handed to staff: it goes to the contact's own address, by
`ticket.link_requested` or with the mails of notify.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from services.intake.consents.domain import give
from services.intake.tickets.closing import rate, require_here, require_unrated
from services.intake.tickets.domain import Ticket
from services.intake.tickets.values import Consent, author_id
from services.intake.verification.domain import FEEDBACK_WAIT, require_review, review_solution
from shared.domain import Conflict, Invalid
from shared.events import Event, TicketLinkRequested
from shared.links import Link, LinkEnded
from shared.terms import Satisfaction, Text, is_email_address

REVIEWS = ("accept_solution", "reject_solution")
ACTIONS = (*REVIEWS, "give_feedback", "give_consent")
SAID = {
    "accept_solution": Text("The problem is solved. (by link)", "问题已解决。（通过链接提交）"),
    "reject_solution": Text("The problem is not solved. (by link)", "问题未解决。（通过链接提交）"),
    "give_feedback": Text("Feedback (by link)", "评价（通过链接提交）"),
    "give_consent": Text("I agree to remote assistance. (by link)", "同意远程协助。（通过链接提交）"),
}


class NoEmailAddress(Conflict):
    title = Text("The contact has no address", "联系人没有可用的地址")


def request(ticket: Ticket, action: str, now: datetime, tool: str = "", purpose: str = "") -> list[Event]:
    """`tool` and `purpose` are what the customer consents to. Raises NoEmailAddress, Invalid; WrongState when there is
    nothing to be done by such a link now."""
    to = address_of(ticket.contact.email, ticket.contact.address)
    if not to:
        raise NoEmailAddress(
            "A link cannot be sent without an address of mail or in a messenger; verify by phone, or ask the contact to"
            " sign in",
            "联系人没有可接收链接的邮箱或通讯账号，请通过电话确认，或请联系人登录后操作",
        )
    if action in REVIEWS:
        require_review(ticket)
    elif action == "give_feedback":
        require_unrated(ticket)
    else:
        ticket.require_open("consent to remote assistance cannot be given", "不能授权远程协助")
    if action != "give_consent" and (tool or purpose):
        raise Invalid("`tool` and `purpose` are for a consent", "`tool` 和 `purpose` 仅用于远程协助授权", "body.tool")
    return [
        TicketLinkRequested(
            subject=ticket.id, time=now, action=action, round=ticket.round, to=to, tool=tool, purpose=purpose
        )
    ]


def require_valid(ticket: Ticket, link: Link) -> None:
    """Raises LinkEnded: the round is over, the consent was revoked, or the ticket is no longer that person's."""
    if link.action not in ACTIONS or link.sub not in (author_id(ticket.contact), ticket.contact.email):
        raise LinkEnded("The link is not valid for this ticket", "该链接不适用于此工单")
    if link.round != ticket.round:
        raise LinkEnded(
            f"The link was for round {link.round}, which has ended", f"该链接针对第 {link.round} 轮处理，该轮已结束"
        )
    if any(one.id == _consent_id(link) and one.revoked_at for one in ticket.consents):
        raise LinkEnded("The consent has been revoked", "该远程协助授权已撤销")


def decided(link: Link, accepted: bool | None) -> Link:
    """Both answers stand on one page: whichever of the two links was followed, what was pressed counts."""
    if link.action not in REVIEWS or accepted is None:
        return link
    return replace(link, action="accept_solution" if accepted else "reject_solution")


def require_unused(ticket: Ticket, link: Link) -> None:
    """Raises LinkEnded, WrongState: there is nothing left to ask."""
    require_valid(ticket, link)
    if ticket.merged_into:
        raise LinkEnded(f"{ticket.id} is handled together with another ticket", f"{ticket.id} 已与其他工单合并处理")
    if link.action in REVIEWS:
        require_review(ticket)
    elif link.action == "give_feedback":
        require_unrated(ticket)
    elif any(one.id == _consent_id(link) for one in ticket.consents):
        raise LinkEnded("You have already given your consent", "您已授权远程协助")


def act(
    ticket: Ticket,
    link: Link,
    satisfaction: Satisfaction | None,
    comment: str,
    now: datetime,
    feedback_wait: timedelta = FEEDBACK_WAIT,
) -> list[Event]:
    """Do what the link allows, in the name of the person that it was made for. Raises MovedOn."""
    require_here(ticket)
    if link.action in REVIEWS:
        return review_solution(ticket, link.action == "accept_solution", comment, now, feedback_wait=feedback_wait)
    if link.action == "give_consent":
        consent = Consent(
            id=_consent_id(link),
            scope="remote assistance",
            tool=link.tool,
            purpose=link.purpose,
            given_by=link.name,
            recorded_by=link.sub,
            words=comment or "Given through a signed link · 通过签名链接授权",
            at=now,
        )
        return give(ticket, consent, now)
    if not satisfaction:
        raise Invalid("Please select how satisfied you are", "请选择满意度", "body.satisfaction")
    return rate(ticket, satisfaction, comment, now)


def words(link: Link, comment: str) -> str:
    """What somebody said by a link that no longer decides anything."""
    said = SAID[link.action].in_(link.language or "zh")
    return f"{said}\n{comment}".strip()


def address_of(email: str, messenger: str) -> str:
    """Where a contact who has these is sent links; empty when nowhere."""
    return email if is_email_address(email) else messenger


def masked(address: str) -> str:
    """Enough to recognise one's own: `w***@huadong.example`, `wecom: z***`."""
    if not is_email_address(address):
        return f"{address.partition(':')[0]}: {address.split(':', 2)[-1][:1]}***"
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}"


def _consent_id(link: Link) -> str:
    return f"link-{link.nonce[:12]}"
