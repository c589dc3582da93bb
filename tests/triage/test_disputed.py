"""A number that two tickets have: the work item stays as it was when the second opening was heard, and is given to
nobody but by a person."""

import random
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.triage.app import create_app
from services.triage.work import facts
from shared.testing import CHEN, LEAD, LIU, Person, Servers, World, running
from tests.triage.builders import CRASH, OUTAGE, TICKET, opened
from tests.triage.test_disorder import LIFE, built, doubled, hear, written
from tests.triage.test_handlers import a_senior, triage


@pytest.mark.parametrize("heard", [0, 3, 12, 20, len(LIFE)])
def test_after_a_second_opening_no_fact_in_any_order_changes_anything_also_built_again(heard: int) -> None:
    first = opened(TICKET, OUTAGE)
    second = first.model_copy(update={"id": "another", "problem": CRASH})
    before = hear(facts.opened(first), LIFE[:heard])
    for seed in range(10):
        later = doubled([first, second, *LIFE], random.Random(seed))
        item = before.model_copy(deep=True)
        for event in (second, *later):
            facts.hear(item, event)
        assert item.disputed
        assert written(item) == written(before.model_copy(update={"disputed": True}))
        assert written(built([first, *LIFE[:heard], second, *later])) == written(item)


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, create_app) as world:
        yield world


async def dispute(world: World) -> None:
    """An urgent work item, whose number another ticket has too."""
    await world.publish(opened(TICKET, OUTAGE))
    await world.publish(opened(TICKET, CRASH).model_copy(update={"id": "another"}))


async def ask(world: World, who: Person, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    async with world.as_(who, "triage") as client:
        answer = await client.request(method, path, json=body)
    await world.settle()
    return answer


async def test_the_queue_shows_which_of_its_tickets_is_disputed(world: World) -> None:
    await dispute(world)
    await world.publish(opened("TK-2026-000002", CRASH))
    rows = (await ask(world, LEAD, "GET", "/queue")).json()["items"]
    assert {row["ticket"]: row["disputed"] for row in rows} == {TICKET: True, "TK-2026-000002": False}


async def test_a_row_of_an_older_release_is_not_disputed(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    await world.runtimes["triage"].database["workitem"].update_many({}, {"$unset": {"disputed": ""}})
    [row] = (await ask(world, LEAD, "GET", "/queue")).json()["items"]
    assert row["disputed"] is False


async def test_a_disputed_urgent_one_is_given_to_nobody_by_itself_but_by_a_lead(world: World) -> None:
    await dispute(world)
    await a_senior(world, LIU.sub)
    await triage(world).routing.assign_urgent()
    assert (await triage(world).work.store.get(TICKET)).assignee == ""
    urgent = "TK-2026-000002"
    await world.publish(opened(urgent, OUTAGE))
    assert (await triage(world).work.store.get(urgent)).assignee == LIU.sub
    handed = {"engineer": LIU.sub, "reason": "it is Wang's"}
    assert (await ask(world, LEAD, "POST", f"/tickets/{TICKET}/assignment", handed)).json()["assignee"] == LIU.sub
    released = await ask(world, LEAD, "POST", f"/tickets/{TICKET}/release", {"reason": "it is not"})
    assert released.json()["assignee"] == ""
    assert (await triage(world).work.store.get(TICKET)).assignee == ""


async def test_a_disputed_one_is_claimed_by_its_number_and_with_a_reason_alone(world: World) -> None:
    await dispute(world)
    assert (await ask(world, CHEN, "POST", "/queue/claims", {})).status_code == 404
    later = "TK-2026-000002"
    await world.publish(opened(later, CRASH))
    assert (await ask(world, CHEN, "POST", "/queue/claims", {"ticket": TICKET})).status_code == 409
    assert (await ask(world, CHEN, "POST", "/queue/claims", {"ticket": later})).json()["assignee"] == CHEN.sub
    known = {"ticket": TICKET, "reason": "I know whose it is"}
    assert (await ask(world, CHEN, "POST", "/queue/claims", known)).json()["assignee"] == CHEN.sub
