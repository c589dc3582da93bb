"""What somebody says about how two tickets belong together (P1.4).

The ticket on which it is said is the record. `ticket.related` tells of it, and of that both sides are kept as they are
shown: a `Relation` for each. The newest word about a relation holds, in whichever order they are heard.
"""

from datetime import datetime

from pydantic import AwareDatetime

from services.intake.tickets.domain import LimitReached, Ticket
from services.intake.tickets.values import Related
from shared.domain import Conflict, Invalid, Listener, NotFound
from shared.events import Event, RelationKind, TicketRelated
from shared.terms import Text

MAX_RELATIONS = 50  # that are said on one ticket
INVERSE = {
    RelationKind.CAUSES: RelationKind.CAUSED_BY,
    RelationKind.FOLLOWS: RelationKind.FOLLOWED_BY,
    RelationKind.RELATED: RelationKind.RELATED,
    RelationKind.DUPLICATE_OF: RelationKind.HAS_DUPLICATE,
}
INVERSE |= {inverse: kind for kind, inverse in INVERSE.items()}
BY_HAND = (
    RelationKind.CAUSES,
    RelationKind.CAUSED_BY,
    RelationKind.FOLLOWS,
    RelationKind.FOLLOWED_BY,
    RelationKind.RELATED,
)
WITHOUT_CIRCLES = (RelationKind.CAUSES, RelationKind.FOLLOWS)
STATED = "stated"


class Circle(Conflict):
    title = Text("The relation would be circular", "关联关系会形成循环")


class Relation(Listener):
    """One side of a relation: what `ticket` shows of `other`. `stated` says on which of the two it was said."""

    ticket: str
    relation: RelationKind
    other: str
    stated: bool
    reason: str = ""
    by: str = ""
    at: AwareDatetime
    removed: bool = False

    def hear(self, event: TicketRelated) -> list[Event]:
        if not self.is_overtaken(STATED, event):
            self.removed, self.reason = event.removed, event.reason
            if not event.removed:
                self.by, self.at = event.actor, event.time
        return []


def sides(event: TicketRelated) -> list[Relation]:
    """As they are before the event is heard."""
    known = INVERSE.get(event.relation, RelationKind.RELATED)
    places = ((event.subject, event.relation, event.to, True), (event.to, known, event.subject, False))
    return [
        Relation(
            id=f"{event.subject}/{event.relation}/{event.to}/{'stated' if stated else 'shown'}",
            ticket=ticket,
            relation=kind,
            other=other,
            stated=stated,
            at=event.time,
            removed=True,
        )
        for ticket, kind, other, stated in places
    ]


def relate(ticket: Ticket, kind: RelationKind, other: str, reason: str, by: str, now: datetime) -> list[Event]:
    """Raises Invalid, LimitReached."""
    if other == ticket.id:
        raise Invalid("A ticket has no relation to itself", "工单不能与自身关联", "body.ticket")
    if kind not in BY_HAND:
        raise Invalid("A duplicate is closed as one, or merged", "重复工单请通过关闭或合并操作处理", "body.relation")
    if any((one.kind, one.ticket) == (kind, other) for one in ticket.relations):
        return []
    if len(ticket.relations) >= MAX_RELATIONS:
        raise LimitReached(
            f"A ticket can have at most {MAX_RELATIONS} relations", f"每个工单最多 {MAX_RELATIONS} 条关联"
        )
    ticket.relations.append(Related(kind=kind, ticket=other, reason=reason, by=by, at=now))
    return [TicketRelated(subject=ticket.id, time=now, relation=kind, to=other, reason=reason)]


def unrelate(ticket: Ticket, kind: RelationKind, other: str, reason: str, now: datetime) -> list[Event]:
    """Raises NotFound."""
    left = [one for one in ticket.relations if (one.kind, one.ticket) != (kind, other)]
    if len(left) == len(ticket.relations):
        raise not_related(ticket.id, kind, other)
    ticket.relations = left
    return [TicketRelated(subject=ticket.id, time=now, relation=kind, to=other, reason=reason, removed=True)]


def as_event(ticket: Ticket, kind: RelationKind, other: str, now: datetime) -> TicketRelated:
    """What the ticket says about this relation at its version."""
    said = next((one for one in ticket.relations if (one.kind, one.ticket) == (kind, other)), None)
    return TicketRelated(
        subject=ticket.id,
        time=said.at if said else now,
        actor=said.by if said else "",
        revision=ticket.version,
        relation=kind,
        to=other,
        reason=said.reason if said else "",
        removed=said is None,
    )


def says(ticket: Ticket, kind: RelationKind, other: str) -> bool:
    return any((one.kind, one.ticket) == (kind, other) for one in ticket.relations)


def not_related(ticket: str, kind: RelationKind, other: str) -> NotFound:
    return NotFound(f"{ticket} has no relation {kind} to {other}", f"{ticket} 与 {other} 没有“{kind.label.zh}”关联")
