"""Lists of tickets: what filters find, for whom, page by page."""

from datetime import timedelta
from typing import Any

import pytest

from shared.events import TriageAssigned, TriageDiagnosed
from shared.terms import Category, Priority
from shared.testing import AGENT, AUDITOR, LEAD, NOON, VIEWER, WANG, ZHAO, Person, World
from tests.intake.scene import opened, say, to_verification

HUADONG, NORTH = WANG.company, ZHAO.company


async def listed(world: World, who: Person, **filters: str) -> list[str]:
    """The numbers, of pages with one ticket each."""
    seen: list[str] = []
    after: str | None = ""
    async with world.as_(who, "intake") as client:
        while after is not None:
            answer = await client.get("/v1/tickets", params={"limit": "1", "after": after, **filters})
            assert answer.status_code == 200, answer.text
            page = answer.json()
            seen += [row["ticket"] for row in page["items"]]
            after = page["next"]
    return seen


async def four(world: World) -> dict[str, str]:
    """Numbers by name, an hour apart: `new` and `urgent` of Wang's, `asked` of Wang's, `north` of Zhao's."""
    found: dict[str, str] = {}
    for name, who in (("new", WANG), ("urgent", WANG), ("asked", WANG), ("north", ZHAO)):
        found[name] = (await opened(world, who, title=name))["ticket"]
        world.time += timedelta(hours=1)
    known: dict[str, Any] = {"subject": found["urgent"], "time": NOON, "actor": "e-chen"}
    diagnosis = {"category": Category.DATA, "priority": Priority.URGENT, "queue": "data", "reasons": []}
    await world.publish(TriageDiagnosed(**known, **diagnosis, confirmed=True))
    await world.publish(TriageAssigned(**known, engineer="e-chen", engineer_name="陈宇", senior=False, by="e-chen"))
    await to_verification(world, found["asked"])
    return found


def moment(hours: int) -> str:
    return (NOON + timedelta(hours=hours)).isoformat()


async def test_filters_find_what_they_say_and_nothing_else(world: World) -> None:
    await four(world)
    async with world.as_(LEAD, "intake") as lead:
        rows = {one["title"]: one for one in (await lead.get("/v1/tickets")).json()["items"]}
    names = {one["ticket"]: title for title, one in rows.items()}
    assert set(names.values()) == {"new", "urgent", "asked", "north"}
    expected: list[tuple[dict[str, str], list[str]]] = [
        ({}, ["north", "asked", "urgent", "new"]),
        ({"status": "pending"}, ["north", "new"]),
        ({"status": "in_progress"}, ["asked", "urgent"]),
        ({"status": "completed"}, []),
        ({"stage": "handling"}, ["urgent"]),
        ({"stage": "handling", "status": "in_progress"}, ["urgent"]),
        ({"stage": "handling", "status": "pending"}, []),
        ({"waiting_for": "customer_verification"}, ["asked"]),
        ({"category": "data"}, ["urgent"]),
        ({"priority": "high"}, ["asked"]),
        ({"customer": rows["north"]["customer"]}, ["north"]),
        ({"customer": "C-nobody"}, []),
        ({"company": HUADONG}, ["asked", "urgent", "new"]),
        ({"company": HUADONG, "priority": "urgent"}, ["urgent"]),
        ({"assignee": "e-chen"}, ["urgent"]),
        ({"assignee": ""}, ["north", "new"]),
        ({"opened_after": moment(1)}, ["north", "asked", "urgent"]),
        ({"opened_before": moment(2)}, ["urgent", "new"]),
        ({"opened_after": moment(1), "opened_before": moment(2)}, ["urgent"]),
        ({"opened_after": moment(2), "opened_before": moment(1)}, []),
        ({"company": HUADONG, "status": "in_progress", "opened_after": moment(2)}, ["asked"]),
    ]
    for filters, found in expected:
        assert [names[ticket] for ticket in await listed(world, LEAD, **filters)] == found, filters
        oldest = await listed(world, LEAD, sort="oldest", **filters)
        assert [names[ticket] for ticket in oldest] == found[::-1], filters


