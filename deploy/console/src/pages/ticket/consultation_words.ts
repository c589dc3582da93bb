import type { Words } from "../../kit/words";

export const WORDS = {
  none: ["No consultations on this ticket.", "此工单尚未进行过会诊。"], none_hint: ["Request one when the work is stuck; leads invite the experts.", "处理受阻时可申请会诊，由技术负责人邀请专家。"],
  due: ["A consultation is due: not solved within two working days, or several modules involved.", "需要会诊：两个工作日内未解决，或涉及多个模块。"],
  open: ["in progress", "进行中"], concluded: ["concluded", "已结束"], cancelled: ["cancelled", "已取消"], title: ["Consultation {n}", "第 {n} 次会诊"],
  called_sla: ["Not solved within two working days", "两个工作日内未解决"], called_modules: ["Several modules involved", "问题涉及多个模块"], opened_by: ["opened by {who}", "由 {who} 发起"],
  background: ["Background", "客户背景"], tried: ["Already tried", "已尝试方案"], stuck_at: ["Sticking point", "卡点"], reason: ["Reason", "原因"], from_worklog: ["Leave empty to take it from the worklog.", "留空则取自处理记录。"],
  invitees: ["Experts invited by e-mail", "邮件邀请的专家"], invited: ["Experts who need no e-mail, separated by commas", "无需邮件的专家，以逗号分隔"], experts: ["Experts", "专家"],
  name: ["Name", "姓名"], email: ["E-mail", "邮箱"], role: ["As", "身份"], language: ["Language", "语言"], zh: ["Chinese", "中文"], en: ["English", "英文"],
  product: ["product", "产品"], development: ["development", "研发"], vendor: ["vendor", "第三方厂商"], other: ["other", "其他"],
  accepted: ["accepted", "已接受"], declined: ["declined", "已拒绝"], tentative: ["tentative", "暂定"], unanswered: ["no answer", "未答复"],
  starts_at: ["Starts", "开始时间"], ends_at: ["Ends", "结束时间"], place: ["Room or meeting link", "会议室或会议链接"], when: ["When", "时间"],
  request: ["Request a consultation", "申请会诊"], hold: ["Open a consultation", "发起会诊"], prepare: ["Invite experts", "邀请专家"], change: ["Change the consultation", "变更会诊"], cancel: ["Cancel the consultation", "取消会诊"], conclude: ["Conclude the consultation", "结束会诊"],
  minutes: ["Minutes", "会议纪要"], conclusions: ["Conclusions", "会诊结论"], actions: ["Action items", "行动项"], action: ["Action", "行动内容"], owner: ["Owner", "负责人"], due_at: ["Due", "截止时间"], action_items: ["Action items without a date, one per line", "无期限的行动项，每行一条"],
  done: ["done", "已完成"], pending: ["to do", "待完成"], late: ["late", "已逾期"], done_by: ["{who}, {at}", "{who}，{at}"], finish: ["Done: {text}", "完成：{text}"], finish_short: ["Done", "完成"], result: ["Result", "完成结果"], mine: ["Only the assignee or a lead can do this.", "由处理人或技术负责人操作。"], nobody_yet: ["Take or assign the ticket first.", "请先认领或分派工单。"],
} satisfies Words;
