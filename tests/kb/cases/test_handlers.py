from datetime import timedelta

from services.kb.articles.ids import article_id
from services.kb.cases.domain import accepted_round
from shared.events import (
    KbArticleDrafted,
    KbArticleReused,
    KbArticleStale,
    KbCaseArchived,
    SearchCases,
)
from shared.terms import Category, Outcome
from shared.testing import AGENT, CHEN, NOON, World
from tests.kb.scene import PROBLEM, TICKET, a_ticket, completed, kb_of, publish, published_article, reopened


async def test_a_completed_ticket_becomes_a_case_and_a_draft(world: World) -> None:
    await world.publish(completed())
    [drafted] = world.published(KbArticleDrafted)
    assert (drafted.ticket, drafted.title) == (TICKET, PROBLEM.title)
    assert drafted.tags == ["Win11", "Excel导出", "V3.2", "OutOfMemoryException"]
    [archived] = world.published(KbCaseArchived)
    assert (archived.subject, archived.article, archived.tags) == (TICKET, drafted.subject, drafted.tags)
    case = await kb_of(world).cases.store.get(TICKET)
    assert (case.solution, case.article, case.category) == ("升级到 3.2.1", drafted.subject, Category.FUNCTION)
    assert drafted.subject == article_id(TICKET)


async def test_the_same_completion_twice_is_one_case_and_one_article(world: World) -> None:
    event = completed()
    await world.publish(event)
    await world.publish(event.model_copy(update={"id": "again"}))
    await kb_of(world).cases.archive(event)
    assert (len(world.published(KbArticleDrafted)), len(world.published(KbCaseArchived))) == (1, 1)
    assert await kb_of(world).articles.store.count({}) == 1


async def test_a_crash_between_article_and_case_leaves_neither_out_nor_doubles(world: World) -> None:
    event, kb = completed(), kb_of(world)
    solved = accepted_round(event)
    assert solved
    await kb.cases._draft_article(event, solved, ["V3.2"])
    await world.publish(event)
    assert (len(world.published(KbArticleDrafted)), len(world.published(KbCaseArchived))) == (1, 1)
    assert (await kb.cases.store.get(TICKET)).article == world.published(KbArticleDrafted)[0].subject


async def test_a_ticket_without_an_accepted_solution_is_no_article(world: World) -> None:
    await world.publish(completed(accepted=False))
    [archived] = world.published(KbCaseArchived)
    assert archived.article == ""
    assert world.published(KbArticleDrafted) == []


async def test_a_solution_that_names_an_article_is_its_reuse_and_no_draft(world: World) -> None:
    article = await published_article(world)
    event = completed("TK-2026-000002", article=article)
    await world.publish(event)
    await world.publish(event)
    [reused] = world.published(KbArticleReused)
    assert (reused.subject, reused.article, reused.by) == ("TK-2026-000002", article, "e-liu")
    assert len(world.published(KbArticleDrafted)) == 1
    assert world.published(KbCaseArchived)[-1].article == article
    known = await kb_of(world).articles.store.get(article)
    assert (known.reuse_count, known.reuses[0].details.split("\n")[0]) == (1, PROBLEM.title)


async def test_a_reuse_that_an_engineer_recorded_is_not_counted_again(world: World) -> None:
    article = await published_article(world)
    assert await a_ticket(world, 2) == "TK-2026-000002"
    async with world.as_(CHEN, "kb") as chen:
        await chen.post(f"/v1/articles/{article}/reuses", json={"ticket": "TK-2026-000002", "details": "Win10 也有效"})
    await world.publish(completed("TK-2026-000002", article=article))
    [reused] = world.published(KbArticleReused)
    assert reused.by == CHEN.sub
    assert (await kb_of(world).articles.store.get(article)).reuses[0].details == "Win10 也有效"


async def test_a_solution_that_names_an_article_nobody_knows_is_drafted(world: World) -> None:
    await world.publish(completed(article="KB-999999"))
    [drafted] = world.published(KbArticleDrafted)
    assert world.published(KbCaseArchived)[0].article == drafted.subject


async def test_another_solution_after_a_reopening_is_a_new_draft_of_the_same_article(world: World) -> None:
    id = await published_article(world)
    await world.publish(reopened())
    await world.publish(completed(time=NOON + timedelta(hours=1), solution="升级到 3.2.2", revision=20))
    assert [event.subject for event in world.published(KbArticleDrafted)] == [id, id]
    assert len(world.published(KbCaseArchived)) == 2
    await publish(world, id)
    article = await kb_of(world).articles.store.get(id)
    assert article.live
    assert (article.live.content.solution, article.reason) == ("升级到 3.2.2", "")


async def test_an_older_completion_that_comes_late_changes_nothing(world: World) -> None:
    await world.publish(completed(revision=20))
    await world.publish(completed(time=NOON + timedelta(hours=1), solution="重启", revision=11))
    assert (await kb_of(world).cases.store.get(TICKET)).solution == "升级到 3.2.1"
    assert len(world.published(KbArticleDrafted)) == 1


async def test_a_reopening_that_comes_before_its_completion_holds_when_that_is_received(world: World) -> None:
    await world.publish(reopened())
    async with world.as_(AGENT, "kb") as agent:
        assert (await agent.get(f"/v1/tickets/{TICKET}/case")).status_code == 404
    assert await kb_of(world).search.cases(SearchCases(text=PROBLEM.title)) == []
    await world.publish(completed())
    case = await kb_of(world).cases.store.get(TICKET)
    assert (case.state, case.awaited, case.reopened_for, case.solution) == (
        "reopened",
        False,
        "又闪退了",
        "升级到 3.2.1",
    )
    assert await world.runtimes["kb"].bus.dead_letters() == []


async def test_a_reopening_older_than_the_completion_changes_nothing(world: World) -> None:
    await published_article(world)
    await world.publish(reopened(time=NOON + timedelta(hours=1), revision=10))
    assert world.published(KbArticleStale) == []


async def test_what_ended_without_a_solution_is_no_case(world: World) -> None:
    await world.publish(completed().model_copy(update={"outcome": Outcome.DUPLICATE}))
    assert (world.published(KbCaseArchived), world.published(KbArticleDrafted)) == ([], [])
    assert await kb_of(world).cases.store.find(TICKET) is None
    await world.publish(reopened())
    await world.publish(completed(revision=13))
    assert len(world.published(KbCaseArchived)) == 1
