"""What intake's own events say on a timeline."""

from collections.abc import Mapping

from services.intake.timeline.kinds import Details, Group, Kind
from shared.events import (
    CallChanged,
    Event,
    TicketAmended,
    TicketAttachmentAdded,
    TicketCalledBack,
    TicketCompleted,
    TicketConsentGiven,
    TicketConsentRevoked,
    TicketFeedbackGiven,
    TicketInternalFileAdded,
    TicketInvitationAnswered,
    TicketLinked,
    TicketLinkRequested,
    TicketMailBounced,
    TicketMerged,
    TicketMessagePosted,
    TicketOpened,
    TicketPlanAgreed,
    TicketPlanCarriedOut,
    TicketPlanOverdue,
    TicketQuestionsAnswered,
    TicketQuestionsAsked,
    TicketRelated,
    TicketReopened,
    TicketResumed,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TicketSplit,
    TicketStageChanged,
    TicketThirdPartyReplied,
    TicketUrged,
    TicketWaiting,
    TicketWatchersChanged,
)
from shared.terms import Outcome, Text


def _asked(details: Details) -> Text:
    if details.get("reminder"):
        return Text("Customer reminded of the open questions (reminder {reminder})", "第{reminder}次提醒客户补充信息")
    if details.get("unfit"):
        return Text("Customer told which answers do not fit: {unfit}", "已告知客户以下回答不符合要求：{unfit}")
    return Text("Customer asked for missing information: {questions}", "已请客户补充信息：{questions}")


def _message(details: Details) -> Text:
    if details.get("internal"):
        return Text("Internal note added", "新增内部备注")
    if details.get("by_staff"):
        return Text("Reply sent to the customer", "已回复客户")
    if details.get("recorded_by"):
        return Text("Customer message recorded by support ({channel})", "服务台代录客户消息（{channel}）")
    return Text("Customer message received ({channel})", "收到客户消息（{channel}）")


def _completed(details: Details) -> Text:
    if details.get("outcome") in (None, Outcome.SOLVED):
        return Text("Ticket completed and archived", "工单已完成并归档")
    return Text("Ticket closed: {outcome}", "工单已关闭：{outcome}")


def _amended(event: TicketAmended) -> list[tuple[str, object, object]]:
    known = {**dict(event.problem), **{f"custom_fields.{k}": v for k, v in event.problem.custom_fields.items()}}
    return [(name, event.before.get(name), known.get(name)) for name in event.changed]


def _answered(event: TicketQuestionsAnswered) -> list[tuple[str, object, object]]:
    return [(name, None, said) for name, said in event.answers.items()]


def _stage(event: TicketStageChanged) -> list[tuple[str, object, object]]:
    return [("stage", event.before, event.after)]


def _related(details: Details) -> Text:
    if details.get("removed"):
        return Text("Relation removed: {relation} {to}", "已取消关联：{relation} {to}")
    return Text("Relation added: {relation} {to}", "已添加关联：{relation} {to}")


def _merged(details: Details) -> Text:
    if details.get("into"):
        return Text("Merged into {into}", "已合并到 {into}")
    return Text("Merge into {before} undone", "已撤销与 {before} 的合并")


def _called(details: Details) -> Text:
    if details.get("outbound"):
        return Text("Call to {number} ({state})", "呼出电话 {number}（{state}）")
    return Text("Call from {number} ({state})", "来电 {number}（{state}）")


