"""Who may do what with articles and closed cases."""

from shared.auth import READERS, Permissions, rule

PERMISSIONS: Permissions = {
    "article:read": rule(READERS),
    "article:write": rule("engineer lead kb_editor"),
    "article:approve": rule("kb_editor lead"),
    "article:publish": rule("kb_editor"),
    "article:reuse": rule("engineer lead"),
    "case:read": rule("agent engineer lead kb_editor auditor"),
}
