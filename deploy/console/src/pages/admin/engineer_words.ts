import type { Words } from "../../kit/words";

export const WORDS = {
  add: ["Add an engineer", "新增工程师"], change: ["Change {name}", "修改 {name}"], change_short: ["Change", "修改"], id: ["Sign-in name", "登录名"], name: ["Name", "姓名"], email: ["E-mail", "邮箱"], language: ["Language", "语言"], zh: ["Chinese", "中文"], en: ["English", "英文"], level: ["Level", "级别"], engineer: ["engineer", "工程师"], senior: ["senior engineer", "资深工程师"],
  capacity: ["Maximum open tickets", "同时处理上限"], teams: ["Teams, separated by commas", "所属团队，以逗号分隔"], zone: ["Time zone for shifts", "班次时区"],
  messenger_of: ["Messenger of {name}", "{name} 的即时通讯账号"], messenger_short: ["Messenger", "即时通讯"], messenger: ["Messenger account", "即时通讯账号"], messenger_form: ["Format messenger:desk account:member, such as wecom:desk:zhangsan. Used before e-mail; leave empty to use e-mail", "格式：通讯工具:服务台账号:成员，例如 wecom:desk:zhangsan；优先于邮件，留空则使用邮件"],
  find: ["Find an engineer", "查找工程师"], none_found: ["No engineer matches.", "没有匹配的工程师。"], show_all: ["Show all", "显示全部"],
  skills: ["Skills", "技能"], kind: ["Type", "类别"], category: ["category", "问题分类"], product: ["product", "产品"], module: ["module", "模块"], skill: ["Which", "名称"], skill_level: ["Level, 1 to 5", "熟练度（1–5）"],
  shifts: ["Shifts, such as 09:00-18:00; leave empty for a day off", "班次，例如 09:00-18:00；留空为当日无班"], has_shifts: ["Works in shifts (otherwise sets availability in person)", "按班次上班（否则由本人设置可用状态）"], day: ["{day}", "{day}"],
  leave: ["Leave", "请假"], first: ["First day", "开始日期"], last: ["Last day", "结束日期"], reason: ["Reason", "原因"], on_call: ["On call", "值班"], start: ["From", "开始"], end: ["Until", "结束"], on_leave: ["on leave until {day}", "请假至 {day}"], bad_hours: ["Not valid hours: {text}", "时间格式不正确：{text}"],
} satisfies Words;
