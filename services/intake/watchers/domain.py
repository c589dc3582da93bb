"""Who watches a ticket: staff, and people on the customer's side. They are told; what they may read does not change.

The contacts of merged tickets watch too (merging/), and count for themselves.
"""

import hashlib
from datetime import datetime

from services.intake.tickets.domain import LimitReached, Ticket
from services.intake.tickets.values import author_id
from shared.domain import NotFound
from shared.events import Event, TicketWatchersChanged, Watcher

MAX_WATCHERS = 20  # beside the contacts of merged tickets


def watch(ticket: Ticket, watcher: Watcher, now: datetime) -> list[Event]:
    """The contact is told anyway. Raises LimitReached."""
    if watcher.id in {author_id(ticket.contact), *(one.id for one in ticket.watchers)}:
        return []
    if sum(not one.through for one in ticket.watchers) >= MAX_WATCHERS:
        raise LimitReached(
            f"A ticket can have at most {MAX_WATCHERS} watchers", f"每个工单最多 {MAX_WATCHERS} 位关注人"
        )
    ticket.watchers = [*ticket.watchers, watcher]
    return [_changed(ticket, now)]


def unwatch(ticket: Ticket, key: str, now: datetime) -> list[Event]:
    """Raises NotFound."""
    left = [one for one in ticket.watchers if watcher_key(one.id) != key]
    if len(left) == len(ticket.watchers):
        raise NotFound(f"{ticket.id} has no watcher {key}", f"{ticket.id} 没有关注人 {key}")
    ticket.watchers = left
    return [_changed(ticket, now)]


def watcher_key(id: str) -> str:
    """By which a watcher is named in an address: who they are may hold any sign."""
    return f"w-{hashlib.sha256(id.encode()).hexdigest()[:16]}"


def _changed(ticket: Ticket, now: datetime) -> Event:
    return TicketWatchersChanged(subject=ticket.id, time=now, watchers=ticket.watchers)
