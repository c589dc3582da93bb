"""The words of the pages behind links."""

from shared.terms import Text

WORDS = {
    "link_give_consent": Text("May we connect to your computer to help you?", "是否同意我们进行远程协助？"),
    "link_accept_solution": Text("Does the solution work for you?", "解决方案是否有效？"),
    "link_reject_solution": Text("Does the solution work for you?", "解决方案是否有效？"),
    "link_give_feedback": Text("How satisfied are you with our service?", "您对本次服务是否满意？"),
    "link_answer_questions": Text("We need to know", "请补充以下信息"),
    "link_answer_invitation": Text("Will you take part in the consultation?", "是否参加专家会诊？"),
    "link_when": Text("When and where", "时间与地点"),
    "link_invited": Text("Invited", "受邀人"),
    "link_accept": Text("Yes, I will", "参加"),
    "link_tentative": Text("Perhaps", "暂定"),
    "link_decline": Text("No, I cannot", "不参加"),
    "link_answers_hint": Text(
        "Please answer as far as you can; you can come back to the rest by the same link.",
        "请尽量回答；其余问题可稍后通过同一链接补充。",
    ),
    "link_files_lost": Text("Your files could not be added: {}", "附件未能添加：{}"),
    "link_thanks": Text("Thank you. Your answer has been recorded.", "谢谢，您的答复已记录。"),
    "link_failed": Text("The request could not be processed", "操作失败"),
    "link_agree": Text("I agree", "我同意"),
    "link_disagree": Text(
        "If you do not agree, simply close this page. You can revoke your consent at any time.",
        "如不同意，关闭此页即可。授权后可随时撤销。",
    ),
    "link_tool": Text("Tool", "远程工具"),
    "link_any_tool": Text("one of our approved tools", "我们批准使用的远程工具"),
    "link_purpose": Text("Purpose", "用途"),
    "link_engineer": Text("Engineer", "工程师"),
    "link_person": Text("Consent by", "授权人"),
    "link_time": Text("Time", "时间"),
    "link_ways_on": Text("What you can do now", "您可以"),
    "link_reply": Text("Reply to our e-mail: it reaches the engineer.", "直接回复我们的邮件，工程师会收到。"),
    "link_portal": Text("See your tickets, and answer there", "查看我的工单并在其中答复"),
}
