"""Facts of tickets in any order, late and twice: an article ends up the same."""

from itertools import permutations

import pytest

from services.kb.articles import facts
from services.kb.articles.domain import MAX_REUSES, ArticleState
from shared.events import KbArticleDrafted, KbArticleReused, KbArticleStale
from tests.kb.articles.samples import BETTER, CONTENT, LATER, a_reuse, an_article


def test_a_reuse_counts_once_for_each_ticket_and_keeps_what_an_engineer_wrote() -> None:
    article = an_article(ArticleState.PUBLISHED)
    [reused] = article.reuse("TK-2", "e-chen", "Win10 此方法同样有效", LATER)
    assert isinstance(reused, KbArticleReused)
    assert (reused.subject, reused.article, reused.by) == ("TK-2", article.id, "e-chen")
    assert article.reuse("TK-2", "e-chen", "", LATER) == []
    assert facts.reused(article, a_reuse("TK-2", "later"), 9) == []
    assert (article.reuse_count, article.reuses[0].details) == (1, "Win10 此方法同样有效")


def test_what_an_engineer_adds_to_a_reuse_that_an_event_reported_stays() -> None:
    article = an_article(ArticleState.PUBLISHED)
    facts.reused(article, a_reuse("TK-2", "as reported"), 9)
    article.reuse("TK-2", "e-chen", "Win10 也有效", LATER)
    facts.reused(article, a_reuse("TK-2", "reported once more"), 12)
    assert (article.reuse_count, [one.details for one in article.reuses]) == (1, ["Win10 也有效"])


@pytest.mark.parametrize("order", list(permutations([(3, "first"), (7, "second"), (7, "second"), (9, "third")])))
def test_of_what_events_report_of_a_reuse_the_newest_version_holds(order: tuple[tuple[int, str], ...]) -> None:
    article = an_article(ArticleState.PUBLISHED)
    events = [event for version, details in order for event in facts.reused(article, a_reuse("TK-2", details), version)]
    assert (len(events), article.reuse_count) == (1, 1)
    assert [one.details for one in article.reuses] == ["third"]


@pytest.mark.parametrize("backwards", [False, True])
def test_reuses_are_counted_beyond_those_that_are_kept_and_the_newest_are_kept(backwards: bool) -> None:
    article = an_article(ArticleState.PUBLISHED)
    reuses = [a_reuse(f"TK-{number}", minutes=number) for number in range(MAX_REUSES + 5)]
    for one in reversed(reuses) if backwards else reuses:
        facts.reused(article, one, 4)
    assert article.reuse_count == MAX_REUSES + 5
    assert [one.ticket for one in article.reuses] == [one.ticket for one in reuses[5:]]
    assert article.reuse_versions.keys() == {one.ticket for one in reuses[5:]}


@pytest.mark.parametrize("state", ArticleState)
def test_a_reopened_ticket_takes_its_article_out_of_the_search_and_is_never_refused(state: ArticleState) -> None:
    article = an_article(state)
    made = facts.reopened(article, "又闪退了", 6, LATER)
    assert [type(event) for event in made] == ([KbArticleStale] if state is ArticleState.PUBLISHED else [])
    assert article.live is None
    assert article.state is {ArticleState.PUBLISHED: ArticleState.STALE, ArticleState.APPROVED: ArticleState.DRAFT}.get(
        state, state
    )
    assert facts.reopened(article, "again", 6, LATER) == []


def test_a_published_article_with_a_newer_draft_is_in_doubt_as_a_whole() -> None:
    article = an_article(ArticleState.PUBLISHED)
    article.edit(BETTER, "e-chen", LATER)
    [stale] = facts.reopened(article, "又闪退了", 6, LATER)
    assert isinstance(stale, KbArticleStale)
    assert (article.state, article.live, stale.title) == (ArticleState.STALE, None, CONTENT.title)


def test_what_was_drafted_after_a_reopening_is_not_in_doubt_when_that_comes_late() -> None:
    article = an_article(ArticleState.PUBLISHED)
    facts.solved(article, BETTER, 9, LATER)
    facts.reopened(article, "又闪退了", 6, LATER)
    assert (article.state, article.live, article.latest.content) == (ArticleState.DRAFT, None, BETTER)
    article.approve("k-he", LATER)
    article.publish(LATER)
    assert facts.reopened(article, "又闪退了", 8, LATER) == []
    assert article.live == article.latest


def test_an_article_that_came_back_is_not_in_doubt_by_the_same_reopening_again() -> None:
    article = an_article(ArticleState.PUBLISHED)
    facts.reopened(article, "又闪退了", 6, LATER)
    article.approve("k-he", LATER)
    article.publish(LATER)
    assert facts.reopened(article, "又闪退了", 6, LATER) == []
    assert article.state is ArticleState.PUBLISHED
    assert len(facts.reopened(article, "第三次", 12, LATER)) == 1


@pytest.mark.parametrize("state", [ArticleState.APPROVED, ArticleState.PUBLISHED, ArticleState.STALE])
def test_another_solution_of_its_ticket_is_a_new_draft_where_people_decided_something(state: ArticleState) -> None:
    article = an_article(state)
    [drafted] = facts.solved(article, BETTER, 9, LATER)
    assert isinstance(drafted, KbArticleDrafted)
    assert (article.state, article.latest.number, article.latest.content) == (ArticleState.DRAFT, 2, BETTER)
    assert (article.live is not None) is (state is ArticleState.PUBLISHED)
    assert facts.solved(article, CONTENT, 8, LATER) == []


def test_a_draft_that_nobody_touched_says_the_newest_solution() -> None:
    article = an_article()
    assert len(facts.solved(article, BETTER, 9, LATER)) == 1
    assert facts.solved(article, CONTENT, 7, LATER) == []
    assert [(one.number, one.content) for one in article.revisions] == [(1, BETTER)]


def test_the_same_solution_or_one_of_a_withdrawn_article_changes_nothing() -> None:
    assert facts.solved(an_article(), CONTENT, 9, LATER) == []
    assert facts.solved(an_article(ArticleState.STALE), CONTENT, 9, LATER) == []
    assert facts.solved(an_article(ArticleState.WITHDRAWN), BETTER, 9, LATER) == []
