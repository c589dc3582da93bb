from typing import Any

import pytest

from shared.events import (
    KbArticleApproved,
    KbArticleDrafted,
    KbArticlePublished,
    KbArticleReused,
    KbArticleStale,
)
from shared.testing import AGENT, AUDITOR, CHEN, EDITOR, LEAD, LIU, WANG, Person, World
from tests.kb.scene import PROBLEM, TICKET, a_ticket, completed, indexed, published_article

TEXT: dict[str, Any] = {
    "title": "批量打印发票卡死",
    "problem": "一次选择一百张以上发票打印时界面无响应",
    "solution": "分批打印，每批五十张以内",
    "tags": ["批量打印"],
    "category": "function",
}


async def written(world: World) -> str:
    async with world.as_(CHEN, "kb") as chen:
        answer = await chen.post("/v1/articles", json=TEXT)
    assert answer.status_code == 201
    return str(answer.json()["id"])


async def published(world: World) -> str:
    id = await written(world)
    async with world.as_(EDITOR, "kb") as editor:
        await editor.post(f"/v1/articles/{id}/approval")
        assert (await editor.post(f"/v1/articles/{id}/publication")).status_code == 200
    return id


async def found(world: World, q: str) -> list[str]:
    async with world.as_(AGENT, "kb") as agent:
        answer = await agent.get("/v1/articles", params={"q": q})
    return [one["id"] for one in answer.json()["items"]]


async def test_an_article_goes_from_draft_to_publication_and_is_found_at_once(world: World) -> None:
    id = await written(world)
    assert await found(world, "批量打印") == []
    async with world.as_(EDITOR, "kb") as editor:
        approved = (await editor.post(f"/v1/articles/{id}/approval")).json()
        assert (approved["state"], approved["approved_by"], approved["author"]) == ("approved", EDITOR.sub, CHEN.sub)
        live = (await editor.post(f"/v1/articles/{id}/publication")).json()
    assert (live["state"], live["live_revision"], live["title"]) == ("published", 1, TEXT["title"])
    assert await found(world, "批量打印") == [id]
    await world.settle()
    kinds = (KbArticleDrafted, KbArticleApproved, KbArticlePublished)
    assert [[event.subject for event in world.published(kind)] for kind in kinds] == [[id], [id], [id]]


async def test_publishing_what_nobody_approved_is_refused_in_both_languages(world: World) -> None:
    id = await written(world)
    async with world.as_(EDITOR, "kb") as editor:
        answer = await editor.post(f"/v1/articles/{id}/publication", headers={"Accept-Language": "zh"})
        english = await editor.post(f"/v1/articles/{id}/publication", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["title"]) == (409, "知识条目尚未审核")
    assert english.json()["type"] == "urn:bihuan:problem:not-approved"


async def test_an_edit_of_a_published_article_is_found_only_when_it_is_published_too(world: World) -> None:
    id = await published(world)
    changed = {**TEXT, "title": "标签机脱机", "problem": "标签机显示脱机", "solution": "重新插拔", "tags": []}
    async with world.as_(LIU, "kb") as liu:
        edited = (await liu.put(f"/v1/articles/{id}", json=changed)).json()
    assert (edited["state"], edited["revision"], edited["live_revision"]) == ("draft", 2, 1)
    assert (await found(world, "批量打印"), await found(world, "标签机")) == ([id], [])
    async with world.as_(EDITOR, "kb") as editor:
        await editor.post(f"/v1/articles/{id}/approval")
        await editor.post(f"/v1/articles/{id}/publication")
    assert (await found(world, "批量打印发票"), await found(world, "标签机")) == ([], [id])


async def test_a_stale_article_is_not_found_and_comes_back_by_approval(world: World) -> None:
    id = await published(world)
    async with world.as_(LEAD, "kb") as lead:
        stale = (await lead.post(f"/v1/articles/{id}/stale", json={"reason": "5.2 版已修复"})).json()
        again = await lead.post(f"/v1/articles/{id}/stale", json={"reason": "5.2 版已修复"})
    assert (stale["state"], stale["reason"], again.status_code) == ("stale", "5.2 版已修复", 409)
    assert await found(world, "批量打印") == []
    async with world.as_(EDITOR, "kb") as editor:
        await editor.post(f"/v1/articles/{id}/approval")
        await editor.post(f"/v1/articles/{id}/publication")
    assert await found(world, "批量打印") == [id]
    await world.settle()
    assert [event.reason for event in world.published(KbArticleStale)] == ["5.2 版已修复"]


async def test_a_withdrawn_article_never_comes_back(world: World) -> None:
    id = await published(world)
    async with world.as_(EDITOR, "kb") as editor:
        assert (await editor.post(f"/v1/articles/{id}/withdrawal", json={"reason": "错误"})).json()[
            "state"
        ] == "withdrawn"
        assert (await editor.put(f"/v1/articles/{id}", json={**TEXT, "title": "new"})).status_code == 409
    assert await found(world, "批量打印") == []


