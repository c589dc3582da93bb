"""The pages behind links, in HTML."""

from html import escape

from services.intake.tickets.domain import Ticket
from shared.terms import Satisfaction, Text

QUESTIONS = {
    "accept_solution": Text("Does the solution work for you?", "解决方案是否有效？"),
    "reject_solution": Text("What still does not work?", "还有哪些问题没有解决？"),
    "give_feedback": Text("How satisfied are you with our service?", "您对本次服务是否满意？"),
    "give_consent": Text("May we connect to your computer to help you?", "是否同意我们进行远程协助？"),
}
BUTTONS = {
    "accept_solution": Text("Yes, it works", "是，问题已解决"),
    "reject_solution": Text("It does not work", "问题未解决"),
    "give_feedback": Text("Submit", "提交"),
    "give_consent": Text("I agree", "我同意"),
}
SOLUTION = Text("Solution, round {}", "第 {} 轮解决方案")
COMMENT = Text("Your comment", "您的说明")
THANKS = Text("Thank you. Your answer has been recorded.", "谢谢，您的答复已记录。")
FAILED = Text("The request could not be processed", "操作失败")

PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{title}</title>
<style>
body {{ font: 16px/1.6 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: #1d2733;
  background: #f2f4f7; margin: 0; }}
main {{ max-width: 34rem; margin: 4rem auto; background: #fff; padding: 2rem 2.5rem; border-radius: 12px;
  box-shadow: 0 1px 4px #0002; }}
h1 {{ font-size: 1.3rem; margin: 0 0 .25rem; }}
blockquote {{ margin: 0 0 1.5rem; padding: .2rem 1rem; border-left: 4px solid #8ab4ff; white-space: pre-wrap;
  overflow-wrap: anywhere; }}
.ticket {{ color: #5b6673; margin: 0 0 1.5rem; }}
textarea {{ width: 100%; box-sizing: border-box; min-height: 6rem; font: inherit; padding: .6rem;
  border: 1px solid #b8c0ca; border-radius: 8px; }}
label {{ display: block; margin: .4rem 0; }}
button {{ font: inherit; background: #1457c8; color: #fff; border: 0; border-radius: 8px; padding: .6rem 1.6rem;
  margin-top: 1rem; cursor: pointer; }}
button:focus-visible, textarea:focus-visible, input:focus-visible {{ outline: 3px solid #8ab4ff; }}
</style></head><body><main><h1>{title}</h1><p class="ticket">{ticket}</p>{content}</main></body></html>"""


def form(ticket: Ticket, action: str, language: str) -> str:
    """Which solution it is about, and the form for what the link allows."""
    return page(language, QUESTIONS[action], ticket, _solution(ticket, language) + _form(action, language))


def page(language: str, title: Text, ticket: Ticket | None, content: str = "") -> str:
    about = f"{ticket.id} · {ticket.problem.title}" if ticket else ""
    return PAGE.format(language=language, title=escape(title.in_(language)), ticket=escape(about), content=content)


def _solution(ticket: Ticket, language: str) -> str:
    """The newest one that was verified; there is none when consent is asked for before the first."""
    shown = next((one for one in ticket.rounds if one.round == ticket.round), None)
    if shown is None:
        return ""
    title = SOLUTION.in_(language).format(shown.round)
    return f"<p>{escape(title)}</p><blockquote>{escape(shown.solution)}</blockquote>"


def _form(action: str, language: str) -> str:
    rows = ""
    if action == "give_feedback":
        for term in Satisfaction:
            label = escape(term.label.in_(language))
            rows += f'<label><input type="radio" name="satisfaction" value="{term.value}" required> {label}</label>'
    required = " required" if action == "reject_solution" else ""
    words = escape(COMMENT.in_(language))
    rows += f'<label>{words}<textarea name="comment" maxlength="20000"{required}></textarea></label>'
    return f'<form method="post">{rows}<button>{escape(BUTTONS[action].in_(language))}</button></form>'
