import type { Words } from "../../kit/words";

export const WORDS = {
  title: ["Search tickets", "搜索工单"], text: ["Keywords, ticket number or name", "关键词、工单号或姓名"], search: ["Search", "搜索"],
  stage: ["Stage", "阶段"], priority: ["Priority", "优先级"], any: ["any", "不限"], found: ["{n} {n|ticket|tickets}", "{n} 张工单"],
  incomplete: ["The index is still being built: there may be more.", "索引仍在构建中，可能还有更多结果。"],
  sort: ["Order", "排序"], best: ["best match", "最相关"], clear: ["Clear the search", "清除搜索条件"], nothing: ["There are no tickets yet.", "暂无工单。"],
  none: ["Nothing was found.", "没有找到工单。"], none_hint: ["Try fewer words, or other filters.", "请减少关键词或更换筛选条件。"],
  views: ["Saved views", "已保存的视图"], no_views: ["None yet. Search, then save the search as a view.", "暂无。搜索后可保存为视图。"], shared: ["team", "团队"],
  save: ["Save as a view", "保存为视图"], name: ["Name of the view", "视图名称"], keep: ["Save", "保存"], remove: ["Remove the view {name}", "删除视图 {name}"],
  more: ["Show more", "显示更多"], opened: ["Opened", "创建时间"], results: ["Tickets that were found", "搜索结果"], cancel: ["Cancel", "取消"],
} satisfies Words;
