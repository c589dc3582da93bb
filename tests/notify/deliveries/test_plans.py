"""Who is told that a second plan is overdue: its owner, later a lead."""

from shared.events import TicketPlanOverdue
from shared.testing import AGENT, LIU, NOON, WANG, World
from tests.notify.conftest import deliveries_to, templates_to
from tests.notify.samples import TICKET, assigned, opened


def overdue(reminder: int, owner: str = AGENT.sub) -> TicketPlanOverdue:
    return TicketPlanOverdue(subject=TICKET, time=NOON, plan="每周回访", owner=owner, due_at=NOON, reminder=reminder)


async def test_the_owner_is_told_first_then_the_leads(world: World) -> None:
    await world.publish(opened())
    await world.publish(assigned(LIU))
    event = overdue(1)
    for _ in range(2):
        await world.publish(event)
    assert await templates_to(world, AGENT.sub) == ["plan_overdue"]
    assert await templates_to(world, "role:lead") == []
    await world.publish(overdue(2))
    assert await templates_to(world, AGENT.sub) == ["plan_overdue"]
    assert await templates_to(world, "role:lead") == ["plan_overdue"]
    assert "plan_overdue" not in [*await templates_to(world, WANG.sub), *await templates_to(world, LIU.sub)]
    [told] = await deliveries_to(world, AGENT.sub)
    assert "每周回访" in told.words["zh"].text
    [to_leads] = await deliveries_to(world, "role:lead")
    assert "overdue" in to_leads.words["en"].title
