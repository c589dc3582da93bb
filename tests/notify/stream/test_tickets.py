"""Stream tickets: for browsers, whose event sources send no token."""

import asyncio
import logging
from typing import Any

import httpx2
import pytest

from services.notify.stream.domain import MOST_OF_ONE
from shared.masking import masked
from shared.testing import AGENT, LEAD, WANG, ZHAO, Person, World
from tests.notify.conftest import notify_of
from tests.notify.samples import ASKED, BREACHED, TICKET, assigned, opened
from tests.notify.stream.client import opening, publish

TICKETS = "/v1/stream-tickets"
OTHER = "TK-2026-000002"


async def issued(
    world: World, who: Person, status: int = 201, headers: dict[str, str] | None = None, **body: Any
) -> Any:
    async with world.as_(who, "notify", **headers or {}) as client:
        answer = await client.post(TICKETS, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def status_of(url: str, path: str) -> int:
    """Of what is answered to who has no token."""
    async with httpx2.AsyncClient(base_url=url, trust_env=False) as client, client.stream("GET", path) as answer:
        return answer.status_code


async def test_a_ticket_opens_a_stream_for_who_asked_for_it_with_what_they_asked_for(world: World, url: str) -> None:
    made = await issued(world, WANG, events=["ticket.*"], ticket=TICKET)
    async with opening(url, made["url"]) as stream:
        await publish(world, opened(ZHAO, ticket=OTHER), opened(WANG), assigned(), BREACHED, ASKED)
        events = await stream.events(2)
    assert [(one["event"], one["subject"]) for one in events] == [
        ("ticket.opened", TICKET),
        ("ticket.questions_asked", TICKET),
    ]


async def test_a_ticket_counts_once(world: World, url: str) -> None:
    made = await issued(world, LEAD)
    async with opening(url, made["url"]):
        assert await status_of(url, made["url"]) == 401
    assert await status_of(url, made["url"]) == 401


async def test_of_many_who_come_with_one_ticket_at_once_one_gets_in(world: World) -> None:
    made = await issued(world, LEAD)
    redeem = notify_of(world).stream_tickets.redeem
    found = await asyncio.gather(*(redeem(made["stream_ticket"]) for _ in range(8)), return_exceptions=True)
    assert [type(one).__name__ for one in found].count("StreamTicket") == 1
    assert [type(one).__name__ for one in found].count("Unauthenticated") == 7


async def test_a_ticket_is_good_for_seconds(world: World, url: str) -> None:
    made = await issued(world, LEAD)
    await world.pass_time(seconds=29)
    fresh = await issued(world, LEAD)
    await world.pass_time(seconds=1)
    assert await status_of(url, made["url"]) == 401
    async with opening(url, fresh["url"]) as stream:
        await publish(world, opened())
        assert await stream.kinds(1) == ["ticket.opened"]


async def test_who_comes_back_with_a_new_ticket_and_the_last_id_misses_nothing(world: World, url: str) -> None:
    numbers = [f"TK-2026-{n:06d}" for n in range(12)]
    first = await issued(world, LEAD)
    async with opening(url, first["url"]) as stream:
        await publish(world, *(opened(ticket=one) for one in numbers[:4]))
        seen = await stream.events(4)
    await publish(world, *(opened(ticket=one) for one in numbers[4:8]))
    again = await issued(world, LEAD)
    async with opening(url, f"{again['url']}&after={seen[-1]['place']}") as stream:
        await publish(world, *(opened(ticket=one) for one in numbers[8:]))
        seen += await stream.events(8)
    assert [one["subject"] for one in seen] == numbers


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/events?stream_ticket=stream_00", 401),
        ("/v1/events?stream_ticket=", 401),
        ("/v1/events?stream_ticket=other", 422),
        (f"/v1/events?stream_ticket=stream_{'0' * 200}", 422),
        ("/v1/events", 401),
    ],
)
async def test_what_is_no_ticket_opens_nothing(world: World, url: str, path: str, status: int) -> None:
    assert await status_of(url, path) == status


async def test_filters_cannot_be_put_upon_a_ticket_later(world: World, url: str) -> None:
    made = await issued(world, WANG, ticket=TICKET)
    for more in ("events=ticket.*", f"ticket={OTHER}", "company=North"):
        assert await status_of(url, f"{made['url']}&{more}") == 422


async def test_who_may_not_follow_gets_no_ticket(world: World) -> None:
    assert (await issued(world, Person("x-nobody", ("guest",)), 403))["code"] == "forbidden"


@pytest.mark.parametrize(
    "wrong", [{"events": ["ticket.nothing"]}, {"events": ["x"]}, {"events": ["*"] * 51}, {"ticket": "a b"}, {"more": 1}]
)
async def test_a_ticket_for_what_is_not_there_is_refused(world: World, wrong: dict[str, Any]) -> None:
    assert (await issued(world, LEAD, 422, **wrong))["code"] == "invalid"


async def test_one_person_has_so_many_unused_ones_and_what_is_over_is_removed(world: World) -> None:
    for _ in range(MOST_OF_ONE):
        await issued(world, AGENT)
    assert (await issued(world, AGENT, 429))["code"] == "too-many-stream-tickets"
    await issued(world, LEAD)
    await world.pass_time(seconds=31)
    await issued(world, AGENT)
    store = notify_of(world).stream_tickets.store
    assert await store.remove_expired() == MOST_OF_ONE + 1
    assert await store.count({}) == 1


async def test_a_request_that_is_sent_again_is_answered_with_the_same_ticket(world: World) -> None:
    keyed = {"Idempotency-Key": "k-1"}
    one, again = [await issued(world, LEAD, headers=keyed, ticket=TICKET) for _ in range(2)]
    other = await issued(world, LEAD, ticket=TICKET)
    assert one == again
    assert other["stream_ticket"] != one["stream_ticket"]


async def test_no_store_and_no_log_has_what_opens_a_stream(world: World, caplog: pytest.LogCaptureFixture) -> None:
    secret = (await issued(world, LEAD))["stream_ticket"]
    [stored] = await notify_of(world).stream_tickets.store.where({})
    assert secret not in stored.model_dump_json()
    assert stored.id not in secret
    logging.getLogger("x").warning("%s", masked(f"GET /v1/events?stream_ticket={secret} and {secret}"))
    assert secret.removeprefix("stream_") not in caplog.text
