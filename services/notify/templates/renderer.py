"""What people are told, in both languages, and the room in which it is put together."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.notify.templates.domain import Words, one_line
from shared.terms import Term

LANGUAGES = ("zh", "en")
ZONE = ZoneInfo("Asia/Shanghai")
TITLE_LENGTH = 180


class Wording(NamedTuple):
    title: str
    text: str


# Every template can use: `ticket` its number, `event` what happened, `contact` whom the ticket concerns (not where an
# event is about no ticket), `link("action")` a signed link, `word(term)` and `pick(value)` in the reader's language,
# `local(moment)`. Placeholders are the same in both languages; a test sees to it.
TEXTS: dict[str, dict[str, Wording]] = {
    "opened": {
        "zh": Wording(
            "已受理：{{ contact.title }}",
            "{{ contact.customer.name }}，您好！\n\n"
            "我们已收到您的服务请求，工单号 {{ ticket }}，当前状态：待处理。\n"
            "问题：{{ contact.title }}\n\n"
            "{% if event.questions %}为了更快地解决问题，请您补充以下信息：\n\n"
            "{% for question in event.questions %}{{ loop.index }}. {{ pick(question) }}\n{% endfor %}\n"
            "您可以在工单中直接回答，或通过您提交请求的渠道回复。\n\n{% endif %}"
            "我们会尽快分析并与您联系。后续沟通请注明工单号。",
        ),
        "en": Wording(
            "Received: {{ contact.title }}",
            "Dear {{ contact.customer.name }},\n\n"
            "we have received your request. Its number is {{ ticket }}, its status: pending.\n"
            "Problem: {{ contact.title }}\n\n"
            "{% if event.questions %}To solve it sooner we need to know:\n\n"
            "{% for question in event.questions %}{{ loop.index }}. {{ pick(question) }}\n{% endfor %}\n"
            "Please answer on the ticket, or through the channel that you wrote to us from.\n\n{% endif %}"
            "We will look at it and get in touch with you. Please quote the number whenever you write to us.",
        ),
    },
    "questions_asked": {
        "zh": Wording(
            "请补充信息：{{ contact.title }}",
            "{{ contact.customer.name }}，您好！\n\n"
            "为了更快地解决工单 {{ ticket }} 的问题，请您补充以下信息：\n\n"
            "{% for question in event.questions %}{{ loop.index }}. {{ pick(question) }}\n{% endfor %}\n"
            "您可以在工单中直接回答，或通过您提交请求的渠道回复。",
        ),
        "en": Wording(
            "Please tell us more: {{ contact.title }}",
            "Dear {{ contact.customer.name }},\n\n"
            "to solve the problem of ticket {{ ticket }} sooner we need to know:\n\n"
            "{% for question in event.questions %}{{ loop.index }}. {{ pick(question) }}\n{% endfor %}\n"
            "Please answer on the ticket, or through the channel that you wrote to us from.",
        ),
    },
    "questions_answered": {
        "zh": Wording(
            "客户已补充信息：{{ contact.title }}",
            "工单 {{ ticket }} 的客户 {{ contact.customer.name }} 补充了以下信息：\n\n"
            "{% for answer in event.answers.values() %}- {{ answer }}\n{% endfor %}",
        ),
        "en": Wording(
            "The customer answered: {{ contact.title }}",
            "On ticket {{ ticket }} {{ contact.customer.name }} answered:\n\n"
            "{% for answer in event.answers.values() %}- {{ answer }}\n{% endfor %}",
        ),
    },
    "reply": {
        "zh": Wording(
            "新回复：{{ contact.title }}",
            "{{ contact.customer.name }}，您好！\n\n我们在工单 {{ ticket }} 中回复了您：\n\n{{ event.text }}",
        ),
        "en": Wording(
            "New reply: {{ contact.title }}",
            "Dear {{ contact.customer.name }},\n\nwe have replied on ticket {{ ticket }}:\n\n{{ event.text }}",
        ),
    },
    "customer_wrote": {
        "zh": Wording(
            "客户留言：{{ contact.title }}",
            "工单 {{ ticket }} 的客户 {{ contact.customer.name }} 写道：\n\n{{ event.text }}",
        ),
        "en": Wording(
            "The customer wrote: {{ contact.title }}",
            "On ticket {{ ticket }} {{ contact.customer.name }} wrote:\n\n{{ event.text }}",
        ),
    },
    "assigned": {
        "zh": Wording(
            "已开始处理：{{ contact.title }}",
            "{{ contact.customer.name }}，您好！\n\n"
            "工单 {{ ticket }} 已由工程师 {{ event.engineer_name }} 负责，当前状态：处理中。\n\n"
            "如需远程协助，我们会事先征得您的书面同意。",
        ),
        "en": Wording(
            "Being worked on: {{ contact.title }}",
            "Dear {{ contact.customer.name }},\n\n"
            "ticket {{ ticket }} is with our engineer {{ event.engineer_name }} now; its status: in progress.\n\n"
            "Should remote assistance help, we will ask for your written consent first.",
        ),
    },
    "work_assigned": {
        "zh": Wording(
            "分配给您：{{ contact.title }}",
            "{{ event.engineer_name }}，您好！\n\n"
            "工单 {{ ticket }} 已分配给您，请尽快处理。\n"
            "客户：{{ contact.customer.name }} {{ contact.company }}\n"
            "问题：{{ contact.title }}",
        ),
        "en": Wording(
            "Assigned to you: {{ contact.title }}",
            "Dear {{ event.engineer_name }},\n\n"
            "ticket {{ ticket }} is yours; please begin as soon as you can.\n"
            "Customer: {{ contact.customer.name }} {{ contact.company }}\n"
            "Problem: {{ contact.title }}",
        ),
    },
    "please_verify": {
        "zh": Wording(
            "请验证解决方案：{{ contact.title }}",
            "{{ contact.customer.name }}，您好！\n\n"
            "工单 {{ ticket }} 的解决方案已通过我们的内部验证：\n\n{{ event.solution }}\n\n"
            "请在您的实际环境中验证，并告诉我们结果：\n\n"
            "问题已解决：\n{{ link('accept_solution') }}\n\n"
            "问题未解决：\n{{ link('reject_solution') }}\n\n"
            "只有经您确认，问题才算解决。链接 7 天内有效。",
        ),
        "en": Wording(
            "Please verify the solution: {{ contact.title }}",
            "Dear {{ contact.customer.name }},\n\n"
            "the solution for ticket {{ ticket }} has passed our own verification:\n\n{{ event.solution }}\n\n"
            "Please try it in your production environment and tell us:\n\n"
            "It is solved:\n{{ link('accept_solution') }}\n\n"
            "It is not solved:\n{{ link('reject_solution') }}\n\n"
            "Only your yes solves the ticket. The links are valid for 7 days.",
        ),
    },
    "solution_rejected": {
        "zh": Wording(
            "客户验证未通过：{{ contact.title }}",
            "客户 {{ contact.customer.name }} 反馈工单 {{ ticket }} 的问题仍未解决，"
            "进入第 {{ event.round }} 轮处理：\n\n{{ event.comment }}",
        ),
        "en": Wording(
            "Not solved for the customer: {{ contact.title }}",
            "{{ contact.customer.name }} says that ticket {{ ticket }} is not solved; "
            "round {{ event.round }} begins:\n\n{{ event.comment }}",
        ),
    },
    "link": {
        "zh": Wording(
            "{% if event.action == 'give_consent' %}请确认是否同意远程协助{% elif event.action == 'give_feedback' %}"
            "请评价本次服务{% else %}请确认解决方案是否有效{% endif %}：{{ contact.title }}",
            "{{ contact.customer.name }}，您好！\n\n"
            "{% if event.action == 'give_consent' %}为处理工单 {{ ticket }}，我们希望远程连接您的电脑。"
            "如您同意，请打开以下链接确认：{% elif event.action == 'give_feedback' %}"
            "您对工单 {{ ticket }} 的服务是否满意？请打开以下链接评价："
            "{% elif event.action == 'accept_solution' %}如果工单 {{ ticket }} 的问题已解决，请打开以下链接确认："
            "{% else %}如果工单 {{ ticket }} 的问题仍未解决，请打开以下链接告诉我们：{% endif %}\n\n"
            "{{ link(event.action) }}\n\n"
            "此链接仅供您本人使用，请勿转发；7 天内有效，且仅限本轮处理。",
        ),
        "en": Wording(
            "{% if event.action == 'give_consent' %}May we connect to your computer?"
            "{% elif event.action == 'give_feedback' %}Please rate our service"
            "{% else %}Does the solution work?{% endif %} {{ contact.title }}",
            "Dear {{ contact.customer.name }},\n\n"
            "{% if event.action == 'give_consent' %}to work on ticket {{ ticket }} we would like to connect to your "
            "computer. If you agree, please say so here:{% elif event.action == 'give_feedback' %}"
            "how satisfied are you with our service for ticket {{ ticket }}? Please tell us here:"
            "{% elif event.action == 'accept_solution' %}if ticket {{ ticket }} is solved, please confirm it here:"
            "{% else %}if ticket {{ ticket }} is not solved yet, please tell us here:{% endif %}\n\n"
            "{{ link(event.action) }}\n\n"
            "The link is for you alone, please do not pass it on. It is valid for 7 days, and for this round only.",
        ),
    },
    "please_rate": {
        "zh": Wording(
            "问题已解决，请评价：{{ contact.title }}",
            "{{ contact.customer.name }}，您好！\n\n"
            "感谢您的验证，工单 {{ ticket }} 的问题已解决。处理结果：\n\n{{ contact.solution }}\n\n"
            "您对本次服务是否满意？请评价（满意、一般、不满意）：\n{{ link('give_feedback') }}\n\n链接 7 天内有效。",
        ),
        "en": Wording(
            "Solved, please rate us: {{ contact.title }}",
            "Dear {{ contact.customer.name }},\n\n"
            "thank you for verifying: ticket {{ ticket }} is solved. The result:\n\n{{ contact.solution }}\n\n"
            "How satisfied are you with our service (satisfied, neutral, dissatisfied)?\n"
            "{{ link('give_feedback') }}\n\n"
            "The link is valid for 7 days.",
        ),
    },
    "completed": {
        "zh": Wording(
            "工单已完成：{{ contact.title }}",
            "{{ contact.customer.name }}，您好！\n\n"
            "工单 {{ ticket }} 已完成并归档。感谢您的信任与配合，祝工作顺利！\n\n"
            "如问题再次出现，请告诉我们，我们会重新打开这张工单。",
        ),
        "en": Wording(
            "Completed: {{ contact.title }}",
            "Dear {{ contact.customer.name }},\n\n"
            "ticket {{ ticket }} is completed and archived. Thank you for your trust and your help.\n\n"
            "Should the problem come back, tell us and we will open this ticket again.",
        ),
    },
    "reopened": {
        "zh": Wording(
            "工单重新打开：{{ contact.title }}",
            "工单 {{ ticket }} 已重新打开，进入第 {{ event.round }} 轮处理：\n\n{{ event.reason }}",
        ),
        "en": Wording(
            "Opened again: {{ contact.title }}",
            "Ticket {{ ticket }} was opened again; round {{ event.round }} begins:\n\n{{ event.reason }}",
        ),
    },
    "clock_warned": {
        "zh": Wording(
            "即将超时（{{ word(event.clock) }}）：{{ contact.title }}",
            "工单 {{ ticket }} 的{{ word(event.clock) }}时限为 {{ local(event.due_at) }}，即将到期，请及时处理。",
        ),
        "en": Wording(
            "Running out of time ({{ word(event.clock) }}): {{ contact.title }}",
            "The {{ word(event.clock) }} of ticket {{ ticket }} is due at {{ local(event.due_at) }}. "
            "Little time is left.",
        ),
    },
    "clock_breached": {
        "zh": Wording(
            "已超时（{{ word(event.clock) }}）：{{ contact.title }}",
            "工单 {{ ticket }} 的{{ word(event.clock) }}时限为 {{ local(event.due_at) }}，现已超时，请立即处理。",
        ),
        "en": Wording(
            "Out of time ({{ word(event.clock) }}): {{ contact.title }}",
            "The {{ word(event.clock) }} of ticket {{ ticket }} was due at {{ local(event.due_at) }}. "
            "Please act at once.",
        ),
    },
    "call_back_due": {
        "zh": Wording(
            "请回访客户：{{ contact.title }}",
            "客户 {{ contact.customer.name }} 对工单 {{ ticket }} 不满意，请在 {{ local(event.due_at) }} 前完成回访，"
            "记录原因并商定二次服务计划。",
        ),
        "en": Wording(
            "Please call back: {{ contact.title }}",
            "{{ contact.customer.name }} is dissatisfied with ticket {{ ticket }}. Please call back by "
            "{{ local(event.due_at) }}, record the cause and agree on a second service plan.",
        ),
    },
    "consultation_due": {
        "zh": Wording(
            "应组织专家会诊：{{ contact.title }}",
            "工单 {{ ticket }} 在时限 {{ local(event.due_at) }} 内未解决，请组织专家会诊。",
        ),
        "en": Wording(
            "A consultation is due: {{ contact.title }}",
            "Ticket {{ ticket }} was not solved by {{ local(event.due_at) }}: please open an expert consultation.",
        ),
    },
    "article_drafted": {
        "zh": Wording(
            "待审知识：{{ event.title }}",
            "根据工单 {{ event.ticket }} 起草了知识条目《{{ event.title }}》，请审阅。\n"
            "标签：{{ event.tags | join('+') }}",
        ),
        "en": Wording(
            "To be reviewed: {{ event.title }}",
            'The article "{{ event.title }}" was drafted from ticket {{ event.ticket }}; please review it.\n'
            "Tags: {{ event.tags | join('+') }}",
        ),
    },
}


class Templates:
    """The texts, compiled. What customers wrote is only ever a value in them, never a template."""

    def __init__(self) -> None:
        # Plain text, so nothing is escaped: a customer's `<` must stay one.
        room = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
        self._compiled: dict[tuple[str, str], tuple[Template, Template]] = {
            (name, language): (room.from_string(wording.title), room.from_string(wording.text))
            for name, wordings in TEXTS.items()
            for language, wording in wordings.items()
        }

    def words(self, name: str, language: str, link: Callable[[str], str], **facts: Any) -> Words:
        title, text = self._compiled[name, language]
        known = {
            **facts,
            "link": link,
            "local": _local,
            "word": lambda term: _word(term, language),
            "pick": lambda value: getattr(value, language),
        }
        return Words(title=one_line(title.render(known))[:TITLE_LENGTH], text=text.render(known).strip())


def _word(term: Term, language: str) -> str:
    return term.label.in_(language)


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M} (UTC+8)"
