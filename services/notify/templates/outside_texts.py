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
    "consultation_invited": {
        "zh": MessageTemplate(
            "专家会诊邀请：{{ event.title }}",
            "{{ theirs.name }}，您好！\n\n"
            "诚邀您参加工单 {{ ticket }} 的专家会诊。\n{% if when %}时间与地点：{{ when }}\n{% endif %}\n"
            "{% if theirs.role in ('product', 'development') %}背景：\n{{ event.background }}\n\n"
            "已尝试：\n{{ event.tried }}\n\n{% endif %}"
            "需解决的难点：\n{{ event.stuck_at }}\n\n"
            "请打开以下链接答复是否参加，无需登录，链接 7 天内有效：\n{{ link('answer_invitation') }}",
        ),
        "en": MessageTemplate(
            "Invitation to an expert consultation: {{ event.title }}",
            "Dear {{ theirs.name }},\n\n"
            "You are invited to an expert consultation on ticket {{ ticket }}.\n"
            "{% if when %}When and where: {{ when }}\n{% endif %}\n"
            "{% if theirs.role in ('product', 'development') %}Background:\n{{ event.background }}\n\n"
            "What was tried:\n{{ event.tried }}\n\n{% endif %}"
            "Where it is stuck:\n{{ event.stuck_at }}\n\n"
            "Please say here whether you take part, without signing in; the link is valid for 7 days:\n"
            "{{ link('answer_invitation') }}",
        ),
    },
    "consultation_cancelled": {
        "zh": MessageTemplate(
            "专家会诊取消：{{ event.title }}",
            "{{ theirs.name }}，您好！\n\n"
            "您无需再参加工单 {{ ticket }} 的专家会诊{% if when %}（{{ when }}）{% endif %}。",
        ),
        "en": MessageTemplate(
            "Expert consultation cancelled: {{ event.title }}",
            "Dear {{ theirs.name }},\n\n"
            "The expert consultation on ticket {{ ticket }}{% if when %} ({{ when }}){% endif %} no longer needs you.",
        ),
    },
    "consultation_called": {
        "zh": MessageTemplate(
            "请安排专家会诊：{{ audience.title }}",
            "工单 {{ ticket }} 已发起专家会诊{% if event.reason %}，原因：{{ event.reason }}{% endif %}。"
            "背景、已尝试的措施和难点已从工作日志中带出，请邀请专家并确定时间。",
        ),
        "en": MessageTemplate(
            "Please prepare an expert consultation: {{ audience.title }}",
            "An expert consultation on ticket {{ ticket }} was called"
            "{% if event.reason %}: {{ event.reason }}{% endif %}. Background, what was tried and blockers are taken "
            "from the worklog; please invite the experts and set a time.",
        ),
    },
    "action_given": {
        "zh": MessageTemplate(
            "行动项：{{ theirs.text }}",
            "{{ theirs.owner }}，您好！\n\n工单 {{ ticket }} 的专家会诊为您分派了行动项：\n\n{{ theirs.text }}\n\n"
            "请在 {{ local_time(theirs.due_at) }} 前完成，并在工单中登记结果。",
        ),
        "en": MessageTemplate(
            "Action item: {{ theirs.text }}",
            "Dear {{ theirs.owner }},\n\n"
            "The expert consultation on ticket {{ ticket }} gave you an action item:\n\n{{ theirs.text }}\n\n"
            "Please finish it by {{ local_time(theirs.due_at) }} and record the result on the ticket.",
        ),
    },
    "action_late": {
        "zh": MessageTemplate(
            "行动项逾期（第 {{ event.times }} 次提醒）：{{ event.action.text }}",
            "{{ event.action.owner }} 负责的行动项未在 {{ local_time(event.action.due_at) }} 前完成"
            "（工单 {{ ticket }}）：\n\n{{ event.action.text }}\n\n完成后请在工单中登记；在此之前每天提醒一次。",
        ),
        "en": MessageTemplate(
            "Action item overdue (reminder no. {{ event.times }}): {{ event.action.text }}",
            "The action item of {{ event.action.owner }} was due by {{ local_time(event.action.due_at) }} "
            "(ticket {{ ticket }}):\n\n{{ event.action.text }}\n\n"
            "Please record on the ticket when it is done; until then there is a reminder every day.",
        ),
    },
}
