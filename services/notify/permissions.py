"""Who may do what with notifications, the live stream, API keys, webhooks and dead letters."""

from shared.auth import Permissions, rule

PERMISSIONS: Permissions = {
    "notification:read": rule("agent lead auditor admin", own="requester company_viewer engineer kb_editor"),
    "notification:resend": rule("agent lead admin"),
    "suspended_address:read": rule("agent lead auditor admin"),
    "suspended_address:release": rule("agent lead admin"),
    "contact_task:read": rule("agent engineer lead auditor admin"),
    "contact_task:do": rule("agent engineer lead"),
    "notification_preference:read": rule("auditor admin", own="requester company_viewer agent engineer lead kb_editor"),
    "notification_preference:change": rule(
        "admin", own="requester company_viewer agent engineer lead kb_editor auditor"
    ),
    "notification_template:read": rule("lead auditor admin"),
    "notification_template:change": rule("admin"),
    "stream:read": rule(
        "agent engineer lead kb_editor auditor admin service", own="requester", company="company_viewer"
    ),
    "api_key:read": rule("admin auditor"),
    "api_key:manage": rule("admin"),
    "webhook:read": rule("admin auditor"),
    "webhook:manage": rule("admin"),
    "dead_letter:read": rule("admin auditor"),
    "dead_letter:replay": rule("admin"),
}
