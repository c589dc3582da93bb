"""Who a machine client is, what it may do, and with which secrets it shows that it is the one."""

import hashlib
import hmac
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import AwareDatetime

from shared.domain import Aggregate, Conflict, Invalid, Value
from shared.events import Event
from shared.scopes import SCOPES
from shared.terms import API_KEY, Text

MOST_KEYS = 200
TOKEN_LIVES = timedelta(minutes=5)
SEEN_EVERY = timedelta(minutes=1)  # more often it is not written that a key was used


class TooManyKeys(Conflict):
    title = Text("Too many API keys", "API 密钥数量已达上限")


class Revoked(Conflict):
    title = Text("The API key is revoked", "API 密钥已吊销")


class KeyState(StrEnum):
    ACTIVE = "active"
    REVOKED = "revoked"


class KeySecret(Value):
    """Of the secret only its SHA-256 is kept: it is 256 random bits, which nobody guesses. Tokens for it are signed
    with a key of its own: `jwk` is the public part, `sealed` the private one. `until`: it counts beside its successor
    until then."""

    digest: str
    hint: str
    kid: str
    jwk: dict[str, Any]
    sealed: str
    until: AwareDatetime | None = None


class ApiKey(Aggregate):
    """`secrets`: the newest first."""

    prefix: ClassVar[str] = "AK-"

    name: str
    scopes: list[str]
    secrets: list[KeySecret]
    expires_at: AwareDatetime
    created_at: AwareDatetime
    created_by: str = ""
    state: KeyState = KeyState.ACTIVE
    revoked_at: AwareDatetime | None = None
    revoked_by: str = ""
    last_used_at: AwareDatetime | None = None

    @property
    def sub(self) -> str:
        return API_KEY + self.id

    def live_secrets(self, now: datetime) -> list[KeySecret]:
        if self.state is not KeyState.ACTIVE or now >= self.expires_at:
            return []
        return [one for one in self.secrets if one.until is None or now < one.until]

    def secret(self, given: str, now: datetime) -> KeySecret | None:
        """The one that was given; how long it takes says nothing of how near it was."""
        digest = digest_of(given)
        fits = [one for one in self.live_secrets(now) if hmac.compare_digest(one.digest, digest)]
        return fits[0] if fits else None

    def token_ends(self, secret: KeySecret, now: datetime) -> datetime:
        return min(now + TOKEN_LIVES, self.expires_at, secret.until or self.expires_at)

    def rotate(self, new: KeySecret, expires_at: datetime, overlap: timedelta, now: datetime) -> list[Event]:
        """The newest secret so far counts a while longer, one before that no more. Raises Revoked."""
        if self.state is not KeyState.ACTIVE:
            raise Revoked("Make a new one", "请创建新的密钥")
        before = [self.secrets[0].model_copy(update={"until": now + overlap})] if overlap else []
        self.secrets, self.expires_at = [new, *before], expires_at
        return []

    def revoke(self, by: str, now: datetime) -> list[Event]:
        """For good: what could sign is gone."""
        if self.state is KeyState.ACTIVE:
            self.state, self.secrets, self.revoked_at, self.revoked_by = KeyState.REVOKED, [], now, by
        return []

    def see(self, now: datetime) -> list[Event]:
        self.last_used_at = max(now, self.last_used_at or now)
        return []

    def is_seen(self, now: datetime) -> bool:
        return self.last_used_at is not None and now - self.last_used_at < SEEN_EVERY


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def check_scopes(scopes: list[str]) -> list[str]:
    """In order, each once. Raises Invalid for what no machine client may do."""
    for scope in scopes:
        if scope not in SCOPES:
            raise Invalid(
                f"No machine client may have {scope}; there are {', '.join(SCOPES)}",
                f"系统对接账号不能拥有 {scope}；可选范围：{'、'.join(SCOPES)}",
                "body.scopes",
            )
    return sorted({*scopes})
