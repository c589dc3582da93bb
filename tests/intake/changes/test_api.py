"""Changing many tickets of a running intake at once."""

import asyncio
from typing import Any

import pytest

from services.intake.changes.domain import COMMANDS, MOST_TICKETS
from shared.events import TicketCompleted, TicketMessagePosted
from shared.testing import AGENT, AUDITOR, CHEN, LEAD, WANG, ZHAO, Person, World
from tests.intake.scene import completed, opened, send_what_was_left

SPAM = {"action": "close", "body": {"outcome": "spam", "reason": "广告"}}
NOTE = {"action": "note", "body": {"text": "见公告"}}
BOTH = Person("u-both", ("requester", "engineer"), "华东贸易有限公司", "周和")


async def change(
    world: World, who: Person, change: Any, *tickets: str | tuple[str, int], expect: int = 200, key: str = ""
) -> Any:
    headers = {"Accept-Language": "zh", **({"Idempotency-Key": key} if key else {})}
    named = [{"ticket": one} if isinstance(one, str) else {"ticket": one[0], "version": one[1]} for one in tickets]
    async with world.as_(who, "intake", **headers) as client:
        answer = await client.post("/v1/ticket-changes", json={"tickets": named, "change": change})
    assert answer.status_code == expect, answer.text
    await world.settle()
    return answer.json()


def outcomes(found: Any) -> list[tuple[int, str]]:
    return [(one["status"], (one["problem"] or {}).get("code", "")) for one in found["items"]]


async def read(world: World, number: str) -> Any:
    async with world.as_(LEAD, "intake") as client:
        return (await client.get(f"/v1/tickets/{number}")).json()


async def several(world: World, count: int = 3) -> list[str]:
    return [(await opened(world, title=f"导出失败 {n}"))["ticket"] for n in range(count)]


async def test_each_ticket_has_its_own_result_and_a_refusal_stops_no_other(world: World) -> None:
    done = await completed(world)
    one, other, last = await several(world)
    found = await change(world, AGENT, SPAM, one, done, (other, 99), "TK-2026-999999", "..", last)
    assert outcomes(found) == [
        (200, ""),
        (409, "wrong-state"),
        (412, "stale"),
        (404, "not-found"),
        (404, "not-found"),
        (200, ""),
    ]
    assert [one["ticket"] for one in found["items"]][:2] == [one, done]
    assert (found["changed"], (await read(world, one))["outcome"]) == (2, "spam")
    assert (await read(world, other))["outcome"] is None
    assert found["items"][1]["version"] is None
    again = await change(world, AGENT, NOTE, (last, found["items"][5]["version"]))
    assert outcomes(again) == [(201, "")]


async def test_problems_are_told_in_the_language_of_the_request(world: World) -> None:
    found = await change(world, AGENT, SPAM, "TK-2026-999999")
    assert found["items"][0]["problem"]["title"] == "未找到"


@pytest.mark.parametrize(
    "what",
    [
        {"action": "amend", "body": {"product_version": "V3.2.1"}},
        NOTE,
        {"action": "watch", "body": {}},
        {"action": "watch", "body": {"person": {"name": "秦月", "email": "qin@huadong.example"}}},
        SPAM,
    ],
)
async def test_repeated_nothing_is_done_twice(world: World, what: Any) -> None:
    numbers = await several(world)
    first = await change(world, AGENT, what, *numbers, key="k")
    again = await change(world, AGENT, what, *numbers, key="k")
    assert first == again
    assert first["changed"] == 3


async def test_relating_and_merging_go_by_their_own_rules(world: World) -> None:
    into, one, other = await several(world)
    foreign = (await opened(world, ZHAO))["ticket"]
    relate = {"action": "relate", "body": {"relation": "caused_by", "ticket": into, "reason": "同一补丁"}}
    assert outcomes(await change(world, CHEN, relate, one, into)) == [(201, ""), (422, "invalid")]
    merge = {"action": "merge", "body": {"into": into, "reason": "同一故障"}}
    assert [code for _, code in outcomes(await change(world, CHEN, merge, one))] == ["forbidden"]
    for _ in range(2):
        found = await change(world, AGENT, merge, one, other, foreign, into, key="m")
        assert [status for status, _ in outcomes(found)][:2] == [200, 200]
        assert found["changed"] == 2
    assert sorted((await read(world, into))["merged"]) == sorted([one, other])


