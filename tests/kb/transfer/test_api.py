"""Articles come from elsewhere and go out again; files of articles."""

import io
import json
import zipfile
from typing import Any

import pytest

from services.kb.articles.files import ArticleFiles
from services.kb.transfer.archive import packed
from shared.domain import Unavailable
from shared.events import KbArticleDrafted
from shared.testing import CHEN, EDITOR, LEAD, WANG, Person, World
from tests.kb.articles.test_api import TEXT
from tests.kb.scene import kb_of, publish

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
FOLDER = {
    "导出.md": "---\ntitle: 导出闪退\naudience: public\ntags: [Excel导出]\n---\n## 问题\n闪退\n## 解决\n升级".encode(),
    "bad.md": b"---\naudience: nobody\n---\n# Bad\ntext",
    "empty.md": b"",
}


async def sent(world: World, content: bytes, query: str, person: Person = EDITOR) -> Any:
    async with world.as_(person, "kb") as client:
        return await client.post(f"/v1/article-imports?{query}", files={"file": ("x.zip", content)})


async def exported(world: World, what: str, person: Person = EDITOR) -> zipfile.ZipFile:
    async with world.as_(person, "kb") as client:
        answer = await client.get(f"/v1/article-exports/{what}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/octet-stream")
    return zipfile.ZipFile(io.BytesIO(answer.content))


async def test_a_folder_is_looked_at_first_then_taken_over_once(world: World) -> None:
    outcomes = []
    for dry_run in ("true", "false", "false"):
        report = (await sent(world, packed(FOLDER), f"format=markdown&dry_run={dry_run}")).json()
        outcomes.append([one["outcome"] for one in report["rows"]])
        count = await kb_of(world).articles.store.count({})
        assert count == (0 if dry_run == "true" else 1)
    assert outcomes == [["refused", "refused", "created"]] * 2 + [["refused", "refused", "unchanged"]]
    assert "audience" in report["rows"][0]["reason"]
    id = report["rows"][2]["id"]
    async with world.as_(CHEN, "kb") as chen:
        article = (await chen.get(f"/v1/articles/{id}")).json()
    assert (article["title"], article["solution"], article["state"], article["audience"]) == (
        "导出闪退",
        "升级",
        "draft",
        "public",
    )
    await world.settle()
    assert world.published(KbArticleDrafted) == []


async def test_what_changed_there_is_a_new_revision_and_what_changed_here_stays(world: World) -> None:
    [*_, row] = (await sent(world, packed(FOLDER), "format=markdown&dry_run=false")).json()["rows"]
    async with world.as_(CHEN, "kb") as chen:
        await chen.put(f"/v1/articles/{row['id']}", json={**TEXT, "title": "hier geändert"})
    again = (await sent(world, packed(FOLDER), "format=markdown&dry_run=false")).json()["rows"][-1]
    changed = {**FOLDER, "导出.md": FOLDER["导出.md"] + "到 3.3".encode()}
    other = (await sent(world, packed(changed), "format=markdown&dry_run=false")).json()["rows"][-1]
    article = await kb_of(world).articles.store.get(row["id"])
    assert (again["outcome"], other["outcome"], other["id"]) == ("unchanged", "changed", row["id"])
    assert [one.content.solution for one in article.revisions] == ["升级", TEXT["solution"], "升级到 3.3"]


async def test_another_desk_s_export_is_taken_over(world: World) -> None:
    rows = [{"id": 1, "locale": "zh-cn", "title": "登录", "body": "<p>重置<b>密码</b></p>", "label_names": []}]
    report = (await sent(world, json.dumps({"articles": rows}).encode(), "format=zendesk&dry_run=false")).json()
    article = await kb_of(world).articles.store.get(report["rows"][0]["id"])
    assert (report["created"], article.latest.content.solution) == (1, "重置**密码**")


@pytest.mark.parametrize(
    ("content", "query", "person", "status"),
    [
        (b"no zip", "format=markdown", EDITOR, 422),
        (b"no json", "format=zammad", EDITOR, 422),
        (b"[" * 50_000, "format=zammad", EDITOR, 422),
        (b"[]", "format=zendesk", EDITOR, 422),
        (b"{}", "format=wiki", EDITOR, 422),
        (packed(FOLDER), "format=markdown", LEAD, 403),
        (packed(FOLDER), "format=markdown", WANG, 403),
    ],
)
async def test_what_cannot_be_read_or_who_may_not_is_refused(
    world: World, content: bytes, query: str, person: Person, status: int
) -> None:
    assert (await sent(world, content, f"{query}&dry_run=false", person)).status_code == status
    assert await kb_of(world).articles.store.count({}) == 0


async def with_picture(world: World, audience: str) -> tuple[str, str]:
    async with world.as_(CHEN, "kb") as chen:
        id = (await chen.post("/v1/articles", json={**TEXT, "audience": audience})).json()["id"]
        for _ in range(2):
            added = await chen.post(f"/v1/articles/{id}/attachments", files={"file": ("图.png", PNG)})
            assert added.status_code == 201
        [file] = added.json()["files"]
        text = {**TEXT, "audience": audience, "solution": f"看图 ![示意](files/{file['id']})"}
        assert (await chen.put(f"/v1/articles/{id}", json=text)).status_code == 200
    await publish(world, id)
    return id, file["id"]


