"""What customers read, in both languages; renderer.py says what a template can use."""

from services.notify.templates.domain import MessageTemplate

CUSTOMER_TEMPLATES: dict[str, dict[str, MessageTemplate]] = {
    "opened": {
        "zh": MessageTemplate(
            "已受理：{{ audience.title }}",
            "{{ audience.customer.name }}，您好！\n\n"
            "我们已收到您的服务请求，工单号 {{ ticket }}，当前状态：待处理。\n"
            "问题：{{ audience.title }}\n\n"
            "{% if event.questions %}为了更快地解决问题，请您补充以下信息：\n\n"
            "{% for question in event.questions %}{{ loop.index }}. {{ translated(question) }}\n{% endfor %}\n"
            "您可以在工单中直接回答，或通过您提交请求的渠道回复。\n\n{% endif %}"
            "我们会尽快分析并与您联系。后续沟通请注明工单号。",
        ),
        "en": MessageTemplate(
            "Received: {{ audience.title }}",
            "Dear {{ audience.customer.name }},\n\n"
            "we have received your request. Its number is {{ ticket }}, its status: pending.\n"
            "Problem: {{ audience.title }}\n\n"
            "{% if event.questions %}To solve it sooner we need to know:\n\n"
            "{% for question in event.questions %}{{ loop.index }}. {{ translated(question) }}\n{% endfor %}\n"
            "Please answer on the ticket, or through the channel that you wrote to us from.\n\n{% endif %}"
            "We will look at it and get in touch with you. Please quote the number whenever you write to us.",
        ),
    },
    "questions_asked": {
        "zh": MessageTemplate(
            "请补充信息：{{ audience.title }}",
            "{{ audience.customer.name }}，您好！\n\n"
            "为了更快地解决工单 {{ ticket }} 的问题，请您补充以下信息：\n\n"
            "{% for question in event.questions %}{{ loop.index }}. {{ translated(question) }}\n{% endfor %}\n"
            "您可以在工单中直接回答，或通过您提交请求的渠道回复。",
        ),
        "en": MessageTemplate(
            "Please tell us more: {{ audience.title }}",
            "Dear {{ audience.customer.name }},\n\n"
            "to solve the problem of ticket {{ ticket }} sooner we need to know:\n\n"
            "{% for question in event.questions %}{{ loop.index }}. {{ translated(question) }}\n{% endfor %}\n"
            "Please answer on the ticket, or through the channel that you wrote to us from.",
        ),
    },
    "reply": {
        "zh": MessageTemplate(
            "新回复：{{ audience.title }}",
            "{{ audience.customer.name }}，您好！\n\n我们在工单 {{ ticket }} 中回复了您：\n\n{{ event.text }}",
        ),
        "en": MessageTemplate(
            "New reply: {{ audience.title }}",
            "Dear {{ audience.customer.name }},\n\nwe have replied on ticket {{ ticket }}:\n\n{{ event.text }}",
        ),
    },
    "assigned": {
        "zh": MessageTemplate(
            "已开始处理：{{ audience.title }}",
            "{{ audience.customer.name }}，您好！\n\n"
            "工单 {{ ticket }} 已由工程师 {{ event.engineer_name }} 负责，当前状态：处理中。\n\n"
            "如需远程协助，我们会事先征得您的书面同意。",
        ),
        "en": MessageTemplate(
            "Being worked on: {{ audience.title }}",
            "Dear {{ audience.customer.name }},\n\n"
            "ticket {{ ticket }} is with our engineer {{ event.engineer_name }} now; its status: in progress.\n\n"
            "Should remote assistance help, we will ask for your written consent first.",
        ),
    },
    "please_verify": {
        "zh": MessageTemplate(
            "请验证解决方案：{{ audience.title }}",
            "{{ audience.customer.name }}，您好！\n\n"
            "工单 {{ ticket }} 的解决方案已通过我们的内部验证：\n\n{{ event.solution }}\n\n"
            "请在您的实际环境中验证，并告诉我们结果：\n\n"
            "问题已解决：\n{{ link('accept_solution') }}\n\n"
            "问题未解决：\n{{ link('reject_solution') }}\n\n"
            "只有经您确认，问题才算解决。链接 7 天内有效。",
        ),
        "en": MessageTemplate(
            "Please verify the solution: {{ audience.title }}",
            "Dear {{ audience.customer.name }},\n\n"
            "the solution for ticket {{ ticket }} has passed our own verification:\n\n{{ event.solution }}\n\n"
            "Please try it in your production environment and tell us:\n\n"
            "It is solved:\n{{ link('accept_solution') }}\n\n"
            "It is not solved:\n{{ link('reject_solution') }}\n\n"
            "Only your yes solves the ticket. The links are valid for 7 days.",
        ),
    },
    "link": {
        "zh": MessageTemplate(
            "{% if event.action == 'give_consent' %}请确认是否同意远程协助{% elif event.action == 'give_feedback' %}"
            "请评价本次服务{% else %}请确认解决方案是否有效{% endif %}：{{ audience.title }}",
            "{{ audience.customer.name }}，您好！\n\n"
            "{% if event.action == 'give_consent' %}为处理工单 {{ ticket }}，我们希望远程连接您的电脑。"
            "如您同意，请打开以下链接确认：{% elif event.action == 'give_feedback' %}"
            "您对工单 {{ ticket }} 的服务是否满意？请打开以下链接评价："
            "{% elif event.action == 'accept_solution' %}如果工单 {{ ticket }} 的问题已解决，请打开以下链接确认："
            "{% else %}如果工单 {{ ticket }} 的问题仍未解决，请打开以下链接告诉我们：{% endif %}\n\n"
            "{{ link(event.action) }}\n\n"
            "此链接仅供您本人使用，请勿转发；7 天内有效，且仅限本轮处理。",
        ),
        "en": MessageTemplate(
            "{% if event.action == 'give_consent' %}May we connect to your computer?"
            "{% elif event.action == 'give_feedback' %}Please rate our service"
            "{% else %}Does the solution work?{% endif %} {{ audience.title }}",
            "Dear {{ audience.customer.name }},\n\n"
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
        "zh": MessageTemplate(
            "问题已解决，请评价：{{ audience.title }}",
            "{{ audience.customer.name }}，您好！\n\n"
            "感谢您的验证，工单 {{ ticket }} 的问题已解决。处理结果：\n\n{{ audience.solution }}\n\n"
            "您对本次服务是否满意？请评价（满意、一般、不满意）：\n{{ link('give_feedback') }}\n\n链接 7 天内有效。",
        ),
        "en": MessageTemplate(
            "Solved, please rate us: {{ audience.title }}",
            "Dear {{ audience.customer.name }},\n\n"
            "thank you for verifying: ticket {{ ticket }} is solved. The result:\n\n{{ audience.solution }}\n\n"
            "How satisfied are you with our service (satisfied, neutral, dissatisfied)?\n"
            "{{ link('give_feedback') }}\n\n"
            "The link is valid for 7 days.",
        ),
    },
    "completed": {
        "zh": MessageTemplate(
            "工单已完成：{{ audience.title }}",
            "{{ audience.customer.name }}，您好！\n\n"
            "工单 {{ ticket }} 已完成并归档。感谢您的信任与配合，祝工作顺利！\n\n"
            "如问题再次出现，请告诉我们，我们会重新打开这张工单。",
        ),
        "en": MessageTemplate(
            "Completed: {{ audience.title }}",
            "Dear {{ audience.customer.name }},\n\n"
            "ticket {{ ticket }} is completed and archived. Thank you for your trust and your help.\n\n"
            "Should the problem come back, tell us and we will open this ticket again.",
        ),
    },
}
