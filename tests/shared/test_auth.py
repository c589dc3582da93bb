"""Who may do what, as a matrix."""

import re
from importlib import import_module
from itertools import product
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI

from deploy.services import SERVICES
from shared.auth import Principal, Scope, check, rule
from shared.domain import Forbidden
from shared.http.caller import check_declared, may
from shared.terms import Role

TABLES = {service: import_module(f"services.{service}.permissions").PERMISSIONS for service in SERVICES}
PERMISSIONS = {name: given for table in TABLES.values() for name, given in table.items()}

# A: whoever's it is. C: one's company's. O: one's own. -: never.
ROLES = ["requester", "company_viewer", "agent", "engineer", "lead", "kb_editor", "auditor", "admin", "service"]
MATRIX = """
    ticket:open            O O A A A - - - A
    ticket:read            O C A A A A A - A
    ticket:amend           O - A A A - - - -
    ticket:answer          O - A A A - - - -
    ticket:urge            O C A - A - - - -
    ticket:reopen          O - A - A - - - -
    ticket:complete        - - - - A - - - -
    ticket:cancel          O - A - A - - - -
    ticket:close           - - A - A - - - -
    ticket:merge           - - A - A - - - -
    ticket:merge_across    - - - - A - - - -
    ticket:change_many     - - A A A - - - -
    ticket:split           - - A A A - - - -
    ticket:export          - - - - A - - A -
    ticket:import          - - - - A - - A -
    ticket:watch           O C A A A - - - -
    watcher:add            - - A A A - - - -
    relation:change        - - A A A - - - -
    message:post           O - A A A - - - A
    note:post              - - A A A - - - -
    draft:manage             - - A A A - - - -
    attachment:add         O - A A A - - - -
    attachment:read        O C A A A A A - A
    quarantine:read        - - - - A - - A -
    quarantine:decide      - - - - - - - A -
    consent:give           O - - - - - - - -
    consent:record         - - A A A - - - -
    consent:revoke         O - A A A - - - -
    solution:review        O - - - - - - - -
    feedback:give          O - - - - - - - -
    call_back:record       - - A A A - - - -
    call_back_cause:read   - - A A A A A A -
    call_back_cause:change - - - - - - - A -
    link:send              - - A A A - - - -
    phone_verification:record  - - A - A - - - -
    phone_verification:confirm - - A - A - - - -
    staff:read               - - A A A A A A -
    view:manage              - - A A A A A A -
    view:share             - - - - A - - A -
    macro:manage             - - A A A - - A -
    macro:share            - - - - A - - A -
    macro:apply            - - A A A - - - -
    mail:read              - - A - A - A - -
    mail:accept            - - A - A - - - -
    call:read              - - A A A - A - -
    call:record            - - A A A - - - -
    directory:read         - - A A A - A A -
    directory:change       - - A - A - - A -
    directory:merge        - - - - A - - A -
    directory:import       - - - - A - - A -
    suggestion:ask         O O - - - - - - -
    deflection:read        - - - - A - A A -
    product:read           A A A A A A A A A
    product:change         - - - - A - - A -
    ticket_form:read       A A A A A A A A A
    ticket_form:change     - - - - - - - A -
    erasure:request        - - - - - - - A -
    erasure:confirm        - - - - A - - A -
    erasure:read           - - - - A - A A -
    customer:read          - - A A A - A A -
    customer:merge         - - - - A - - A -
    queue:read             - - A A A - A - -
    work:read              - - A A A A A - -
    work:claim             - - - A A - - - -
    work:assign            - - - - A - - - -
    work:do                - - - A A - - - -
    work:release           - - - A A - - - -
    work:transfer          - - - A A - - - -
    work:escalate          - - - A A - - - -
    work:classify          - - - A A - - - -
    consultation:hold      - - - - A - - - -
    category:read          - - A A A A A A -
    category:manage        - - - - - - - A -
    diagnosis_rule:read    - - A A A - A A -
    diagnosis_rule:manage  - - - - A - - A -
    learned_model:read     - - - A A - A A -
    learned_model:manage   - - - - A - - A -
    presence:manage          - - A A A - - - -
    presence:read          - - A A A - A - -
    incident:read          - - A A A - A - -
    incident:edit          - - - A A - - - -
    incident:decide        - - - A A - - - -
    team:read              - - A A A - A A -
    team:change            - - - - A - - A -
    engineer:read          - - A A A A A A -
    engineer:manage        - - - - A - - A -
    engineer:available     - - - O A - - - -
    remote_tool:read       - - A A A - A A -
    remote_tool:manage     - - - - - - - A -
    third_party:read       - - A A A - A A -
    third_party:manage     - - - - A - - A -
    third_party_system:read    - - A A A - A A -
    third_party_system:manage  - - - - - - - A -
    clock:read             - - A A A A A - A
    policy:read            - - A A A - A A -
    policy:change          - - - - - - - A -
    calendar:read          - - A A A - A A -
    calendar:change        - - - - - - - A -
    figure:read            - C - - A - A A -
    review:read            - - - A A A A A -
    review:make            - - - - A - - A -
    statistics:read        - - - - A - A A -
    what_if:ask            - - - - A - - A -
    article:read           - - A A A A A - A
    article:write          - - - A A A - - -
    article:approve        - - - - A A - - -
    article:publish        - - - - - A - - -
    article:reuse          - - - A A - - - -
    article:import         - - - - - A - - -
    article:export         - - - - A A - - -
    help:read              O O A A A A A - A
    case:read              - - A A A A A - -
    training:read          - - A A A A A - -
    training:plan          - - - - A A - - -
    training:acknowledge   - - A A A A - - -
    notification:read      O O A O A O A A -
    notification:resend    - - A - A - - A -
    suspended_address:read     - - A - A - A A -
    suspended_address:release  - - A - A - - A -
    contact_task:read      - - A A A - A A -
    contact_task:do        - - A A A - - - -
    notification_preference:read    O O O O O O A A -
    notification_preference:change  O O O O O O O A -
    notification_template:read     - - - - A - A A -
    notification_template:change   - - - - - - - A -
    stream:read            O C A A A A A A A
    api_key:read           - - - - - - A A -
    api_key:manage           - - - - - - - A -
    webhook:read           - - - - - - A A -
    webhook:manage           - - - - - - - A -
    dead_letter:read       - - - - - - A A -
    dead_letter:replay     - - - - - - - A -
"""
EXPECTED = {row.split()[0]: row.split()[1:] for row in MATRIX.strip().splitlines()}
RESOURCES = {"own": ("u-1", "ours"), "company": ("u-2", "ours"), "foreign": ("u-3", "theirs"), "nobody's": ("", "")}
REACH = {"A": {"own", "company", "foreign", "nobody's"}, "C": {"own", "company"}, "O": {"own"}, "-": set[str]()}


