"""Revisions are compared, rendered and rolled back; doubles are noticed and merged, which can be undone."""

from typing import Any

import pytest

from services.kb.articles.comparing import differences
from services.kb.articles.content import Content
from services.kb.articles.merging import Described, doubles_of
from shared.events import KbArticlePublished, KbArticleStale
from shared.testing import AUDITOR, CHEN, EDITOR, LEAD, Person, World
from tests.kb.articles.test_api import TEXT, published, written
from tests.kb.scene import ask, completed, kb_of, published_article

OTHER_EDITOR = Person("k-lu", ("kb_editor",), name="陆瑶")


async def answers(world: World, person: Person, method: str, path: str, body: Any = None) -> Any:
    async with world.as_(person, "kb") as client:
        return await client.request(method, f"/v1/articles/{path}", json=body)


async def test_nobody_approves_their_own_text(world: World) -> None:
    async with world.as_(EDITOR, "kb") as editor:
        id = (await editor.post("/v1/articles", json=TEXT)).json()["id"]
        own = await editor.post(f"/v1/articles/{id}/approval")
    other = await answers(world, OTHER_EDITOR, "POST", f"{id}/approval")
    assert (own.status_code, own.json()["type"]) == (403, "urn:bihuan:problem:own-text")
    assert (other.status_code, other.json()["approved_by"]) == (200, OTHER_EDITOR.sub)


async def test_two_revisions_are_compared_line_by_line(world: World) -> None:
    id = await written(world)
    changed = {**TEXT, "solution": "分批打印\n每批二十张以内", "tags": ["批量打印", "发票"], "fixed_versions": ["V3.3"]}
    assert (await answers(world, CHEN, "PUT", id, changed)).status_code == 200
    diff = (await answers(world, AUDITOR, "GET", f"{id}/diff?earlier=1&later=2")).json()
    assert diff["fields"]["tags"] == [{"mark": "same", "text": "批量打印"}, {"mark": "added", "text": "发票"}]
    assert diff["fields"]["fixed_versions"] == [{"mark": "added", "text": "V3.3"}]
    assert {one["mark"] for one in diff["fields"]["solution"]} == {"removed", "added"}
    assert "title" not in diff["fields"]
    missing = await answers(world, AUDITOR, "GET", f"{id}/diff?earlier=1&later=3")
    assert missing.status_code == 404


def test_a_text_of_very_many_lines_is_compared_as_far_as_it_is_worth() -> None:
    long = Content(title="t", problem="\n" * 19_000, solution="s")
    found = differences(long, long.model_copy(update={"problem": "a\n" * 9_000}))
    assert sum(len(lines) for lines in found.values()) < 2_100


async def test_an_approved_text_is_published_again_and_nothing_is_lost(world: World) -> None:
    id = await published(world)
    await answers(world, CHEN, "PUT", id, {**TEXT, "solution": "错误的做法"})
    for step in ("approval", "publication"):
        assert (await answers(world, EDITOR, "POST", f"{id}/{step}")).status_code == 200
    back = await answers(world, EDITOR, "POST", f"{id}/rollback", {"revision": 1})
    assert (back.status_code, back.json()["live_revision"], back.json()["solution"]) == (200, 3, TEXT["solution"])
    assert [one["content"]["solution"] for one in back.json()["revisions"]] == [
        TEXT["solution"],
        "错误的做法",
        TEXT["solution"],
    ]
    await world.settle()
    assert [one.article_revision for one in world.published(KbArticlePublished)] == [1, 2, 3]


async def test_what_nobody_approved_is_not_rolled_back_to(world: World) -> None:
    id = await written(world)
    refused = await answers(world, EDITOR, "POST", f"{id}/rollback", {"revision": 1})
    missing = await answers(world, EDITOR, "POST", f"{id}/rollback", {"revision": 7})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:bihuan:problem:not-approved")
    assert missing.status_code == 404


