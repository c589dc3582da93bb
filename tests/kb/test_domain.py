from collections.abc import Callable
from datetime import timedelta

import pytest

from services.kb.case import Case, CaseState, accepted, details_of, learnt
from services.kb.domain import (
    MOST_REUSES,
    MOST_REVISIONS,
    Article,
    Content,
    IllegalMove,
    NotApproved,
    NotPublished,
    State,
)
from shared.domain import Conflict
from shared.events import (
    KbArticleDrafted,
    KbArticlePublished,
    KbArticleReused,
    KbArticleStale,
    KbCaseArchived,
    Problem,
    SolutionRound,
    TicketCompleted,
    TicketReopened,
)
from shared.terms import Category
from shared.testing import NOON

LATER = NOON + timedelta(hours=1)
CONTENT = Content(title="导出闪退", problem="点击导出就闪退", solution="升级到 3.2.1", tags=["Excel导出"])
BETTER = CONTENT.model_copy(update={"solution": "升级到 3.2.2"})
PROBLEM = Problem(title="导出闪退", description="点击导出就闪退", product_version="3.2", error_text="OutOfMemoryError")
TICKET = "TK-2026-000001"


def an_article(state: State = State.DRAFT) -> Article:
    article = Article.draft(7, CONTENT, "kb", NOON, TICKET)
    if state is not State.DRAFT:
        article.approve("k-he", NOON)
    if state in (State.PUBLISHED, State.STALE):
        article.publish(NOON)
    if state is State.STALE:
        article.mark_stale("obsolete", NOON)
    if state is State.WITHDRAWN:
        article.withdraw("wrong", NOON)
    assert article.state is state
    return article


def completed(**facts: object) -> TicketCompleted:
    no = SolutionRound(round=1, solution="重启", accepted=False)
    yes = SolutionRound(round=2, solution="升级到 3.2.1", root_cause="内存", accepted=True, comment="好了")
    known = {"problem": PROBLEM, "customer": "华东贸易", "opened_at": NOON, "rounds": [no, yes], "fingerprints": ["f1"]}
    return TicketCompleted.model_validate({"subject": TICKET, "time": NOON, **known, **facts})


ASKED: dict[str, Callable[[Article], object]] = {
    "edit": lambda a: a.edit(BETTER, "e-chen", LATER),
    "approve": lambda a: a.approve("k-he", LATER),
    "publish": lambda a: a.publish(LATER),
    "mark_stale": lambda a: a.mark_stale("wrong", LATER),
    "withdraw": lambda a: a.withdraw("wrong", LATER),
    "reuse": lambda a: a.reuse("TK-2", "e-chen", "", LATER),
}
# What an article in each state becomes when it is asked, or how it refuses.
TABLE: dict[State, dict[str, State | type[Conflict]]] = {
    State.DRAFT: {
        "edit": State.DRAFT,
        "approve": State.APPROVED,
        "publish": NotApproved,
        "mark_stale": NotPublished,
        "withdraw": State.WITHDRAWN,
        "reuse": NotPublished,
    },
    State.APPROVED: {
        "edit": State.DRAFT,
        "approve": IllegalMove,
        "publish": State.PUBLISHED,
        "mark_stale": NotPublished,
        "withdraw": State.WITHDRAWN,
        "reuse": NotPublished,
    },
    State.PUBLISHED: {
        "edit": State.DRAFT,
        "approve": IllegalMove,
        "publish": IllegalMove,
        "mark_stale": State.STALE,
        "withdraw": State.WITHDRAWN,
        "reuse": State.PUBLISHED,
    },
    State.STALE: {
        "edit": State.DRAFT,
        "approve": State.APPROVED,
        "publish": NotApproved,
        "mark_stale": NotPublished,
        "withdraw": State.WITHDRAWN,
        "reuse": NotPublished,
    },
    State.WITHDRAWN: {
        "edit": IllegalMove,
        "approve": IllegalMove,
        "publish": IllegalMove,
        "mark_stale": NotPublished,
        "withdraw": IllegalMove,
        "reuse": NotPublished,
    },
}


@pytest.mark.parametrize(("state", "asked"), [(state, asked) for state in State for asked in ASKED])
def test_each_state_allows_what_the_table_says(state: State, asked: str) -> None:
    article, outcome = an_article(state), TABLE[state][asked]
    if isinstance(outcome, State):
        ASKED[asked](article)
        assert article.state is outcome
    else:
        with pytest.raises(outcome) as refused:
            ASKED[asked](article)
        assert refused.value.detail.en != refused.value.detail.zh
        assert article.state is state


def test_an_edit_of_a_published_article_leaves_the_published_one_to_be_found() -> None:
    article = an_article(State.PUBLISHED)
    article.edit(BETTER, "e-chen", LATER)
    assert article.live
    assert (article.live.content, article.latest.content) == (CONTENT, BETTER)
    article.approve("k-he", LATER)
    [published] = article.publish(LATER)
    assert isinstance(published, KbArticlePublished)
    assert (published.article_revision, article.live.number) == (2, 2)


def test_an_edit_that_changes_nothing_is_no_revision() -> None:
    article = an_article(State.PUBLISHED)
    assert article.edit(CONTENT.model_copy(), "e-chen", LATER) == []
    assert (article.state, len(article.revisions)) == (State.PUBLISHED, 1)


