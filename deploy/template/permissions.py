"""Who may do what with records."""

from shared.auth import READERS, Permissions, rule

PERMISSIONS: Permissions = {
    "template_record:read": rule(READERS),
    "template_record:annotate": rule("agent engineer lead"),
}
