"""Figures that the store is asked for when somebody reads the metrics: nobody pays for what nobody looks at."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from prometheus_client import Gauge

from shared.mongo import TRANSIENT_ERRORS

Values = Iterable[tuple[Gauge, str, float]]  # gauge, what its second label says, value
Ask = Callable[[], Awaitable[Values]]

logger = logging.getLogger(__name__)
ANEW_AFTER = 15.0  # seconds; several may read the metrics
WITHIN = 5.0
ABSENT: tuple[type[Exception], ...] = (*TRANSIENT_ERRORS, TimeoutError)


@dataclass
class Measures:
    """Of one service. A figure that cannot be had is absent, rather than what it was some time ago."""

    service: str
    _asks: list[tuple[Ask, tuple[Gauge, ...]]] = field(default_factory=list)
    _next: float = 0.0

    def add(self, ask: Ask, *gauges: Gauge) -> None:
        """`ask` says all values of these gauges; their labels are `service` and one more."""
        self._asks.append((ask, gauges))

    async def take(self) -> None:
        """At most every ANEW_AFTER seconds."""
        if (now := time.monotonic()) < self._next:
            return
        self._next = now + ANEW_AFTER
        await asyncio.gather(*(self._take(ask, gauges) for ask, gauges in self._asks))

    async def _take(self, ask: Ask, gauges: tuple[Gauge, ...]) -> None:
        values: Values = ()
        try:
            async with asyncio.timeout(WITHIN):
                values = await ask()
        except ABSENT as error:
            logger.warning("figures are missing: %s", error)
        for gauge in gauges:
            gauge.clear()
        for gauge, label, value in values:
            gauge.labels(self.service, label).set(value)
