"""What an audience keeps of what other services publish. A fact may come late, twice and in any order."""

from collections.abc import Callable, Mapping
from typing import Any

from services.notify.audiences.domain import MAX_ENGINEERS, Audience, Person, WatchingPerson, supported_language
from shared.events import (
    Event,
    IncidentTicketAdded,
    IncidentTicketRemoved,
    TicketMessagePosted,
    TicketOpened,
    TicketWatchersChanged,
    TriageAssigned,
    TriageDiagnosed,
    TriageReclassified,
    TriageReleased,
    TriageSolutionVerified,
)
from shared.terms import Priority

ASSIGNEE, PRIORITY, SOLUTION, WATCHERS, WROTE = "assignee", "priority", "solution", "watchers", "wrote"


def dispute(audience: Audience, event: TicketOpened) -> None:
    """Its number was given to another ticket too."""
    if audience.opened not in ("", event.id):
        audience.disputed = True


def assign(audience: Audience, event: TriageAssigned) -> None:
    engineer = Person(
        name=event.engineer_name,
        sub=event.engineer,
        email=event.engineer_email,
        language=supported_language(event.engineer_language),
    )
    if not audience.is_overtaken(ASSIGNEE, event):
        audience.assignee = engineer
    if len(audience.people) < MAX_ENGINEERS:
        audience.people.setdefault(engineer.sub, engineer)


def rank(audience: Audience, event: TriageDiagnosed | TriageReclassified) -> None:
    if not audience.is_overtaken(PRIORITY, event):
        audience.is_urgent = event.priority is Priority.URGENT


def release(audience: Audience, event: TriageReleased) -> None:
    if not audience.is_overtaken(ASSIGNEE, event):
        audience.assignee = None


def keep_solution(audience: Audience, event: TriageSolutionVerified) -> None:
    if not audience.is_overtaken(SOLUTION, event):
        audience.solution = event.solution


def keep_watchers(audience: Audience, event: TicketWatchersChanged) -> None:
    if not audience.is_overtaken(WATCHERS, event):
        audience.watchers = [
            WatchingPerson(
                name=one.name,
                sub=one.sub,
                email=one.email,
                language=supported_language(one.language),
                by_staff=one.by_staff,
            )
            for one in event.watchers
        ]


def keep_channel(audience: Audience, event: TicketMessagePosted) -> None:
    if not event.by_staff and not event.recorded_by and not audience.is_overtaken(WROTE, event):
        audience.wrote_by, audience.reply_to = event.channel, event.reply_to or audience.reply_to


def join_incident(audience: Audience, event: IncidentTicketAdded) -> None:
    if not audience.is_overtaken(f"incident {event.incident}", event):
        audience.incidents = sorted({*audience.incidents, event.incident})


def leave_incident(audience: Audience, event: IncidentTicketRemoved) -> None:
    if not audience.is_overtaken(f"incident {event.incident}", event):
        audience.incidents = [one for one in audience.incidents if one != event.incident]


# What is heard about a ticket that is known; `Audience.of` is for the event that makes it known.
FACTS: Mapping[type[Event], Callable[[Audience, Any], None]] = {
    TicketOpened: dispute,
    TriageAssigned: assign,
    TriageDiagnosed: rank,
    TriageReclassified: rank,
    TriageReleased: release,
    TriageSolutionVerified: keep_solution,
    TicketWatchersChanged: keep_watchers,
    TicketMessagePosted: keep_channel,
    IncidentTicketAdded: join_incident,
    IncidentTicketRemoved: leave_incident,
}


def hear(audience: Audience, event: Event) -> list[Event]:
    FACTS[type(event)](audience, event)
    return []
