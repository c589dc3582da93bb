"""Which earlier tickets a ticket is linked to, and why."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shared.events import Event, LinkReason, TicketLink, TicketLinked

MAX_LINKS = 100  # to earlier tickets


class Linked(Protocol):
    """What has links: a ticket. `linked` has their numbers, also those of older releases, which gave no reasons."""

    id: str
    linked: list[str]
    links: list[TicketLink]


def link(ticket: Linked, links: Sequence[TicketLink], now: datetime) -> list[Event]:
    """Those that are new, and those for which there is another reason now."""
    known = {one.ticket: one for one in ticket.links}
    changed: list[TicketLink] = []
    for one in links:
        before = known.get(one.ticket)
        reasons = list(dict.fromkeys([*(before.reasons if before else []), *one.reasons]))
        is_new = one.ticket not in ticket.linked
        if one.ticket == ticket.id or (is_new and len(ticket.linked) >= MAX_LINKS):
            continue
        if is_new or before is None or reasons != before.reasons:
            known[one.ticket] = TicketLink(ticket=one.ticket, reasons=reasons)
            changed.append(known[one.ticket])
            ticket.linked = [*ticket.linked, *([one.ticket] if is_new else [])]
    if not changed:
        return []
    ticket.links = list(known.values())
    return [TicketLinked(subject=ticket.id, time=now, to=[one.ticket for one in changed], links=changed)]


def continuing(number: str, links: list[TicketLink]) -> list[TicketLink]:
    """With the ticket that a new one continues first, if it does one."""
    if not number:
        return links
    known = [reason for one in links if one.ticket == number for reason in one.reasons]
    first = TicketLink(ticket=number, reasons=[LinkReason.CONTINUED, *known])
    return [first, *(one for one in links if one.ticket != number)]


def all_links(ticket: Linked) -> list[TicketLink]:
    """Also those of older releases."""
    known = {one.ticket: one for one in ticket.links}
    return [known.get(number) or TicketLink(ticket=number) for number in ticket.linked]
