"""Who may read which article: audience by role, as a matrix."""

from itertools import product
from typing import Any

import pytest

from shared.testing import ADMIN, AGENT, AUDITOR, CHEN, EDITOR, LEAD, VIEWER, WANG, Person, World
from tests.kb.articles.test_api import TEXT
from tests.kb.scene import publish

READERS = [WANG, VIEWER, AGENT, CHEN, LEAD, EDITOR, AUDITOR, ADMIN]
CUSTOMERS = {WANG.sub, VIEWER.sub}


async def an_article(world: World, audience: str, is_published: bool = True) -> str:
    async with world.as_(CHEN, "kb") as chen:
        id = str((await chen.post("/v1/articles", json={**TEXT, "audience": audience})).json()["id"])
    if is_published:
        await publish(world, id)
    return id


async def status(world: World, person: Person | None, path: str) -> int:
    async with world.as_(person, "kb") as client:
        return (await client.get(path)).status_code


async def test_who_may_read_what(world: World) -> None:
    ids = {audience: await an_article(world, audience) for audience in ("public", "customers", "internal")}
    for person, (audience, id) in product(READERS, ids.items()):
        as_help = await status(world, person, f"/v1/help-articles/{id}")
        as_staff = await status(world, person, f"/v1/articles/{id}")
        expected = (403, 403) if person is ADMIN else (404 if audience == "internal" else 200, 200)
        if person.sub in CUSTOMERS:
            expected = (expected[0], 403)
        assert (as_help, as_staff) == expected, (person, audience)
    assert await status(world, None, f"/v1/help-articles/{ids['public']}") == 401


async def test_customers_see_what_is_published_and_as_it_is_published(world: World) -> None:
    public, draft = await an_article(world, "public"), await an_article(world, "public", is_published=False)
    await an_article(world, "internal")
    async with world.as_(CHEN, "kb") as chen:
        await chen.put(f"/v1/articles/{public}", json={**TEXT, "title": "another", "audience": "internal"})
    async with world.as_(WANG, "kb") as wang:
        listed = (await wang.get("/v1/help-articles")).json()["items"]
        shown: dict[str, Any] = (await wang.get(f"/v1/help-articles/{public}")).json()
        hidden = await wang.get(f"/v1/help-articles/{draft}")
    assert [(one["id"], one["title"], one["language"]) for one in listed] == [(public, TEXT["title"], "zh")]
    assert (shown["title"], shown["solution"]) == (TEXT["title"], f"<p>{TEXT['solution']}</p>\n")
    assert hidden.status_code == 404
    assert not {"author", "approved_by", "ticket", "reuses", "revisions"} & shown.keys()


@pytest.mark.parametrize("is_open", [True, False])
async def test_a_merged_article_leads_to_the_one_that_stays_if_that_is_open(world: World, is_open: bool) -> None:
    old = await an_article(world, "public")
    new = await an_article(world, "customers" if is_open else "internal")
    async with world.as_(EDITOR, "kb") as editor:
        assert (await editor.post(f"/v1/articles/{old}/merger", json={"into": new})).status_code == 200
    async with world.as_(WANG, "kb") as wang:
        answer = await wang.get(f"/v1/help-articles/{old}")
        listed = [one["id"] for one in (await wang.get("/v1/help-articles")).json()["items"]]
    assert (answer.status_code, answer.json().get("id")) == ((200, new) if is_open else (404, None))
    assert listed == ([new] if is_open else [])