async def test_a_reuse_is_published_once_for_each_ticket(world: World) -> None:
    ticket = await a_ticket(world)
    id = await published(world)
    async with world.as_(CHEN, "kb") as chen:
        for details in ("Win10 同样有效", "Win10 同样有效", "补充：需重启"):
            answer = await chen.post(f"/v1/articles/{id}/reuses", json={"ticket": ticket, "details": details})
            assert answer.status_code == 200
    assert answer.json()["reuse_count"] == 1
    assert answer.json()["reuses"][0]["details"] == "补充：需重启"
    await world.settle()
    [reused] = world.published(KbArticleReused)
    assert (reused.subject, reused.article, reused.by) == (ticket, id, CHEN.sub)


@pytest.mark.parametrize("ticket", ["", "0", "TK-1", "KB-000001", "TK-2026-000009 ", "tk-2026-000009"])
async def test_what_can_be_no_ticket_is_not_published(world: World, ticket: str) -> None:
    id = await published(world)
    async with world.as_(CHEN, "kb") as chen:
        answer = await chen.post(f"/v1/articles/{id}/reuses", json={"ticket": ticket})
    await world.settle()
    assert (answer.status_code, world.published(KbArticleReused)) == (422, [])


async def test_a_ticket_that_does_not_exist_is_refused_and_not_published(world: World) -> None:
    await a_ticket(world)
    id = await published(world)
    async with world.as_(CHEN, "kb") as chen:
        unknown = await chen.post(f"/v1/articles/{id}/reuses", json={"ticket": "TK-2026-999999"})
        await world.stop("intake")
        unclear = await chen.post(f"/v1/articles/{id}/reuses", json={"ticket": "TK-2026-000001"})
        kept = (await chen.get(f"/v1/articles/{id}")).json()
    await world.settle()
    assert (unknown.status_code, unclear.status_code) == (422, 503)
    assert (kept["reuse_count"], world.published(KbArticleReused)) == (0, [])


async def test_a_draft_cannot_be_reused(world: World) -> None:
    id, ticket = await written(world), await a_ticket(world)
    async with world.as_(CHEN, "kb") as chen:
        answer = await chen.post(f"/v1/articles/{id}/reuses", json={"ticket": ticket})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:bihuan:problem:not-published")


async def test_the_same_idempotency_key_writes_one_article(world: World) -> None:
    async with world.as_(CHEN, "kb", **{"Idempotency-Key": "k1"}) as chen:
        first, second = await chen.post("/v1/articles", json=TEXT), await chen.post("/v1/articles", json=TEXT)
        other = await chen.post("/v1/articles", json={**TEXT, "title": "other"})
    assert first.json()["id"] == second.json()["id"]
    assert other.status_code == 422
    await world.settle()
    assert len(world.published(KbArticleDrafted)) == 1


async def test_an_edit_of_an_old_version_is_refused(world: World) -> None:
    id = await written(world)
    async with world.as_(CHEN, "kb") as chen:
        tag = (await chen.get(f"/v1/articles/{id}")).headers["etag"]
        first = await chen.put(f"/v1/articles/{id}", json={**TEXT, "solution": "a"}, headers={"If-Match": tag})
        second = await chen.put(f"/v1/articles/{id}", json={**TEXT, "solution": "b"}, headers={"If-Match": tag})
    assert (first.status_code, first.headers["etag"], second.status_code) == (200, '"2"', 412)


async def test_articles_are_listed_by_state_page_by_page(world: World) -> None:
    ids = [await written(world) for _ in range(3)]
    last = await published(world)
    async with world.as_(AUDITOR, "kb") as auditor:
        first = (await auditor.get("/v1/articles", params={"state": "draft", "limit": 2})).json()
        second = (
            await auditor.get("/v1/articles", params={"state": "draft", "limit": 2, "after": first["next"]})
        ).json()
        live = (await auditor.get("/v1/articles", params={"state": "published"})).json()
        wrong = await auditor.get("/v1/articles", params={"after": "KB-x"})
    assert [[row["id"] for row in page["items"]] for page in (first, second)] == [ids[:2], ids[2:]]
    assert (second["next"], wrong.status_code) == (None, 422)
    assert [row["id"] for row in live["items"]] == [last]


async def test_a_case_is_read_with_everything_that_happened(world: World) -> None:
    await world.publish(completed())
    await indexed(world)
    async with world.as_(AGENT, "kb") as agent:
        case = (await agent.get(f"/v1/tickets/{TICKET}/case")).json()
        listed = (await agent.get("/v1/cases", params={"q": "导出Excel"})).json()["items"]
        missing = await agent.get("/v1/tickets/TK-2026-000404/case")
    assert (case["problem"]["title"], case["solution"], case["rounds"][0]["accepted"]) == (
        PROBLEM.title,
        "升级到 3.2.1",
        True,
    )
    assert [(one["ticket"], one["article"]) for one in listed] == [(TICKET, case["article"])]
    assert missing.status_code == 404


