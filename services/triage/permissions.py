"""Who may do what with work items, consultations, engineers and teams."""

from shared.auth import Permissions, rule

PERMISSIONS: Permissions = {
    "queue:read": rule("agent engineer lead auditor"),
    "work:read": rule("agent engineer lead kb_editor auditor"),
    "work:claim": rule("engineer lead"),
    "work:assign": rule("lead"),
    "work:do": rule("engineer lead"),
    "work:release": rule("engineer lead"),
    "work:transfer": rule("engineer lead"),
    "work:escalate": rule("engineer lead"),
    "work:classify": rule("engineer lead"),
    "consultation:hold": rule("lead"),
    "presence:keep": rule("agent engineer lead"),
    "presence:read": rule("agent engineer lead auditor"),
    "incident:read": rule("agent engineer lead auditor"),
    "incident:edit": rule("engineer lead"),
    "incident:decide": rule("engineer lead"),
    "team:read": rule("agent engineer lead auditor admin"),
    "team:change": rule("lead admin"),
    "engineer:read": rule("agent engineer lead auditor admin"),
    "engineer:manage": rule("lead admin"),
    "engineer:available": rule("lead", own="engineer"),
    "remote_tool:read": rule("agent engineer lead auditor admin"),
    "remote_tool:manage": rule("admin"),
    "third_party:read": rule("agent engineer lead auditor admin"),
    "third_party:manage": rule("lead admin"),
    "third_party_system:read": rule("agent engineer lead auditor admin"),
    "third_party_system:manage": rule("admin"),
}
