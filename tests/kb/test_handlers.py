"""Events and questions in, events and answers out."""

from datetime import datetime, timedelta

from services.kb.articles.ids import id_of
from services.kb.cases.domain import accepted
from services.kb.cases.domain import learnt as learnt_content
from services.kb.handlers import Kb
from shared.domain import Origin
from shared.events import (
    FoundCases,
    KbArticleDrafted,
    KbArticleReused,
    KbArticleStale,
    KbCaseArchived,
    Problem,
    SearchCases,
    SolutionRound,
    TicketCompleted,
    TicketReopened,
)
from shared.terms import Category
from shared.testing import AGENT, CHEN, NOON, World

TICKET = "TK-2026-000001"
PROBLEM = Problem(
    title="V3.2 在 Win11 导出 Excel 时闪退",
    description="点击导出按钮后程序直接退出",
    product="进销存",
    product_version="V3.2",
    error_text="System.OutOfMemoryException",
)


def completed(
    subject: str = TICKET,
    time: datetime = NOON,
    problem: Problem = PROBLEM,
    solution: str = "升级到 3.2.1",
    article: str = "",
    accepted: bool = True,
    fingerprints: tuple[str, ...] = ("f-export",),
    revision: int = 11,
) -> TicketCompleted:
    return TicketCompleted(
        subject=subject,
        time=time,
        revision=revision,
        problem=problem,
        customer="华东贸易",
        category=Category.FUNCTION,
        assignee="e-chen",
        rounds=[SolutionRound(round=1, solution=solution, accepted=accepted, article=article, verified_by="e-liu")],
        fingerprints=list(fingerprints),
        opened_at=NOON - timedelta(hours=3),
    )


def reopened(subject: str = TICKET, time: datetime = NOON + timedelta(minutes=1), revision: int = 12) -> TicketReopened:
    return TicketReopened(subject=subject, time=time, revision=revision, reason="又闪退了", round=2)


def kb_of(world: World) -> Kb:
    kb: Kb = world.apps["kb"].state.service
    return kb


async def ask(world: World, text: str, *fingerprints: str, limit: int = 5) -> FoundCases:
    assert world._bus
    return await world._bus.ask(
        "kb.search", SearchCases(text=text, fingerprints=list(fingerprints), limit=limit), FoundCases, within=2.0
    )


async def publish(world: World, id: str) -> None:
    kb, by = kb_of(world), Origin("k-he")
    await kb.change(id, lambda a, now: a.approve("k-he", now), by)
    await kb.change(id, lambda a, now: a.publish(now), by)


async def learnt(world: World, event: TicketCompleted | None = None) -> str:
    """The id of an article that was learnt from a ticket and published."""
    await world.publish(event or completed())
    id = world.published(KbArticleDrafted)[-1].subject
    await publish(world, id)
    return id


async def test_a_completed_ticket_becomes_a_case_and_a_draft(world: World) -> None:
    await world.publish(completed())
    [drafted] = world.published(KbArticleDrafted)
    assert (drafted.ticket, drafted.title) == (TICKET, PROBLEM.title)
    assert drafted.tags == ["Win11", "Excel导出", "V3.2", "OutOfMemoryException"]
    [archived] = world.published(KbCaseArchived)
    assert (archived.subject, archived.article, archived.tags) == (TICKET, drafted.subject, drafted.tags)
    case = await kb_of(world).cases.get(TICKET)
    assert (case.solution, case.article, case.category) == ("升级到 3.2.1", drafted.subject, Category.FUNCTION)
    assert drafted.subject == id_of(TICKET)


async def test_the_same_completion_twice_is_one_case_and_one_article(world: World) -> None:
    event = completed()
    await world.publish(event)
    await world.publish(event.model_copy(update={"id": "again"}))
    await kb_of(world).archive(event)
    assert (len(world.published(KbArticleDrafted)), len(world.published(KbCaseArchived))) == (1, 1)
    assert await kb_of(world).articles.count({}) == 1


