import type { Words } from "../../kit/words";

export const WORDS = {
  key: ["Key", "标识"], key_hint: ["Lower-case letters, digits and _; cannot be changed later", "小写字母、数字和下划线；创建后不可更改"], name_zh: ["Name in Chinese", "中文名称"], name_en: ["Name in English", "英文名称"], parent: ["Parent category", "上级分类"], none_of: ["none", "无"], queue: ["Queue", "所属队列"], team: ["Team", "团队"],
  add: ["Add a category", "新增分类"], change: ["Change", "修改"], retire: ["Retire", "停用"], retired: ["retired", "已停用"], bring_back: ["Bring it back", "重新启用"], none: ["No categories yet.", "尚无分类。"], action: ["Action", "操作"], category: ["Category", "分类"],
  forms: ["Intake forms", "提单表单"], form_none: ["No custom form: customers are asked the built-in questions.", "尚未设置表单，使用内置问题。"], form_add: ["Declare a form", "新增表单"], product: ["Product", "产品"], all_products: ["all products", "全部产品"], all_categories: ["all categories", "全部分类"], version: ["version {n}", "第 {n} 版"], active: ["in use", "使用中"], inactive: ["not in use", "未使用"],
  fields: ["Questions", "问题"], kind: ["Kind", "类型"], required: ["Required", "必填"], question_zh: ["Question in Chinese", "中文问题"], question_en: ["Question in English", "英文问题"], options: ["Choices, separated by |", "选项，以 | 分隔"], kept: ["Tickets opened with an earlier version keep it.", "已按旧版提问的工单不受影响。"], is_active: ["In use", "启用"],
  text: ["short text", "单行文本"], textarea: ["long text", "多行文本"], integer: ["whole number", "整数"], decimal: ["number", "数字"], date: ["date", "日期"], checkbox: ["yes/no", "是/否"], dropdown: ["drop-down", "下拉选择"], always: ["always", "必填"], malfunction: ["for malfunctions only", "仅故障时必填"], never: ["never", "选填"],
  preview_of: ["What the customer sees", "客户看到的问题"], of: ["{product}, {category}", "{product}，{category}"],
} satisfies Words;
