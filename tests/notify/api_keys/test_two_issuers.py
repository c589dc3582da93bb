"""Services take people's tokens and those of API keys, each for what it is worth."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import jwt
import pytest

from deploy.services import SERVICES
from services.intake.app import create_app as intake
from services.notify.app import create_app as notify
from shared.auth import Scope
from shared.scopes import SCOPES
from shared.service import Runtime, utc_now
from shared.terms import Role
from shared.testing import ADMIN, LEAD, Servers, World, running
from tests.notify.api_keys.test_api import KEYS, TOKEN, form, made
from tests.servers import serving
from tests.shared.test_auth import TABLES

FOR_A_CUSTOMER = {
    "title": "V3.2 crashes on export",
    "description": "The program ends when I export a report.",
    "customer": {"name": "王敏", "company": "华东贸易"},
    "external_id": "erp-1",
}


def test_scopes_are_what_the_role_of_services_may_do() -> None:
    may = {name: given for one in SERVICES for name, given in TABLES[one].items() if Role.SERVICE in given}
    assert sorted(may) == list(SCOPES)
    assert {given[Role.SERVICE] for given in may.values()} == {Scope.ALL}


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    """Intake asks notify for the keys, over HTTP."""
    async with running(servers, notify) as world:
        world.time = utc_now()  # tokens are looked at by the clock of the wall
        async with serving(world.apps["notify"]) as address:

            def asking(runtime: Runtime) -> Any:
                known = {"api_keys_jwks": f"{address}/oauth2/jwks", "jwks_refresh": 0.0}
                runtime.settings = runtime.settings.model_copy(update=known)
                return intake(runtime)

            asking.__module__ = intake.__module__
            await world.start(asking)
            yield world


async def key_of(world: World, *scopes: str) -> Any:
    async with world.as_(ADMIN, "notify") as admin:
        return await made(admin, scopes=list(scopes))


async def token_of(world: World, key: Any) -> str:
    async with world.as_(None, "notify") as machine:
        token: str = (await machine.post(TOKEN, data=form(key))).json()["access_token"]
    return token


async def asked(world: World, token: str, method: str = "GET", path: str = "/v1/tickets", body: Any = None) -> int:
    async with world.as_(None, "intake", authorization=f"Bearer {token}") as client:
        return (await client.request(method, path, json=body)).status_code


async def test_a_key_does_what_its_scopes_say_and_no_more(world: World) -> None:
    reads, opens = await key_of(world, "ticket:read"), await key_of(world, "ticket:open", "ticket:read")
    reading, opening = await token_of(world, reads), await token_of(world, opens)
    assert await asked(world, reading) == 200
    assert await asked(world, reading, "POST", "/v1/tickets", FOR_A_CUSTOMER) == 403
    assert await asked(world, opening, "POST", "/v1/tickets", FOR_A_CUSTOMER) == 201
    assert await asked(world, reading, "GET", "/v1/products") == 403
    async with world.as_(LEAD, "intake") as lead:
        [ticket] = (await lead.get("/v1/tickets")).json()["items"]
        assert (await lead.get(f"/v1/tickets/{ticket['ticket']}")).json()["taken_by"] == f"api-key:{opens['id']}"


async def test_a_revoked_key_ends_at_once_also_for_tokens_that_are_out(world: World) -> None:
    """The last one too, after which there are none at all."""
    first, last = await key_of(world, "ticket:read"), await key_of(world, "ticket:read")
    tokens = [await token_of(world, key) for key in (first, last)]
    assert [await asked(world, one) for one in tokens] == [200, 200]
    for key, left in ((first, [401, 200]), (last, [401, 401])):
        async with world.as_(ADMIN, "notify") as admin:
            await admin.post(f"{KEYS}/{key['id']}/revocation")
        async with asyncio.timeout(20):
            while [await asked(world, one) for one in tokens] != left:  # noqa: ASYNC110
                await asyncio.sleep(0.2)


async def test_a_key_that_has_leaked_is_rotated_without_overlap(world: World) -> None:
    key = await key_of(world, "ticket:read")
    token = await token_of(world, key)
    assert await asked(world, token) == 200
    async with world.as_(ADMIN, "notify") as admin:
        new = (await admin.post(f"{KEYS}/{key['id']}/rotation", json={"overlap_hours": 0})).json()
    async with asyncio.timeout(20):
        while await asked(world, token) != 401:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    assert await asked(world, await token_of(world, new)) == 200


def with_issuer(servers: Servers, issuer: object) -> str:
    """As no library makes it."""
    now = int(time.time())
    claims = {"iss": issuer, "aud": "bihuan", "sub": "u-1", "iat": now, "exp": now + 60, "roles": ["lead"]}
    return jwt.PyJWS().encode(json.dumps(claims).encode(), servers.key, "ES256", {"kid": "test", "typ": "at+jwt"})


async def test_neither_issuer_speaks_for_the_other(world: World, servers: Servers) -> None:
    own = "http://desk.test/oauth2"
    key = await key_of(world, "ticket:read")
    of_key = jwt.decode(await token_of(world, key), options={"verify_signature": False})
    forged = {
        "people's key, our issuer": servers.token(of_key["sub"], "admin", iss=own, scope="ticket:read"),
        "a person called like a key": servers.token(of_key["sub"], "lead"),
        "another issuer": servers.token("u-1", "lead", iss="https://elsewhere.example/"),
        "an issuer that is a list": with_issuer(servers, [own]),
        "no issuer": servers.token("u-1", "lead", iss=""),
        "the secret itself": key["secret"],
    }
    assert {name: await asked(world, token) for name, token in forged.items()} == dict.fromkeys(forged, 401)
    assert await asked(world, servers.token("u-1", "lead", scope="nothing")) == 200


async def test_without_the_setting_there_are_none(servers: Servers) -> None:
    async with running(servers, notify) as world:
        world.time = utc_now()
        key = await key_of(world, "stream:read")
        async with world.as_(None, "notify", authorization=f"Bearer {await token_of(world, key)}") as client:
            assert (await client.get("/v1/notifications")).status_code == 401
