import type { Words } from "../../kit/words";

export const WORDS = {
  title: ["My settings", "个人设置"], screen: ["This browser", "此浏览器"], screen_hint: ["Saved in this browser; takes effect at once.", "保存在此浏览器中，立即生效。"], told: ["Notifications", "通知方式"], told_hint: ["Applies to your account everywhere.", "对您的账号全局生效。"],
  language: ["Language of notifications", "通知语言"], account: ["as in my account", "跟随账号"], zh: ["Chinese", "中文"], en: ["English", "英文"], zone: ["Time zone", "时区"], quiet: ["Quiet hours: only urgent notifications are sent", "免打扰时段：仅发送紧急通知"], start: ["From", "开始"], end: ["Until", "结束"], quiet_incomplete: ["Quiet hours need a start and an end.", "免打扰时段须填写开始和结束时间。"],
  digest: ["Delivery", "发送频率"], immediately: ["at once", "立即"], batched: ["every minute", "每分钟汇总"], hourly: ["every hour", "每小时汇总"], daily: ["every day", "每天汇总"], digest_at: ["Daily summary at", "每日汇总时间"],
  messenger: ["Messenger account", "即时通讯账号"], messenger_form: ["Format messenger:desk account:member, such as wecom:desk:zhangsan. Used before e-mail; leave empty to use e-mail", "格式：通讯工具:服务台账号:成员，例如 wecom:desk:zhangsan；优先于邮件，留空则使用邮件"],
  messenger_admin: ["Set by an administrator, because it decides whom the desk writes to.", "由管理员设置，因为它决定服务台向谁发送消息。"], messenger_none: ["not set: you are notified by e-mail", "未设置，使用邮件通知"],
  by_kind: ["By event", "按事件设置"], event: ["Event", "事件"], way: ["Channel", "方式"], any: ["any channel", "全部渠道"], mail: ["e-mail only", "仅电子邮件"], messengers: ["messengers only", "仅即时通讯"], inbox: ["inbox only", "仅站内通知"], own: ["as set now", "保持现有设置"],
  save: ["Save", "保存"], saved: ["Saved.", "已保存。"], refused: ["Not saved: {why}", "未保存：{why}"], offline: ["The desk cannot be reached.", "无法连接服务台。"], conflict: ["Changed in another window; the current settings are shown.", "设置已在其他窗口修改，现显示最新内容。"],
} satisfies Words;

/** What staff are told of. */
export const KINDS = {
  "triage.assigned": ["A ticket is assigned", "工单分派"], "ticket.message_posted": ["The customer wrote", "客户发来消息"], "ticket.urged": ["The customer asks to hurry", "客户催办"], "ticket.solution_rejected": ["The customer says it is not solved", "客户反馈未解决"], "ticket.reopened": ["A ticket is reopened", "工单重新打开"], "ticket.consent_revoked": ["Consent is revoked", "授权被撤销"],
  "sla.warned": ["A target is at risk", "时限即将到期"], "sla.breached": ["A target is missed", "时限超时"], "sla.call_back_due": ["A call-back is due", "需要回访"], "sla.consultation_due": ["A consultation is due", "需要会诊"], "triage.alarm_raised": ["An urgent ticket is waiting", "紧急工单告警"], "triage.escalated": ["A ticket is escalated", "工单升级"],
  "triage.third_party_answered": ["A third party answered", "第三方已答复"], "triage.third_party_overdue": ["A third party is late", "第三方超时"], "triage.action_due": ["An action item is late", "行动项逾期"], "incident.proposed": ["A possible incident", "疑似群发故障"], "incident.opened": ["An incident is confirmed", "群发故障"],
  "kb.article_drafted": ["An article was drafted", "知识条目起草"], "kb.review_due": ["An article is due for review", "知识条目待复审"], "kb.training_planned": ["A case-sharing session is planned", "案例分享会安排"], "sla.review_made": ["A review was created", "复盘已生成"], "sla.improvement_due": ["An improvement is due", "改进项到期"],
} satisfies Words;
