import type { Words } from "../../kit/words";

export const WORDS = {
  title: ["Queue", "队列"], all: ["All", "全部"], mine: ["Mine", "我的"], nobodys: ["Unassigned", "未分派"],
  ticket: ["Ticket", "工单"], subject: ["Subject", "主题"], customer: ["Customer", "客户"], priority: ["Priority", "优先级"],
  category: ["Category", "类别"], work: ["Work", "处理状态"], assignee: ["Assignee", "处理人"], due: ["Next due", "最近时限"],
  opened: ["Opened", "创建时间"], waiting: ["Waiting for", "等待对象"], anything: ["any", "不限"],
  find: ["Filter this list", "筛选当前列表"], filters: ["Filters", "筛选"], clear: ["Clear filters", "清除筛选"],
  fresh: ["{n} new", "{n} 条新工单"], gone: ["left the queue", "已离开队列"], selected: ["{n} selected", "已选 {n} 条"],
  rows: ["{n} {n|ticket|tickets}", "{n} 张工单"], more: ["at least {n} tickets", "至少 {n} 张工单"],
  nothing: ["The queue is empty.", "队列为空。"], nothing_hint: ["New tickets appear here as they come in.", "新工单会自动出现在这里。"],
  filtered: ["No ticket matches these filters.", "没有符合筛选条件的工单。"], choose: ["Select {ticket}", "选择 {ticket}"], choose_all: ["Select these rows", "选择当前列表"],
  forbidden: ["You are not allowed to see the queue.", "您没有权限查看队列。"], grid: ["Tickets", "工单列表"],
  take: ["Take next", "领取下一张"], took: ["You have {ticket}.", "已领取 {ticket}。"], none_to_take: ["There are no tickets to take.", "没有可领取的工单。"],
  unread_down: ["The list may be out of date: the live connection is down.", "实时连接已断开，列表可能已过时。"],
  is_viewing: ["{name} is viewing", "{name} 正在查看"], is_working: ["{name} is replying", "{name} 正在回复"],
  sort: ["Order", "排序"], by_queue: ["queue", "队列顺序"], by_due: ["next due", "最近时限"], by_newest: ["newest", "最新创建"], by_oldest: ["oldest", "最早创建"], by_customer: ["customer", "客户"], by_assignee: ["assignee", "处理人"],
  urged: ["urged {n} {n|time|times}", "催办 {n} 次"], note: ["Add a note to each", "批量添加备注"], draft: ["draft", "草稿"],
} satisfies Words;
