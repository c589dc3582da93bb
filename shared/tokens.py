"""Whom a bearer token names.

Tokens are JWTs of an OpenID provider (RFC 7519, RFC 9068), checked for issuer, audience, expiry and a fixed list of
algorithms, with keys from a JWKS (RFC 7517).
"""

import asyncio
import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import jwt

from shared.auth import Principal
from shared.domain import Unauthenticated, Unavailable
from shared.settings import Settings
from shared.terms import Role

ALGORITHMS = ["ES256", "RS256"]
LEEWAY = 5  # seconds
REFRESH_AT_MOST_EVERY = 60.0  # seconds, for a key id that we do not know
REMEMBERED_TOKENS = 4096


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
