"""What the events of triage, sla, kb and notify say on a timeline. Of those customers see three: who has their ticket,
a solution that they are asked about, and what was mailed to themselves."""

from collections.abc import Mapping

from services.intake.timeline.kinds import Details, Group, Kind
from shared.events import (
    Event,
    IncidentTicketAdded,
    IncidentTicketRemoved,
    KbArticleDrafted,
    KbArticleReused,
    KbCaseArchived,
    NotifyContactTaskDone,
    NotifyContactTaskOpened,
    NotifyDelivered,
    NotifyFailed,
    NotifyUnacknowledged,
    SlaBreached,
    SlaCallBackDue,
    SlaConsultationDue,
    SlaDeadlineMoved,
    SlaMet,
    SlaWarned,
    TriageAcknowledged,
    TriageActionDone,
    TriageActionDue,
    TriageAlarmRaised,
    TriageAssigned,
    TriageConsultationCancelled,
    TriageConsultationChanged,
    TriageConsultationConcluded,
    TriageConsultationOpened,
    TriageDeepAnalysisBegun,
    TriageDiagnosed,
    TriageDiagnosisConfirmed,
    TriageEscalated,
    TriageInvitationAnswered,
    TriageKnowledgeSearched,
    TriageLogAnalysed,
    TriageReclassified,
    TriageReleased,
    TriageRemoteSessionEnded,
    TriageRemoteSessionStarted,
    TriageSolutionFailed,
    TriageSolutionProposed,
    TriageSolutionVerified,
    TriageStepTried,
    TriageThirdPartyAnswered,
    TriageThirdPartyEngaged,
    TriageThirdPartyOverdue,
)
from shared.terms import Text


def _diagnosed(details: Details) -> Text:
    if details.get("confirmed"):
        return Text("Diagnosed: {category} problem, {priority} priority", "诊断结果：{category}问题，优先级{priority}")
    return Text(
        "Diagnosed: {category} problem, {priority} priority (to be confirmed)",
        "诊断结果：{category}问题，优先级{priority}（待确认）",
    )


def _deadline(details: Details) -> Text:
    if not details.get("clock"):
        return Text("No deadline is running", "当前没有计时中的时限")
    if details.get("late"):
        return Text("Deadline passed: {clock}", "时限已过：{clock}")
    return Text("Next deadline: {clock}", "最近时限：{clock}")


def _met(details: Details) -> Text:
    if details.get("within_target"):
        return Text("SLA met: {clock}", "按时完成：{clock}")
    return Text("SLA not met: {clock}", "未按时完成：{clock}")


def _warned(details: Details) -> Text:
    percent = details.get("percent")
    if isinstance(percent, int) and percent > 100:
        return Text("SLA long overdue ({percent} %): {clock}", "严重超时（{percent}%）：{clock}")
    return Text("SLA at risk ({percent} %): {clock}", "即将超时（{percent}%）：{clock}")


def _alarm(details: Details) -> Text:
    if details.get("assignee"):
        return Text(
            "Alarm {times}: not acknowledged by {assignee_name}", "第{times}次告警：{assignee_name}尚未确认接单"
        )
    return Text("Alarm {times}: nobody has the urgent ticket", "第{times}次告警：紧急工单无人处理")


def _assigned(event: TriageAssigned) -> list[tuple[str, object, object]]:
    return [("assignee", event.instead_of or None, event.engineer)]


def _released(event: TriageReleased) -> list[tuple[str, object, object]]:
    return [("assignee", event.engineer, None)]


