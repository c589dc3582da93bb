"""Searches over HTTP: what is found, why, where the words stand, and how many there are of what."""

from typing import Any

import pytest

from shared.events import Problem
from shared.stack_traces import find, fingerprints
from shared.testing import AGENT, CHEN, EDITOR, WANG, World
from tests.kb.scene import completed, indexed, published_article

TAGGED: dict[str, Any] = {
    "title": "大报表导不出来",
    "problem": "超过十万行时程序关闭 <b>&amp;",
    "solution": "升级到 V3.2.1",
    "tags": ["Win11", "Excel导出", "V3.2"],
    "product": "ERP",
    "product_version": "V3.2",
    "category": "function",
}
TRACE = """java.lang.IllegalStateException: sheet is closed
\tat com.acme.export.ExcelWriter.write(ExcelWriter.java:42)
\tat com.acme.export.ExportService.run(ExportService.java:17)
"""


async def article(world: World, **text: Any) -> str:
    async with world.as_(CHEN, "kb") as chen:
        id: str = (await chen.post("/v1/articles", json=TAGGED | text)).json()["id"]
    async with world.as_(EDITOR, "kb") as editor:
        await editor.post(f"/v1/articles/{id}/approval")
        assert (await editor.post(f"/v1/articles/{id}/publication")).status_code == 200
    return id


async def search(world: World, path: str = "article", **body: Any) -> list[dict[str, Any]]:
    async with world.as_(CHEN, "kb") as chen:
        answer = await chen.post(f"/v1/{path}-searches", json={"text": "", **body})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_tags_of_system_function_and_version_are_found_in_one_word(world: World) -> None:
    await published_article(world, completed("TK-2026-000008", problem=Problem(title="打印机脱机", description="脱机")))
    id = await article(world)
    first, *_ = await search(world, text="Win11系统Excel导出失败V3.2")
    assert first["id"] == id
    assert {one["by"]: one["values"] for one in first["why"]} == {
        "version": ["V3.2"],
        "words": ["Win11", "Excel", "导出", "V3.2"],
    }
    strongest = first["why"][0]
    assert (strongest["en"], strongest["zh"]) == ("the same version: V3.2", "版本相同：V3.2")
    passage = first["passage"]
    assert passage["field"] == "tags"
    assert [passage["text"][begin:end] for begin, end in passage["marks"]] == ["Win11", "Excel", "导出", "V3.2"]


async def test_a_passage_is_the_text_as_it_is(world: World) -> None:
    """Offsets say what to mark: nothing is escaped, and nothing is markup."""
    await article(world)
    [found] = await search(world, text="程序关闭")
    assert (found["passage"]["field"], found["passage"]["text"]) == ("problem", TAGGED["problem"])


async def test_a_pasted_trace_finds_its_error_first(world: World) -> None:
    words = await article(world)
    async with world.as_(CHEN, "kb") as chen:
        known = (await chen.get(f"/v1/articles/{words}")).json()
    assert known["fingerprints"] == []
    same = await article(world, title="另一个问题", tags=[], fingerprints=fingerprints(find(TRACE)))
    found = await search(world, text=f"大报表导不出来 Excel导出\n2026-01-01 12:00:00 ERROR {TRACE}")
    assert [(one["id"], one["exact"]) for one in found][:2] == [(same, True), (words, False)]
    assert found[0]["why"][0]["by"] == "fingerprint"


@pytest.mark.parametrize(
    ("filters", "is_found"),
    [
        ({"product": ["erp"]}, True),
        ({"product": ["CRM"]}, False),
        ({"category": ["function"]}, True),
        ({"category": ["data"]}, False),
        ({"version_from": "3.0"}, True),
        ({"version_from": "V3.10"}, False),
        ({"version_to": "3.2"}, True),
        ({"version_to": "3.1.9"}, False),
        ({"version_from": "3.2", "version_to": "3.2"}, True),
        ({"module": ["报表"]}, False),
    ],
)
async def test_filters(world: World, filters: dict[str, Any], is_found: bool) -> None:
    id = await article(world)
    assert [one["id"] for one in await search(world, text="Excel导出", **filters)] == [id] * is_found


async def test_facets_count_what_can_be_found(world: World) -> None:
    await article(world)
    await article(world, product="CRM", product_version="")
    async with world.as_(CHEN, "kb") as chen:
        await chen.post("/v1/articles", json=TAGGED)  # a draft
        facets = (await chen.get("/v1/article-facets")).json()
    assert facets["product"] == [{"value": "crm", "count": 1}, {"value": "erp", "count": 1}]
    assert facets["product_version"] == [{"value": "v3.2", "count": 1}]
    assert facets["category"] == [{"value": "function", "count": 2}]


async def test_cases_are_found_by_body_and_counted(world: World) -> None:
    await world.publish(completed())
    await indexed(world)
    [found] = await search(world, "case", text="导出Excel", product=["进销存"], version_from="3")
    assert (found["ticket"], found["passage"]["field"]) == ("TK-2026-000001", "title")
    assert await search(world, "case", text="导出Excel", product=["ERP"]) == []
    async with world.as_(AGENT, "kb") as agent:
        facets = (await agent.get("/v1/case-facets")).json()
    assert facets["product"] == [{"value": "进销存", "count": 1}]


@pytest.mark.parametrize("path", ["case-searches", "case-facets"])
async def test_customers_see_no_cases(world: World, path: str) -> None:
    async with world.as_(WANG, "kb") as wang:
        answer = await (wang.get(f"/v1/{path}") if "facets" in path else wang.post(f"/v1/{path}", json={"text": "x"}))
    assert answer.status_code == 403


@pytest.mark.parametrize("body", [{"text": "x" * 20_001}, {"text": "x", "version_from": "abc"}, {"text": "x", "q": 1}])
async def test_what_is_out_of_bounds_is_refused(world: World, body: dict[str, Any]) -> None:
    async with world.as_(CHEN, "kb") as chen:
        assert (await chen.post("/v1/article-searches", json=body)).status_code == 422
