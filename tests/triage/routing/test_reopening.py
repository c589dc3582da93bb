"""A reopened ticket goes back to who had it."""

from typing import Any

from services.triage.work.values import Activity, WorkState
from shared.domain import Origin
from shared.events import (
    TicketFeedbackGiven,
    TicketReopened,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TriageReleased,
)
from shared.terms import Satisfaction
from shared.testing import CHEN, World
from tests.triage.builders import CRASH, OUTAGE, SECOND, TICKET, completed, opened
from tests.triage.routing.replicas import arrive, enter
from tests.triage.scene import a_senior, held_by, triage


async def test_a_ticket_ends_and_comes_back_to_the_engineer_who_had_it(world: World) -> None:
    await a_senior(world, "e-wu")
    await world.publish(opened(TICKET, OUTAGE))

    def head(revision: int) -> dict[str, Any]:
        return {"subject": TICKET, "time": world.now(), "revision": revision}

    await world.publish(TicketSolutionRejected(**head(4), round=2, comment="还是不行"))
    assert (await triage(world).work.store.get(TICKET)).round == 2
    await world.publish(TicketSolutionAccepted(**head(5), round=2))
    await world.publish(TicketFeedbackGiven(**head(6), satisfaction=Satisfaction.SATISFIED))
    await world.publish(completed(6, what=OUTAGE))
    item = await triage(world).work.store.get(TICKET)
    assert (item.open, item.work, item.satisfaction) == (False, WorkState.DONE, Satisfaction.SATISFIED)
    assert await held_by(world, "e-wu") == []
    assert await triage(world).work.store.queue_page({}) == ([], None)

    reopened = TicketReopened(**head(7), reason="又出现了", round=3)
    await world.publish(reopened)
    await triage(world).routing.reopen(reopened)
    item = await triage(world).work.store.get(TICKET)
    assert (item.open, item.work, item.assignee, item.round) == (True, WorkState.IN_PROGRESS, "e-wu", 3)
    assert await held_by(world, "e-wu") == [TICKET]
    await triage(world).routing.complete(completed(6, what=OUTAGE))  # the first end, told again under another id
    assert (await triage(world).work.store.get(TICKET)).open


async def test_a_reopening_that_is_heard_before_the_end_leads_to_the_same(world: World) -> None:
    await a_senior(world, "e-wu")
    await world.publish(opened(TICKET, OUTAGE))
    ended = completed(6, what=OUTAGE)
    await world.publish(TicketReopened(subject=TICKET, time=world.now(), revision=7, reason="又来了", round=2))
    await world.publish(ended)
    item = await triage(world).work.store.get(TICKET)
    assert (item.open, item.assignee, item.round) == (True, "e-wu", 2)
    assert await held_by(world, "e-wu") == [TICKET]
    assert {Activity.COMPLETED, Activity.REOPENED} <= {entry.did for entry in item.worklog}


async def test_a_reopened_ticket_goes_to_the_queue_when_its_engineer_is_away(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    async with world.as_(CHEN, "triage") as chen:
        await chen.post("/v1/queue/claims", json={})
        await chen.put("/v1/engineers/e-chen/availability", json={"available": False})
    await world.publish(completed(6))
    assert await held_by(world, "e-chen") == []
    await world.publish(TicketReopened(subject=TICKET, time=world.now(), revision=7, reason="又出现了", round=2))
    item = await triage(world).work.store.get(TICKET)
    assert (item.open, item.work, item.assignee) == (True, WorkState.QUEUED, "")
    assert [one.engineer for one in world.published(TriageReleased)] == ["e-chen"]


async def test_a_reopened_ticket_goes_to_the_queue_when_who_had_it_has_no_capacity(world: World) -> None:
    chen = await enter(world, capacity=1)
    await arrive(world, 2)
    await triage(world).claims.claim(TICKET, chen, "", Origin("e-chen"))
    await world.publish(completed(6))
    await triage(world).claims.claim(SECOND, chen, "", Origin("e-chen"))
    await world.publish(TicketReopened(subject=TICKET, time=world.now(), revision=7, reason="又来了", round=2))
    assert (await triage(world).work.store.get(TICKET)).assignee == ""
    assert [one.engineer for one in world.published(TriageReleased)] == ["e-chen"]
    assert await held_by(world) == [SECOND]