async def test_a_picture_is_shown_where_its_article_is(world: World) -> None:
    id, file = await with_picture(world, "customers")
    async with world.as_(WANG, "kb") as wang:
        html = (await wang.get(f"/v1/help-articles/{id}")).json()["solution"]
        picture = await wang.get(f"/v1/help-articles/{id}/attachments/{file}")
        as_staff = await wang.get(f"/v1/articles/{id}/attachments/{file}")
    assert f'src="/v1/help-articles/{id}/attachments/{file}"' in html
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")
    assert "sandbox" in picture.headers["content-security-policy"]
    assert as_staff.status_code == 403
    internal, hidden = await with_picture(world, "internal")
    async with world.as_(WANG, "kb") as wang:
        assert (await wang.get(f"/v1/help-articles/{internal}/attachments/{hidden}")).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [("a.png", b"MZ\0\0", 422), ("a.pdf", PNG, 422), ("a.txt", b"", 422), ("a.txt", b"x" * (10 * 2**20 + 1), 413)],
)
async def test_a_file_that_is_not_what_it_says_or_too_large_is_refused(
    world: World, name: str, content: bytes, status: int
) -> None:
    async with world.as_(CHEN, "kb") as chen:
        id = (await chen.post("/v1/articles", json=TEXT)).json()["id"]
        answer = await chen.post(f"/v1/articles/{id}/attachments", files={"file": (name, content)})
        files = (await chen.get(f"/v1/articles/{id}")).json()["files"]
    assert (answer.status_code, files) == (status, [])


async def test_what_is_exported_depends_on_for_whom(world: World) -> None:
    public, file = await with_picture(world, "public")
    internal, _ = await with_picture(world, "internal")
    site = await exported(world, "site?title=Example")
    assert {f"zh/{public}.html", f"en/{public}.html", f"files/{file}", "articles.js"} <= set(site.namelist())
    assert f"zh/{internal}.html" not in site.namelist()
    assert f'src="../files/{file}"' in site.read(f"zh/{public}.html").decode()
    assert "<title>Example</title>" in site.read("en/index.html").decode()
    everything = await exported(world, "markdown", LEAD)
    assert {f"{public}.md", f"{internal}.md"} <= set(everything.namelist())
    async with world.as_(CHEN, "kb") as chen:
        assert (await chen.get("/v1/article-exports/site")).status_code == 403


async def test_an_export_is_taken_over_elsewhere_without_a_loss(world: World) -> None:
    id, _ = await with_picture(world, "public")
    folder = await exported(world, "markdown")
    content = packed({name: folder.read(name) for name in folder.namelist()})
    report = (await sent(world, content, "format=markdown&dry_run=false")).json()
    store = kb_of(world).articles.store
    there, here = await store.get(id), await store.get(report["rows"][0]["id"])
    assert there.latest.content == here.latest.content
    assert f"files/{there.files[0].id}.png" in folder.namelist()
    assert (here.files[0].id, await kb_of(world).files.content(here, here.files[0].id)) == (there.files[0].id, PNG)


async def test_pictures_of_a_folder_come_along_once(world: World) -> None:
    """Named from the document's own folder; what no document names, or only in code, stays out."""
    text = "# 导出\n\n![步骤 1](../img/a%20b.png)[手册](<../img/a b.png>)\n\n"
    text += "```\n![x](../img/code.png)\n```\n![](../no.png)"
    folder = {
        "help/导出.md": text.encode(),
        "img/a b.png": PNG,
        "img/code.png": PNG + b"1",
        "img/other.png": PNG + b"2",
    }
    kb = kb_of(world)
    for outcome in ("created", "unchanged"):
        report = (await sent(world, packed(folder), "format=markdown&dry_run=false")).json()
        assert [one["outcome"] for one in report["rows"]] == [outcome]
    article = await kb.articles.store.get(report["rows"][0]["id"])
    [file] = article.files
    assert (file.name, file.media_type, await kb.files.content(article, file.id)) == ("a b.png", "image/png", PNG)
    solution = article.latest.content.solution
    assert f"![步骤 1](files/{file.id})[手册](files/{file.id})" in solution
    assert "![x](../img/code.png)" in solution
    assert "![](../no.png)" in solution
    folder["img/a b.png"] = PNG + b"3"  # another picture under its name: beside the one that older revisions show
    report = (await sent(world, packed(folder), "format=markdown&dry_run=false")).json()
    article = await kb.articles.store.get(article.id)
    assert ([one["outcome"] for one in report["rows"]], len(article.files)) == (["changed"], 2)
    assert article.files[1].id in article.latest.content.solution


async def test_a_picture_that_a_kill_left_out_is_added_by_the_next_import(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = packed({"a.md": b"![x](a.png)", "a.png": PNG})

    async def killed(*_: object) -> None:
        raise Unavailable("killed", "killed")

    with monkeypatch.context() as patched:
        patched.setattr(ArticleFiles, "add", killed)
        assert (await sent(world, content, "format=markdown&dry_run=false")).status_code == 503
    report = (await sent(world, content, "format=markdown&dry_run=false")).json()
    article = await kb_of(world).articles.store.get(report["rows"][0]["id"])
    assert (len(article.files), len(article.revisions)) == (1, 1)


@pytest.mark.parametrize(
    "files",
    [{"a.png": b"MZ\0\0"}, {"a.png": b""}, {"a.png": PNG + b"0" * 10 * 2**20}],
    ids=["program", "empty", "large"],
)
async def test_what_a_document_names_and_is_no_such_file_refuses_its_row_alone(
    world: World, files: dict[str, bytes]
) -> None:
    content = packed({"a.md": b"![x](a.png)", "b.md": b"# B\nfine", **files})
    for dry_run in ("true", "false"):
        rows = (await sent(world, content, f"format=markdown&dry_run={dry_run}")).json()["rows"]
        assert [one["outcome"] for one in rows] == ["refused", "created"]
        assert rows[0]["reason"].startswith("a.md")
    assert await kb_of(world).articles.store.count({}) == 1
