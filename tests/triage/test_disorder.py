"""Facts may be heard late, twice and in any order, between any of our own deeds: the work item is the same."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from services.triage.consultations import domain as consultations
from services.triage.diagnosis import domain as diagnosing
from services.triage.diagnosis import log_analysis
from services.triage.diagnosis.classifier import classify
from services.triage.diagnosis.stack_traces import Trace
from services.triage.rebuild import restore
from services.triage.routing import assignment
from services.triage.work import facts, remote_sessions, solutions, third_parties, worklog
from services.triage.work.domain import WorkItem
from services.triage.work.values import Activity, WorkState
from shared.domain import TooEarly
from shared.events import (
    Event,
    KbArticleReused,
    SlaConsultationDue,
    SlaDeadlineMoved,
    TicketAmended,
    TicketCompleted,
    TicketConsentGiven,
    TicketConsentRevoked,
    TicketFeedbackGiven,
    TicketReopened,
    TicketResumed,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TicketStageChanged,
    TicketWaiting,
)
from shared.terms import Category, ClockKind, Priority, Satisfaction, Stage, WaitingFor
from shared.testing import NOON
from tests.triage.builders import (
    BY_CHEN,
    BY_LEAD,
    CHEN,
    CRASH,
    LIU,
    OUTAGE,
    TICKET,
    an_item,
    at_work,
    completed,
    opened,
    stored,
)

INFORMATION, CUSTOMER = WaitingFor.CUSTOMER_INFORMATION, WaitingFor.CUSTOMER_VERIFICATION


def about(revision: int, seconds: int | None = None) -> dict[str, Any]:
    at = NOON + timedelta(seconds=revision if seconds is None else seconds)
    return {"subject": TICKET, "time": at, "revision": revision, "actor": "u-wang"}


def stage(revision: int, before: Stage, after: Stage) -> TicketStageChanged:
    moved = {"from": before, "to": after, "status": after.status, "why": "x"}
    return TicketStageChanged(**about(revision), **moved)


def deadline(revision: int, hours: int | None) -> SlaDeadlineMoved:
    at = NOON + timedelta(hours=hours) if hours else None
    return SlaDeadlineMoved(**about(revision), clock=ClockKind.RESPONSE if hours else None, due_at=at, late=False)


def consultation_due(revision: int, days: int) -> SlaConsultationDue:
    return SlaConsultationDue(**about(revision), due_at=NOON + timedelta(days=days))


WORDS = {"scope": "远程", "given_by": "王敏", "words": "同意"}
# A whole life: two rounds, an end, a reopening, another end; of intake, sla and kb, each with revisions of its own.
LIFE: tuple[Event, ...] = (
    stage(2, Stage.INTAKE, Stage.DIAGNOSIS),
    TicketWaiting(**about(3), waiting_for=INFORMATION),
    TicketAmended(**about(4), problem=CRASH.model_copy(update={"module": "导出"})),
    TicketResumed(**about(5), waited_for=INFORMATION),
    deadline(1, 8),
    TicketConsentGiven(**about(6), consent="c1", **WORDS),
    TicketConsentGiven(**about(7), consent="c2", **WORDS),
    TicketConsentRevoked(**about(8), consent="c1"),
    KbArticleReused(**about(1), article="KB-7", title="导出崩溃", by="e-chen"),
    stage(9, Stage.DIAGNOSIS, Stage.HANDLING),
    consultation_due(2, 2),
    deadline(3, 4),
    TicketWaiting(**about(10), waiting_for=CUSTOMER),
    TicketResumed(**about(11), waited_for=CUSTOMER),
    TicketSolutionRejected(**about(11), round=2, comment="还是崩溃"),
    TicketWaiting(**about(12), waiting_for=CUSTOMER),
    TicketResumed(**about(13), waited_for=CUSTOMER),
    TicketSolutionAccepted(**about(13), round=2, comment="好了"),
    TicketFeedbackGiven(**about(14), satisfaction=Satisfaction.NEUTRAL),
    completed(14, NOON + timedelta(seconds=14)),
    stage(14, Stage.FEEDBACK, Stage.ARCHIVED),
    deadline(4, None),
    TicketReopened(**about(15), reason="又出现了", round=3),
    stage(15, Stage.ARCHIVED, Stage.HANDLING),
    deadline(5, 24),
    TicketWaiting(**about(16), waiting_for=CUSTOMER),
    TicketResumed(**about(17), waited_for=CUSTOMER),
    TicketSolutionAccepted(**about(17), round=3),
    TicketFeedbackGiven(**about(18), satisfaction=Satisfaction.SATISFIED),
    completed(18, NOON + timedelta(seconds=18)),
    stage(18, Stage.FEEDBACK, Stage.ARCHIVED),
    deadline(6, None),
)
OFTEN = {
    Activity.CONSENT_GIVEN: 2,
    Activity.CONSENT_REVOKED: 1,
    Activity.ARTICLE_REUSED: 1,
    Activity.CONSULTATION_DUE: 1,
    Activity.REJECTED: 1,
    Activity.ACCEPTED: 2,
    Activity.RATED: 2,
    Activity.COMPLETED: 2,
    Activity.REOPENED: 1,
}


def hear(item: WorkItem, events: Iterable[Event]) -> WorkItem:
    for event in events:
        facts.FACTS[type(event)](item, event)
    return item


def written(item: WorkItem) -> str:
    """Every byte of it, but how often it was written."""
    return json.dumps(item.model_dump(mode="json", exclude={"version"}), sort_keys=True, ensure_ascii=False)


def doubled(events: Sequence[Event], chance: random.Random) -> list[Event]:
    some = [event for event in events if chance.random() < 0.5]
    heard = [*events, *some, *some[:3]]
    chance.shuffle(heard)
    return heard


@pytest.mark.parametrize("seed", range(60))
def test_a_whole_life_in_any_order_and_doubled_is_the_same_life(seed: int) -> None:
    expected = hear(at_work(), LIFE)
    found = hear(at_work(), doubled(LIFE, random.Random(seed)))
    assert written(found) == written(expected)
    assert found.worklog == sorted(found.worklog, key=lambda entry: entry.sort_key)
    told = Counter(entry.did for entry in found.worklog)
    assert {did: told[did] for did in OFTEN} == OFTEN


def test_a_whole_life_ends_where_it_ends() -> None:
    item = hear(at_work(), reversed(LIFE))
    assert (item.open, item.stage, item.work, item.round) == (False, Stage.ARCHIVED, WorkState.DONE, 3)
    assert (item.waiting_for, item.satisfaction) == (WaitingFor.NONE, Satisfaction.SATISFIED)
    assert [consent.id for consent in item.consents] == ["c2"]
    assert item.problem.module == "导出"
    assert (item.next_due, item.consultation_due) == (None, False)


@pytest.mark.parametrize(
    "few",
    [LIFE[1:4], LIFE[4:9], LIFE[10:15], LIFE[14:20], LIFE[17:23], LIFE[19:25], LIFE[22:28], LIFE[26:32]],
    ids=lambda few: f"{few[0].kind}-{few[-1].kind}",
)
def test_every_order_of_neighbours_is_the_same(few: tuple[Event, ...]) -> None:
    expected = written(hear(at_work(), few))
    for order in permutations(few):
        assert written(hear(at_work(), order)) == expected, [event.kind for event in order]


# ---- between our own deeds


Step = Callable[[WorkItem, datetime], Any]
DEEDS: tuple[Step, ...] = (
    lambda item, now: assignment.claim(item, CHEN, "", now),
    lambda item, now: assignment.release(item, "另有安排", BY_CHEN, now),
    lambda item, now: assignment.assign(item, CHEN, "熟悉", BY_LEAD, now),
    lambda item, now: worklog.add_note(item, BY_CHEN, "看过日志", now),
    lambda item, now: solutions.propose(item, BY_CHEN, "升级", "", "", now),
    lambda item, now: solutions.verify(item, BY_CHEN, "导出", "失败", False, now),
)
FIRST_DAY = LIFE[:12]  # nothing in it ends or begins a round


@pytest.mark.parametrize("seed", range(60))
def test_our_deeds_and_their_facts_do_not_disturb_each_other(seed: int) -> None:
    """Our own stand in their order; theirs may come before, between and after them."""
    chance = random.Random(seed)
    heard = doubled(FIRST_DAY, chance)
    steps: list[Event | Step] = [*heard]
    for at, deed in zip(
        sorted(chance.choices(range(len(heard) + 1), k=len(DEEDS)), reverse=True), DEEDS[::-1], strict=True
    ):
        steps.insert(at, deed)
    item, plain = an_item(), an_item()
    for n, deed in enumerate(DEEDS):
        deed(plain, NOON + timedelta(minutes=n))
        stored(plain)
    hear(plain, FIRST_DAY)
    n = 0
    for step in steps:
        if isinstance(step, Event):
            hear(item, [step])  # a write of its own in the store; here it is not, so that our writes have equal numbers
        else:
            step(item, NOON + timedelta(minutes=n))
            stored(item)
            n += 1
    assert written(item) == written(plain)


def test_a_yes_to_an_earlier_round_that_is_heard_late_is_on_record_and_ends_nothing() -> None:
    item = at_work()
    hear(item, [TicketReopened(**about(9), reason="又来了", round=2)])
    hear(item, [TicketSolutionAccepted(**about(6), round=1), completed(7)])
    assert (item.open, item.work, item.round) == (True, WorkState.IN_PROGRESS, 2)
    assert [entry.did for entry in item.worklog if entry.did in OFTEN] == [
        Activity.COMPLETED,
        Activity.ACCEPTED,
        Activity.REOPENED,
    ]


def test_a_rejection_may_be_heard_before_we_know_that_anything_was_verified() -> None:
    item = at_work()
    hear(item, [TicketSolutionRejected(**about(9), round=2, comment="不行")])
    assert (item.work, item.round) == (WorkState.IN_PROGRESS, 2)


def test_reopening_is_news_once_and_not_when_the_ticket_has_ended_again() -> None:
    reopened = TicketReopened(**about(9), reason="又来了", round=2)
    item = hear(at_work(), [completed(7)])
    assert [facts.reopened(item, reopened), facts.reopened(item, reopened)] == [True, False]
    ended = hear(at_work(), [completed(12)])
    assert not facts.reopened(ended, reopened)
    assert not ended.open


def test_facts_of_an_older_release_hold_as_they_come() -> None:
    """Those tell no revisions."""
    item = at_work()
    item.revisions = {}
    old = {"subject": TICKET, "time": NOON}
    hear(item, [TicketWaiting(**old, waiting_for=INFORMATION), TicketResumed(**old, waited_for=INFORMATION)])
    hear(item, [TicketCompleted(**old, problem=CRASH, customer="u-wang", opened_at=NOON)])
    assert (item.waiting_for, item.open) == (WaitingFor.NONE, False)
    hear(item, [TicketReopened(**old, reason="又来了", round=2)])
    assert item.open


# ---- built again


def test_a_work_item_built_again_from_the_stream_is_the_same_in_any_order() -> None:
    first = opened(TICKET, OUTAGE)
    live = facts.opened(first)
    told = [first, *lived(live)]
    assert {entry.did for entry in live.worklog} == {*Activity} - {Activity.NOTED}
    for seed in range(20):
        chance = random.Random(seed)
        assert written(built(doubled(told, chance))) == written(live)
    assert built(told).version == live.version


def built(events: Iterable[Event]) -> WorkItem:
    """As the bus gives them: what comes too early comes again."""
    item: WorkItem | None = None
    left = list(events)
    while left:
        early = []
        for event in left:
            try:
                item = restore(item, event)
            except TooEarly:
                early.append(event)
        assert len(early) < len(left)
        left = early
    assert item
    return item


def lived(item: WorkItem) -> list[Event]:
    """Everything that can happen to a ticket, in one life; what was told of it."""
    told: list[Event] = []
    clock = NOON

    def do(decide: Callable[[datetime], list[Event]]) -> None:
        nonlocal clock
        clock += timedelta(seconds=1)
        told.extend(decide(clock))
        stored(item)

    def heard(*events: Event) -> None:
        hear(item, events)
        told.extend(events)

    do(lambda now: diagnosing.diagnose(item, classify(OUTAGE), now) + assignment.assign_urgent(item, LIU, now))
    item.confirmed = False
    heard(*LIFE[:12])
    do(lambda now: assignment.assign(item, CHEN, "熟悉", BY_LEAD, now))
    do(lambda now: assignment.release(item, "另有安排", BY_CHEN, now))
    do(lambda now: diagnosing.classify(item, Category.DATA, Priority.HIGH, "看过了", BY_LEAD, now))
    do(lambda now: assignment.claim(item, CHEN, "在电话中", now))
    do(lambda now: remote_sessions.start(item, BY_CHEN, "ToDesk", "看日志", ["ToDesk"], now))
    do(lambda now: remote_sessions.end(item, BY_CHEN, "s1", ["打开日志"], "无", "", now))
    for cause in ("空指针", "连接泄漏"):
        trace = Trace("java", "X", "y", ["a"])
        do(lambda now, cause=cause, t=trace: log_analysis.analyse(item, BY_CHEN, "a1", [t], [], cause, "", now))  # type: ignore[misc]
    do(lambda now: third_parties.engage(item, BY_CHEN, "厂商", "连接数", now))
    do(lambda now: third_parties.record_reply(item, BY_CHEN, "厂商", "升级驱动", now))
    do(lambda now: consultations.open_consultation(item, BY_LEAD, "背景", "试过", "卡住", ["研发"], now))
    do(lambda now: consultations.conclude(item, BY_LEAD, "结论", ["补丁"], now))
    do(lambda now: solutions.propose(item, BY_CHEN, "重启", "", "", now))
    do(lambda now: solutions.verify(item, BY_CHEN, "重启", "仍崩溃", False, now))
    do(lambda now: solutions.propose(item, BY_CHEN, "升级", "空指针", "KB-7", now))
    do(lambda now: solutions.verify(item, BY_CHEN, "导出", "成功", True, now))
    heard(*LIFE[12:])
    return told
