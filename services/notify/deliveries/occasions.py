"""What is told once, though several events say it."""

from collections.abc import Sequence

from services.notify.deliveries.rules import Recipient
from shared.events import (
    Event,
    NotifyContactTaskOpened,
    SlaBreached,
    SlaWarned,
    SlaYearMissing,
    TicketMessagePosted,
    TriageAlarmRaised,
)


def occasion_of(event: Event, incidents: Sequence[str], to: Recipient | None = None) -> str:
    """Of one occasion a recipient is told once: that is the event, but what many tickets of an incident have in common
    is one. `incidents` are those that its ticket is part of."""
    if isinstance(event, TicketMessagePosted) and event.broadcast:
        return event.broadcast
    if isinstance(event, NotifyContactTaskOpened) and to is Recipient.LEADS:  # once an hour that there are some
        return f"{event.kind}/{event.time:%Y-%m-%dT%H}"
    if isinstance(event, SlaYearMissing):  # which is asked for week after week
        return f"{event.kind}/{event.calendar}/{event.year}"
    if incidents and isinstance(event, SlaWarned | SlaBreached):
        rung = f"/{event.percent}" if isinstance(event, SlaWarned) else ""
        return f"{incidents[0]}/{event.kind}/{event.clock}{rung}"
    if incidents and isinstance(event, TriageAlarmRaised) and not event.assignee:
        return f"{incidents[0]}/{event.kind}/{event.times}"
    return event.id
