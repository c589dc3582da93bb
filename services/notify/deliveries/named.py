"""People whom an event itself names: a third party, experts who are invited, owners of action items. They are reached
by mail alone, and an answer by mail is none to the customer."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from services.notify.audiences.domain import Person, supported_language
from services.notify.channels.calendar import CalendarEntry
from services.notify.deliveries.rules import Recipient
from services.notify.templates.renderer import TIME_ZONE
from shared.events import (
    Event,
    TriageActionDue,
    TriageConsultationCancelled,
    TriageConsultationChanged,
    TriageConsultationConcluded,
    TriageConsultationOpened,
    TriageThirdPartyEngaged,
    TriageThirdPartyOverdue,
)
from shared.events.triage_consultations import ActionItem, Appointment, Invitee

ASKED = (TriageThirdPartyEngaged, TriageThirdPartyOverdue)
INVITING = (TriageConsultationOpened, TriageConsultationChanged, TriageConsultationCancelled)


@dataclass(frozen=True)
class Named:
    """`when` and `about` go into the link, what is `theirs` into the template."""

    person: Person
    about: str = ""
    when: str = ""
    theirs: object = None
    calendar: CalendarEntry | None = None


def named(to: Recipient, event: Event) -> list[Named]:
    if to is Recipient.THIRD_PARTY and isinstance(event, ASKED):
        return [Named(_person(event.contact or event.party, event.email, event.language), event.engagement)]
    if to is Recipient.INVITEES and isinstance(event, INVITING):
        is_off = isinstance(event, TriageConsultationCancelled) or event.appointment is None
        method = "CANCEL" if is_off else "REQUEST"
        return [_invited(one, event, method) for one in event.invitees if one.email]
    if to is Recipient.UNINVITED and isinstance(event, TriageConsultationChanged):
        return [_invited(one, event, "CANCEL") for one in event.uninvited if one.email]
    if to is Recipient.OWNERS and isinstance(event, TriageConsultationConcluded):
        return [_owner(one) for one in event.actions if one.email]
    if to is Recipient.OWNERS and isinstance(event, TriageActionDue):
        return [_owner(event.action)] if event.action.email else []
    return []


def _invited(
    one: Invitee,
    event: TriageConsultationOpened | TriageConsultationChanged | TriageConsultationCancelled,
    method: str,
) -> Named:
    moved_from = event.moved_from if isinstance(event, TriageConsultationChanged) else None
    at = event.appointment or moved_from  # of what has no time any more, the entry of before is taken away
    person, about = _person(one.name, one.email, one.language), f"{event.consultation}/{one.id}/{event.sequence}"
    if at is None:
        return Named(person, about, theirs=one)
    entry = CalendarEntry(
        method=method,
        uid=f"{event.subject}-{event.consultation}",
        sequence=event.sequence,
        starts_at=at.starts_at,
        ends_at=at.ends_at,
        place=at.place,
        title=f"[{event.subject}] {event.title}",
        stamp=event.time,
    )
    return Named(person, about, _when(at) if event.appointment else "", one, entry)


def _owner(action: ActionItem) -> Named:
    return Named(_person(action.owner, action.email, action.language), theirs=action)


def _person(name: str, email: str, language: str) -> Person:
    return Person(name=name, email=email, language=supported_language(language))


def _when(at: Appointment, zone: tzinfo = TIME_ZONE) -> str:
    def local(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"

    return " · ".join(filter(None, (f"{local(at.starts_at)} – {local(at.ends_at)} (UTC+8)", at.place)))
