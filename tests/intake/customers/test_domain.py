"""Who a customer is, what is known of them in any order, and which ticket comes after which."""

import itertools
import random
from datetime import timedelta

import pytest

from services.intake.customers.domain import Customer, newest_tickets
from services.intake.customers.history import OpenedTicket, earlier_tickets
from services.intake.customers.identity import customer_id
from shared.events import Contact, TicketOpened
from shared.testing import NOON
from tests.intake.scene import WANG_OF_HUADONG, opening


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("", Contact(name="李娜", email="li@a.example")), ("", Contact(name="李娜", email="li@b.example")), False),
        (
            ("", Contact(name="李娜", email="Li.Na@A.example")),
            ("", Contact(name="Li Na", email="li.na@a.example")),
            True,
        ),
        (("", Contact(name="李四", phone="13800138000")), ("", Contact(name="李四", phone="13800138001")), False),
        (
            ("", Contact(name="李四", phone="138-0013-8000")),
            ("", Contact(name="李思", phone="+86 138 0013 8000")),
            True,
        ),
        (("", Contact(name="李四", phone="8001")), ("", Contact(name="李四", phone="8001")), False),
        (("", Contact(name="李四")), ("", Contact(name="李四")), False),
        (("华东贸易", Contact(name="王")), ("华东贸易有限公司", Contact(name="王")), False),
        (("华东贸易", Contact(name="王", sub="u-1")), ("华东贸易", Contact(name="徐", sub="u-2")), True),
        (("", Contact(name="王", sub="li@a.example")), ("", Contact(name="王", email="li@a.example")), False),
        (("", Contact(name="王", sub="u-1", email="a@b.example")), ("", Contact(name="王", sub="u-1")), True),
    ],
)
def test_who_is_the_same_customer(one: tuple[str, Contact], other: tuple[str, Contact], same: bool) -> None:
    assert (customer_id(*one, "TK-1") == customer_id(*other, "TK-2")) is same


def test_what_is_known_of_a_customer_is_the_same_in_any_order() -> None:
    people = [WANG_OF_HUADONG, Contact(name="徐静", email="xu@a.example"), Contact(name="王小敏", sub="u-wang")]
    events = [opening(f"TK-{n}", NOON + timedelta(hours=n * 7 % 5), contact=people[n % 3]) for n in range(6)]
    first = Customer(id="C-1")
    for event in events:
        first.record_ticket(event)
    assert first.name == "华东"
    assert [person.name for person in first.people] == ["王小敏", "徐静"]
    for order in itertools.permutations(events):
        there = Customer(id="C-1")
        for event in (*order, order[0]):
            there.record_ticket(event)
        assert there.model_dump() == first.model_dump()


def test_two_who_gave_no_more_than_the_same_name_are_two() -> None:
    there = Customer(id="C-1")
    for n in (1, 2, 2):
        there.record_ticket(opening(f"TK-{n}", NOON, contact=Contact(name="王")))
    assert [person.name for person in there.people] == ["王", "王"]


def test_only_the_newest_are_kept_whichever_was_heard_first() -> None:
    dice = random.Random(3)
    contacts = [Contact(name=f"n{n}", sub=f"u-{n}") for n in range(80)]
    events = [opening(f"TK-{n:03}", NOON + timedelta(seconds=n // 2), contact=contacts[n]) for n in range(80)]
    for _ in range(20):
        there = Customer(id="C-1")
        for event in dice.sample(events, len(events)):
            there.record_ticket(event)
        assert [one.number for one in there.tickets] == [f"TK-{n:03}" for n in range(79, 59, -1)]
        assert [one.sub for one in there.people] == [f"u-{n}" for n in range(79, 29, -1)]


def known(*events: TicketOpened) -> list[OpenedTicket]:
    there = Customer(id="C-1")
    for event in events:
        there.record_ticket(event)
    return newest_tickets([there])


def links(*events: TicketOpened) -> dict[str, list[str]]:
    there = known(*events)
    return {one.number: [link.ticket for link in earlier_tickets(one, there)] for one in there}


def test_order_does_not_rest_on_numbers() -> None:
    later = opening("TK-000001", NOON + timedelta(hours=1), "TK-000051")
    assert links(opening("TK-000051"), later) == {"TK-000001": ["TK-000051"], "TK-000051": []}


def test_order_does_not_rest_on_the_clocks_of_two_machines() -> None:
    """The first was opened where the clock is three seconds ahead; who opened the second knew of it."""
    first = opening("TK-1", NOON + timedelta(seconds=3))
    second = opening("TK-2", NOON + timedelta(seconds=1), "TK-1")
    assert links(first, second) == {"TK-2": ["TK-1"], "TK-1": []}


def test_of_two_at_the_same_moment_one_is_linked_to_the_other() -> None:
    assert links(opening("TK-1"), opening("TK-2")) == {"TK-2": ["TK-1"], "TK-1": []}


def test_a_ticket_is_linked_to_the_five_before_it() -> None:
    events = [opening(f"TK-{n}", NOON + timedelta(hours=n)) for n in range(9)]
    assert links(*events)["TK-8"] == ["TK-7", "TK-6", "TK-5", "TK-4", "TK-3"]
