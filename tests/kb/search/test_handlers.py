from shared.events import KbArticleDrafted, KbArticleStale, Problem
from shared.terms import Category
from shared.testing import World
from tests.kb.scene import PROBLEM, ask, completed, publish, published_article, reopened


async def test_only_published_articles_are_suggested(world: World) -> None:
    await world.publish(completed())
    assert (await ask(world, PROBLEM.title)).suggestions == []
    id = world.published(KbArticleDrafted)[0].subject
    await publish(world, id)
    [found] = (await ask(world, "Win11 上导出Excel就崩溃")).suggestions
    assert (found.article, found.title, found.category, found.exact) == (id, PROBLEM.title, Category.FUNCTION, False)
    assert 0.4 <= found.score < 1.0


async def test_an_english_question_finds_a_chinese_article(world: World) -> None:
    id = await published_article(world)
    [found] = (await ask(world, "Application crashes when exporting to Excel on Windows 11")).suggestions
    assert found.article == id


async def test_the_same_fingerprint_comes_first_whatever_the_text(world: World) -> None:
    id = await published_article(world)
    printing = Problem(title="批量打印发票卡死", description="打印一百张以上时无响应")
    other = await published_article(world, completed("TK-2026-000002", problem=printing, fingerprints=()))
    [first, second] = (await ask(world, "批量打印发票卡死", "unknown", "f-export")).suggestions
    assert (first.article, first.score, first.exact) == (id, 1.0, True)
    assert (second.article, second.exact) == (other, False)


async def test_a_case_leads_to_the_article_that_solved_it(world: World) -> None:
    article = await published_article(world)
    words = Problem(title="点击生成表格后软件自动消失", description="不报任何提示")
    await world.publish(completed("TK-2026-000002", problem=words, article=article, fingerprints=("f-other",)))
    [by_words] = (await ask(world, "生成表格后软件消失")).suggestions
    [by_print] = (await ask(world, "", "f-other")).suggestions
    assert (by_words.article, by_words.exact) == (article, False)
    assert (by_print.article, by_print.exact, by_print.score) == (article, True, 1.0)


async def test_what_nobody_solved_is_not_suggested(world: World) -> None:
    await published_article(world)
    assert (await ask(world, "如何修改公司名称")).suggestions == []
    assert (await ask(world, "")).suggestions == []


async def test_a_reopened_ticket_takes_its_article_out_of_the_search(world: World) -> None:
    id = await published_article(world)
    await world.publish(reopened())
    await world.publish(reopened())
    [stale] = world.published(KbArticleStale)
    assert (stale.subject, stale.reason) == (id, "又闪退了")
    assert (await ask(world, PROBLEM.title, "f-export")).suggestions == []
