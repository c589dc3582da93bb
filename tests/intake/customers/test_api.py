"""Customers over HTTP, and which tickets are linked."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from services.intake.customers.handlers import INTAKE
from services.intake.customers.identity import customer_id
from services.intake.customers.store import Customers
from services.intake.directory.recognition import Known
from shared.events import CustomerMerged, TicketLinked, TicketOpened
from shared.testing import AGENT, LEAD, LIU, NOON, VIEWER, WANG, Person, World
from tests.intake.scene import CRASH, opened, opening

XU = Person("u-xu", ("requester",), "华东贸易有限公司", "徐静", "xu@huadong.example", "zh")


async def linked(world: World, number: str) -> list[str]:
    async with world.as_(LEAD, "intake") as lead:
        found: list[str] = (await lead.get(f"/v1/tickets/{number}")).json()["linked"]
    return found


async def test_numbers_of_two_blocks_are_linked_the_right_way_round(world: World) -> None:
    intake = world.apps["intake"].state.service
    await intake.tickets.numbers.next(2026)  # the bus was asked
    numbers = intake.tickets.numbers.counter
    numbers._left["2026"] = (50, 100)
    first = (await opened(world))["ticket"]
    numbers._left["2026"] = (0, 50)
    world.time += timedelta(hours=1)
    second = (await opened(world, title="又一个问题"))["ticket"]
    assert (first, second) == ("TK-2026-000051", "TK-2026-000001")
    assert (await linked(world, first), await linked(world, second)) == ([], [first])


async def nothing(_: TicketOpened) -> None: ...


@pytest.mark.parametrize("heard", list(itertools.permutations(range(3))))
async def test_those_opened_at_the_same_moment_are_linked_once_whichever_is_heard_first(
    world: World, heard: tuple[int, ...]
) -> None:
    intake = world.apps["intake"].state.service
    world.runtimes["intake"].on(TicketOpened, nothing)  # they are heard below
    async with world.as_(WANG, "intake") as wang:
        for n in range(3):
            await wang.post("/v1/tickets", json={**CRASH, "title": f"问题 {n}"})
    await world.settle()
    events = world.published(TicketOpened)
    assert [event.linked for event in events] == [[], [], []]
    for n in (*heard, heard[0]):
        await intake.tickets.record_opening(events[n])
    await world.settle()
    first, second, third = (event.subject for event in events)
    assert {one: await linked(world, one) for one in (first, second, third)} == {
        first: [],
        second: [first],
        third: [second, first] if (await linked(world, third))[0] == second else [first, second],
    }
    told = [(event.subject, number) for event in world.published(TicketLinked) for number in event.to]
    assert sorted(told) == sorted([(second, first), (third, first), (third, second)])


async def customer_of(world: World, number: str) -> str:
    async with world.as_(LEAD, "intake") as lead:
        found: str = (await lead.get(f"/v1/tickets/{number}")).json()["customer"]
    return found


async def called(world: World, **customer: str) -> str:
    """A ticket that an agent opened for somebody."""
    async with world.as_(AGENT, "intake") as agent:
        answer = await agent.post("/v1/tickets", json={**CRASH, "customer": customer, "title": f"{customer}"[:200]})
    assert answer.status_code == 201, answer.text
    await world.settle()
    world.time += timedelta(minutes=2)
    number: str = answer.json()["ticket"]
    return number


async def test_strangers_of_one_name_are_not_linked_and_one_person_of_two_names_is(world: World) -> None:
    first = await called(world, name="李娜", email="li.na@a.example")
    other = await called(world, name="李娜", email="li.na@b.example")
    again = await called(world, name="Li Na", email="LI.NA@a.example")
    assert [await linked(world, number) for number in (first, other, again)] == [[], [], [first]]
    async with world.as_(LEAD, "intake") as lead:
        view = (await lead.get(f"/v1/customers/{await customer_of(world, first)}")).json()
    assert (view["name"], view["tickets"], len(view["people"])) == ("Li Na", [again, first], 1)


async def test_the_event_carries_the_id_and_the_name(world: World) -> None:
    number = (await opened(world))["ticket"]
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
            merged = await lead.post(f"/v1/customers/{whole}/aliases", json=body)
            assert merged.status_code == 201, merged.text
        itself = await lead.post(f"/v1/customers/{whole}/aliases", json={**body, "customer": whole})
        assert (itself.status_code, itself.json()["type"]) == (409, "urn:bihuan:problem:already-merged")
        assert merged.json()["aliases"] == [alias]
        assert (await lead.get(f"/v1/customers/{alias}")).json()["id"] == whole
    await world.settle()
    assert [(event.subject, event.into) for event in world.published(CustomerMerged)] == [(alias, whole)]
    third = await called(world, name="王", company="华东贸易")
    assert (await linked(world, third), await customer_of(world, third)) == ([long, short], whole)
    async with world.as_(LEAD, "intake") as lead:
        assert (await lead.delete(f"/v1/customers/{whole}/aliases/{alias}")).json()["aliases"] == []
        assert (await lead.delete(f"/v1/customers/{whole}/aliases/{alias}")).status_code == 404
    await world.settle()
    fourth = await called(world, name="王", company="华东贸易", phone="13800138000")
    assert (await linked(world, fourth), await customer_of(world, fourth)) == ([third, short], alias)


async def test_who_says_the_opposite_makes_no_circle(world: World) -> None:
    a, b, c = [await customer_of(world, await called(world, name="王", company=f"公司{n}")) for n in range(3)]
    async with world.as_(LEAD, "intake") as lead:
        for whole, alias, status in ((a, b, 201), (b, c, 201), (c, a, 409)):
            answer = await lead.post(f"/v1/customers/{whole}/aliases", json={"customer": alias, "reason": "x"})
            assert answer.status_code == status, answer.text
        assert sorted((await lead.get(f"/v1/customers/{a}")).json()["aliases"]) == sorted([b, c])
        assert (await lead.get("/v1/customers/C-none")).status_code == 404


async def test_a_merge_through_a_third_is_undone_where_it_is_shown_and_says_why(world: World) -> None:
    a, b, c = [await customer_of(world, await called(world, name="王", company=f"公司{n}")) for n in range(3)]
    async with world.as_(LEAD, "intake") as lead:
        for whole, alias in ((b, a), (c, b)):
            await lead.post(f"/v1/customers/{whole}/aliases", json={"customer": alias, "reason": "x"})
        assert sorted((await lead.get(f"/v1/customers/{c}")).json()["aliases"]) == sorted([a, b])
        undone = await lead.delete(f"/v1/customers/{c}/aliases/{a}", params={"reason": "两家公司"})
        assert (undone.status_code, undone.json()["aliases"]) == (200, [b])
        assert (await lead.get(f"/v1/customers/{a}")).json()["id"] == a
        assert (await lead.delete(f"/v1/customers/{c}/aliases/{a}")).status_code == 404
    await world.settle()
    assert [(one.into, one.reason) for one in world.published(CustomerMerged) if one.subject == a][1:] == [
        ("", "两家公司")
    ]


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
            assert (await client.get(f"/v1/customers/{id}")).status_code == read
            body = {"customer": "C-1", "reason": "x"}
            assert (await client.post(f"/v1/customers/{id}/aliases", json=body)).status_code == merge


@pytest.mark.parametrize("sub", ["role:kb_editor", "mailto:li@a.example", "service:sla", "x" * 300])
async def test_a_customer_is_named_by_a_subject_that_can_be_one(world: World, sub: str) -> None:
    async with world.as_(AGENT, "intake") as agent:
        answer = await agent.post("/v1/tickets", json={**CRASH, "customer": {"name": "李", "sub": sub}})
    assert answer.status_code == 422


async def test_linked_names_only_tickets_that_its_reader_may_see(world: World) -> None:
    first = (await opened(world, XU))["ticket"]
    world.time += timedelta(hours=1)
    ticket = await opened(world)
    async with world.as_(WANG, "intake") as wang:
        seen = (await wang.get(f"/v1/tickets/{ticket['ticket']}")).json()["linked"]
    async with world.as_(VIEWER, "intake") as viewer:
        theirs = (await viewer.get(f"/v1/tickets/{ticket['ticket']}")).json()["linked"]
    assert (ticket["linked"], seen, theirs, await linked(world, ticket["ticket"])) == ([], [], [first], [first])


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_aliases_are_the_same_whichever_merge_is_heard_first(world: World, order: tuple[int, ...]) -> None:
    customers = world.apps["intake"].state.service.customers
    said = (("C-x", ""), ("", "C-x"), ("C-y", ""))
    events = [
        CustomerMerged(subject="C-a", time=NOON, revision=n, into=into, before=before)
        for n, (into, before) in enumerate(said, start=1)
    ]
    for n in (*order, order[0]):
        await customers.record_merge(events[n])
    found = {one: await customers.store.find(one) for one in ("C-a", "C-x", "C-y")}
    assert found["C-a"].into == "C-y"
    assert (found["C-x"].aliases, found["C-y"].aliases) == ([], ["C-a"])


async def test_what_was_remembered_of_a_customer_hides_nothing_that_another_replica_wrote(world: World) -> None:
    """Neither that there was none, nor what there was."""
    runtime = world.runtimes["intake"]
    ours = world.apps["intake"].state.service.customers
    other = replace(ours, store=Customers(runtime.database, runtime.sender, runtime.now))
    events = [opening(f"TK-2026-{n:06}", NOON) for n in range(1, 5)]
    id = customer_id(events[0].company, events[0].contact, events[0].subject, Known())
    assert await ours.find(id) == (id, [])
    await other.record_ticket(events[0])
    assert len(await ours.record_ticket(events[1])) == 2
    await ours.find(id)
    await other.record_ticket(events[2])
    await ours.record_ticket(events[3])
    _, known = await other.find(id)
    assert {one.number for one in known} == {event.subject for event in events}
