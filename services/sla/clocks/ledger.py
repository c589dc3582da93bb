"""The ledger of a clock: the segments in which it ran, stood still or was carried over, and why."""

from pydantic import AwareDatetime

from shared.domain import Value
from shared.terms import Term


class SegmentKind(Term):
    RUN = "run", "running", "计时中"
    PAUSE = "pause", "paused", "已暂停"
    CARRY = "carry", "carried over to a new target", "结转至新目标"
    REOPEN = "reopen", "while the ticket was closed", "工单关闭期间"


class Reason(Term):
    """Why a segment began."""

    STARTED = "started", "started", "开始计时"
    RESUMED = "resumed", "resumed", "恢复计时"
    CUSTOMER_INFORMATION = "customer_information", "waiting for information from the customer", "等待客户补充信息"
    CUSTOMER_VERIFICATION = "customer_verification", "waiting for verification by the customer", "等待客户验证"
    CAPPED = "capped", "the longest pause allowed was used up", "累计暂停已达上限"
    RETARGETED = "retargeted", "priority changed", "优先级变更"
    REOPENED = "reopened", "ticket reopened", "工单重新打开"


BEGINNINGS = (Reason.STARTED, Reason.REOPENED)


class Segment(Value):
    """Only run segments count; `milliseconds` is what a closed one counted, in its own kind of time. `by` is who
    brought it about, `until` when a pause has used up what its clock may be paused in all."""

    kind: SegmentKind
    why: Reason
    start: AwareDatetime
    end: AwareDatetime | None = None
    business_time: bool = False
    milliseconds: int = 0
    by: str = ""
    until: AwareDatetime | None = None
