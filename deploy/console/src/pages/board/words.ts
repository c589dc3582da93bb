import type { Words } from "../../kit/words";

export const WORDS = {
  title: ["Board", "看板"], overdue: ["Overdue", "已超时"], due: ["Due within 8 hours", "8 小时内到期"], none_overdue: ["Nothing is overdue.", "没有超时的工单。"],
  none_due: ["Nothing is due within 8 hours.", "8 小时内没有到期的工单。"], unassigned: ["Unassigned, the oldest first", "未分派（最早优先）"], none_unassigned: ["Everything is assigned.", "所有工单均已分派。"],
  load: ["Load", "工作量"], engineer: ["Engineer", "工程师"], tickets: ["Tickets", "工单"], state: ["State", "状态"], available: ["available", "可用"], away: ["not available", "不可用"],
  no_engineers: ["No engineers yet.", "尚未录入工程师。"], incidents: ["Incidents", "群发故障"], no_incidents: ["No incident is open.", "没有进行中的群发故障。"],
  candidate: ["to be confirmed", "待确认"], confirmed: ["confirmed", "已确认"], of_customers: ["{n} {n|customer|customers}, {t} tickets", "{n} 家客户，{t} 张工单"],
  full: ["full", "已满"], of: ["{open} of {capacity}", "{open} / {capacity}"],
  standing: ["Open tickets", "未完成工单"], now_open: ["Open", "未完成"], now_at_risk: ["At risk", "即将超时"], now_late: ["Late", "已超时"], now_unassigned: ["Unassigned", "未分派"],
  alarms: ["Active alarms", "未解除的告警"], none_alarms: ["Every urgent ticket is being handled.", "所有紧急工单均已有人处理。"], alarm_times: ["{n} {n|alarm|alarms}", "告警 {n} 次"], nobody_has: ["nobody has it", "无人处理"], unacknowledged: ["{who} has not acknowledged it", "{who} 尚未确认接单"], told: ["told: {who}", "已通知：{who}"], lead: ["leads", "技术负责人"], assignee: ["the assignee", "处理人"],
  warnings: ["Active warnings", "未解除的预警"], none_warnings: ["No target is missed or at risk.", "没有超时或即将超时的工单。"],
} satisfies Words;
