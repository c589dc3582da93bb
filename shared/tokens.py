"""Whom a bearer token names.

Tokens are JWTs of an OpenID provider (RFC 7519, RFC 9068), checked for issuer, audience, expiry and a fixed list of
algorithms, with keys from a JWKS (RFC 7517).
"""

import asyncio
import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import jwt

from shared.auth import Principal
from shared.claims import invalid_token, is_access_token, machine_of, principal_of
from shared.domain import Unauthenticated, Unavailable
from shared.settings import Settings

ALGORITHMS = ("ES256", "RS256")
LEEWAY = 5  # seconds
REMEMBERED_TOKENS = 4096
REVOKED_WITHIN = 5.0  # seconds, an API key, on every replica
# What a signed token of a strange provider can still raise: numbers without end, lists where a number belongs, depth.
ODD = (TypeError, ValueError, OverflowError, RecursionError)


@dataclass
class Keys:
    """The provider's public keys, from a JWKS by URL or from a file.

    An unknown key id is looked up again, at most every `refresh` seconds however many ask; and all keys are, every
    `max_age` seconds, so that a key which the provider took back ends here too. While the provider does not answer,
    the keys that are known go on. `may_be_empty`: that there are none is an answer, and ends those that were known.
    """

    location: str
    refresh: float = 5.0
    max_age: float = 300.0
    may_be_empty: bool = False
    _keys: dict[str, jwt.PyJWK] = field(default_factory=dict)
    _body: str = ""
    _fetched: float = float("-inf")
    _tried: float = float("-inf")
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def get(self, kid: str) -> jwt.PyJWK:
        """Raises Unauthenticated for an unknown key, Unavailable when the provider does not answer."""
        known = kid in self._keys
        if not known or (self._is_due(kid) and not self._lock.locked()):
            async with self._lock:  # whoever needs the result of a lookup that is under way waits for it
                if self._is_due(kid):
                    await self._fetch()
        if kid not in self._keys:
            if self._tried > self._fetched:
                raise _no_answer()
            raise invalid_token()
        return self._keys[kid]

    def _is_due(self, kid: str) -> bool:
        now = time.monotonic()
        if now - self._tried < self.refresh:
            return False
        return kid not in self._keys or now - self._fetched >= self.max_age

    async def _fetch(self) -> None:
        self._tried = time.monotonic()
        try:
            body = await self._read()
            if body != self._body:  # otherwise the keys stay the same objects
                is_empty = self.may_be_empty and json.loads(body) == {"keys": []}  # which is no set to the library
                found = [] if is_empty else jwt.PyJWKSet.from_json(body).keys
                self._keys = {key.key_id: key for key in found if key.key_id and key.algorithm_name in ALGORITHMS}
                self._body = body
        except (httpx2.HTTPError, OSError, jwt.PyJWTError, ValueError, AttributeError, TypeError) as error:
            if not self._keys:
                raise _no_answer() from error
        else:
            self._fetched = self._tried

    async def _read(self) -> str:
        if not self.location.startswith(("http://", "https://")):
            return await asyncio.to_thread(Path(self.location).read_text, encoding="utf-8")
        async with httpx2.AsyncClient(timeout=3, trust_env=False) as client:
            answer = await client.get(self.location)
            answer.raise_for_status()
            return answer.text


class _Issuer(NamedTuple):
    """Who signs for whom; `at_jwt_only` as of the settings."""

    name: str
    keys: Keys
    principal: Callable[[Mapping[str, Any]], Principal]
    at_jwt_only: bool


class _Known(NamedTuple):
    expires: float
    kid: str
    key: jwt.PyJWK
    keys: Keys
    principal: Principal


class TokenVerifier:
    """Turns a bearer token into a principal: people's by the identity provider's keys, those for API keys by our own.
    Tokens that were checked are remembered until they expire or their key ends."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        keys = Keys(settings.jwks, settings.jwks_refresh, settings.jwks_max_age)
        person = partial(principal_of, roles_claim=settings.roles_claim, company_claim=settings.company_claim)
        self._issuers = {settings.issuer: _Issuer(settings.issuer, keys, person, settings.at_jwt_only)}
        if settings.api_keys_jwks and settings.api_keys_issuer not in self._issuers:
            # each API key has signing keys of its own, so one that is revoked ends with the next look at the keys
            keys = Keys(settings.api_keys_jwks, settings.jwks_refresh, REVOKED_WITHIN, may_be_empty=True)
            own = _Issuer(settings.api_keys_issuer, keys, machine_of, at_jwt_only=True)
            self._issuers[own.name] = own
        self._known: OrderedDict[bytes, _Known] = OrderedDict()

    async def principal(self, authorization: str) -> Principal:
        """Raises Unauthenticated for a missing, forged or expired token, Unavailable while there are no keys."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("A bearer token is required", "缺少 Bearer 令牌")
        token = token.strip(" ")
        digest = hashlib.sha256(token.encode()).digest()
        if known := self._known.get(digest):
            if time.time() < known.expires + LEEWAY and await known.keys.get(known.kid) is known.key:
                return known.principal
            self._known.pop(digest, None)
        known = self._known[digest] = await self._verify(token)
        if len(self._known) > REMEMBERED_TOKENS:
            self._known.popitem(last=False)
        return known.principal

    async def _verify(self, token: str) -> _Known:
        settings = self._settings
        try:
            unverified = jwt.decode_complete(token, options={"verify_signature": False})
            header = unverified["header"]
            issuer = self._issuers.get(unverified["payload"].get("iss", ""))
            if issuer is None:
                raise invalid_token()
            kid = str(header.get("kid", ""))
            key = await issuer.keys.get(kid)
            claims = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],  # the key says which, never the token
                audience=settings.audience,
                issuer=issuer.name,
                leeway=LEEWAY,
                options={"require": ["exp", "iat", "sub", "iss", "aud"]},
            )
            expires = float(claims["exp"])
        except jwt.ExpiredSignatureError as error:
            raise Unauthenticated("The token has expired", "令牌已过期") from error
        except (jwt.PyJWTError, *ODD) as error:
            raise invalid_token() from error
        if not is_access_token(header.get("typ"), claims, issuer.at_jwt_only):
            raise Unauthenticated("The token is not an access token", "该令牌不是访问令牌")
        return _Known(expires, kid, key, issuer.keys, issuer.principal(claims))


def _no_answer() -> Unavailable:
    return Unavailable("The sign-in service is not responding", "登录服务无响应")