async def test_killed_in_the_middle_it_goes_on_where_it_was(world: World) -> None:
    numbers = await several(world, 4)
    store = world.apps["intake"].state.service.tickets.store
    for n in range(3):
        running = asyncio.create_task(change(world, AGENT, NOTE, *numbers, key="k"))
        while not (running.done() or (await store.get(numbers[n])).messages):  # noqa: ASYNC110
            await asyncio.sleep(0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    found = await change(world, AGENT, NOTE, *numbers, key="k")
    assert (found["changed"], [len((await store.get(number)).messages) for number in numbers]) == (4, [1] * 4)
    await send_what_was_left(world)
    assert sorted(one.subject for one in world.published(TicketMessagePosted)) == numbers


async def test_a_key_is_of_one_change(world: World) -> None:
    one, other, _ = await several(world)
    await change(world, AGENT, NOTE, one, key="k")
    assert outcomes(await change(world, AGENT, {**NOTE, "body": {"text": "x"}}, one, other, key="k")) == [
        (422, "invalid"),
        (201, ""),
    ]
    assert outcomes(await change(world, LEAD, NOTE, one, key="k")) == [(201, "")]
    async with world.as_(AGENT, "intake", **{"Idempotency-Key": "k"}) as client:
        alone = await client.post(f"/v1/tickets/{one}/messages", json={"text": "见公告", "internal": True})
    assert (alone.status_code, len((await read(world, one))["messages"])) == (201, 3)


async def test_nobody_may_more_than_for_each_ticket_alone(world: World) -> None:
    own = (await opened(world, BOTH))["ticket"]
    foreign = (await opened(world, ZHAO))["ticket"]
    for who in (WANG, AUDITOR):
        await change(world, who, NOTE, own, expect=403)
    cancel = {"action": "close", "body": {"outcome": "cancelled", "reason": "不再需要"}}
    assert outcomes(await change(world, BOTH, cancel, own, foreign)) == [(200, ""), (403, "forbidden")]
    assert [one.subject for one in world.published(TicketCompleted)] == [own]
    found = await change(world, BOTH, NOTE, own, foreign)
    assert [status for status, _ in outcomes(found)] == [201, 201]
    assert (await read(world, foreign))["messages"][0]["internal"] is True


async def test_headers_that_are_no_ascii_do_no_harm(world: World) -> None:
    number = (await opened(world))["ticket"]
    body = {"tickets": [{"ticket": number}, {"ticket": "工单"}], "change": NOTE}
    async with world.as_(AGENT, "intake") as client:
        strange = [(name, b"zh, \xe9\xff") for name in (b"accept-language", b"x-request-id")]
        answer = await client.post("/v1/ticket-changes", json=body, headers=strange)
    assert outcomes(answer.json()) == [(201, ""), (404, "not-found")]


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"action": "close", "body": {"outcome": "spam"}}, "body.change.body.reason"),
        ({"action": "close", "body": {"outcome": "lost", "reason": "x"}}, "body.change.body.outcome"),
        ({"action": "amend", "body": {"titel": "x"}}, "body.change.body.titel"),
        ({"action": "note", "body": {"text": "x", "internal": False}}, "body.change.body.internal"),
        ({"action": "note", "body": {"text": "x" * 20_001}}, "body.change.body.text"),
        ({"action": "burn", "body": {}}, "body.change.action"),
    ],
)
async def test_what_no_ticket_takes_is_refused_whole(world: World, what: Any, field: str) -> None:
    refused = await change(world, AGENT, what, "TK-2026-999999", expect=422)
    assert [one["field"] for one in refused["errors"]] == [field]


async def test_the_number_of_tickets_is_bounded_and_each_is_named_once(world: World) -> None:
    await change(world, AGENT, NOTE, expect=422)
    await change(world, AGENT, NOTE, "TK-1", "TK-1", expect=422)
    await change(world, AGENT, NOTE, *(f"TK-{n}" for n in range(MOST_TICKETS + 1)), expect=422)
    found = await change(world, AGENT, NOTE, *(f"TK-{n}" for n in range(MOST_TICKETS)))
    assert outcomes(found) == [(404, "not-found")] * MOST_TICKETS


def test_every_command_is_a_request_to_one_ticket() -> None:
    assert {"{ticket}" in one.path for one in COMMANDS.values()} == {True}
