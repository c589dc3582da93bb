"""Circuit breakers: an account of which nothing is taken any more is left alone for a while, so that neither it is
flooded when it comes back, nor what waits for it uses up its tries.

Each process keeps its own: that another one has to find out too costs a few tries.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

logger = logging.getLogger(__name__)
TRIPS_AFTER = 5  # failures in a row that are the account's
PAUSES = tuple(timedelta(seconds=one) for one in (15, 30, 60, 120, 300))
PROBE_WITHIN = timedelta(seconds=45)  # longer than any try takes: meanwhile no other is made


@dataclass
class Breaker:
    failures: int = 0
    trips: int = 0
    until: datetime | None = None


@dataclass
class Breakers:
    """By account: `email`, `wecom:desk`."""

    _known: dict[str, Breaker] = field(default_factory=dict)

    def paused_until(self, account: str, now: datetime) -> datetime | None:
        """None when it may be tried, or somebody is trying whether it may."""
        known = self._known.get(account)
        return known.until if known and known.until and now < known.until else None

    def open_until(self, account: str, now: datetime) -> datetime | None:
        """None when it may be tried. After the pause one may, and only when that has worked the others."""
        known = self._known.get(account)
        if known is None or known.until is None:
            return None
        if now < known.until:
            return known.until
        known.until = now + PROBE_WITHIN
        return None

    def failed(self, account: str, now: datetime, asked: timedelta) -> None:
        """Not because of the message. `asked` is how long the account wants to be left alone, if it said so."""
        known = self._known.setdefault(account, Breaker())
        known.failures += 1
        if known.failures < TRIPS_AFTER and not asked:
            return
        pause = max(asked, PAUSES[min(known.trips, len(PAUSES) - 1)] if known.failures >= TRIPS_AFTER else asked)
        known.trips += known.failures >= TRIPS_AFTER
        known.until = now + pause
        logger.warning("%s is left alone for %d seconds after %d failures", account, pause.seconds, known.failures)

    def worked(self, account: str) -> None:
        """It took something, or refused that one message."""
        self._known.pop(account, None)
