import type { Words } from "../../kit/words";

export const WORDS = {
  relations: ["Related tickets", "关联工单"], none: ["No linked tickets.", "尚未关联其他工单。"], add: ["Link another ticket", "关联其他工单"], relation: ["This ticket", "此工单"], ticket: ["Number of the other ticket", "对方工单号"], reason: ["Reason", "原因"], remove: ["Remove the link to {ticket}", "取消关联 {ticket}"], remove_short: ["Remove", "取消关联"],
  causes: ["causes", "导致"], caused_by: ["is caused by", "由其导致"], follows: ["follows", "后续于"], followed_by: ["is followed by", "后续工单为"], related: ["is related to", "相关于"], duplicate_of: ["is a duplicate of", "与其重复"], has_duplicate: ["has as its duplicate", "重复工单为"],
  by: ["{who}", "{who}"], merging: ["Merging and splitting", "合并与拆分"], merged_into: ["This ticket was merged into", "此工单已并入"], merged: ["Merged into this one", "已并入此工单"], split_from: ["Split from", "拆分自"], followed: ["Followed by", "后续工单"],
  merge: ["Merge into another ticket", "并入其他工单"], into: ["Number of the ticket that stays", "保留的工单号"], other_company: ["It belongs to another company (its contact will be able to read the ticket that stays)", "属于另一企业（对方联系人将可读取保留的工单）"], even_if_waiting: ["Even while waiting for the customer", "即使正在等待客户答复"],
  merge_hint: ["This ticket is closed as a duplicate and its messages go to the other one. This can be undone.", "此工单将作为重复工单关闭，会话转入保留的工单；可撤销。"], unmerge: ["Undo the merge", "撤销合并"], unmerge_hint: ["The ticket returns to its stage before the merge.", "工单恢复到合并前的阶段。"],
  split: ["Split messages off", "拆分会话"], split_title: ["Title of the new ticket", "新工单标题"], messages: ["Messages that are about something else", "属于其他问题的会话"], files: ["Files to move along", "一并带走的附件"], nothing_to_split: ["There are no messages to split off.", "没有可拆分的会话。"],
  undone: ["undone by {who}: {why}", "由 {who} 撤销：{why}"], merged_by: ["merged into {into} by {who}: {why}", "由 {who} 并入 {into}：{why}"], history: ["Earlier merges", "合并记录"], split_done: ["The new ticket is", "新工单为"],
} satisfies Words;
