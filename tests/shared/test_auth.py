"""Who may do what, as a matrix; and everything that is not a valid token or link."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import shared.tokens
from shared.auth import PERMISSIONS, Principal, check
from shared.domain import Forbidden, Unauthenticated, Unavailable
from shared.links import Link, Links
from shared.settings import Settings
from shared.terms import Role
from shared.testing import ISSUER, NOON, SECRET, Servers, settings_of
from shared.tokens import Gatekeeper, Keys

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
    link:issue             - - A A A - - - -
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


def test_of_several_roles_the_widest_counts() -> None:
    both = Principal("u-1", frozenset({Role.REQUESTER, Role.COMPANY_VIEWER}), company="ours")
    assert may(both, "ticket:read", "u-2", "ours")
    assert not may(both, "ticket:amend", "u-2", "ours")


def test_nobody_without_a_company_shares_it_with_others_without_one() -> None:
    viewer = Principal("u-1", frozenset({Role.COMPANY_VIEWER}))
    assert not may(viewer, "ticket:read", "u-2", "")


# ---- tokens -------------------------------------------------------------------------------------


@pytest.fixture
def settings(servers: Servers) -> Settings:
    return settings_of(servers, "t")


@pytest.fixture
def gatekeeper(settings: Settings) -> Gatekeeper:
    return Gatekeeper(settings)


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


def forged(servers: Servers) -> dict[str, str]:
    def sign(claims: dict[str, Any], **headers: str) -> str:
        return jwt.encode(claims, servers.key, algorithm="ES256", headers={"kid": "test", **headers})

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
        "rubbish": "rubbish",
        "a link": Links(SECRET, "").url(LINK, NOON, timedelta(days=9999)).rpartition("/")[2],
    }


LINK = Link("T-1", "accept_solution", "u-1", "王敏", "zh", "n-1")
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
    "rubbish",
    "a link",
]


@pytest.mark.parametrize("kind", FORGERIES)
async def test_what_is_no_valid_token_signs_nobody_in(gatekeeper: Gatekeeper, servers: Servers, kind: str) -> None:
    (servers.jwks.parent / "stranger").mkdir(exist_ok=True)
    with pytest.raises(Unauthenticated):
        await gatekeeper.principal(f"Bearer {forged(servers)[kind]}")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic dTpw", "token"])
async def test_without_a_bearer_token_nobody_is_signed_in(gatekeeper: Gatekeeper, header: str) -> None:
    with pytest.raises(Unauthenticated):
        await gatekeeper.principal(header)


async def test_a_valid_token_names_a_person(gatekeeper: Gatekeeper, servers: Servers) -> None:
    token = servers.token("u-1", "requester", "no such role", name="王敏", email="w@h.example", company="H", lang="zh")
    principal = await gatekeeper.principal(f"bearer {token}")
    assert principal == Principal("u-1", frozenset({Role.REQUESTER}), "王敏", "w@h.example", "H", "zh")
    assert not principal.is_staff


async def test_a_token_that_was_remembered_still_expires(gatekeeper: Gatekeeper, servers: Servers) -> None:
    token = servers.token("u-1", "lead", lifetime=-3)  # three seconds ago: within the leeway for another two
    assert (await gatekeeper.principal(f"Bearer {token}")).sub == "u-1"
    await asyncio.sleep(2.5)
    with pytest.raises(Unauthenticated, match="expired"):
        await gatekeeper.principal(f"Bearer {token}")


# ---- the provider's keys ------------------------------------------------------------------------


class Provider:
    """An identity provider's JWKS on a socket."""

    def __init__(self) -> None:
        self.body = b""
        self.status = 200
        self.asked = 0
        provider = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.asked += 1
                self.send_response(provider.status)
                self.send_header("Content-Length", str(len(provider.body)))
                self.end_headers()
                self.wfile.write(provider.body)

            def log_message(self, format: str, *args: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_port}/jwks.json"

    def publish(self, jwks: Path, *kids: str) -> None:
        [key] = json.loads(jwks.read_text())["keys"]
        self.body = json.dumps({"keys": [{**key, "kid": kid} for kid in kids]}).encode()


