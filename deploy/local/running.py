"""A Bihuan that somebody else runs with the development identity, such as the trial of compose."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from deploy.local.identity import ONE_DAY, Identity
from deploy.local.people import Person


class Reachable(Protocol):
    """What a client has to know of a stack."""

    @property
    def url(self) -> str: ...

    @property
    def collector_url(self) -> str: ...

    def token(self, who: Person | str, ttl: timedelta = ONE_DAY) -> str: ...


@dataclass(frozen=True)
class Running:
    url: str
    collector_url: str
    identity: Identity

    def token(self, who: Person | str, ttl: timedelta = ONE_DAY) -> str:
        return self.identity.mint(who, ttl)
