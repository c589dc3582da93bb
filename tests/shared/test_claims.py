"""What claims are taken for, whatever their type; and that nobody gets by them into another's place."""

import json
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any

import jwt
import pytest
from fastapi import APIRouter, FastAPI

from shared.auth import Principal, rule
from shared.claims import find, principal_of
from shared.domain import Unauthenticated
from shared.http import Caller, may
from shared.service import Runtime, serve
from shared.terms import Role
from shared.testing import ISSUER, Servers, World, running

ODDITIES: list[Any] = [None, True, 5, 1.5, 10**400, "", "\x00", "\ud800", [], [[]], [{}], {}, {"a": {"b": []}}]


def read(roles_claim: str = "roles", company_claim: str = "company", **claims: Any) -> Principal:
    return principal_of({"sub": "u-1", **claims}, roles_claim, company_claim)


# ---- who


@pytest.mark.parametrize(
    "sub",
    ["u-1", "auth0|5f7c", "google-oauth2|108", "王敏", "a b", "wang@huadong.example", "x" * 255, "roles", "x:role:y"],
)
def test_a_subject_is_taken_whole(sub: str) -> None:
    assert read(sub=sub).sub == sub


@pytest.mark.parametrize(
    "sub",
    [
        "x" * 256,
        "role:kb_editor",
        "Role:kb_editor",
        "mailto:wang@huadong.example",
        "service:sla",
        "channel:email",
        "link:n-1",
        "a\nb",
        "a\x7fb",
        "a\u202eb",
        "a\u2028b",
        *(odd for odd in ODDITIES if odd != "u-1"),
    ],
)
def test_what_could_be_taken_for_something_else_is_no_subject(sub: Any) -> None:
    with pytest.raises(Unauthenticated):
        read(sub=sub)


# ---- roles

LEAD_AND_EDITOR = frozenset({Role.LEAD, Role.KB_EDITOR})


@pytest.mark.parametrize(
    ("said", "roles"),
    [
        (["lead", "kb_editor", "default-roles-desk"], LEAD_AND_EDITOR),
        ("lead kb_editor", LEAD_AND_EDITOR),
        ("lead,kb_editor", LEAD_AND_EDITOR),
        (" lead, kb_editor ,", LEAD_AND_EDITOR),
        ("", frozenset()),
        (None, frozenset()),
        ([], frozenset()),
        (["LEAD", "lead "], frozenset()),
    ],
)
def test_roles_are_a_list_or_a_text(said: Any, roles: frozenset[Role]) -> None:
    assert read(roles=said).roles == roles


@pytest.mark.parametrize("said", [True, 0, 5, {}, [{}], [[]], [None], ["lead", 5], [{"name": "lead"}], {"lead": True}])
def test_roles_of_another_shape_are_refused(said: Any) -> None:
    with pytest.raises(Unauthenticated):
        read(roles=said)


@pytest.mark.parametrize(
    ("claim", "claims"),
    [
        ("realm_access.roles", {"realm_access": {"roles": ["lead"]}, "roles": ["admin"]}),
        ("resource_access.bihuan.roles", {"resource_access": {"bihuan": {"roles": ["lead"]}}}),
        ("scope", {"scope": "openid lead"}),
        ("https://bihuan.example/roles", {"https://bihuan.example/roles": ["lead"]}),
        ("cognito:groups", {"cognito:groups": ["lead"]}),
    ],
)
def test_roles_stand_where_the_setting_says(claim: str, claims: dict[str, Any]) -> None:
    assert read(roles_claim=claim, **claims).roles == {Role.LEAD}


@pytest.mark.parametrize("odd", ODDITIES)
def test_a_way_that_leads_nowhere_ends_in_nothing(odd: Any) -> None:
    assert find({"realm_access": odd}, "realm_access.roles.x") is None


# ---- company, and what is only shown


def test_a_company_is_taken_whole_or_not_at_all() -> None:
    assert read(company="华东贸易有限公司").company == "华东贸易有限公司"
    assert read(company_claim="org.name", org={"name": "H"}, company="other").company == "H"
    assert [read(company=said).company for said in (None, "", " ")] == ["", "", ""]
    assert read(company="x" * 200).company == "x" * 200
    for said in ("x" * 201, "a\nb", 5, True, ["H"], {"name": "H"}):
        with pytest.raises(Unauthenticated):
            read(company=said)


@pytest.mark.parametrize("odd", ODDITIES)
def test_odd_names_and_addresses_are_left_out(odd: Any) -> None:
    person = read(name=odd, email=odd, lang=odd)
    assert (person.name, person.email, person.language) == ("", "", "")


@pytest.mark.parametrize(
    ("said", "email"),
    [
        ("wang@huadong.example", "wang@huadong.example"),
        ("a\x01@b.cc", ""),
        ("a b@c.de", ""),
        ("@b.cc", ""),
        ("a@", ""),
        ("x" * 250 + "@b.cc", ""),
    ],
)
def test_an_address_is_one_or_none(said: str, email: str) -> None:
    assert read(email=said).email == email


def test_a_name_is_shortened_and_shows_nothing_hidden() -> None:
    assert read(name="王\u202e敏\n" + "x" * 300).name == "王敏" + "x" * 198


# ---- over HTTP

PERMISSIONS = {"work:do": rule("engineer lead")}
router = APIRouter()


@router.get("/things")
async def things(caller: Annotated[Caller, may("work:do")]) -> str:
    return caller.sub


def create_app(runtime: Runtime) -> FastAPI:
    return serve("shared", lambda runtime: None, [router], PERMISSIONS, runtime)


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, create_app) as world:
        yield world


def token(servers: Servers, **claims: Any) -> str:
    """Signed as it stands: our own library would not write some of these."""
    now = int(time.time())
    known = {"iss": ISSUER, "aud": "bihuan", "sub": "u-1", "iat": now, "exp": now + 60, "roles": ["lead"], **claims}
    return jwt.PyJWS().encode(json.dumps(known).encode(), servers.key, "ES256", {"kid": "test", "typ": "at+jwt"})


CLAIMS = ["sub", "roles", "company", "name", "email", "lang", "typ", "iss", "aud", "exp", "iat", "nbf", "jti", "x"]


@pytest.mark.parametrize("name", CLAIMS)
async def test_no_claim_of_any_kind_makes_an_internal_error(world: World, servers: Servers, name: str) -> None:
    async with world.as_(None, "shared") as client:
        for odd in ODDITIES:
            answer = await client.get("/things", headers={"Authorization": f"Bearer {token(servers, **{name: odd})}"})
            assert answer.status_code in (200, 401, 403), odd
        whole = await client.get("/things", headers={"Authorization": f"Bearer {token(servers, sub='auth0|5f7c')}"})
    assert (whole.status_code, whole.json()) == (200, "auth0|5f7c")
