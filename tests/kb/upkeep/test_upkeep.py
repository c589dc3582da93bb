"""What happens opens review tasks for exactly the articles concerned."""

from datetime import timedelta
from typing import Any

import pytest

from services.kb.upkeep.domain import ReviewTask, Use
from shared.events import KbReviewDue, ProductVersionReleased, SolutionRound
from shared.testing import AUDITOR, CHEN, EDITOR, NOON, WANG, Person, World
from tests.kb.articles.test_api import TEXT
from tests.kb.scene import completed, publish, published_article, reopened


async def an_article(world: World, is_published: bool = True, **fields: Any) -> str:
    async with world.as_(CHEN, "kb") as chen:
        id = str((await chen.post("/v1/articles", json={**TEXT, "product": "进销存", **fields})).json()["id"])
    if is_published:
        await publish(world, id)
    return id


async def open_tasks(world: World) -> dict[str, list[tuple[str, str]]]:
    async with world.as_(AUDITOR, "kb") as auditor:
        found = (await auditor.get("/v1/article-reviews")).json()["items"]
    return {one["article"]: [(cause["reason"], cause["about"]) for cause in one["causes"]] for one in found}


def released(version: str = "V3.3") -> ProductVersionReleased:
    return ProductVersionReleased(
        subject="PR-1", time=NOON, product="进销存", names=["erp", "进销存", "ERP"], version=version
    )


async def test_a_new_version_asks_about_what_is_published_and_says_nothing_of_it(world: World) -> None:
    concerned = await an_article(world, affected_versions=["V3.2"])
    by_alias = await an_article(world, product="e r p")
    for fields in ({"fixed_versions": ["3.3"]}, {"product": "财务"}, {"product": ""}, {"product_version": "v3.3"}):
        await an_article(world, **fields)
    await an_article(world, is_published=False)
    await world.publish(released())
    await world.publish(released())  # the same version once more
    expected = [("new_version", "V3.3")]
    assert await open_tasks(world) == {concerned: expected, by_alias: expected}
    assert len(world.published(KbReviewDue)) == 2


async def test_a_review_date_asks_once_and_who_looked_is_kept(world: World) -> None:
    id = await an_article(world)
    day = NOON + timedelta(days=30)
    async with world.as_(CHEN, "kb") as chen:
        body = {"owner": EDITOR.sub, "due_at": day.isoformat()}
        kept = (await chen.put(f"/v1/articles/{id}/upkeep", json=body)).json()
    assert (kept["owner"], kept["due_at"][:10]) == (EDITOR.sub, f"{day:%Y-%m-%d}")
    await world.pass_time(days=29)
    assert await open_tasks(world) == {}
    await world.pass_time(days=2)
    assert await open_tasks(world) == {id: [("review_date", f"{day:%Y-%m-%d}")]}
    async with world.as_(EDITOR, "kb") as editor:
        done = await editor.post(f"/v1/article-reviews/{id}/completion", json={"outcome": "kept", "note": "仍有效"})
        again = await editor.post(f"/v1/article-reviews/{id}/completion", json={"outcome": "kept"})
    [review] = done.json()["reviews"]
    assert (review["by"], review["outcome"], again.status_code) == (EDITOR.sub, "kept", 409)
    assert await open_tasks(world) == {}


async def test_who_does_nothing_is_reminded(world: World) -> None:
    await an_article(world)
    await world.publish(released())
    await world.pass_time(days=15)
    due = world.published(KbReviewDue)
    assert [(one.reasons, one.about) for one in due] == [(["new_version"], "V3.3")] * 2


async def test_a_ticket_that_is_reopened_after_a_reuse_asks_about_that_article_alone(world: World) -> None:
    id = await published_article(world)
    await published_article(world, completed("TK-2026-000005"))
    await world.publish(completed("TK-2026-000002", article=id))
    event = reopened("TK-2026-000002")
    for again in ("", "again"):
        await world.publish(event.model_copy(update={"id": event.id + again}))
    assert await open_tasks(world) == {id: [("reopened", "TK-2026-000002/2")]}


def use(number: int, helped: bool) -> Use:
    return Use(ticket=f"TK-{number:03d}", round=1, helped=helped, at=NOON + timedelta(minutes=number))


@pytest.mark.parametrize(
    ("helped", "falls"),
    [
        ("yyyyyyyyyy" + "yyyyyyyyyy", False),
        ("yyyyyyyyyy" + "yynnnnyyyn", True),
        ("nnnnnnnnnn" + "nnnnnnnnnn", False),
        ("nnnnn", True),
        ("nnnn", False),
        ("yyyyyyyyyy" + "yyyyyynnnn", False),
    ],
)
def test_helpfulness_falls_when_the_newest_uses_help_less(helped: str, falls: bool) -> None:
    task = ReviewTask.of("KB-1", NOON)
    uses = [use(number, sign == "y") for number, sign in enumerate(helped)]
    assert task.record(uses[::-1]) is falls
    assert task.record(uses) is falls
    assert len(task.uses) == len(helped)


async def test_an_article_that_stops_helping_is_looked_at(world: World) -> None:
    id = await published_article(world)
    for number in range(2, 8):
        rounds = [SolutionRound(round=1, solution="a", accepted=False, article=id)]
        rounds.append(SolutionRound(round=2, solution="b", accepted=True))
        event = completed(f"TK-2026-{number:06d}").model_copy(update={"rounds": rounds})
        await world.publish(event)
    [(reason, about)] = (await open_tasks(world))[id]
    assert (reason, about.endswith(" 0/5")) == ("not_helpful", True)
    async with world.as_(CHEN, "kb") as chen:
        task = (await chen.get(f"/v1/article-reviews/{id}")).json()
    assert (task["used"], task["helped"]) == (6, 0)


@pytest.mark.parametrize(
    ("person", "method", "path", "status"),
    [
        (WANG, "GET", "article-reviews", 403),
        (CHEN, "POST", "article-reviews/KB-1/completion", 403),
        (EDITOR, "POST", "article-reviews/KB-1/completion", 404),
        (AUDITOR, "GET", "article-reviews/KB-1", 404),
    ],
)
async def test_who_may(world: World, person: Person, method: str, path: str, status: int) -> None:
    async with world.as_(person, "kb") as client:
        answer = await client.request(method, f"/v1/{path}", json={"outcome": "kept"} if method == "POST" else None)
    assert answer.status_code == status
