"""What engineers, leads and editors read, in both languages; renderer.py says what a template can use."""

from services.notify.templates.domain import MessageTemplate

STAFF_TEMPLATES: dict[str, dict[str, MessageTemplate]] = {
    "questions_answered": {
        "zh": MessageTemplate(
            "客户已补充信息：{{ audience.title }}",
            "工单 {{ ticket }} 的客户 {{ audience.customer.name }} 补充了以下信息：\n\n"
            "{% for answer in event.answers.values() %}- {{ answer }}\n{% endfor %}",
        ),
        "en": MessageTemplate(
            "The customer answered: {{ audience.title }}",
            "On ticket {{ ticket }} {{ audience.customer.name }} answered:\n\n"
            "{% for answer in event.answers.values() %}- {{ answer }}\n{% endfor %}",
        ),
    },
    "customer_wrote": {
        "zh": MessageTemplate(
            "客户留言：{{ audience.title }}",
            "工单 {{ ticket }} 的客户 {{ audience.customer.name }} 写道：\n\n{{ event.text }}",
        ),
        "en": MessageTemplate(
            "The customer wrote: {{ audience.title }}",
            "On ticket {{ ticket }} {{ audience.customer.name }} wrote:\n\n{{ event.text }}",
        ),
    },
    "work_assigned": {
        "zh": MessageTemplate(
            "分配给您：{{ audience.title }}",
            "{{ event.engineer_name }}，您好！\n\n"
            "工单 {{ ticket }} 已分配给您，请尽快处理。\n"
            "客户：{{ audience.customer.name }} {{ audience.company }}\n"
            "问题：{{ audience.title }}",
        ),
        "en": MessageTemplate(
            "Assigned to you: {{ audience.title }}",
            "Dear {{ event.engineer_name }},\n\n"
            "ticket {{ ticket }} is yours; please begin as soon as you can.\n"
            "Customer: {{ audience.customer.name }} {{ audience.company }}\n"
            "Problem: {{ audience.title }}",
        ),
    },
    "solution_rejected": {
        "zh": MessageTemplate(
            "客户验证未通过：{{ audience.title }}",
            "客户 {{ audience.customer.name }} 反馈工单 {{ ticket }} 的问题仍未解决，"
            "进入第 {{ event.round }} 轮处理：\n\n{{ event.comment }}",
        ),
        "en": MessageTemplate(
            "Not solved for the customer: {{ audience.title }}",
            "{{ audience.customer.name }} says that ticket {{ ticket }} is not solved; "
            "round {{ event.round }} begins:\n\n{{ event.comment }}",
        ),
    },
    "reopened": {
        "zh": MessageTemplate(
            "工单重新打开：{{ audience.title }}",
            "工单 {{ ticket }} 已重新打开，进入第 {{ event.round }} 轮处理：\n\n{{ event.reason }}",
        ),
        "en": MessageTemplate(
            "Opened again: {{ audience.title }}",
            "Ticket {{ ticket }} was opened again; round {{ event.round }} begins:\n\n{{ event.reason }}",
        ),
    },
    "clock_warned": {
        "zh": MessageTemplate(
            "即将超时（{{ label(event.clock) }}）：{{ audience.title }}",
            "工单 {{ ticket }} 的{{ label(event.clock) }}时限为 {{ local_time(event.due_at) }}，即将到期，请及时处理。",
        ),
        "en": MessageTemplate(
            "Running out of time ({{ label(event.clock) }}): {{ audience.title }}",
            "The {{ label(event.clock) }} of ticket {{ ticket }} is due at {{ local_time(event.due_at) }}. "
            "Little time is left.",
        ),
    },
    "clock_breached": {
        "zh": MessageTemplate(
            "已超时（{{ label(event.clock) }}）：{{ audience.title }}",
            "工单 {{ ticket }} 的{{ label(event.clock) }}时限为 {{ local_time(event.due_at) }}，现已超时，请立即处理。",
        ),
        "en": MessageTemplate(
            "Out of time ({{ label(event.clock) }}): {{ audience.title }}",
            "The {{ label(event.clock) }} of ticket {{ ticket }} was due at {{ local_time(event.due_at) }}. "
            "Please act at once.",
        ),
    },
    "call_back_due": {
        "zh": MessageTemplate(
            "请回访客户：{{ audience.title }}",
            "客户 {{ audience.customer.name }} 对工单 {{ ticket }} 不满意，"
            "请在 {{ local_time(event.due_at) }} 前完成回访，记录原因并商定二次服务计划。",
        ),
        "en": MessageTemplate(
            "Please call back: {{ audience.title }}",
            "{{ audience.customer.name }} is dissatisfied with ticket {{ ticket }}. Please call back by "
            "{{ local_time(event.due_at) }}, record the cause and agree on a second service plan.",
        ),
    },
    "consultation_due": {
        "zh": MessageTemplate(
            "应组织专家会诊：{{ audience.title }}",
            "工单 {{ ticket }} 在时限 {{ local_time(event.due_at) }} 内未解决，请组织专家会诊。",
        ),
        "en": MessageTemplate(
            "A consultation is due: {{ audience.title }}",
            "Ticket {{ ticket }} was not solved by {{ local_time(event.due_at) }}: please open an expert consultation.",
        ),
    },
    "article_drafted": {
        "zh": MessageTemplate(
            "待审知识：{{ event.title }}",
            "根据工单 {{ event.ticket }} 起草了知识条目《{{ event.title }}》，请审阅。\n"
            "标签：{{ event.tags | join('+') }}",
        ),
        "en": MessageTemplate(
            "To be reviewed: {{ event.title }}",
            'The article "{{ event.title }}" was drafted from ticket {{ event.ticket }}; please review it.\n'
            "Tags: {{ event.tags | join('+') }}",
        ),
    },
}
