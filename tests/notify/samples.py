"""One event of each kind that people are told of."""

from datetime import datetime, timedelta
from typing import Any

from shared.events import (
    Contact,
    Event,
    IncidentOpened,
    IncidentProposed,
    KbArticleDrafted,
    KbFollowUpDue,
    KbReleasePackReady,
    KbReviewDue,
    KbTrainingPlanned,
    NotifyContactTaskDone,
    NotifyContactTaskOpened,
    NotifyUnacknowledged,
    NotifyWebhookDisabled,
    OnCallEngineer,
    Problem,
    Question,
    ReviewReason,
    SlaBreached,
    SlaCallBackDue,
    SlaConsultationDue,
    SlaWarned,
    SlaYearMissing,
    TicketCompleted,
    TicketConsentRevoked,
    TicketLinkRequested,
    TicketMessagePosted,
    TicketOpened,
    TicketPlanCarriedOut,
    TicketPlanOverdue,
    TicketQuestionsAsked,
    TicketReopened,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TicketUrged,
    TriageActionDue,
    TriageAlarmRaised,
    TriageAssigned,
    TriageConsultationCancelled,
    TriageConsultationChanged,
    TriageConsultationConcluded,
    TriageConsultationOpened,
    TriageEscalated,
    TriageSolutionVerified,
    TriageThirdPartyAnswered,
    TriageThirdPartyEngaged,
    TriageThirdPartyOverdue,
)
from shared.events.sla_reviews import SlaImprovementDue, SlaImprovementRaised, SlaReviewMade
from shared.events.triage_consultations import ActionItem, Appointment, Invitee
from shared.terms import Channel, ClockKind, Priority
from shared.testing import LIU, NOON, WANG, Person

TICKET = "TK-2026-000001"
PROBLEM = Problem(title="导出 Excel 崩溃", description="点击导出后程序退出")
GUEST = Person("", (), name="Ann Guest", email="ann@guest.example", lang="en")


def opened(by: Person = WANG, ticket: str = TICKET, now: datetime = NOON, **more: Any) -> TicketOpened:
    contact = Contact(name=by.name, sub=by.sub, email=by.email, language=by.lang)
    known: dict[str, Any] = {
        "subject": ticket,
        "time": now,
        "actor": by.sub,
        "problem": PROBLEM,
        "customer": "c-1",
        "company": by.company,
        "contact": contact,
        "channel": Channel.ONLINE,
        "taken_by": by.sub,
    }
    return TicketOpened(**{**known, **more})


def assigned(
    to: Person = LIU, by: str = "triage", ticket: str = TICKET, now: datetime = NOON, revision: int = 1
) -> TriageAssigned:
    return TriageAssigned(
        subject=ticket,
        time=now,
        revision=revision,
        actor=by,
        engineer=to.sub,
        engineer_name=to.name,
        senior=True,
        by=by,
        engineer_email=to.email,
    )


def posted(
    text: str, author: Person, by_staff: bool, internal: bool = False, assignee: str | None = None
) -> TicketMessagePosted:
    return TicketMessagePosted(
        assignee=assignee,
        subject=TICKET,
        time=NOON,
        actor=author.sub,
        message="m-1",
        author=author.sub,
        by_staff=by_staff,
        internal=internal,
        text=text,
    )


ASKED = TicketQuestionsAsked(
    subject=TICKET,
    time=NOON,
    actor=WANG.sub,
    questions=[Question(field="error_text", en="What is the full text of the error?", zh="完整的报错内容是什么？")],
)
VERIFIED = TriageSolutionVerified(
    subject=TICKET, time=NOON, actor=LIU.sub, round=1, solution="升级到 3.2.1", steps="重现并升级", result="不再崩溃"
)
ALARM = TriageAlarmRaised(subject=TICKET, time=NOON, assignee="", times=2, next_at=NOON)
ACCEPTED = TicketSolutionAccepted(subject=TICKET, time=NOON, actor=WANG.sub, round=1)
BREACHED = SlaBreached(subject=TICKET, time=NOON, clock=ClockKind.RESPONSE, due_at=NOON)
DRAFTED = KbArticleDrafted(subject="KB-1", time=NOON, ticket=TICKET, title="导出崩溃", tags=["Win11", "V3.2"])
REVIEW_DUE = KbReviewDue(
    subject="KB-1",
    time=NOON,
    title="导出崩溃",
    reasons=[ReviewReason.NEW_VERSION, ReviewReason.REOPENED],
    about="V3.3",
    owner="k-he",
)
PLANNED = KbTrainingPlanned(subject="TS-2026-Q1", time=NOON, quarter="2026-Q1", planned_for=NOON, place="301")
FOLLOW_UP = KbFollowUpDue(
    subject="TS-2026-Q1", time=NOON, quarter="2026-Q1", what="补充内存检查", owner="e-chen", due_at=NOON
)
PACK = KbReleasePackReady(
    subject="RP-1", time=NOON, product="进销存", version="V3.3", goes_live_at=NOON, people=["e-chen"]
)
COMPLETED = TicketCompleted(subject=TICKET, time=NOON, problem=PROBLEM, customer="c-1", opened_at=NOON)

