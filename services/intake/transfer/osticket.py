"""What osTicket keeps of its tickets: its tables as JSON, with or without their prefix (`ost_`), in one part all that
belongs together; or the sheet that it exports from a queue (sheets.py), which has no words but the subject. Columns as
in its setup/inc/streams/core/install-mysql.sql."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from services.intake.mails.parsing import text_of_html
from services.intake.transfer.moments import moment
from services.intake.transfer.rows import BadRow, ImportedLink, ImportedMessage, ImportedTicket, Read
from services.intake.transfer.tables import Record, Tables, full_name, grouped, keyed, text_at
from shared.domain import Invalid
from shared.terms import Channel, Outcome, Priority

NAMES = (
    "ticket",
    "ticket__cdata",
    "ticket_status",
    "thread",
    "thread_entry",
    "attachment",
    "user",
    "user_email",
    "organization",
    "staff",
)
PREFIXES = ("ost_", "")
TABLES = frozenset(f"{prefix}{name}" for prefix in PREFIXES for name in NAMES)
# As osTicket installs them: id, name, state.
STATUSES: Mapping[str, Record] = {
    "1": {"name": "Open", "state": "open"},
    "2": {"name": "Resolved", "state": "closed"},
    "3": {"name": "Closed", "state": "closed"},
    "4": {"name": "Archived", "state": "archived"},
    "5": {"name": "Deleted", "state": "deleted"},
}
CLOSED = frozenset({"resolved", "closed", "archived", "deleted"})
PRIORITIES: Mapping[str, Priority] = {
    "low": Priority.NORMAL,
    "1": Priority.NORMAL,
    "normal": Priority.NORMAL,
    "2": Priority.NORMAL,
    "high": Priority.HIGH,
    "3": Priority.HIGH,
    "emergency": Priority.URGENT,
    "4": Priority.URGENT,
}
CHANNELS: Mapping[str, Channel] = {"email": Channel.EMAIL, "phone": Channel.HOTLINE}
NOTE, MESSAGE = "N", "M"
OF_TICKET, OF_ENTRY = "T", "H"


def read(tables: Tables, zone: ZoneInfo, closed: frozenset[str]) -> Read:
    """`closed` are the names of statuses that mean that a ticket is closed, besides those that say so themselves."""
    base = _Base(tables, zone, closed)
    found: Read = []
    for ticket in base.rows("ticket"):
        try:
            found.append(base.ticket(ticket))
        except (ValidationError, Invalid) as error:
            found.append(BadRow.of(text_at(ticket, "ticket_id"), error))
    return found


class _Base:
    def __init__(self, tables: Tables, zone: ZoneInfo, closed: frozenset[str]) -> None:
        self._tables, self._zone, self._closed = tables, zone, closed
        self._data = keyed(self.rows("ticket__cdata"), "ticket_id")
        self._statuses = {**STATUSES, **keyed(self.rows("ticket_status"), "id")}
        threads = [one for one in self.rows("thread") if text_at(one, "object_type") in (OF_TICKET, "")]
        self._threads = keyed(threads, "object_id")
        self._entries = grouped(self.rows("thread_entry"), "thread_id")
        files = [one for one in self.rows("attachment") if text_at(one, "type") == OF_ENTRY]
        self._files = grouped(files, "object_id")
        self._users, self._staff = keyed(self.rows("user"), "id"), keyed(self.rows("staff"), "staff_id")
        emails = list(self.rows("user_email"))
        self._emails, self._emails_of = keyed(emails, "id"), grouped(emails, "user_id")
        self._companies = keyed(self.rows("organization"), "id")

    def rows(self, name: str) -> list[Record]:
        return [row for prefix in PREFIXES for row in self._tables.get(f"{prefix}{name}", ())]

    def ticket(self, row: Record) -> ImportedTicket:
        """Raises ValidationError, Invalid."""
        id = text_at(row, "ticket_id")
        data, user = self._data.get(id, {}), self._users.get(text_at(row, "user_id"), {})
        status = self._statuses.get(text_at(row, "status_id"), {})
        state, name = text_at(status, "state").lower(), text_at(status, "name")
        entries = self._entries.get(text_at(self._threads.get(id, {}), "id"), [])
        said = sorted(entries, key=lambda one: (text_at(one, "created"), text_at(one, "id").zfill(20)))
        messages = [self._message(one) for one in said]
        staff = self._staff.get(text_at(row, "staff_id"), {})
        parent = text_at(row, "ticket_pid")
        return ImportedTicket(
            external_id=id,
            number=text_at(row, "number"),
            title=text_at(data, "subject") or next((title for one in said if (title := text_at(one, "title"))), ""),
            description=messages[0].text if messages else "",
            state=name or state,
            is_open=state not in CLOSED and name.lower() not in self._closed,
            outcome=Outcome.CANCELLED if state == "deleted" else Outcome.SOLVED,
            priority=PRIORITIES.get(text_at(data, "priority").lower()),
            company=text_at(self._companies.get(text_at(user, "org_id"), {}), "name"),
            contact_name=text_at(user, "name"),
            contact_email=self._email(text_at(row, "user_email_id"), text_at(user, "default_email_id"), user),
            channel=CHANNELS.get(text_at(row, "source").lower(), Channel.ONLINE),
            assignee_name=full_name(staff),
            opened_at=moment(row.get("created"), self._zone),
            closed_at=moment(row.get("closed"), self._zone),
            messages=messages[1:],
            files=sum(len(self._files.get(text_at(one, "id"), ())) for one in said),
            links=[ImportedLink(external_id=parent, words="parent")] if parent not in ("", "0") else [],
        )

    def _message(self, entry: Record) -> ImportedMessage:
        body, staff = text_at(entry, "body"), text_at(entry, "staff_id")
        by_staff = text_at(entry, "type") != MESSAGE
        return ImportedMessage(
            author="" if by_staff else self._email("", "", {"id": text_at(entry, "user_id")}),
            name=text_at(entry, "poster") or full_name(self._staff.get(staff, {})),
            by_staff=by_staff,
            internal=text_at(entry, "type") == NOTE,
            at=moment(entry.get("created"), self._zone),
            text=text_of_html(body) if text_at(entry, "format") == "html" else body,
        )

    def _email(self, of_ticket: str, of_user: str, user: Record) -> str:
        several = self._emails_of.get(text_at(user, "id"), [])
        row = self._emails.get(of_ticket) or self._emails.get(of_user) or next(iter(several), {})
        return text_at(row, "address")
