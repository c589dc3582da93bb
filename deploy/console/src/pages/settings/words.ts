import type { Words } from "../../kit/words";

export const WORDS = {
  title: ["Own settings", "个人设置"], screen: ["This browser", "此浏览器"], screen_hint: ["Kept in this browser, at once.", "保存在此浏览器中，立即生效。"], told: ["How you are told", "通知方式"], told_hint: ["Holds for you everywhere.", "对您的账号全局生效。"],
  language: ["Language of notifications", "通知语言"], account: ["as your account says", "跟随账号"], zh: ["Chinese", "中文"], en: ["English", "英文"], zone: ["Time zone", "时区"], quiet: ["Quiet hours: only urgent matters are sent", "免打扰时段：仅发送紧急通知"], start: ["From", "开始"], end: ["Until", "结束"], quiet_incomplete: ["Quiet hours need a beginning and an end.", "免打扰时段须填写开始和结束时间。"],
  digest: ["When it is sent", "发送频率"], immediately: ["at once", "立即"], batched: ["together, every minute", "每分钟汇总"], hourly: ["together, every hour", "每小时汇总"], daily: ["together, every day", "每天汇总"], digest_at: ["The daily one at", "每日汇总时间"],
  messenger: ["In a messenger", "即时通讯账号"], messenger_form: ["Messenger, account of the desk, name there: wecom:desk:zhangsan. It comes before mail; empty: by mail", "格式：通讯工具:服务台账号:成员，例如 wecom:desk:zhangsan；优先于邮件，留空则使用邮件"],
  messenger_admin: ["An administrator sets it, because it decides whom the desk writes to.", "由管理员设置，因为它决定服务台向谁发送消息。"], messenger_none: ["none: you are told by mail", "未设置，使用邮件通知"],
  by_kind: ["By what happens", "按事件设置"], event: ["What happens", "事件"], way: ["How", "方式"], any: ["any channel", "全部渠道"], mail: ["e-mail alone", "仅电子邮件"], messengers: ["messengers alone", "仅即时通讯"], inbox: ["only in the inbox", "仅站内通知"], own: ["as it is set", "保持现有设置"],
  save: ["Save", "保存"], saved: ["Saved.", "已保存。"], refused: ["Not saved: {why}", "未保存：{why}"], offline: ["The desk cannot be reached.", "无法连接服务台。"], conflict: ["They were changed in another window; what is set now is shown.", "设置已在其他窗口修改，现显示最新内容。"],
} satisfies Words;

/** What staff are told of. */
export const KINDS = {
  "triage.assigned": ["A ticket is assigned", "工单分派"], "ticket.message_posted": ["The customer wrote", "客户发来消息"], "ticket.urged": ["The customer urges", "客户催办"], "ticket.solution_rejected": ["The customer says it does not work", "客户反馈未解决"], "ticket.reopened": ["A ticket is reopened", "工单重新打开"], "ticket.consent_revoked": ["A consent is revoked", "授权被撤销"],
  "sla.warned": ["A target comes near", "时限即将到期"], "sla.breached": ["A target is missed", "时限超时"], "sla.call_back_due": ["A call-back is due", "需要回访"], "sla.consultation_due": ["A consultation is due", "需要会诊"], "triage.alarm_raised": ["An urgent ticket waits", "紧急工单告警"], "triage.escalated": ["A ticket is escalated", "工单升级"],
  "triage.third_party_answered": ["A third party answered", "第三方已答复"], "triage.third_party_overdue": ["A third party is late", "第三方超时"], "triage.action_due": ["An action item is late", "行动项逾期"], "incident.proposed": ["Perhaps an incident", "疑似群发故障"], "incident.opened": ["An incident", "群发故障"],
  "kb.article_drafted": ["An article was drafted", "知识条目起草"], "kb.review_due": ["An article is to be looked at again", "知识条目待复审"], "kb.training_planned": ["A case-sharing session is planned", "案例分享会安排"], "sla.review_made": ["A review was made", "复盘已生成"], "sla.improvement_due": ["An improvement is due", "改进项到期"],
} satisfies Words;