def allowed(principal: Principal, permission: str, owner: str, company: str) -> bool:
    try:
        check(principal, PERMISSIONS, permission, owner, company)
    except Forbidden:
        return False
    return True


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_every_role_may_do_what_the_matrix_says_and_no_more(permission: str) -> None:
    for role, letter in zip(ROLES, EXPECTED[permission], strict=True):
        principal = Principal("u-1", frozenset({Role.of(role)}), company="ours")
        reach = {name for name, (owner, company) in RESOURCES.items() if allowed(principal, permission, owner, company)}
        assert reach == REACH[letter], f"{role} {permission}"


def test_one_service_declares_each_permission() -> None:
    assert len(PERMISSIONS) == sum(map(len, TABLES.values()))


ASKED = re.compile(r'(?:may|check|sees_all|scope_of)\(\s*"(\w+:\w+)"|PERMISSIONS(?:, |\[)"(\w+:\w+)"')


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_asks_for_all_that_it_declares_and_for_nothing_else(service: str) -> None:
    texts = [path.read_text(encoding="utf-8") for path in Path("services", service).rglob("*.py")]
    asked = {one or other for text in texts for one, other in ASKED.findall(text)}
    assert asked == set(TABLES[service])


def test_a_route_that_asks_for_what_nobody_declares_is_found_at_start() -> None:
    router = APIRouter()
    router.add_api_route("/things", lambda: None, dependencies=[may("thing:read")])
    outer = APIRouter()
    outer.include_router(router, prefix="/all")
    app = FastAPI()
    app.include_router(outer)
    check_declared(app, {"thing:read": rule("lead")})
    with pytest.raises(LookupError, match="/all/things asks for thing:read"):
        check_declared(app, {"thing:write": rule("lead")})


def test_the_matrix_names_every_permission_and_every_role() -> None:
    assert list(EXPECTED) == list(PERMISSIONS)
    assert [role.value for role in Role] == ROLES


def both(*roles: Role) -> Principal:
    return Principal("u-1", frozenset(roles), company="ours")


def scope(principal: Principal, permission: str, owner: str, company: str) -> Scope | None:
    try:
        return check(principal, PERMISSIONS, permission, owner, company)
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
        ((Role.REQUESTER, Role.ENGINEER), "solution:review", Scope.OWN, None),
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
    assert not allowed(viewer, "ticket:read", "u-2", "")
