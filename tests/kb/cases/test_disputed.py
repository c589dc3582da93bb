"""A number that two tickets have: the case and the article of the first stay what they are."""

from datetime import timedelta

import pytest

from services.kb.articles.ids import article_id
from shared.telemetry import REUSED
from shared.testing import NOON, World
from tests.kb.scene import TICKET, completed, kb_of, publish, reopened


async def test_another_ticket_under_a_known_number_changes_neither_case_nor_article(world: World) -> None:
    await world.publish(completed())
    kb = kb_of(world)
    case, article = await kb.cases.get(TICKET), await kb.articles.store.get(article_id(TICKET))
    alarms = REUSED.labels("kb")._value.get()
    other = completed(time=NOON + timedelta(days=1), solution="换一台打印机", revision=30)
    await world.publish(other.model_copy(update={"opened_at": NOON, "customer": "北方证券"}))
    assert (await kb.articles.store.get(article_id(TICKET)), REUSED.labels("kb")._value.get()) == (article, alarms + 1)
    disputed = await kb.cases.get(TICKET)
    assert disputed == case.model_copy(update={"disputed": True, "version": disputed.version})


async def test_after_that_a_reopening_that_may_be_of_either_puts_no_article_in_doubt(world: World) -> None:
    kb, other = kb_of(world), completed(revision=30).model_copy(update={"opened_at": NOON})
    await world.publish(completed())
    await publish(world, article_id(TICKET))
    alarms = REUSED.labels("kb")._value.get()
    await world.publish(other)
    case, article = await kb.cases.get(TICKET), await kb.articles.store.get(article_id(TICKET))
    await world.publish(reopened(revision=31, opened_at=None))  # as older releases tell it
    await world.publish(other.model_copy(update={"id": "once more", "revision": 40}))
    assert await kb.articles.store.get(article_id(TICKET)) == article
    assert (await kb.cases.get(TICKET)).model_copy(update={"version": case.version}) == case
    assert REUSED.labels("kb")._value.get() == alarms + 1


@pytest.mark.parametrize("reopenings", [1, 2])
async def test_a_reopening_of_the_second_that_comes_before_its_completion_puts_the_article_of_the_first_in_no_doubt(
    world: World, caplog: pytest.LogCaptureFixture, reopenings: int
) -> None:
    kb = kb_of(world)
    await world.publish(completed())
    await publish(world, article_id(TICKET))
    case, article = await kb.cases.get(TICKET), await kb.articles.store.get(article_id(TICKET))
    alarms = REUSED.labels("kb")._value.get()
    for n in range(reopenings):
        await world.publish(reopened(revision=31 + n, opened_at=NOON))
    await world.publish(completed(revision=30).model_copy(update={"opened_at": NOON}))
    assert await kb.articles.store.get(article_id(TICKET)) == article
    disputed = await kb.cases.get(TICKET)
    assert disputed == case.model_copy(update={"disputed": True, "version": disputed.version})
    assert REUSED.labels("kb")._value.get() == alarms + 1
    assert "is the case of another ticket" in caplog.text


async def test_a_reopening_that_is_heard_first_of_all_puts_no_article_of_another_ticket_in_doubt(world: World) -> None:
    kb = kb_of(world)
    await world.publish(reopened(revision=31, opened_at=NOON))
    await world.publish(completed())
    assert (await kb.cases.store.get(TICKET)).disputed
    assert await kb.articles.store.find(article_id(TICKET)) is None
    second = completed(revision=30, solution="换一台打印机").model_copy(update={"opened_at": NOON})
    await world.publish(second)
    case, article = await kb.cases.get(TICKET), await kb.articles.store.get(article_id(TICKET))
    assert (case.solution, case.state) == ("换一台打印机", "reopened")
    assert article.latest.content.solution == "换一台打印机"


async def test_the_same_ticket_is_recognized_by_what_the_store_keeps_of_a_moment(world: World) -> None:
    exactly = {"opened_at": NOON - timedelta(hours=3) + timedelta(microseconds=123_456)}
    for event in (completed(), completed(revision=30, solution="升级到 3.2.2", time=NOON + timedelta(days=1))):
        await world.publish(event.model_copy(update=exactly))
    case = await kb_of(world).cases.get(TICKET)
    assert (case.solution, case.disputed) == ("升级到 3.2.2", False)
