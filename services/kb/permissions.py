"""Who may do what with articles and closed cases."""

from shared.auth import READERS, Permissions, rule

PERMISSIONS: Permissions = {
    "article:read": rule(READERS),
    "article:write": rule("engineer lead kb_editor"),
    "article:approve": rule("kb_editor lead"),
    "article:publish": rule("kb_editor"),
    "article:reuse": rule("engineer lead"),
    "article:import": rule("kb_editor"),
    "article:export": rule("kb_editor lead"),
    "help:read": rule(READERS, own="requester company_viewer"),
    "case:read": rule("agent engineer lead kb_editor auditor"),
    "training:read": rule("agent engineer lead kb_editor auditor"),
    "training:plan": rule("lead kb_editor"),
    "training:acknowledge": rule("agent engineer lead kb_editor"),
}
