"""Who may do what with notifications, the live stream and dead letters."""

from shared.auth import Permissions, rule

PERMISSIONS: Permissions = {
    "notification:read": rule("agent lead auditor admin", own="requester company_viewer engineer kb_editor"),
    "stream:read": rule("agent engineer lead auditor admin service", own="requester", company="company_viewer"),
    "dead_letter:read": rule("admin auditor"),
    "dead_letter:replay": rule("admin"),
}