async def test_they_are_sorted_by_what_changed_last_and_by_priority(world: World) -> None:
    """With every filter, for whom as without, page by page; a change between two pages moves none of the others."""
    found = await four(world)
    follower = world.apps["intake"].state.service.search.follower
    world.time += timedelta(minutes=1)
    await say(world, found["new"], "messages", text="还有吗")
    await follower.refresh()
    names = {number: name for name, number in found.items()}
    for who, filters, updated, priority in (
        (LEAD, {}, ["new", "asked", "urgent", "north"], ["urgent", "asked", "north", "new"]),
        (LEAD, {"status": "pending"}, ["new", "north"], ["north", "new"]),
        (LEAD, {"assignee": "e-chen"}, ["urgent"], ["urgent"]),
        (LEAD, {"assignee": "me"}, [], []),
        (LEAD, {"company": NORTH, "opened_before": moment(2)}, [], []),
        (LEAD, {"opened_after": moment(1), "opened_before": moment(3)}, ["asked", "urgent"], ["urgent", "asked"]),
        (WANG, {}, ["new", "asked", "urgent"], ["urgent", "asked", "new"]),
        (VIEWER, {"company": NORTH}, [], []),
        (ZHAO, {}, ["north"], ["north"]),
    ):
        for sort, expected in (("updated", updated), ("priority", priority)):
            there = await listed(world, who, sort=sort, **filters)
            assert [names[number] for number in there] == expected, (who, filters, sort)
    async with world.as_(LEAD, "intake") as lead:
        first = (await lead.get("/v1/tickets", params={"sort": "updated", "limit": 2})).json()
        world.time += timedelta(minutes=1)
        posted = await lead.post(f"/v1/tickets/{found['north']}/messages", json={"text": "我们在看"})
        assert posted.is_success
        await follower.refresh()
        rest = (await lead.get("/v1/tickets", params={"sort": "updated", "after": first["next"]})).json()["items"]
        assert [names[one["ticket"]] for one in (*first["items"], *rest)] == ["new", "asked", "urgent"]
        strange = await lead.get("/v1/tickets", params={"sort": "priority", "after": first["next"]})
        assert strange.status_code == 422


async def test_a_customer_is_found_with_all_that_were_merged_into_it(world: World) -> None:
    numbers = [(await opened(world, who))["ticket"] for who in (WANG, ZHAO)]
    async with world.as_(LEAD, "intake") as lead:
        huadong, north = [(await lead.get(f"/v1/tickets/{one}")).json()["customer"] for one in numbers]
        merged = await lead.post(f"/v1/customers/{huadong}/aliases", json={"customer": north, "reason": "renamed"})
    assert merged.status_code == 201
    await world.settle()
    for customer in (huadong, north):
        assert sorted(await listed(world, LEAD, customer=customer)) == numbers


async def test_no_filter_shows_more_than_the_caller_may_see(world: World) -> None:
    found = await four(world)
    north, theirs = [found["north"]], [found["asked"], found["urgent"], found["new"]]
    both = Person("u-x", ("requester", "company_viewer"))
    for who, whole in ((AUDITOR, [*north, *theirs]), (AGENT, [*north, *theirs]), (VIEWER, theirs), (WANG, theirs)):
        assert await listed(world, who) == whole
    for who in (VIEWER, WANG, both):
        for filters in ({"company": NORTH}, {"assignee": "", "company": NORTH}, {"company": "", "status": "pending"}):
            assert await listed(world, who, **filters) == [], (who, filters)
    assert await listed(world, VIEWER, company=HUADONG, stage="handling") == [found["urgent"]]
    assert await listed(world, ZHAO, opened_before=moment(3)) == []
    assert await listed(world, ZHAO, status="pending") == north


@pytest.mark.parametrize(
    "filters",
    [
        {"status": "open"},
        {"stage": "nowhere"},
        {"priority": "very"},
        {"category": ""},
        {"customer": "two words"},
        {"opened_after": "yesterday"},
        {"opened_before": "2026-03-02T12:00:00"},
        {"prioritty": "urgent"},
        {"limit": "0"},
        {"sort": "title"},
    ],
)
async def test_a_filter_that_says_nothing_is_refused_by_its_name(world: World, filters: dict[str, str]) -> None:
    async with world.as_(LEAD, "intake") as lead:
        answer = await lead.get("/v1/tickets", params=filters)
    [name] = filters
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, f"query.{name}")


@pytest.mark.parametrize(
    "filter",
    ["contact.sub", "customer", "company", "assignee", "stage", "waiting_for", "priority", "category"],
)
async def test_every_filter_has_an_index_in_the_lists_order(world: World, filter: str) -> None:
    await opened(world, WANG)
    store = world.apps["intake"].state.service.tickets.store
    plan = str(await store.explain({filter: "x", "opened_at": {"$gte": NOON - timedelta(days=1), "$lt": NOON}}))
    assert f"{filter}_1_opened_at_1" in plan, plan
