"""A dissatisfied customer is called back, a plan has an owner and a date, and they rate again before the archive."""

import asyncio
from datetime import timedelta

from services.intake.tickets import closing
from services.intake.tickets.reminders import when_due
from shared.events import (
    TicketCompleted,
    TicketFeedbackGiven,
    TicketPlanAgreed,
    TicketPlanCarriedOut,
    TicketPlanOverdue,
)
from shared.terms import Satisfaction, Stage
from shared.testing import AGENT, LEAD, NOON, World
from tests.intake.links.test_pages import link, look, press
from tests.intake.samples import at
from tests.intake.scene import asked, say

DAY = timedelta(days=1)


async def test_a_second_plan_is_carried_out_and_rated_before_the_archive(world: World) -> None:
    number = await asked(world)
    await say(world, number, "verification", accepted=True)
    await say(world, number, "feedback", satisfaction="dissatisfied", comment="太慢")
    path = link(number, "give_feedback")
    async with world.as_(AGENT, "intake") as agent, world.as_(LEAD, "intake") as lead:

        async def does(what: str, **body: object) -> int:
            return (await agent.post(f"/v1/tickets/{number}/{what}", json=body)).status_code

        assert await does("second-plan", plan="每周回访") == 409
        assert await does("call-back", cause="沟通慢", notes="希望每天有进展") == 200
        assert (await look(world, path)).status_code == 409  # not before the plan was carried out
        assert await does("second-plan", plan="每周回访", due_at=NOON.isoformat()) == 422
        assert await does("second-plan", plan="每周回访") == 200
        assert (await lead.post(f"/v1/tickets/{number}/completion")).status_code == 409
        assert await does("second-plan/result", result="已回访") == 200
        assert await does("second-plan/result", result="又回访") == 409
        ticket = (await agent.get(f"/v1/tickets/{number}")).json()
    await world.settle()
    assert (ticket["stage"], ticket["rates_again"], ticket["second_plan_owner"]) == ("feedback", True, AGENT.sub)
    assert world.published(TicketCompleted) == []
    [agreed], [done] = world.published(TicketPlanAgreed), world.published(TicketPlanCarriedOut)
    assert (agreed.owner, done.round) == (AGENT.sub, 1)
    assert agreed.due_at

    assert (await look(world, path)).status_code == 200
    assert (await press(world, path, satisfaction="neutral", comment="好些了")).status_code == 200
    given = [event.satisfaction for event in world.published(TicketFeedbackGiven)]
    assert given == [Satisfaction.DISSATISFIED, Satisfaction.NEUTRAL]
    [completed] = world.published(TicketCompleted)
    assert (completed.satisfaction, completed.second_plan) == (Satisfaction.NEUTRAL, "每周回访")


def test_the_owner_of_an_overdue_plan_is_reminded_then_a_lead_is_told_and_nobody_again() -> None:
    ticket = at(Stage.FEEDBACK, Satisfaction.DISSATISFIED)
    closing.record_call_back(ticket, "太慢", "", "a-lin", NOON)
    closing.agree_second_plan(ticket, "每周回访", "e-liu", NOON, NOON + DAY)
    assert ticket.due_at == NOON + DAY
    assert when_due(ticket, NOON + DAY / 2) == []
    [first] = when_due(ticket, NOON + 3 * DAY)  # the desk was away for two days
    assert isinstance(first, TicketPlanOverdue)
    assert (first.owner, first.due_at, first.reminder) == ("e-liu", NOON + DAY, 1)
    assert when_due(ticket, NOON + 3 * DAY) == []
    [second] = when_due(ticket, NOON + 4 * DAY)
    assert isinstance(second, TicketPlanOverdue)
    assert second.reminder == 2
    assert when_due(ticket, NOON + 4.5 * DAY) == []
    closing.carry_out_second_plan(ticket, "已回访", NOON + 5 * DAY)
    assert ticket.rated_until == NOON + 5 * DAY + closing.RATED_AGAIN_WITHIN
    assert when_due(ticket, NOON + 5 * DAY) == []


async def test_two_replicas_remind_once(world: World) -> None:
    number = await asked(world)
    await say(world, number, "verification", accepted=True)
    await say(world, number, "feedback", satisfaction="dissatisfied")
    async with world.as_(AGENT, "intake") as agent:
        await agent.post(f"/v1/tickets/{number}/call-back", json={"cause": "沟通慢"})
        await agent.post(f"/v1/tickets/{number}/second-plan", json={"plan": "每周回访"})
    world.time += closing.PLAN_WITHIN + DAY / 24
    tickets = world.apps["intake"].state.service.tickets
    await asyncio.gather(*(tickets.when_due([number]) for _ in range(4)))
    await world.settle()
    assert [one.reminder for one in world.published(TicketPlanOverdue)] == [1]
