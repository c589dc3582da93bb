"""Tickets that another desk had before. One that was closed there is kept as history: it is found, read and linked to,
and nothing happens to it any more, since no other service knows of it. One that was open goes on here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.intake.directory.recognition import Known
from services.intake.tickets.domain import Ticket, WrongState
from services.intake.tickets.values import External, Message
from shared.events import Contact, Event, Problem, TicketOpened
from shared.terms import Channel, Outcome, Priority, Stage


@dataclass(frozen=True)
class Imported:
    """What is known of it. One without `completed_at` is open."""

    external: External
    problem: Problem
    company: str
    contact: Contact
    channel: Channel
    opened_at: datetime
    completed_at: datetime | None = None
    outcome: Outcome = Outcome.SOLVED
    priority: Priority | None = None
    assignee_name: str = ""
    messages: tuple[Message, ...] = ()


def take_over(
    number: str, one: Imported, customer: str, records: Known, by: str, now: datetime
) -> tuple[Ticket, list[Event]]:
    """Nothing is asked of its customer, and nothing is read out of its words. Of what is history the import tells, of
    many at once."""
    ticket = Ticket(
        id=number,
        problem=one.problem,
        customer=customer,
        customer_name=one.company or one.contact.name,
        company=one.company,
        contact=one.contact,
        contact_id=records.contact_id,
        company_id=records.company_id,
        channel=one.channel,
        taken_by=by,
        external=one.external,
        opened_at=one.opened_at,
        messages=list(one.messages),
    )
    if one.completed_at is None:
        return ticket, [_opened(ticket, one.external, now)]
    ticket.stage = Stage.ARCHIVED
    ticket.completed_at, ticket.outcome = one.completed_at, one.outcome
    ticket.resolved_at = one.completed_at if one.outcome == Outcome.SOLVED else None
    ticket.priority, ticket.assignee_name = one.priority, one.assignee_name
    return ticket, []


def is_history(ticket: Ticket) -> bool:
    return ticket.external is not None and ticket.external.is_history


def as_history(decide: Callable[[Ticket], list[Event]], ticket: Ticket) -> list[Event]:
    """Raises WrongState for what would be told of a ticket that only this service knows."""
    events = decide(ticket)
    if is_history(ticket) and events:
        raise WrongState(
            f"{ticket.id} was completed on another desk and is only kept here; please open a new ticket",
            f"{ticket.id} 为已在原系统完成的历史工单，仅供查阅，请提交新工单",
        )
    return events


def _opened(ticket: Ticket, external: External, now: datetime) -> TicketOpened:
    names = ("customer", "customer_name", "company", "contact", "contact_id", "company_id", "channel", "opened_at")
    known = {name: getattr(ticket, name) for name in (*names, "problem", "taken_by")}
    return TicketOpened(subject=ticket.id, time=now, imported_from=external.source, **known)
