from collections.abc import Callable

import pytest

from services.kb.articles.domain import (
    MAX_REVISIONS,
    Article,
    ArticleState,
    NotApproved,
    NotPublished,
    WrongState,
)
from services.kb.articles.ids import article_id, is_from_ticket
from shared.domain import Conflict
from shared.events import (
    KbArticlePublished,
)
from shared.testing import NOON
from tests.kb.articles.samples import BETTER, CONTENT, LATER, TICKET, an_article

ASKED: dict[str, Callable[[Article], object]] = {
    "edit": lambda a: a.edit(BETTER, "e-chen", LATER),
    "approve": lambda a: a.approve("k-he", LATER),
    "publish": lambda a: a.publish(LATER),
    "mark_stale": lambda a: a.mark_stale("wrong", LATER),
    "withdraw": lambda a: a.withdraw("wrong", LATER),
    "reuse": lambda a: a.reuse("TK-2", "e-chen", "", LATER),
}
# What an article in each state becomes when it is asked, or how it refuses.
TABLE: dict[ArticleState, dict[str, ArticleState | type[Conflict]]] = {
    ArticleState.DRAFT: {
        "edit": ArticleState.DRAFT,
        "approve": ArticleState.APPROVED,
        "publish": NotApproved,
        "mark_stale": NotPublished,
        "withdraw": ArticleState.WITHDRAWN,
        "reuse": NotPublished,
    },
    ArticleState.APPROVED: {
        "edit": ArticleState.DRAFT,
        "approve": WrongState,
        "publish": ArticleState.PUBLISHED,
        "mark_stale": NotPublished,
        "withdraw": ArticleState.WITHDRAWN,
        "reuse": NotPublished,
    },
    ArticleState.PUBLISHED: {
        "edit": ArticleState.DRAFT,
        "approve": WrongState,
        "publish": WrongState,
        "mark_stale": ArticleState.STALE,
        "withdraw": ArticleState.WITHDRAWN,
        "reuse": ArticleState.PUBLISHED,
    },
    ArticleState.STALE: {
        "edit": ArticleState.DRAFT,
        "approve": ArticleState.APPROVED,
        "publish": NotApproved,
        "mark_stale": NotPublished,
        "withdraw": ArticleState.WITHDRAWN,
        "reuse": NotPublished,
    },
    ArticleState.WITHDRAWN: {
        "edit": WrongState,
        "approve": WrongState,
        "publish": WrongState,
        "mark_stale": NotPublished,
        "withdraw": WrongState,
        "reuse": NotPublished,
    },
    ArticleState.MERGED: {
        "edit": WrongState,
        "approve": WrongState,
        "publish": WrongState,
        "mark_stale": WrongState,
        "withdraw": WrongState,
        "reuse": NotPublished,
    },
}


@pytest.mark.parametrize(("state", "asked"), [(state, asked) for state in ArticleState for asked in ASKED])
def test_each_state_allows_what_the_table_says(state: ArticleState, asked: str) -> None:
    article, outcome = an_article(state), TABLE[state][asked]
    if isinstance(outcome, ArticleState):
        ASKED[asked](article)
        assert article.state is outcome
    else:
        with pytest.raises(outcome) as refused:
            ASKED[asked](article)
        assert refused.value.detail.en != refused.value.detail.zh
        assert article.state is state


def test_an_edit_of_a_published_article_leaves_the_published_one_to_be_found() -> None:
    article = an_article(ArticleState.PUBLISHED)
    article.edit(BETTER, "e-chen", LATER)
    assert article.live
    assert (article.live.content, article.latest.content) == (CONTENT, BETTER)
    article.approve("k-he", LATER)
    [published] = article.publish(LATER)
    assert isinstance(published, KbArticlePublished)
    assert (published.article_revision, article.live.number) == (2, 2)


def test_an_edit_that_changes_nothing_is_no_revision() -> None:
    article = an_article(ArticleState.PUBLISHED)
    assert article.edit(CONTENT.model_copy(), "e-chen", LATER) == []
    assert (article.state, len(article.revisions)) == (ArticleState.PUBLISHED, 1)


def test_the_published_revision_outlives_any_number_of_drafts() -> None:
    article = an_article(ArticleState.PUBLISHED)
    for number in range(MAX_REVISIONS * 2):
        article.edit(CONTENT.model_copy(update={"solution": f"try {number}"}), "e-chen", LATER)
    assert article.live
    assert article.live.content == CONTENT
    assert len(article.revisions) <= MAX_REVISIONS + 1
    assert [one.number for one in article.revisions] == sorted({one.number for one in article.revisions})


@pytest.mark.parametrize(
    ("ticket", "id"), [(TICKET, f"KB-{TICKET}"), ("000007", "KB-T-000007"), ("7-1", "KB-T-7-1"), ("工单7", "KB-工单7")]
)
def test_the_id_of_an_article_from_a_ticket_has_its_number_and_is_never_that_of_a_written_one(
    ticket: str, id: str
) -> None:
    assert article_id(ticket) == Article.from_ticket(ticket, CONTENT, 1, NOON).id == id
    assert not id.removeprefix("KB-").isdecimal()
    assert is_from_ticket(id) is (ticket == TICKET)


def test_documents_of_earlier_releases_keep_their_field_names() -> None:
    stored = an_article().model_dump()
    assert (stored["learnt"], stored["learnt_from"], stored["doubted"], stored["told"]) == (5, {"1": 5}, 0, {})
    assert Article.model_validate(stored) == an_article()


def test_what_is_done_already_is_said_to_be_so() -> None:
    article = an_article(ArticleState.APPROVED)
    with pytest.raises(WrongState) as refused:
        article.approve("k-he", LATER)
    assert refused.value.detail == (f"{article.id} is already approved", f"{article.id} 已处于“已审核”状态")
