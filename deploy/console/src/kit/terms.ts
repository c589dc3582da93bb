import type { Words } from "./words";

// The field's words, as shared/terms.py has them.
export const PRIORITY = { urgent: ["urgent", "紧急"], high: ["high", "高"], normal: ["normal", "普通"] } satisfies Words;
export const STAGE = {
  intake: ["Intake", "受理"], diagnosis: ["Diagnosis", "诊断"], handling: ["Handling", "处理"],
  consultation: ["Consultation", "会诊"], customer_verification: ["Customer verification", "客户验证"],
  feedback: ["Feedback", "反馈"], archived: ["Archived", "归档"],
} satisfies Words;
export const WAITING = {
  none: ["nobody", "无"], customer_information: ["Waiting for information", "等待客户补充信息"],
  customer_verification: ["Waiting for verification", "等待客户验证"], third_party: ["Waiting for a third party", "等待第三方"],
} satisfies Words;
/** The same where there is little room, beside ↩ and ⇄. */
export const AWAITED = {
  customer_information: ["awaiting info", "待补充"], customer_verification: ["awaiting check", "待验证"], third_party: ["third party", "待第三方"],
} satisfies Words;
export const CATEGORY = {
  operation: ["operation", "操作类"], environment: ["environment", "环境类"], function: ["function", "功能类"],
  data: ["data", "数据类"],
} satisfies Words;
export const CHANNEL = {
  online: ["the online ticket system", "线上工单"], hotline: ["the hotline", "客服热线"], wecom: ["WeCom", "企业微信"],
  dingtalk: ["DingTalk", "钉钉"], feishu: ["Feishu", "飞书"], email: ["e-mail", "电子邮件"],
} satisfies Words;
export const WORK = {
  queued: ["queued", "待分派"], at_work: ["being handled", "处理中"], in_consultation: ["in consultation", "会诊中"],
  verified: ["verified", "已内部验证"], done: ["done", "已完成"],
} satisfies Words;
export const SATISFACTION = {
  satisfied: ["satisfied", "满意"], neutral: ["neutral", "一般"], dissatisfied: ["dissatisfied", "不满意"],
} satisfies Words;
export const CLOCK = {
  response: ["Response", "响应"], resolution: ["Resolution", "解决"], diagnosis: ["Diagnosis", "诊断"], consultation: ["Consultation", "会诊"],
  call_back: ["Call-back", "回访"], next_response: ["Next response", "后续响应"], second_plan: ["Second plan", "二次服务计划"],
  third_party: ["Third party", "第三方处理"], verification_wait: ["Verification wait", "客户验证等待"],
} satisfies Words;
export const ROLE = {
  agent: ["agent", "客服"], engineer: ["engineer", "工程师"], lead: ["lead", "技术负责人"],
  kb_editor: ["knowledge editor", "知识库编辑"], auditor: ["auditor", "审计员"], admin: ["administrator", "管理员"],
} satisfies Words;

/** Why an earlier ticket is linked. */
export const LINKED = {
  same_person: ["same person", "同一联系人"], same_phone: ["same telephone number", "同一电话号码"], same_company: ["same company", "同一企业"],
  same_customer: ["same customer", "同一客户"], same_version: ["same product version", "同一产品版本"], same_error: ["same error", "同一错误"],
  continued: ["continues it", "延续原工单"], duplicate: ["duplicate of it", "与其重复"],
} satisfies Words;

const NOUNS = { priority: ["priority", "优先级"], category: ["category", "类别"], queue: ["queue", "队列"] } satisfies Words;
const VALUES: Readonly<Record<string, Words>> = { priority: PRIORITY, category: CATEGORY, queue: CATEGORY, stage: STAGE, waiting_for: WAITING, satisfaction: SATISFACTION };

/** `priority:urgent` in words. */
export function spoken(fact: string, language: "en" | "zh"): string {
  const [kind = "", value = ""] = fact.split(":", 2);
  if (!(kind in NOUNS)) return fact;
  return `${term(NOUNS, kind, language)}${language === "zh" ? "：" : ": "}${valueOf(kind, value, language)}`;
}

/** The value that a field had, in words where it is one of the field's terms. */
export const valueOf = (field: string, value: string, language: "en" | "zh"): string => term(VALUES[field] ?? {}, value, language);

/** The word for a value of an open set, which may have more than we know. */
export function term(words: Words, value: string | null | undefined, language: "en" | "zh"): string {
  if (!value) return "–";
  return words[value]?.[language === "zh" ? 1 : 0] ?? value;
}
