"""Words of a review, in both languages."""

from collections.abc import Mapping

from services.sla.figures.counting import BreachReason
from services.sla.improvements.domain import State
from shared.terms import Category, ClockKind, Outcome, Satisfaction, Term, Text

WORDS: Mapping[str, Text] = {
    "review": Text("Service review", "服务复盘"),
    "period": Text("Tickets opened from {first} to {last}", "受理日期：{first} 至 {last}"),
    "made": Text("Made on {at}", "生成于 {at}"),
    "draft": Text("Draft: not published yet", "草稿，尚未发布"),
    "published": Text("Published on {at}; SHA-256 {digest}", "发布于 {at}；SHA-256 {digest}"),
    "summary": Text("At a glance", "概览"),
    "figure": Text("Figure", "指标"),
    "now": Text("This period", "本期"),
    "before": Text("Period before", "上期"),
    "opened": Text("Tickets opened", "受理工单"),
    "resolved": Text("Resolved", "已解决"),
    "unsolved": Text("Unsolved", "未解决"),
    "unsolved_share": Text("Share unsolved", "未解决占比"),
    "reopened": Text("Reopened", "重新打开"),
    "reopened_share": Text("Reopened", "重新打开率"),
    "rejected_share": Text("Rejected by the customer", "客户验证未通过率"),
    "failed_share": Text("Failed internal verification", "内部验证未通过率"),
    "rejected_short": Text("Rejected", "客户未通过"),
    "failed_short": Text("Failed test", "内测未通过"),
    "consulted": Text("Taken to a consultation", "专家会诊工单"),
    "satisfied_share": Text("Satisfied, of those who rated", "满意率（占已评价）"),
    "trend": Text("Trend", "趋势"),
    "trend_desc": Text(
        "Columns by period: tickets opened, unsolved, and past the resolution target. The table below has the numbers.",
        "按周期的柱状图：受理、未解决、解决超时的工单数，数字见下表。",
    ),
    "breached": Text("Past the resolution target", "解决超时"),
    "problems": Text("Frequent problems", "高频问题"),
    "problems_desc": Text(
        "A bar for each {what}, with its number of tickets. The table below has the numbers.",
        "每个{what}一条，标注工单数，数字见下表。",
    ),
    "none": Text("None in this period.", "本期无。"),
    "category": Text("Category", "问题分类"),
    "module": Text("Module", "模块"),
    "fingerprint": Text("Error fingerprint", "错误指纹"),
    "tag": Text("Tag", "标签"),
    "tickets": Text("Tickets", "工单数"),
    "share": Text("Share", "占比"),
    "change": Text("Change", "环比"),
    "satisfaction": Text("Satisfaction", "客户满意度"),
    "satisfaction_desc": Text(
        "Columns by period: how many customers were satisfied, neutral and dissatisfied. The table has the numbers.",
        "按周期的柱状图：满意、一般、不满意的客户数，数字见下表。",
    ),
    "cause": Text("Cause of dissatisfaction", "不满意原因"),
    "targets": Text("Targets", "时效达标"),
    "clock": Text("Clock", "计时项"),
    "due": Text("Due", "应达标"),
    "within": Text("In time", "按时"),
    "missed": Text("Missed", "超时"),
    "compliance": Text("Compliance", "达标率"),
    "p50": Text("Half within", "中位时长"),
    "p90": Text("90 % within", "90 分位时长"),
    "why_missed": Text("Why targets were missed", "超时原因"),
    "reason": Text("Reason", "原因"),
    "consultations": Text("Consultations and call-backs", "会诊与回访"),
    "call_backs_due": Text("Call-backs due", "应回访"),
    "call_backs_in_time": Text("Called back in time", "按时回访"),
    "call_backs_missed": Text("Called back late, or not yet", "超时或未回访"),
    "ends": Text("How tickets ended", "结束方式"),
    "improvements": Text("Improvements", "改进项"),
    "improvement": Text("Improvement", "改进项"),
    "about": Text("About", "针对"),
    "owner": Text("Owner", "负责人"),
    "due_on": Text("Due on", "截止日期"),
    "state": Text("State", "状态"),
    "since_then": Text("Since then", "自提出以来"),
    "note": Text(
        "All figures are of the tickets that were opened in the period. Durations are by the clock, which stands still "
        "while the customer is waited for, and right to 2 %.",
        "全部指标按受理日期在本周期内的工单统计。时长为计时时长（等待客户期间不计），误差不超过 2%。",
    ),
}
TERMS: Mapping[str, type[Term]] = {
    "category": Category,
    "clock": ClockKind,
    "outcome": Outcome,
    "satisfaction": Satisfaction,
    "why": BreachReason,
    "improvement_state": State,
}


def word(name: str, language: str, **values: object) -> str:
    return WORDS[name].in_(language).format(**values)


def term(kind: str, value: str, language: str) -> str:
    """The value itself where it is none of a set of terms."""
    name = TERMS[kind].of(value).label.in_(language) if kind in TERMS and value else value
    return name[:1].upper() + name[1:] if language == "en" and kind in TERMS else name


def percent(share: float | None, language: str, signed: bool = False) -> str:
    if share is None:
        return "–"
    number = f"{share * 100:+.0f}" if signed else f"{share * 100:.1f}"
    return f"{number.replace('-', '−')}%" if language == "zh" else f"{number.replace('-', '−')}\N{NO-BREAK SPACE}%"


def duration(seconds: float | None, language: str) -> str:
    """Days are of 24 hours."""
    if seconds is None:
        return "–"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} 分钟" if language == "zh" else f"{minutes}\N{NO-BREAK SPACE}min"
    hours = seconds / 3600
    return f"{hours:.1f} 小时" if language == "zh" else f"{hours:.1f}\N{NO-BREAK SPACE}h"
