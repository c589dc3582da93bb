"""Keeping API keys, and exchanging them for access tokens."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from services.notify.api_keys.domain import MOST_KEYS, ApiKey, KeyState, TooManyKeys, check_scopes
from services.notify.api_keys.signing import Signer, unused_key
from services.notify.api_keys.store import ApiKeys
from shared.domain import NotFound, Origin
from shared.service import Now

SELF = Origin.service("notify")


@dataclass(frozen=True)
class Token:
    """`seconds`: how long it is valid."""

    token: str
    seconds: int
    scopes: list[str]


class Denied(Exception):
    """`error` as RFC 6749 (5.2) has it."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


@dataclass(frozen=True)
class ApiKeyHandlers:
    store: ApiKeys
    signer: Signer
    now: Now

    async def add(self, name: str, scopes: list[str], days: int, by: Origin) -> tuple[ApiKey, str]:
        """And its secret, which nobody sees again; empty when the same request has added it before. Raises Invalid,
        TooManyKeys."""
        if await self.store.count({"state": KeyState.ACTIVE.value}) >= MOST_KEYS:
            raise TooManyKeys(
                f"There can be at most {MOST_KEYS}: revoke some", f"最多 {MOST_KEYS} 个，请先吊销不用的密钥"
            )
        secret, kept = self.signer.new_secret()
        key = ApiKey(
            id=ApiKey.prefix + hashlib.sha256((by.key or uuid4().hex).encode()).hexdigest()[:16],
            name=name,
            scopes=check_scopes(scopes),
            secrets=[kept],
            expires_at=self.now() + timedelta(days=days),
            created_at=self.now(),
            created_by=by.actor,
        )
        added = await self.store.add(key, [], by)
        return added, secret if added is key else ""

    async def rotate(self, id: str, days: int, overlap: timedelta, by: Origin) -> tuple[ApiKey, str]:
        """And the new secret, which nobody sees again; empty when the same request has made it before. Raises NotFound,
        Revoked, Stale."""
        secret, kept = self.signer.new_secret()
        now = self.now()
        decide = partial(ApiKey.rotate, new=kept, expires_at=now + timedelta(days=days), overlap=overlap, now=now)
        key = await self.store.change(id, decide, by)
        return key, secret if key.secrets and key.secrets[0].kid == kept.kid else ""

    async def revoke(self, id: str, by: Origin) -> ApiKey:
        """No token for it counts any more within some seconds, on every replica. Raises NotFound, Stale."""
        return await self.store.change(id, partial(ApiKey.revoke, by=by.actor, now=self.now()), by)

    async def exchange(self, id: str, secret: str, scopes: list[str] | None) -> Token:
        """`scopes`: fewer than the key has; None for all. Raises Denied."""
        now = self.now()
        key = await self._find(id)
        known = key.secret(secret, now) if key else None
        if key is None or known is None:
            raise Denied("invalid_client")
        given = key.scopes if scopes is None else [one for one in key.scopes if one in scopes]
        if not given or not {*(scopes or ())} <= {*key.scopes}:
            raise Denied("invalid_scope")
        token = self.signer.token(key, known, given, now)
        if not key.is_seen(now):
            await self.store.change(id, partial(ApiKey.see, now=now), SELF)
        return Token(token, int((key.token_ends(known, now) - now).total_seconds()), given)

    async def jwks(self) -> dict[str, Any]:
        """The public keys of every secret that counts, or one that signs for nobody. What is not among them signs for
        nobody either."""
        now = self.now()
        keys = [one.jwk for key in await self.store.active() for one in key.live_secrets(now)]
        return {"keys": keys or [unused_key()]}

    async def _find(self, id: str) -> ApiKey | None:
        try:
            return await self.store.get(id)
        except NotFound:
            return None
