import type { Words } from "../../kit/words";

export const WORDS = {
  title: ["Service reviews", "服务复盘"], of: ["Service review, {period}", "服务复盘：{period}"], back: ["Reviews", "复盘列表"], period: ["{first} to {last}", "{first} 至 {last}"], made: ["created {at}", "生成于 {at}"],
  planned: ["planned", "待生成"], draft: ["draft", "草稿"], published: ["published", "已发布"], published_by: ["Published by {who}, {at}", "由 {who} 发布于 {at}"],
  none: ["No reviews yet.", "尚未生成复盘。"], none_hint: ["Each month is reviewed automatically on the 1st of the next.", "每月 1 日自动生成上月复盘。"],
  make: ["Create a review", "生成复盘"], since: ["First day", "开始日期"], until: ["The day after the last", "结束日期（不含当日）"],
  not_yet: ["Created automatically when the period ends.", "周期结束后自动生成。"], pdf: ["PDF", "PDF"], csv: ["Tables (CSV)", "表格（CSV）"],
  publish: ["Publish", "发布"], publish_hint: ["It cannot be changed after that.", "发布后内容不再变更。"], yes_publish: ["Publish it now", "确认发布"], keep: ["Not yet", "暂不发布"],
  summary: ["Summary", "概览"], figure: ["Figure", "指标"], now: ["This period", "本期"], before: ["Previous period", "上期"],
  opened: ["Tickets opened", "受理工单"], resolved: ["Resolved", "已解决"], unsolved: ["Unsolved", "未解决"], completed: ["Completed", "已完成"],
  reopened: ["Reopened", "重新打开"], rejected: ["Rejected by the customer", "客户验证未通过"], failed: ["Failed internal verification", "内部验证未通过"],
  consulted: ["Consultations", "专家会诊"], satisfied: ["Satisfied", "满意"], dissatisfied: ["Dissatisfied", "不满意"],
  targets: ["Targets", "时效达标"], clock: ["Clock", "计时项"], due: ["Due", "应达标"], within: ["In time", "按时"], breached: ["Missed", "超时"], compliance: ["Compliance", "达标率"], median: ["Median", "中位时长"],
  problems: ["Frequent problems", "高频问题"], problem: ["Problem", "问题"], tickets: ["Tickets", "工单数"], share: ["Share", "占比"], change: ["Change", "环比"], nothing: ["None in this period.", "本期无。"],
  category: ["Category", "问题分类"], module: ["Module", "模块"], fingerprint: ["Error fingerprint", "错误指纹"], tag: ["Tag", "标签"],
  improvements: ["Improvements", "改进项"], improvement: ["Improvement", "改进项"], owner: ["Owner", "负责人"], due_on: ["Due on", "截止日期"], since_then: ["Since then", "自提出以来"], offline: ["The desk cannot be reached.", "无法连接服务台。"],
  course: ["Trend by period", "各期走势"], course_is: ["Columns from {first} to {last}: {words}", "{first} 至 {last} 的柱状图：{words}"], begins: ["Starts", "起始日"], trend: ["Trend", "走势"], improve: ["Improvement", "改进"],
  raise: ["Raise an improvement: {what}", "提出改进：{what}"], raised: ["Raised: {title}", "已提出：{title}"], kind: ["Kind", "类型"], state: ["State", "状态"], state_open: ["open", "进行中"], state_done: ["done", "已完成"], state_dropped: ["dropped", "已放弃"], late: ["late", "已逾期"],
  product_fix: ["product fix", "产品修复"], manual: ["manual", "完善手册"], wording: ["wording", "优化话术"], process_step: ["process step", "流程改进"], none_open: ["No improvement is open.", "没有进行中的改进项。"], none_done: ["No improvement is done yet.", "尚无已完成的改进项。"], none_dropped: ["No improvement was dropped.", "没有已放弃的改进项。"],
  of_problem: ["{value}: {n} tickets in {days} days", "{value}：{days} 天内 {n} 张工单"], its_review: ["Review", "所属复盘"], change_it: ["Change owner or date", "变更负责人或日期"], end_it: ["Close it", "结束改进项"], result: ["Result", "结果"],
} satisfies Words;
