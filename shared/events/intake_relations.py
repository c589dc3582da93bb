"""What intake tells of how tickets belong together, and of who watches them."""

from shared.events.envelope import Event, Part
from shared.terms import OpenTerm


class RelationKind(OpenTerm):
    CAUSES = "causes", "causes", "导致"
    CAUSED_BY = "caused_by", "caused by", "起因于"
    FOLLOWS = "follows", "follows", "后续于"
    FOLLOWED_BY = "followed_by", "followed by", "后续为"
    RELATED = "related", "related to", "相关"
    DUPLICATE_OF = "duplicate_of", "duplicate of", "重复于"
    HAS_DUPLICATE = "has_duplicate", "has the duplicate", "被重复"


class LinkReason(OpenTerm):
    """Why an earlier ticket is linked (P1.5). `same_customer`: somebody said that the two customers are one."""

    SAME_PERSON = "same_person", "same person", "同一联系人"
    SAME_PHONE = "same_phone", "same telephone number", "同一电话号码"
    SAME_COMPANY = "same_company", "same company", "同一企业"
    SAME_CUSTOMER = "same_customer", "same customer", "同一客户"
    SAME_VERSION = "same_version", "same product version", "同一产品版本"
    SAME_ERROR = "same_error", "same error", "同一错误"
    CONTINUED = "continued", "continues it", "延续原工单"
    DUPLICATE = "duplicate", "duplicate of it", "与其重复"


class TicketLink(Part):
    """An earlier ticket, and why it is linked; older releases did not say it."""

    ticket: str
    reasons: list[LinkReason] = []


class TicketLinked(Event):
    """Earlier tickets of the same customer were linked (P1.5), or there are more reasons why they are: `links` says for
    each of `to` all that are known."""

    kind = "ticket.linked"
    to: list[str]
    links: list[TicketLink] = []


class TicketRelated(Event):
    """`subject` has this relation to another ticket; no longer, where it was `removed`."""

    kind = "ticket.related"
    relation: RelationKind
    to: str
    reason: str = ""
    removed: bool = False


class TicketMerged(Event):
    """`subject` was merged into another ticket, which what is written on it goes to from now on; `into` is empty and
    `before` says which it was when that is undone. `ticket.completed` and `ticket.reopened` come with it."""

    kind = "ticket.merged"
    into: str
    before: str = ""
    reason: str = ""


class TicketSplit(Event):
    """Some messages of `subject` are to become a ticket of their own: `split` tells which of its splits."""

    kind = "ticket.split"
    split: str
    reason: str = ""


class Watcher(Part):
    """Who is told what happens to a ticket besides its contact and its engineer. `through` is the ticket that was
    merged and whose contact they are."""

    id: str
    name: str
    sub: str = ""
    email: str = ""
    language: str = "zh"
    by_staff: bool = False
    through: str = ""
    added_by: str = ""


class TicketWatchersChanged(Event):
    """`watchers` are all that there are now."""

    kind = "ticket.watchers_changed"
    watchers: list[Watcher]
