"""What customers do by a link, without signing in: review a solution, give feedback, consent, answer questions.

A link is for one round and ends with it; one to answer questions with, for as long as some are open. It is never handed
to staff: it goes to the contact's own address, by `ticket.link_requested` or with the mails of notify.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.intake.consents.domain import give
from services.intake.conversation import domain as conversation
from services.intake.forms.catalog import Forms
from services.intake.tickets.asking import form_of
from services.intake.tickets.closing import rate, require_here, require_unrated
from services.intake.tickets.domain import Ticket
from services.intake.tickets.values import Author, Consent, author_id
from services.intake.verification.domain import FEEDBACK_WAIT, require_review, review_solution
from shared.domain import Conflict, Invalid
from shared.events import Event, TicketLinkRequested
from shared.links import Link, LinkEnded
from shared.terms import Channel, Satisfaction, Text
from shared.texts import is_email_address

REVIEWS = ("accept_solution", "reject_solution")
ANSWERS = "answer_questions"
ACTIONS = (*REVIEWS, ANSWERS, "give_feedback", "give_consent")
TAKE_FILES = (*REVIEWS, ANSWERS)
SAID = {
    "accept_solution": Text("The problem is solved. (by link)", "问题已解决。（通过链接提交）"),
    "reject_solution": Text("The problem is not solved. (by link)", "问题未解决。（通过链接提交）"),
    "answer_questions": Text("Answers (by link)", "答复（通过链接提交）"),
    "give_feedback": Text("Feedback (by link)", "评价（通过链接提交）"),
    "give_consent": Text("I agree to remote assistance. (by link)", "同意远程协助。（通过链接提交）"),
}


@dataclass(frozen=True)
class Said:
    """What was filled in: `accepted` is the word on a solution, None where the link alone says it; `answers` by the
    field that was asked for."""

    comment: str = ""
    satisfaction: Satisfaction | None = None
    accepted: bool | None = None
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr(sorted(self.answers.items())).encode()).hexdigest()[:16] if self.answers else ""


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
    elif action == ANSWERS:
        require_questions(ticket)
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
    if link.round != ticket.round and not (link.action == ANSWERS and not link.round):
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
    elif link.action == ANSWERS:
        require_questions(ticket)
    elif any(one.id == _consent_id(link) for one in ticket.consents):
        raise LinkEnded("You have already given your consent", "您已授权远程协助")


def act(
    ticket: Ticket,
    link: Link,
    said: Said,
    now: datetime,
    feedback_wait: timedelta = FEEDBACK_WAIT,
    forms: Forms | None = None,
) -> list[Event]:
    """Do what the link allows, in the name of the person that it was made for. Raises MovedOn."""
    require_here(ticket)
    if link.action in REVIEWS:
        accepted = link.action == "accept_solution"
        return review_solution(ticket, accepted, said.comment, now, feedback_wait=feedback_wait)
    if link.action == ANSWERS:
        return answer(ticket, said.answers, now, forms)
    if link.action == "give_consent":
        consent = Consent(
            id=_consent_id(link),
            scope="remote assistance",
            tool=link.tool,
            purpose=link.purpose,
            given_by=link.name,
            recorded_by=link.sub,
            words=said.comment or "Given through a signed link · 通过签名链接授权",
            at=now,
        )
        return give(ticket, consent, now)
    if not said.satisfaction:
        raise Invalid("Please select how satisfied you are", "请选择满意度", "body.satisfaction")
    return rate(ticket, said.satisfaction, said.comment, now)


def answer(ticket: Ticket, answers: Mapping[str, str], now: datetime, forms: Forms | None = None) -> list[Event]:
    """Answers to what is open are answers; to what somebody else has answered meanwhile they are words, and none of
    them is lost. Raises Invalid, WrongState."""
    ticket.require_open("questions cannot be answered", "不能回答问题")
    known = _asked_for(ticket, answers)
    if not known:
        raise Invalid("Please answer at least one question", "请至少回答一个问题", "body.answers")
    asked, who = {question.field for question in ticket.questions}, Author.of(ticket.contact)
    matched = {name: text for name, text in known.items() if name in asked}
    beside = {name: text for name, text in known.items() if name not in asked}
    if matched:
        return conversation.answer(ticket, matched, who, now, forms, beside)
    return conversation.post(ticket, conversation.as_text(ticket, beside), who, False, Channel.EMAIL, now)


def require_questions(ticket: Ticket) -> None:
    """Raises LinkEnded, WrongState."""
    ticket.require_open("questions cannot be answered", "不能回答问题")
    if not ticket.questions:
        raise LinkEnded(f"All questions about {ticket.id} have been answered", f"{ticket.id} 的问题均已回答")


def words(ticket: Ticket, link: Link, said: Said) -> str:
    """What somebody said by a link that no longer decides anything."""
    known = _asked_for(ticket, said.answers)
    parts = (SAID[link.action].in_(link.language or "zh"), said.comment, conversation.as_text(ticket, known))
    return "\n".join(part for part in parts if part)


def _asked_for(ticket: Ticket, answers: Mapping[str, str]) -> dict[str, str]:
    form, ever = form_of(ticket), {*ticket.asked, *ticket.ever_asked}
    return {name: text for name, text in answers.items() if name in ever or form.field(name)}


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
