"""The words of the frame of every page."""

from shared.terms import Text

WORDS = {
    "skip": Text("Skip to content", "跳到正文"),
    "failed": Text("That did not work", "操作失败"),
    "yes_works": Text("Yes, it is solved", "是，问题已解决"),
    "no_does_not": Text("No, it still does not work", "否，问题仍未解决"),
    "works": Text("Does the solution work for you?", "解决方案是否有效？"),
    "works_hint": Text(
        "Please try it in your own system. If it does not work, tell us what still happens.",
        "请在您的系统中实际验证。如仍有问题，请说明具体情况。",
    ),
    "solution": Text("Solution, round {}", "第 {} 轮解决方案"),
    "comment": Text("Your comment", "您的说明"),
    "needed_for_no": Text("Needed if it does not work", "选择“否”时必填"),
    "rate": Text("How satisfied are you with our service?", "您对本次服务是否满意？"),
    "brackets": Text("({})", "（{}）"),
    "optional": Text("optional", "选填"),
    "required": Text("required", "必填"),
    "needed": Text("needed; if you leave it empty, we ask for it", "需要填写；留空时我们会再询问"),
    "not_listed": Text("Not sure, or not in this list", "不确定或不在列表中"),
    "nothing_chosen": Text("Please choose", "请选择"),
    "support_ended": Text("{} (support ended)", "{}（已停止支持）"),
    "files": Text("Files", "附件"),
    "files_hint": Text(
        "Screenshots or logs; up to {} files, 20 MB together", "截图或日志；最多 {} 个文件，合计不超过 20 MB"
    ),
    "questions": Text("We need to know", "请补充以下信息"),
    "answer": Text("Send answers", "提交答复"),
    "nothing_written": Text("Please write something, or choose a file.", "请填写内容，或选择文件。"),
    "submit": Text("Submit", "提交"),
    "utc": Text("Times are China Standard Time (UTC+8)", "时间均为北京时间（UTC+8）"),
}
