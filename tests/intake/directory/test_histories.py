"""Whose ticket it is by the desk's records, and whose tickets are linked because of them (P1.5)."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.directory.recognition import Known, keys_of, recognised
from shared.events import Contact, CustomerMerged, TicketLinked, TicketOpened, TriageLogAnalysed
from shared.testing import AGENT, LEAD, NOON, VIEWER, WANG, World
from tests.intake.directory.scene import HUADONG, ask, company, contact
from tests.intake.scene import CRASH, opened


async def called(world: World, title: str = "", **customer: str) -> str:
    """A ticket that an agent opened for somebody."""
    body = {**CRASH, "customer": {"name": "王", **customer}, "title": title or f"{customer}"[:200]}
    number: str = (await ask(world, "POST", "/v1/tickets", body, 201, AGENT))["ticket"]
    world.time += timedelta(minutes=2)
    return number


async def ticket(world: World, number: str) -> dict[str, Any]:
    return await ask(world, "GET", f"/v1/tickets/{number}")


async def links(world: World, number: str) -> dict[str, list[str]]:
    return {one["ticket"]: one["reasons"] for one in (await ticket(world, number))["links"]}


async def test_earlier_tickets_are_linked_with_their_reasons(world: World) -> None:
    first = (await opened(world))["ticket"]
    world.time += timedelta(minutes=2)
    colleague = await called(world, company=WANG.company, name="徐", phone="02155550101", title="V4.1 无法登录")
    third = (await opened(world, title="V3.2 又崩溃"))["ticket"]
    world.time += timedelta(minutes=2)
    same_desk = await called(world, company=WANG.company, name="周", phone="021-5555 0101")
    assert await links(world, third) == {
        first: ["same_person", "same_company", "same_version"],
        colleague: ["same_company"],
    }
    assert await links(world, same_desk) == {
        colleague: ["same_phone", "same_company"],
        third: ["same_company"],
        first: ["same_company"],
    }
    [event] = [one for one in world.published(TicketOpened) if one.subject == third]
    assert [link.ticket for link in event.links] == event.linked == [first, colleague]
    async with world.as_(VIEWER, "intake") as viewer:
        shown = (await viewer.get(f"/v1/tickets/{third}")).json()
    assert [one["ticket"] for one in shown["links"]] == [first, colleague]
    assert (shown["contact_id"], shown["company_id"]) == ("", "")


async def test_what_a_customer_may_not_read_is_not_among_their_links(world: World) -> None:
    first = await called(world, company=WANG.company)
    second = await opened(world)
    assert await links(world, second["ticket"]) == {first: ["same_company"]}
    assert second["links"] == second["linked"] == []


async def test_tickets_with_the_same_error_are_linked_whichever_is_analysed_first(world: World) -> None:
    numbers = [await called(world, company="华东", title=f"问题 {n}") for n in range(8)]
    stranger = await called(world, company="华北")
    for n, number in ((1, numbers[7]), (2, numbers[0]), (3, stranger), (4, numbers[0])):
        known: dict[str, Any] = {"analysis": f"l{n}", "fingerprints": ["f1"], "exceptions": ["E"]}
        await world.publish(TriageLogAnalysed(subject=number, time=NOON, revision=n, **known))
    assert (await links(world, numbers[7]))[numbers[0]] == ["same_error"]
    assert (await links(world, numbers[0]), await links(world, stranger)) == ({}, {})
    [told] = [event for event in world.published(TicketLinked) if numbers[0] in event.to and len(event.to) == 1][-1:]
    assert (told.subject, told.links[0].reasons) == (numbers[7], ["same_error"])


async def test_a_company_is_recognised_by_any_spelling_of_its_names_and_its_history_is_one(world: World) -> None:
    long = await called(world, company="华东贸易有限公司")
    short = await called(world, company="华东贸易")
    assert await links(world, short) == {}
    record = await company(world)
    assert record["customer"] == (await ticket(world, long))["customer"]
    await world.pass_time(seconds=1)
    assert [(one.subject, one.into) for one in world.published(CustomerMerged)] == [
        ((await ticket(world, short))["customer"], record["customer"])
    ]
    new = await called(world, company="华东贸易 有限责任公司")
    found = await ticket(world, new)
    assert (found["company_id"], found["customer"]) == (record["id"], record["customer"])
    assert await links(world, new) == {short: ["same_company"], long: ["same_company"]}
    await ask(world, "PATCH", f"/v1/companies/{record['id']}", {"aliases": []})
    await world.pass_time(seconds=1)
    alone = await called(world, company="华东贸易")
    assert ((await ticket(world, alone))["company_id"], await links(world, alone)) == ("", {short: ["same_company"]})


async def test_companies_that_are_merged_have_one_history_until_they_are_two(world: World) -> None:
    one = await company(world)
    other = await company(world, name="华东控股", aliases=[], domains=[])
    first = await called(world, company="华东贸易")
    path = f"/v1/companies/{other['id']}"
    await ask(world, "POST", f"{path}/merge", {"into": one["id"], "reason": "收购"})
    await world.pass_time(seconds=1)
    second = await called(world, company="华东控股")
    assert ((await ticket(world, second))["company_id"], await links(world, second)) == (
        other["id"],
        {first: ["same_company"]},
    )
    await ask(world, "POST", f"{path}/unmerge", {"reason": "又分开"})
    await world.pass_time(seconds=1)
    third = await called(world, company="华东控股", name="李")
    assert await links(world, third) == {second: ["same_company"]}


async def test_a_person_is_recognised_by_account_and_address_and_not_by_telephone(world: World) -> None:
    by_mail = await called(world, email="WM@home.example")
    work = await company(world)
    record = await contact(world, emails=["wm@home.example"], subs=["u-9"], phones=["13800138000"])
    await world.pass_time(seconds=1)
    by_account = await called(world, sub="u-9")
    assert (await ticket(world, by_account))["customer"] == record["customer"]
    assert await links(world, by_account) == {by_mail: ["same_customer"]}
    by_phone = await called(world, phone="13800138000")
    assert ((await ticket(world, by_phone))["contact_id"], await links(world, by_phone)) == ("", {})
    await ask(world, "PATCH", f"/v1/contacts/{record['id']}", {"company": work["id"]})
    at_work = await ticket(world, await called(world, email="wm@home.example"))
    assert (at_work["contact_id"], at_work["company_id"]) == (record["id"], work["id"])
    assert at_work["company"] == ""  # who may read it does not follow from records
    elsewhere = await ticket(world, await called(world, sub="u-9", company="别的公司"))
    assert (elsewhere["contact_id"], elsewhere["company_id"]) == (record["id"], "")


async def test_the_company_of_a_merged_person_is_that_of_who_they_are(world: World) -> None:
    work = await company(world)
    old = await contact(world, emails=["old@x.example"])
    new = await contact(world, emails=["new@x.example"], company=work["id"])
    await ask(world, "POST", f"/v1/contacts/{old['id']}/merge", {"into": new["id"], "reason": "同一人"})
    found = await ticket(world, await called(world, email="old@x.example"))
    assert (found["contact_id"], found["company_id"]) == (old["id"], work["id"])


@pytest.mark.parametrize(
    ("email", "known"),
    [
        ("a@huadong.example", True),
        ("a@sh.huadong.example", True),
        ("a@huadong.example.org", False),
        ("a@qq.com", False),
    ],
)
async def test_a_mail_domain_tells_the_company(world: World, email: str, known: bool) -> None:
    record = await company(world)
    found = await ticket(world, await called(world, email=email))
    assert found["company_id"] == (record["id"] if known else "")


def test_what_proves_who_somebody_is_comes_before_their_address() -> None:
    who = Contact(name="王", sub="u-1", email="Shared@x.example", address="wecom:a:b")
    keys = keys_of("", who)
    rows = [
        {"id": "P-mail", "kind": "person", "keys": ["mail:shared@x.example"], "company": "CO-1", "into": ""},
        {"id": "P-sub", "kind": "person", "keys": ["sub:u-1"], "company": "", "into": ""},
        {"id": "CO-x", "kind": "company", "keys": ["domain:x.example"], "into": ""},
    ]
    assert recognised(keys, "", rows) == Known(contact_id="P-sub", company_id="CO-x")
    assert recognised(keys, "", rows[:1]).company_id == "CO-1"
    assert recognised(keys_of("Named", who), "Named", rows) == Known(contact_id="P-sub")


async def test_what_a_killed_process_left_is_done_once(world: World) -> None:
    """It joined the histories, and did not write down that it had."""
    short = (await ticket(world, await called(world, company="华东贸易")))["customer"]
    record = await company(world)
    customers = world.apps["intake"].state.service.customers
    for _ in range(2):
        await customers._join(short, record["customer"], record["id"])
    for _ in range(3):
        await customers.follow([record["id"]])
    await world.settle()
    assert [one.subject for one in world.published(CustomerMerged)] == [short]
    found = await customers.directory.store.get(record["id"])
    assert (found.joined, found.due_at) == ({short: record["customer"]}, None)


async def test_whom_people_merged_by_hand_stays_there(world: World) -> None:
    short = (await ticket(world, await called(world, company="华东贸易")))["customer"]
    other = (await ticket(world, await called(world, company="华北")))["customer"]
    await ask(world, "POST", f"/v1/customers/{other}/aliases", {"customer": short, "reason": "x"}, 201)
    await company(world)
    await world.pass_time(seconds=1)
    assert (await ask(world, "GET", f"/v1/customers/{short}"))["id"] == other


async def test_undone_merges_do_not_count_among_the_aliases(world: World) -> None:
    whole = (await ticket(world, await called(world, company="总公司")))["customer"]
    alias = (await ticket(world, await called(world, company="分公司")))["customer"]
    customers = world.apps["intake"].state.service.customers
    path = f"/v1/customers/{whole}/aliases"
    for _ in range(2):
        await ask(world, "POST", path, {"customer": alias, "reason": "x"}, 201)
        assert (await customers.store.get(whole)).aliases == [alias]
        await ask(world, "DELETE", f"{path}/{alias}")
        assert (await customers.store.get(whole)).aliases == []
    told = world.published(CustomerMerged)
    for event in (told[0], told[1], told[0]):
        await customers.record_merge(event)
    assert (await customers.store.get(whole)).aliases == []
    assert told[1].before == whole


async def test_a_call_names_who_it_may_be(world: World) -> None:
    work = await company(world, phones=["02155550101"])
    first = await contact(world, "李四", phones=["02155550101"], company=work["id"])
    second = await contact(world, "李四", emails=["l4@x.example"], phones=["02155550101"])
    merged = await contact(world, "李 四", emails=["l@x.example"], phones=["02155550101"])
    await ask(world, "POST", f"/v1/contacts/{merged['id']}/merge", {"into": second["id"], "reason": "x"})
    call = {"number": "021-5555 0101", "began_at": NOON.isoformat()}
    taken = await ask(world, "POST", "/v1/calls", call, 201, AGENT)
    assert {one["id"] for one in taken["may_be"]} == {work["id"], first["id"], second["id"]}
    other = await ask(world, "POST", "/v1/calls", {**call, "number": "13800138000"}, 201, AGENT)
    assert other["may_be"] == []
    rows = (await ask(world, "GET", "/v1/calls"))["items"]
    assert {row["id"]: len(row["may_be"]) for row in rows} == {taken["id"]: 3, other["id"]: 0}
    assert HUADONG["name"] in {one["name"] for one in taken["may_be"]}
    assert (await ask(world, "GET", f"/v1/calls/{taken['id']}", who=LEAD))["may_be"] == taken["may_be"]


async def test_a_ticket_tells_the_tier_and_the_policy_of_its_company(world: World) -> None:
    record = await company(world, tier="gold", policy="huadong")
    await contact(world, "王敏", emails=["wang@home.example"], company=record["id"])
    await called(world, company=str(HUADONG["name"]))
    await called(world, email="wang@home.example")
    await called(world)
    await world.settle()
    told = [(one.company_id, one.tier, one.policy) for one in world.published(TicketOpened)]
    assert told == [(record["id"], "gold", "huadong")] * 2 + [("", "", "")]
