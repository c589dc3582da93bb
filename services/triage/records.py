"""What the work on a ticket leaves behind: the parts of a work item."""

from dataclasses import dataclass

from pydantic import AwareDatetime, Field

from shared.domain import Value
from shared.events import Suggestion
from shared.terms import Term


@dataclass(frozen=True)
class Person:
    """Who does something to a work item; a lead may do everybody's work."""

    sub: str
    name: str = ""
    is_lead: bool = False


TRIAGE = Person("triage", "triage")


class Did(Term):
    DIAGNOSED = "diagnosed", "diagnosed", "已诊断"
    RECLASSIFIED = "reclassified", "reclassified", "已重新分类"
    CONFIRMED = "confirmed", "diagnosis confirmed", "已确认诊断"
    ASSIGNED = "assigned", "assigned", "已分派"
    RELEASED = "released", "released to the queue", "已退回队列"
    NOTED = "noted", "note", "备注"
    SESSION_STARTED = "session_started", "remote session started", "远程协助开始"
    SESSION_ENDED = "session_ended", "remote session ended", "远程协助结束"
    LOG_ANALYSED = "log_analysed", "log analysed", "已分析日志"
    THIRD_PARTY_ENGAGED = "third_party_engaged", "third party brought in", "已引入第三方"
    THIRD_PARTY_ANSWERED = "third_party_answered", "third party answered", "第三方已答复"
    SOLUTION_PROPOSED = "solution_proposed", "solution proposed", "已提出解决方案"
    VERIFIED = "verified", "internal verification passed", "内部验证通过"
    FAILED = "failed", "internal verification failed", "内部验证未通过"
    CONSULTATION_DUE = "consultation_due", "a consultation is due", "应组织会诊"
    CONSULTATION_OPENED = "consultation_opened", "consultation opened", "会诊已发起"
    CONSULTATION_CONCLUDED = "consultation_concluded", "consultation concluded", "会诊已结束"
    CONSENT_GIVEN = "consent_given", "consent to remote assistance given", "已同意远程协助"
    CONSENT_REVOKED = "consent_revoked", "consent to remote assistance revoked", "已撤回远程协助同意"
    ARTICLE_REUSED = "article_reused", "knowledge reused", "已复用知识"
    ACCEPTED = "accepted", "solution accepted by the customer", "客户确认解决"
    REJECTED = "rejected", "solution rejected by the customer", "客户反馈未解决"
    RATED = "rated", "feedback given", "客户已评价"
    COMPLETED = "completed", "completed", "已完成"
    REOPENED = "reopened", "reopened", "已重新打开"


class Entry(Value):
    """One line of the worklog: `text` in the words of whoever did it."""

    at: AwareDatetime
    by: str
    did: Did
    text: str = ""
    details: dict[str, str] = Field(default_factory=dict)


class Consent(Value):
    id: str
    scope: str
    expires_at: AwareDatetime | None = None


class RemoteSession(Value):
    id: str
    tool: str
    purpose: str
    consent: str
    started_by: str
    started_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    key_steps: list[str] = Field(default_factory=list)
    changes: str = ""
    recording: str = ""


class LogAnalysis(Value):
    id: str
    by: str
    at: AwareDatetime
    exceptions: list[str]
    fingerprints: list[str]
    root_cause: str = ""
    attachment: str = ""
    similar: list[Suggestion] = Field(default_factory=list)


class Verification(Value):
    steps: str
    result: str
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
    party: str
    reason: str
    engaged_at: AwareDatetime
    answer: str = ""
    answered_at: AwareDatetime | None = None


class Consultation(Value):
    background: str
    tried: str
    stuck_at: str
    invited: list[str]
    opened_by: str
    opened_at: AwareDatetime
    conclusions: str = ""
    action_items: list[str] = Field(default_factory=list)
    concluded_at: AwareDatetime | None = None
