"""Ladders of warnings: at how much of a clock's target who is told, and how loudly."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import AfterValidator, Field

from shared.domain import Value
from shared.terms import ClockKind, InvalidValue, Known, OpenTerm

WHOLE = 100  # per cent: the target is missed
MAX_RUNGS = 10
MAX_PERCENT = 1000


class Whom(OpenTerm):
    ASSIGNEE = "assignee", "the engineer who has the ticket", "负责工程师"
    LEAD = "lead", "technical leads", "技术负责人"
    MANAGER = "manager", "managers: who administers the desk", "管理者（系统管理员）"


class Urgency(OpenTerm):
    QUIET = "quiet", "only online", "仅站内通知"
    NORMAL = "normal", "online and by mail or messenger", "站内通知及邮件或即时通讯"
    URGENT = "urgent", "the same, marked as urgent", "同上，并标注紧急"


class LadderRung(Value):
    """At so many per cent of the target these people are told."""

    percent: int = Field(ge=1, le=MAX_PERCENT)
    """How much of the target has run: 100 is when it is missed"""
    to: list[Known[Whom]] = Field(max_length=len(Whom))
    """Who is told; nobody: it is only published"""
    urgency: Known[Urgency] = Urgency.NORMAL
    """How loudly"""


def _each_once(ladder: list[LadderRung]) -> list[LadderRung]:
    if len({rung.percent for rung in ladder}) < len(ladder):
        raise InvalidValue("each percentage can stand in a ladder once", "同一提醒级别中百分比不能重复")
    return sorted(ladder, key=lambda rung: rung.percent)


Ladder = Annotated[list[LadderRung], Field(max_length=MAX_RUNGS), AfterValidator(_each_once)]
Ladders = dict[Known[ClockKind], Ladder]
DEFAULT_LADDER: Sequence[LadderRung] = (
    LadderRung(percent=50, to=[Whom.ASSIGNEE], urgency=Urgency.QUIET),
    LadderRung(percent=75, to=[Whom.ASSIGNEE]),
    LadderRung(percent=90, to=[Whom.ASSIGNEE, Whom.LEAD]),
    LadderRung(percent=WHOLE, to=[Whom.ASSIGNEE, Whom.LEAD], urgency=Urgency.URGENT),
    LadderRung(percent=150, to=[Whom.LEAD, Whom.MANAGER], urgency=Urgency.URGENT),
)


def ladder_of(ladders: Mapping[ClockKind, Sequence[LadderRung]], clock: ClockKind) -> Sequence[LadderRung]:
    """An empty one warns of nothing: that the target is missed is published all the same."""
    return ladders.get(clock, DEFAULT_LADDER)


def rung_of(ladder: Sequence[LadderRung], percent: int) -> LadderRung:
    """With nobody to tell where the ladder has none such."""
    return next((rung for rung in ladder if rung.percent == percent), LadderRung(percent=percent, to=[]))
