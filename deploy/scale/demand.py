"""When tickets come: by hour and weekday of business hours, on the busiest day, and when something is down."""

from dataclasses import dataclass, field

DAYS = 365
# Shares of a week, Monday first, and of a working day, hour by hour: two peaks and a short noon, little at night.
WEEK = (0.22, 0.19, 0.18, 0.17, 0.15, 0.05, 0.04)
DAY = (
    *(0.003,) * 7,
    0.02,
    *(0.09, 0.13, 0.13, 0.11),
    *(0.05, 0.07, 0.11, 0.1, 0.08, 0.05),
    *(0.013, 0.01, 0.006, 0.004, 0.003, 0.003),
)


@dataclass(frozen=True)
class Demand:
    """Assumed, all of it: give your own on the command line or here."""

    tickets: int = 10_000_000  # a year
    mix: dict[str, float] = field(
        default_factory=lambda: {"plain": 0.55, "vague": 0.25, "urgent": 0.05, "hard": 0.1, "learnt": 0.05}
    )
    busiest_day: float = 1.6  # times an ordinary Monday: the first day after a week of holidays
    burst: float = 10.0  # times the rate of the moment, when something that many use is down
    burst_minutes: int = 10
    looks: int = 20  # how often people look at a ticket or a list, for each ticket
    attached: float = 0.3  # of tickets, with this much
    attachment_bytes: int = 400_000
    days_open: float = 2.0

    @property
    def per_second(self) -> float:
        return self.tickets / DAYS / 86_400

    @property
    def busiest_hour(self) -> float:
        """Tickets a second in the fullest hour of the busiest day."""
        return self._monday * max(SHARES) / 3600 * self.busiest_day

    @property
    def in_burst(self) -> float:
        return self.busiest_hour * self.burst

    @property
    def _monday(self) -> float:
        return self.tickets / DAYS * 7 * WEEK[0]

    def rate(self, second: int) -> float:
        """Tickets a second in this second of the busiest day."""
        return self._monday * self.busiest_day * SHARES[second // 3600] / 3600


SHARES = tuple(share / sum(DAY) for share in DAY)
