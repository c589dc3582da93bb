"""Giving out stream tickets, and taking each once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from services.notify.stream.domain import (
    MOST_OF_ONE,
    StreamTicket,
    TooManyStreamTickets,
    id_of,
    not_valid,
    secret_for,
)
from services.notify.stream.filters import Filters
from services.notify.stream.store import StreamTickets
from shared.auth import Principal
from shared.domain import NotFound, Origin


@dataclass(frozen=True)
class StreamTicketHandlers:
    store: StreamTickets
    key: str
    lives: timedelta
    now: Callable[[], datetime]

    async def issue(self, who: Principal, filters: Filters, by: Origin) -> tuple[str, StreamTicket]:
        """And what opens the stream, which nobody sees again. Raises Invalid, TooManyStreamTickets."""
        filters.check_filled("body.events")
        if await self.store.unused(who.sub) >= MOST_OF_ONE:
            raise TooManyStreamTickets(
                f"at most {MOST_OF_ONE}; they end within {self.lives.seconds} seconds",
                f"最多 {MOST_OF_ONE} 个，{self.lives.seconds} 秒内失效",
            )
        secret = secret_for(by, self.key)
        ticket = StreamTicket.of(secret, who, filters, self.now(), self.lives)
        return secret, await self.store.add(ticket, [], Origin(by.actor, by.cause))

    async def redeem(self, secret: str) -> StreamTicket:
        """Raises Unauthenticated. Of two who come with it at the same time, one is refused."""
        try:
            return await self.store.change(
                id_of(secret), partial(StreamTicket.redeem, now=self.now()), Origin.service("notify")
            )
        except NotFound as error:
            raise not_valid() from error
