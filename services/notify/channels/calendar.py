"""A calendar entry in a mail: iCalendar (RFC 5545) as an invitation or its cancellation (RFC 5546, iMIP RFC 6047)."""

from icalendar import Calendar
from icalendar import Event as Entry
from icalendar.prop import vCalAddress, vText
from pydantic import AwareDatetime

from shared.domain import Value


class CalendarEntry(Value):
    """`uid` stays the same for one consultation, `sequence` grows with every change; `method` is REQUEST or CANCEL."""

    method: str
    uid: str
    sequence: int
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    place: str
    title: str
    stamp: AwareDatetime


def as_ics(entry: CalendarEntry, organizer: str, name: str, address: str, host: str) -> bytes:
    """Of one invitee; times are UTC. `organizer` is an address."""
    event = Entry()
    event.add("uid", f"{entry.uid}@{host}")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", entry.title)
    event.add("status", "CANCELLED" if entry.method == "CANCEL" else "CONFIRMED")
    if entry.place:
        event.add("location", entry.place)
    event.add("organizer", vCalAddress(f"mailto:{organizer}"))
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params["cn"] = vText(name)
    attendee.params["role"] = vText("REQ-PARTICIPANT")
    attendee.params["partstat"] = vText("NEEDS-ACTION")
    attendee.params["rsvp"] = vText("FALSE")  # they answer by the link of the mail
    event.add("attendee", attendee)
    calendar = Calendar()
    calendar.add("prodid", "-//Bihuan//Service desk//EN")
    calendar.add("version", "2.0")
    calendar.add("method", entry.method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
