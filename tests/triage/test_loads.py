"""Limits and counts: with two replicas, at the same time, and after a crash between any two writes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from services.triage.app import Triage, create_app
from services.triage.routing import assignment
from services.triage.routing.claims import ClaimHandlers
from services.triage.routing.domain import Engineer, Level, LimitReached, Reservation
from services.triage.routing.engineers import EngineerHandlers
from services.triage.routing.handlers import RoutingHandlers
from services.triage.routing.periodic_jobs import PeriodicJobs, Scheduler
from services.triage.routing.store import Engineers
from services.triage.routing.workload import Workload
from services.triage.settings import TriageSettings
from services.triage.work.domain import AlreadyAssigned, WorkItem
from services.triage.work.store import WorkItems
from services.triage.work.values import TRIAGE, TRIAGE_ORIGIN
from shared.domain import Conflict, Origin
from shared.events import Event, TicketReopened, TriageAssigned, TriageReclassified, TriageReleased
from shared.terms import Category, Priority
from shared.testing import CHEN, LEAD, LIU, Servers, World, running
from tests.triage.builders import BY_LEAD, CRASH, OUTAGE, completed, opened

TICKET, SECOND = "TK-2026-000001", "TK-2026-000002"


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, create_app) as world:
        yield world


def triage(world: World) -> Triage:
    service: Triage = world.apps["triage"].state.service
    return service


def replica(world: World) -> Triage:
    """Another process of triage over the same database, as far as requests go."""
    here, service = world.runtimes["triage"], triage(world)
    work = replace(service.work, store=WorkItems(here.database, here.sender, world.now))
    engineers = Engineers(here.database, here.sender, world.now)
    workload = Workload(work, engineers, service.routing.workload.reservation_lasts, world.now)
    routing = RoutingHandlers(work, engineers, workload, world.now)
    claims = ClaimHandlers(work, routing)
    return replace(service, work=work, routing=routing, claims=claims, engineers=EngineerHandlers(engineers, routing))


async def enter(world: World, sub: str = "e-chen", capacity: int = 10, **more: Any) -> Engineer:
    one = Engineer(id=sub, name=sub, capacity=capacity, **{"available": True, **more})
    return await triage(world).engineers.store.add(one, [], Origin("test"))


def keep(promise: Reservation, one: Engineer) -> list[Event]:
    return one.reserve(promise, urgent=True)


async def held_by(world: World, sub: str = "e-chen") -> list[str]:
    return sorted((await triage(world).engineers.store.get(sub)).tickets)


async def given_to(world: World, sub: str = "e-chen") -> list[str]:
    return sorted(await triage(world).work.store.held_by(sub))


async def arrive(world: World, count: int) -> list[str]:
    numbers = [f"TK-2026-{n:06d}" for n in range(1, count + 1)]
    for number in numbers:
        await world.publish(opened(number, CRASH))
    return numbers


# ---- a limit holds


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
        assert (await chen.post("/queue/claims", json={})).status_code == 200
        by_turn = await chen.post("/queue/claims", json={})
        by_name = await chen.post("/queue/claims", json={"ticket": SECOND, "reason": "x"})
    async with world.as_(LEAD, "triage") as lead:
        path = f"/tickets/{SECOND}/assignment"
        by_lead = await lead.post(path, json={"engineer": "e-chen", "reason": "没有别人"})
        stale = await lead.post(path, json={"engineer": "e-chen", "reason": "x"}, headers={"If-Match": '"99"'})
    for refused in (by_turn, by_name, by_lead):
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:bihuan:problem:limit-reached")
    assert stale.status_code == 412
    assert await held_by(world) == await given_to(world) == [TICKET]


async def test_an_urgent_ticket_waits_for_no_limit_of_a_senior_but_for_that_of_others(world: World) -> None:
    await enter(world, capacity=1)
    await enter(world, "e-liu", capacity=1, level=Level.SENIOR, available=False)
    for number in (TICKET, SECOND):
        await world.publish(opened(number, OUTAGE))
    async with world.as_(LEAD, "triage") as lead:
        for number in (TICKET, SECOND):
            body = {"engineer": "e-liu", "reason": "x"}
            assert (await lead.post(f"/tickets/{number}/assignment", json=body)).status_code == 200
        first = await lead.post(f"/tickets/{TICKET}/assignment", json={"engineer": "e-chen", "reason": "x"})
        second = await lead.post(f"/tickets/{SECOND}/assignment", json={"engineer": "e-chen", "reason": "x"})
    assert (first.status_code, second.status_code) == (200, 409)
    assert (await held_by(world), await held_by(world, "e-liu")) == ([TICKET], [SECOND])


async def test_a_repeated_claim_is_answered_although_there_is_no_room_left(world: World) -> None:
    await enter(world, capacity=1)
    await arrive(world, 2)
    async with world.as_(CHEN, "triage", **{"Idempotency-Key": "k-1"}) as chen:
        answers = [await chen.post("/queue/claims", json={}) for _ in range(2)]
    assert [answer.json()["id"] for answer in answers] == [TICKET, TICKET]
    async with world.as_(LEAD, "triage", **{"Idempotency-Key": "k-2"}) as lead:
        body = {"engineer": "e-chen", "reason": "x"}
        assert (
            await lead.post(f"/tickets/{TICKET}/release", json={"reason": "x"}, headers={"Idempotency-Key": "k-3"})
        ).is_success
        given = await lead.post(f"/tickets/{SECOND}/assignment", json=body)
        await lead.post(f"/tickets/{SECOND}/release", json={"reason": "x"}, headers={"Idempotency-Key": "k-4"})
        await lead.post(f"/tickets/{TICKET}/assignment", json=body, headers={"Idempotency-Key": "k-5"})
        again = await lead.post(f"/tickets/{SECOND}/assignment", json=body)
    assert (given.status_code, again.status_code) == (200, 200)
    await world.settle()
    assert await held_by(world) == await given_to(world) == [TICKET]


async def test_a_reopened_ticket_goes_to_the_queue_when_who_had_it_has_no_room(world: World) -> None:
    chen = await enter(world, capacity=1)
    await arrive(world, 2)
    await triage(world).claims.claim(TICKET, chen, "", Origin("e-chen"))
    await world.publish(completed(6))
    await triage(world).claims.claim(SECOND, chen, "", Origin("e-chen"))
    await world.publish(TicketReopened(subject=TICKET, time=world.now(), revision=7, reason="又来了", round=2))
    assert (await triage(world).work.store.get(TICKET)).assignee == ""
    assert [one.engineer for one in world.published(TriageReleased)] == ["e-chen"]
    assert await held_by(world) == [SECOND]


async def test_a_claim_that_fails_takes_no_room(world: World) -> None:
    chen, liu = await enter(world), await enter(world, "e-liu")
    await arrive(world, 1)
    seen = await triage(world).work.store.get(TICKET)
    await replica(world).claims.claim(TICKET, liu, "", Origin("e-liu"))
    with pytest.raises(AlreadyAssigned):
        await triage(world).claims._claim(seen, chen, "", Origin("e-chen"))
    assert await held_by(world) == []


# ---- who holds what


async def test_claims_and_releases_in_quick_turns_on_two_replicas_leave_nothing_behind(world: World) -> None:
    chen = await enter(world)
    numbers = await arrive(world, 6)
    here, there = triage(world), replica(world)
    lead = Origin("l-qian")

    async def pass_around(ticket: str) -> None:
        for n in range(4):
            one, other = (here, there) if n % 2 else (there, here)
            await one.claims.claim(ticket, chen, "test", Origin("e-chen"))
            await other.routing.release(ticket, "x", BY_LEAD, lead)

    await asyncio.gather(*(pass_around(ticket) for ticket in numbers))
    await world.settle()
    assert await held_by(world) == await given_to(world) == []
    assert len(world.published(TriageAssigned)) == len(world.published(TriageReleased)) == 24


async def test_what_is_told_late_and_again_changes_nothing(world: World) -> None:
    chen = await enter(world)
    await arrive(world, 1)
    service = triage(world)
    for _ in range(2):
        await service.claims.claim(TICKET, chen, "", Origin("e-chen"))
        await service.routing.release(TICKET, "x", BY_LEAD, Origin("l-qian"))
    await world.settle()
    told: list[Any] = [*world.published(TriageAssigned), *world.published(TriageReleased)]
    for event in told:
        await replica(world).routing.workload.hear(event)
    assert await held_by(world) == []


# ---- after a crash between two writes


async def test_a_place_that_was_kept_and_never_filled_is_free_again(world: World) -> None:
    await enter(world)
    await arrive(world, 1)
    service = triage(world)
    for ticket in (TICKET, "TK-2026-000404"):
        promise = Reservation(ticket=ticket, version=2, at=world.now(), made_by="x")
        await service.engineers.store.change("e-chen", partial(keep, promise), TRIAGE_ORIGIN)
    assert await service.routing.workload.reconcile() == 0  # it may be on its way
    await world.pass_time(seconds=TriageSettings().reservation_seconds + 1)
    assert await service.routing.workload.reconcile() + len(await held_by(world)) == 0, "by time, without being asked"


async def test_a_ticket_that_was_given_and_not_counted_is_counted(world: World) -> None:
    await enter(world)
    await arrive(world, 1)
    service = triage(world)

    def give(item: WorkItem) -> list[Event]:
        return assignment.assign(item, Engineer(id="e-chen", name="陈宇"), "x", TRIAGE, world.now())

    await service.work.store.change(TICKET, give, Origin("l-qian"))
    await world.settle()
    assert await held_by(world) == [TICKET], "by what was told of it"
    await service.engineers.store.change("e-chen", lambda one: one.forget(TICKET), TRIAGE_ORIGIN)
    await world.pass_time(seconds=TriageSettings().reconcile_seconds + 1)
    assert await held_by(world) == [TICKET], "by time"


async def test_a_ticket_that_ended_and_is_still_counted_is_let_go(world: World) -> None:
    chen = await enter(world)
    await arrive(world, 1)
    service = triage(world)
    await service.claims.claim(TICKET, chen, "", Origin("e-chen"))
    await world.publish(completed(6))
    promise = Reservation(ticket=TICKET, version=3, at=world.now(), made_by="x")
    await service.engineers.store.change("e-chen", partial(keep, promise), TRIAGE_ORIGIN)
    assert await service.routing.workload.reconcile() == 1
    assert (await held_by(world), await service.routing.workload.reconcile()) == ([], 0)


async def test_a_count_is_right_also_when_a_work_item_was_built_again(world: World) -> None:
    """Its version may then be lower than the one that was let go."""
    chen = await enter(world)
    await arrive(world, 1)
    service = triage(world)
    await service.claims.claim(TICKET, chen, "", Origin("e-chen"))
    await service.engineers.store.change("e-chen", lambda one: one.release(TICKET, 99), TRIAGE_ORIGIN)
    assert await service.routing.workload.reconcile() == 1
    assert await held_by(world) == [TICKET]


async def test_replicas_look_after_it_in_turns(world: World) -> None:
    looks: list[str] = []
    runtime = world.runtimes["triage"]

    async def look(name: str) -> None:
        looks.append(name)

    def scheduler(name: str) -> Scheduler:
        store = PeriodicJobs(runtime.database, runtime.sender, world.now)
        return Scheduler(store, {"look": (timedelta(minutes=5), partial(look, name))}, world.now)

    here, there = scheduler("here"), scheduler("there")
    await here.schedule()
    await there.schedule()
    for _ in range(2):
        for replica in (here, there):
            await replica.run(["look"])
    assert looks == ["here"]


# ---- urgent tickets are offered again


async def test_an_urgent_ticket_is_offered_again_by_time(world: World) -> None:
    await world.publish(opened(TICKET, OUTAGE))
    await enter(world, "e-liu", level=Level.SENIOR)  # nobody was told
    assert world.published(TriageAssigned) == []
    await world.pass_time(seconds=TriageSettings().assign_urgent_seconds + 1)
    assert [one.engineer for one in world.published(TriageAssigned)] == ["e-liu"]
    assert await held_by(world, "e-liu") == [TICKET]


async def test_an_urgent_ticket_is_offered_when_somebody_becomes_a_senior(world: World) -> None:
    await world.publish(opened(TICKET, OUTAGE))
    await enter(world, "e-liu")
    async with world.as_(LEAD, "triage") as lead:
        answer = await lead.put("/engineers/e-liu", json={"name": "刘洋", "level": "senior"})
    assert answer.json()["tickets"] == [TICKET]


async def test_a_ticket_that_was_released_or_became_urgent_is_offered_by_what_is_told_of_it(world: World) -> None:
    """Who did it did not get that far."""
    await enter(world)
    await arrive(world, 1)
    await enter(world, "e-liu", level=Level.SENIOR)
    work = triage(world).work.store
    urgent = {"category": Category.FUNCTION, "priority": Priority.URGENT, "queue": "function"}

    def raise_it(item: WorkItem) -> list[Event]:
        item.priority = Priority.URGENT
        return [TriageReclassified(subject=TICKET, time=world.now(), reasons=[], **urgent)]

    await work.change(TICKET, raise_it, Origin("l-qian"))
    await world.settle()
    assert (await work.get(TICKET)).assignee == "e-liu"
    await enter(world, "e-gao", level=Level.SENIOR)

    def release(item: WorkItem) -> list[Event]:
        return assignment.release(item, "下班", BY_LEAD, world.now())

    await work.change(TICKET, release, Origin("l-qian"))
    await world.settle()
    assert (await work.get(TICKET)).assignee == "e-gao"
    assert (await held_by(world, "e-liu"), await held_by(world, "e-gao")) == ([], [TICKET])


async def test_an_urgent_ticket_whose_senior_was_kept_a_place_before_a_crash_goes_to_them(world: World) -> None:
    await enter(world, "e-liu", level=Level.SENIOR)
    await enter(world, "e-gao", level=Level.SENIOR)
    promise = Reservation(ticket=TICKET, version=1, at=world.now(), made_by="x")
    await triage(world).engineers.store.change("e-gao", partial(keep, promise), TRIAGE_ORIGIN)
    await world.publish(opened(TICKET, OUTAGE))
    assert [one.engineer for one in world.published(TriageAssigned)] == ["e-gao"]
    await world.pass_time(hours=1)
    assert (await held_by(world, "e-gao"), await held_by(world, "e-liu")) == ([TICKET], [])


async def test_who_releases_an_urgent_ticket_for_another_does_not_give_it_back_to_them(world: World) -> None:
    for who in (CHEN, LIU):
        await enter(world, who.sub, level=Level.SENIOR)
    await world.publish(opened(TICKET, OUTAGE))
    [first] = world.published(TriageAssigned)
    async with world.as_(LEAD, "triage") as lead:
        answer = await lead.post(f"/tickets/{TICKET}/release", json={"reason": "换班"})
    await world.settle()
    assert answer.json()["assignee"] == ({"e-chen", "e-liu"} - {first.engineer}).pop()
    assert len(world.published(TriageAssigned)) == 2
