import type { Words } from "../../kit/words";

export const WORDS = {
  title: ["Case sharing", "案例分享培训"], lead: ["Hard cases are discussed once a quarter and followed up.", "每季度复盘疑难案例，并跟进后续行动。"], back: ["Case sharing", "案例分享列表"], session: ["Session of {quarter}", "{quarter} 案例分享会"],
  none: ["No session has been proposed yet.", "尚未提出案例分享会。"], none_hint: ["Hard cases are proposed automatically when a quarter ends.", "季度结束后自动提出疑难案例。"], begin: ["Begin the session of a quarter", "发起季度案例分享会"], quarter: ["Quarter, such as 2026-Q1", "季度，例如 2026-Q1"],
  proposed: ["proposed", "待安排"], planned: ["planned", "已安排"], held: ["held", "已举行"], cases: ["{n} {n|case|cases}", "{n} 个案例"], agenda: ["Agenda", "议程"], no_agenda: ["The agenda is empty.", "议程尚无内容。"],
  rounds: ["several rounds", "多轮处理"], consultation: ["consultation", "专家会诊"], late: ["resolved late", "解决超时"], dissatisfied: ["dissatisfied customer", "客户不满意"], reopened: ["reopened", "重新打开"], breached: ["late", "超时"],
  when: ["When", "时间"], place: ["Where", "地点"], attendees: ["Who is to come", "参会人"], attended: ["Attended", "实际参会人"],
  plan: ["Plan the session", "安排分享会"], replan: ["Change the plan", "变更安排"], ticket: ["Ticket", "工单"], note: ["What to talk about", "讨论要点"], hold: ["Write down what came of it", "记录会议成果"], outcome: ["What was learnt", "经验总结"], follow_ups: ["Follow-ups", "后续行动"],
  what: ["What", "事项"], owner: ["Owner", "负责人"], due: ["Until", "截止时间"], done: ["done", "已完成"], pending: ["to do", "待完成"], overdue: ["late", "已逾期"], finish: ["Done: {what}", "完成：{what}"], result: ["Result", "完成结果"], by: ["{who}, {at}", "{who}，{at}"],
  plan_first: ["Plan it first.", "请先安排。"], material: ["Case material", "案例资料"], unknown: ["Not closed yet: no material.", "尚未结案，暂无资料。"], problem: ["Problem", "问题"], root_cause: ["Root cause", "根本原因"], solution: ["Solution", "解决方案"], rejected: ["Did not help", "未奏效的方案"], conclusions: ["Consultation", "会诊结论"], article: ["Article", "知识条目"],
} satisfies Words;
