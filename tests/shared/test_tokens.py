"""Everything that is not a valid token."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shared.auth import Principal
from shared.domain import Unauthenticated
from shared.links import Link, Links
from shared.settings import Settings
from shared.terms import Role
from shared.testing import ISSUER, NOON, SECRET, Servers, settings_of
from shared.tokens import TokenVerifier


@pytest.fixture
def settings(servers: Servers) -> Settings:
    return settings_of(servers, "t")


@pytest.fixture
def verifier(settings: Settings) -> TokenVerifier:
    return TokenVerifier(settings)


def claims(**other: Any) -> dict[str, Any]:
    now = int(time.time())
    return {"iss": ISSUER, "aud": "bihuan", "sub": "u-1", "iat": now, "exp": now + 60, "roles": ["lead"], **other}


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in claims().items() if key != name}


def part(value: dict[str, Any]) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")


def signed_with_the_public_key(servers: Servers) -> str:
    """The classic confusion: the public key, which everybody has, as the secret of HS256."""
    public = servers.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    message = part({"alg": "HS256", "kid": "test", "typ": "JWT"}) + b"." + part(claims())
    signature = base64.urlsafe_b64encode(hmac.digest(public, message, hashlib.sha256)).rstrip(b"=")
    return (message + b"." + signature).decode()


def with_another_algorithm(servers: Servers) -> str:
    """The id of an elliptic curve key under an algorithm for RSA keys."""
    _, content, signature = servers.token("u-1", "lead").split(".")
    return f"{part({'alg': 'RS256', 'kid': 'test', 'typ': 'at+jwt'}).decode()}.{content}.{signature}"


def forged(servers: Servers) -> dict[str, str]:
    def sign(claims: dict[str, Any], **headers: Any) -> str:
        typed = {"kid": "test", "typ": "at+jwt", **headers}
        return jwt.PyJWS().encode(json.dumps(claims).encode(), servers.key, "ES256", typed)

    stranger = jwt.encode(claims(), Servers.make_key(servers.jwks.parent / "stranger")[0], "ES256", {"kid": "test"})
    good = sign(claims())
    head, _, signature = good.split(".")
    return {
        "expired": sign(claims(exp=int(time.time()) - 60)),
        "wrong issuer": sign(claims(iss="https://id.evil/")),
        "wrong audience": sign(claims(aud="another")),
        "no expiry": sign(without("exp")),
        "no subject": sign(without("sub")),
        "no audience": sign(without("aud")),
        "no issuer": sign(without("iss")),
        "no issue time": sign(without("iat")),
        "not yet valid": sign(claims(nbf=int(time.time()) + 60)),
        "unsigned": jwt.encode(claims(), "", "none", {"kid": "test"}),
        "signed with the public key": signed_with_the_public_key(servers),
        "unknown key": sign(claims(), kid="another"),
        "another's key": stranger,
        "other content": f"{head}.{part(claims(sub='admin')).decode()}.{signature}",
        "another algorithm": with_another_algorithm(servers),
        "an id token": sign(claims(nonce="n", at_hash="h"), typ="JWT"),
        "an id token of keycloak": sign(claims(typ="ID"), typ="JWT"),
        "a refresh token": sign(claims(typ="Refresh"), typ="JWT"),
        "another type": sign(claims(), typ="logout+jwt"),
        "endless expiry": sign(claims(exp=float("inf"))),
        "a list as expiry": sign(claims(exp=[1])),
        "an object as audience": sign(claims(aud={"bihuan": 1})),
        "a number as audience": sign(claims(aud=5)),
        "a list as issuer": sign(claims(iss=[ISSUER])),
        "a number as subject": sign(claims(sub=5)),
        "rubbish": "rubbish",
        "no ascii": "\u4e2d.\u6587.\u5b57",
        "a deep header": f"{DEEP}.{DEEP}.{signature}",
        "a link": Links(SECRET, "").url(LINK, NOON, timedelta(days=9999)).rpartition("/")[2],
    }


LINK = Link("T-1", "accept_solution", "u-1", "王敏", "zh", "n-1")
DEEP = base64.urlsafe_b64encode(b"[" * 40_000).decode().rstrip("=")
FORGERIES = [
    "expired",
    "wrong issuer",
    "wrong audience",
    "no expiry",
    "no subject",
    "no audience",
    "no issuer",
    "no issue time",
    "not yet valid",
    "unsigned",
    "signed with the public key",
    "unknown key",
    "another's key",
    "other content",
    "another algorithm",
    "an id token",
    "an id token of keycloak",
    "a refresh token",
    "another type",
    "endless expiry",
    "a list as expiry",
    "an object as audience",
    "a number as audience",
    "a list as issuer",
    "a number as subject",
    "rubbish",
    "no ascii",
    "a deep header",
    "a link",
]


@pytest.mark.parametrize("kind", FORGERIES)
async def test_what_is_no_valid_token_signs_nobody_in(verifier: TokenVerifier, servers: Servers, kind: str) -> None:
    (servers.jwks.parent / "stranger").mkdir(exist_ok=True)
    with pytest.raises(Unauthenticated):
        await verifier.principal(f"Bearer {forged(servers)[kind]}")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic dTpw", "token"])
async def test_without_a_bearer_token_nobody_is_signed_in(verifier: TokenVerifier, header: str) -> None:
    with pytest.raises(Unauthenticated):
        await verifier.principal(header)


async def test_every_forgery_is_tried(servers: Servers) -> None:
    (servers.jwks.parent / "stranger").mkdir(exist_ok=True)
    assert list(forged(servers)) == FORGERIES


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
async def test_a_valid_token_names_a_person(verifier: TokenVerifier, servers: Servers, scheme: str) -> None:
    token = servers.token("u-1", "requester", "no such role", name="王敏", email="w@h.example", company="H", lang="zh")
    principal = await verifier.principal(f"{scheme} {token}")
    assert principal == Principal("u-1", frozenset({Role.REQUESTER}), "王敏", "w@h.example", "H", "zh")


@pytest.mark.parametrize(
    ("typ", "more", "strict", "taken"),
    [
        ("at+jwt", {}, False, True),
        ("application/AT+JWT", {}, True, True),
        ("at+jwt", {"nonce": "n"}, True, True),
        ("JWT", {}, False, True),
        (None, {}, False, True),
        ("JWT", {"typ": "Bearer", "nonce": "n"}, False, True),  # Keycloak
        ("JWT", {}, True, False),
        (None, {}, True, False),
        ("JWT", {"nonce": "n"}, False, False),
        (None, {"c_hash": "h"}, False, False),
        ("secevent+jwt", {}, False, False),
    ],
)
async def test_only_access_tokens_count(
    settings: Settings, servers: Servers, typ: str | None, more: dict[str, Any], strict: bool, taken: bool
) -> None:
    verifier = TokenVerifier(settings.model_copy(update={"at_jwt_only": strict}))
    token = jwt.encode(claims(**more), servers.key, "ES256", {"kid": "test", "typ": typ})
    if taken:
        assert (await verifier.principal(f"Bearer {token}")).sub == "u-1"
    else:
        with pytest.raises(Unauthenticated):
            await verifier.principal(f"Bearer {token}")


async def test_a_token_that_was_remembered_still_expires(verifier: TokenVerifier, servers: Servers) -> None:
    token = servers.token("u-1", "lead", lifetime=-1)  # a second ago: within the leeway for another four
    assert (await verifier.principal(f"Bearer {token}")).sub == "u-1"

    async def until_refused() -> None:
        for _ in range(100):
            await verifier.principal(f"Bearer {token}")
            await asyncio.sleep(0.2)

    with pytest.raises(Unauthenticated, match="expired"):
        await until_refused()
