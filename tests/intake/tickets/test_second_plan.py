"""A dissatisfied customer is called back, a plan has an owner and a date, and they rate again before the archive."""

from shared.events import TicketCompleted, TicketFeedbackGiven, TicketPlanAgreed, TicketPlanCarriedOut
from shared.terms import Satisfaction
from shared.testing import AGENT, LEAD, NOON, World
from tests.intake.links.test_pages import link, look, press
from tests.intake.scene import asked, say


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
