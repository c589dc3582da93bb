"""The queue as the database gives it: in order, page by page, also when it has changed since the last look."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from services.triage.app import create_app
from services.triage.work import facts
from services.triage.work.domain import WorkItem
from services.triage.work.queue_order import QueueOrder, due_key
from services.triage.work.store import WorkItems
from shared.domain import Origin
from shared.events import Event
from shared.store import ByText
from shared.testing import NOON, Servers, World, running
from tests.triage.builders import CRASH, OUTAGE, QUESTION, an_item, completed

APART = ByText.APART
PROBLEMS = (CRASH, QUESTION, OUTAGE)
QUEUE, DUE = QueueOrder
KEYS = {QUEUE: "pressing", DUE: "due_key"}
MANY = APART * 4 + 7


@pytest.fixture
async def work(servers: Servers) -> AsyncIterator[WorkItems]:
    async with running(servers, create_app) as world:
        yield await filled(world)


async def filled(world: World) -> WorkItems:
    work: WorkItems = world.apps["triage"].state.service.work.store
    for number in range(MANY):
        item = an_item(PROBLEMS[number % 3], f"TK-{number * 7919 % MANY:04}", NOON + timedelta(minutes=number % 60))
        item.assignee = "e-chen" if number % 5 == 0 else ""
        item.next_due = NOON + timedelta(hours=number * 31 % 48) if number % 4 else None
        await work.add(item, [], Origin("test"))
    return work


async def pages(work: WorkItems, wanted: dict[str, str], limit: int, order: QueueOrder = QUEUE) -> list[str]:
    seen: list[str] = []
    after = None
    while True:
        rows, after = await work.queue_page(wanted, after, limit, order)
        seen += [row[KEYS[order]] for row in rows]
        if after is None:
            return seen


async def truth(work: WorkItems, wanted: dict[str, str], order: QueueOrder = QUEUE) -> list[str]:
    every = [item async for item in work.all()]
    found = [item for item in every if item.open and all(getattr(item, k) == v for k, v in wanted.items())]
    keys = [item.queue_key() for item in found]
    return sorted(keys if order is QUEUE else [due_key(one.next_due, one.queue_key()) for one in found])


@pytest.mark.parametrize(
    "wanted", [{}, {"queue": "function"}, {"assignee": "e-chen", "queue": "operation"}, {"assignee": "nobody"}]
)
async def test_pages_give_each_open_item_once_and_in_order(work: WorkItems, wanted: dict[str, str]) -> None:
    for order in QueueOrder:
        expected = await truth(work, wanted, order)
        for limit in (7, 50):
            assert await pages(work, wanted, limit, order) == expected


async def test_a_queue_that_has_drained_since_the_last_look_is_read_further(work: WorkItems) -> None:
    before = await pages(work, {}, 50)

    def end(item: WorkItem) -> list[Event]:
        facts.completed(item, completed())
        return []

    for pressing in before[: APART * 3]:
        await work.change(pressing.split(" ")[-1], end, Origin("test"))
    assert [row["pressing"] for row in (await work.queue_page({}, limit=20))[0]] == before[APART * 3 :][:20]
    assert await pages(work, {"queue": "operation"}, 20) == await truth(work, {"queue": "operation"})


async def test_what_an_older_release_wrote_is_listed_by_its_deadline_and_not_after_its_end(work: WorkItems) -> None:
    first, second, third, *_ = [key.split(" ")[-1] for key in await truth(work, {}, DUE)]
    await work._docs.update_one({"_id": first}, {"$set": {"open": False, "pressing": ""}})
    await work._docs.update_one({"_id": second}, {"$unset": {"due_key": ""}})
    assert [row["id"] for row in (await work.queue_page({}, limit=1, order=DUE))[0]] == [third]
    await work.survey_queue()
    assert await pages(work, {}, 50, DUE) == await truth(work, {}, DUE)
    assert [row["id"] for row in (await work.queue_page({}, limit=2, order=DUE))[0]] == [second, third]
