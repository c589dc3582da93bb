"""What staff read of notifications that reached nobody, in both languages."""

from services.notify.templates.domain import MessageTemplate

DESK_TEMPLATES: dict[str, dict[str, MessageTemplate]] = {
    "contact_task": {
        "zh": MessageTemplate(
            "请电话联系客户：{{ audience.title }}",
            "工单 {{ ticket }} 的通知无法送达客户 {{ audience.customer.name }}，"
            "{% if event.reason == 'no_address' %}客户没有邮箱等可用的联系方式"
            "{% elif event.reason == 'bounced' %}邮件被退回{% else %}发送失败{% endif %}。\n"
            "请在“联系任务”中领取任务 {{ event.task }}，电话告知客户并登记结果。",
        ),
        "en": MessageTemplate(
            "Please telephone the customer: {{ audience.title }}",
            "A notification about ticket {{ ticket }} does not reach {{ audience.customer.name }}: "
            "{% if event.reason == 'no_address' %}there is no address of theirs"
            "{% elif event.reason == 'bounced' %}the mail came back{% else %}sending it failed{% endif %}.\n"
            "Please claim contact task {{ event.task }}, tell the customer by telephone, and say how it went.",
        ),
    },
    "unacknowledged": {
        "zh": MessageTemplate(
            "{{ event.name }} 未确认：{{ event.title }}",
            "{{ event.name }} 尚未阅读必须立即处理的通知（{{ event.subject }}）：{{ event.title }}\n"
            "系统已再次发送，仍无回应。请联系本人或安排他人处理；将本通知标为已读后，不再提醒。",
        ),
        "en": MessageTemplate(
            "Not acknowledged by {{ event.name }}: {{ event.title }}",
            "{{ event.name }} has not read what needs attention at once ({{ event.subject }}): {{ event.title }}\n"
            "It was sent again, without an answer. Please reach them, or give it to somebody else. Mark this as read, "
            "and you are not told again.",
        ),
    },
    "contact_tasks_waiting": {
        "zh": MessageTemplate(
            "有客户需要电话联系",
            "有客户无法通过其他方式通知，如工单 {{ ticket }} 的 {{ audience.customer.name }}。\n"
            "请在“联系任务”中查看并安排人员。一小时内的同类任务只通知一次。",
        ),
        "en": MessageTemplate(
            "There are customers to telephone",
            "Some customers cannot be notified otherwise, such as {{ audience.customer.name }} (ticket {{ ticket }}).\n"
            "Please see to it that somebody does their contact tasks. You are told once an hour at most.",
        ),
    },
    "customer_not_reached": {
        "zh": MessageTemplate(
            "电话未能联系到客户：{{ audience.title }}",
            "工单 {{ ticket }} 的客户 {{ audience.customer.name }} 未能电话联系上（任务 {{ event.task }}）。\n"
            "请确认其联系方式，或决定如何继续处理。",
        ),
        "en": MessageTemplate(
            "Customer not reached by telephone: {{ audience.title }}",
            "{{ audience.customer.name }}, the customer of ticket {{ ticket }}, was not reached by telephone "
            "(contact task {{ event.task }}).\n"
            "Please find out how to reach them, or decide how to go on.",
        ),
    },
}
