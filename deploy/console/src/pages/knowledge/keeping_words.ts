import type { Words } from "../../kit/words";

export const WORDS = {
  keeping: ["Maintenance", "维护"], edit: ["Edit", "编辑"], approve: ["Approve revision {n}", "审核通过第 {n} 版"], approve_hint: ["Read it first; once approved, it can be published.", "请先阅读内容；审核通过后即可发布。"], own: ["You wrote this revision; somebody else has to approve it.", "这一版由您撰写，须由他人审核。"],
  publish: ["Publish revision {n}", "发布第 {n} 版"], publish_hint: ["Searches will find it.", "发布后可被检索到。"], approve_first: ["Approve it first.", "须先审核通过。"], reason: ["Reason", "原因"],
  stale: ["Mark as out of date", "标记为已过时"], withdraw: ["Withdraw", "撤回"], withdraw_hint: ["Searches no longer find it.", "撤回后不再被检索到。"], upkeep: ["Set the owner", "设置维护人"], owner: ["Owner", "维护人"], due: ["Review on", "复审时间"],
  merge: ["Merge into {id}", "并入 {id}"], merge_hint: ["It then points to that article; its text stays.", "此后指向该条目，内容保留。"], unmerge: ["Undo the merger into {id}", "撤销并入 {id}"], doubles: ["Possible duplicates", "可能重复的条目"], same: ["same stack trace", "堆栈相同"], no_doubles: ["None found.", "未发现。"],
  history: ["Revisions", "版本历史"], revision: ["Revision {n}", "第 {n} 版"], live: ["published", "已发布"], approved_by: ["approved by {who}", "由 {who} 审核"], by: ["{who}, {at}", "{who}，{at}"], compare: ["What changed in revision {n}", "第 {n} 版的变更"], show: ["Compare with {n}", "与第 {n} 版比较"], hide: ["Hide what changed", "收起变更"], roll_back: ["Publish revision {n} again", "重新发布第 {n} 版"], roll_back_hint: ["This makes a new revision; none is lost.", "将生成一个新版本，历史版本均保留。"],
  no_change: ["No differences.", "内容没有差异。"], removed: ["removed", "删除"], added: ["added", "新增"],
  title: ["Title", "标题"], problem: ["Problem", "问题"], root_cause: ["Root cause", "根本原因"], solution: ["Solution", "解决方案"], category: ["Category", "问题分类"], tags: ["Tags", "标签"], fingerprints: ["Fingerprints", "错误指纹"], product: ["Product", "产品"], product_version: ["Version", "版本"], affected_versions: ["Affected versions", "受影响版本"], fixed_versions: ["Fixed in", "修复版本"], audience: ["Readers", "可见范围"],
  review: ["Due for review", "待复审"], why: ["Why", "原因"], complete: ["Record the review", "记录复审结果"], outcome: ["Outcome", "结果"], kept: ["still valid", "内容仍有效"], changed: ["changed", "已修改"], retired: ["retired", "已停用"], note: ["Note", "备注"], used: ["Used {n} times, helped {m} times", "引用 {n} 次，其中有效 {m} 次"],
  review_date: ["review date reached", "已到复审日期"], new_version: ["new product version", "产品发布了新版本"], reopened: ["a ticket it solved was reopened", "引用后工单被重开"], not_helpful: ["it helps less often", "有效率下降"],
  write: ["New article", "新建知识条目"], lists: ["Which articles", "条目范围"], all: ["All", "全部"], to_approve: ["To approve", "待审核"], to_publish: ["To publish", "待发布"], to_review: ["Due for review", "待复审"], nothing_there: ["Nothing to do here.", "此处暂无待办。"],
} satisfies Words;