DIAGNOSIS = ("category", "priority", "queue", "confirmed", "confidence")
PROPOSED = ("round", "solution", "root_cause", "article")
TRIED = ("environment", "steps", "expected", "result", "evidence")
VERIFIED = (*PROPOSED, *TRIED)
DELIVERY = ("delivery", "recipient", "channel", "template")
CLOCK = ("clock", "due_at")
WORK_KINDS: Mapping[type[Event], Kind] = {
    TriageDiagnosed: Kind(Group.WORK, _diagnosed, (*DIAGNOSIS, "suggestions"), reason="reasons"),
    TriageDiagnosisConfirmed: Kind(Group.WORK, Text("Diagnosis confirmed", "诊断已确认"), ("confirmed_by",)),
    TriageReclassified: Kind(
        Group.WORK,
        Text("Reclassified: {category} problem, {priority} priority", "重新分类：{category}问题，优先级{priority}"),
        DIAGNOSIS,
        reason="reasons",
    ),
    TriageReleased: Kind(
        Group.WORK,
        Text("Returned to the queue", "工单已退回队列"),
        ("engineer",),
        reason="reason",
        changes=_released,
    ),
    TriageAssigned: Kind(
        Group.WORK,
        Text("Assigned to {engineer_name}", "已分派给{engineer_name}"),
        ("engineer", "engineer_name", "by", "senior", "rule", "candidates", "considered", "acknowledge_by"),
        shown=("engineer", "engineer_name"),
        reason="reason",
        changes=_assigned,
    ),
    TriageAcknowledged: Kind(Group.WORK, Text("Acknowledged", "已确认接单"), ("engineer",)),
    TriageAlarmRaised: Kind(Group.WORK, _alarm, ("assignee", "assignee_name", "team", "times", "next_at")),
    TriageEscalated: Kind(
        Group.WORK,
        Text("Escalated to {team_name}", "已升级至{team_name}"),
        ("team", "team_name", "from_team", "engineer"),
        reason="reason",
    ),
    IncidentTicketAdded: Kind(
        Group.WORK,
        Text(
            "Part of incident {incident}: {customers} customers", "已关联到群发故障 {incident}：涉及 {customers} 家客户"
        ),
        ("incident", "customers", "priority"),
        reason="reason",
    ),
    IncidentTicketRemoved: Kind(
        Group.WORK,
        Text("Removed from incident {incident}", "已移出群发故障 {incident}"),
        ("incident",),
        reason="reason",
    ),
    TriageRemoteSessionStarted: Kind(
        Group.WORK,
        Text("Remote session started ({tool})", "远程协助已开始（{tool}）"),
        ("session", "tool", "consent", "scope", "purpose"),
    ),
    TriageRemoteSessionEnded: Kind(
        Group.WORK,
        Text("Remote session ended", "远程协助已结束"),
        ("session", "key_steps", "changes", "recording", "recording_sha256"),
    ),
    TriageStepTried: Kind(
        Group.WORK, Text("Step tried", "已尝试排查步骤"), ("round", "hypothesis", "step", "result", "minutes")
    ),
    TriageKnowledgeSearched: Kind(
        Group.WORK, Text("Knowledge base searched", "已检索知识库"), ("round", "query", "found", "answered")
    ),
    TriageDeepAnalysisBegun: Kind(
        Group.WORK,
        Text("New problem: deep analysis begun", "新问题：已进入深度分析"),
        ("round", "features", "modules"),
    ),
    TriageLogAnalysed: Kind(
        Group.WORK,
        Text("Log analysed", "日志分析已完成"),
        ("analysis", "exceptions", "root_cause", "attachment", "similar", "module", "systems"),
    ),
    TriageThirdPartyEngaged: Kind(
        Group.WORK, Text("Third party engaged: {party}", "已联系第三方：{party}"), ("party",), reason="reason"
    ),
    TriageThirdPartyOverdue: Kind(
        Group.WORK, Text("No answer from {party} in time", "第三方逾期未答复：{party}"), ("party", "due_at")
    ),
    TriageThirdPartyAnswered: Kind(
        Group.WORK, Text("Answer received from {party}", "已收到第三方答复：{party}"), ("party", "answer")
    ),
    TriageConsultationOpened: Kind(
        Group.WORK,
        Text("Expert consultation opened", "已组织专家会诊"),
        ("background", "tried", "stuck_at", "invited", "round", "called_by"),
    ),
    TriageConsultationChanged: Kind(
        Group.WORK, Text("Expert consultation changed", "专家会诊安排已变更"), ("consultation", "invited", "stuck_at")
    ),
    TriageInvitationAnswered: Kind(
        Group.WORK, Text("{name} answered the invitation", "{name}已答复会诊邀请"), ("name", "answer", "comment")
    ),
    TriageConsultationCancelled: Kind(
        Group.WORK, Text("Expert consultation cancelled", "专家会诊已取消"), ("consultation",), reason="reason"
    ),
    TriageActionDue: Kind(Group.WORK, Text("Action item overdue", "行动项到期未完成"), ("consultation", "times")),
    TriageActionDone: Kind(Group.WORK, Text("Action item done", "行动项已完成"), ("consultation", "action", "result")),
    TriageConsultationConcluded: Kind(
        Group.WORK, Text("Expert consultation concluded", "专家会诊已结束"), ("conclusions", "action_items", "minutes")
    ),
    TriageSolutionProposed: Kind(
        Group.WORK, Text("Solution proposed (round {round})", "已提出解决方案（第{round}轮）"), PROPOSED
    ),
    TriageSolutionFailed: Kind(
        Group.WORK,
        Text("Solution failed internal verification (round {round})", "解决方案未通过内部验证（第{round}轮）"),
        ("round", *TRIED),
    ),
    TriageSolutionVerified: Kind(
        Group.WORK,
        Text("Solution ready for customer verification (round {round})", "解决方案已提交客户验证（第{round}轮）"),
        VERIFIED,
        shown=("round", "solution"),
    ),
}
LATER_KINDS: Mapping[type[Event], Kind] = {
    SlaDeadlineMoved: Kind(Group.CLOCKS, _deadline, (*CLOCK, "late")),
    SlaWarned: Kind(Group.CLOCKS, _warned, (*CLOCK, "percent")),
    SlaBreached: Kind(Group.CLOCKS, Text("SLA breached: {clock}", "已超时：{clock}"), CLOCK),
    SlaMet: Kind(Group.CLOCKS, _met, ("clock", "elapsed_seconds", "target_seconds", "within_target")),
    SlaConsultationDue: Kind(Group.CLOCKS, Text("Expert consultation due", "需要组织专家会诊"), ("due_at",)),
    SlaCallBackDue: Kind(Group.CLOCKS, Text("Call-back to the customer due", "需要回访客户"), ("due_at",)),
    KbCaseArchived: Kind(
        Group.KNOWLEDGE, Text("Case added to the knowledge base", "案例已归档到知识库"), ("tags", "article")
    ),
    KbArticleDrafted: Kind(
        Group.KNOWLEDGE, Text("Knowledge article drafted: {title}", "已生成知识条目草稿：{title}"), ("title", "tags")
    ),
    KbArticleReused: Kind(
        Group.KNOWLEDGE, Text("Knowledge article used: {title}", "已引用知识条目：{title}"), ("article", "title", "by")
    ),
    NotifyDelivered: Kind(
        Group.DELIVERIES,
        Text("Notification sent ({channel})", "通知已发送（{channel}）"),
        DELIVERY,
        shown=("channel", "template"),
    ),
    NotifyFailed: Kind(
        Group.DELIVERIES,
        Text("Notification could not be delivered ({channel})", "通知发送失败（{channel}）"),
        DELIVERY,
        shown=("channel", "template"),
        reason="error",
    ),
    NotifyContactTaskOpened: Kind(
        Group.DELIVERIES, Text("Customer to be telephoned", "需电话联系客户"), ("task", "template"), reason="reason"
    ),
    NotifyUnacknowledged: Kind(
        Group.DELIVERIES, Text("Not acknowledged: {title}", "未确认：{title}"), ("recipient", "title", "times")
    ),
    NotifyContactTaskDone: Kind(
        Group.DELIVERIES,
        lambda said: (
            Text("Customer told by telephone", "已电话告知客户")
            if said.get("reached")
            else Text("Customer not reached by telephone", "电话未能联系到客户")
        ),
        ("task", "reached"),
    ),
}
