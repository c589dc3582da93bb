"""What the events of the story are called in Chinese."""

EVENT_WORDS = {
    "ticket.opened": "工单受理",
    "ticket.linked": "关联历史工单",
    "ticket.questions_asked": "引导式提问",
    "ticket.questions_answered": "客户答复",
    "ticket.amended": "信息更正",
    "ticket.message_posted": "留言",
    "ticket.attachment_added": "上传附件",
    "ticket.internal_file_added": "上传内部附件",
    "ticket.waiting": "开始等待",
    "ticket.resumed": "结束等待",
    "ticket.consent_given": "客户授权",
    "ticket.consent_revoked": "撤销授权",
    "ticket.solution_accepted": "客户确认解决",
    "ticket.solution_rejected": "客户未确认",
    "ticket.feedback_given": "满意度评价",
    "ticket.called_back": "已回访",
    "ticket.plan_agreed": "二次服务计划",
    "ticket.plan_carried_out": "计划已执行",
    "ticket.completed": "工单已完成",
    "ticket.reopened": "重新打开",
    "triage.diagnosed": "初步诊断",
    "triage.diagnosis_confirmed": "诊断确认",
    "triage.reclassified": "重新分类",
    "triage.assigned": "分派工程师",
    "triage.released": "退回队列",
    "triage.step_tried": "尝试步骤",
    "triage.knowledge_searched": "检索知识库",
    "triage.deep_analysis_begun": "深度分析",
    "triage.remote_session_started": "远程协助开始",
    "triage.remote_session_ended": "远程协助结束",
    "triage.log_analysed": "日志分析",
    "triage.solution_proposed": "提出方案",
    "triage.solution_verified": "内部验证通过",
    "triage.solution_failed": "内部验证未通过",
    "triage.third_party_engaged": "第三方协同",
    "triage.third_party_answered": "第三方答复",
    "triage.third_party_overdue": "第三方逾期",
    "ticket.third_party_replied": "第三方通过链接答复",
    "triage.consultation_opened": "专家会诊",
    "triage.consultation_changed": "会诊变更",
    "triage.consultation_cancelled": "会诊取消",
    "triage.invitation_answered": "会诊邀请答复",
    "triage.action_due": "行动项到期",
    "triage.action_done": "行动项完成",
    "ticket.invitation_answered": "通过链接答复会诊邀请",
    "triage.consultation_concluded": "会诊结论",
    "sla.deadline_moved": "时限更新",
    "sla.policy_changed": "服务承诺变更",
    "sla.calendar_changed": "工作日历变更",
    "sla.year_missing": "缺少年度放假安排",
    "sla.warned": "时限预警",
    "sla.breached": "超时",
    "sla.met": "计时完成",
    "sla.call_back_due": "待回访",
    "sla.consultation_due": "待会诊",
    "kb.case_archived": "案例归档",
    "kb.article_drafted": "知识草稿",
    "kb.article_approved": "知识审核",
    "kb.article_published": "知识发布",
    "kb.article_reused": "知识复用",
    "notify.delivered": "通知送达",
    "notify.failed": "通知失败",
}

TRACE = """java.lang.OutOfMemoryError: Java heap space
\tat com.bihuan.report.ExcelExporter.readAll(ExcelExporter.java:118)
\tat com.bihuan.report.ExcelExporter.export(ExcelExporter.java:64)
\tat com.bihuan.report.ReportCenter.onExport(ReportCenter.java:233)
\tat java.base/java.lang.Thread.run(Thread.java:829)"""

LOG = f"""2026-11-20 09:58:12.001 INFO  ReportCenter - export of report 2026-10 begins, rows=120344
2026-11-20 09:58:14.377 WARN  Memory - heap 92 %
2026-11-20 09:58:15.020 ERROR ReportCenter - export failed
{TRACE}
2026-11-20 09:58:15.022 ERROR Main - unexpected end
"""
