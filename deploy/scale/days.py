"""The busiest day, second by second: what arrives, what waits, and how long it takes to catch up.

Each service is so many processes of one core each, of which a share is left for people's requests. A ticket makes part
of its work when it is opened and the rest in steps over the following hours. The dice are thrown alike each time.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deploy.scale.demand import Demand
from deploy.scale.measured import CPU_MS, SERVICES

AT_OPENING = 0.3  # of a ticket's events: 15 of 52
STEPS = 8  # in which the others come
BETWEEN_STEPS = 1800.0  # seconds, on average
FOR_EVENTS = 0.7  # of a core
BEGIN = 10 * 3600  # when something goes wrong: in the fullest hours
DAY = 86_400

Power = Callable[[int], float]  # how much of a service works in this second, 1: all of it


@dataclass(frozen=True)
class Outcome:
    longest_wait: float  # seconds
    behind_for: float  # seconds until nothing waits for longer than one second any more


def arrivals(demand: Demand, burst: bool) -> list[float]:
    """Tickets' worth of work that comes in each second of the day."""
    dice = random.Random(7)  # noqa: S311 - the same days each time
    work = [0.0] * DAY
    for second in range(DAY):
        rate = demand.rate(second)
        if burst and 0 <= second - BEGIN < demand.burst_minutes * 60:
            rate *= demand.burst
        for _ in range(_poisson(dice, rate)):
            work[second] += AT_OPENING
            at = float(second)
            for _ in range(STEPS):
                at += dice.expovariate(1 / BETWEEN_STEPS)
                if at < DAY:
                    work[int(at)] += (1 - AT_OPENING) / STEPS
    return work


def _poisson(dice: random.Random, mean: float) -> int:
    limit, count, product = math.exp(-mean), 0, dice.random()
    while product > limit:
        count, product = count + 1, product * dice.random()
    return count


def whole(second: int) -> float:
    return 1.0


def away(seconds: int) -> Power:
    """Nothing works for so long."""
    return lambda second: 0.0 if 0 <= second - BEGIN < seconds else 1.0


def one_fewer(processes: int, seconds: int) -> Power:
    """One process is stopped for so long."""
    return lambda second: 1 - 1 / processes if 0 <= second - BEGIN < seconds else 1.0


def run(work: Sequence[float], service: str, processes: int, power: Power = whole) -> Outcome:
    per_second = processes * FOR_EVENTS * 1000 / CPU_MS[service]  # tickets' worth
    waiting = longest = 0.0
    last = first = -1
    for second, comes in enumerate(work):
        waiting = max(0.0, waiting + comes - per_second * power(second))
        wait = waiting / per_second
        longest = max(longest, wait)
        if wait > 1:
            last, first = second, second if first < 0 else first
    return Outcome(longest, float(last - first + 1) if last >= 0 else 0.0)


def needed(work: Sequence[float], within: float) -> dict[str, int]:
    """The fewest processes of each service, two at least, with which nothing waits for longer."""
    found: dict[str, int] = {}
    for service in SERVICES:
        found[service] = next(n for n in range(2, 1000) if run(work, service, n).longest_wait <= within)
    return found
