"""Keys are made, shown once, rotated and revoked, and exchanged for tokens."""

import base64
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import jwt
import pytest

from services.notify.app import create_app
from shared.testing import ADMIN, AUDITOR, LEAD, Servers, World, running

KEYS, TOKEN = "/v1/api-keys", "/oauth2/token"
ERP = {"name": "ERP", "scopes": ["ticket:read", "message:post"], "days": 30}
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, create_app) as world:
        yield world


@pytest.fixture
async def admin(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    async with world.as_(ADMIN, "notify") as client:
        yield client


@pytest.fixture
async def machine(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    async with world.as_(None, "notify") as client:
        yield client


async def made(admin: httpx2.AsyncClient, **facts: object) -> Any:
    answer = await admin.post(KEYS, json={**ERP, **facts})
    assert answer.status_code == 201, answer.text
    return answer.json()


def form(key: Any, **more: str) -> dict[str, str]:
    return {**GRANT, "client_id": key["id"], "client_secret": key["secret"], **more}


def basic(id: str, secret: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{id}:{secret}".encode()).decode()}


async def test_a_secret_is_shown_once_and_kept_nowhere(admin: httpx2.AsyncClient, world: World) -> None:
    again = {"idempotency-key": "once"}
    first, second = [await admin.post(KEYS, json=ERP, headers=again) for _ in range(2)]
    key = first.json()
    assert (first.status_code, first.headers["cache-control"], key["secret"][:5]) == (201, "no-store", "bhsk_")
    assert (second.json()["id"], second.json()["secret"]) == (key["id"], None)
    listed = await admin.get(KEYS)
    read = await admin.get(f"{KEYS}/{key['id']}")
    assert [one["hint"] for one in listed.json()["items"]] == [key["secret"][:11]]
    assert key["secret"] not in listed.text + read.text
    stored = [document async for document in world.runtimes["notify"].database["apikey"].find({})]
    assert key["secret"] not in str(stored)
    assert "PRIVATE KEY" not in str(stored)


async def test_who_may_not_keep_keys(world: World) -> None:
    for who, may_read in ((LEAD, False), (AUDITOR, True)):
        async with world.as_(who, "notify") as client:
            assert (await client.post(KEYS, json=ERP)).status_code == 403
            assert (await client.get(KEYS)).status_code == (200 if may_read else 403)


@pytest.mark.parametrize(
    "body",
    [
        {"scopes": []},
        {"scopes": ["ticket:close"]},
        {"scopes": ["*"]},
        {"days": 0},
        {"days": 367},
        {"name": ""},
        {"roles": ["admin"]},
        {"scopes": ["ticket:read"] * 41},
    ],
)
async def test_what_a_key_cannot_be(admin: httpx2.AsyncClient, body: dict[str, object]) -> None:
    assert (await admin.post(KEYS, json={**ERP, **body})).status_code == 422


async def test_a_key_is_exchanged_in_both_ways(admin: httpx2.AsyncClient, machine: httpx2.AsyncClient) -> None:
    key = await made(admin)
    in_form = await machine.post(TOKEN, data=form(key))
    by_basic = await machine.post(TOKEN, data=GRANT, headers=basic(key["id"], key["secret"]))
    [public] = (await machine.get("/oauth2/jwks")).json()["keys"]
    for answer in (in_form, by_basic):
        said = answer.json()
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert (said["token_type"], said["scope"]) == ("Bearer", "message:post ticket:read")
        claims = jwt.decode(
            said["access_token"],
            jwt.PyJWK(public),
            algorithms=["ES256"],
            audience="bihuan",
            issuer="http://desk.test/oauth2",
            options={"verify_exp": False, "verify_iat": False},
        )
        assert (claims["sub"], claims["exp"] - claims["iat"]) == (f"api-key:{key['id']}", said["expires_in"])
    fewer = await machine.post(TOKEN, data=form(key, scope="ticket:read"))
    assert fewer.json()["scope"] == "ticket:read"
    assert "d" not in public


async def test_what_is_not_exchanged(admin: httpx2.AsyncClient, machine: httpx2.AsyncClient) -> None:
    key, other = await made(admin), await made(admin, name="other")
    wrong: list[tuple[dict[str, str], dict[str, str], int, str]] = [
        (form(key, client_secret=other["secret"]), {}, 401, "invalid_client"),
        (form(key, client_secret=""), {}, 401, "invalid_client"),
        (form(key, client_id="AK-0"), {}, 401, "invalid_client"),
        (form(key, client_id="x" * 300), {}, 401, "invalid_client"),
        (GRANT, {}, 401, "invalid_client"),
        (GRANT, basic(key["id"], "no"), 401, "invalid_client"),
        (GRANT, {"authorization": "Basic ä"}, 401, "invalid_client"),
        (GRANT, {"authorization": "Basic bm8="}, 401, "invalid_client"),
        (GRANT, {"authorization": f"Bearer {key['secret']}"}, 401, "invalid_client"),
        (form(key), basic(key["id"], key["secret"]), 400, "invalid_request"),
        (form(key, grant_type="password"), {}, 400, "unsupported_grant_type"),
        ({"client_id": key["id"], "client_secret": key["secret"]}, {}, 400, "invalid_request"),
        (form(key, scope="ticket:open"), {}, 400, "invalid_scope"),
        (form(key, scope="ticket:read ticket:open"), {}, 400, "invalid_scope"),
    ]
    for data, headers, status, error in wrong:
        encoded = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
        answer = await machine.post(TOKEN, data=data, headers=encoded)
        assert (answer.status_code, answer.json()["error"]) == (status, error), data
        assert key["secret"] not in answer.text
    twice = await machine.post(
        TOKEN,
        content=b"grant_type=client_credentials&grant_type=client_credentials",
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert twice.json()["error"] == "invalid_request"
    assert (await machine.post(TOKEN, json=form(key))).json()["error"] == "invalid_request"
    assert (await machine.post(TOKEN, data=form(key, scope="x" * 5000))).status_code == 413


async def test_a_rotated_key_works_with_both_secrets_for_a_while(
    admin: httpx2.AsyncClient, machine: httpx2.AsyncClient, world: World
) -> None:
    key = await made(admin)
    new = (await admin.post(f"{KEYS}/{key['id']}/rotation", json={"overlap_hours": 2, "days": 90})).json()
    assert new["secret"] not in (None, key["secret"])
    assert [(await machine.post(TOKEN, data=form(one))).status_code for one in (key, new)] == [200, 200]
    assert len((await machine.get("/oauth2/jwks")).json()["keys"]) == 2
    await world.pass_time(hours=2)
    assert [(await machine.post(TOKEN, data=form(one))).status_code for one in (key, new)] == [401, 200]
    assert len((await machine.get("/oauth2/jwks")).json()["keys"]) == 1


async def test_a_revoked_or_expired_key_is_over(
    admin: httpx2.AsyncClient, machine: httpx2.AsyncClient, world: World
) -> None:
    revoked, expiring = await made(admin), await made(admin, days=1)
    told = (await admin.post(f"{KEYS}/{revoked['id']}/revocation")).json()
    assert (told["state"], told["revoked_by"], told["hint"]) == ("revoked", ADMIN.sub, "")
    await world.pass_time(hours=25)
    for key in (revoked, expiring):
        assert (await machine.post(TOKEN, data=form(key))).json()["error"] == "invalid_client"
    [unused] = (await machine.get("/oauth2/jwks")).json()["keys"]  # to the gateway a set without any were a failure
    assert (unused["kid"], unused["kty"], unused["alg"]) == ("unused", "EC", "ES256")
    assert (await admin.post(f"{KEYS}/{revoked['id']}/rotation", json={})).status_code == 409
    assert (await admin.post(f"{KEYS}/{expiring['id']}/rotation", json={})).status_code == 201
    assert len((await admin.get(KEYS)).json()["items"]) == 2


async def test_when_it_was_used_is_noted_once_a_minute(
    admin: httpx2.AsyncClient, machine: httpx2.AsyncClient, world: World
) -> None:
    key = await made(admin)
    assert key["last_used_at"] is None
    seen = []
    for seconds in (0, 30, 40):
        await world.pass_time(seconds=seconds)
        await machine.post(TOKEN, data=form(key))
        seen.append((await admin.get(f"{KEYS}/{key['id']}")).json()["last_used_at"])
    assert seen[0] == seen[1] != seen[2]


async def test_no_log_line_has_a_secret(
    admin: httpx2.AsyncClient, machine: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        key = await made(admin)
        token = (await machine.post(TOKEN, data=form(key))).json()["access_token"]
        await machine.post(TOKEN, data=form(key, client_secret=key["secret"][:-1]))
        await machine.post(TOKEN, data=GRANT, headers=basic(key["id"], key["secret"]))
    told = json.dumps([record.getMessage() for record in caplog.records])
    assert key["secret"][:-1] not in told
    assert token.rpartition(".")[2] not in told
