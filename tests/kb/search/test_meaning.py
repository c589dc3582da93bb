"""Searches by meaning, with the model: a question in one language finds what is written in the other."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.kb.app import create_app
from services.triage.diagnosis.knowledge import meaning_of
from shared.events import SearchCases
from shared.reading.assessment import weights
from shared.search import Meanings
from shared.search.embedder import is_installed
from shared.search.vectors import key_of
from shared.testing import EDITOR, Servers, World, running
from tests.kb.scene import indexed, kb_of
from tests.kb.search.test_api import article, search

pytestmark = pytest.mark.skipif(not is_installed(), reason="the extra `meaning` is not installed")
ENGLISH: dict[str, Any] = {
    "title": "Laptop does not wake up after its lid is opened",
    "problem": "The panel remains dark",
    "solution": "Flash the newest firmware",
    "tags": [],
    "product": "",
    "product_version": "",
}
OTHER = {**ENGLISH, "title": "Salaries of part-time staff are computed twice", "problem": "Twice", "solution": "Patch"}
CHINESE = "笔记本电脑合盖再打开后无法唤醒"


@pytest.fixture
async def world(servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setenv("BIHUAN_SEARCH_BY_MEANING", "true")
    monkeypatch.setenv("BIHUAN_SEARCH_FOLDER", str(tmp_path))
    monkeypatch.setattr("shared.search.embedder.QUESTION_WITHIN", 20.0)
    async with running(servers, create_app) as world:
        yield world


def meanings(world: World) -> Meanings:
    found = kb_of(world).search.catalog.meanings
    assert found
    return found


async def embedded(world: World) -> None:
    await indexed(world)
    assert await meanings(world).caught_up(20)


async def test_who_asks_is_told_what_the_text_means_and_reading_knows_that_model(world: World) -> None:
    """The weights of vectors are for those of kb: another release of the model, or more of a text, wants others."""
    question = SearchCases(text=f"{CHINESE}\n{CHINESE}", meaning=True)
    answer = await kb_of(world).search.suggest(question)
    meaning, weights_for = meaning_of(answer), weights().meaning
    assert meaning
    assert weights_for
    assert (meaning.model, len(meaning.vector)) == (weights_for.model, len(weights_for.rows))
    known = await meanings(world).of_text(question.text)
    assert known
    assert meaning.vector == pytest.approx(known.vector.tolist(), abs=1e-3)
    silent = await kb_of(world).search.suggest(SearchCases(text=CHINESE))
    assert (silent.meaning, silent.meaning_model) == ("", "")


async def test_a_chinese_question_finds_an_english_article(world: World) -> None:
    id = await article(world, **ENGLISH)
    other = await article(world, **OTHER)
    await embedded(world)
    first, *rest = await search(world, text=CHINESE)
    assert first["id"] == id
    assert other not in [one["id"] for one in rest if one["score"] >= first["score"]]
    assert [one["by"] for one in first["why"]] == ["meaning"]
    assert (first["why"][0]["zh"], first["passage"]) == ("含义相近", None)


async def test_filters_hold_for_what_is_found_by_meaning(world: World) -> None:
    id = await article(world, **{**ENGLISH, "product": "Laptops"})
    await embedded(world)
    assert [one["id"] for one in await search(world, text=CHINESE, product=["laptops"])] == [id]
    assert await search(world, text=CHINESE, product=["Salaries"]) == []


async def test_what_is_no_longer_published_is_not_found(world: World) -> None:
    id = await article(world, **ENGLISH)
    await embedded(world)
    async with world.as_(EDITOR, "kb") as editor:
        assert (await editor.post(f"/v1/articles/{id}/withdrawal", json={"reason": "wrong"})).status_code == 200
    assert await search(world, text=CHINESE) == []


async def test_while_the_model_is_away_words_alone_find(world: World) -> None:
    id = await article(world, **ENGLISH)
    await embedded(world)
    process = meanings(world)._embedder._process
    assert process
    process.kill()
    await process.wait()
    assert await search(world, text=CHINESE) == []
    assert [one["id"] for one in await search(world, text="laptop lid")] == [id]


async def test_another_process_takes_up_the_vectors_that_there_are(world: World) -> None:
    id = await article(world, **ENGLISH)
    await embedded(world)
    await world.stop("kb")
    await world.start(create_app)
    assert await meanings(world).caught_up(20)
    vectors = meanings(world)._vectors
    assert vectors
    assert vectors.keys() == {key_of(ENGLISH["title"])}
    assert [one["id"] for one in await search(world, text=CHINESE)] == [id]


async def test_switched_off_words_alone_find(servers: Servers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BIHUAN_SEARCH_BY_MEANING", "false")
    async with running(servers, create_app) as world:
        await article(world, **ENGLISH)
        assert kb_of(world).search.catalog.meanings is None
        assert await search(world, text=CHINESE) == []
