import type { Words } from "../../kit/words";

export const WORDS = {
  title: ["Incidents", "群发故障"], back: ["Incidents", "群发故障列表"], which: ["Which incidents", "范围"], open: ["open", "进行中"], all: ["all", "全部"],
  none: ["No incident is open.", "没有进行中的群发故障。"], none_at_all: ["No incidents yet.", "尚无群发故障。"],
  candidate: ["to be confirmed", "待确认"], confirmed: ["confirmed", "已确认"], resolved: ["resolved", "已解决"], dismissed: ["dismissed", "已排除"], merged: ["merged", "已并入"],
  of_customers: ["{n} {n|customer|customers}, {t} {t|ticket|tickets}", "{n} 家客户，{t} 张工单"], proposed: ["proposed", "发现于"], into: ["Merged into", "已并入"],
  evidence: ["In common", "共同特征"], decided: ["Decided by {who}: {why}", "由 {who} 判定：{why}"], root_cause: ["Root cause", "根本原因"], workaround: ["Workaround", "临时方案"],
  resolution: ["Resolution", "解决方案"], updates: ["Updates", "进展"], no_updates: ["No updates yet.", "尚未发布进展。"], internal: ["internal", "仅内部"], told: ["customers informed", "已告知客户"],
  tickets: ["Tickets", "工单"], not_all: ["The first {n} of {all}.", "前 {n} 张，共 {all} 张。"],
  update: ["Post an update", "发布进展"], zh: ["In Chinese", "中文"], en: ["In English", "英文"], only_staff: ["Internal only", "仅内部可见"],
  confirm: ["Confirm the incident", "确认为群发故障"], dismiss: ["Dismiss the incident", "排除群发故障"], reason: ["Reason", "原因"], confirm_first: ["Confirm the incident first.", "请先确认群发故障。"],
  resolve: ["Resolve the incident", "解决群发故障"], resolve_hint: ["Every ticket gets the solution, and every customer verifies it.", "方案将用于全部关联工单，并由每位客户分别验证。"], solution_zh: ["Solution in Chinese", "解决方案（中文）"], solution_en: ["Solution in English", "解决方案（英文）"], steps: ["Verification steps", "内部验证步骤"], result: ["Verification result", "内部验证结果"],
  describe: ["Edit the description", "编辑描述"], its_title: ["Title", "标题"], workaround_zh: ["Workaround in Chinese", "临时方案（中文）"], workaround_en: ["Workaround in English", "临时方案（英文）"], add_ticket: ["Add a ticket", "加入工单"], remove_ticket: ["Remove a ticket", "移出工单"], ticket: ["Ticket", "工单"],
} satisfies Words;
