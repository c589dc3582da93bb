import type { Words } from "../../kit/words";

export const WORDS = {
  feedback: ["Customer feedback", "客户评价"], call_back: ["Call-back", "回访"], cause: ["Cause of dissatisfaction", "不满意原因"], notes: ["Call notes", "回访记录"],
  plan: ["Second service plan", "二次服务计划"], owner: ["Owner", "负责人"], due: ["Due", "完成期限"], due_in_a_week: ["Due; empty: in a week", "完成期限；留空则为一周后"], result: ["Result", "执行结果"],
  call: ["Record the call-back", "记录回访"], agree: ["Record the second service plan", "制定二次服务计划"], carry_out: ["Record the outcome of the plan", "记录计划执行结果"],
  call_first: ["Call the customer back first.", "请先回访客户。"], plan_first: ["Record the second service plan first.", "请先制定二次服务计划。"],
  causes_first: ["Loading the list of causes.", "正在读取原因列表。"], rates_again: ["The customer has been asked to rate again.", "已请客户重新评价。"], me: ["{name} (me)", "{name}（我）"],
} satisfies Words;
