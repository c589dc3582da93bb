"""Who may do what: one table, one function."""

from dataclasses import dataclass
from enum import StrEnum

from shared.domain import Forbidden
from shared.terms import Role


class Scope(StrEnum):
    """Whose resources: one's own, those of one's company too, or everybody's, which only staff have."""

    OWN = "own"
    COMPANY = "company"
    ALL = "all"


@dataclass(frozen=True)
class Principal:
    """The person or service that a token names."""

    sub: str
    roles: frozenset[Role]
    name: str = ""
    email: str = ""
    company: str = ""
    language: str = ""


def _rule(everyone: str = "", **scopes: str) -> dict[Role, Scope]:
    """Roles by scope: `_rule(own="requester", all="agent engineer lead")`."""
    rule = {Role.of(role): Scope(scope) for scope, roles in scopes.items() for role in roles.split()}
    return rule | {Role.of(role): Scope.ALL for role in everyone.split()}


_STAFF = "agent engineer lead"
_READERS = "agent engineer lead kb_editor auditor service"
_OWN = {"own": "requester", "company": "company_viewer"}

# resource:verb -> which role may, and for whose resources. Tested as a matrix in tests/shared/test_auth.py.
PERMISSIONS: dict[str, dict[Role, Scope]] = {
    "ticket:open": _rule(_STAFF, own="requester company_viewer"),
    "ticket:read": _rule(_READERS, **_OWN),
    "ticket:amend": _rule(_STAFF, own="requester"),
    "ticket:answer": _rule(_STAFF, own="requester"),
    "ticket:reopen": _rule("agent lead", own="requester"),
    "ticket:complete": _rule("lead"),
    "message:post": _rule(_STAFF, own="requester"),
    "note:post": _rule(_STAFF),
    "attachment:add": _rule(_STAFF, own="requester"),
    "attachment:read": _rule(_READERS, **_OWN),
    "consent:give": _rule(own="requester"),
    "consent:record": _rule(_STAFF),
    "consent:revoke": _rule(_STAFF, own="requester"),
    "solution:judge": _rule(own="requester"),
    "feedback:give": _rule(own="requester"),
    "call_back:record": _rule(_STAFF),
    "link:send": _rule(_STAFF),
    "phone_verification:record": _rule("agent lead"),
    "phone_verification:confirm": _rule("agent lead"),
    "customer:read": _rule("agent engineer lead auditor admin"),
    "customer:merge": _rule("lead admin"),
    "queue:read": _rule("agent engineer lead auditor"),
    "work:read": _rule("agent engineer lead kb_editor auditor"),
    "work:claim": _rule("engineer lead"),
    "work:assign": _rule("lead"),
    "work:do": _rule("engineer lead"),
    "work:release": _rule("engineer lead"),
    "work:classify": _rule("engineer lead"),
    "consultation:hold": _rule("lead"),
    "engineer:read": _rule("agent engineer lead auditor admin"),
    "engineer:manage": _rule("lead admin"),
    "engineer:available": _rule("lead", own="engineer"),
    "clock:read": _rule(_READERS),
    "policy:read": _rule("agent engineer lead auditor admin"),
    "policy:change": _rule("admin"),
    "calendar:read": _rule("agent engineer lead auditor admin"),
    "calendar:change": _rule("admin"),
    "statistics:read": _rule("lead auditor admin"),
    "article:search": _rule("agent engineer lead kb_editor auditor service"),
    "article:read": _rule("agent engineer lead kb_editor auditor service"),
    "article:write": _rule("engineer lead kb_editor"),
    "article:approve": _rule("kb_editor lead"),
    "article:publish": _rule("kb_editor"),
    "article:reuse": _rule("engineer lead"),
    "case:read": _rule("agent engineer lead kb_editor auditor"),
    "delivery:read": _rule("agent lead auditor admin", own="requester company_viewer engineer kb_editor"),
    "stream:read": _rule("agent engineer lead auditor admin service", own="requester company_viewer"),
    "dead_letter:read": _rule("admin auditor"),
    "dead_letter:replay": _rule("admin"),
}


def scopes_of(principal: Principal, permission: str) -> set[Scope]:
    """Every scope that one of the principal's roles gives for `resource:verb`."""
    rule = PERMISSIONS[permission]
    return {rule[role] for role in principal.roles if role in rule}


def scope_of(principal: Principal, permission: str) -> Scope | None:
    """The widest of them: what a list may show, and whether somebody reads as staff (ALL)."""
    given = scopes_of(principal, permission)
    return next((scope for scope in (Scope.ALL, Scope.COMPANY, Scope.OWN) if scope in given), None)


def check(principal: Principal, permission: str, owner: str = "", company: str = "") -> Scope:
    """The nearest scope by which the principal may do this to what belongs to `owner` and `company`.

    OWN: it is theirs and a role of theirs lets them act as the one whose it is. COMPANY: it is their company's. ALL: as
    staff. So of one person with two roles, requester and engineer, what they write on their own ticket is the
    customer's word, and what they write on another's is staff's. Nobody's company is no company that anybody shares.
    Raises Forbidden.
    """
    given = scopes_of(principal, permission)
    mine = bool(owner) and owner == principal.sub
    ours = mine or (bool(company) and company == principal.company)
    for scope, fits in ((Scope.OWN, mine), (Scope.COMPANY, ours), (Scope.ALL, True)):
        if scope in given and fits:
            return scope
    raise Forbidden(f"{permission} is not yours to do", f"您没有此操作的权限（{permission}）")