async def test_a_search_by_text_and_fingerprint_over_http(world: World) -> None:
    id = await published_article(world)
    async with world.as_(CHEN, "kb") as chen:
        answer = await chen.post("/v1/article-searches", json={"text": "anything", "fingerprints": ["f-export"]})
    [row] = answer.json()["items"]
    assert (row["id"], row["exact"], row["score"], answer.json()["next"]) == (id, True, 1.0, None)


async def test_a_preview_is_what_would_be_published_and_nothing_is_kept(world: World) -> None:
    id = await published(world)
    text = {
        "problem": "**bold** <script>alert(1)</script>",
        "solution": "![](files/none) ![](https://evil.example/x.png)",
    }
    async with world.as_(CHEN, "kb") as chen:
        before = (await chen.get(f"/v1/articles/{id}")).json()
        shown = (await chen.post("/v1/article-previews", json={**text, "article": id})).json()
        after = (await chen.get(f"/v1/articles/{id}")).json()
        missing = await chen.post("/v1/article-previews", json={**text, "article": "KB-999999"})
    assert shown["problem"].startswith("<p><strong>bold</strong>")
    assert "<script" not in shown["problem"]
    assert ("src=" in shown["solution"], shown["root_cause"]) == (False, "")
    assert (after == before, missing.status_code) == (True, 404)


async def test_what_is_searched_for_is_shown_as_it_is_published(world: World) -> None:
    id = await published(world)
    async with world.as_(CHEN, "kb") as chen:
        await chen.put(f"/v1/articles/{id}", json={**TEXT, "title": "another title"})
        [found] = (await chen.get("/v1/articles", params={"q": "批量打印"})).json()["items"]
        listed = (await chen.get("/v1/articles")).json()["items"]
    assert (found["id"], found["title"], found["state"], found["score"] > 0) == (id, TEXT["title"], "draft", True)
    [(title, score)] = [(one["title"], one["score"]) for one in listed if one["id"] == id]
    assert (title, score) == ("another title", None)


@pytest.mark.parametrize("other", ["state=published", "after=x", "state=draft&after=x"])
async def test_a_search_has_no_other_filters(world: World, other: str) -> None:
    async with world.as_(CHEN, "kb") as chen:
        answer = await chen.get(f"/v1/articles?q=x&{other}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "query.q")


@pytest.mark.parametrize(
    ("person", "method", "path", "body"),
    [
        (WANG, "GET", "/v1/articles?q=x", None),
        (WANG, "GET", "/v1/articles", None),
        (WANG, "GET", "/v1/tickets/TK-1/case", None),
        (WANG, "POST", "/v1/article-searches", {"text": "x"}),
        (AGENT, "POST", "/v1/articles", TEXT),
        (AGENT, "POST", "/v1/article-previews", {}),
        (AGENT, "PUT", "/v1/articles/KB-000001", TEXT),
        (CHEN, "POST", "/v1/articles/KB-000001/approval", None),
        (LEAD, "POST", "/v1/articles/KB-000001/publication", None),
        (LEAD, "POST", "/v1/articles/KB-000001/withdrawal", {"reason": "x"}),
        (AUDITOR, "POST", "/v1/articles/KB-000001/stale", {"reason": "x"}),
        (EDITOR, "POST", "/v1/articles/KB-000001/reuses", {"ticket": "TK-1"}),
    ],
)
async def test_a_wrong_role_is_refused(world: World, person: Person, method: str, path: str, body: Any) -> None:
    async with world.as_(person, "kb") as client:
        assert (await client.request(method, path, json=body)).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/v1/articles/KB-000404", None, 404),
        ("PUT", "/v1/articles/KB-000404", TEXT, 404),
        ("GET", "/v1/articles?q=", None, 422),
        ("GET", "/v1/articles?q=x&limit=101", None, 422),
        ("GET", "/v1/cases?q=x&limit=21", None, 422),
        ("GET", "/v1/cases", None, 422),
        ("GET", "/v1/articles?state=perfect", None, 422),
        ("GET", "/v1/articles?limit=0", None, 422),
        ("POST", "/v1/articles", {**TEXT, "titel": "x"}, 422),
        ("POST", "/v1/articles", {**TEXT, "title": "  "}, 422),
        ("POST", "/v1/articles", {**TEXT, "tags": ["x"] * 21}, 422),
        ("POST", "/v1/articles", {**TEXT, "solution": "x" * 20_001}, 422),
        ("POST", "/v1/articles", {**TEXT, "category": "Weather!"}, 422),
        ("POST", "/v1/article-searches", {"text": "x" * 20_001}, 422),
        ("POST", "/v1/articles/KB-000404/stale", {"reason": ""}, 422),
    ],
)
async def test_what_is_wrong_or_unknown_is_refused(
    world: World, method: str, path: str, body: Any, status: int
) -> None:
    async with world.as_(Person("all", ("engineer", "kb_editor")), "kb") as client:
        answer = await client.request(method, path, json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_nobody_reads_without_signing_in(world: World) -> None:
    async with world.as_(None, "kb") as nobody:
        assert (await nobody.get("/v1/articles")).status_code == 401
