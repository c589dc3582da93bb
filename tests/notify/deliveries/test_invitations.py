"""Invitations to a consultation: a mail with a calendar entry, told of again with every change."""

from email.message import EmailMessage

from icalendar import Calendar

from services.notify.deliveries.rules import Recipient
from shared.events import (
    TriageConsultationCancelled,
    TriageConsultationChanged,
    TriageConsultationConcluded,
    TriageConsultationOpened,
)
from shared.links import Links
from shared.testing import NOON, SECRET, World
from tests.notify.conftest import MailServer, deliveries_to, sent
from tests.notify.samples import ACTION, GAO, MEETING, TICKET, VENDOR, opened


def to(mails: list[EmailMessage], address: str) -> list[EmailMessage]:
    return [one for one in mails if address in one["To"]]


def entry_in(mail: EmailMessage) -> tuple[str, dict[str, str]]:
    """The method, and what the entry says."""
    [part] = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_content())
    assert part.get_param("method") == calendar["method"]
    [event] = calendar.walk("VEVENT")
    return str(calendar["method"]), {name: str(event[name]) for name in ("uid", "sequence", "status", "attendee")}


async def test_who_is_invited_gets_an_entry_that_follows_every_change(mailing: World, mail_server: MailServer) -> None:
    await mailing.publish(opened())
    await mailing.publish(TriageConsultationOpened(**MEETING))
    changed = {**MEETING, "invitees": [GAO], "uninvited": [VENDOR]}
    await sent(mailing)
    await mailing.publish(TriageConsultationChanged(**changed, sequence=1))
    await sent(mailing)
    put_off = {**changed, "appointment": None, "uninvited": [], "moved_from": MEETING["appointment"]}
    await mailing.publish(TriageConsultationChanged(**put_off, sequence=2))
    await sent(mailing)
    await mailing.publish(TriageConsultationCancelled(**{**MEETING, "invitees": [GAO]}, sequence=3, reason="x"))
    await sent(mailing)
    first, second, third, last = [entry_in(one) for one in to(mail_server.mails, GAO.email)]
    assert [(method, entry["sequence"]) for method, entry in (first, second, third, last)] == [
        ("REQUEST", "0"),
        ("REQUEST", "1"),
        ("CANCEL", "2"),
        ("CANCEL", "3"),
    ]
    assert first[1]["uid"] == second[1]["uid"] == third[1]["uid"]
    assert (first[1]["attendee"], third[1]["status"]) == (f"mailto:{GAO.email}", "CANCELLED")
    asked, left_out = [entry_in(one)[0] for one in to(mail_server.mails, VENDOR.email)]
    assert (asked, left_out) == ("REQUEST", "CANCEL")


async def test_a_vendor_reads_where_it_is_stuck_and_not_the_background(mailing: World, mail_server: MailServer) -> None:
    await mailing.publish(opened())
    await mailing.publish(TriageConsultationOpened(**MEETING))
    await sent(mailing)
    texts = []
    for address in (GAO.email, VENDOR.email):
        [mail] = to(mail_server.mails, address)
        [part] = [one for one in mail.walk() if one.get_content_type() == "text/plain"]
        texts.append(part.get_content())
    ours, theirs = texts
    assert (MEETING["background"] in ours, MEETING["background"] in theirs) == (True, False)
    assert MEETING["stuck_at"] in theirs
    link = Links(SECRET, "").read(theirs.split("/links/")[1].split()[0], NOON)
    assert (link.action, link.purpose, link.sub) == ("answer_invitation", "k1/i2/0", f"mailto:{VENDOR.email}")
    assert "A1" in link.tool


async def test_leads_hear_of_one_that_nobody_has_prepared_and_owners_of_their_items(
    mailing: World, mail_server: MailServer
) -> None:
    await mailing.publish(opened())
    called = {**MEETING, "invited": [], "invitees": []}
    await mailing.publish(TriageConsultationOpened(**called, called_by="sla"))
    assert [one.template for one in await deliveries_to(mailing, Recipient.LEADS)] == ["consultation_called"]
    both = [ACTION, ACTION.model_copy(update={"id": "k1a2", "text": "写文档"})]
    await mailing.publish(
        TriageConsultationConcluded(
            subject=TICKET, time=NOON, consultation="k1", conclusions="x", action_items=[], actions=both
        )
    )
    await sent(mailing)
    assert len(to(mail_server.mails, ACTION.email)) == 2