ASKED = ("questions", "reminder", "at_opening", "unfit")
MESSAGE = ("message", "text", "author", "by_staff", "internal", "channel", "recorded_by")
FILE = ("attachment", "name", "size", "media_type", "by_staff")
CONSENT = ("consent", "scope", "given_by", "words", "expires_at")
ANSWER = ("round", "comment", "recorded_by", "confirmed_by")
COMPLETED = ("outcome", "satisfaction", "duplicate_of", "category", "priority", "resolved_at")
OWN_KINDS: Mapping[type[Event], Kind] = {
    TicketOpened: Kind(
        Group.PROCESS,
        Text("Ticket opened ({channel})", "工单已创建（{channel}）"),
        ("channel", "customer_name", "taken_by", "missing"),
        shown=("channel", "customer_name", "taken_by", "missing"),
    ),
    TicketLinked: Kind(Group.LINKS, Text("Linked to earlier tickets: {to}", "已关联历史工单：{to}"), ("to",)),
    TicketQuestionsAsked: Kind(Group.MESSAGES, _asked, ASKED, shown=ASKED),
    TicketQuestionsAnswered: Kind(
        Group.MESSAGES,
        Text("Information added: {answers}", "已补充信息：{answers}"),
        ("answers", "missing"),
        shown=("answers", "missing", "changes"),
        changes=_answered,
    ),
    TicketReopened: Kind(
        Group.PROCESS,
        Text("Ticket reopened", "工单已重新打开"),
        ("round", "undone"),
        shown=("round", "reason"),
        reason="reason",
    ),
    TicketMessagePosted: Kind(Group.MESSAGES, _message, MESSAGE, shown=("message", "text", "author", "by_staff")),
    TicketAttachmentAdded: Kind(Group.MESSAGES, Text("File attached: {name}", "已添加附件：{name}"), FILE, shown=FILE),
    TicketInvitationAnswered: Kind(
        Group.MESSAGES, Text("Invitation to the consultation answered", "会诊邀请已答复"), ("consultation", "answer")
    ),
    TicketThirdPartyReplied: Kind(
        Group.MESSAGES, Text("{party} answered by its link", "第三方已通过链接答复：{party}"), ("party", "answer")
    ),
    TicketInternalFileAdded: Kind(
        Group.MESSAGES, Text("Internal file attached: {name}", "已添加内部附件：{name}"), FILE[:-1]
    ),
    TicketAmended: Kind(
        Group.CHANGES,
        Text("Ticket details changed: {changed}", "工单信息已修改：{changed}"),
        ("changed",),
        shown=("changed", "changes"),
        changes=_amended,
    ),
    TicketConsentGiven: Kind(
        Group.CONSENTS,
        Text("Remote assistance authorised by the customer", "客户已授权远程协助"),
        CONSENT,
        shown=CONSENT,
    ),
    TicketConsentRevoked: Kind(
        Group.CONSENTS,
        Text("Authorisation for remote assistance revoked", "远程协助授权已撤销"),
        ("consent",),
        shown=("consent",),
    ),
    TicketLinkRequested: Kind(
        Group.LINKS,
        Text("Link for the customer requested: {action}", "已申请向客户发送链接：{action}"),
        ("action", "round", "to"),
    ),
    TicketSolutionAccepted: Kind(
        Group.FEEDBACK, Text("Customer confirmed that the solution works", "客户确认解决方案有效"), ANSWER, shown=ANSWER
    ),
    TicketSolutionRejected: Kind(
        Group.FEEDBACK,
        Text("Customer reported that the solution does not work", "客户反馈解决方案无效"),
        ("round", "recorded_by", "confirmed_by"),
        shown=ANSWER,
        reason="comment",
    ),
    TicketFeedbackGiven: Kind(
        Group.FEEDBACK,
        Text("Customer rating: {satisfaction}", "客户评价：{satisfaction}"),
        ("satisfaction", "comment"),
        shown=("satisfaction", "comment"),
    ),
    TicketCalledBack: Kind(
        Group.FEEDBACK,
        Text("Dissatisfied customer called back", "已回访不满意客户"),
        ("notes",),
        reason="cause_of_dissatisfaction",
    ),
    TicketPlanAgreed: Kind(
        Group.FEEDBACK,
        Text("Second service plan agreed with the customer", "已与客户商定二次服务计划"),
        ("plan", "owner", "due_at"),
        shown=("plan", "due_at"),
    ),
    TicketPlanCarriedOut: Kind(
        Group.FEEDBACK,
        Text("Second service plan carried out", "二次服务计划已执行"),
        ("result",),
        shown=("result",),
    ),
    TicketPlanOverdue: Kind(
        Group.FEEDBACK,
        Text("Second service plan overdue (reminder {reminder})", "二次服务计划已逾期（第{reminder}次提醒）"),
        ("owner", "due_at", "reminder"),
    ),
    TicketUrged: Kind(
        Group.MESSAGES,
        Text("Customer asked for progress (request no. {times})", "客户第{times}次催办"),
        ("times",),
        shown=("times", "comment"),
        reason="comment",
    ),
    TicketRelated: Kind(Group.LINKS, _related, ("relation", "to", "removed"), reason="reason"),
    TicketSplit: Kind(
        Group.LINKS, Text("Messages split off into another ticket", "部分消息已拆分为新工单"), reason="reason"
    ),
    TicketMailBounced: Kind(
        Group.DELIVERIES,
        Text("Mail not delivered: {recipient} ({status})", "邮件未能送达：{recipient}（{status}）"),
        ("recipient", "status", "delivery"),
    ),
    TicketMerged: Kind(Group.LINKS, _merged, ("into", "before"), reason="reason"),
    TicketWatchersChanged: Kind(
        Group.LINKS, Text("Watchers changed: {watchers}", "关注人已变更：{watchers}"), ("watchers",)
    ),
    CallChanged: Kind(Group.MESSAGES, _called, ("number", "state", "agent", "outbound")),
    TicketCompleted: Kind(
        Group.PROCESS, _completed, COMPLETED, shown=("outcome", "satisfaction", "resolved_at"), reason="reason"
    ),
}
# Of tickets that were taken over many at once, which no event of their own tells.
TAKEN_OVER = "ticket.taken_over"
TAKEN_OVER_KIND = Kind(
    Group.PROCESS,
    Text("Taken over from {imported_from}, where it was {number}", "从 {imported_from} 导入，原编号 {number}"),
    ("imported_from", "number", "opened_at", "completed_at"),
    shown=("imported_from", "number", "opened_at", "completed_at"),
)
# What follows from what intake or triage told at the same moment.
FOLLOWING_KINDS: Mapping[type[Event], Kind] = {
    TicketStageChanged: Kind(
        Group.PROCESS,
        Text("Stage changed from {before} to {after}", "阶段由“{before}”变为“{after}”"),
        ("before", "after", "status", "why"),
        shown=("before", "after", "status", "changes"),
        changes=_stage,
    ),
    TicketWaiting: Kind(
        Group.PROCESS, Text("Waiting for {waiting_for}", "开始{waiting_for}"), ("waiting_for",), shown=("waiting_for",)
    ),
    TicketResumed: Kind(
        Group.PROCESS,
        Text("No longer waiting for {waited_for}", "结束{waited_for}"),
        ("waited_for",),
        shown=("waited_for",),
    ),
}
