"""What a change in the middle of a ticket's life does to each clock: as it is promised, as it is found, and as the docs
show it. `python -m tests.sla.clocks.truth` writes the table into docs/clocks.md and docs/zh/clocks.md."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from services.sla.calendars.defaults import CN_WEEK
from services.sla.clocks.clock import Clock, ClockState
from services.sla.clocks.rules import Rules
from services.sla.policies.catalog import PolicyCatalog
from services.sla.policies.domain import Policy, PolicyDetails
from services.sla.policies.matching import Match
from services.sla.policies.targets import SlaTarget, Unit
from shared.events import Event, TicketAmended
from shared.terms import ClockKind, Outcome, Priority, Satisfaction, Text, WaitingFor
from shared.testing import NOON
from tests.sla import builders as tell
from tests.sla.builders import Listener, default_rules

HOUR = timedelta(hours=1)
BEFORE, AT = NOON + 4 * HOUR, NOON + 5 * HOUR  # 16:00 and 17:00 on a Monday
INFORMATION, VERIFICATION = WaitingFor.CUSTOMER_INFORMATION, WaitingFor.CUSTOMER_VERIFICATION
DOCS = Path(__file__).parents[3] / "docs"
PAGES: Mapping[str, Path] = {"en": DOCS / "clocks.md", "zh": DOCS / "zh" / "clocks.md"}
HEADS: Mapping[str, str] = {"en": "| change | clock | what it does |", "zh": "| 变更 | 计时 | 结果 |"}
BEGIN, END = "<!-- truth table: begin -->\n", "<!-- truth table: end -->\n"
VERDICTS: Mapping[str, Text] = {
    "carries": Text("carries on, same target", "继续计时，目标不变"),
    "carries, new target": Text("carries on towards the new target", "已计时间结转，改用新目标"),
    "recounted": Text("counted again from its start", "从头重新计算"),
    "pauses": Text("pauses", "暂停"),
    "resumes": Text("resumes", "恢复计时"),
    "resumes, new target": Text("resumes towards the new target", "恢复计时，改用新目标"),
    "pauses, new target": Text("pauses, with the new target", "暂停，改用新目标"),
    "stays paused": Text("stays paused", "保持暂停"),
    "met": Text("stops: met", "停止：已达成"),
    "closed": Text("stops without being met", "停止：未达成"),
    "stays stopped": Text("stays stopped, judged as it was", "保持停止，结论不变"),
    "runs on": Text("runs on from what had elapsed", "在已计时间上继续"),
    "starts": Text("starts", "开始计时"),
    "starts anew": Text("starts anew, the one before stays on record", "重新开始，原计时保留"),
}
KINDS = [ClockKind.RESPONSE, ClockKind.RESOLUTION, ClockKind.DIAGNOSIS, ClockKind.CONSULTATION]


@dataclass(frozen=True)
class Change:
    """`told` before the moment, what then `happens`, and what that does to response, resolution, diagnosis and
    consultation, and to `others`."""

    name: Text
    told: Sequence[Event]
    happens: Sequence[Event] | Callable[[Listener], object]
    verdicts: tuple[str, str, str, str]
    others: Mapping[ClockKind, str] = field(default_factory=dict)
    rules: Callable[[], Rules] = default_rules

    @property
    def all_verdicts(self) -> dict[ClockKind, str]:
        return {**dict(zip(KINDS, self.verdicts, strict=True)), **self.others}


def life(priority: Priority, *more: Event, sure: bool = False) -> list[Event]:
    return [tell.opened(revision=1), tell.diagnosed(priority, confirmed=sure, revision=1), *more]


def to(priority: Priority) -> Event:
    return tell.reclassified(priority, AT, revision=2)


def with_policy(listener: Listener) -> None:
    """One for the company is set now."""
    match, faster = Match(company="华东贸易有限公司"), SlaTarget(amount=1, unit=Unit.HOURS)
    policy = Policy(id="huadong", match=match)
    targets = {kind: dict.fromkeys(Priority, faster) for kind in ClockKind}
    policy.add_version(match, AT, PolicyDetails("cn", targets), tell.DEFAULT_VERSION, AT)
    listener.rules.policies.replace([Policy.default(), policy])
    listener.check_due(AT)


def with_calendar(listener: Listener) -> None:
    day_off = CN_WEEK.model_copy(update={"overrides": {"2026-03-02": "off"}})
    listener.rules.calendars.get("cn").change(day_off, None, AT)
    listener.check_due(AT)


def with_another_tier(listener: Listener) -> None:
    """The ticket was opened for a silver one; its company becomes a gold one, for which there is a policy."""
    gold = Policy(id="gold", match=Match(tier="gold"))
    faster = dict.fromkeys(Priority, SlaTarget(amount=1, unit=Unit.HOURS))
    gold.add_version(gold.match, NOON, PolicyDetails("cn", dict.fromkeys(KINDS, faster)), tell.DEFAULT_VERSION, NOON)
    listener.rules.policies.replace([Policy.default(), gold])
    listener.check_due(AT)


def capped() -> Rules:
    """No clock is paused for more than 90 minutes."""
    policy, terms = Policy.default(), PolicyDetails("cn", {}, max_pause_hours=1.5)
    policy.add_version(policy.match, NOON, terms, tell.DEFAULT_VERSION, NOON)
    return Rules(PolicyCatalog([policy]), default_rules().calendars)


def an_hour_passes(listener: Listener) -> None:
    listener.check_due(AT + HOUR)


DONE = [tell.message(BEFORE, revision=2), tell.accepted(BEFORE, revision=3), tell.completed(BEFORE, revision=4)]
MERGED = [tell.message(BEFORE, revision=2), tell.completed(BEFORE, revision=3)]
PRODUCT = tell.PROBLEM.model_copy(update={"product": "ERP"})
AMENDED = TicketAmended(subject=tell.TICKET, time=AT, problem=PRODUCT, changed=["product"], revision=2)
asked = [tell.waiting(INFORMATION, BEFORE, revision=2)]
shown = [tell.waiting(VERIFICATION, BEFORE, revision=2)]
N, H, U = Priority.NORMAL, Priority.HIGH, Priority.URGENT
SAME = ("carries",) * 4
NEXT, PLAN, CALL = ClockKind.NEXT_RESPONSE, ClockKind.SECOND_PLAN, ClockKind.CALL_BACK
PARTY, VERIFYING = ClockKind.THIRD_PARTY, ClockKind.VERIFICATION_WAIT
WROTE = life(H, tell.message(NOON, revision=2), tell.message(BEFORE, by_staff=False, revision=3))
CHANGES = [
    Change(Text("priority up: normal to urgent", "优先级上调：普通→紧急"), life(N), [to(U)],
           ("carries, new target", "carries, new target", "carries", "carries")),
    Change(Text("priority down: urgent to normal", "优先级下调：紧急→普通"), life(U), [to(N)],
           ("carries, new target", "carries, new target", "carries", "carries")),
    Change(Text("priority up after the first reply", "首次回复后上调优先级"), life(N, tell.message(BEFORE, revision=2)),
           [to(H)], ("stays stopped", "carries, new target", "carries", "carries")),
    Change(Text("another policy is set", "新策略生效"), life(N), with_policy, SAME),
    Change(Text("the calendar changes", "日历变更"), life(N), with_calendar,
           ("carries", "recounted", "recounted", "recounted")),
    Change(Text("a product without a policy is named", "补充产品，且无对应策略"), life(N), [AMENDED], SAME),
    Change(Text("another team gets the ticket", "转给其他团队"), life(N), [to(N)], SAME),
    Change(Text("we ask the customer", "向客户提问"), life(H), [tell.waiting(INFORMATION, AT, revision=2)],
           ("carries", "pauses", "pauses", "pauses")),
    Change(Text("we ask the customer of an urgent ticket", "紧急工单向客户提问"), life(U),
           [tell.waiting(INFORMATION, AT, revision=2)], SAME),
    Change(Text("urgent while we wait for answers", "等待客户答复时升为紧急"), life(N, *asked),
           [to(U)],
           ("carries, new target", "resumes, new target", "resumes", "resumes")),
    Change(Text("no longer urgent while we wait for answers", "等待客户答复时不再紧急"), life(U, *asked),
           [to(H)],
           ("carries, new target", "pauses, new target", "pauses", "pauses")),
    Change(Text("the customer answers", "客户答复"), life(H, *asked), [tell.resumed(INFORMATION, AT, revision=3)],
           ("carries", "resumes", "resumes", "resumes")),
    Change(Text("a solution is shown to the customer", "提交客户验证"), life(U),
           [tell.waiting(VERIFICATION, AT, revision=2)], ("met", "pauses", "pauses", "pauses"),
           {VERIFYING: "starts"}),
    Change(Text("the customer says no", "客户验证不通过"), life(H, *shown),
           [tell.resumed(VERIFICATION, AT, revision=3), tell.rejected(AT, revision=3)],
           ("stays stopped", "resumes", "resumes", "resumes"), {VERIFYING: "met"}),
    Change(Text("a second solution is shown", "再次提交客户验证"),
           life(H, *shown, tell.resumed(VERIFICATION, BEFORE, revision=3), tell.rejected(BEFORE, revision=3)),
           [tell.waiting(VERIFICATION, AT, revision=4)],
           ("stays stopped", "pauses", "pauses", "pauses"), {VERIFYING: "starts anew"}),
    Change(Text("the customer writes before the first reply", "首次回复前客户留言"), life(H),
           [tell.message(AT, by_staff=False, revision=2)], SAME),
    Change(Text("the customer writes after the first reply", "首次回复后客户留言"),
           life(H, tell.message(BEFORE, revision=2)), [tell.message(AT, by_staff=False, revision=3)],
           ("stays stopped", "carries", "carries", "carries"), {NEXT: "starts"}),
    Change(Text("the customer writes once more", "客户再次留言"), WROTE,
           [tell.message(AT, by_staff=False, revision=4)],
           ("stays stopped", "carries", "carries", "carries"), {NEXT: "carries"}),
    Change(Text("we answer the customer", "回复客户"), WROTE, [tell.message(AT, revision=4)],
           ("stays stopped", "carries", "carries", "carries"), {NEXT: "met"}),
    Change(Text("merged while the customer waits for an answer", "客户待回复时并入其他工单"), WROTE,
           [tell.completed(AT, revision=4)], ("stays stopped", "closed", "closed", "closed"), {NEXT: "closed"}),
    Change(Text("that merge is undone", "撤销该合并"), [*WROTE, tell.completed(BEFORE, revision=4)],
           [tell.reopened(AT, undone=True, revision=5)],
           ("stays stopped", "runs on", "runs on", "runs on"), {NEXT: "runs on"}),
    Change(Text("another ticket is merged into it", "其他工单并入本工单"), life(H),
           [tell.message(AT, internal=True, revision=2)], SAME),
    Change(Text("its company is put into another tier", "企业的客户等级变更"),
           [tell.opened(tier="silver", revision=1), tell.diagnosed(H, confirmed=False, revision=1)],
           with_another_tier, SAME),
    Change(Text("closed as spam", "作为垃圾信息关闭"), life(N), [tell.completed(AT, outcome=Outcome.SPAM, revision=2)],
           ("closed",) * 4),
    Change(Text("a third party is engaged", "联系第三方"), life(H), [tell.engaged(AT, revision=2)], SAME,
           {PARTY: "starts"}),
    Change(Text("the third party answers", "第三方答复"), life(H, tell.engaged(BEFORE, revision=2)),
           [tell.answered_by(AT, revision=3)], SAME, {PARTY: "met"}),
    Change(Text("the customer is dissatisfied", "客户评价不满意"), life(H, *DONE[:2], sure=True),
           [tell.rated(Satisfaction.DISSATISFIED, AT, revision=4)], ("stays stopped",) * 4, {CALL: "starts"}),
    Change(Text("a second plan is agreed", "商定二次服务计划"), life(H, *DONE[:2], sure=True),
           [tell.planned(AT, revision=4)], ("stays stopped",) * 4, {PLAN: "starts"}),
    Change(Text("the second plan is carried out", "二次服务计划已执行"),
           life(H, *DONE[:2], tell.planned(BEFORE, revision=4), sure=True),
           [tell.carried_out(AT, revision=5)], ("stays stopped",) * 4, {PLAN: "met"}),
    Change(Text("the longest pause allowed is used up", "累计暂停已达上限"), life(H, *asked), an_hour_passes,
           ("carries", "resumes", "resumes", "resumes"), rules=capped),
    Change(Text("a third party is waited for", "等待第三方"), life(H),
           [tell.waiting(WaitingFor.THIRD_PARTY, AT, revision=2)], SAME),
    Change(Text("a consultation is opened", "组织会诊"), life(H), [tell.consultation(AT, revision=2)],
           ("carries", "carries", "carries", "met")),
    Change(Text("merged into another ticket", "并入其他工单"), life(H, tell.message(BEFORE, revision=2)),
           [tell.completed(AT, revision=3)], ("stays stopped", "closed", "closed", "closed")),
    Change(Text("the merge is undone", "撤销合并"), life(H, *MERGED), [tell.reopened(AT, undone=True, revision=4)],
           ("stays stopped", "runs on", "runs on", "runs on")),
    Change(Text("reopened after it was solved", "解决后重新打开"), life(H, *DONE, sure=True),
           [tell.reopened(AT, revision=5)], ("stays stopped", "runs on", "stays stopped", "runs on")),
    Change(Text("the calendar changes after it was solved", "解决后日历变更"), life(H, *DONE, sure=True), with_calendar,
           ("stays stopped",) * 4),
]  # fmt: skip


def found(change: Change) -> dict[ClockKind, str]:
    listener = Listener(change.rules())
    listener.receive(*change.told)
    listener.check_due(AT)
    before = {kind: clock.model_copy(deep=True) for kind, clock in listener.ticket.clocks.items()}
    counted = {kind: elapsed(listener, clock) for kind, clock in before.items()}
    if callable(change.happens):
        change.happens(listener)
    else:
        listener.receive(*change.happens)
    return {
        kind: verdict(listener, before[kind], listener.clock(kind), counted[kind]) if kind in before else "starts"
        for kind in change.all_verdicts
    }


def elapsed(listener: Listener, clock: Clock) -> int:
    return clock.elapsed(AT, listener.rules.working_time("cn", clock.stopped_at))


def verdict(listener: Listener, before: Clock, after: Clock, counted: int) -> str:
    """Both of the same moment."""
    same = elapsed(listener, after) == counted
    if after.ledger[0].start != before.ledger[0].start:
        return "starts anew"
    new = ", new target" if after.target != before.target else ""
    match before.state, after.state:
        case ClockState.STOPPED, ClockState.STOPPED:
            assert (after.met_at, after.breached_at, same) == (before.met_at, before.breached_at, True)
            return "stays stopped"
        case _, ClockState.STOPPED:
            return "met" if after.met_at else "closed"
        case ClockState.STOPPED, _:
            return "runs on" if same else "recounted"
        case ClockState.RUNNING, ClockState.PAUSED:
            return f"pauses{new}" if same else "recounted"
        case ClockState.PAUSED, ClockState.RUNNING:
            return f"resumes{new}" if same else "recounted"
        case ClockState.PAUSED, ClockState.PAUSED:
            return "stays paused"
    return f"carries{new}" if same else "recounted"


def table(language: str) -> str:
    """A row for each change and clock, of what was found."""
    lines = [HEADS[language], "| --- | --- | --- |"]
    for change in CHANGES:
        for kind, word in found(change).items():
            said = (change.name, kind.label, VERDICTS[word])
            lines.append(f"| {' | '.join(text.in_(language) for text in said)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    for language, page in PAGES.items():
        before, _, rest = page.read_text("utf-8").partition(BEGIN)
        page.write_text(before + BEGIN + table(language) + END + rest.partition(END)[2], "utf-8")


if __name__ == "__main__":
    main()
