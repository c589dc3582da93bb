"""What Zammad says of its tickets: `GET /api/v1/tickets?expand=true`,
`/api/v1/ticket_articles/by_ticket/{id}?expand=true` and, for names, `/api/v1/users?expand=true` (https://docs.zammad.org/en/latest/api/ticket/index.html).
What `/api/v1/tags?object=Ticket&o_id={id}` and `/api/v1/links?link_object=Ticket&link_object_value={id}` answer is a
row each, with the `ticket_id` beside it."""

from collections.abc import Iterable, Mapping
from email.utils import parseaddr
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from services.intake.mails.parsing import text_of_html
from services.intake.relations.domain import MAX_RELATIONS
from services.intake.transfer.moments import moment
from services.intake.transfer.rows import MAX_TAGS, BadRow, ImportedLink, ImportedMessage, ImportedTicket, Read
from services.intake.transfer.tables import Record, Tables, full_name, grouped, text_at
from shared.domain import Invalid
from shared.terms import Channel, Outcome, Priority

TABLES = frozenset({"tickets", "articles", "users", "tags", "links"})
LINKED = "normal"  # others say what they are
CLOSED = frozenset({"closed", "merged", "removed"})
OUTCOMES: Mapping[str, Outcome] = {"merged": Outcome.DUPLICATE, "removed": Outcome.CANCELLED}
PRIORITIES: Mapping[str, Priority] = {"1": Priority.NORMAL, "2": Priority.NORMAL, "3": Priority.HIGH}
CHANNELS: Mapping[str, Channel] = {"email": Channel.EMAIL, "phone": Channel.HOTLINE}


def read(tables: Tables, zone: ZoneInfo, closed: frozenset[str]) -> Read:
    """`closed` are the states besides Zammad's own that mean that a ticket is closed."""
    articles = grouped(tables.get("articles", ()), "ticket_id")
    users = _users(tables.get("users", ()))
    tags, links = grouped(tables.get("tags", ()), "ticket_id"), grouped(tables.get("links", ()), "ticket_id")
    found: Read = []
    for ticket in tables.get("tickets", ()):
        id = text_at(ticket, "id")
        try:
            read = _ticket(id, ticket, articles.get(id, []), users, zone, CLOSED | closed)
            more = {"tags": _tags(tags.get(id, ())), "links": _links(links.get(id, ()))}
            found.append(ImportedTicket.model_validate({**dict(read), **more}) if any(more.values()) else read)
        except (ValidationError, Invalid) as error:
            found.append(BadRow.of(id, error))
    return found


def _ticket(
    id: str, ticket: Record, articles: list[Record], users: Mapping[str, Record], zone: ZoneInfo, closed: frozenset[str]
) -> ImportedTicket:
    said = sorted(articles, key=lambda one: (text_at(one, "created_at"), text_at(one, "id").zfill(20)))
    customer = users.get(text_at(ticket, "customer").lower()) or users.get(text_at(ticket, "customer_id")) or {}
    asked = next((one for one in said if text_at(one, "sender") == "Customer"), {})
    name, address = parseaddr(text_at(asked, "from"))
    known = full_name(customer)
    login = text_at(ticket, "customer")
    state = text_at(ticket, "state")
    owner = text_at(ticket, "owner")
    messages = [_message(one, zone) for one in said]
    priority = text_at(ticket, "priority").partition(" ")[0]
    return ImportedTicket(
        external_id=id,
        number=text_at(ticket, "number"),
        title=text_at(ticket, "title"),
        description=messages[0].text if messages else text_at(ticket, "note"),
        state=state,
        is_open=state.lower() not in closed,
        outcome=OUTCOMES.get(state.lower(), Outcome.SOLVED),
        priority=PRIORITIES.get(priority),
        company=text_at(ticket, "organization") or text_at(customer, "organization"),
        contact_name=known or name,
        contact_email=text_at(customer, "email") or (login if "@" in login else address),
        contact_phone=text_at(customer, "phone") or text_at(customer, "mobile"),
        channel=CHANNELS.get(text_at(said[0], "type") if said else "", Channel.ONLINE),
        assignee_name="" if owner == "-" else owner,
        opened_at=moment(ticket.get("created_at"), zone),
        closed_at=moment(ticket.get("last_close_at") or ticket.get("close_at"), zone),
        messages=messages[1:],
        files=sum(_files(one) for one in said),
    )


def _message(article: Record, zone: ZoneInfo) -> ImportedMessage:
    name, address = parseaddr(text_at(article, "from"))
    body = text_at(article, "body")
    by = text_at(article, "created_by")
    return ImportedMessage(
        author=address if "@" in address else by,
        name=name or by,
        by_staff=text_at(article, "sender") != "Customer",
        internal=article.get("internal") is True,
        at=moment(article.get("created_at"), zone),
        text=text_of_html(body) if "html" in text_at(article, "content_type") else body.strip(),
    )


def _files(article: Record) -> int:
    files = article.get("attachments")
    return len(files) if isinstance(files, list) else 0


def _tags(rows: Iterable[Record]) -> list[str]:
    return [str(tag) for row in rows if isinstance(row.get("tags"), list) for tag in row["tags"]][:MAX_TAGS]


def _links(rows: Iterable[Record]) -> list[ImportedLink]:
    """Those between tickets."""
    said = [one for row in rows if isinstance(row.get("links"), list) for one in row["links"] if isinstance(one, dict)]
    of_tickets = [one for one in said if text_at(one, "link_object") == "Ticket" and text_at(one, "link_object_value")]
    return [
        ImportedLink(external_id=text_at(one, "link_object_value"), words="" if kind == LINKED else kind)
        for one in of_tickets[:MAX_RELATIONS]
        for kind in [text_at(one, "link_type")]
    ]


def _users(rows: Any) -> dict[str, Record]:
    """By login, address and id."""
    found: dict[str, Record] = {}
    for row in rows:
        for name in ("id", "email", "login"):
            if key := text_at(row, name).lower():
                found[key] = row
    return found
