"""Who may do what: the terms in which each service declares its permissions, and the one function that decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from shared.domain import Forbidden
from shared.terms import Role


class Scope(StrEnum):
    """Whose resources: one's own, those of one's company too, or everybody's, which only staff have."""

    OWN = "own"
    COMPANY = "company"
    ALL = "all"


Rule = Mapping[Role, Scope]
# resource:verb -> which role may, and for whose resources. Each service declares those of its own resources.
Permissions = Mapping[str, Rule]

STAFF = "agent engineer lead"
READERS = "agent engineer lead kb_editor auditor service"


@dataclass(frozen=True)
class Principal:
    """The person or service that a token names."""

    sub: str
    roles: frozenset[Role]
    name: str = ""
    email: str = ""
    company: str = ""
    language: str = ""
    scopes: frozenset[str] | None = None  # the only permissions that count, of a machine client; None for people


def rule(everyone: str = "", **scopes: str) -> Rule:
    """Roles by scope, `everyone` for everybody's: `rule("agent engineer lead", own="requester")`."""
    given = {Role.of(role): Scope(scope) for scope, roles in scopes.items() for role in roles.split()}
    return given | {Role.of(role): Scope.ALL for role in everyone.split()}


def scopes_of(principal: Principal, rule: Rule) -> set[Scope]:
    """Every scope that one of the principal's roles gives."""
    return {rule[role] for role in principal.roles if role in rule}


def scope_of(principal: Principal, rule: Rule) -> Scope | None:
    """The widest of them: what a list may show, and whether somebody reads as staff (ALL)."""
    given = scopes_of(principal, rule)
    return next((scope for scope in (Scope.ALL, Scope.COMPANY, Scope.OWN) if scope in given), None)


def check(principal: Principal, permissions: Permissions, permission: str, owner: str = "", company: str = "") -> Scope:
    """The nearest scope by which the principal may do this to what belongs to `owner` and `company`.

    OWN: it is theirs and a role of theirs lets them act as the one whose it is. COMPANY: it is their company's. ALL: as
    staff. So of one person with two roles, requester and engineer, what they write on their own ticket is the
    customer's word, and what they write on another's is staff's. Nobody's company is no company that anybody shares.
    Raises Forbidden.
    """
    given = scopes_of(principal, permissions[permission])
    mine = bool(owner) and owner == principal.sub
    ours = mine or (bool(company) and company == principal.company)
    for scope, fits in ((Scope.OWN, mine), (Scope.COMPANY, ours), (Scope.ALL, True)):
        if scope in given and fits:
            return scope
    raise forbidden(permission)


def forbidden(permission: str) -> Forbidden:
    return Forbidden(f"You don't have permission ({permission})", f"您没有此操作的权限（{permission}）")
