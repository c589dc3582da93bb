"""Articles in each state, to be changed by tests."""

from datetime import timedelta

from services.kb.articles.content import Content, Reuse
from services.kb.articles.domain import Article, ArticleState
from services.kb.articles.merging import merge
from shared.testing import NOON

LATER = NOON + timedelta(hours=1)
CONTENT = Content(title="导出闪退", problem="点击导出就闪退", solution="升级到 3.2.1", tags=["Excel导出"])
BETTER = CONTENT.model_copy(update={"solution": "升级到 3.2.2"})
TICKET = "TK-2026-000001"


def an_article(state: ArticleState = ArticleState.DRAFT) -> Article:
    article = Article.from_ticket(TICKET, CONTENT, 5, NOON)
    if state is not ArticleState.DRAFT:
        article.approve("k-he", NOON)
    if state in (ArticleState.PUBLISHED, ArticleState.STALE, ArticleState.MERGED):
        article.publish(NOON)
    if state is ArticleState.STALE:
        article.mark_stale("obsolete", NOON)
    if state is ArticleState.WITHDRAWN:
        article.withdraw("wrong", NOON)
    if state is ArticleState.MERGED:
        merge(article, Article.written(7, CONTENT, "e-chen", NOON), NOON)
    assert article.state is state
    return article


def a_reuse(ticket: str, details: str = "", by: str = "e-liu", minutes: int = 0) -> Reuse:
    return Reuse(ticket=ticket, by=by, time=LATER + timedelta(minutes=minutes), details=details)