async def test_a_crash_between_article_and_case_leaves_neither_out_nor_doubles(world: World) -> None:
    event, kb = completed(), kb_of(world)
    solved = accepted(event)
    assert solved
    await kb._learn(event, learnt_content(event, solved, ["V3.2"]))
    await world.publish(event)
    assert (len(world.published(KbArticleDrafted)), len(world.published(KbCaseArchived))) == (1, 1)
    assert (await kb.cases.get(TICKET)).article == world.published(KbArticleDrafted)[0].subject


async def test_a_ticket_without_an_accepted_solution_teaches_nothing(world: World) -> None:
    await world.publish(completed(accepted=False))
    [archived] = world.published(KbCaseArchived)
    assert archived.article == ""
    assert world.published(KbArticleDrafted) == []


async def test_a_solution_that_names_an_article_is_its_reuse_and_no_draft(world: World) -> None:
    article = await learnt(world)
    event = completed("TK-2026-000002", article=article)
    await world.publish(event)
    await world.publish(event)
    [reused] = world.published(KbArticleReused)
    assert (reused.subject, reused.article, reused.by) == ("TK-2026-000002", article, "e-liu")
    assert len(world.published(KbArticleDrafted)) == 1
    assert world.published(KbCaseArchived)[-1].article == article
    known = await kb_of(world).articles.get(article)
    assert (known.reuse_count, known.reuses[0].details.split("\n")[0]) == (1, PROBLEM.title)


async def test_a_reuse_that_an_engineer_recorded_is_not_counted_again(world: World) -> None:
    article = await learnt(world)
    async with world.as_(CHEN, "kb") as chen:
        await chen.post(f"/articles/{article}/reuses", json={"ticket": "TK-2026-000002", "details": "Win10 也有效"})
    await world.publish(completed("TK-2026-000002", article=article))
    [reused] = world.published(KbArticleReused)
    assert reused.by == CHEN.sub
    assert (await kb_of(world).articles.get(article)).reuses[0].details == "Win10 也有效"


async def test_a_solution_that_names_an_article_nobody_knows_is_drafted(world: World) -> None:
    await world.publish(completed(article="KB-999999"))
    [drafted] = world.published(KbArticleDrafted)
    assert world.published(KbCaseArchived)[0].article == drafted.subject


async def test_only_published_articles_are_suggested(world: World) -> None:
    await world.publish(completed())
    assert (await ask(world, PROBLEM.title)).suggestions == []
    id = world.published(KbArticleDrafted)[0].subject
    await publish(world, id)
    [found] = (await ask(world, "Win11 上导出Excel就崩溃")).suggestions
    assert (found.article, found.title, found.category, found.exact) == (id, PROBLEM.title, Category.FUNCTION, False)
    assert 0.25 <= found.score < 1.0


async def test_an_english_question_finds_a_chinese_article(world: World) -> None:
    id = await learnt(world)
    [found] = (await ask(world, "Application crashes when exporting to Excel on Windows 11")).suggestions
    assert found.article == id


async def test_the_same_fingerprint_comes_first_whatever_the_text(world: World) -> None:
    id = await learnt(world)
    printing = Problem(title="批量打印发票卡死", description="打印一百张以上时无响应")
    other = await learnt(world, completed("TK-2026-000002", problem=printing, fingerprints=()))
    [first, second] = (await ask(world, "批量打印发票卡死", "unknown", "f-export")).suggestions
    assert (first.article, first.score, first.exact) == (id, 1.0, True)
    assert (second.article, second.exact) == (other, False)


async def test_a_case_leads_to_the_article_that_solved_it(world: World) -> None:
    article = await learnt(world)
    words = Problem(title="点击生成表格后软件自动消失", description="不报任何提示")
    await world.publish(completed("TK-2026-000002", problem=words, article=article, fingerprints=("f-other",)))
    [by_words] = (await ask(world, "生成表格后软件消失")).suggestions
    [by_print] = (await ask(world, "", "f-other")).suggestions
    assert (by_words.article, by_words.exact) == (article, False)
    assert (by_print.article, by_print.exact, by_print.score) == (article, True, 1.0)


