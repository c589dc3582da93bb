import type { Words } from "../../kit/words";

export const WORDS = {
  next: ["Next steps", "下一步"], search: ["Search the knowledge base", "检索知识库"], query: ["Search words; leave empty to search for the problem itself", "检索词；留空则按问题本身检索"],
  nothing_found: ["The knowledge base has nothing similar: record what characterises this problem.", "知识库没有相似内容：请记录新问题的特征。"],
  features: ["Characteristics", "问题特征"], modules: ["Modules involved, separated by commas", "涉及模块，以逗号分隔"], begin: ["Start the deep analysis", "开始深度分析"],
  propose: ["Propose a solution", "提出解决方案"], solution: ["Solution", "解决方案"], cause: ["Root cause", "根本原因"],
  search_first: ["Search the knowledge base first.", "请先检索知识库。"], features_first: ["Record the characteristics of the new problem first.", "请先记录新问题的特征。"],
  verify: ["Record the internal verification", "记录内部验证"], environment: ["Test environment", "测试环境"], steps: ["Steps taken", "验证步骤"], expected: ["Expected result", "预期结果"],
  result: ["Result", "实际结果"], evidence: ["Evidence (internal only)", "证据（仅内部可见）"], passed: ["The solution works", "方案有效"],
  propose_first: ["Propose a solution first.", "请先提出解决方案。"], asks_then: ["Once it passes, the customer is asked to verify.", "内部验证通过后，系统会请客户验证。"],
  session: ["Start remote session", "开始远程会话"], tool: ["Tool", "工具"], purpose: ["Purpose", "目的"], no_consent: ["The customer has not consented to remote assistance yet.", "客户尚未授权远程协助。"],
  running: ["Remote session is running: {tool}, since {at}", "远程会话进行中：{tool}，开始于 {at}"], end: ["End the session", "结束会话"], changes: ["Changes made on the customer's side", "对客户环境所做的更改"],
  key_steps: ["Key steps, one per line", "关键步骤，每行一条"], others: ["{name} is handling this ticket: only they or a lead can do this.", "该工单由 {name} 处理，仅处理人或技术负责人可操作。"],
  nobody: ["Nobody is handling this ticket yet.", "该工单尚未分派。"],
} satisfies Words;
