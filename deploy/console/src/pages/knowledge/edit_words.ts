import type { Words } from "../../kit/words";

export const WORDS = {
  write: ["New article", "新建知识条目"], edit: ["Edit {id}", "编辑 {id}"], to_article: ["Back to the article", "返回知识条目"], to_list: ["Back to the knowledge base", "返回知识库"],
  title: ["Title", "标题"], problem: ["Problem (Markdown)", "问题（Markdown）"], root_cause: ["Root cause (Markdown)", "根本原因（Markdown）"], solution: ["Solution (Markdown)", "解决方案（Markdown）"],
  shown_problem: ["Problem", "问题"], shown_root_cause: ["Root cause", "根本原因"], shown_solution: ["Solution", "解决方案"],
  category: ["Category", "问题分类"], no_category: ["none", "未分类"], product: ["Product", "产品"], product_version: ["Version", "版本"], tags: ["Tags, separated by commas", "标签，以逗号分隔"],
  affected_versions: ["Affected versions, separated by commas", "受影响版本，以逗号分隔"], fixed_versions: ["Fixed in, separated by commas", "修复版本，以逗号分隔"], audience: ["Readers", "可见范围"],
  internal: ["staff", "仅内部"], customers: ["customers", "客户"], public: ["everybody", "所有人"],
  preview: ["Preview", "预览"], nothing_yet: ["What you write is shown here as readers will see it.", "此处按读者看到的样式显示内容。"], save: ["Save as a draft", "保存为草稿"], saving: ["Saving …", "正在保存……"],
  kept: ["What is published stays as it is until the new revision is approved and published.", "在新版本审核并发布之前，已发布的内容保持不变。"],
  draft_found: ["This browser has unsaved text.", "此浏览器中保留有未保存的内容。"], draft_back: ["Restore", "恢复"], draft_drop: ["Discard", "丢弃"],
  conflict: ["Somebody changed the article meanwhile.", "其他人已修改此知识条目。"], conflict_hint: ["Your text is untouched. Saving it again makes it the newest revision; theirs stays in the history.", "您的内容未受影响。再次保存将成为最新版本，对方的版本保留在历史中。"], save_over: ["Save mine as the newest", "将我的内容存为最新版本"], see_theirs: ["Read theirs", "查看对方的版本"],
  refused: ["Not saved: {why}", "未保存：{why}"], offline: ["The desk cannot be reached; your text is kept in this browser.", "无法连接服务台；您的内容已保存在此浏览器中。"],
} satisfies Words;
