"""What people send and see of customers."""

from typing import Self

from pydantic import BaseModel

from services.intake.customers.domain import MAX_PEOPLE, Customer, Person, newest_tickets
from shared.http import Body
from shared.terms import Id, Line


class Alias(Body):
    """`customer` is the ID of the customer to merge."""

    customer: Id
    reason: Line


class CustomerView(BaseModel):
    """A customer and all that were merged into it: the newest of their tickets and the people who opened them."""

    id: str
    name: str
    company: str
    aliases: list[str]
    tickets: list[str]
    people: list[Person]

    @classmethod
    def of(cls, one: Customer, whole: list[Customer]) -> Self:
        people = sorted((person for there in whole for person in there.people), key=lambda p: p.at, reverse=True)
        return cls(
            id=one.id,
            name=one.name,
            company=one.company,
            aliases=[there.id for there in whole if there.id != one.id],
            tickets=[there.number for there in newest_tickets(whole)],
            people=people[:MAX_PEOPLE],
        )
