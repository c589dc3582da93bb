"""The whole history of a ticket, as other services publish it, and as triage does."""

import json
import random
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from services.triage.consultations import domain as consultations
from services.triage.diagnosis import domain as diagnosing
from services.triage.diagnosis import log_analysis
from services.triage.diagnosis.classifier import classify
from services.triage.logs.analysis import Findings
from services.triage.rebuild import restore
from services.triage.routing import assignment
from services.triage.work import facts, knowledge, remote_sessions, solutions, third_parties, worklog
from services.triage.work.domain import WorkItem
from services.triage.work.values import Activity
from shared.domain import TooEarly
from shared.events import (
    Event,
    IncidentTicketAdded,
    IncidentTicketRemoved,
    KbArticleReused,
    SlaConsultationDue,
    SlaDeadlineMoved,
    TicketAmended,
    TicketConsentGiven,
    TicketConsentRevoked,
    TicketFeedbackGiven,
    TicketInvitationAnswered,
    TicketReopened,
    TicketResumed,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TicketUrged,
    TicketWaiting,
)
from shared.events.triage_consultations import ActionItem, Appointment, Invitee
from shared.stack_traces import Trace
from shared.terms import Category, ClockKind, Priority, Satisfaction, WaitingFor
from shared.testing import NOON
from tests.triage.builders import (
    BY_CHEN,
    BY_LEAD,
    BY_LIU,
    CHEN,
    CRASH,
    LIU,
    OUTAGE,
    TICKET,
    completed,
    stored,
    tried,
    urgently,
    with_room,
)

INFORMATION, CUSTOMER = WaitingFor.CUSTOMER_INFORMATION, WaitingFor.CUSTOMER_VERIFICATION


def about(revision: int, seconds: int | None = None) -> dict[str, Any]:
    at = NOON + timedelta(seconds=revision if seconds is None else seconds)
    return {"subject": TICKET, "time": at, "revision": revision, "actor": "u-wang"}


def deadline(revision: int, hours: int | None) -> SlaDeadlineMoved:
    at = NOON + timedelta(hours=hours) if hours else None
    return SlaDeadlineMoved(**about(revision), clock=ClockKind.RESPONSE if hours else None, due_at=at, late=False)


def consultation_due(revision: int, days: int) -> SlaConsultationDue:
    return SlaConsultationDue(**about(revision), due_at=NOON + timedelta(days=days))


WORDS = {"scope": "远程", "given_by": "王敏", "words": "同意"}


