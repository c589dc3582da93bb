"""What third parties read, and staff about them, in both languages; renderer.py says what a template can use."""

from services.notify.templates.domain import MessageTemplate

OUTSIDE_TEMPLATES: dict[str, dict[str, MessageTemplate]] = {
    "third_party_asked": {
        "zh": MessageTemplate(
            "请协助：{{ event.title }}",
            "{{ event.contact or event.party }}，您好！\n\n"
            "我们在处理一个问题时需要您的协助：\n\n{{ event.reason }}\n\n"
            "{% if event.due_at %}请在 {{ local_time(event.due_at) }} 前答复。\n{% endif %}"
            "请打开以下链接查看相关文件并答复，无需登录，链接 7 天内有效：\n{{ link('answer_third_party') }}\n\n"
            "请勿直接回复本邮件，也不要转发此链接。",
        ),
        "en": MessageTemplate(
            "Your help is needed: {{ event.title }}",
            "Dear {{ event.contact or event.party }},\n\n"
            "We need your help with a problem:\n\n{{ event.reason }}\n\n"
            "{% if event.due_at %}Please answer by {{ local_time(event.due_at) }}.\n{% endif %}"
            "See the files and answer here, without signing in; the link is valid for 7 days:\n"
            "{{ link('answer_third_party') }}\n\n"
            "Please do not reply to this mail, and do not forward the link.",
        ),
    },
    "third_party_overdue": {
        "zh": MessageTemplate(
            "提醒：请协助：{{ event.title }}",
            "{{ event.contact or event.party }}，您好！\n\n"
            "我们仍在等待您的答复，原定时间为 {{ local_time(event.due_at) }}：\n\n{{ event.reason }}\n\n"
            "请打开以下链接答复，链接 7 天内有效：\n{{ link('answer_third_party') }}",
        ),
        "en": MessageTemplate(
            "Reminder: your help is needed: {{ event.title }}",
            "Dear {{ event.contact or event.party }},\n\n"
            "We are still waiting for your answer, which was due by {{ local_time(event.due_at) }}:\n\n"
            "{{ event.reason }}\n\n"
            "Please answer here; the link is valid for 7 days:\n{{ link('answer_third_party') }}",
        ),
    },
    "third_party_late": {
        "zh": MessageTemplate(
            "第三方逾期未答复：{{ audience.title }}",
            "{{ event.party }} 未在 {{ local_time(event.due_at) }} 前就工单 {{ ticket }} 作出答复，"
            "系统已再次提醒对方，请跟进。",
        ),
        "en": MessageTemplate(
            "Third party overdue: {{ audience.title }}",
            "{{ event.party }} did not answer about ticket {{ ticket }} by {{ local_time(event.due_at) }} and has been "
            "reminded. Please follow up.",
        ),
    },
    "third_party_answered": {
        "zh": MessageTemplate(
            "第三方已答复：{{ audience.title }}",
            "{{ event.party }} 已就工单 {{ ticket }} 作出答复：\n\n{{ event.answer }}",
        ),
        "en": MessageTemplate(
            "Third party answered: {{ audience.title }}",
            "{{ event.party }} answered about ticket {{ ticket }}:\n\n{{ event.answer }}",
        ),
    },
}