PROPOSED = IncidentProposed(
    subject="IN-2026-000001",
    time=NOON,
    title="ORA-12170 · Orders",
    customers=3,
    evidence=["ORA-12170 · Orders"],
    tickets=[TICKET],
)
INCIDENT = IncidentOpened(
    subject="IN-2026-000001",
    time=NOON,
    title="ORA-12170 · Orders",
    customers=3,
    tickets=4,
    priority=Priority.HIGH,
    confirmed_by="l-qian",
    reason="same code",
    on_call=[OnCallEngineer(sub=LIU.sub, name=LIU.name, email=LIU.email)],
)
THIRD_PARTY: dict[str, Any] = {
    "subject": TICKET,
    "time": NOON,
    "actor": LIU.sub,
    "party": "核心银行厂商",
    "contact": "支持组",
    "email": "support@bank.example",
    "engagement": "t1",
    "title": "接口 CB-7",
    "reason": "接口返回 500",
    "due_at": NOON + timedelta(hours=8),
}

IMPROVEMENT = {
    "subject": "imp-1",
    "time": NOON,
    "title": "导出改为分批写入",
    "improvement_kind": "product_fix",
    "owner": LIU.sub,
    "due_on": "2026-04-30",
    "review": "2026-03",
}
GAO = Invitee(id="i1", name="高伟", email="gao@desk.example", role="development")
VENDOR = Invitee(id="i2", name="Vera", email="vera@vendor.example", role="vendor", language="en")
MEETING: dict[str, Any] = {
    "subject": TICKET,
    "time": NOON,
    "consultation": "k1",
    "background": "王敏的报表崩溃",
    "tried": "清空缓存",
    "stuck_at": "无法复现",
    "invited": ["高伟", "Vera"],
    "invitees": [GAO, VENDOR],
    "appointment": Appointment(
        starts_at=NOON + timedelta(days=1), ends_at=NOON + timedelta(days=1, hours=1), place="A1"
    ),
    "title": "导出崩溃",
}
ACTION = ActionItem(id="k1a1", text="增加索引", owner="高伟", email="gao@desk.example", due_at=NOON + timedelta(days=2))

EVERY: list[Event] = [
    TriageConsultationOpened(**{**MEETING, "invited": [], "called_by": "sla", "reason": "not solved"}),
    TriageConsultationChanged(**MEETING, sequence=1, uninvited=[GAO]),
    TriageConsultationCancelled(**MEETING, sequence=2, reason="x"),
    TriageConsultationConcluded(
        subject=TICKET, time=NOON, consultation="k1", conclusions="缺少索引", action_items=[], actions=[ACTION]
    ),
    TriageActionDue(subject=TICKET, time=NOON, consultation="k1", action=ACTION, times=2),
    TriageThirdPartyEngaged(**THIRD_PARTY),
    TriageThirdPartyOverdue(**THIRD_PARTY),
    TriageThirdPartyAnswered(subject=TICKET, time=NOON, party="核心银行厂商", answer="已修复", engagement="t1"),
    SlaReviewMade(subject="2026-03", time=NOON, since="2026-03-01", until="2026-04-01"),
    SlaImprovementRaised.model_validate(IMPROVEMENT),
    SlaImprovementDue.model_validate({**IMPROVEMENT, "overdue": True}),
    opened(),
    ASKED,
    posted("请升级", LIU, by_staff=True),
    posted("还是不行", WANG, by_staff=False),
    assigned(),
    VERIFIED,
    TicketSolutionRejected(subject=TICKET, time=NOON, round=2, comment="仍然崩溃"),
    ACCEPTED,
    TicketLinkRequested(subject=TICKET, time=NOON, action="give_consent", round=2, to="wang@huadong.example"),
    TicketPlanOverdue(subject=TICKET, time=NOON, plan="每周回访", owner=LIU.sub, due_at=NOON, reminder=1),
    TicketPlanCarriedOut(subject=TICKET, time=NOON, result="已提供手册", round=1),
    COMPLETED,
    TicketReopened(subject=TICKET, time=NOON, reason="又出现了", round=2),
    TicketConsentRevoked(subject=TICKET, time=NOON, consent="c1"),
    TicketUrged(subject=TICKET, time=NOON, times=3, comment="今晚要结账", assignee=LIU.sub),
    SlaWarned(subject=TICKET, time=NOON, clock=ClockKind.RESOLUTION, due_at=NOON + timedelta(hours=1)),
    BREACHED,
    SlaYearMissing(subject="cn", time=NOON, calendar="cn", year=2027),
    NotifyContactTaskOpened(subject=TICKET, time=NOON, task="CT-1", template="reply", reason="bounced"),
    NotifyContactTaskDone(subject=TICKET, time=NOON, task="CT-1", reached=False),
    NotifyUnacknowledged(
        subject=TICKET, time=NOON, delivery="0" * 32, recipient=LIU.sub, name="刘洋", title="无人接单", times=2
    ),
    NotifyWebhookDisabled(
        subject="W-1", time=NOON, name="CRM", host="crm.sample.example", because="it failed for days"
    ),
    SlaCallBackDue(subject=TICKET, time=NOON, due_at=NOON + timedelta(hours=12)),
    SlaConsultationDue(subject=TICKET, time=NOON, due_at=NOON),
    ALARM,
    TriageEscalated(subject=TICKET, time=NOON, actor=LIU.sub, team="dba", team_name="数据库组", reason="修复数据库"),
    PROPOSED,
    INCIDENT,
    DRAFTED,
    REVIEW_DUE,
    PLANNED,
    FOLLOW_UP,
    PACK,
]
