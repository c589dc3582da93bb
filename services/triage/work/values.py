"""The parts of a work item."""

from dataclasses import dataclass

from pydantic import AwareDatetime, Field

from shared.domain import Origin, Value
from shared.events import Event, LogGroup, LogOperation, Suggestion
from shared.events.triage_consultations import ActionItem, Appointment, Invitee
from shared.events.triage_work import ConfigChange
from shared.terms import Term


@dataclass(frozen=True)
class Actor:
    """Who changes a work item; a lead may do everybody's work."""

    sub: str
    name: str = ""
    is_lead: bool = False


TRIAGE_ORIGIN = Origin.service("triage")
TRIAGE = Actor(TRIAGE_ORIGIN.actor, "triage")
MAX_EXCERPT = 4_000  # bytes of what others wrote, which is whole where they wrote it


class WorkState(Term):
    """The state of our own work on a ticket. Its stage is intake's."""

    QUEUED = "queued", "in the queue", "排队中"
    IN_PROGRESS = "at_work", "in progress", "处理中"
    IN_CONSULTATION = "in_consultation", "in consultation", "会诊中"
    VERIFIED = "verified", "waiting for customer verification", "待客户验证"
    DONE = "done", "done", "处理完毕"


class Activity(Term):
    DIAGNOSED = "diagnosed", "diagnosed", "已诊断"
    RECLASSIFIED = "reclassified", "reclassified", "已重新分类"
    CONFIRMED = "confirmed", "diagnosis confirmed", "已确认诊断"
    ASSIGNED = "assigned", "assigned", "已分派"
    RELEASED = "released", "returned to the queue", "已退回队列"
    ACKNOWLEDGED = "acknowledged", "acknowledged", "已确认接单"
    ALARMED = "alarmed", "alarm raised", "已发出告警"
    ESCALATED = "escalated", "escalated to another team", "已升级至其他团队"
    NOTED = "noted", "note added", "已添加备注"
    STEP_TRIED = "step_tried", "step tried", "已尝试"
    KNOWLEDGE_SEARCHED = "knowledge_searched", "knowledge base searched", "已检索知识库"
    DEEP_ANALYSIS_BEGUN = "deep_analysis_begun", "new problem: deep analysis begun", "新问题：已进入深度分析"
    SESSION_STARTED = "session_started", "remote session started", "远程协助已开始"
    SESSION_ENDED = "session_ended", "remote session ended", "远程协助已结束"
    LOG_ANALYSED = "log_analysed", "log analysed", "已分析日志"
    THIRD_PARTY_ENGAGED = "third_party_engaged", "third party engaged", "已请第三方协助"
    THIRD_PARTY_OVERDUE = "third_party_overdue", "third party overdue", "第三方逾期未答复"
    THIRD_PARTY_ANSWERED = "third_party_answered", "third party answered", "第三方已答复"
    SOLUTION_PROPOSED = "solution_proposed", "solution proposed", "已提出解决方案"
    VERIFIED = "verified", "internal verification passed", "内部验证通过"
    FAILED = "failed", "internal verification failed", "内部验证未通过"
    CONSULTATION_DUE = "consultation_due", "consultation due", "应发起会诊"
    CONSULTATION_OPENED = "consultation_opened", "consultation opened", "已发起会诊"
    CONSULTATION_CHANGED = "consultation_changed", "consultation changed", "会诊安排已变更"
    INVITATION_ANSWERED = "invitation_answered", "invitation answered", "会诊邀请已答复"
    CONSULTATION_CANCELLED = "consultation_cancelled", "consultation cancelled", "会诊已取消"
    ACTION_DUE = "action_due", "action item overdue", "行动项到期未完成"
    ACTION_DONE = "action_done", "action item done", "行动项已完成"
    CONSULTATION_CONCLUDED = "consultation_concluded", "consultation concluded", "已结束会诊"
    CONSENT_GIVEN = "consent_given", "consent to remote assistance given", "客户已授权远程协助"
    CONSENT_REVOKED = "consent_revoked", "consent to remote assistance revoked", "客户已撤销远程协助授权"
    ARTICLE_REUSED = "article_reused", "article reused", "已复用知识条目"
    ACCEPTED = "accepted", "solution accepted by the customer", "客户已确认解决"
    REJECTED = "rejected", "solution rejected by the customer", "客户反馈未解决"
    RATED = "rated", "feedback given", "客户已评价"
    COMPLETED = "completed", "completed", "已完成"
    REOPENED = "reopened", "reopened", "已重新打开"
    URGED = "urged", "urged by the customer", "客户已催办"
    INCIDENT_JOINED = "incident_joined", "became part of an incident", "已关联到群发故障"
    INCIDENT_LEFT = "incident_left", "removed from the incident", "已移出群发故障"


ORDER = {did: place for place, did in enumerate(Activity)}


