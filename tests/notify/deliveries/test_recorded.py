"""What staff write down in the customer's words: the assignee is told, whoever did it is not."""

from collections import Counter

import pytest

from shared.events import Event, TicketSolutionRejected
from shared.testing import AGENT, CHEN, LIU, NOON, WANG, World
from tests.notify.conftest import templates_to
from tests.notify.samples import ACCEPTED, GUEST, TICKET, VERIFIED, assigned, opened, posted

MESSAGE = posted("还是不行", WANG, by_staff=False, assignee=LIU.sub)
REJECTED = TicketSolutionRejected(
    subject=TICKET, time=NOON, round=2, comment="仍然崩溃", assignee=LIU.sub, recorded_by=AGENT.sub
)


async def events_of(world: World, event: Event) -> dict[str, list[str]]:
    """Who is told of it what, on a ticket that is LIU's."""
    await world.publish(opened())
    await world.publish(assigned(LIU))
    before = {person.sub: Counter(await templates_to(world, person.sub)) for person in (WANG, AGENT, LIU, CHEN)}
    await world.publish(event)
    news = {sub: Counter(await templates_to(world, sub)) - known for sub, known in before.items()}
    return {sub: list(told.elements()) for sub, told in news.items() if told}


@pytest.mark.parametrize(
    ("event", "template"),
    [
        (MESSAGE.model_copy(update={"actor": AGENT.sub, "recorded_by": AGENT.sub}), "customer_wrote"),
        (REJECTED.model_copy(update={"actor": CHEN.sub, "confirmed_by": CHEN.sub}), "solution_rejected"),
    ],
)
async def test_the_assignee_alone_is_told_of_what_another_wrote_down(world: World, event: Event, template: str) -> None:
    assert await events_of(world, event) == {LIU.sub: [template]}


@pytest.mark.parametrize(
    "event",
    [
        MESSAGE.model_copy(update={"actor": LIU.sub, "recorded_by": LIU.sub}),
        REJECTED.model_copy(update={"actor": LIU.sub, "confirmed_by": LIU.sub}),
    ],
)
async def test_nobody_is_told_of_what_the_assignee_wrote_down(world: World, event: Event) -> None:
    assert await events_of(world, event) == {}


async def test_an_assignee_is_told_when_another_confirms_the_no_that_they_wrote_down(world: World) -> None:
    """Until then it counted for nothing."""
    by = {"actor": CHEN.sub, "recorded_by": LIU.sub, "confirmed_by": CHEN.sub}
    assert await events_of(world, REJECTED.model_copy(update=by)) == {LIU.sub: ["solution_rejected"]}


async def test_a_customer_is_told_of_the_yes_that_staff_wrote_down_and_asked_to_rate(world: World) -> None:
    await world.publish(opened())
    await world.publish(VERIFIED)
    by = {"actor": CHEN.sub, "recorded_by": LIU.sub, "confirmed_by": CHEN.sub}
    await world.publish(ACCEPTED.model_copy(update=by))
    assert sorted(await templates_to(world, WANG.sub)) == ["opened", "please_rate", "please_verify"]


async def test_the_words_of_a_guest_are_told_to_the_assignee_alone(world: World) -> None:
    await world.publish(opened(GUEST))
    await world.publish(assigned(LIU))
    by = {"author": f"mailto:{GUEST.email}", "actor": AGENT.sub, "recorded_by": AGENT.sub}
    await world.publish(MESSAGE.model_copy(update=by))
    assert sorted(await templates_to(world, LIU.sub)) == ["customer_wrote", "work_assigned"]
    assert await templates_to(world, AGENT.sub) == await templates_to(world, f"mailto:{GUEST.email}") == []
