"""Articles before submission: what is shown to whom on pages and over HTTP, and how it is counted."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.intake.app import Intake
from services.kb.app import Kb
from shared.domain import Origin
from shared.testing import (
    ADMIN,
    AGENT,
    AUDITOR,
    CHEN,
    EDITOR,
    LEAD,
    VIEWER,
    WANG,
    ZHAO,
    Person,
    Servers,
    World,
    running,
)
from tests.intake.portal.browser import browser, key_of, post, words_of
from tests.intake.scene import CRASH
from tests.servers import app_factory

ARTICLE: dict[str, Any] = {
    "title": "导出 Excel 时程序闪退",
    "problem": "点击导出后程序退出 <img src=x onerror=alert(1)>",
    "root_cause": "内存不足",
    "solution": "升级到 **V3.2.1**\n\n![图](files/abc) [说明](javascript:alert(1))",
}
DRAFT = {"title": "导出 Excel 时程序闪退", "description": "点一下导出就退出"}


@pytest.fixture
async def world(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setenv("BIHUAN_DEFLECTION_HOLD_OUT", "0")
    async with running(servers, app_factory("intake"), app_factory("kb")) as world:
        yield world


async def article(world: World, audience: str, **more: str) -> str:
    async with world.as_(CHEN, "kb") as chen:
        answer = await chen.post("/v1/articles", json={**ARTICLE, **more, "audience": audience})
        id: str = answer.json()["id"]
    async with world.as_(EDITOR, "kb") as editor:
        await editor.post(f"/v1/articles/{id}/approval")
        assert (await editor.post(f"/v1/articles/{id}/publication")).status_code == 200
    kb: Kb = world.apps["kb"].state.service
    await kb.search.catalog.follower.refresh()
    return id


async def asked(world: World, person: Person = WANG, **more: str) -> dict[str, Any]:
    async with world.as_(person, "intake") as client:
        answer = await client.post("/v1/ticket-suggestions", json=DRAFT | more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def figures(world: World) -> dict[str, Any]:
    async with world.as_(LEAD, "intake") as lead:
        found: dict[str, Any] = (await lead.get("/v1/deflection")).json()
    return found


def held_out(world: World, share: float) -> None:
    intake: Intake = world.apps["intake"].state.service
    object.__setattr__(intake.portal.deflection, "held_out", share)


async def submit(world: World, person: Person = WANG) -> None:
    async with world.as_(person, "intake") as client:
        assert (await client.post("/v1/tickets", json=DRAFT)).status_code == 201
    await world.settle()


async def test_only_what_customers_may_read_is_shown(world: World) -> None:
    ids = {audience: await article(world, audience) for audience in ("public", "customers", "internal")}
    found = await asked(world)
    assert {one["article"] for one in found["articles"]} == {ids["public"], ids["customers"]}
    async with browser(world, WANG) as wang:
        page = await post(wang, "/portal/new", step="check", **DRAFT)
        assert ids["internal"] not in page.text
        for audience, id in ids.items():
            read = await wang.get(f"/portal/articles/{id}")
            assert read.status_code == (404 if audience == "internal" else 200)


async def test_what_became_internal_is_not_shown_though_the_index_has_it(world: World) -> None:
    id = await article(world, "public")
    kb: Kb = world.apps["kb"].state.service

    def hide(one: Any) -> list[Any]:
        one.live.content.audience = type(one.live.content.audience)("internal")
        return []

    await kb.articles.store.change(id, hide, Origin.service("kb"))
    assert (await asked(world))["articles"] == []


async def test_the_form_shows_articles_and_counts_the_one_that_is_read(world: World) -> None:
    id = await article(world, "public")
    async with browser(world, WANG) as wang:
        key = key_of(await wang.get("/portal/new"))
        page = await post(wang, "/portal/new", key=key, step="check", **DRAFT)
        [path] = re.findall(r'href="(/portal/articles/[^"]+)"', page.text)
        assert "以下文章能否解决您的问题" in words_of(page)
        assert "<script" not in page.text
        read = await wang.get(path)
        assert "升级到 V3.2.1" in words_of(read)
        for evil in ("<img", 'href="javascript', "onerror=alert(1)>"):
            assert evil not in read.text
        assert (await wang.get(f"/portal/articles/{id}?suggestion=nothing")).status_code == 200
        sent = await post(wang, "/portal/new", key=key, step="send", **DRAFT)
        assert sent.status_code == 303
    await world.settle()
    world.time += timedelta(minutes=1)
    assert (await figures(world))["undecided"] == 1
    await world.pass_time(hours=25)
    counted = (await figures(world))["shown"]
    assert counted == {"visits": 1, "read": 1, "submitted": 1, "not_submitted": 0, "share_submitted": 1.0}


async def test_the_api_tells_articles_and_tickets_and_is_told_what_was_read(world: World) -> None:
    id = await article(world, "public")
    await submit(world)
    world.time += timedelta(minutes=1)
    found = await asked(world)
    assert [one["title"] for one in found["tickets"]] == [DRAFT["title"]]
    assert (await asked(world, ZHAO))["tickets"] == []
    path = f"/v1/ticket-suggestions/{found['id']}/readings"
    for person, status in ((ZHAO, 404), (AGENT, 403), (WANG, 200), (WANG, 200)):
        async with world.as_(person, "intake") as client:
            assert (await client.post(path, json={"article": id})).status_code == status
    await world.pass_time(hours=25)
    shown = (await figures(world))["shown"]
    assert (shown["visits"], shown["read"], shown["submitted"], shown["not_submitted"]) == (2, 1, 0, 2)


async def test_the_hold_out_group_is_shown_nothing_and_counted_all_the_same(world: World) -> None:
    id = await article(world, "public")
    held_out(world, 1.0)
    found = await asked(world)
    assert (found["id"], found["articles"]) == ("", [])
    async with browser(world, WANG) as wang:
        page = await post(wang, "/portal/new", step="check", **DRAFT)
        assert id not in page.text
    await submit(world)
    held_out(world, 0.0)
    assert [one["article"] for one in (await asked(world, ZHAO))["articles"]] == [id]
    await world.pass_time(hours=25)
    counted = await figures(world)
    assert (counted["held_out"]["visits"], counted["held_out"]["submitted"]) == (1, 1)
    assert (counted["shown"]["visits"], counted["shown"]["not_submitted"]) == (1, 1)
    assert counted["effect"] == 1.0


async def test_nothing_to_show_is_no_visit(world: World) -> None:
    await article(world, "internal")
    found = await asked(world)
    assert (found["id"], found["articles"]) == ("", [])
    assert (await figures(world))["undecided"] == 0


async def test_a_day_later_nobody_is_named_and_it_is_counted_once(world: World) -> None:
    await article(world, "public")
    await asked(world)
    await asked(world, title="导出 Excel 闪退")
    await world.pass_time(hours=25)
    await world.pass_time(hours=25)
    intake: Intake = world.apps["intake"].state.service
    [kept] = [one async for one in intake.portal.deflection.store.all()]
    assert (kept.customer, kept.result.value) == ("", "not_submitted")
    await asked(world)
    assert len([one async for one in intake.portal.deflection.store.all()]) == 2
    await world.pass_time(days=800)
    assert await intake.portal.deflection.store.remove_expired() >= 2


async def test_without_kb_the_form_and_the_api_go_on(world: World) -> None:
    id = await article(world, "public")
    await world.stop("kb")
    found = await asked(world)
    assert (found["id"], found["articles"]) == ("", [])
    async with browser(world, WANG) as wang:
        assert (await post(wang, "/portal/new", step="check", **CRASH)).status_code == 200
        assert (await wang.get(f"/portal/articles/{id}")).status_code == 503


@pytest.mark.parametrize(
    ("person", "status"),
    [(WANG, 403), (VIEWER, 403), (AGENT, 403), (CHEN, 403), (LEAD, 200), (AUDITOR, 200), (ADMIN, 200)],
)
async def test_who_reads_the_figures(world: World, person: Person, status: int) -> None:
    async with world.as_(person, "intake") as client:
        assert (await client.get("/v1/deflection")).status_code == status


async def test_a_time_that_ends_before_it_begins_is_refused(world: World) -> None:
    async with world.as_(LEAD, "intake") as lead:
        answer = await lead.get(
            "/v1/deflection", params={"shown_after": "2026-03-02T00:00:00Z", "shown_before": "2026-03-01T00:00:00Z"}
        )
    assert answer.status_code == 422
