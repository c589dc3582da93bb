"""Stream tickets: for browsers, whose event sources send no token. One opens one stream, once, within seconds, for who
asked for it and with the filters that they asked for."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from pydantic import AwareDatetime, Field

from services.notify.stream.filters import Filters
from shared.auth import Principal
from shared.domain import Aggregate, Origin, Refusal, Unauthenticated
from shared.events import Event, wire_time
from shared.terms import Role, Text

PREFIX = "stream_"  # by which what is logged hides it, see shared.masking and the gateway
MOST_OF_ONE = 30  # stream tickets of one person that nobody has used yet


class TooManyStreamTickets(Refusal):
    status = 429
    title = Text("You have too many unused stream tickets", "您未使用的实时连接凭证过多")


class StreamTicket(Aggregate):
    """Its id is a hash: what is stored opens nothing. Who it is for is as their token said."""

    sub: str
    roles: list[Role] = Field(default_factory=list)
    name: str = ""
    email: str = ""
    company: str = ""
    language: str = ""
    filters: Filters
    expires_at: AwareDatetime
    redeemed_at: AwareDatetime | None = None

    @classmethod
    def of(cls, secret: str, who: Principal, filters: Filters, now: datetime, lives: timedelta) -> "StreamTicket":
        return cls(
            id=id_of(secret),
            sub=who.sub,
            roles=sorted(who.roles),
            name=who.name,
            email=who.email,
            company=who.company,
            language=who.language,
            filters=filters,
            expires_at=wire_time(now + lives),
        )

    @property
    def principal(self) -> Principal:
        return Principal(self.sub, frozenset(self.roles), self.name, self.email, self.company, self.language)

    def redeem(self, now: datetime) -> list[Event]:
        """Once. Raises Unauthenticated."""
        if self.redeemed_at or now >= self.expires_at:
            raise not_valid()
        self.redeemed_at = now
        return []


def not_valid() -> Unauthenticated:
    return Unauthenticated(
        "The stream ticket is unknown, used or expired; ask for a new one",
        "实时连接凭证不存在、已使用或已过期，请重新获取",
    )


def secret_for(by: Origin, key: str) -> str:
    """A new one; the same for a request that is sent again with its idempotency key."""
    if by.key:
        digest = hmac.new(key.encode(), f"stream ticket\n{by.key}\n{by.digest}".encode(), hashlib.sha256)
        return f"{PREFIX}{digest.hexdigest()}"
    return f"{PREFIX}{secrets.token_hex(32)}"


def id_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
