"""Urgent tickets go to senior engineers, at once or as soon as one is available."""

from functools import partial

from services.triage.routing import assignment
from services.triage.routing.domain import Level, Reservation
from services.triage.routing.store import Engineers
from services.triage.settings import TriageSettings
from services.triage.work.domain import WorkItem
from services.triage.work.values import TRIAGE_ORIGIN, WorkState
from shared.domain import Origin
from shared.events import (
    Event,
    TriageAssigned,
    TriageReclassified,
)
from shared.outbox import Outgoing
from shared.terms import Category, Priority
from shared.testing import CHEN, LEAD, LIU, World
from tests.triage.builders import BY_LEAD, CRASH, OUTAGE, TICKET, opened
from tests.triage.routing.replicas import arrive, enter, keep
from tests.triage.scene import a_senior, held_by, triage


async def test_an_urgent_ticket_goes_to_the_senior_with_the_fewest_open_ones_at_once(world: World) -> None:
    await a_senior(world, "e-wu")
    await a_senior(world, "e-xie")
    await a_senior(world, "e-away", available=False)
    for number in range(1, 5):
        await world.publish(opened(f"TK-2026-00000{number}", OUTAGE))
    assigned = world.published(TriageAssigned)
    assert all(one.senior and one.by == one.actor == "service:triage" for one in assigned)
    assert sorted(one.engineer for one in assigned) == ["e-wu", "e-wu", "e-xie", "e-xie"]
    assert (await triage(world).work.store.get(TICKET)).work is WorkState.IN_PROGRESS
    assert len(await held_by(world, "e-wu")) == 2


async def test_a_burst_of_urgent_tickets_is_spread_over_the_seniors(world: World) -> None:
    for name in ("e-wu", "e-xie", "e-yu"):
        await a_senior(world, name)
    assert world._bus
    for number in range(1, 13):
        await world._bus.publish(Outgoing.of(opened(f"TK-2026-0001{number:02}", OUTAGE)))
    await world.settle()
    assert [len(await held_by(world, name)) for name in ("e-wu", "e-xie", "e-yu")] == [4, 4, 4]


async def test_a_senior_who_went_away_at_another_replica_gets_nothing(world: World) -> None:
    await a_senior(world, "e-wu")
    await a_senior(world, "e-xie")
    await world.publish(opened("TK-2026-000001", OUTAGE))
    [first] = world.published(TriageAssigned)
    other = "e-xie" if first.engineer == "e-wu" else "e-wu"
    here = world.runtimes["triage"]
    elsewhere = Engineers(here.database, here.sender, world.now)
    await elsewhere.change(other, lambda one: one.set_available(False), Origin("test"))
    await world.publish(opened("TK-2026-000002", OUTAGE))
    assert [one.engineer for one in world.published(TriageAssigned)] == [first.engineer, first.engineer]
    assert await held_by(world, other) == []


async def test_an_urgent_ticket_waits_at_the_top_until_a_senior_is_there(world: World) -> None:
    await world.publish(opened("TK-2026-000002", CRASH))
    await world.publish(opened(TICKET, OUTAGE))
    rows, _ = await triage(world).work.store.queue_page({"assignee": ""})
    assert [row["id"] for row in rows] == [TICKET, "TK-2026-000002"]
    async with world.as_(LEAD, "triage") as lead:
        await lead.put("/v1/engineers/e-liu", json={"name": "刘洋", "level": "senior", "email": "liu@desk.example"})
    assert world.published(TriageAssigned) == []
    async with world.as_(LIU, "triage") as liu:
        answer = await liu.put("/v1/engineers/e-liu/availability", json={"available": True})
    assert answer.json()["open"] == 1
    await world.settle()
    [assigned] = world.published(TriageAssigned)
    assert (assigned.subject, assigned.engineer, assigned.engineer_email) == (TICKET, "e-liu", "liu@desk.example")


async def test_what_was_decided_before_a_restart_is_given_out_after_it(world: World) -> None:
    await world.publish(opened(TICKET, OUTAGE))
    await a_senior(world, "e-wu")
    await triage(world).routing.urgent.assign_waiting()
    await world.settle()
    [assigned] = world.published(TriageAssigned)
    assert assigned.engineer == "e-wu"


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
        answer = await lead.put("/v1/engineers/e-liu", json={"name": "刘洋", "level": "senior"})
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


async def test_an_urgent_ticket_that_was_reserved_for_a_senior_before_a_crash_goes_to_them(world: World) -> None:
    await enter(world, "e-liu", level=Level.SENIOR)
    await enter(world, "e-gao", level=Level.SENIOR)
    reservation = Reservation(ticket=TICKET, version=1, at=world.now(), made_by="x")
    await triage(world).engineers.store.change("e-gao", partial(keep, reservation), TRIAGE_ORIGIN)
    await world.publish(opened(TICKET, OUTAGE))
    assert [one.engineer for one in world.published(TriageAssigned)] == ["e-gao"]
    await world.pass_time(minutes=10)
    assert (await held_by(world, "e-gao"), await held_by(world, "e-liu")) == ([TICKET], [])


async def test_who_releases_an_urgent_ticket_for_another_does_not_give_it_back_to_them(world: World) -> None:
    for who in (CHEN, LIU):
        await enter(world, who.sub, level=Level.SENIOR)
    await world.publish(opened(TICKET, OUTAGE))
    [first] = world.published(TriageAssigned)
    async with world.as_(LEAD, "triage") as lead:
        answer = await lead.post(f"/v1/tickets/{TICKET}/work/release", json={"reason": "换班"})
    await world.settle()
    assert answer.json()["assignee"] == ({"e-chen", "e-liu"} - {first.engineer}).pop()
    assert len(world.published(TriageAssigned)) == 2
