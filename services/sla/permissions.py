"""Who may do what with clocks, policies, calendars and statistics."""

from shared.auth import READERS, Permissions, rule

PERMISSIONS: Permissions = {
    "clock:read": rule(READERS),
    "policy:read": rule("agent engineer lead auditor admin"),
    "policy:change": rule("admin"),
    "calendar:read": rule("agent engineer lead auditor admin"),
    "calendar:change": rule("admin"),
    "figure:read": rule("lead auditor admin", company="company_viewer"),
    "review:read": rule("engineer lead kb_editor auditor admin"),
    "review:make": rule("lead admin"),
    "statistics:read": rule("lead auditor admin"),
    "what_if:ask": rule("lead admin"),
}
