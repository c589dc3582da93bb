"""Who may do what with deliveries and the live stream."""

from shared.auth import Permissions, rule

PERMISSIONS: Permissions = {
    "delivery:read": rule("agent lead auditor admin", own="requester company_viewer engineer kb_editor"),
    "stream:read": rule("agent engineer lead auditor admin service", own="requester", company="company_viewer"),
}
