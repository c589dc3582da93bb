import type { Words } from "../../kit/words";

export const WORDS = {
  analyse: ["Analyse a log", "分析日志"], text: ["Lines of the log, pasted", "粘贴日志内容"], files: ["Files of this ticket", "工单附件"], root_cause: ["Root cause, if known", "根本原因（如已明确）"],
  none: ["No log analyses yet.", "尚未分析过日志。"], none_hint: ["Paste a log or choose a file: errors are grouped, and solved cases with the same errors are shown.", "粘贴日志或选择附件：系统会归并错误，并列出相同错误的已解决案例。"],
  nothing: ["No errors found.", "未发现错误。"], mine: ["Only the assignee or a lead can do this.", "由处理人或技术负责人操作。"], nobody_yet: ["Take or assign the ticket first.", "请先认领或分派工单。"],
  analysed: ["Analysis of {at}", "{at} 的分析"], read: ["{n} lines read", "共读取 {n} 行"], module: ["Module", "模块"], systems: ["Third-party systems", "第三方系统"], errors: ["Errors", "错误"], error: ["Error", "错误"], times: ["Times", "次数"],
  first: ["First", "首次"], last: ["Last", "最近"], over_time: ["Over time", "时间分布"], similar: ["Solved cases with the same errors", "相同错误的已解决案例"], exact: ["same stack trace", "堆栈相同"], operations: ["Steps before the error", "此前的操作"],
  who: ["Who", "操作人"], did: ["Did", "操作"], when: ["When", "时间"], bars: ["{n} times in {parts} periods, most {most} in one", "{parts} 个时段共 {n} 次，单时段最多 {most} 次"], cause: ["Root cause", "根本原因"], templates: ["Log patterns, most frequent first", "日志模式（按次数）"],
} satisfies Words;