def test_the_published_revision_outlives_any_number_of_drafts() -> None:
    article = an_article(State.PUBLISHED)
    for number in range(MOST_REVISIONS * 2):
        article.edit(CONTENT.model_copy(update={"solution": f"try {number}"}), "e-chen", LATER)
    assert article.live
    assert article.live.content == CONTENT
    assert len(article.revisions) <= MOST_REVISIONS + 1
    assert [one.number for one in article.revisions] == sorted({one.number for one in article.revisions})


def test_a_reuse_counts_once_for_each_ticket_and_keeps_the_details() -> None:
    article = an_article(State.PUBLISHED)
    [reused] = article.reuse("TK-2", "e-chen", "Win10 此方法同样有效", LATER)
    assert isinstance(reused, KbArticleReused)
    assert (reused.subject, reused.article, reused.by) == ("TK-2", "KB-000007", "e-chen")
    assert article.reuse("TK-2", "e-chen", "", LATER) == []
    assert article.reused("TK-2", "kb", "later", LATER) == []
    assert (article.reuse_count, article.reuses[0].details) == (1, "Win10 此方法同样有效")


def test_reuses_are_counted_beyond_those_that_are_kept() -> None:
    article = an_article(State.PUBLISHED)
    for number in range(MOST_REUSES + 5):
        article.reused(f"TK-{number}", "e-chen", "", LATER)
    assert (article.reuse_count, len(article.reuses)) == (MOST_REUSES + 5, MOST_REUSES)


@pytest.mark.parametrize("state", State)
def test_a_reopened_ticket_takes_its_article_out_of_the_search_and_is_never_refused(state: State) -> None:
    article = an_article(state)
    made = article.doubt("又闪退了", LATER)
    assert [type(event) for event in made] == ([KbArticleStale] if state is State.PUBLISHED else [])
    assert article.live is None
    assert article.state is {State.PUBLISHED: State.STALE, State.APPROVED: State.DRAFT}.get(state, state)


def test_a_published_article_with_a_newer_draft_is_doubted_as_a_whole() -> None:
    article = an_article(State.PUBLISHED)
    article.edit(BETTER, "e-chen", LATER)
    [stale] = article.doubt("又闪退了", LATER)
    assert isinstance(stale, KbArticleStale)
    assert (article.state, article.live, stale.title) == (State.STALE, None, CONTENT.title)


@pytest.mark.parametrize("state", [state for state in State if state is not State.WITHDRAWN])
def test_another_solution_of_its_ticket_is_a_new_draft(state: State) -> None:
    article = an_article(state)
    [drafted] = article.learn(BETTER, LATER)
    assert isinstance(drafted, KbArticleDrafted)
    assert (article.state, article.latest.content) == (State.DRAFT, BETTER)
    assert (article.live is not None) is (state is State.PUBLISHED)


def test_the_same_solution_or_a_withdrawn_article_teaches_nothing() -> None:
    assert an_article(State.STALE).learn(CONTENT, LATER) == []
    assert an_article(State.WITHDRAWN).learn(BETTER, LATER) == []


def test_a_case_keeps_the_accepted_solution_and_every_round() -> None:
    case = Case.of(completed(category=Category.FUNCTION), ["V3.2"], "KB-000007", LATER)
    assert (case.solution, case.root_cause, len(case.rounds)) == ("升级到 3.2.1", "内存", 2)
    [archived] = case.archived(LATER)
    assert isinstance(archived, KbCaseArchived)
    assert (archived.subject, archived.tags, archived.article) == (TICKET, ["V3.2"], "KB-000007")


def test_a_case_without_a_yes_has_no_solution() -> None:
    event = completed(rounds=[SolutionRound(round=1, solution="重启", accepted=False)])
    assert accepted(event) is None
    assert Case.of(event, [], "", LATER).solution == ""


def test_only_a_later_completion_replaces_a_case() -> None:
    case = Case.of(completed(), [], "", NOON)
    older = Case.of(completed(time=NOON - timedelta(days=1), customer="old"), [], "", LATER)
    newer = Case.of(completed(time=LATER, customer="new"), [], "", LATER)
    assert case.archive_again(older) == []
    assert len(case.archive_again(newer)) == 1
    assert (case.customer, case.archived_at) == ("new", LATER)


@pytest.mark.parametrize(
    ("minutes", "state"), [(-1, CaseState.ARCHIVED), (0, CaseState.REOPENED), (5, CaseState.REOPENED)]
)
def test_only_a_reopening_after_the_completion_reopens_a_case(minutes: int, state: CaseState) -> None:
    case = Case.of(completed(), [], "", NOON)
    event = TicketReopened(subject=TICKET, time=NOON + timedelta(minutes=minutes), reason="again", round=3)
    assert case.reopen(event, LATER) == []
    assert case.state is state


def test_an_article_says_what_the_ticket_says() -> None:
    event = completed(category=Category.FUNCTION)
    solved = accepted(event)
    assert solved
    content = learnt(event, solved, ["V3.2"])
    assert content.problem == "点击导出就闪退\n\nOutOfMemoryError"
    assert (content.solution, content.fingerprints, content.tags) == ("升级到 3.2.1", ["f1"], ["V3.2"])
    assert details_of(event, solved) == "导出闪退\n3.2\n好了"
