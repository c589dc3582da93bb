"""The rules of a work item and of engineers, without any server."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.triage import facts, handling
from services.triage.classify import classify
from services.triage.domain import MOST_ENTRIES, AlreadyTaken, Closed, NotTheirs, WorkItem, WorklogFull, WrongStage
from services.triage.engineers import Engineer, Level, choose
from services.triage.records import Person
from shared.domain import Refusal
from shared.events import (
    Event,
    Problem,
    SlaConsultationDue,
    SlaDeadlineMoved,
    TicketCompleted,
    TicketReopened,
    TicketResumed,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TriageAssigned,
    TriageDiagnosed,
    TriageDiagnosisConfirmed,
    TriageQueued,
    TriageReclassified,
    TriageReleased,
)
from shared.terms import Category, ClockKind, Priority, Stage, WaitingFor
from shared.testing import NOON
from tests.triage.builders import CRASH, OUTAGE, QUESTION, opened, problem

TICKET = "TK-2026-000001"
CHEN = Engineer(id="e-chen", name="陈宇")
LIU = Engineer(id="e-liu", name="刘洋", level=Level.SENIOR)
BY_CHEN, BY_LIU, BY_LEAD = Person("e-chen", "陈宇"), Person("e-liu", "刘洋"), Person("l-qian", "钱磊", is_lead=True)
APPROVED = ["ToDesk"]


def an_item(what: Problem = CRASH, ticket: str = TICKET, time: datetime = NOON) -> WorkItem:
    item, _ = WorkItem.begin(opened(ticket, what, time), classify(what), NOON)
    return item


def at_work(what: Problem = CRASH) -> WorkItem:
    item = an_item(what)
    item.claim(CHEN, "", "", NOON)
    return item


def done(item: WorkItem) -> WorkItem:
    completed = TicketCompleted(subject=TICKET, time=NOON, problem=CRASH, customer="u-wang", opened_at=NOON)
    facts.complete(item, completed)
    return item


def kinds(events: list[Event]) -> list[type[Event]]:
    return [type(event) for event in events]


def test_a_new_item_is_diagnosed_and_queued() -> None:
    item, events = WorkItem.begin(opened(TICKET, CRASH), classify(CRASH), NOON)
    assert kinds(events) == [TriageDiagnosed, TriageQueued]
    assert (item.queue, item.stage, item.open, item.round) == ("function", Stage.DIAGNOSIS, True, 1)


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
    assert first.pressing() < second.pressing()


def test_what_is_due_comes_before_what_has_no_clock() -> None:
    late, early = an_item(ticket="TK-9"), an_item(ticket="TK-1")
    moved = SlaDeadlineMoved(
        subject="TK-9", time=NOON, clock=ClockKind.RESPONSE, due_at=NOON + timedelta(hours=8), late=False, revision=1
    )
    facts.move_deadline(late, moved)
    assert late.pressing() < early.pressing()
    assert done(late).pressing() == ""


# ---- diagnosis


def test_claiming_confirms_the_diagnosis() -> None:
    item = an_item(problem("你好"))
    assert not item.confirmed
    assert kinds(item.claim(CHEN, "", "", NOON)) == [TriageAssigned, TriageDiagnosisConfirmed]
    assert item.confirmed


def test_better_evidence_changes_and_confirms_a_doubtful_diagnosis() -> None:
    item = an_item(problem("你好"))
    more = problem("报表导出失败", "点击导出按钮没反应，页面报错")
    [changed, confirmed] = item.learn(more, classify(more), NOON)
    assert isinstance(changed, TriageReclassified)
    assert changed.confirmed
    assert isinstance(confirmed, TriageDiagnosisConfirmed)
    assert item.learn(more, classify(more), NOON) == []


def test_a_doubtful_change_says_that_it_is_doubtful() -> None:
    item = an_item(problem("你好"))
    more = problem("崩溃", "Win11 安装")
    [changed] = item.learn(more, classify(more), NOON)
    assert isinstance(changed, TriageReclassified)
    assert not changed.confirmed


def test_a_confirmed_priority_only_rises() -> None:
    item = at_work()
    assert item.learn(QUESTION, classify(QUESTION), NOON) == []
    assert item.priority is Priority.HIGH
    assert kinds(item.learn(OUTAGE, classify(OUTAGE), NOON)) == [TriageReclassified]
    assert (item.priority, item.category) == (Priority.URGENT, Category.FUNCTION)


def test_the_same_classification_by_a_person_only_confirms() -> None:
    item = an_item(problem("你好"))
    events = item.classify(item.category, item.priority, "看过了", BY_CHEN, NOON)
    assert kinds(events) == [TriageDiagnosisConfirmed]


# ---- who has it


def test_one_engineer_has_it() -> None:
    item = at_work()
    with pytest.raises(AlreadyTaken):
        item.claim(LIU, "客户来电", "", NOON)
    assert item.claim(CHEN, "", "", NOON) == []


def test_triage_gives_away_only_what_is_urgent_and_free() -> None:
    assert an_item(CRASH).give_at_once(LIU, NOON) == []
    urgent = an_item(OUTAGE)
    assert kinds(urgent.give_at_once(LIU, NOON)) == [TriageAssigned]
    assert urgent.give_at_once(CHEN, NOON) == []


def test_a_lead_takes_it_from_one_and_gives_it_to_another() -> None:
    item = at_work()
    [assigned] = item.assign(LIU, "休假", BY_LEAD, NOON)
    assert isinstance(assigned, TriageAssigned)
    assert (assigned.engineer, assigned.instead_of, assigned.senior) == ("e-liu", "e-chen", True)


def test_only_its_engineer_or_a_lead_releases_it() -> None:
    item = at_work()
    with pytest.raises(NotTheirs):
        item.release("不是我的", BY_LIU, NOON)
    assert kinds(item.release("需要专家", BY_CHEN, NOON)) == [TriageReleased, TriageQueued]
    with pytest.raises(NotTheirs):
        item.release("再退一次", BY_CHEN, NOON)


# ---- rounds


def verified(item: WorkItem) -> WorkItem:
    handling.propose(item, BY_CHEN, "升级", "", "", NOON)
    handling.verify(item, BY_CHEN, "导出", "成功", True, NOON)
    return item


def test_a_verified_solution_waits_for_the_customer() -> None:
    item = verified(at_work())
    assert item.stage is Stage.CUSTOMER_VERIFICATION
    with pytest.raises(WrongStage):
        handling.propose(item, BY_CHEN, "另一个", "", "", NOON)
    with pytest.raises(WrongStage):
        item.release("不等了", BY_CHEN, NOON)


def test_another_proposal_of_the_same_round_keeps_what_failed_before() -> None:
    item = at_work()
    handling.propose(item, BY_CHEN, "重启", "", "", NOON)
    handling.verify(item, BY_CHEN, "重启后导出", "仍崩溃", False, NOON)
    handling.propose(item, BY_CHEN, "升级", "", "", NOON)
    [proposal] = item.proposals
    assert (proposal.solution, [one.passed for one in proposal.verifications]) == ("升级", [False])


def test_a_rejection_that_comes_again_or_too_late_changes_nothing() -> None:
    item = verified(at_work())
    rejected = TicketSolutionRejected(subject=TICKET, time=NOON, round=2, comment="不行")
    facts.reject(item, rejected)
    assert (item.round, item.stage) == (2, Stage.HANDLING)
    before = item.model_dump()
    facts.reject(item, rejected)
    facts.accept(item, TicketSolutionAccepted(subject=TICKET, time=NOON, round=1))
    assert item.model_dump() == before


@pytest.mark.parametrize(
    "do",
    [
        lambda item: handling.start_session(item, BY_CHEN, "ToDesk", "看", APPROVED, NOON),
        lambda item: handling.note(item, BY_CHEN, "x", NOON),
        lambda item: handling.engage(item, BY_CHEN, "厂商", "x", NOON),
        lambda item: item.claim(LIU, "", "", NOON),
        lambda item: item.assign(LIU, "", BY_LEAD, NOON),
        lambda item: item.classify(Category.DATA, Priority.HIGH, "x", BY_LEAD, NOON),
    ],
)
def test_nothing_is_done_on_what_is_completed(do: Any) -> None:
    with pytest.raises(Closed):
        do(done(at_work()))


def test_facts_about_a_completed_item_change_nothing() -> None:
    item = done(at_work())
    before = item.model_dump()
    due: dict[str, Any] = {"subject": TICKET, "time": NOON, "due_at": NOON}
    facts.need_consultation(item, SlaConsultationDue(**due))
    facts.reject(item, TicketSolutionRejected(subject=TICKET, time=NOON, round=2, comment="x"))
    assert item.learn(OUTAGE, classify(OUTAGE), NOON) == []
    assert item.model_dump() == before


def test_a_yes_that_is_heard_after_the_completion_is_on_record_and_opens_nothing() -> None:
    item = done(at_work())
    facts.accept(item, TicketSolutionAccepted(subject=TICKET, time=NOON, actor="u-wang", round=item.round))
    assert (item.worklog[-1].did.value, item.stage, item.open) == ("accepted", Stage.ARCHIVED, False)


def test_reopening_is_heard_once() -> None:
    item = done(at_work())
    reopened = TicketReopened(subject=TICKET, time=NOON, reason="又来了", round=2)
    assert kinds(item.reopen(reopened, None, NOON)) == [TriageReleased, TriageQueued]
    assert item.reopen(reopened, None, NOON) == []
    assert (item.open, item.assignee) == (True, "")


def test_resuming_ends_only_the_wait_that_it_names() -> None:
    item = an_item()
    item.waiting_for = WaitingFor.CUSTOMER_INFORMATION
    facts.resume(item, TicketResumed(subject=TICKET, time=NOON, waited_for=WaitingFor.THIRD_PARTY))
    assert item.waiting_for is WaitingFor.CUSTOMER_INFORMATION


def test_a_full_worklog_takes_no_more_from_people_but_all_facts() -> None:
    item = at_work()
    item.worklog = item.worklog[:1] * MOST_ENTRIES
    with pytest.raises(WorklogFull):
        handling.note(item, BY_CHEN, "x", NOON)
    facts.need_consultation(item, SlaConsultationDue(subject=TICKET, time=NOON, due_at=NOON))
    assert len(item.worklog) == MOST_ENTRIES + 1


def test_refusals_speak_both_languages() -> None:
    with pytest.raises(Refusal) as refused:
        handling.start_session(at_work(), BY_CHEN, "AnyDesk", "看", APPROVED, NOON)
    assert refused.value.detail.en.startswith("'AnyDesk' is not one of")
    assert "许可清单" in refused.value.detail.zh


# ---- engineers


def senior(sub: str, held: int = 0, **more: Any) -> Engineer:
    return Engineer(id=sub, level=Level.SENIOR, tickets=[f"TK-{sub}-{n}" for n in range(held)], **more)


@pytest.mark.parametrize(
    ("seniors", "chosen"),
    [
        ([], None),
        ([senior("a", 2), senior("b", 1)], "b"),
        ([senior("a", 1, last_assigned_at=NOON), senior("b", 1, last_assigned_at=NOON - timedelta(hours=1))], "b"),
        ([senior("a", 1, skills=["data"]), senior("b", 1, skills=["function"])], "b"),
        ([senior("a", 1, capacity=1), senior("b", 5)], "b"),
        ([senior("a", 1, capacity=1)], "a"),
        ([senior("a"), Engineer(id="b", level=Level.SENIOR, tickets=["TK-1", "TK-2", TICKET])], "b"),
    ],
)
def test_the_next_urgent_ticket_goes_to_the_right_senior(seniors: list[Engineer], chosen: str | None) -> None:
    found = choose(seniors, TICKET, Category.FUNCTION, "交易系统")
    assert (found.id if found else None) == chosen


def test_holding_a_ticket_twice_is_holding_it_once() -> None:
    engineer = senior("a")
    engineer.hold("TK-1", NOON)
    engineer.hold("TK-1", NOON)
    assert engineer.tickets == ["TK-1"]
    engineer.let_go("TK-1")
    engineer.let_go("TK-1")
    assert engineer.tickets == []


@pytest.mark.parametrize(
    ("skills", "fits"),
    [([], True), (["Function"], True), (["交易系统"], True), (["data", "报表中心"], False)],
)
def test_skills_are_categories_or_products(skills: list[str], fits: bool) -> None:
    assert Engineer(id="a", skills=skills).fits(Category.FUNCTION, "交易系统") is fits