@contextmanager
def provider_of(servers: Servers) -> Iterator[Provider]:
    provider = Provider()
    provider.publish(servers.jwks, "test")
    thread = Thread(target=provider.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        provider.server.shutdown()
        thread.join()
        provider.server.server_close()


@pytest.fixture
def provider(servers: Servers) -> Iterator[Provider]:
    with provider_of(servers) as provider:
        yield provider


async def test_keys_come_from_the_provider_once(provider: Provider, settings: Settings, servers: Servers) -> None:
    gatekeeper = Gatekeeper(settings.model_copy(update={"jwks": provider.url}))
    for i in range(5):
        assert (await gatekeeper.principal(f"Bearer {servers.token(f'u-{i}', 'lead')}")).sub == f"u-{i}"
    assert provider.asked == 1


async def test_an_unknown_key_is_looked_up_again_but_rarely(
    provider: Provider, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = Keys(provider.url)
    await keys.get("test")
    provider.publish(servers.jwks, "new")
    with pytest.raises(Unauthenticated):
        await keys.get("new")
    assert provider.asked == 1
    monkeypatch.setattr(shared.tokens, "REFRESH_AT_MOST_EVERY", 0.0)
    assert await keys.get("new")
    with pytest.raises(Unauthenticated):
        await keys.get("test")


async def test_a_provider_that_is_away_is_no_wrong_token(settings: Settings, servers: Servers) -> None:
    with provider_of(servers) as provider:
        gatekeeper = Gatekeeper(settings.model_copy(update={"jwks": provider.url}))
    with pytest.raises(Unavailable):
        await gatekeeper.principal(f"Bearer {servers.token('u-1', 'lead')}")


@pytest.mark.parametrize(("status", "body"), [(500, b""), (200, b"<html>"), (200, b'{"keys": []}'), (200, b"[1]")])
async def test_a_provider_that_answers_nonsense_is_away(provider: Provider, status: int, body: bytes) -> None:
    provider.status, provider.body = status, body
    with pytest.raises(Unavailable):
        await Keys(provider.url).get("test")


async def test_who_is_known_gets_in_while_the_provider_is_away(settings: Settings, servers: Servers) -> None:
    with provider_of(servers) as provider:
        gatekeeper = Gatekeeper(settings.model_copy(update={"jwks": provider.url}))
        await gatekeeper.principal(f"Bearer {servers.token('u-1', 'lead')}")
    assert (await gatekeeper.principal(f"Bearer {servers.token('u-2', 'lead')}")).sub == "u-2"


# ---- links --------------------------------------------------------------------------------------

LINKS = Links(SECRET, "http://desk.test/")


def token_of(url: str) -> str:
    return url.rpartition("/")[2]


def test_a_link_is_read_as_it_was_written() -> None:
    url = LINKS.url(LINK, NOON, timedelta(days=1))
    assert url.startswith("http://desk.test/api/intake/links/")
    assert LINKS.read(token_of(url), NOON + timedelta(hours=23)) == LINK


def test_a_link_expires() -> None:
    token = token_of(LINKS.url(LINK, NOON, timedelta(days=1)))
    with pytest.raises(Unauthenticated, match="expired"):
        LINKS.read(token, NOON + timedelta(days=1, seconds=1))


def test_a_forged_link_is_none(servers: Servers) -> None:
    token = token_of(LINKS.url(LINK, NOON, timedelta(days=1)))
    head, _, signature = token.split(".")
    later = {"aud": "bihuan-link", "exp": 9e9, "sub": "u-1", "ticket": "T-2", "action": "x", "jti": "n"}
    others = {
        "another secret": token_of(Links("another secret, and long enough too", "").url(LINK, NOON, timedelta(days=1))),
        "other content": f"{head}.{part(later).decode()}.{signature}",
        "unsigned": jwt.encode(later, "", "none"),
        "another audience": jwt.encode({**later, "aud": "bihuan"}, SECRET, "HS256"),
        "no ticket": jwt.encode({k: v for k, v in later.items() if k != "ticket"}, SECRET, "HS256"),
        "no expiry": jwt.encode({k: v for k, v in later.items() if k != "exp"}, SECRET, "HS256"),
        "a token": servers.token("u-1", "lead"),
        "rubbish": "rubbish",
    }
    for other in others.values():
        with pytest.raises(Unauthenticated, match="not valid"):
            LINKS.read(other, NOON)
