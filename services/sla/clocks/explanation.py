"""A clock in words, as one would explain it to whoever doubts it: each segment of its ledger, and what they make."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.sla.calendars.working_time import WorkingTime
from services.sla.clocks.clock import Clock, ClockState, Verdict
from services.sla.clocks.ledger import Segment, SegmentKind
from services.sla.policies.targets import TargetDuration
from shared.terms import ClockKind, Outcome, Text

STARTS: Mapping[ClockKind, Text] = {
    ClockKind.NEXT_RESPONSE: Text("the customer wrote", "客户留言"),
    ClockKind.CALL_BACK: Text("the customer was dissatisfied", "客户评价不满意"),
    ClockKind.SECOND_PLAN: Text("a second plan was agreed", "已商定二次服务计划"),
    ClockKind.THIRD_PARTY: Text("a third party was engaged", "已联系第三方"),
    ClockKind.VERIFICATION_WAIT: Text("the customer was asked to verify", "已提交客户验证"),
}
OPENED = Text("the ticket was opened", "工单创建")


@dataclass(frozen=True)
class Rule:
    """By what a clock is counted; `calendar_since` says which version of the calendar."""

    policy: str
    revision: int
    calendar: str
    calendar_since: datetime
    hours: WorkingTime
    zone: str


def explain(kind: ClockKind, clock: Clock, now: datetime, rule: Rule) -> list[Text]:
    """A sentence for the target, one for each segment that lasted, the sum, and the verdict."""
    zone = ZoneInfo(rule.zone)
    elapsed = clock.elapsed(now, rule.hours)
    found = [_target(clock.target, rule)]
    for place, segment in enumerate(clock.ledger):
        counted = segment.milliseconds if segment.end else elapsed - clock.elapsed_ms
        begins = (STARTS.get(kind, OPENED)) if place == 0 else None
        if sentence := _segment(segment, counted, begins, now, zone):
            found.append(sentence)
    return [*found, _sum(clock, elapsed), _verdict(clock, zone)]


def _target(target: TargetDuration | None, rule: Rule) -> Text:
    by = Text(f"(policy {rule.policy}, version {rule.revision})", f"（策略“{rule.policy}”第 {rule.revision} 版）")
    if target is None:
        return Text(
            f"There is no target {by.en}: the time is measured, not judged.", f"无目标{by.zh}：仅计时，不考核。"
        )
    length = duration(target.milliseconds)
    if target.business_time:
        return Text(
            f"The target is {length.en} of working time {by.en}, by the calendar {rule.calendar}.",
            f"目标为 {length.zh}工作时间{by.zh}，按日历“{rule.calendar}”计算。",
        )
    return Text(f"The target is {length.en} by the wall clock {by.en}.", f"目标为 {length.zh}自然时间{by.zh}。")


def _segment(segment: Segment, counted: int, begins: Text | None, now: datetime, zone: ZoneInfo) -> Text | None:
    """None for one that took no time, and says nothing."""
    end = segment.end or max(now, segment.start)
    if end == segment.start and segment.kind is not SegmentKind.CARRY and segment.end and not begins:
        return None
    span = _span(segment, zone)
    reason = begins or segment.why.label
    by = Text(f", by {segment.by}", f"，{segment.by}") if segment.by else Text("", "")
    why = Text(f"{reason.en}{by.en}", f"{reason.zh}{by.zh}")
    lasted = duration((end - segment.start) // timedelta(milliseconds=1))
    match segment.kind:
        case SegmentKind.RUN:
            ran = duration(counted)
            kind = Text(" of working time", "工作时间") if segment.business_time else Text("", "")
            return Text(
                f"{span.en}: ran {ran.en}{kind.en} ({why.en}).", f"{span.zh}：计时 {ran.zh}{kind.zh}（{why.zh}）。"
            )
        case SegmentKind.PAUSE:
            return Text(f"{span.en}: paused for {lasted.en} ({why.en}).", f"{span.zh}：暂停 {lasted.zh}（{why.zh}）。")
        case SegmentKind.CARRY:
            at = _moment(segment.start, zone)
            return Text(
                f"{at}: what had run was carried over to the new target ({why.en}).",
                f"{at}：已计时间结转至新目标（{why.zh}）。",
            )
    return Text(f"{span.en}: stood still while the ticket was closed.", f"{span.zh}：工单关闭期间不计时。")


def _sum(clock: Clock, elapsed: int) -> Text:
    ran = duration(elapsed)
    if clock.target is None:
        return Text(f"Together {ran.en}.", f"合计 {ran.zh}。")
    share = elapsed * 100 // clock.target.milliseconds
    whole = duration(clock.target.milliseconds)
    return Text(f"Together {ran.en} of {whole.en} ({share} %).", f"合计 {ran.zh}，目标 {whole.zh}（{share}%）。")


def _verdict(clock: Clock, zone: ZoneInfo) -> Text:
    at = _moment(clock.breached_at or clock.due_at or clock.ledger[0].start, zone)
    match clock.verdict:
        case Verdict.MEASURED:
            return Text("It is not judged.", "不考核。")
        case Verdict.MET:
            return Text("It was met in time.", "按时完成。")
        case Verdict.BREACHED:
            return Text(f"It was missed: the time ran out at {at}.", f"已超时：时限为 {at}。")
        case Verdict.EXCLUDED:
            ended = Outcome.of(clock.closed_as).label if clock.closed_as else Text("closed", "已关闭")
            return Text(
                f"It does not count: the ticket was closed before ({ended.en}).",
                f"不计入考核：工单此前已关闭（{ended.zh}）。",
            )
    if clock.state is ClockState.PAUSED and clock.due_at is None:
        return Text("It is paused, so that nobody can say when it is due.", "已暂停，暂无法确定时限。")
    may = Text(" (provisional: the days off of that time are not announced yet)", "（暂定：届时的放假安排尚未公布）")
    more = may if clock.provisional else Text("", "")
    return Text(f"It is due at {at}{more.en}.", f"时限为 {at}{more.zh}。")


def _span(segment: Segment, zone: ZoneInfo) -> Text:
    start = _moment(segment.start, zone)
    if segment.end is None:
        return Text(f"since {start}", f"{start} 起")
    end = _moment(segment.end, zone)
    return Text(f"{start} to {end}", f"{start} 至 {end}")


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def duration(milliseconds: int) -> Text:
    """Hours, minutes and seconds; what is below a second is left out."""
    seconds = milliseconds // 1000
    parts = [(seconds // 3600, "h", "小时"), (seconds // 60 % 60, "min", "分"), (seconds % 60, "s", "秒")]
    shown = [one for one in parts if one[0]] or parts[-1:]
    return Text(" ".join(f"{n} {en}" for n, en, _ in shown), " ".join(f"{n} {zh}" for n, _, zh in shown))
