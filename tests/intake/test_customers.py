"""Who a customer is, what is known of them in any order, and which tickets are linked."""

import itertools
import random
from datetime import datetime, timedelta

import pytest

from services.intake.customers.domain import Customer, OpenedTicket, earlier_tickets, newest_tickets
from services.intake.customers.handlers import INTAKE
from services.intake.customers.identity import customer_id, normalized_phone
from shared.events import Contact, CustomerMerged, Problem, TicketLinked, TicketOpened
from shared.terms import Channel
from shared.testing import AGENT, LEAD, LIU, NOON, VIEWER, WANG, ZHAO, Person, World
from tests.intake.test_api import CRASH, opened, to_verification

WANG_OF_HUADONG = Contact(name="王敏", sub="u-wang")
XU = Person("u-xu", ("requester",), "华东贸易有限公司", "徐静", "xu@huadong.example", "zh")


def opening(number: str, at: datetime = NOON, *linked: str, contact: Contact = WANG_OF_HUADONG) -> TicketOpened:
    return TicketOpened(
        subject=number,
        time=at,
        problem=Problem(title="x", description="x"),
        customer="C-1",
        company="华东",
        contact=contact,
        channel=Channel.ONLINE,
        taken_by="a-lin",
        linked=list(linked),
    )


# ---- who is who


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


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("138 0013 8000", "+8613800138000"),
        ("+86-138-0013-8000", "+8613800138000"),
        ("008613800138000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("(021) 5555-0101", "02155550101"),
        ("+1 (202) 555-0101", "+12025550101"),
        ("8001", ""),
        ("不详", ""),
    ],
)
def test_a_number_is_the_same_however_it_is_written(written: str, number: str) -> None:
    assert normalized_phone(written) == number


# ---- what is known of them


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


# ---- which ticket comes after which


def known(*events: TicketOpened) -> list[OpenedTicket]:
    there = Customer(id="C-1")
    for event in events:
        there.record_ticket(event)
    return newest_tickets([there])


def links(*events: TicketOpened) -> dict[str, list[str]]:
    there = known(*events)
    return {one.number: earlier_tickets(one, there) for one in there}


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


async def linked(world: World, number: str) -> list[str]:
    async with world.as_(LEAD, "intake") as lead:
        found: list[str] = (await lead.get(f"/tickets/{number}")).json()["linked"]
    return found


async def test_numbers_of_two_blocks_are_linked_the_right_way_round(world: World) -> None:
    desk = world.apps["intake"].state.service
    await desk.tickets.numbers.next(2026)  # the bus was asked
    numbers = desk.tickets.numbers.counter
    numbers._left["2026"] = (50, 100)
    first = (await opened(world))["number"]
    numbers._left["2026"] = (0, 50)
    world.time += timedelta(hours=1)
    second = (await opened(world, title="又一个问题"))["number"]
    assert (first, second) == ("TK-2026-000051", "TK-2026-000001")
    assert (await linked(world, first), await linked(world, second)) == ([], [first])


async def nothing(_: TicketOpened) -> None: ...


@pytest.mark.parametrize("heard", list(itertools.permutations(range(3))))
async def test_those_opened_at_the_same_moment_are_linked_once_whichever_is_heard_first(
    world: World, heard: tuple[int, ...]
) -> None:
    desk = world.apps["intake"].state.service
    world.runtimes["intake"].on(TicketOpened, nothing)  # they are heard below
    async with world.as_(WANG, "intake") as wang:
        for n in range(3):
            await wang.post("/tickets", json={**CRASH, "title": f"问题 {n}"})
    await world.settle()
    events = world.published(TicketOpened)
    assert [event.linked for event in events] == [[], [], []]
    for n in (*heard, heard[0]):
        await desk.tickets.record_opening(events[n])
    await world.settle()
    first, second, third = (event.subject for event in events)
    assert {one: await linked(world, one) for one in (first, second, third)} == {
        first: [],
        second: [first],
        third: [second, first] if (await linked(world, third))[0] == second else [first, second],
    }
    told = [(event.subject, number) for event in world.published(TicketLinked) for number in event.to]
    assert sorted(told) == sorted([(second, first), (third, first), (third, second)])


# ---- what people see of them


async def customer_of(world: World, number: str) -> str:
    async with world.as_(LEAD, "intake") as lead:
        found: str = (await lead.get(f"/tickets/{number}")).json()["customer"]
    return found


async def called(world: World, **customer: str) -> str:
    """A ticket that an agent opened for somebody."""
    async with world.as_(AGENT, "intake") as agent:
        answer = await agent.post("/tickets", json={**CRASH, "customer": customer, "title": f"{customer}"[:200]})
    assert answer.status_code == 201, answer.text
    await world.settle()
    world.time += timedelta(minutes=2)
    number: str = answer.json()["number"]
    return number


async def test_strangers_of_one_name_are_not_linked_and_one_person_of_two_names_is(world: World) -> None:
    first = await called(world, name="李娜", email="li.na@a.example")
    other = await called(world, name="李娜", email="li.na@b.example")
    again = await called(world, name="Li Na", email="LI.NA@a.example")
    assert [await linked(world, number) for number in (first, other, again)] == [[], [], [first]]
    async with world.as_(LEAD, "intake") as lead:
        view = (await lead.get(f"/customers/{await customer_of(world, first)}")).json()
    assert (view["name"], view["tickets"], len(view["people"])) == ("Li Na", [again, first], 1)


