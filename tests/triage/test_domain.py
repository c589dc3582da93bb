"""The rules of a work item, without any server."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.triage.consultations import domain as consultations
from services.triage.diagnosis import domain as diagnosing
from services.triage.diagnosis import log_analysis
from services.triage.diagnosis.classifier import classify
from services.triage.diagnosis.stack_traces import Trace
from services.triage.routing import assignment
from services.triage.work import facts, remote_sessions, solutions, third_parties, worklog
from services.triage.work.domain import (
    MAX_BYTES,
    MAX_ENTRIES,
    AlreadyAssigned,
    Closed,
    NotAssignee,
    WorkItem,
    WorkItemTooLarge,
    WorklogFull,
    WrongState,
)
from services.triage.work.values import MAX_EXCERPT, Activity, Actor, WorkState
from shared.domain import Refusal
from shared.events import (
    Event,
    SlaConsultationDue,
    SlaDeadlineMoved,
    TicketConsentGiven,
    TicketReopened,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TicketStageChanged,
    TriageAssigned,
    TriageDiagnosed,
    TriageDiagnosisConfirmed,
    TriageReclassified,
    TriageReleased,
)
from shared.store import EVENT_BYTES
from shared.terms import Category, ClockKind, Priority, Stage
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
    problem,
    stored,
)

APPROVED = ["ToDesk"]


def kinds(events: list[Event]) -> list[type[Event]]:
    return [type(event) for event in events]


def test_a_new_item_is_diagnosed_and_queued() -> None:
    item = facts.opened(opened(TICKET, CRASH))
    [diagnosed] = diagnosing.diagnose(item, classify(CRASH), NOON)
    assert isinstance(diagnosed, TriageDiagnosed)
    assert (diagnosed.revision, diagnosed.actor) == (1, "service:triage")
    assert (item.queue, item.work, item.stage, item.open, item.round) == (
        "function",
        WorkState.QUEUED,
        Stage.DIAGNOSIS,
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


def test_what_is_due_comes_before_what_has_no_clock() -> None:
    late, early = an_item(ticket="TK-9"), an_item(ticket="TK-1")
    facts.deadline_moved(late, due(NOON + timedelta(hours=8), "TK-9"))
    assert late.queue_key() < early.queue_key()
    assert done(late).queue_key() == ""


def test_of_two_that_are_due_together_the_one_that_came_first_is_first_whatever_its_number() -> None:
    first, second = an_item(ticket="TK-000051"), an_item(ticket="TK-000001", time=NOON + timedelta(seconds=1))
    for item in (first, second):
        facts.deadline_moved(item, due(NOON + timedelta(hours=8), item.id))
    assert first.queue_key() < second.queue_key()


# ---- diagnosis


def test_claiming_confirms_the_diagnosis() -> None:
    item = an_item(problem("你好"))
    assert not item.confirmed
    assert kinds(assignment.claim(item, CHEN, "", NOON)) == [TriageAssigned, TriageDiagnosisConfirmed]
    assert item.confirmed


def test_better_evidence_changes_and_confirms_a_doubtful_diagnosis() -> None:
    item = an_item(problem("你好"))
    more = problem("报表导出失败", "点击导出按钮没反应，页面报错")
    [changed, confirmed] = diagnosing.rediagnose(item, classify(more), NOON)
    assert isinstance(changed, TriageReclassified)
    assert changed.confirmed
    assert isinstance(confirmed, TriageDiagnosisConfirmed)
    assert diagnosing.rediagnose(item, classify(more), NOON) == []


def test_a_doubtful_change_says_that_it_is_doubtful() -> None:
    item = an_item(problem("你好"))
    [changed] = diagnosing.rediagnose(item, classify(problem("崩溃", "Win11 安装")), NOON)
    assert isinstance(changed, TriageReclassified)
    assert not changed.confirmed


def test_a_confirmed_priority_only_rises() -> None:
    item = at_work()
    assert diagnosing.rediagnose(item, classify(QUESTION), NOON) == []
    assert item.priority is Priority.HIGH
    assert kinds(diagnosing.rediagnose(item, classify(OUTAGE), NOON)) == [TriageReclassified]
    assert (item.priority, item.category) == (Priority.URGENT, Category.FUNCTION)


def test_the_same_classification_by_a_person_only_confirms() -> None:
    item = an_item(problem("你好"))
    events = diagnosing.classify(item, item.category, item.priority, "看过了", BY_CHEN, NOON)
    assert kinds(events) == [TriageDiagnosisConfirmed]


def test_a_priority_that_only_a_newer_version_knows_has_its_place_in_the_queue() -> None:
    item = an_item()
    item.priority = Priority.of("critical")
    assert an_item(OUTAGE).queue_key() < item.queue_key() < an_item(QUESTION).queue_key()
    assert not item.needs_senior


# ---- who has it


def test_one_engineer_has_it() -> None:
    item = at_work()
    with pytest.raises(AlreadyAssigned):
        assignment.claim(item, LIU, "客户来电", NOON)
    assert assignment.claim(item, CHEN, "", NOON) == []


def test_triage_gives_away_only_what_is_urgent_and_free() -> None:
    assert assignment.assign_urgent(an_item(CRASH), LIU, NOON) == []
    urgent = an_item(OUTAGE)
    [assigned] = assignment.assign_urgent(urgent, LIU, NOON)
    assert isinstance(assigned, TriageAssigned)
    assert (assigned.by, assigned.actor) == ("service:triage", "service:triage")
    assert assignment.assign_urgent(urgent, CHEN, NOON) == []


def test_a_lead_takes_it_from_one_and_gives_it_to_another() -> None:
    item = at_work()
    [assigned] = assignment.assign(item, LIU, "休假", BY_LEAD, NOON)
    assert isinstance(assigned, TriageAssigned)
    assert (assigned.engineer, assigned.instead_of, assigned.senior) == ("e-liu", "e-chen", True)
    assert item.last_assignee == "e-chen"


def test_only_its_engineer_or_a_lead_releases_it() -> None:
    item = at_work()
    with pytest.raises(NotAssignee):
        assignment.release(item, "不是我的", BY_LIU, NOON)
    assert kinds(assignment.release(item, "需要专家", BY_CHEN, NOON)) == [TriageReleased]
    with pytest.raises(NotAssignee):
        assignment.release(item, "再退一次", BY_CHEN, NOON)


# ---- how far the work is


def verified(item: WorkItem) -> WorkItem:
    solutions.propose(item, BY_CHEN, "升级", "", "", NOON)
    stored(item)
    solutions.verify(item, BY_CHEN, "导出", "成功", True, NOON)
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
    assignment.claim(item, CHEN, "", NOON)
    seen.append(stored(item).work)
    consultations.open_consultation(item, BY_LEAD, "背景", "试过", "卡住", ["研发"], NOON)
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


def test_the_stage_is_what_intake_says_last() -> None:
    item = at_work()
    assert item.stage is Stage.HANDLING  # as an older intake would have it, which tells nothing
    for revision, stage in ((4, Stage.CUSTOMER_VERIFICATION), (3, Stage.HANDLING)):
        told = {"from": Stage.DIAGNOSIS, "to": stage, "status": stage.status, "why": "verified"}
        facts.stage_changed(item, TicketStageChanged(subject=TICKET, time=NOON, revision=revision, **told))
    assert (item.stage, item.work) == (Stage.CUSTOMER_VERIFICATION, WorkState.IN_PROGRESS)


def test_our_own_work_does_not_wait_for_the_stage() -> None:
    item = verified(at_work())
    before = {"from": Stage.DIAGNOSIS, "to": Stage.HANDLING, "status": Stage.HANDLING.status, "why": "assigned"}
    facts.stage_changed(item, TicketStageChanged(subject=TICKET, time=NOON, revision=4, **before))
    assert (item.stage, item.work) == (Stage.HANDLING, WorkState.VERIFIED)
    with pytest.raises(WrongState):
        solutions.verify(item, BY_CHEN, "再试", "成功", True, NOON)


def test_another_proposal_of_the_same_round_keeps_what_failed_before() -> None:
    item = at_work()
    solutions.propose(item, BY_CHEN, "重启", "", "", NOON)
    solutions.verify(stored(item), BY_CHEN, "重启后导出", "仍崩溃", False, NOON)
    solutions.propose(stored(item), BY_CHEN, "升级", "", "", NOON)
    [proposal] = item.proposals
    assert (proposal.solution, [one.passed for one in proposal.verifications]) == ("升级", [False])


@pytest.mark.parametrize(
    "do",
    [
        lambda item: remote_sessions.start(item, BY_CHEN, "ToDesk", "看", APPROVED, NOON),
        lambda item: worklog.add_note(item, BY_CHEN, "x", NOON),
        lambda item: third_parties.engage(item, BY_CHEN, "厂商", "x", NOON),
        lambda item: assignment.claim(item, LIU, "", NOON),
        lambda item: assignment.assign(item, LIU, "", BY_LEAD, NOON),
        lambda item: diagnosing.classify(item, Category.DATA, Priority.HIGH, "x", BY_LEAD, NOON),
    ],
)
def test_nothing_is_done_on_what_is_completed(do: Any) -> None:
    with pytest.raises(Closed):
        do(done(at_work()))


def test_a_completed_item_is_not_diagnosed_again() -> None:
    item = done(at_work())
    assert diagnosing.rediagnose(item, classify(OUTAGE), NOON) == []
    assert item.priority is Priority.HIGH


def test_a_consultation_is_due_until_one_is_opened_and_again_after_a_reopening() -> None:
    item = at_work()
    at, later = NOON + timedelta(days=2), NOON + timedelta(days=20)
    facts.consultation_due(item, SlaConsultationDue(subject=TICKET, time=at, revision=3, due_at=at))
    assert item.consultation_due
    consultations.open_consultation(item, BY_LEAD, "背景", "试过", "卡住", ["研发"], at)
    assert not item.consultation_due
    done(item)
    reopened = TicketReopened(subject=TICKET, time=NOON + timedelta(days=10), revision=9, reason="又来了", round=2)
    facts.reopened(item, reopened)
    assert not item.consultation_due
    facts.consultation_due(item, SlaConsultationDue(subject=TICKET, time=later, revision=7, due_at=later))
    assert item.consultation_due


# ---- sizes


def test_a_full_worklog_takes_no_more_from_people_but_all_facts() -> None:
    item = at_work()
    item.worklog = item.worklog[:1] * MAX_ENTRIES
    with pytest.raises(WorklogFull):
        worklog.add_note(item, BY_CHEN, "x", NOON)
    facts.consultation_due(item, SlaConsultationDue(subject=TICKET, time=NOON, due_at=NOON))
    assert len(item.worklog) == MAX_ENTRIES + 1


@pytest.mark.parametrize("sign", ["x", "错", "😀", "\u0001"])
def test_what_is_written_down_has_a_bound_in_bytes(sign: str) -> None:
    item, long = at_work(), sign * 20_000

    def go_on() -> None:
        for n in range(MAX_ENTRIES):
            solutions.propose(item, BY_CHEN, long, long, "", NOON + timedelta(seconds=n))
            stored(item)

    with pytest.raises(WorkItemTooLarge):
        go_on()
    assert MAX_BYTES < len(item.model_dump_json().encode()) < 2 * MAX_BYTES


@pytest.mark.parametrize("sign", ["错", "😀", "\u0001"])
def test_the_longest_of_every_deed_fits_into_an_event(sign: str) -> None:
    long, line, now = sign * 20_000, sign * 200, NOON
    item = at_work()
    given = TicketConsentGiven(
        subject=TICKET, time=NOON, revision=2, consent="c1", scope="", given_by="王敏", words=long
    )
    facts.consent_given(item, given)
    told: list[Event] = []

    def do(events: list[Event]) -> None:
        told.extend(events)
        stored(item)

    do(remote_sessions.start(item, BY_CHEN, "ToDesk", line, APPROVED, now))
    do(remote_sessions.end(item, BY_CHEN, "s1", [line] * 100, long, line, now))
    found = [Trace("java", f"{n}.Error", sign * 60_000, [line] * 200) for n in range(50)]
    do(log_analysis.analyse(item, BY_CHEN, "a1", found, [], long, line, now))
    do(consultations.open_consultation(item, BY_LEAD, long, long, long, [line] * 50, now))
    do(consultations.conclude(item, BY_LEAD, long, [line] * 50, now))
    do(third_parties.engage(item, BY_CHEN, line, long, now))
    do(third_parties.record_reply(item, BY_CHEN, line, long, now))
    do(solutions.propose(item, BY_CHEN, long, long, line, now))
    do(solutions.verify(item, BY_CHEN, long, long, True, now))
    assert max(len(event.to_wire()) for event in told) < EVENT_BYTES


def test_what_others_said_is_quoted_in_the_worklog_and_whole_where_they_said_it() -> None:
    item = at_work()
    words = "同意" * 10_000
    given = {"consent": "c1", "scope": "远程", "given_by": "王敏", "words": words}
    facts.consent_given(item, TicketConsentGiven(subject=TICKET, time=NOON, revision=2, **given))
    [entry] = [one for one in item.worklog if one.did is Activity.CONSENT_GIVEN]
    assert entry.text.endswith("…")
    assert len(entry.text.encode()) <= MAX_EXCERPT + 3


def test_refusals_speak_both_languages() -> None:
    with pytest.raises(Refusal) as refused:
        remote_sessions.start(at_work(), BY_CHEN, "AnyDesk", "看", APPROVED, NOON)
    assert refused.value.detail.en.startswith("'AnyDesk' is not one of")
    assert "许可清单" in refused.value.detail.zh


def test_who_had_it_before_is_still_answered_and_others_are_not() -> None:
    item = at_work()
    assignment.assign(item, LIU, "休假", BY_LEAD, NOON)
    for by in (BY_CHEN, BY_LIU, BY_LEAD):
        item.ensure_involved(by)
    with pytest.raises(NotAssignee):
        item.ensure_involved(Actor("e-zhou"))
    with pytest.raises(NotAssignee):
        item.ensure_assignee(BY_CHEN)
