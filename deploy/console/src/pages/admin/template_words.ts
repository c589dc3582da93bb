import type { Words } from "../../kit/words";

export const WORDS = {
  find: ["Find a template", "查找模板"], none_found: ["No template matches.", "没有匹配的模板。"], show_all: ["Show all", "显示全部"], any: ["all channels", "全部渠道"], online: ["online", "站内"], email: ["e-mail", "电子邮件"], messenger: ["messengers", "即时通讯"], zh: ["Chinese", "中文"], en: ["English", "英文"],
  built_in: ["built in", "内置"], version: ["version {n}", "第 {n} 版"], title: ["Title", "标题"], text: ["Text", "正文"], sample: ["The preview uses sample data; nothing is saved.", "预览使用示例数据，不会保存。"],
  write: ["Write a new version", "编写新版本"], test: ["Send me a test", "给自己发送测试"], tested: ["A test is on its way to your mailbox.", "测试邮件已发往您的邮箱。"], reset: ["Restore the built-in template", "恢复内置模板"], versions: ["Versions", "历史版本"],
} satisfies Words;