async def test_the_event_carries_the_id_and_the_name(world: World) -> None:
    number = (await opened(world))["number"]
    [event] = world.published(TicketOpened)
    assert (event.customer, event.customer_name) == (await customer_of(world, number), "华东贸易有限公司")


async def test_two_companies_are_one_when_somebody_says_so_and_two_again(world: World) -> None:
    short = await called(world, name="王", company="华东贸易")
    long = await called(world, name="王", company="华东贸易有限公司")
    assert await linked(world, long) == []
    alias, whole = await customer_of(world, short), await customer_of(world, long)
    async with world.as_(LEAD, "intake") as lead:
        body = {"customer": alias, "reason": "同一公司的简称"}
        for _ in range(2):
            merged = await lead.post(f"/customers/{whole}/aliases", json=body)
            assert merged.status_code == 201, merged.text
        itself = await lead.post(f"/customers/{whole}/aliases", json={**body, "customer": whole})
        assert (itself.status_code, itself.json()["type"]) == (409, "urn:bihuan:problem:already-merged")
        assert merged.json()["aliases"] == [alias]
        assert (await lead.get(f"/customers/{alias}")).json()["id"] == whole
    await world.settle()
    assert [(event.subject, event.into) for event in world.published(CustomerMerged)] == [(alias, whole)]
    third = await called(world, name="王", company="华东贸易")
    assert (await linked(world, third), await customer_of(world, third)) == ([long, short], whole)
    async with world.as_(LEAD, "intake") as lead:
        assert (await lead.delete(f"/customers/{whole}/aliases/{alias}")).json()["aliases"] == []
        assert (await lead.delete(f"/customers/{whole}/aliases/{alias}")).status_code == 404
    await world.settle()
    fourth = await called(world, name="王", company="华东贸易", phone="13800138000")
    assert (await linked(world, fourth), await customer_of(world, fourth)) == ([third, short], alias)


async def test_who_says_the_opposite_makes_no_circle(world: World) -> None:
    a, b, c = [await customer_of(world, await called(world, name="王", company=f"公司{n}")) for n in range(3)]
    async with world.as_(LEAD, "intake") as lead:
        for whole, alias, status in ((a, b, 201), (b, c, 201), (c, a, 409)):
            answer = await lead.post(f"/customers/{whole}/aliases", json={"customer": alias, "reason": "x"})
            assert answer.status_code == status, answer.text
        assert sorted((await lead.get(f"/customers/{a}")).json()["aliases"]) == sorted([b, c])
        assert (await lead.get("/customers/C-none")).status_code == 404


async def test_two_who_say_the_opposite_at_once_mean_one_customer(world: World) -> None:
    a, b = [await customer_of(world, await called(world, name="王", company=f"公司{n}")) for n in range(2)]
    directory = world.apps["intake"].state.service.customers
    for one, other in ((a, b), (b, a)):
        await directory.store.change(other, lambda there, one=one: there.add_alias(one), INTAKE)
        await directory.store.change(one, lambda there, other=other: there.merge(other, "", NOON), INTAKE)
    for id in (a, b):
        one, whole = await directory.get(id)
        assert (one.id, sorted(there.id for there in whole)) == (min(a, b), sorted([a, b]))


async def test_only_leads_and_administrators_say_so(world: World) -> None:
    id = await customer_of(world, await called(world, name="王", company="华东贸易"))
    for who, read, merge in ((LIU, 200, 403), (AGENT, 200, 403), (WANG, 403, 403)):
        async with world.as_(who, "intake") as client:
            assert (await client.get(f"/customers/{id}")).status_code == read
            body = {"customer": "C-1", "reason": "x"}
            assert (await client.post(f"/customers/{id}/aliases", json=body)).status_code == merge


@pytest.mark.parametrize("sub", ["role:kb_editor", "mailto:li@a.example", "service:sla", "x" * 300])
async def test_a_customer_is_named_by_a_subject_that_can_be_one(world: World, sub: str) -> None:
    async with world.as_(AGENT, "intake") as agent:
        answer = await agent.post("/tickets", json={**CRASH, "customer": {"name": "李", "sub": sub}})
    assert answer.status_code == 422


# ---- linked tickets that the reader may not see


async def test_linked_names_only_tickets_that_its_reader_may_see(world: World) -> None:
    first = (await opened(world, XU))["number"]
    world.time += timedelta(hours=1)
    ticket = await opened(world)
    async with world.as_(WANG, "intake") as wang:
        seen = (await wang.get(f"/tickets/{ticket['number']}")).json()["linked"]
    async with world.as_(VIEWER, "intake") as viewer:
        theirs = (await viewer.get(f"/tickets/{ticket['number']}")).json()["linked"]
    assert (ticket["linked"], seen, theirs, await linked(world, ticket["number"])) == ([], [], [first], [first])


async def test_customers_do_not_see_what_the_desk_verified_for_itself(world: World) -> None:
    number = (await opened(world))["number"]
    await to_verification(world, number)
    async with world.as_(WANG, "intake") as wang:
        [round] = (await wang.get(f"/tickets/{number}")).json()["rounds"]
    async with world.as_(LIU, "intake") as liu:
        [whole] = (await liu.get(f"/tickets/{number}")).json()["rounds"]
    assert (round["solution"], round["round"], round["accepted"]) == ("补丁", 1, None)
    for name in ("steps", "result", "root_cause", "verified_by", "verified_at", "article"):
        assert not round[name]
    assert (whole["steps"], whole["result"], whole["verified_by"]) == ("导出", "通过", "e-liu")
    async with world.as_(ZHAO, "intake") as zhao:
        assert (await zhao.get(f"/tickets/{number}")).status_code == 404