async def test_markdown_is_rendered_and_what_could_act_is_left_out(world: World) -> None:
    evil = (
        "# 步骤\n\n- **第一步** `code`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n<script>alert(1)</script>\n\n"
        "[x](javascript:alert(1)) [ok](https://example.com/a) ![p](https://evil.example/p.png) ![q](files/none)"
    )
    async with world.as_(CHEN, "kb") as chen:
        id = (await chen.post("/v1/articles", json={**TEXT, "solution": evil})).json()["id"]
        html = (await chen.get(f"/v1/articles/{id}/rendering")).json()["solution"]
    assert "<h3>步骤</h3>" in html
    assert "<strong>第一步</strong> <code>code</code>" in html
    assert "<td>1</td>" in html
    assert 'href="https://example.com/a" rel="noopener noreferrer nofollow"' in html
    for gone in ("<script", 'href="javascript', "evil.example/p.png", "src="):
        assert gone not in html


def test_titles_and_stack_traces_tell_doubles() -> None:
    mine = Described("KB-1", "draft", "V3.2 导出 Excel 时闪退", "进销存", frozenset({"f1"}))
    same_trace = Described("KB-2", "draft", "程序退出", "", frozenset({"f1"}))
    alike = Described("KB-3", "published", "导出 Excel 闪退 V3.2", "进销存", frozenset())
    other_product = Described("KB-4", "draft", "V3.2 导出 Excel 时闪退", "财务", frozenset())
    other = Described("KB-5", "draft", "发票打印空白", "进销存", frozenset())
    found = doubles_of(mine, [mine, same_trace, alike, other_product, other], 10)
    assert [(one.article.id, one.same_fingerprint) for one in found] == [("KB-2", True), ("KB-3", False)]
    assert doubles_of(mine, [same_trace, alike], 1) == found[:1]


async def test_a_double_is_noticed_merged_and_the_merger_undone(world: World) -> None:
    first = await published_article(world)
    second = await published_article(world, completed("TK-2026-000002"))
    seen = (await answers(world, CHEN, "GET", f"{second}/doubles")).json()["items"]
    assert [(one["id"], one["score"], one["same_fingerprint"]) for one in seen] == [(first, 1.0, True)]
    merged = await answers(world, EDITOR, "POST", f"{second}/merger", {"into": first})
    assert (merged.status_code, merged.json()["state"], merged.json()["merged_into"]) == (200, "merged", first)
    for refused in (
        await answers(world, EDITOR, "POST", f"{first}/merger", {"into": second}),
        await answers(world, EDITOR, "POST", f"{first}/merger", {"into": first}),
        await answers(world, CHEN, "POST", f"{second}/reuses", {"ticket": "TK-2026-000009"}),
        await answers(world, EDITOR, "POST", f"{second}/publication"),
    ):
        assert refused.status_code in (409, 422)
    assert second not in [one.article for one in (await ask(world, "导出 Excel 闪退")).suggestions]
    undone = await answers(world, EDITOR, "DELETE", f"{second}/merger")
    assert (undone.json()["state"], undone.json()["merged_into"]) == ("published", "")
    assert second in [one.article for one in (await ask(world, "导出 Excel 闪退")).suggestions]
    await world.settle()
    assert [one.subject for one in world.published(KbArticleStale)] == [second]
    assert (await answers(world, EDITOR, "DELETE", f"{second}/merger")).status_code == 409


async def test_what_happens_to_the_ticket_of_a_merged_article_is_not_refused(world: World) -> None:
    from tests.kb.scene import reopened

    first = await published_article(world)
    second = await published_article(world, completed("TK-2026-000002"))
    await answers(world, EDITOR, "POST", f"{second}/merger", {"into": first})
    await world.publish(reopened("TK-2026-000002"))
    await world.publish(completed("TK-2026-000002", solution="升级到 3.3", revision=20))
    assert await world.runtimes["kb"].bus.dead_letters() == []
    article = await kb_of(world).articles.store.get(second)
    assert (article.state, article.merged_into, article.live_revision) == ("merged", first, 0)
    assert (await answers(world, EDITOR, "DELETE", f"{second}/merger")).json()["state"] == "stale"


@pytest.mark.parametrize("path", ["rollback", "merger"])
async def test_only_editors_publish_what_is_old_or_merge(world: World, path: str) -> None:
    body = {"revision": 1} if path == "rollback" else {"into": "KB-000002"}
    assert (await answers(world, LEAD, "POST", f"KB-000001/{path}", body)).status_code == 403