async def test_what_nobody_solved_is_not_suggested(world: World) -> None:
    await learnt(world)
    assert (await ask(world, "如何修改公司名称")).suggestions == []
    assert (await ask(world, "")).suggestions == []


async def test_a_reopened_ticket_takes_its_article_off_the_shelf(world: World) -> None:
    id = await learnt(world)
    await world.publish(reopened())
    await world.publish(reopened())
    [stale] = world.published(KbArticleStale)
    assert (stale.subject, stale.reason) == (id, "又闪退了")
    assert (await ask(world, PROBLEM.title, "f-export")).suggestions == []


async def test_another_solution_after_a_reopening_is_a_new_draft_of_the_same_article(world: World) -> None:
    id = await learnt(world)
    await world.publish(reopened())
    await world.publish(completed(time=NOON + timedelta(hours=1), solution="升级到 3.2.2", revision=20))
    assert [event.subject for event in world.published(KbArticleDrafted)] == [id, id]
    assert len(world.published(KbCaseArchived)) == 2
    await publish(world, id)
    article = await kb_of(world).articles.get(id)
    assert article.live
    assert (article.live.content.solution, article.reason) == ("升级到 3.2.2", "")


async def test_an_older_completion_that_comes_late_changes_nothing(world: World) -> None:
    await world.publish(completed(revision=20))
    await world.publish(completed(time=NOON + timedelta(hours=1), solution="重启", revision=11))
    assert (await kb_of(world).cases.get(TICKET)).solution == "升级到 3.2.1"
    assert len(world.published(KbArticleDrafted)) == 1


async def test_a_reopening_that_comes_before_its_completion_holds_when_that_is_heard(world: World) -> None:
    await world.publish(reopened())
    async with world.as_(AGENT, "kb") as agent:
        assert (await agent.get(f"/cases/{TICKET}")).status_code == 404
    assert await kb_of(world).cases_like(PROBLEM.title, 5) == []
    await world.publish(completed())
    case = await kb_of(world).cases.get(TICKET)
    assert (case.state, case.awaited, case.reopened_for, case.solution) == (
        "reopened",
        False,
        "又闪退了",
        "升级到 3.2.1",
    )
    assert await world.runtimes["kb"].bus.dead_letters() == []


async def test_a_reopening_older_than_the_completion_changes_nothing(world: World) -> None:
    await learnt(world)
    await world.publish(reopened(time=NOON + timedelta(hours=1), revision=10))
    assert world.published(KbArticleStale) == []


async def test_a_number_that_was_told_of_is_not_given_again_by_another_database(world: World) -> None:
    kb, by = kb_of(world), Origin("e-chen")
    told = KbArticleDrafted(subject="KB-000051", time=NOON, ticket="", title="批量打印", tags=[])
    for subject in ("KB-000051", "KB-000007", id_of("TK-2026-000900")):
        await world.publish(told.model_copy(update={"id": subject, "subject": subject}))
    await world.publish(completed())
    content = (await kb.articles.get(id_of(TICKET))).latest.content
    assert [(await kb.write(content, "e-chen", by)).id for _ in range(2)] == ["KB-000053", "KB-000054"]


async def test_questions_use_an_index(world: World) -> None:
    articles = kb_of(world).articles
    await learnt(world)
    for query in (
        {"_keys": articles.key_of(TICKET)},
        {"state": "draft", "_row": {"$gt": 0, "$lte": 200}},
        {"_row": {"$gt": 0, "$lte": 200}},
        {"_row": None},
        {"_place": {"$gt": 0, "$lte": 200}},
        {"_place": None},
    ):
        assert "COLLSCAN" not in str(await articles.explain(query)), query
    for query in ({"article": "KB-1"}, {"_place": {"$gt": 0, "$lte": 200}}, {"_place": None}):
        assert "COLLSCAN" not in str(await kb_of(world).cases.explain(query)), query
