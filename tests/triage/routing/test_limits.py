"""A limit holds, with two replicas, at the same time."""

import asyncio

import pytest

from services.triage.app import Triage
from services.triage.routing.domain import Level, LimitReached
from services.triage.work.domain import AlreadyAssigned
from shared.domain import Conflict, Origin
from shared.testing import CHEN, LEAD, World
from tests.triage.builders import OUTAGE, SECOND, TICKET, opened
from tests.triage.routing.replicas import arrive, enter, given_to, replica
from tests.triage.scene import held_by, triage


async def test_a_limit_holds_for_claims_at_the_same_time_on_two_replicas(world: World) -> None:
    chen = await enter(world, capacity=4)
    numbers = await arrive(world, 12)
    here, there = triage(world), replica(world)

    async def claim(service: Triage, ticket: str | None) -> object:
        try:
            if ticket is None:
                return await service.claims.claim_next(chen, Origin("e-chen"))
            return await service.claims.claim(ticket, chen, "test", Origin("e-chen"))
        except Conflict as refused:
            return refused

    asked = [claim(service, ticket) for ticket in [*numbers, None, None] for service in (here, there)]
    answers = await asyncio.gather(*asked)
    await world.settle()
    assert await held_by(world) == await given_to(world)
    assert len(await given_to(world)) == 4
    assert any(isinstance(answer, LimitReached) for answer in answers)


async def test_a_limit_is_a_refusal_with_a_name(world: World) -> None:
    await enter(world, capacity=1)
    await arrive(world, 3)
    async with world.as_(CHEN, "triage") as chen:
        assert (await chen.post("/v1/queue/claims", json={})).status_code == 200
        by_turn = await chen.post("/v1/queue/claims", json={})
        by_name = await chen.post("/v1/queue/claims", json={"ticket": SECOND, "reason": "x"})
    async with world.as_(LEAD, "triage") as lead:
        path = f"/v1/tickets/{SECOND}/work/assignment"
        by_lead = await lead.post(path, json={"engineer": "e-chen", "reason": "没有别人"})
        stale = await lead.post(path, json={"engineer": "e-chen", "reason": "x"}, headers={"If-Match": '"99"'})
    for refused in (by_turn, by_name, by_lead):
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:bihuan:problem:limit-reached")
    assert stale.status_code == 412
    assert await held_by(world) == await given_to(world) == [TICKET]


async def test_no_limit_is_exceeded_for_an_urgent_ticket_nor_for_a_senior(world: World) -> None:
    await enter(world, "e-liu", capacity=1, level=Level.SENIOR)
    for number in (TICKET, SECOND):
        await world.publish(opened(number, OUTAGE))
    async with world.as_(LEAD, "triage") as lead:
        body = {"engineer": "e-liu", "reason": "x"}
        refused = await lead.post(f"/v1/tickets/{SECOND}/work/assignment", json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "limit-reached")
    assert await held_by(world, "e-liu") == await given_to(world, "e-liu") == [TICKET]


async def test_a_repeated_claim_is_answered_although_there_is_no_capacity_left(world: World) -> None:
    await enter(world, capacity=1)
    await arrive(world, 2)
    async with world.as_(CHEN, "triage", **{"Idempotency-Key": "k-1"}) as chen:
        answers = [await chen.post("/v1/queue/claims", json={}) for _ in range(2)]
    assert [answer.json()["ticket"] for answer in answers] == [TICKET, TICKET]
    async with world.as_(LEAD, "triage", **{"Idempotency-Key": "k-2"}) as lead:
        body = {"engineer": "e-chen", "reason": "x"}
        assert (
            await lead.post(
                f"/v1/tickets/{TICKET}/work/release", json={"reason": "x"}, headers={"Idempotency-Key": "k-3"}
            )
        ).is_success
        given = await lead.post(f"/v1/tickets/{SECOND}/work/assignment", json=body)
        await lead.post(f"/v1/tickets/{SECOND}/work/release", json={"reason": "x"}, headers={"Idempotency-Key": "k-4"})
        await lead.post(f"/v1/tickets/{TICKET}/work/assignment", json=body, headers={"Idempotency-Key": "k-5"})
        again = await lead.post(f"/v1/tickets/{SECOND}/work/assignment", json=body)
    assert (given.status_code, again.status_code) == (200, 200)
    await world.settle()
    assert await held_by(world) == await given_to(world) == [TICKET]


async def test_a_claim_that_fails_takes_no_capacity(world: World) -> None:
    chen, liu = await enter(world), await enter(world, "e-liu")
    await arrive(world, 1)
    seen = await triage(world).work.store.get(TICKET)
    await replica(world).claims.claim(TICKET, liu, "", Origin("e-liu"))
    with pytest.raises(AlreadyAssigned):
        await triage(world).claims._claim(seen, chen, "", Origin("e-chen"))
    assert await held_by(world) == []
