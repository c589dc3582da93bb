"""What customers read, in both languages; renderer.py says what a template can use."""

from services.notify.templates.domain import MessageTemplate

CUSTOMER_TEMPLATES: dict[str, dict[str, MessageTemplate]] = {
    "opened": {
        "zh": MessageTemplate(
            "已受理：{{ audience.title }}",
            "{{ audience.customer.name }}，您好！\n\n"
            "我们已收到您的服务请求，工单号 {{ ticket }}，当前状态：待处理。\n"
            "问题：{{ audience.title }}\n\n"
            "{% if event.questions %}为尽快定位问题，请您补充以下信息：\n\n"
            "{% for question in event.questions %}{{ loop.index }}. {{ translated(question) }}\n{% endfor %}\n"
            "请打开以下链接填写，无需登录，链接 7 天内有效：\n{{ link('answer_questions') }}\n\n"
            "您也可以直接在工单中回复，或通过您提交请求的渠道回复。\n\n{% endif %}"
            "我们会尽快分析并与您联系。后续沟通请注明工单号。",
        ),
        "en": MessageTemplate(
            "Received: {{ audience.title }}",
            "Dear {{ audience.customer.name }},\n\n"
            "We have received your request. Ticket number: {{ ticket }}. Status: pending.\n"
            "Problem: {{ audience.title }}\n\n"
            "{% if event.questions %}To help us find the cause sooner, please answer these questions:\n\n"
            "{% for question in event.questions %}{{ loop.index }}. {{ translated(question) }}\n{% endfor %}\n"
            "You can answer here without signing in; the link is valid for 7 days:\n"
            "{{ link('answer_questions') }}\n\n"
            "You can also answer on the ticket itself or through the channel you contacted us by.\n\n{% endif %}"
            "We will look into it and contact you. Please quote the ticket number whenever you contact us.",
        ),
    },
    "questions_asked": {
        "zh": MessageTemplate(
            "{% if event.reminder %}提醒：{% endif %}请补充信息：{{ audience.title }}",
            "{{ audience.customer.name }}，您好！\n\n"
            "{% if event.reminder %}我们仍在等待您的回复。{% endif %}"
            "{% if event.unfit %}感谢您的回复。以下内容我们未能识别，请您再确认一下：\n\n"
            "{% for one in event.unfit %}- “{{ one.said }}”（{{ translated(one) }}）\n{% endfor %}\n{% endif %}"
            "为尽快解决工单 {{ ticket }} 的问题，请您补充以下信息：\n\n"
            "{% for question in event.questions %}{{ event.first + loop.index0 }}. {{ translated(question) }}\n"
            "{% endfor %}\n"
            "请打开以下链接填写，无需登录，链接 7 天内有效：\n{{ link('answer_questions') }}\n\n"
            "您也可以直接在工单中回复，或通过您提交请求的渠道回复。",
        ),
        "en": MessageTemplate(
            "{% if event.reminder %}Reminder: {% endif %}More information needed: {{ audience.title }}",
            "Dear {{ audience.customer.name }},\n\n"
            "{% if event.reminder %}We have not heard from you yet. {% endif %}"
            "{% if event.unfit %}Thank you for your reply. We could not use the following; please check it:\n\n"
            "{% for one in event.unfit %}- “{{ one.said }}” ({{ translated(one) }})\n{% endfor %}\n{% endif %}"
            "To help us resolve ticket {{ ticket }} sooner, please answer these questions:\n\n"
            "{% for question in event.questions %}{{ event.first + loop.index0 }}. {{ translated(question) }}\n"
            "{% endfor %}\n"
            "You can answer here without signing in; the link is valid for 7 days:\n"
            "{{ link('answer_questions') }}\n\n"
            "You can also answer on the ticket itself or through the channel you contacted us by.",
        ),
    },
    "reply": {
        "zh": MessageTemplate(
            "新回复：{{ audience.title }}",
            "{{ audience.customer.name }}，您好！\n\n您的工单 {{ ticket }} 有新回复：\n\n{{ event.text }}",
        ),
        "en": MessageTemplate(
            "New reply: {{ audience.title }}",
            "Dear {{ audience.customer.name }},\n\n"
            "There is a new reply on your ticket {{ ticket }}:\n\n{{ event.text }}",
        ),
    },
    "watched_message": {
        "zh": MessageTemplate(
            "新留言：{{ audience.title }}",
            "您好！\n\n您关注的工单 {{ ticket }} 有新留言：\n\n{{ event.text }}",
        ),
        "en": MessageTemplate(
            "New message: {{ audience.title }}",
            "Hello,\n\nThere is a new message on ticket {{ ticket }}, which you watch:\n\n{{ event.text }}",
        ),
    },
    "watched_completed": {
        "zh": MessageTemplate(
            "工单已结束：{{ audience.title }}",
            "您好！\n\n您关注的工单 {{ ticket }} 已结束：{{ label(event.outcome) }}。",
        ),
        "en": MessageTemplate(
            "Ticket closed: {{ audience.title }}",
            "Hello,\n\nTicket {{ ticket }}, which you watch, is closed: {{ label(event.outcome) }}.",
        ),
    },
    "watched_reopened": {
        "zh": MessageTemplate(
            "工单已重新打开：{{ audience.title }}",
            "您好！\n\n您关注的工单 {{ ticket }} 已重新打开。\n原因：{{ event.reason }}",
        ),
        "en": MessageTemplate(
            "Ticket reopened: {{ audience.title }}",
            "Hello,\n\nTicket {{ ticket }}, which you watch, has been reopened.\nReason: {{ event.reason }}",
        ),
    },
    "assigned": {
        "zh": MessageTemplate(
            "处理中：{{ audience.title }}",
            "{{ audience.customer.name }}，您好！\n\n"
            "工单 {{ ticket }} 现由工程师 {{ event.engineer_name }} 负责，当前状态：处理中。\n\n"
            "如需远程协助，我们会事先征得您的书面授权。",
        ),
        "en": MessageTemplate(
            "In progress: {{ audience.title }}",
            "Dear {{ audience.customer.name }},\n\n"
            "Our engineer {{ event.engineer_name }} has been assigned to ticket {{ ticket }}. Status: in progress.\n\n"
            "If remote assistance is needed, we will ask for your written consent first.",
        ),
    },
    "please_verify": {
        "zh": MessageTemplate(
            "请验证解决方案：{{ audience.title }}",
            "{{ audience.customer.name }}，您好！\n\n"
            "工单 {{ ticket }} 的解决方案已通过内部验证：\n\n{{ event.solution }}\n\n"
            "请在您的实际使用环境中验证，并反馈结果：\n\n"
            "问题已解决：\n{{ link('accept_solution') }}\n\n"
            "问题未解决：\n{{ link('reject_solution') }}\n\n"
            "经您确认后，问题才视为已解决。链接 7 天内有效。",
        ),
        "en": MessageTemplate(
            "Please verify the solution: {{ audience.title }}",
            "Dear {{ audience.customer.name }},\n\n"
            "The solution for ticket {{ ticket }} has passed our internal verification:\n\n{{ event.solution }}\n\n"
            "Please try it in your production environment and let us know the result:\n\n"
            "The problem is solved:\n{{ link('accept_solution') }}\n\n"
            "The problem is not solved:\n{{ link('reject_solution') }}\n\n"
            "The ticket is resolved only once you confirm it. The links are valid for 7 days.",
        ),
    },
    "link": {
        "zh": MessageTemplate(
            "{% if event.action == 'give_consent' %}请确认远程协助授权{% elif event.action == 'give_feedback' %}"
            "请评价本次服务{% elif event.action == 'answer_questions' %}请补充信息{% else %}请验证解决方案{% endif %}"
            "：{{ audience.title }}",
            "{{ audience.customer.name }}，您好！\n\n"
            "{% if event.action == 'give_consent' %}为处理工单 {{ ticket }}，我们需要远程连接您的电脑。"
            "如您同意授权，请打开以下链接确认：{% elif event.action == 'give_feedback' %}"
            "您对工单 {{ ticket }} 的服务是否满意？请打开以下链接评价："
            "{% elif event.action == 'answer_questions' %}为尽快解决工单 {{ ticket }} 的问题，请打开以下链接补充信息："
            "{% elif event.action == 'accept_solution' %}如果工单 {{ ticket }} 的问题已解决，请打开以下链接确认："
            "{% else %}如果工单 {{ ticket }} 的问题仍未解决，请打开以下链接告诉我们：{% endif %}\n\n"
            "{{ link(event.action) }}\n\n"
            "此链接仅供您本人使用，请勿转发。链接 7 天内有效，且仅限当前处理轮次。",
        ),
        "en": MessageTemplate(
            "{% if event.action == 'give_consent' %}Please consent to remote assistance"
            "{% elif event.action == 'give_feedback' %}Please rate our service"
            "{% elif event.action == 'answer_questions' %}More information needed"
            "{% else %}Please verify the solution{% endif %}: {{ audience.title }}",
            "Dear {{ audience.customer.name }},\n\n"
            "{% if event.action == 'give_consent' %}To work on ticket {{ ticket }}, we need to connect to your "
            "computer remotely. If you agree, please give your consent here:{% elif event.action == 'give_feedback' %}"
            "How satisfied are you with our service on ticket {{ ticket }}? Please rate it here:"
            "{% elif event.action == 'answer_questions' %}To help us resolve ticket {{ ticket }} sooner, please answer "
            "our questions here:"
            "{% elif event.action == 'accept_solution' %}If the problem of ticket {{ ticket }} is solved, please "
            "confirm it here:"
            "{% else %}If the problem of ticket {{ ticket }} is not solved yet, please let us know here:{% endif %}\n\n"
            "{{ link(event.action) }}\n\n"
            "This link is for you only; please do not forward it. It is valid for 7 days, for the current round only.",
        ),
    },
    "please_rate": {
        "zh": MessageTemplate(
            "问题已解决，请评价：{{ audience.title }}",
            "{{ audience.customer.name }}，您好！\n\n"
            "感谢您的验证，工单 {{ ticket }} 的问题已解决。解决方案：\n\n{{ audience.solution }}\n\n"
            "您对本次服务是否满意？请评价（满意、一般、不满意）：\n{{ link('give_feedback') }}\n\n链接 7 天内有效。",
        ),
        "en": MessageTemplate(
            "Resolved, please rate our service: {{ audience.title }}",
            "Dear {{ audience.customer.name }},\n\n"
            "Thank you for verifying the solution. Ticket {{ ticket }} is resolved. The solution:\n\n"
            "{{ audience.solution }}\n\n"
            "How satisfied are you with our service (satisfied, neutral, dissatisfied)?\n"
            "{{ link('give_feedback') }}\n\n"
            "The link is valid for 7 days.",
        ),
    },
    "please_rate_again": {
        "zh": MessageTemplate(
            "请再次评价：{{ audience.title }}",
            "{{ audience.customer.name }}，您好！\n\n"
            "您对工单 {{ ticket }} 的服务表示不满意后，我们已完成与您商定的计划：\n\n{{ event.result }}\n\n"
            "您现在是否满意？请再次评价（满意、一般、不满意）：\n{{ link('give_feedback') }}\n\n链接 7 天内有效。",
        ),
        "en": MessageTemplate(
            "Please rate our service again: {{ audience.title }}",
            "Dear {{ audience.customer.name }},\n\n"
            "You were not satisfied with our service on ticket {{ ticket }}. What we agreed on then is done:\n\n"
            "{{ event.result }}\n\n"
            "How satisfied are you now (satisfied, neutral, dissatisfied)?\n"
            "{{ link('give_feedback') }}\n\n"
            "The link is valid for 7 days.",
        ),
    },
    "completed": {
        "zh": MessageTemplate(
            "工单已{% if event.outcome == 'solved' %}完成{% else %}关闭{% endif %}：{{ audience.title }}",
            "{{ audience.customer.name }}，您好！\n\n"
            "{% if event.outcome == 'solved' %}"
            "工单 {{ ticket }} 已完成并归档。感谢您的信任与配合，祝工作顺利！\n\n"
            "{% else %}"
            "工单 {{ ticket }} 已关闭：{{ label(event.outcome) }}。\n"
            "说明：{{ event.reason }}\n\n"
            "{% endif %}"
            "如问题再次出现，请与我们联系，并注明工单号。",
        ),
        "en": MessageTemplate(
            "{% if event.outcome == 'solved' %}Completed{% else %}Closed{% endif %}: {{ audience.title }}",
            "Dear {{ audience.customer.name }},\n\n"
            "{% if event.outcome == 'solved' %}"
            "Ticket {{ ticket }} is completed and archived. Thank you for your cooperation.\n\n"
            "{% else %}"
            "Ticket {{ ticket }} is closed: {{ label(event.outcome) }}.\n"
            "Reason: {{ event.reason }}\n\n"
            "{% endif %}"
            "If the problem occurs again, please contact us and quote the ticket number.",
        ),
    },
}
