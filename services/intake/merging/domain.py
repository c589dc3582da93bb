"""A ticket that is merged into another (P1.4): it is closed as its duplicate and keeps its number, its record and where
it stood, so that the merge can be undone. What is written on it from then on goes to the other.

The merged ticket is the record. The other learns of it by `ticket.merged`, and looks at the record itself: of two looks
the one at the later version holds, whichever comes first.
"""

from datetime import datetime

from services.intake.tickets import closing
from services.intake.tickets.domain import LimitReached, Ticket, WrongState
from services.intake.tickets.values import Merge, author_id
from shared.domain import Conflict, Forbidden, Invalid
from shared.events import Event, TicketMerged, TicketWatchersChanged, Watcher
from shared.terms import Outcome, Stage, Text

MAX_MERGES = 20  # of one ticket, one after the other
MAX_MERGED = 100  # into one ticket, ever


class AlreadyMerged(Conflict):
    title = Text("Already merged", "工单已合并")


class OtherCompany(Forbidden):
    title = Text("The tickets are of different companies", "两个工单属于不同公司")


class WaitsForCustomer(WrongState):
    title = Text("The customer is asked about a solution", "正在等待客户确认解决方案")


def merge(
    ticket: Ticket, into: Ticket, reason: str, by: str, across: bool, even_if_waiting: bool, now: datetime
) -> list[Event]:
    """`across`: a lead says that the customers of both may read each other. Raises WrongState, Invalid, AlreadyMerged,
    OtherCompany, WaitsForCustomer, LimitReached."""
    if ticket.id == into.id:
        raise Invalid("A ticket cannot be merged into itself", "工单不能合并到自身", "body.into")
    if ticket.merged_into == into.id:
        return []
    if ticket.merged_into:
        raise AlreadyMerged(
            f"{ticket.id} was already merged into {ticket.merged_into}", f"{ticket.id} 已合并到 {ticket.merged_into}"
        )
    ticket.require_open("it cannot be merged", "不能合并")
    if ticket.stage is Stage.CUSTOMER_VERIFICATION and not even_if_waiting:
        raise WaitsForCustomer(
            f"The customer of {ticket.id} is asked whether a solution works; say `even_if_waiting` to merge it anyway",
            f"{ticket.id} 正在等待客户确认解决方案是否有效；如仍需合并，请设置 `even_if_waiting`",
        )
    _require_mergeable(ticket, into, across)
    if len(ticket.merges) >= MAX_MERGES:
        raise LimitReached(f"{ticket.id} was merged too often", f"{ticket.id} 的合并次数已达上限")
    closed = closing.close(ticket, Outcome.DUPLICATE, reason, into.id, now)
    ticket.merged_into = into.id
    ticket.merges.append(Merge(into=into.id, reason=reason, by=by, at=now))
    return [TicketMerged(subject=ticket.id, time=now, into=into.id, reason=reason), *closed]


def undo(ticket: Ticket, reason: str, by: str, messages: list[str], now: datetime) -> list[Event]:
    """It stands where it stood; what was said since stays on the other ticket, and is named here. Raises WrongState."""
    if not ticket.merged_into:
        if ticket.merges:
            return []
        raise WrongState(f"{ticket.id} is not merged", f"{ticket.id} 未被合并")
    before = ticket.merged_into
    closing.name_messages(ticket, before, messages)
    undone = {"undone_by": by, "undone_at": now, "undone_reason": reason}
    ticket.merges[-1] = ticket.merges[-1].model_copy(update=undone)
    merged = TicketMerged(subject=ticket.id, time=now, into="", before=before, reason=reason)
    return [merged, *closing.undo_merge(ticket, reason, now)]


def receive(ticket: Ticket, other: Ticket, now: datetime) -> list[Event]:
    """What the other ticket says now: whether it is merged into this one. Its contact then watches this one."""
    if other.version <= ticket.revisions.get(_matter(other), 0):
        return []
    ticket.revisions[_matter(other)] = other.version
    is_merged = other.merged_into == ticket.id
    ticket.merged = sorted({*ticket.merged, other.id} if is_merged else {*ticket.merged} - {other.id})
    watchers = [one for one in ticket.watchers if one.through != other.id]
    if is_merged and author_id(other.contact) not in {author_id(ticket.contact), *(one.id for one in watchers), ""}:
        watchers.append(_contact_of(other))
    if watchers == ticket.watchers:
        return []
    ticket.watchers = watchers
    return [TicketWatchersChanged(subject=ticket.id, time=now, watchers=watchers)]


def is_same_company(one: Ticket, other: Ticket) -> bool:
    """Whoever is of no company is one with nobody but themselves."""
    if one.company or other.company:
        return one.company == other.company
    return author_id(one.contact) == author_id(other.contact) != ""


def messages_through(ticket: Ticket, other: str) -> list[str]:
    return [one.id for one in ticket.messages if one.via == other]


def _require_mergeable(ticket: Ticket, into: Ticket, across: bool) -> None:
    if into.merged_into:
        raise AlreadyMerged(
            f"{into.id} was itself merged into {into.merged_into}", f"{into.id} 已合并到 {into.merged_into}"
        )
    into.require_open("nothing can be merged into it", "不能合并其他工单")
    if not across and not is_same_company(ticket, into):
        raise OtherCompany(
            "Only a lead can merge tickets of different companies, and must say so (`other_company`)",
            "只有技术负责人可以合并不同公司的工单，并须设置 `other_company`",
        )
    known = [name for name in into.revisions if name.startswith("merge ")]
    if len(known) >= MAX_MERGED and _matter(ticket) not in known:
        raise LimitReached(
            f"At most {MAX_MERGED} tickets can be merged into one", f"每个工单最多可合并 {MAX_MERGED} 个工单"
        )


def _matter(other: Ticket) -> str:
    return f"merge {other.id}"


def _contact_of(other: Ticket) -> Watcher:
    contact = other.contact
    return Watcher(
        id=author_id(contact),
        name=contact.name,
        sub=contact.sub,
        email=contact.email,
        language=contact.language,
        through=other.id,
    )
