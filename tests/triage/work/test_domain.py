"""The state of a work item, its place in the queue, and its limits, without any server."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.triage.consultations import domain as consultations
from services.triage.diagnosis import domain as diagnosing
from services.triage.diagnosis.classifier import classify
from services.triage.routing import assignment
from services.triage.work import facts, remote_sessions, solutions, third_parties, worklog
from services.triage.work.domain import (
    Closed,
    NotAssignee,
    WorkItem,
    WrongState,
)
from services.triage.work.values import Actor, WorkState
from shared.domain import Refusal
from shared.events import (
    SlaDeadlineMoved,
    TicketReopened,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TriageDiagnosed,
)
from shared.terms import Category, ClockKind, Priority
from shared.testing import NOON
from tests.triage.builders import (
    BY_CHEN,
    BY_LEAD,
    BY_LIU,
    CHEN,
    CRASH,
    LIU,
    OUTAGE,
    QUESTION,
    TICKET,
    an_item,
    at_work,
    done,
    opened,
    searched,
    stored,
    tried,
    with_room,
)

APPROVED = ["ToDesk"]


def test_a_new_item_is_diagnosed_and_queued() -> None:
    item = facts.opened(opened(TICKET, CRASH))
    [diagnosed] = diagnosing.diagnose(item, classify(CRASH), NOON)
    assert isinstance(diagnosed, TriageDiagnosed)
    assert (diagnosed.revision, diagnosed.actor) == (1, "service:triage")
    assert (item.queue, item.work, item.open, item.round) == (
        "function",
        WorkState.QUEUED,
        True,
        1,
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (an_item(OUTAGE, "TK-9", NOON + timedelta(days=1)), an_item(CRASH, "TK-1")),
        (an_item(CRASH, "TK-9"), an_item(QUESTION, "TK-1")),
        (an_item(CRASH, "TK-9"), an_item(CRASH, "TK-1", NOON + timedelta(minutes=1))),
        (an_item(CRASH, "TK-1"), an_item(CRASH, "TK-2")),
    ],
)
def test_priority_comes_before_age_and_age_before_number(first: WorkItem, second: WorkItem) -> None:
    assert first.queue_key() < second.queue_key()


def due(at: datetime, ticket: str = TICKET, revision: int = 1) -> SlaDeadlineMoved:
    return SlaDeadlineMoved(
        subject=ticket, time=NOON, clock=ClockKind.RESPONSE, due_at=at, late=False, revision=revision
    )


def test_who_is_to_be_answered_first_comes_first_with_or_without_word_from_sla() -> None:
    late, early = an_item(ticket="TK-9"), an_item(ticket="TK-1")
    facts.deadline_moved(late, due(NOON + timedelta(hours=4), "TK-9"))
    assert late.queue_key() < early.queue_key()
    assert done(late).queue_key() == ""


def test_of_two_that_are_due_together_the_one_that_came_first_is_first_whatever_its_number() -> None:
    first, second = an_item(ticket="TK-000051"), an_item(ticket="TK-000001", time=NOON + timedelta(seconds=1))
    for item in (first, second):
        facts.deadline_moved(item, due(NOON + timedelta(hours=8), item.id))
    assert first.queue_key() < second.queue_key()


def test_a_priority_that_only_a_newer_version_knows_has_its_place_in_the_queue() -> None:
    item = an_item()
    item.priority = Priority.of("critical")
    assert an_item(OUTAGE).queue_key() < item.queue_key() < an_item(QUESTION).queue_key()
    assert not item.needs_senior


def verified(item: WorkItem) -> WorkItem:
    searched(item)
    solutions.propose(item, BY_CHEN, "升级", "", "", NOON)
    stored(item)
    solutions.verify(item, BY_CHEN, *tried("导出", "成功"), True, NOON)
    return stored(item)


def test_a_verified_solution_waits_for_the_customer() -> None:
    item = verified(at_work())
    assert item.work is WorkState.VERIFIED
    with pytest.raises(WrongState):
        solutions.propose(item, BY_CHEN, "另一个", "", "", NOON)
    with pytest.raises(WrongState):
        assignment.release(item, "不等了", BY_CHEN, NOON)


def test_the_state_of_work_follows_what_is_done_and_said() -> None:
    item = an_item()
    seen = [item.work]
    assignment.claim(item, with_room(CHEN, item), "", NOON)
    seen.append(stored(item).work)
    consultations.prepare(item, BY_LEAD, consultations.Plan("背景", "试过", "卡住", ["研发"]), NOON)
    seen.append(stored(item).work)
    consultations.conclude(item, BY_LEAD, "结论", [], NOON)
    seen.append(stored(item).work)
    seen.append(verified(item).work)
    facts.solution_rejected(
        item, TicketSolutionRejected(subject=TICKET, time=NOON, revision=5, round=2, comment="不行")
    )
    seen.append(item.work)
    seen.append(verified(item).work)
    facts.solution_accepted(item, TicketSolutionAccepted(subject=TICKET, time=NOON, revision=6, round=2))
    seen.append(item.work)
    facts.reopened(done(item), TicketReopened(subject=TICKET, time=NOON, revision=9, reason="又来了", round=3))
    seen.append(item.work)
    at, asked = WorkState.IN_PROGRESS, WorkState.VERIFIED
    assert seen == [WorkState.QUEUED, at, WorkState.IN_CONSULTATION, at, asked, at, asked, WorkState.DONE, at]


def test_a_solution_is_verified_once_in_a_round() -> None:
    item = verified(at_work())
    assert item.work is WorkState.VERIFIED
    with pytest.raises(WrongState):
        solutions.verify(item, BY_CHEN, *tried("再试", "成功"), True, NOON)


def test_another_proposal_of_the_same_round_keeps_what_failed_before() -> None:
    item = searched(at_work())
    solutions.propose(item, BY_CHEN, "重启", "", "", NOON)
    solutions.verify(stored(item), BY_CHEN, *tried("重启后导出", "仍崩溃"), False, NOON)
    solutions.propose(stored(item), BY_CHEN, "升级", "", "", NOON)
    [proposal] = item.proposals
    assert (proposal.solution, [one.passed for one in proposal.verifications]) == ("升级", [False])


@pytest.mark.parametrize(
    "do",
    [
        lambda item: remote_sessions.start(item, BY_CHEN, "ToDesk", "看", APPROVED, NOON),
        lambda item: worklog.add_note(item, BY_CHEN, "x", NOON),
        lambda item: third_parties.engage(item, BY_CHEN, third_parties.Request("厂商", "x"), NOON),
        lambda item: assignment.claim(item, with_room(LIU, item), "", NOON),
        lambda item: assignment.assign(item, with_room(LIU, item), "", BY_LEAD, NOON),
        lambda item: diagnosing.classify(item, Category.DATA, Priority.HIGH, "x", BY_LEAD, NOON),
    ],
)
def test_nothing_is_done_on_what_is_completed(do: Any) -> None:
    with pytest.raises(Closed):
        do(done(at_work()))


def test_refusals_speak_both_languages() -> None:
    with pytest.raises(Refusal) as refused:
        remote_sessions.start(at_work(), BY_CHEN, "AnyDesk", "看", APPROVED, NOON)
    assert refused.value.detail.en.startswith("'AnyDesk' is not one of")
    assert "许可清单" in refused.value.detail.zh


def test_who_had_it_before_is_still_answered_and_others_are_not() -> None:
    item = at_work()
    assignment.assign(item, with_room(LIU, item), "休假", BY_LEAD, NOON)
    for by in (BY_CHEN, BY_LIU, BY_LEAD):
        item.ensure_involved(by)
    with pytest.raises(NotAssignee):
        item.ensure_involved(Actor("e-zhou"))
    with pytest.raises(NotAssignee):
        item.ensure_assignee(BY_CHEN)
