"""Who may do what, as a matrix."""

from itertools import product

import pytest

from shared.auth import PERMISSIONS, Principal, Scope, check
from shared.domain import Forbidden
from shared.terms import Role

# A: whoever's it is. C: one's company's. O: one's own. -: never.
ROLES = ["requester", "company_viewer", "agent", "engineer", "lead", "kb_editor", "auditor", "admin", "service"]
MATRIX = """
    ticket:open            O O A A A - - - -
    ticket:read            O C A A A A A - A
    ticket:amend           O - A A A - - - -
    ticket:answer          O - A A A - - - -
    ticket:reopen          O - A - A - - - -
    ticket:complete        - - - - A - - - -
    message:post           O - A A A - - - -
    note:post              - - A A A - - - -
    attachment:add         O - A A A - - - -
    attachment:read        O C A A A A A - A
    consent:give           O - - - - - - - -
    consent:record         - - A A A - - - -
    consent:revoke         O - A A A - - - -
    solution:judge         O - - - - - - - -
    feedback:give          O - - - - - - - -
    call_back:record       - - A A A - - - -
    link:send              - - A A A - - - -
    phone_verification:record  - - A - A - - - -
    phone_verification:confirm - - A - A - - - -
    customer:read          - - A A A - A A -
    customer:merge         - - - - A - - A -
    queue:read             - - A A A - A - -
    work:read              - - A A A A A - -
    work:claim             - - - A A - - - -
    work:assign            - - - - A - - - -
    work:do                - - - A A - - - -
    work:release           - - - A A - - - -
    work:classify          - - - A A - - - -
    consultation:hold      - - - - A - - - -
    engineer:read          - - A A A - A A -
    engineer:manage        - - - - A - - A -
    engineer:available     - - - O A - - - -
    clock:read             - - A A A A A - A
    policy:read            - - A A A - A A -
    policy:change          - - - - - - - A -
    calendar:read          - - A A A - A A -
    calendar:change        - - - - - - - A -
    statistics:read        - - - - A - A A -
    article:search         - - A A A A A - A
    article:read           - - A A A A A - A
    article:write          - - - A A A - - -
    article:approve        - - - - A A - - -
    article:publish        - - - - - A - - -
    article:reuse          - - - A A - - - -
    case:read              - - A A A A A - -
    delivery:read          O O A O A O A A -
    stream:read            O O A A A - A A A
    dead_letter:read       - - - - - - A A -
    dead_letter:replay     - - - - - - - A -
"""
EXPECTED = {row.split()[0]: row.split()[1:] for row in MATRIX.strip().splitlines()}
RESOURCES = {"own": ("u-1", "ours"), "company": ("u-2", "ours"), "foreign": ("u-3", "theirs"), "nobody's": ("", "")}
REACH = {"A": {"own", "company", "foreign", "nobody's"}, "C": {"own", "company"}, "O": {"own"}, "-": set[str]()}


def may(principal: Principal, permission: str, owner: str, company: str) -> bool:
    try:
        check(principal, permission, owner, company)
    except Forbidden:
        return False
    return True


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_every_role_may_do_what_the_matrix_says_and_no_more(permission: str) -> None:
    for role, letter in zip(ROLES, EXPECTED[permission], strict=True):
        principal = Principal("u-1", frozenset({Role.of(role)}), company="ours")
        reach = {name for name, (owner, company) in RESOURCES.items() if may(principal, permission, owner, company)}
        assert reach == REACH[letter], f"{role} {permission}"


def test_the_matrix_names_every_permission_and_every_role() -> None:
    assert list(EXPECTED) == list(PERMISSIONS)
    assert [role.value for role in Role] == ROLES


def both(*roles: Role) -> Principal:
    return Principal("u-1", frozenset(roles), company="ours")


def scope(principal: Principal, permission: str, owner: str, company: str) -> Scope | None:
    try:
        return check(principal, permission, owner, company)
    except Forbidden:
        return None


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_of_two_roles_each_gives_what_it_gives_and_no_more(permission: str) -> None:
    for first, second, (owner, company) in product(Role, Role, RESOURCES.values()):
        alone = {scope(both(role), permission, owner, company) for role in (first, second)} - {None}
        together = scope(both(first, second), permission, owner, company)
        assert together == next((s for s in (Scope.OWN, Scope.COMPANY, Scope.ALL) if s in alone), None)


@pytest.mark.parametrize(
    ("roles", "permission", "own", "foreign"),
    [
        ((Role.REQUESTER, Role.ENGINEER), "message:post", Scope.OWN, Scope.ALL),
        ((Role.REQUESTER, Role.ENGINEER), "solution:judge", Scope.OWN, None),
        ((Role.REQUESTER, Role.AUDITOR), "ticket:open", Scope.OWN, None),
        ((Role.REQUESTER, Role.AUDITOR), "message:post", Scope.OWN, None),
        ((Role.REQUESTER, Role.AUDITOR), "ticket:read", Scope.OWN, Scope.ALL),
        ((Role.ENGINEER,), "message:post", Scope.ALL, Scope.ALL),
        ((Role.COMPANY_VIEWER, Role.LEAD), "ticket:read", Scope.COMPANY, Scope.ALL),
    ],
)
def test_who_is_customer_and_staff_is_the_customer_on_their_own_ticket(
    roles: tuple[Role, ...], permission: str, own: Scope, foreign: Scope | None
) -> None:
    assert scope(both(*roles), permission, "u-1", "ours") == own
    assert scope(both(*roles), permission, "u-3", "theirs") == foreign


def test_nobody_without_a_company_shares_it_with_others_without_one() -> None:
    viewer = Principal("u-1", frozenset({Role.COMPANY_VIEWER}))
    assert not may(viewer, "ticket:read", "u-2", "")
