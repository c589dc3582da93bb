"""Tickets in a sheet (CSV, RFC 4180): our own, in which columns have their English or Chinese names, or those of a
queue of osTicket. A cell that an export has made a text is read as it was."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from services.intake.transfer import osticket
from services.intake.transfer.columns import COLUMNS
from services.intake.transfer.moments import moment
from services.intake.transfer.rows import BadRow, ImportedTicket, Read
from shared.cells import undefused
from shared.domain import Invalid
from shared.sheets import read_sheet
from shared.terms import Channel, Outcome, Priority

TAKEN = {
    "ticket": "external_id",
    "title": "title",
    "description": "description",
    "status": "state",
    "priority": "priority",
    "outcome": "outcome",
    "product": "product",
    "product_version": "product_version",
    "module": "module",
    "company": "company",
    "contact_name": "contact_name",
    "contact_email": "contact_email",
    "contact_phone": "contact_phone",
    "channel": "channel",
    "assignee_name": "assignee_name",
    "opened_at": "opened_at",
    "completed_at": "closed_at",
}
OF_OSTICKET = {
    "ticket number": "external_id",
    "date created": "opened_at",
    "subject": "title",
    "from": "contact_name",
    "from email": "contact_email",
    "priority": "priority",
    "source": "channel",
    "current status": "state",
    "closed date": "closed_at",
    "agent assigned": "assignee_name",
    "organization": "company",
    "attachment count": "files",
}
CLOSED = frozenset({"completed", "closed", "resolved", "archived", "deleted", "已完成", "已关闭", "已解决"})
MOMENTS = ("opened_at", "closed_at")
NEEDED = ("external_id", "opened_at")


def names_of(own: bool) -> Mapping[str, str]:
    """Fields by what their columns may be called, in small letters."""
    if not own:
        return OF_OSTICKET
    found = {name: field for name, field in TAKEN.items()}
    for name, field in TAKEN.items():
        for label in COLUMNS[name][1]:
            found[label.lower()] = field
    return {**found, "id": "external_id", "state": "state", "closed_at": "closed_at"}


def read(text: str, zone: ZoneInfo, closed: frozenset[str], own: bool, most: int) -> Read:
    """Columns of other names are not looked at. Raises Invalid for what is no sheet, or has too many rows."""
    head, found = read_sheet(text, most, _delimiter(text))
    known = names_of(own)
    fields = [known.get(name.lower(), "") for name in head]
    if missing := [name for name in NEEDED if name not in fields]:
        raise Invalid(f"There is no column for {', '.join(missing)}", f"缺少列：{'、'.join(missing)}", "body.csv")
    return [_row(fields, line, zone, CLOSED | closed) for line in found]


def _delimiter(text: str) -> str:
    """osTicket writes a semicolon where the comma is for decimals."""
    head = text[:4_000].partition("\n")[0]
    return ";" if head.count(";") > head.count(",") else ","


def _row(fields: list[str], line: list[str], zone: ZoneInfo, closed: frozenset[str]) -> ImportedTicket | BadRow:
    cells = {name: undefused(cell).strip() for name, cell in zip(fields, line, strict=False) if name and cell.strip()}
    id = cells.get("external_id", "")
    try:
        known: dict[str, object] = {**cells, **{name: moment(cells.get(name), zone) for name in MOMENTS}}
        state = cells.get("state", "").lower()
        known["is_open"] = state not in closed if state else known["closed_at"] is None
        known["priority"] = _priority(cells.get("priority", ""))
        known["channel"] = _channel(cells.get("channel", ""))
        known["outcome"] = cells.get("outcome") or Outcome.SOLVED
        return ImportedTicket.model_validate(known)
    except (ValidationError, Invalid) as error:
        return BadRow.of(id, error)


def _priority(written: str) -> Priority | None:
    known = {**osticket.PRIORITIES, **{one.value: one for one in Priority}}
    return known.get(written.lower())


def _channel(written: str) -> Channel:
    known = {**osticket.CHANNELS, **{one.value: one for one in Channel}}
    return known.get(written.lower(), Channel.ONLINE)
