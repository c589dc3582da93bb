"""What a machine client may be given: the permissions of the role `service`, of all services, by name. A key has those
that it was made with; the services' own tables say, as for everybody, what each allows."""

from collections.abc import Mapping

from shared.auth import Permissions, Principal, Rule

SCOPES = (
    "article:read",
    "attachment:read",
    "clock:read",
    "help:read",
    "message:post",
    "product:read",
    "stream:read",
    "ticket:open",
    "ticket:read",
    "ticket_form:read",
)
NOTHING: Rule = {}


def limited(permissions: Permissions, principal: Principal) -> Permissions:
    """Those that count for this caller."""
    if principal.scopes is None:
        return permissions
    scopes = principal.scopes
    found: Mapping[str, Rule] = {name: rule if name in scopes else NOTHING for name, rule in permissions.items()}
    return found
