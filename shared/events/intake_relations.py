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
