"""What engineers, leads and editors read, in both languages; renderer.py says what a template can use."""

from services.notify.templates.domain import MessageTemplate

STAFF_TEMPLATES: dict[str, dict[str, MessageTemplate]] = {
    "customer_wrote": {
        "zh": MessageTemplate(
            "客户留言：{{ audience.title }}",
            "客户 {{ audience.customer.name }} 在工单 {{ ticket }} 中留言：\n\n{{ event.text }}",
        ),
        "en": MessageTemplate(
            "New customer message: {{ audience.title }}",
            "{{ audience.customer.name }} wrote on ticket {{ ticket }}:\n\n{{ event.text }}",
        ),
    },
    "watched_note": {
        "zh": MessageTemplate(
            "内部备注：{{ audience.title }}",
            "您关注的工单 {{ ticket }} 有新的内部备注，请登录查看。",
        ),
        "en": MessageTemplate(
            "Internal note: {{ audience.title }}",
            "There is a new internal note on ticket {{ ticket }}, which you watch. Please sign in to read it.",
        ),
    },
    "work_assigned": {
        "zh": MessageTemplate(
            "已分派给您：{{ audience.title }}",
            "{{ event.engineer_name }}，您好！\n\n"
            "工单 {{ ticket }} 已分派给您，请尽快处理。\n"
            "客户：{{ audience.customer.name }}{% if audience.company %}（{{ audience.company }}）{% endif %}\n"
            "问题：{{ audience.title }}",
        ),
        "en": MessageTemplate(
            "Assigned to you: {{ audience.title }}",
            "Dear {{ event.engineer_name }},\n\n"
            "Ticket {{ ticket }} has been assigned to you. Please start on it as soon as possible.\n"
            "Customer: {{ audience.customer.name }}{% if audience.company %} ({{ audience.company }}){% endif %}\n"
            "Problem: {{ audience.title }}",
        ),
    },
    "webhook_disabled": {
        "zh": MessageTemplate(
            "Webhook 已自动停用：{{ event.name }}",
            "Webhook“{{ event.name }}”（{{ event.host }}）"
            "{% if event.because == 'gone' %}返回了 410 Gone{% else %}连续多日推送失败{% endif %}，系统已将其停用。\n"
            "请联系接收方排查，恢复后重新启用；停用期间的事件将从中断处补发。",
        ),
        "en": MessageTemplate(
            "Webhook disabled: {{ event.name }}",
            "The webhook “{{ event.name }}” ({{ event.host }}) "
            "{% if event.because == 'gone' %}answered 410 Gone{% else %}has failed for days{% endif %} "
            "and was disabled.\n"
            "Please check with the receiver, then enable it again: it goes on with the event at which it stopped.",
        ),
    },
    "solution_rejected": {
        "zh": MessageTemplate(
            "客户验证未通过：{{ audience.title }}",
            "客户 {{ audience.customer.name }} 反馈工单 {{ ticket }} 的问题仍未解决，"
            "进入第 {{ event.round }} 轮处理：\n\n{{ event.comment }}",
        ),
        "en": MessageTemplate(
            "Solution rejected: {{ audience.title }}",
            "{{ audience.customer.name }} reports that the problem of ticket {{ ticket }} is not solved. "
            "Round {{ event.round }} starts now.\n\n{{ event.comment }}",
        ),
    },
    "reopened": {
        "zh": MessageTemplate(
            "工单重新打开：{{ audience.title }}",
            "工单 {{ ticket }} 已重新打开，进入第 {{ event.round }} 轮处理：\n\n{{ event.reason }}",
        ),
        "en": MessageTemplate(
            "Reopened: {{ audience.title }}",
            "Ticket {{ ticket }} has been reopened. Round {{ event.round }} starts now.\n\n{{ event.reason }}",
        ),
    },
    "consent_revoked": {
        "zh": MessageTemplate(
            "客户已撤销远程协助授权：{{ audience.title }}",
            "客户 {{ audience.customer.name }} 已撤销工单 {{ ticket }} 的远程协助授权。"
            "请立即断开远程连接；进行中的会话已结束，请补充操作记录。",
        ),
        "en": MessageTemplate(
            "Consent to remote assistance revoked: {{ audience.title }}",
            "{{ audience.customer.name }} has revoked the consent to remote assistance on ticket {{ ticket }}. "
            "Please disconnect now; sessions that were running have ended, and what was done is still to be recorded.",
        ),
    },
    "urged": {
        "zh": MessageTemplate(
            "客户催办：{{ audience.title }}",
            "客户 {{ audience.customer.name }} 第 {{ event.times }} 次催办工单 {{ ticket }}，请尽快回复进展。"
            "{% if event.comment %}\n\n{{ event.comment }}{% endif %}",
        ),
        "en": MessageTemplate(
            "Customer asks for progress: {{ audience.title }}",
            "{{ audience.customer.name }} asks you to hurry with ticket {{ ticket }} "
            "(request no. {{ event.times }}). Please reply with an update soon."
            "{% if event.comment %}\n\n{{ event.comment }}{% endif %}",
        ),
    },
    "alarm": {
        "zh": MessageTemplate(
            "紧急工单告警（第 {{ event.times }} 次）：{{ audience.title }}",
            "{% if event.assignee %}紧急工单 {{ ticket }} 已分派给 {{ event.assignee_name }}，但尚未确认接单，"
            "且没有其他工程师可以接手。{% else %}紧急工单 {{ ticket }} 目前无人处理："
            "没有在班的资深工程师、值班人员或团队负责人可以接手。{% endif %}\n"
            "请立即处理；在有人接手之前，{{ local_time(event.next_at) }} 将再次告警。",
        ),
        "en": MessageTemplate(
            "Urgent ticket alarm (no. {{ event.times }}): {{ audience.title }}",
            "{% if event.assignee %}Urgent ticket {{ ticket }} was given to {{ event.assignee_name }}, who has not "
            "acknowledged it, and nobody else can take it.{% else %}Nobody has urgent ticket {{ ticket }}: no senior "
            "engineer is on shift, nobody is on call, and the lead of the team cannot take it.{% endif %}\n"
            "Please act now. The alarm is repeated at {{ local_time(event.next_at) }} until somebody has it.",
        ),
    },
    "escalated": {
        "zh": MessageTemplate(
            "工单已升级至{{ event.team_name }}：{{ audience.title }}",
            "工单 {{ ticket }} 已升级至团队“{{ event.team_name }}”，原因：{{ event.reason }}",
        ),
        "en": MessageTemplate(
            "Escalated to {{ event.team_name }}: {{ audience.title }}",
            'Ticket {{ ticket }} has been escalated to the team "{{ event.team_name }}". Reason: {{ event.reason }}',
        ),
    },
    "clock_warned": {
        "zh": MessageTemplate(
            "{% if event.urgency == 'urgent' %}【紧急】{% endif %}"
            "即将超时（{{ label(event.clock) }}，已用 {{ event.percent }}%）：{{ audience.title }}",
            "工单 {{ ticket }} 的{{ label(event.clock) }}时限为 {{ local_time(event.due_at) }}，"
            "已用时限的 {{ event.percent }}%，请及时处理。",
        ),
        "en": MessageTemplate(
            "{% if event.urgency == 'urgent' %}URGENT: {% endif %}"
            "SLA at risk ({{ label(event.clock) }}, {{ event.percent }} %): {{ audience.title }}",
            "The {{ label(event.clock) }} deadline of ticket {{ ticket }} is {{ local_time(event.due_at) }}; "
            "{{ event.percent }} % of the time allowed has passed. Please act before it is missed.",
        ),
    },
    "clock_overdue": {
        "zh": MessageTemplate(
            "{% if event.urgency == 'urgent' %}【紧急】{% endif %}"
            "严重超时（{{ label(event.clock) }}，已用 {{ event.percent }}%）：{{ audience.title }}",
            "工单 {{ ticket }} 的{{ label(event.clock) }}时限为 {{ local_time(event.due_at) }}，"
            "已用时限的 {{ event.percent }}%，仍未完成，请立即处理。",
        ),
        "en": MessageTemplate(
            "{% if event.urgency == 'urgent' %}URGENT: {% endif %}"
            "SLA long overdue ({{ label(event.clock) }}, {{ event.percent }} %): {{ audience.title }}",
            "The {{ label(event.clock) }} deadline of ticket {{ ticket }} was {{ local_time(event.due_at) }}; "
            "{{ event.percent }} % of the time allowed has passed. Please act immediately.",
        ),
    },
    "clock_breached": {
        "zh": MessageTemplate(
            "{% if event.urgency == 'urgent' %}【紧急】{% endif %}"
            "已超时（{{ label(event.clock) }}）：{{ audience.title }}",
            "工单 {{ ticket }} 的{{ label(event.clock) }}时限为 {{ local_time(event.due_at) }}，已超时，请立即处理。",
        ),
        "en": MessageTemplate(
            "{% if event.urgency == 'urgent' %}URGENT: {% endif %}"
            "SLA breached ({{ label(event.clock) }}): {{ audience.title }}",
            "The {{ label(event.clock) }} deadline of ticket {{ ticket }} was {{ local_time(event.due_at) }} "
            "and has been missed. Please act immediately.",
        ),
    },
    "year_missing": {
        "zh": MessageTemplate(
            "请录入 {{ event.year }} 年放假安排（日历“{{ event.calendar }}”）",
            "日历“{{ event.calendar }}”尚无 {{ event.year }} 年的放假与调休安排。录入之前，该年度的时限均为暂定。\n"
            "请在国务院办公厅公布后录入全年安排。",
        ),
        "en": MessageTemplate(
            "Days off of {{ event.year }} wanted (calendar {{ event.calendar }})",
            "The calendar {{ event.calendar }} lacks the days off and make-up workdays of {{ event.year }}. Until they "
            "are entered, deadlines in that year are provisional.\n"
            "Please enter the list of the whole year as soon as it is announced.",
        ),
    },
    "call_back_due": {
        "zh": MessageTemplate(
            "请回访客户：{{ audience.title }}",
            "客户 {{ audience.customer.name }} 对工单 {{ ticket }} 的服务不满意，"
            "请在 {{ local_time(event.due_at) }} 前完成回访，记录不满意的原因，并与客户商定二次服务计划。",
        ),
        "en": MessageTemplate(
            "Call-back due: {{ audience.title }}",
            "{{ audience.customer.name }} is dissatisfied with our service on ticket {{ ticket }}. Please call back by "
            "{{ local_time(event.due_at) }}, record the cause of dissatisfaction and agree on a second service plan.",
        ),
    },
    "plan_overdue": {
        "zh": MessageTemplate(
            "二次服务计划已逾期：{{ audience.title }}",
            "工单 {{ ticket }} 的二次服务计划应于 {{ local_time(event.due_at) }} 前执行完毕"
            "（负责人：{{ event.owner }}），目前尚未登记结果。请尽快执行并登记，或与客户沟通进展。\n\n{{ event.plan }}",
        ),
        "en": MessageTemplate(
            "Second service plan overdue: {{ audience.title }}",
            "The second service plan of ticket {{ ticket }} was due by {{ local_time(event.due_at) }} (owner: "
            "{{ event.owner }}), and no result has been recorded. Please carry it out and record the result, or tell "
            "the customer where it stands.\n\n{{ event.plan }}",
        ),
    },
    "consultation_due": {
        "zh": MessageTemplate(
            "请组织专家会诊：{{ audience.title }}",
            "工单 {{ ticket }} 未在时限 {{ local_time(event.due_at) }} 内解决，请组织专家会诊。",
        ),
        "en": MessageTemplate(
            "Expert consultation due: {{ audience.title }}",
            "Ticket {{ ticket }} was not resolved by {{ local_time(event.due_at) }}. "
            "Please open an expert consultation.",
        ),
    },
    "incident_proposed": {
        "zh": MessageTemplate(
            "疑似群发故障：{{ event.title }}",
            "{{ event.customers }} 家客户的工单疑似由同一原因引起（{{ event.subject }}），请确认或排除。\n"
            "依据：{{ event.evidence | join(' | ') }}\n"
            "工单：{{ event.tickets | join(', ') }}",
        ),
        "en": MessageTemplate(
            "Possible incident: {{ event.title }}",
            "Tickets of {{ event.customers }} customers seem to have one cause ({{ event.subject }}). "
            "Please confirm or dismiss it.\n"
            "Evidence: {{ event.evidence | join(' | ') }}\n"
            "Tickets: {{ event.tickets | join(', ') }}",
        ),
    },
    "incident_opened": {
        "zh": MessageTemplate(
            "群发故障：{{ event.title }}",
            "群发故障 {{ event.subject }} 已确认：涉及 {{ event.customers }} 家客户、{{ event.tickets }} 个工单。"
            "{% if event.priority %}工单优先级至少为{{ label(event.priority) }}。{% endif %}"
            "{% if event.reason %}\n说明：{{ event.reason }}{% endif %}\n"
            "请在该故障中统一发布进展，所有相关客户都会收到。",
        ),
        "en": MessageTemplate(
            "Incident: {{ event.title }}",
            "Incident {{ event.subject }} is confirmed: {{ event.customers }} customers, {{ event.tickets }} tickets. "
            "{% if event.priority %}Their priority is {{ label(event.priority) }} at least.{% endif %}"
            "{% if event.reason %}\nReason: {{ event.reason }}{% endif %}\n"
            "Please post news on the incident itself: they reach all of its customers.",
        ),
    },
    "article_drafted": {
        "zh": MessageTemplate(
            "待审核知识条目：{{ event.title }}",
            "知识条目《{{ event.title }}》已起草"
            "{% if event.ticket %}（来自工单 {{ event.ticket }}）{% endif %}，请审核。"
            "{% if event.tags %}\n标签：{{ event.tags | join('+') }}{% endif %}",
        ),
        "en": MessageTemplate(
            "Article to review: {{ event.title }}",
            'The article "{{ event.title }}" has been drafted{% if event.ticket %} from ticket {{ event.ticket }}'
            "{% endif %}. Please review it.{% if event.tags %}\nTags: {{ event.tags | join('+') }}{% endif %}",
        ),
    },
    "review_made": {
        "zh": MessageTemplate(
            "服务复盘已生成：{{ event.subject }}",
            "{{ event.since }} 起的服务复盘 {{ event.subject }} 已生成，请查看，确认后发布。",
        ),
        "en": MessageTemplate(
            "Service review ready: {{ event.subject }}",
            "The service review {{ event.subject }}, of the tickets opened from {{ event.since }} on, is ready. "
            "Please read it and publish it.",
        ),
    },
    "improvement_raised": {
        "zh": MessageTemplate(
            "改进项由您负责：{{ event.title }}",
            "服务复盘 {{ event.review }} 提出的改进项“{{ event.title }}”由您负责，请在 {{ event.due_on }} 前完成。",
        ),
        "en": MessageTemplate(
            "An improvement for you: {{ event.title }}",
            'You have been asked to see to the improvement "{{ event.title }}", which the service review '
            "{{ event.review }} led to. It is due on {{ event.due_on }}.",
        ),
    },
    "improvement_due": {
        "zh": MessageTemplate(
            "改进项{% if event.overdue %}已逾期{% else %}即将到期{% endif %}：{{ event.title }}",
            "您负责的改进项“{{ event.title }}”{% if event.overdue %}已于 {{ event.due_on }} 到期，请尽快完成"
            "{% else %}将于 {{ event.due_on }} 到期{% endif %}。完成后请登记结果。",
        ),
        "en": MessageTemplate(
            "Improvement {% if event.overdue %}overdue{% else %}due soon{% endif %}: {{ event.title }}",
            'The improvement "{{ event.title }}" {% if event.overdue %}was due on {{ event.due_on }}'
            "{% else %}is due on {{ event.due_on }}{% endif %}. Please record the result when it is done.",
        ),
    },
}
