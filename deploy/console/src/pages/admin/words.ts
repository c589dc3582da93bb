import type { Words } from "../../kit/words";

export const WORDS = {
  title: ["Administration", "管理"], tabs: ["Administration pages", "管理项目"], engineers: ["Engineers", "工程师"], policies: ["Policies", "时效策略"], calendars: ["Calendars", "工作日历"], categories: ["Categories", "问题分类"], forms: ["Forms", "提单表单"], templates: ["Templates", "通知模板"], channels: ["Channels", "渠道"], webhooks: ["Webhooks", "Webhook"], api_keys: ["API keys", "API 密钥"],
  dead_letters: ["Dead letters", "死信"], deliveries: ["Failed notifications", "发送失败的通知"], offline: ["The desk cannot be reached.", "无法连接服务台。"],
  engineer: ["Engineer", "工程师"], level: ["Level", "级别"], ordinary: ["engineer", "工程师"], senior: ["senior engineer", "资深工程师"], load: ["Tickets", "工单"], of: ["{open} of {capacity}", "{open} / {capacity}"], state: ["State", "状态"], skills: ["Skills", "技能"],
  available: ["available", "可用"], away: ["not available", "不可用"], inactive: ["deactivated", "已停用"], make_available: ["Make available", "设为可用"], make_away: ["Make unavailable", "设为不可用"],
  deactivate: ["Deactivate {name}", "停用 {name}"], activate: ["Activate {name}", "启用 {name}"], deactivate_short: ["Deactivate", "停用"], activate_short: ["Activate", "启用"], reason: ["Reason", "原因"], hand_to: ["Tickets go to", "工单移交给"], to_queue: ["the queue", "队列"], no_engineers: ["No engineers yet.", "尚未录入工程师。"], action: ["Action", "操作"],
  everybody: ["All tickets", "全部工单"], company: ["company {name}", "企业 {name}"], tier: ["tier {name}", "客户等级 {name}"], product: ["product {name}", "产品 {name}"], team: ["queue {name}", "队列 {name}"],
  always: ["always in force, version {n}", "始终有效，第 {n} 版"], since: ["in force since {at}, version {n}", "自 {at} 起生效，第 {n} 版"], not_yet: ["not in force yet", "尚未生效"], retired: ["retired", "已停用"], clock: ["Clock", "计时项"], no_policies: ["No policies yet.", "尚未设置时效策略。"],
  hours: ["{n} {n|hour|hours}", "{n} 小时"], working_hours: ["{n} working {n|hour|hours}", "{n} 个工作小时"], working_days: ["{n} working {n|day|days}", "{n} 个工作日"], by_calendar: ["calendar {name}", "日历 {name}"], pause: ["paused for {n} hours at most", "累计暂停上限 {n} 小时"],
  zone: ["Time zone", "时区"], day: ["Day", "星期"], work: ["Working hours", "工作时间"], off: ["off", "休息"], country: ["Public holidays", "法定节假日"], years: ["Years with a holiday list", "已有节假日表的年份"], coming: ["Special days in the next 60 days", "未来 60 天的特殊日期"], none_coming: ["No special days.", "没有特殊日期。"], no_calendars: ["No calendars yet.", "尚未设置工作日历。"],
  holiday: ["holiday", "节假日"], make_up: ["make-up work day", "调休上班"], override: ["set by hand", "手动设置"], special_hours: ["own hours", "特殊时段"], provisional: ["may change", "可能变动"],
  service: ["Service", "服务"], event: ["Event", "事件"], error: ["Error", "错误"], tries: ["Attempts", "尝试次数"], when: ["When", "时间"], replay: ["Replay", "重放"], replayed: ["Handed to {service} again.", "已重新交给 {service}。"], no_dead_letters: ["No dead letters: every event was handled.", "没有死信，所有事件均已处理。"],
  more: ["Only the first {n} are shown.", "仅显示前 {n} 条。"], ticket: ["Ticket", "工单"], recipient: ["Recipient", "接收人"], channel: ["Channel", "渠道"], message: ["Message", "内容"], failed: ["failed", "失败"], bounced: ["bounced", "被退回"],
  send_again: ["Send again", "重新发送"], sent_again: ["It is being sent again.", "正在重新发送。"], no_failed: ["No failed notifications.", "没有发送失败的通知。"], refused: ["Not done: {why}", "未完成：{why}"],
} satisfies Words;
