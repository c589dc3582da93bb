"""Reviews are made each month, once, and at any time; improvements are followed up."""

import asyncio
from datetime import timedelta
from typing import Any

from services.sla.app import create_app
from shared.events.sla_reviews import SlaImprovementDue, SlaImprovementRaised, SlaReviewMade, SlaReviewPublished
from shared.terms import Priority, Satisfaction
from shared.testing import AGENT, CHEN, LEAD, LIU, NOON, Person, World
from tests.sla.builders import accepted, called_back, completed, diagnosed, opened, rated, tell
from tests.sla.client import get, put

MONTH = {"since": "2026-03-01", "until": "2026-04-01"}


async def post(world: World, who: Person, path: str, body: Any = None, **headers: str) -> Any:
    async with world.as_(who, "sla", **headers) as client:
        return await client.post(path, json=body)


async def a_ticket(world: World) -> None:
    await tell(world, opened(revision=1))
    await tell(world, diagnosed(Priority.URGENT, revision=1))
    await tell(world, accepted(NOON + timedelta(hours=5), revision=3))
    await tell(world, rated(Satisfaction.DISSATISFIED, NOON + timedelta(hours=6), revision=4))
    await tell(world, called_back(NOON + timedelta(hours=7), revision=5))
    await tell(world, completed(NOON + timedelta(hours=8), resolved_at=NOON + timedelta(hours=5), revision=6))
    await world.pass_time(minutes=1)


async def test_the_review_of_a_month_is_made_on_the_first_of_the_next_once_through_replicas(world: World) -> None:
    await a_ticket(world)
    await world.start(create_app, "2")
    planned = (await get(world, LEAD, "/v1/reviews/2026-03")).json()
    assert (planned["state"], planned["content"]) == ("planned", None)
    assert (await get(world, LEAD, "/v1/reviews/2026-03/document?format=csv")).status_code == 409
    due = world.time.replace(month=3, day=31, hour=16, minute=10, second=0)
    world.time = due - timedelta(seconds=1)
    await world.pass_time(seconds=0)
    assert world.published(SlaReviewMade) == []
    world.time = due
    await asyncio.gather(*(timer.turn() for runtime in world.runtimes.values() for timer in runtime.timers))
    await world.settle()
    assert [(one.subject, one.since, one.until) for one in world.published(SlaReviewMade)] == [
        ("2026-03", "2026-03-01", "2026-04-01")
    ]
    made = (await get(world, LEAD, "/v1/reviews/2026-03")).json()
    assert made["content"]["total"]["opened"] == 1
    assert (await get(world, LEAD, "/v1/reviews/2026-04")).json()["state"] == "planned"
    assert [one["id"] for one in (await get(world, LEAD, "/v1/reviews")).json()["items"]] == ["2026-03"]


async def test_months_that_passed_while_nobody_ran_are_made_one_after_the_other(world: World) -> None:
    await world.pass_time(days=95)
    for _ in range(3):
        await world.pass_time(seconds=0)
    assert [one.subject for one in world.published(SlaReviewMade)] == ["2026-03", "2026-04", "2026-05"]


async def test_a_review_of_any_range_is_made_published_and_stays(world: World) -> None:
    await a_ticket(world)
    assert (await post(world, AGENT, "/v1/reviews", MONTH)).status_code == 403
    assert (await post(world, LEAD, "/v1/reviews", {**MONTH, "until": "2026-02-01"})).status_code == 422
    made = (await post(world, LEAD, "/v1/reviews", MONTH)).json()
    path = f"/v1/reviews/{made['id']}"
    assert made["content"]["total"]["causes"] == {"沟通慢": 1}
    published = (await post(world, LEAD, f"{path}/publication")).json()
    assert (published["state"], published["published_by"]) == ("published", LEAD.sub)
    await world.settle()
    assert [one.digest for one in world.published(SlaReviewPublished)] == [published["digest"]]
    await tell(world, opened(NOON + timedelta(hours=9), "TK-2026-000002", revision=1))
    await world.pass_time(minutes=1)
    assert (await put(world, LEAD, f"{path}/content", {})).status_code == 409
    assert (await get(world, CHEN, path)).json()["content"] == made["content"]
    for format, kind in (("html", "text/html"), ("csv", "text/csv")):
        document = await get(world, LEAD, f"{path}/document?format={format}&language=en")
        assert document.headers["content-type"].startswith(kind)
        assert "Tickets opened" in document.text


async def test_an_entry_becomes_an_improvement_whose_owner_is_told_reminded_and_measured(world: World) -> None:
    await a_ticket(world)
    made = (await post(world, LEAD, "/v1/reviews", MONTH)).json()
    asked = {
        "dimension": "cause",
        "value": "沟通慢",
        "kind": "wording",
        "title": "首次回复给出时间",
        "owner": CHEN.sub,
        "due_on": "2026-03-20",
    }
    path = f"/v1/reviews/{made['id']}/improvements"
    assert (await post(world, LEAD, path, {**asked, "value": "天气"})).status_code == 422
    raised, again = [(await post(world, LEAD, path, asked, **{"Idempotency-Key": "k-1"})).json() for _ in range(2)]
    await world.settle()
    assert raised["id"] == again["id"]
    assert [one.owner for one in world.published(SlaImprovementRaised)] == [CHEN.sub]
    await world.pass_time(days=16)
    await world.pass_time(days=7)
    assert [one.overdue for one in world.published(SlaImprovementDue)] == [False, True]
    one = f"/v1/improvements/{raised['id']}"
    assert (await put(world, LEAD, f"{one}/end", {"state": "open"})).status_code == 422
    async with world.as_(LEAD, "sla") as client:
        for _ in range(2):
            assert (await client.patch(one, json={"owner": LIU.sub})).json()["owner"] == LIU.sub
    await world.settle()
    assert [told.owner for told in world.published(SlaImprovementRaised)] == [CHEN.sub, LIU.sub]
    ended = (await put(world, LEAD, f"{one}/end", {"state": "done", "result": "话术已更新"})).json()
    assert (ended["state"], ended["result"]) == ("done", "话术已更新")
    assert (await put(world, LEAD, f"{one}/end", {"state": "dropped"})).status_code == 409
    await world.pass_time(days=30)
    assert len(world.published(SlaImprovementDue)) == 2
    later = (await post(world, LEAD, "/v1/reviews", {"since": "2026-04-01", "until": "2026-05-01"})).json()
    assert [(one["title"], one["measured"]["change"]) for one in later["content"]["improvements"]] == [
        ("首次回复给出时间", -1)
    ]
