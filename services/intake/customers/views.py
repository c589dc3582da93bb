"""What people send and see of customers."""

from datetime import datetime
from typing import Self

from pydantic import Field

from services.intake.customers.domain import MAX_PEOPLE, Customer, newest_tickets
from shared.http import Body, View, example
from shared.terms import Id, Line


class Alias(Body):
    model_config = example(customer="C-5f0c2a9e7d3b41886c10", reason="The same company under its short name")

    customer: Id
    """The id of the customer to merge"""
    reason: Line
    """Why they are one"""


class PersonView(View):
    """Somebody on the customer's side, as their newest ticket names them."""

    name: str
    """Their name"""
    sub: str
    """Who they are when they sign in; empty for a guest"""
    email: str
    """Where they are written to; empty if nobody said"""
    phone: str
    """Where they are called; empty if nobody said"""
    address: str
    """Where they write from in a messenger, with channel and account; empty if they do not"""
    ticket: str
    """The number of their newest ticket"""
    opened_at: datetime = Field(validation_alias="at")
    """When that was opened"""


class CustomerView(View):
    """A customer and all that were merged into it."""

    id: str
    """Its id"""
    name: str
    """The company's name, or the person's"""
    company: str
    """The company; empty for a person without one"""
    aliases: list[str]
    """The ids of those that were merged into it"""
    tickets: list[str]
    """The numbers of the newest tickets, the newest first"""
    people: list[PersonView]
    """Who opened them, the newest first"""

    @classmethod
    def of(cls, one: Customer, whole: list[Customer]) -> Self:
        people = sorted((person for there in whole for person in there.people), key=lambda p: p.at, reverse=True)
        return cls(
            id=one.id,
            name=one.name,
            company=one.company,
            aliases=[there.id for there in whole if there.id != one.id],
            tickets=[there.number for there in newest_tickets(whole)],
            people=[PersonView.model_validate(person) for person in people[:MAX_PEOPLE]],
        )
