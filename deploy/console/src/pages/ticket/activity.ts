import type { Words } from "../../kit/words";

/** What can be done on a ticket, as the worklog names it. */
export const ACTIVITY: Words = {
  diagnosed: ["Diagnosed", "已诊断"], reclassified: ["Reclassified", "重新分类"], confirmed: ["Diagnosis confirmed", "已确认诊断"],
  assigned: ["Assigned", "已分派"], released: ["Released", "已释放"], acknowledged: ["Acknowledged", "已确认接单"], alarmed: ["Alarm raised", "已告警"],
  escalated: ["Escalated", "已升级"], noted: ["Note", "备注"], step_tried: ["Step tried", "已尝试步骤"], knowledge_searched: ["Knowledge base searched", "检索知识库"],
  deep_analysis_begun: ["Deep analysis begun", "开始深度分析"], session_started: ["Remote session started", "远程会话开始"], session_ended: ["Remote session ended", "远程会话结束"],
  log_analysed: ["Log analysed", "日志分析"], third_party_engaged: ["Third party engaged", "联系第三方"], third_party_overdue: ["Third party overdue", "第三方超时"],
  third_party_answered: ["Third party answered", "第三方已答复"], solution_proposed: ["Solution proposed", "提出解决方案"], verified: ["Internal verification passed", "内部验证通过"],
  failed: ["Internal verification failed", "内部验证未通过"], consultation_due: ["Consultation due", "需要会诊"], consultation_opened: ["Consultation opened", "发起会诊"],
  consultation_changed: ["Consultation changed", "会诊变更"], invitation_answered: ["Invitation answered", "邀请已答复"], consultation_cancelled: ["Consultation cancelled", "会诊取消"],
  action_due: ["Action due", "行动项到期"], action_done: ["Action done", "行动项完成"], consultation_concluded: ["Consultation concluded", "会诊结束"],
  consent_given: ["Consent given", "客户已授权"], consent_revoked: ["Consent revoked", "授权已撤销"], article_reused: ["Article reused", "复用知识条目"],
  accepted: ["Customer: works", "客户确认解决"], rejected: ["Customer: does not work", "客户反馈未解决"], rated: ["Rated", "客户已评价"], completed: ["Completed", "已完成"],
  reopened: ["Reopened", "已重新打开"], urged: ["Customer urged", "客户催办"], incident_joined: ["Joined an incident", "并入群发故障"], incident_left: ["Left an incident", "移出群发故障"],
};
