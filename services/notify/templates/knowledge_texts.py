"""What editors and leads read of articles and training, in both languages."""

from services.notify.templates.domain import MessageTemplate

KNOWLEDGE_TEMPLATES: dict[str, dict[str, MessageTemplate]] = {
    "article_review_due": {
        "zh": MessageTemplate(
            "待复审知识条目：{{ event.title }}",
            "知识条目《{{ event.title }}》（{{ event.subject }}）需要复审："
            "{% for reason in event.reasons %}{{ label(reason) }}{% if not loop.last %}、{% endif %}{% endfor %}"
            "{% if event.about %}（{{ event.about }}）{% endif %}。"
            "{% if event.owner %}\n负责人：{{ event.owner }}{% endif %}",
        ),
        "en": MessageTemplate(
            "Article to review again: {{ event.title }}",
            'The article "{{ event.title }}" ({{ event.subject }}) is due for review: '
            "{% for reason in event.reasons %}{{ label(reason) }}{% if not loop.last %}, {% endif %}{% endfor %}"
            "{% if event.about %} ({{ event.about }}){% endif %}."
            "{% if event.owner %}\nOwner: {{ event.owner }}{% endif %}",
        ),
    },
    "training_planned": {
        "zh": MessageTemplate(
            "案例分享会已安排：{{ event.quarter }}",
            "{{ event.quarter }} 季度案例分享会定于 {{ local_time(event.planned_for) }} 举行。"
            "{% if event.place %}\n地点：{{ event.place }}{% endif %}",
        ),
        "en": MessageTemplate(
            "Case-sharing session planned: {{ event.quarter }}",
            "The case-sharing session of {{ event.quarter }} takes place on {{ local_time(event.planned_for) }}."
            "{% if event.place %}\nPlace: {{ event.place }}{% endif %}",
        ),
    },
    "follow_up_due": {
        "zh": MessageTemplate(
            "待办事项已到期：{{ event.what }}",
            "{{ event.quarter }} 季度案例分享会的待办事项尚未完成：{{ event.what }}\n"
            "负责人：{{ event.owner }}\n期限：{{ local_time(event.due_at) }}",
        ),
        "en": MessageTemplate(
            "Follow-up due: {{ event.what }}",
            "A follow-up from the case-sharing session of {{ event.quarter }} is not done yet: {{ event.what }}\n"
            "Owner: {{ event.owner }}\nDue: {{ local_time(event.due_at) }}",
        ),
    },
    "release_pack_ready": {
        "zh": MessageTemplate(
            "上线前须知：{{ event.product }} {{ event.version }}",
            "{{ event.product }} {{ event.version }} 将于 {{ local_time(event.goes_live_at) }} 上线。"
            "请阅读已知问题、发布说明和新增知识条目（{{ event.subject }}）。"
            "{% if event.people %}\n尚未确认："
            "{% for one in event.people %}{{ one }}{% if not loop.last %}、{% endif %}{% endfor %}{% endif %}",
        ),
        "en": MessageTemplate(
            "Before the release: {{ event.product }} {{ event.version }}",
            "{{ event.product }} {{ event.version }} goes live on {{ local_time(event.goes_live_at) }}. "
            "Please read the known problems, the release notes and the new articles ({{ event.subject }})."
            "{% if event.people %}\nNot confirmed yet: "
            "{% for one in event.people %}{{ one }}{% if not loop.last %}, {% endif %}{% endfor %}{% endif %}",
        ),
    },
}