# A whole history: two rounds, an end, a reopening, another end; of intake, sla and kb, each with revisions of its own.
HISTORY: tuple[Event, ...] = (
    TicketUrged(**about(2), times=1),
    TicketWaiting(**about(3), waiting_for=INFORMATION),
    TicketAmended(**about(4), problem=CRASH.model_copy(update={"module": "导出"})),
    TicketResumed(**about(5), waited_for=INFORMATION),
    deadline(1, 8),
    TicketConsentGiven(**about(6), consent="c1", **WORDS),
    TicketConsentGiven(**about(7), consent="c2", **WORDS),
    TicketConsentRevoked(**about(8), consent="c1"),
    KbArticleReused(**about(1), article="KB-7", title="导出崩溃", by="e-chen"),
    IncidentTicketAdded(**about(2), incident="IN-1", customers=3, reason="ORA-12170"),
    IncidentTicketAdded(**about(4), incident="IN-2", customers=4),
    IncidentTicketRemoved(**about(3), incident="IN-1", reason="网络断开"),
    consultation_due(2, 2),
    deadline(3, 4),
    TicketUrged(**about(9), times=2, comment="今晚要结账"),
    TicketWaiting(**about(10), waiting_for=CUSTOMER),
    TicketResumed(**about(11), waited_for=CUSTOMER),
    TicketSolutionRejected(**about(11), round=2, comment="还是崩溃"),
    TicketWaiting(**about(12), waiting_for=CUSTOMER),
    TicketResumed(**about(13), waited_for=CUSTOMER),
    TicketSolutionAccepted(**about(13), round=2, comment="好了"),
    TicketFeedbackGiven(**about(14), satisfaction=Satisfaction.NEUTRAL),
    completed(14, NOON + timedelta(seconds=14)),
    deadline(4, None),
    TicketReopened(**about(15), reason="又出现了", round=3),
    deadline(5, 24),
    TicketWaiting(**about(16), waiting_for=CUSTOMER),
    TicketResumed(**about(17), waited_for=CUSTOMER),
    TicketSolutionAccepted(**about(17), round=3),
    TicketFeedbackGiven(**about(18), satisfaction=Satisfaction.SATISFIED),
    completed(18, NOON + timedelta(seconds=18)),
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
    Activity.URGED: 2,
    Activity.INCIDENT_JOINED: 2,
    Activity.INCIDENT_LEFT: 1,
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
    """Everything that can happen to a ticket, and what was published of it."""
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

    do(lambda now: diagnosing.diagnose(item, classify(OUTAGE), now) + urgently(item, LIU, now))
    item.confirmed = False
    do(lambda now: worklog.acknowledge(item, BY_LIU, now))
    heard(*HISTORY[:12])
    do(lambda now: assignment.assign(item, with_room(CHEN, item), "熟悉", BY_LEAD, now))
    do(lambda now: assignment.release(item, "另有安排", BY_CHEN, now))
    do(lambda now: assignment.raise_alarm(item, "", now + timedelta(minutes=5), now + timedelta(hours=1)))
    do(lambda now: assignment.escalate(item, "dba", "数据库组", "需要修复数据库", BY_LEAD, now))
    do(lambda now: diagnosing.classify(item, Category.DATA, Priority.HIGH, "看过了", BY_LEAD, now))
    do(lambda now: assignment.claim(item, with_room(CHEN, item), "在电话中", now))
    do(lambda now: remote_sessions.start(item, BY_CHEN, "ToDesk", "看日志", ["ToDesk"], now))
    do(lambda now: remote_sessions.end(item, BY_CHEN, "s1", ["打开日志"], "无", "", now))
    found = Findings(traces=[Trace("java", "X", "y", ["a"])])
    do(lambda now: log_analysis.analyse(item, BY_CHEN, "a1", found, [], [], "空指针", "", now))
    do(lambda now: log_analysis.analyse(item, BY_CHEN, "a1", found, [], [], "连接泄漏", "", now))
    do(
        lambda now: third_parties.engage(
            item, BY_CHEN, third_parties.Request("厂商", "连接数", answer_within=timedelta(seconds=1)), now
        )
    )
    do(lambda now: third_parties.remind(item, now))
    do(lambda now: third_parties.record_reply(item, BY_CHEN, "厂商", "升级驱动", now))
    do(lambda now: consultations.prepare(item, BY_LEAD, consultations.Plan("背景", "试过", "卡住", ["研发"]), now))
    gao = Invitee(id="i1", name="高伟", email="gao@desk.example", role="development")
    do(lambda now: consultations.cancel(item, BY_LEAD, "改期", now))
    do(lambda now: consultations.call(item, BY_CHEN, "engineer", "无法复现", now))
    first, second = (Appointment(starts_at=clock, ends_at=clock + timedelta(hours=n)) for n in (1, 2))
    do(lambda now: consultations.prepare(item, BY_LEAD, consultations.Plan(invitees=[gao]), now))
    planned = consultations.Plan(invitees=[gao], appointment=first)
    do(lambda now: consultations.change(item, BY_LEAD, planned, now))
    said = TicketInvitationAnswered(**about(9), consultation="k2", invitee="i1", answer="accepted")
    do(lambda now: consultations.hear_answer(item, said, now))
    moved = consultations.Plan(invitees=[gao], appointment=second)
    do(lambda now: consultations.change(item, BY_LEAD, moved, now))
    action = ActionItem(id="a1", text="补丁", owner="e-liu", due_at=clock + timedelta(seconds=2))
    do(lambda now: consultations.conclude(item, BY_LEAD, "结论", ["补丁"], now, "纪要", [action]))
    do(lambda now: consultations.remind(item, now))
    do(lambda now: consultations.finish_action(item, BY_LIU, "k2a1", "已发布", now))
    do(lambda now: worklog.try_step(item, BY_CHEN, "缓存已满", "清空缓存", "仍崩溃", 20, now))
    do(lambda now: knowledge.search(item, BY_CHEN, "导出崩溃", [], now))
    do(lambda now: knowledge.begin_deep_analysis(item, BY_CHEN, "V3.2 在 Win11 导出 Excel 时崩溃", ["导出"], now))
    do(lambda now: solutions.propose(item, BY_CHEN, "重启", "", "", now))
    do(lambda now: solutions.verify(item, BY_CHEN, *tried("重启", "仍崩溃"), False, now))
    do(lambda now: solutions.propose(item, BY_CHEN, "升级", "空指针", "KB-7", now))
    do(lambda now: solutions.verify(item, BY_CHEN, *tried("导出", "成功"), True, now))
    heard(*HISTORY[12:])
    return told
