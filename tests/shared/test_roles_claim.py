"""Roles that stand where a provider such as Keycloak puts them, through whole requests to a running service."""

import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import jwt
import pytest
from fastapi import FastAPI

from services.intake.app import create_app
from shared.service import Runtime
from shared.testing import ISSUER, WANG, Servers, World, running
from tests.shared.test_claims import ODDITIES

TICKET = {"title": "V3.2 crashes on export", "description": "The program ends when I export a report."}


def of_keycloak(runtime: Runtime) -> FastAPI:
    runtime.settings = runtime.settings.model_copy(update={"roles_claim": "realm_access.roles"})
    return create_app(runtime)


of_keycloak.__module__ = create_app.__module__  # by which a world names the service


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, of_keycloak) as world:
        yield world


def headers(servers: Servers, claims: dict[str, Any] | str, sub: str = WANG.sub) -> dict[str, str]:
    """As it stands, a text too: our own library would not write some of these."""
    now = int(time.time())
    known = {"iss": ISSUER, "aud": "bihuan", "sub": sub, "iat": now, "exp": now + 60}
    more = claims if isinstance(claims, str) else json.dumps(claims)[1:-1]
    text = f"{json.dumps(known)[:-1]}, {more}}}" if more else json.dumps(known)
    token = jwt.PyJWS().encode(text.encode(), servers.key, "ES256", {"kid": "test", "typ": "at+jwt"})
    return {"Authorization": f"Bearer {token}"}


async def lists(client: httpx2.AsyncClient, servers: Servers, claims: dict[str, Any] | str, sub: str = WANG.sub) -> int:
    return (await client.get("/v1/tickets", headers=headers(servers, claims, sub))).status_code


@pytest.mark.parametrize(
    "said",
    [["offline_access", "requester"], "offline_access requester", "offline_access,requester", " requester ,"],
)
async def test_a_role_lets_do_what_it_lets_do_and_no_more(world: World, servers: Servers, said: Any) -> None:
    claims = {"realm_access": {"roles": said}, "company": WANG.company, "name": WANG.name}
    async with world.as_(None, "intake") as client:
        opened = await client.post("/v1/tickets", json=TICKET, headers=headers(servers, claims))
        assert opened.status_code == 201
        place = f"/v1/tickets/{opened.json()['ticket']}"
        assert (await client.get(place, headers=headers(servers, claims))).json()["contact"]["sub"] == WANG.sub
        assert (await client.get(place, headers=headers(servers, claims, "u-other"))).status_code == 404
        completion = await client.post(f"{place}/completion", json={"reason": "x"}, headers=headers(servers, claims))
        assert completion.status_code == 403
        staff = {"realm_access": {"roles": ["lead"] if isinstance(said, list) else "lead"}}
        assert (await client.get(place, headers=headers(servers, staff, "l-qian"))).status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"roles": ["admin", "lead"]},
        {"realm_access.roles": ["lead"]},
        {"realm_access": ["lead"]},
        {"realm_access": "lead"},
        {"realm_access": None},
        {"realm_access": {}},
        {"realm_access": {"roles": []}},
        {"realm_access": {"roles": ""}},
        {"realm_access": {"roles": None}},
        {"realm_access": {"roles": ["LEAD", "lead ", "default-roles-desk"]}},
        {"realm_access": {"Roles": ["lead"]}},
        {"realm_access": {"realm_access": {"roles": ["lead"]}}},
    ],
)
async def test_without_a_role_at_that_place_nobody_may_do_anything(
    world: World, servers: Servers, claims: dict[str, Any]
) -> None:
    async with world.as_(None, "intake") as client:
        assert await lists(client, servers, claims) == 403


@pytest.mark.parametrize("said", [True, 5, 1.5, {}, {"lead": True}, [["lead"]], ["lead", 5], ["lead", None], [{}]])
async def test_roles_of_another_shape_sign_nobody_in(world: World, servers: Servers, said: Any) -> None:
    async with world.as_(None, "intake") as client:
        assert await lists(client, servers, {"realm_access": {"roles": said}}) == 401


async def test_no_claim_of_any_kind_makes_an_internal_error(world: World, servers: Servers) -> None:
    deep = "[" * 40_000 + "]" * 40_000
    raw = [f'"realm_access": {deep}', f'"realm_access": {{"roles": {deep}}}', '"realm_access": {"roles": NaN}']
    raw += [
        '"realm_access": {"roles": 1e999}',
        f'"realm_access": {{"roles": {"9" * 5000}}}',
        '"realm_access": {"roles"',
    ]
    odd: list[dict[str, Any] | str] = [*raw, *({"realm_access": o} for o in ODDITIES)]
    async with world.as_(None, "intake") as client:
        for claims in [*odd, *({"realm_access": {"roles": o}} for o in ODDITIES)]:
            assert await lists(client, servers, claims) in (401, 403), claims
        twice = '"realm_access": {"roles": ["requester"]}, "realm_access": {"roles": []}'
        assert await lists(client, servers, twice) == 403
