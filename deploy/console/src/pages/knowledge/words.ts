import type { Words } from "../../kit/words";

export const WORDS = {
  clear: ["Clear the search", "清除搜索条件"],
  title: ["Knowledge base", "知识库"], text: ["Describe the problem in your own words", "用自己的话描述问题"], search: ["Search", "搜索"], newest: ["All articles", "全部知识条目"],
  none: ["No article matches.", "没有匹配的知识条目。"], nothing: ["No articles yet.", "暂无知识条目。"], none_hint: ["Try other words, or a line of the error message.", "请换一种说法，或输入一行错误信息。"],
  draft: ["draft", "草稿"], approved: ["approved", "已审核"], published: ["published", "已发布"], stale: ["out of date", "已过时"], withdrawn: ["withdrawn", "已撤回"], merged: ["merged", "已合并"],
  reused: ["solved {n} {n|ticket|tickets}", "已解决 {n} 张工单"], same_trace: ["same stack trace", "堆栈相同"], back: ["Back to the knowledge base", "返回知识库"],
  problem: ["Problem", "问题"], cause: ["Root cause", "根本原因"], solution: ["Solution", "解决方案"], product: ["Product", "产品"], affected: ["Affected versions", "受影响版本"],
  fixed: ["Fixed in", "修复版本"], tags: ["Tags", "标签"], owner: ["Owner", "维护人"], due: ["Review by", "复审期限"], revision: ["Revision", "版本"], audience: ["Readers", "可见范围"],
  public: ["everybody", "所有人"], customers: ["customers", "客户"], internal: ["staff", "仅内部"], from_ticket: ["From ticket", "来源工单"],
  why_stale: ["Why: {why}", "原因：{why}"], found: ["{n} found", "找到 {n} 条"],
} satisfies Words;
