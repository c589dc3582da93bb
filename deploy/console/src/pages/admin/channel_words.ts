import type { Words } from "../../kit/words";

export const WORDS = {
  suspended: ["Suppressed addresses", "已暂停发信的地址"], none_suspended: ["No address is suppressed.", "没有暂停发信的地址。"], address: ["Address", "地址"], status: ["Status", "退信状态"], since: ["Since", "时间"], ticket: ["Ticket", "工单"], action: ["Action", "操作"], release: ["Resume sending", "恢复发信"],
  mails: ["E-mails without a ticket", "未转为工单的邮件"], none_mails: ["No e-mail was ignored.", "没有被忽略的邮件。"], sender: ["From", "发件人"], subject: ["Subject", "主题"], why: ["Why", "原因"], accept: ["Accept anyway", "仍然受理"], quarantine: ["Quarantined files", "隔离文件"], none_held: ["No file is in quarantine.", "没有隔离的文件。"], file: ["File", "文件"], release_file: ["Release", "放行"], remove_file: ["Delete", "删除"], reason: ["Reason", "原因"],
  tools: ["Remote tools", "远程工具"], tool: ["Tool", "工具"], approved: ["approved", "已批准"], not_approved: ["not approved", "未批准"], approve: ["Approve", "批准"], withdraw: ["Withdraw approval", "撤回批准"], none_tools: ["No remote tools yet.", "尚未登记远程工具。"],
} satisfies Words;
