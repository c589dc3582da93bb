"""Opening tickets and their lists, over HTTP."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from services.intake.app import create_app
from shared.events import TicketOpened
from shared.testing import AGENT, LEAD, NOON, WANG, ZHAO, World
from tests.intake.scene import CRASH, opened


async def test_a_ticket_gets_a_number_its_status_and_guided_questions(world: World) -> None:
    ticket = await opened(world)
    assert ticket["ticket"] == "TK-2026-000001"
    assert (ticket["status"], ticket["taken_by"]) == ("pending", "channel:online")
    assert [question["field"] for question in ticket["questions"]] == ["error_text", "module", "steps"]
    [event] = world.published(TicketOpened)
    assert (event.actor, event.contact.name, event.company) == ("u-wang", "王敏", "华东贸易有限公司")


async def test_earlier_tickets_of_the_customer_are_linked(world: World) -> None:
    first = await opened(world, title="旧问题")
    await opened(world, ZHAO)
    world.time += timedelta(hours=1)
    second = await opened(world)
    async with world.as_(WANG, "intake") as wang:
        ticket = (await wang.get(f"/v1/tickets/{second['ticket']}")).json()
    assert ticket["linked"] == [first["ticket"]]


async def test_the_same_key_opens_one_ticket_and_other_content_under_it_is_refused(world: World) -> None:
    async with world.as_(WANG, "intake", **{"Idempotency-Key": "k-1"}) as wang:
        first = await wang.post("/v1/tickets", json=CRASH)
        again = await wang.post("/v1/tickets", json=CRASH)
        other = await wang.post("/v1/tickets", json={**CRASH, "title": "另一个问题"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 422)
    assert first.json()["ticket"] == again.json()["ticket"]
    await world.settle()
    assert len(world.published(TicketOpened)) == 1


@pytest.mark.parametrize("headers", [{"Idempotency-Key": "k-1"}, {}], ids=["key", "no key"])
async def test_a_hundred_equal_requests_at_once_open_one_ticket(world: World, headers: dict[str, str]) -> None:
    await world.start(create_app, "2")

    async def post(number: int) -> Any:
        async with world.as_(WANG, ("intake", "intake2")[number % 2], **headers) as wang:
            return await wang.post("/v1/tickets", json=CRASH)

    answers = await asyncio.gather(*(post(number) for number in range(100)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 99}
    assert len({answer.json()["ticket"] for answer in answers}) == 1
    await world.settle()
    assert len(world.published(TicketOpened)) == 1


async def test_the_same_key_of_another_person_is_another_key(world: World) -> None:
    for person in (WANG, ZHAO):
        async with world.as_(person, "intake", **{"Idempotency-Key": "k-1"}) as client:
            assert (await client.post("/v1/tickets", json=CRASH)).status_code == 201


@pytest.mark.parametrize(("seconds", "tickets"), [(0, 1), (59, 1), (60, 1), (61, 2), (119, 2), (180, 2)])
async def test_the_same_request_without_a_key_is_one_ticket_within_a_minute(
    world: World, seconds: int, tickets: int
) -> None:
    world.time = NOON + timedelta(seconds=31)
    first = await opened(world)
    world.time += timedelta(seconds=seconds)
    async with world.as_(WANG, "intake") as wang:
        second = await wang.post("/v1/tickets", json=CRASH)
    assert second.status_code == (200 if tickets == 1 else 201)
    assert len({first["ticket"], second.json()["ticket"]}) == tickets


async def test_two_people_with_the_same_words_have_two_tickets(world: World) -> None:
    assert (await opened(world))["ticket"] != (await opened(world, ZHAO))["ticket"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": "x"},
        {**CRASH, "titel": "x"},
        {**CRASH, "title": ""},
        {**CRASH, "title": "x" * 201},
        {**CRASH, "description": "x" * 20_001},
        {**CRASH, "users_affected": -1},
        {**CRASH, "channel": "fax"},
        [],
        "no json at all",
    ],
)
async def test_bad_input_is_told_field_by_field(world: World, body: Any) -> None:
    async with world.as_(WANG, "intake") as wang:
        content = body if isinstance(body, str) else None
        answer = await wang.post("/v1/tickets", json=None if content else body, content=content)
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["errors"][0]["field"].startswith("body")
    assert problem["title"] == "请求内容无效"


async def test_a_body_that_is_too_large_is_refused_before_it_is_read(world: World) -> None:
    async with world.as_(WANG, "intake") as wang:
        answer = await wang.post("/v1/tickets", json={**CRASH, "description": "x" * 1_100_000})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_agent_opens_a_ticket_for_a_customer_on_the_phone(world: World) -> None:
    customer = {"name": "孙强", "company": "南方物流有限公司", "sub": "u-sun", "phone": "+862012345678"}
    async with world.as_(AGENT, "intake") as agent:
        refused = await agent.post("/v1/tickets", json=CRASH)
        answer = await agent.post("/v1/tickets", json={**CRASH, "channel": "hotline", "customer": customer})
    assert refused.status_code == 422
    ticket = answer.json()
    assert (ticket["channel"], ticket["taken_by"], ticket["customer_name"]) == ("hotline", "a-lin", "南方物流有限公司")


async def test_a_mail_address_that_is_none_is_refused_where_it_is_entered(world: World) -> None:
    customer = {"name": "孙先生", "email": "a\x01@b.cc"}
    async with world.as_(AGENT, "intake") as agent:
        answer = await agent.post("/v1/tickets", json={**CRASH, "channel": "hotline", "customer": customer})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["body.customer.email"]


async def test_a_requester_cannot_open_a_ticket_in_another_name(world: World) -> None:
    async with world.as_(WANG, "intake") as wang:
        answer = await wang.post("/v1/tickets", json={**CRASH, "customer": {"name": "赵"}})
    assert answer.status_code == 403


async def test_lists_are_paged_without_gaps_or_doubles(world: World) -> None:
    numbers = []
    for index in range(7):
        world.time += timedelta(hours=index * index)
        numbers.append((await opened(world, title=f"问题 {index}"))["ticket"])
    seen: list[str] = []
    async with world.as_(LEAD, "intake") as lead:
        after: str | None = None
        while True:
            params = {"limit": "3"} | ({"after": after} if after else {})
            page = (await lead.get("/v1/tickets", params=params)).json()
            seen += [row["ticket"] for row in page["items"]]
            after = page["next"]
            if not after:
                break
        assert (await lead.get("/v1/tickets", params={"after": "nonsense"})).status_code == 422
    assert seen == numbers[::-1]
