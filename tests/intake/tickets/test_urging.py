"""The customer asks the desk to hurry: once an hour, while it is the desk that they wait for."""

from datetime import timedelta

import pytest

from services.intake.tickets import urging
from services.intake.tickets.domain import WrongState
from services.intake.tickets.urging import URGE_EVERY, UrgedRecently
from shared.events import TicketUrged
from shared.terms import Satisfaction, Stage
from shared.testing import AGENT, CHEN, NOON, VIEWER, WANG, ZHAO, World
from tests.intake.samples import at
from tests.intake.scene import opened


def test_it_is_told_once_an_hour_and_counted() -> None:
    ticket = at(Stage.HANDLING)
    [first] = urging.urge(ticket, "今晚要结账", NOON)
    assert isinstance(first, TicketUrged)
    assert (first.times, first.comment, first.assignee) == (1, "今晚要结账", ticket.assignee)
    with pytest.raises(UrgedRecently) as refused:
        urging.urge(ticket, "", NOON + timedelta(minutes=59))
    assert "1 min" in refused.value.detail.en
    [second] = urging.urge(ticket, "", NOON + URGE_EVERY)
    assert isinstance(second, TicketUrged)
    assert (second.times, ticket.urged_at) == (2, NOON + URGE_EVERY)


@pytest.mark.parametrize("stage", [Stage.CUSTOMER_VERIFICATION, Stage.FEEDBACK, Stage.ARCHIVED])
def test_not_while_the_customer_is_waited_for_or_when_it_is_over(stage: Stage) -> None:
    ticket = at(stage)
    with pytest.raises(WrongState):
        urging.urge(ticket, "", NOON)
    assert ticket.urges == 0


def test_a_dissatisfied_customer_can_urge_the_call_back() -> None:
    assert len(urging.urge(at(Stage.FEEDBACK, Satisfaction.DISSATISFIED), "", NOON)) == 1


async def test_customers_their_company_and_the_desk_on_the_phone_may_urge_and_nobody_else(world: World) -> None:
    number = (await opened(world))["ticket"]
    path = f"/v1/tickets/{number}/urges"
    for person, status in ((ZHAO, 404), (CHEN, 403), (WANG, 200), (AGENT, 409), (VIEWER, 409)):
        async with world.as_(person, "intake") as client:
            answer = await client.post(path, json={"comment": "今晚要结账"})
        assert answer.status_code == status, (person, answer.text)
    assert answer.json()["code"] == "urged-recently"
    world.time += URGE_EVERY
    async with world.as_(AGENT, "intake", **{"Idempotency-Key": "call-7"}) as agent:
        twice = [(await agent.post(path, json={})).json() for _ in range(2)]
    assert [(one["urges"], one["urged_at"]) for one in twice] == [(2, "2026-03-02T05:00:00Z")] * 2
    await world.settle()
    assert [(event.times, event.actor) for event in world.published(TicketUrged)] == [(1, "u-wang"), (2, AGENT.sub)]