class WorklogEntry(Value):
    """`text` in the words of whoever did it. `id` is made of the revision of the event and of what is unique in it: its
    own id, or the activity."""

    id: str = ""
    at: AwareDatetime
    by: str
    did: Activity
    text: str = ""
    details: dict[str, str] = Field(default_factory=dict)

    @classmethod
    def of_fact(cls, event: Event, did: Activity, by: str, text: str = "", **details: str) -> "WorklogEntry":
        """What another service published."""
        id = f"{event.revision:08d}/{event.id}"
        return cls(id=id, at=event.time, by=by, did=did, text=excerpt(text), details=details)

    @classmethod
    def of_activity(cls, event: Event, did: Activity, text: str = "", **details: str) -> "WorklogEntry":
        """What was done here: once in one write, or in an event of a release that had no revisions."""
        id = f"{event.revision:08d}/{did if event.revision else event.id}"
        return cls(id=id, at=event.time, by=event.actor, did=did, text=text, details=details)

    @property
    def sort_key(self) -> tuple[AwareDatetime, str, int, str]:
        """By time, then by revision; the rest only makes the order the same each time."""
        return self.at, self.id.partition("/")[0], ORDER[self.did], self.id


def excerpt(text: str) -> str:
    """Its beginning, if it is too long."""
    content = text.encode()
    if len(content) <= MAX_EXCERPT:
        return text
    return content[:MAX_EXCERPT].decode(errors="ignore") + "…"


class Consent(Value):
    id: str
    scope: str
    tool: str = ""
    expires_at: AwareDatetime | None = None
    revision: int = 0


class RemoteSession(Value):
    id: str
    tool: str
    purpose: str
    consent: str
    scope: str = ""
    started_by: str
    started_at: AwareDatetime
    until: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    key_steps: list[str] = Field(default_factory=list)
    changes: str = ""
    config_changes: list[ConfigChange] = Field(default_factory=list)
    recording: str = ""
    recording_sha256: str = ""
    cut_off: bool = False

    @property
    def is_recorded(self) -> bool:
        return bool(self.key_steps or self.recording)


class KnowledgeSearch(Value):
    """`answered`: kb was there; else nothing is known of what it has."""

    id: str
    round: int
    query: str
    found: list[Suggestion] = Field(default_factory=list)
    answered: bool = True
    by: str
    at: AwareDatetime


class DeepAnalysis(Value):
    """Of a problem that nobody has solved before (P3.3)."""

    round: int
    features: str
    modules: list[str] = Field(default_factory=list)
    by: str
    at: AwareDatetime


class LogAnalysis(Value):
    id: str
    by: str
    at: AwareDatetime
    exceptions: list[str]
    fingerprints: list[str]
    root_cause: str = ""
    attachment: str = ""
    similar: list[Suggestion] = Field(default_factory=list)
    lines: int = 0
    groups: list[LogGroup] = Field(default_factory=list)
    module: str = ""
    systems: list[str] = Field(default_factory=list)
    operations: list[LogOperation] = Field(default_factory=list)


class Verification(Value):
    """`evidence`: ids of attachments of the ticket."""

    environment: str = ""
    steps: str
    expected: str = ""
    result: str
    evidence: list[str] = Field(default_factory=list)
    passed: bool
    by: str
    at: AwareDatetime


class Proposal(Value):
    """The solution of one round, and the internal verifications of it (P4.1)."""

    round: int
    solution: str
    root_cause: str = ""
    article: str = ""
    by: str
    at: AwareDatetime
    verifications: list[Verification] = Field(default_factory=list)


class ThirdParty(Value):
    """`party` is its name, `third_party` the id of its record; `due_at` when it is to have answered. `shown_customer`
    is what its page says of the customer."""

    party: str
    reason: str
    engaged_at: AwareDatetime
    id: str = ""
    third_party: str = ""
    contact: str = ""
    email: str = ""
    language: str = "zh"
    title: str = ""
    attachments: list[str] = Field(default_factory=list)
    shown_customer: str = ""
    due_at: AwareDatetime | None = None
    overdue_told: bool = False
    answer: str = ""
    answered_at: AwareDatetime | None = None
    answer_attachments: list[str] = Field(default_factory=list)

    @property
    def remind_at(self) -> AwareDatetime | None:
        return None if self.answered_at or self.overdue_told else self.due_at


class Action(Value):
    """An action item: `remind_at` is when its owner is reminded next."""

    id: str
    text: str
    owner: str
    email: str = ""
    language: str = "zh"
    due_at: AwareDatetime
    remind_at: AwareDatetime
    reminders: int = 0
    done_at: AwareDatetime | None = None
    done_by: str = ""
    result: str = ""

    @property
    def as_item(self) -> ActionItem:
        return ActionItem(**self.model_dump(include=set(ActionItem.model_fields)))


class Consultation(Value):
    """`cause`: lead, sla, modules, engineer. Nobody has prepared it while `invited` is empty. `answers` by the id of
    whoever is invited; `moved`: the revision at which its time changed last, and `asked` its sequence then."""

    id: str = ""
    cause: str = "lead"
    reason: str = ""
    background: str
    tried: str
    stuck_at: str
    invited: list[str]
    invitees: list[Invitee] = Field(default_factory=list)
    answers: dict[str, str] = Field(default_factory=dict)
    appointment: Appointment | None = None
    sequence: int = 0
    moved: int = 0
    asked: int = 0
    opened_by: str
    opened_at: AwareDatetime
    round: int = 1
    conclusions: str = ""
    minutes: str = ""
    action_items: list[str] = Field(default_factory=list)
    actions: list[Action] = Field(default_factory=list)
    concluded_at: AwareDatetime | None = None
    cancelled: bool = False
