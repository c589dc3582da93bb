from datetime import timedelta
from itertools import permutations

import pytest

from services.kb.articles import facts
from services.kb.articles.domain import (
    MAX_REUSES,
    MAX_REVISIONS,
    ArticleState,
)
from services.kb.cases.domain import Case, CaseState, accepted_round, article_content, reuse_of
from services.kb.cases.truncation import truncated
from shared.events import (
    Event,
    KbCaseArchived,
    Problem,
    SolutionRound,
    TicketCompleted,
    TicketReopened,
)
from shared.mongo import size_of
from shared.terms import Category
from shared.testing import NOON
from tests.kb.articles.samples import LATER, TICKET, a_reuse, an_article

PROBLEM = Problem(title="导出闪退", description="点击导出就闪退", product_version="3.2", error_text="OutOfMemoryError")


def completed(**facts: object) -> TicketCompleted:
    no = SolutionRound(round=1, solution="重启", accepted=False)
    yes = SolutionRound(round=2, solution="升级到 3.2.1", root_cause="内存", accepted=True, comment="好了")
    known = {
        "problem": PROBLEM,
        "customer": "c-1",
        "company": "华东贸易",
        "opened_at": NOON,
        "rounds": [no, yes],
        "fingerprints": ["f1"],
    }
    return TicketCompleted.model_validate({"subject": TICKET, "time": NOON, **known, **facts})


def a_case(*events: TicketCompleted | TicketReopened) -> tuple[Case, list[Event]]:
    """As it is after these were received, and the events of its own."""
    case, made = Case.awaiting(TICKET), []
    for event in events:
        if isinstance(event, TicketCompleted):
            made += case.archive(event, ["V3.2"], "KB-000007")
        else:
            made += case.reopen(event)
    return case, made


def test_a_case_keeps_the_accepted_solution_and_every_round() -> None:
    case, [archived] = a_case(completed(category=Category.FUNCTION))
    assert (case.state, case.awaited) == (CaseState.ARCHIVED, False)
    assert (case.solution, case.root_cause, len(case.rounds)) == ("升级到 3.2.1", "内存", 2)
    assert isinstance(archived, KbCaseArchived)
    assert (archived.subject, archived.tags, archived.article) == (TICKET, ["V3.2"], "KB-000007")


def test_a_case_without_an_accepted_round_has_no_solution() -> None:
    event = completed(rounds=[SolutionRound(round=1, solution="重启", accepted=False)])
    assert accepted_round(event) is None
    assert a_case(event)[0].solution == ""


STORY: list[TicketCompleted | TicketReopened] = [
    completed(revision=11),
    TicketReopened(subject=TICKET, time=NOON, reason="again", round=3, revision=12),
    completed(revision=20, company="new", time=NOON - timedelta(minutes=3)),  # its host's clock is behind
    TicketReopened(subject=TICKET, time=NOON - timedelta(hours=1), reason="and again", round=4, revision=21),
]


@pytest.mark.parametrize("received", [1, 2, 3, 4])
def test_a_case_is_the_same_in_whatever_order_and_however_often_events_come(received: int) -> None:
    facts = STORY[:received]
    expected, _ = a_case(*facts)
    for order in permutations(facts):
        assert a_case(*order)[0] == a_case(*order, *order)[0] == a_case(*order, *reversed(order))[0] == expected
    assert expected.state is (CaseState.REOPENED if received % 2 == 0 else CaseState.ARCHIVED)
    assert (expected.customer, expected.reopened_for) == (
        "new" if received > 2 else "华东贸易",
        {2: "again", 4: "and again"}.get(received, ""),
    )


def test_a_case_is_archived_once_for_each_completion_that_holds() -> None:
    first, reopening, second, _ = STORY
    assert len(a_case(first, first, reopening, second, second)[1]) == 2
    assert len(a_case(second, reopening, first)[1]) == 1
    assert a_case(reopening, first)[1] == []


def test_a_reopening_alone_is_remembered_and_shows_nothing() -> None:
    case, events = a_case(STORY[1])
    assert (case.awaited, case.state, case.reopening, events) == (True, CaseState.REOPENED, 12, [])


def test_an_article_says_what_the_ticket_says() -> None:
    event = completed(category=Category.FUNCTION, revision=4)
    solved = accepted_round(event)
    assert solved
    content = article_content(event, solved, ["V3.2"])
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
    article = an_article(ArticleState.PUBLISHED)
    for number in range(MAX_REVISIONS * 2):
        solved = SolutionRound(round=1, solution=f"{number} {LONG}", root_cause=LONG)
        facts.solved(article, article_content(completed(problem=problem), solved, []), 10 + number, LATER)
        article.edit(article.latest.content.model_copy(update={"tags": [str(number)]}), "e-chen", LATER)
    for number in range(MAX_REUSES):
        facts.reused(article, a_reuse(f"TK-{number}", LONG[:1000]), 4)
    assert len(article.revisions) == MAX_REVISIONS + 1
    assert size_of(article.model_dump()) < 8_000_000


@pytest.mark.parametrize(("text", "most", "left"), [("abc", 3, "abc"), ("abcdef", 5, "ab…"), ("错误报告", 8, "错…")])
def test_a_text_is_cut_in_bytes_and_says_so(text: str, most: int, left: str) -> None:
    assert truncated(text, most) == left
    assert len(left.encode()) <= most
