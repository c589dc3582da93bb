"""Who is calling, and who may do what: one table, one function.

Tokens are JWTs of an OpenID provider (RFC 7519, RFC 9068), checked for issuer, audience, expiry and a fixed list of
algorithms, with keys from a JWKS (RFC 7517). Customers who act without signing in hold a signed, expiring link.
"""

import asyncio
import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import httpx2
import jwt

from shared.domain import Forbidden, Unauthenticated, Unavailable
from shared.settings import Settings
from shared.terms import Role

ALGORITHMS = ["ES256", "RS256"]
LEEWAY = 5  # seconds
REFRESH_AT_MOST_EVERY = 60.0  # seconds, for a key id that we do not know
REMEMBERED_TOKENS = 4096
LINK_AUDIENCE = "bihuan-link"
STAFF = (Role.AGENT, Role.ENGINEER, Role.LEAD)


class Scope(StrEnum):
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

    @property
    def is_staff(self) -> bool:
        return not self.roles.isdisjoint({*STAFF, Role.KB_EDITOR, Role.AUDITOR, Role.ADMIN, Role.SERVICE})


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
    "link:issue": _rule(_STAFF),
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


def scope_of(principal: Principal, permission: str) -> Scope | None:
    """The widest scope that one of the principal's roles gives for `resource:verb`."""
    rule = PERMISSIONS[permission]
    given = {rule[role] for role in principal.roles if role in rule}
    return next((scope for scope in (Scope.ALL, Scope.COMPANY, Scope.OWN) if scope in given), None)


def check(principal: Principal, permission: str, owner: str = "", company: str = "") -> Scope:
    """Raises Forbidden unless the principal may do this to what belongs to `owner` and `company`."""
    scope = scope_of(principal, permission)
    mine = bool(owner) and owner == principal.sub
    ours = bool(company) and company == principal.company
    if scope is Scope.ALL or (scope is Scope.OWN and mine) or (scope is Scope.COMPANY and (mine or ours)):
        return scope
    raise Forbidden(f"{permission} is not yours to do", f"您没有此操作的权限（{permission}）")


@dataclass
class Keys:
    """The provider's public keys, from a JWKS by URL or from a file. An unknown key id is looked up again, rarely."""

    location: str
    _keys: dict[str, Any] = field(default_factory=dict)
    _fetched: float = -REFRESH_AT_MOST_EVERY
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def get(self, kid: str) -> Any:
        """Raises Unauthenticated for an unknown key, Unavailable when the provider does not answer."""
        if kid not in self._keys and time.monotonic() - self._fetched >= REFRESH_AT_MOST_EVERY:
            async with self._lock:
                if kid not in self._keys and time.monotonic() - self._fetched >= REFRESH_AT_MOST_EVERY:
                    await self._fetch()
        if kid not in self._keys:
            raise _not_valid()
        return self._keys[kid]

    async def _fetch(self) -> None:
        try:
            if self.location.startswith(("http://", "https://")):
                async with httpx2.AsyncClient(timeout=3, trust_env=False) as client:
                    answer = await client.get(self.location)
                    answer.raise_for_status()
                    body = answer.text
            else:
                body = await asyncio.to_thread(Path(self.location).read_text, encoding="utf-8")
            keys = jwt.PyJWKSet.from_json(body).keys
        except (httpx2.HTTPError, OSError, jwt.PyJWKSetError, ValueError, AttributeError) as error:  # or no JWKS
            raise Unavailable("the sign-in service does not answer", "登录服务无应答") from error
        self._fetched = time.monotonic()
        self._keys = {key.key_id: key.key for key in keys if key.key_id}


class Gatekeeper:
    """Turns a bearer token into a principal. Tokens that were checked are remembered until they expire."""

    def __init__(self, settings: Settings) -> None:
        self._issuer = settings.issuer
        self._audience = settings.audience
        self._keys = Keys(settings.jwks)
        self._known: OrderedDict[bytes, tuple[float, Principal]] = OrderedDict()

    async def principal(self, authorization: str) -> Principal:
        """Raises Unauthenticated for a missing, forged or expired token."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("a bearer token is needed", "需要 Bearer 令牌")
        digest = hashlib.sha256(token.encode()).digest()
        if known := self._known.get(digest):
            expires, principal = known
            if time.time() < expires + LEEWAY:
                return principal
            del self._known[digest]
        expires, principal = await self._verify(token)
        self._known[digest] = (expires, principal)
        if len(self._known) > REMEMBERED_TOKENS:
            self._known.popitem(last=False)
        return principal

    async def _verify(self, token: str) -> tuple[float, Principal]:
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS:
                raise _not_valid()
            key = await self._keys.get(str(header.get("kid", "")))
            claims = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "iat", "sub", "iss", "aud"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise Unauthenticated("the token has expired", "令牌已过期") from error
        except jwt.PyJWTError as error:
            raise _not_valid() from error
        known = set(Role)
        roles = frozenset(Role.of(role) for role in claims.get("roles", []) if role in known)
        words = {key: str(claims.get(key, ""))[:200] for key in ("name", "email", "company")}
        principal = Principal(str(claims["sub"])[:80], roles, language=str(claims.get("lang", ""))[:8], **words)
        return float(claims["exp"]), principal


def _not_valid() -> Unauthenticated:
    return Unauthenticated("the token is not valid", "令牌无效")


@dataclass(frozen=True)
class Link:
    """What a customer may do without signing in: one `action` on one ticket, in this person's name."""

    ticket: str
    action: str
    sub: str
    name: str
    language: str
    nonce: str


class Links:
    """Signs and reads links (JWT, HS256, with an audience of their own so that no token passes for a link)."""

    def __init__(self, secret: str, public_url: str) -> None:
        self._secret = secret
        self._public_url = public_url.rstrip("/")

    def url(self, link: Link, now: datetime, valid_for: timedelta) -> str:
        claims = {
            "aud": LINK_AUDIENCE,
            "iat": int(now.timestamp()),
            "exp": int((now + valid_for).timestamp()),
            "sub": link.sub,
            "ticket": link.ticket,
            "action": link.action,
            "name": link.name,
            "lang": link.language,
            "jti": link.nonce,
        }
        return f"{self._public_url}/api/intake/links/{jwt.encode(claims, self._secret, algorithm='HS256')}"

    def read(self, token: str, now: datetime) -> Link:
        """Raises Unauthenticated for a forged or expired link."""
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                audience=LINK_AUDIENCE,
                options={
                    "require": ["exp", "sub", "ticket", "action", "jti"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
        except jwt.PyJWTError as error:
            raise Unauthenticated("the link is not valid", "链接无效") from error
        if claims["exp"] < now.timestamp():
            raise Unauthenticated("the link has expired; please ask for a new one", "链接已过期，请重新获取")
        return Link(
            claims["ticket"],
            claims["action"],
            claims["sub"],
            claims.get("name", ""),
            claims.get("lang", ""),
            claims["jti"],
        )
