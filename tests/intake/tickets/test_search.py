"""Searching tickets: what is found, by whom, in which order, page by page."""

from datetime import timedelta
from typing import Any

import pytest

from shared.testing import AGENT, AUDITOR, LEAD, VIEWER, WANG, ZHAO, Person, World
from tests.intake.scene import completed, opened, to_verification

TITLE = "Win11系统Excel导出失败V3.2"
PATH = "/v1/ticket-searches"


async def searched(world: World, who: Person, replica: str = "intake", **body: Any) -> dict[str, Any]:
    """As this replica finds it when it has seen all changes."""
    await world.apps[replica].state.service.search.follower.refresh()
    async with world.as_(who, replica) as client:
        answer = await client.post(PATH, json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def numbers(world: World, who: Person, replica: str = "intake", **body: Any) -> list[str]:
    found = await searched(world, who, replica, **body)
    assert found["complete"] is True
    return [row["ticket"] for row in found["items"]]


async def said(world: World, who: Person, number: str, text: str, internal: bool = False) -> None:
    async with world.as_(who, "intake") as client:
        answer = await client.post(f"/v1/tickets/{number}/messages", json={"text": text, "internal": internal})
        assert answer.is_success, answer.text


async def test_words_are_found_in_both_languages_with_where_they_stand(world: World) -> None:
    zh = (await opened(world, title=TITLE, product="报表中心", product_version="V3.2.1"))["ticket"]
    en = (await opened(world, ZHAO, title="Exports fail", description="Error 0x80070005 in ReportWriter"))["ticket"]
    for text in ("导出", "出失", "统", "excel 失败", "V3.2", "v3.2.1", zh, zh[3:], "报表中心", "王敏", "华东"):
        assert await numbers(world, LEAD, text=text) == [zh], text
    for text in ("export", "80070005", "0x80070005", "report writer", "reportwriter", "Zoe", "north secur", en):
        assert await numbers(world, LEAD, text=text) == [en], text
    for text in ("打印", "导出 打印", "!!!", "V9", "TK-1999-000001"):
        assert await numbers(world, LEAD, text=text) == [], text
    assert await numbers(world, LEAD) == await numbers(world, LEAD, text="") == [en, zh]
    found = await searched(world, LEAD, text="导出")
    assert found["items"][0]["snippet"] == {"field": "title", "text": TITLE, "marks": [[12, 14]]}
    assert TITLE[12:14] == "导出"
    assert (found["total"], found["next"]) == (1, None)
    assert (found["items"][0]["title"], found["items"][0]["status"]) == (TITLE, "pending")


async def test_customers_find_their_own_tickets_and_no_internal_notes(world: World) -> None:
    own = (await opened(world, title=TITLE))["ticket"]
    other = (await opened(world, ZHAO, title=TITLE))["ticket"]
    await said(world, AGENT, own, "疑似内存泄漏 zebra", internal=True)
    await said(world, AGENT, own, "请先用模板二 giraffe")
    await to_verification(world, own)
    assert await numbers(world, LEAD, text="导出") == [other, own]
    assert await numbers(world, AUDITOR, text="泄漏") == [own]
    for who in (WANG, VIEWER):
        assert await numbers(world, who, text="导出") == await numbers(world, who) == [own]
        assert await numbers(world, who, text="giraffe") == [own]
        assert await numbers(world, who, text="补丁") == [own]  # the solution
        for text in ("泄漏", "zebra", "zeb", "通过", "Zoe"):  # the note, the internal verification, somebody else
            assert await numbers(world, who, text=text) == [], text
        assert await numbers(world, who, company=ZHAO.company) == []
        assert await numbers(world, who, text=other) == []
    assert await numbers(world, ZHAO, text="导出") == [other]
    async with world.as_(Person("x", ()), "intake") as stranger:
        assert (await stranger.post(PATH, json={})).status_code == 403
    async with world.as_(None, "intake") as nobody:
        assert (await nobody.post(PATH, json={})).status_code == 401


async def test_filters_find_what_they_say(world: World) -> None:
    number = await completed(world)
    customer = {"name": "赵六", "company": "西部物流", "phone": "+86 138-0013-8000", "email": "Zhao@west.example"}
    facts = {"product": "Bihuan ERP", "product_version": "V3.2", "module": "报表"}
    async with world.as_(AGENT, "intake") as agent:
        body = {"title": "打印", "description": "打印乱码", "channel": "hotline", "customer": customer, **facts}
        called = (await agent.post("/v1/tickets", json=body)).json()["ticket"]
    await world.settle()
    world.time += timedelta(hours=1)
    for filters, expected in (
        ({"status": "completed"}, [number]),
        ({"status": "pending"}, [called]),
        ({"stage": "archived", "category": "function", "priority": "high"}, [number]),
        ({"stage": "archived", "category": "data"}, []),
        ({"satisfaction": "satisfied"}, [number]),
        ({"satisfaction": "dissatisfied"}, []),
        ({"outcome": "solved"}, [number]),
        ({"assignee": "e-liu"}, [number]),
        ({"assignee": ""}, [called]),
        ({"channel": "hotline"}, [called]),
        ({"company": "西部物流"}, [called]),
        ({"company": "西部"}, []),
        ({"contact": "赵六"}, [called]),
        ({"contact": "zhao@WEST.example"}, [called]),
        ({"contact": "u-wang"}, [number]),
        ({"phone": "13800138000"}, [called]),
        ({"phone": "0086 138 0013 8000"}, [called]),
        ({"phone": "8000"}, [called]),
        ({"phone": "9000"}, []),
        ({"product": "bihuan erp", "product_version": "v3.2", "module": "报表"}, [called]),
        ({"product": "bihuan"}, []),
        ({"fingerprint": "0" * 16}, []),
        ({"text": "乱码", "status": "pending"}, [called]),
        ({"text": "乱码", "status": "completed"}, []),
        ({"text": "138 0013 8000"}, [called]),
        ({"opened_after": "2026-03-02T04:00:00Z", "opened_before": "2026-03-02T04:00:00.001Z"}, [called, number]),
        ({"opened_before": "2026-03-02T04:00:00Z"}, []),
        ({"updated_after": "2026-03-02T04:00:01Z"}, []),
        ({"completed_after": "2026-03-02T04:00:00Z"}, [number]),
        ({"completed_before": "2026-03-02T04:00:00Z"}, []),
    ):
        assert sorted(await numbers(world, LEAD, **filters)) == sorted(expected), filters
    async with world.as_(LEAD, "intake") as lead:
        id = (await lead.get(f"/v1/tickets/{called}")).json()["customer"]
    assert await numbers(world, LEAD, customer=id) == [called]


async def test_pages_are_in_order_and_without_gaps(world: World) -> None:
    """`best`: those that are called so come first; the newest of each first, also where moments are the same."""
    called, told = [], []
    for n in range(6):
        told.append((await opened(world, title=f"问题 {n}", description="导出失败"))["ticket"])
        called.append((await opened(world, title=f"导出失败 {n}", description="x"))["ticket"])
        world.time += timedelta(hours=n % 2)
    await said(world, WANG, told[0], "还有吗")
    expected = {
        "newest": {*called, *told},
        "oldest": {*called, *told},
        "updated": {*called, *told},
        "best": {*called, *told},
    }
    for sort in expected:
        pages: list[dict[str, Any]] = []
        after = None
        while after or not pages:
            page = await searched(world, LEAD, text="导出 失败", sort=sort, limit=5, after=after)
            assert page["total"] == 12
            pages.append(page)
            after = page["next"]
        rows = [row for page in pages for row in page["items"]]
        found = [row["ticket"] for row in rows]
        assert (len(found), set(found), len(pages)) == (12, expected[sort], 3), sort
        moments = [row["opened_at"] for row in rows]
        if sort == "best":
            assert set(found[:6]) == set(called)
            assert moments[:6] == sorted(moments[:6], reverse=True)
        elif sort == "updated":
            assert found[0] == told[0]
        else:
            assert moments == sorted(moments, reverse=sort == "newest")


async def test_a_ticket_that_comes_between_two_pages_moves_none_of_them(world: World) -> None:
    for n in range(4):
        await opened(world, title=f"导出 {n}")
        world.time += timedelta(minutes=1)
    first = await searched(world, LEAD, text="导出", limit=2)
    await opened(world, title="导出 new")
    second = await searched(world, LEAD, text="导出", limit=2, after=first["next"])
    titles = [row["title"] for row in first["items"] + second["items"]]
    assert titles == ["导出 3", "导出 2", "导出 1", "导出 0"]


async def test_a_cursor_is_of_one_search_alone(world: World) -> None:
    for n in range(2):
        await opened(world, title=f"导出 {n}")
    after = (await searched(world, LEAD, text="导出", limit=1))["next"]
    async with world.as_(LEAD, "intake") as lead:
        for body in ({"text": "失败"}, {"text": "导出", "sort": "oldest"}, {"text": "导出", "status": "pending"}):
            assert (await lead.post(PATH, json={**body, "after": after})).status_code == 422, body
        for cursor in ("x", "9" * 400, after[:-1]):
            assert (await lead.post(PATH, json={"text": "导出", "after": cursor})).status_code == 422, cursor


HOSTILE = [
    'title:"x" OR *:*',
    "NOT 导出",
    "((((((((",
    '"',
    ".*",
    "a{1000}{1000}",
    "~导",
    "=",
    "/导出/",
    "\u202e导出",
    "导出\u0000",
    "'; DROP TABLE",
    "{$gt: 1}",
    "𠮷" * 60,
    "̈" * 200,
    "[a TO z]",
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_text_that_is_meant_to_hurt_is_text(world: World, text: str) -> None:
    number = (await opened(world, ZHAO, title="Cannot sign in", description="after the update"))["ticket"]
    assert await numbers(world, LEAD, text=text) == []
    own = (await opened(world, title="t", description=f"a {text} b"))["ticket"]
    found = await searched(world, LEAD, text=text)
    assert number not in [row["ticket"] for row in found["items"]]
    for row in found["items"]:
        assert row["ticket"] == own


async def test_too_much_is_refused(world: World) -> None:
    async with world.as_(LEAD, "intake") as lead:
        for body in (
            {"text": "导" * 100_000},
            {"text": "x" * 201},
            {"text": ["a"]},
            {"text": "a", "limit": 101},
            {"limit": 0},
            {"sort": "score"},
            {"status": "lost"},
            {"phone": "x"},
            {"q": "a"},
            {"opened_after": "yesterday"},
        ):
            assert (await lead.post(PATH, json=body)).status_code == 422, body
