from collections.abc import Callable
from datetime import timedelta
from itertools import permutations

import pytest

from services.kb.articles.domain import (
    MOST_REUSES,
    MOST_REVISIONS,
    Article,
    Content,
    IllegalMove,
    NotApproved,
    NotPublished,
    Reuse,
    State,
)
from services.kb.articles.ids import id_of, is_learnt
from services.kb.cases.domain import Case, CaseState, accepted, learnt, reuse_of
from services.kb.cases.sizes import cut
from shared.domain import Conflict
from shared.events import (
    Event,
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
from shared.mongo import size_of
from shared.terms import Category
from shared.testing import NOON

LATER = NOON + timedelta(hours=1)
CONTENT = Content(title="导出闪退", problem="点击导出就闪退", solution="升级到 3.2.1", tags=["Excel导出"])
BETTER = CONTENT.model_copy(update={"solution": "升级到 3.2.2"})
PROBLEM = Problem(title="导出闪退", description="点击导出就闪退", product_version="3.2", error_text="OutOfMemoryError")
TICKET = "TK-2026-000001"


def an_article(state: State = State.DRAFT) -> Article:
    article = Article.from_ticket(TICKET, CONTENT, 5, NOON)
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


def a_reuse(ticket: str, details: str = "", by: str = "e-liu", minutes: int = 0) -> Reuse:
    return Reuse(ticket=ticket, by=by, time=LATER + timedelta(minutes=minutes), details=details)


def test_a_reuse_counts_once_for_each_ticket_and_keeps_what_an_engineer_wrote() -> None:
    article = an_article(State.PUBLISHED)
    [reused] = article.reuse("TK-2", "e-chen", "Win10 此方法同样有效", LATER)
    assert isinstance(reused, KbArticleReused)
    assert (reused.subject, reused.article, reused.by) == ("TK-2", article.id, "e-chen")
    assert article.reuse("TK-2", "e-chen", "", LATER) == []
    assert article.reused(a_reuse("TK-2", "later"), 9) == []
    assert (article.reuse_count, article.reuses[0].details) == (1, "Win10 此方法同样有效")


def test_what_an_engineer_adds_to_a_reuse_that_a_ticket_told_of_stays() -> None:
    article = an_article(State.PUBLISHED)
    article.reused(a_reuse("TK-2", "as told"), 9)
    article.reuse("TK-2", "e-chen", "Win10 也有效", LATER)
    article.reused(a_reuse("TK-2", "told once more"), 12)
    assert (article.reuse_count, [one.details for one in article.reuses]) == (1, ["Win10 也有效"])


@pytest.mark.parametrize("order", list(permutations([(3, "first"), (7, "second"), (7, "second"), (9, "third")])))
def test_of_what_a_ticket_told_of_a_reuse_its_newest_version_holds(order: tuple[tuple[int, str], ...]) -> None:
    article = an_article(State.PUBLISHED)
    told = [event for version, details in order for event in article.reused(a_reuse("TK-2", details), version)]
    assert (len(told), article.reuse_count) == (1, 1)
    assert [one.details for one in article.reuses] == ["third"]


@pytest.mark.parametrize("backwards", [False, True])
def test_reuses_are_counted_beyond_those_that_are_kept_and_the_newest_are_kept(backwards: bool) -> None:
    article = an_article(State.PUBLISHED)
    told = [a_reuse(f"TK-{number}", minutes=number) for number in range(MOST_REUSES + 5)]
    for one in reversed(told) if backwards else told:
        article.reused(one, 4)
    assert article.reuse_count == MOST_REUSES + 5
    assert [one.ticket for one in article.reuses] == [one.ticket for one in told[5:]]
    assert article.told.keys() == {one.ticket for one in told[5:]}


@pytest.mark.parametrize("state", State)
def test_a_reopened_ticket_takes_its_article_out_of_the_search_and_is_never_refused(state: State) -> None:
    article = an_article(state)
    made = article.doubt("又闪退了", 6, LATER)
    assert [type(event) for event in made] == ([KbArticleStale] if state is State.PUBLISHED else [])
    assert article.live is None
    assert article.state is {State.PUBLISHED: State.STALE, State.APPROVED: State.DRAFT}.get(state, state)
    assert article.doubt("again", 6, LATER) == []


def test_a_published_article_with_a_newer_draft_is_doubted_as_a_whole() -> None:
    article = an_article(State.PUBLISHED)
    article.edit(BETTER, "e-chen", LATER)
    [stale] = article.doubt("又闪退了", 6, LATER)
    assert isinstance(stale, KbArticleStale)
    assert (article.state, article.live, stale.title) == (State.STALE, None, CONTENT.title)


def test_what_was_learnt_after_a_reopening_is_not_doubted_when_that_is_heard_late() -> None:
    article = an_article(State.PUBLISHED)
    article.learn(BETTER, 9, LATER)
    article.doubt("又闪退了", 6, LATER)
    assert (article.state, article.live, article.latest.content) == (State.DRAFT, None, BETTER)
    article.approve("k-he", LATER)
    article.publish(LATER)
    assert article.doubt("又闪退了", 8, LATER) == []
    assert article.live == article.latest


def test_an_article_that_came_back_is_not_doubted_by_the_same_reopening_again() -> None:
    article = an_article(State.PUBLISHED)
    article.doubt("又闪退了", 6, LATER)
    article.approve("k-he", LATER)
    article.publish(LATER)
    assert article.doubt("又闪退了", 6, LATER) == []
    assert article.state is State.PUBLISHED
    assert len(article.doubt("第三次", 12, LATER)) == 1


@pytest.mark.parametrize("state", [State.APPROVED, State.PUBLISHED, State.STALE])
def test_another_solution_of_its_ticket_is_a_new_draft_where_people_decided_something(state: State) -> None:
    article = an_article(state)
    [drafted] = article.learn(BETTER, 9, LATER)
    assert isinstance(drafted, KbArticleDrafted)
    assert (article.state, article.latest.number, article.latest.content) == (State.DRAFT, 2, BETTER)
    assert (article.live is not None) is (state is State.PUBLISHED)
    assert article.learn(CONTENT, 8, LATER) == []


def test_a_draft_that_nobody_touched_says_the_newest_solution() -> None:
    article = an_article()
    assert len(article.learn(BETTER, 9, LATER)) == 1
    assert article.learn(CONTENT, 7, LATER) == []
    assert [(one.number, one.content) for one in article.revisions] == [(1, BETTER)]


def test_the_same_solution_or_a_withdrawn_article_teaches_nothing() -> None:
    assert an_article().learn(CONTENT, 9, LATER) == []
    assert an_article(State.STALE).learn(CONTENT, 9, LATER) == []
    assert an_article(State.WITHDRAWN).learn(BETTER, 9, LATER) == []


@pytest.mark.parametrize(
    ("ticket", "id"), [(TICKET, f"KB-{TICKET}"), ("000007", "KB-T-000007"), ("7-1", "KB-T-7-1"), ("工单7", "KB-工单7")]
)
def test_the_id_of_what_a_ticket_teaches_says_its_number_and_is_never_a_persons(ticket: str, id: str) -> None:
    assert id_of(ticket) == Article.from_ticket(ticket, CONTENT, 1, NOON).id == id
    assert not id.removeprefix("KB-").isdecimal()
    assert is_learnt(id) is (ticket == TICKET)


def a_case(*events: TicketCompleted | TicketReopened) -> tuple[Case, list[Event]]:
    """As it is after these were heard, and what it told."""
    case, told = Case.of(TICKET), []
    for event in events:
        if isinstance(event, TicketCompleted):
            told += case.archive(event, ["V3.2"], "KB-000007")
        else:
            told += case.reopen(event)
    return case, told


def test_a_case_keeps_the_accepted_solution_and_every_round() -> None:
    case, [archived] = a_case(completed(category=Category.FUNCTION))
    assert (case.state, case.awaited) == (CaseState.ARCHIVED, False)
    assert (case.solution, case.root_cause, len(case.rounds)) == ("升级到 3.2.1", "内存", 2)
    assert isinstance(archived, KbCaseArchived)
    assert (archived.subject, archived.tags, archived.article) == (TICKET, ["V3.2"], "KB-000007")


def test_a_case_without_a_yes_has_no_solution() -> None:
    event = completed(rounds=[SolutionRound(round=1, solution="重启", accepted=False)])
    assert accepted(event) is None
    assert a_case(event)[0].solution == ""


STORY: list[TicketCompleted | TicketReopened] = [
    completed(revision=11),
    TicketReopened(subject=TICKET, time=NOON, reason="again", round=3, revision=12),
    completed(revision=20, customer="new", time=NOON - timedelta(minutes=3)),  # its host's clock is behind
    TicketReopened(subject=TICKET, time=NOON - timedelta(hours=1), reason="and again", round=4, revision=21),
]


@pytest.mark.parametrize("heard", [1, 2, 3, 4])
def test_a_case_is_the_same_in_whatever_order_and_however_often_it_is_told(heard: int) -> None:
    facts = STORY[:heard]
    expected, _ = a_case(*facts)
    for order in permutations(facts):
        assert a_case(*order)[0] == a_case(*order, *order)[0] == a_case(*order, *reversed(order))[0] == expected
    assert expected.state is (CaseState.REOPENED if heard % 2 == 0 else CaseState.ARCHIVED)
    assert (expected.customer, expected.reopened_for) == (
        "new" if heard > 2 else "华东贸易",
        {2: "again", 4: "and again"}.get(heard, ""),
    )


def test_a_case_is_told_once_for_each_completion_that_holds() -> None:
    first, reopening, second, _ = STORY
    assert len(a_case(first, first, reopening, second, second)[1]) == 2
    assert len(a_case(second, reopening, first)[1]) == 1
    assert a_case(reopening, first)[1] == []


def test_a_reopening_alone_is_remembered_and_shows_nothing() -> None:
    case, told = a_case(STORY[1])
    assert (case.awaited, case.state, case.reopening, told) == (True, CaseState.REOPENED, 12, [])


def test_an_article_says_what_the_ticket_says() -> None:
    event = completed(category=Category.FUNCTION, revision=4)
    solved = accepted(event)
    assert solved
    content = learnt(event, solved, ["V3.2"])
    assert content.problem == "点击导出就闪退\n\nOutOfMemoryError"
    assert (content.solution, content.fingerprints, content.tags) == ("升级到 3.2.1", ["f1"], ["V3.2"])
    of_event, of_case = reuse_of(event, solved), reuse_of(a_case(event)[0], solved)
    assert of_event == of_case
    assert (of_event[0].details, of_event[1]) == ("导出闪退\n3.2\n好了", 4)


LONG = "🙂" * 20_000


def test_the_longest_story_fits_into_a_document() -> None:
    much = {name: LONG for name in ("solution", "root_cause", "steps", "result", "comment")}
    rounds = [SolutionRound(round=number, accepted=number == 60, **much) for number in range(1, 61)]
    long = Problem(**{name: LONG for name in ("title", "description", "environment", "steps", "error_text")})
    words = dict.fromkeys(("feedback_comment", "cause_of_dissatisfaction", "second_plan"), LONG)
    event = completed(problem=long, rounds=rounds, fingerprints=["f" * 128] * 50, **words)
    case, _ = a_case(event)
    assert size_of(case.model_dump()) < 4_000_000
    assert case.rounds[-1].round == 60
    assert len(case.rounds) + case.rounds_left_out == 60
    assert case.rounds_left_out > 0


def test_an_article_with_many_long_revisions_and_reuses_fits_into_a_document() -> None:
    problem = Problem(**{name: LONG for name in ("title", "description", "environment", "steps", "error_text")})
    article = an_article(State.PUBLISHED)
    for number in range(MOST_REVISIONS * 2):
        solved = SolutionRound(round=1, solution=f"{number} {LONG}", root_cause=LONG)
        article.learn(learnt(completed(problem=problem), solved, []), 10 + number, LATER)
        article.edit(article.latest.content.model_copy(update={"tags": [str(number)]}), "e-chen", LATER)
    for number in range(MOST_REUSES):
        article.reused(a_reuse(f"TK-{number}", LONG[:1000]), 4)
    assert len(article.revisions) == MOST_REVISIONS + 1
    assert size_of(article.model_dump()) < 8_000_000


@pytest.mark.parametrize(("text", "most", "left"), [("abc", 3, "abc"), ("abcdef", 5, "ab…"), ("错误报告", 8, "错…")])
def test_a_text_is_cut_in_bytes_and_says_so(text: str, most: int, left: str) -> None:
    assert cut(text, most) == left
    assert len(left.encode()) <= most
