"""When tickets would have been taken up with more or fewer engineers: a queue with several servers, urgent ones first.

An estimate: each ticket takes as long as it did, from being taken up to its end, and each engineer works on so many at
once. What counts is the difference between this queue with the engineers of then and with those asked for, so that the
same number moves nothing.
"""

import heapq
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple


class Job(NamedTuple):
    """`rank`: smaller ones are taken up first; `begun_at` is when it was really taken up."""

    ticket: str
    opened_at: datetime
    rank: int
    begun_at: datetime
    takes: timedelta


def starts(jobs: Sequence[Job], places: int) -> dict[str, datetime]:
    """When each is taken up, with places for so many at once."""
    coming = sorted(jobs, key=lambda job: (job.opened_at, job.ticket))
    free: list[datetime] = [coming[0].opened_at] * places if coming else []
    waiting: list[tuple[int, datetime, str, timedelta]] = []
    found: dict[str, datetime] = {}
    place = 0
    while place < len(coming) or waiting:
        at = free[0] if waiting else max(free[0], coming[place].opened_at)
        while place < len(coming) and coming[place].opened_at <= at:
            job = coming[place]
            heapq.heappush(waiting, (job.rank, job.opened_at, job.ticket, job.takes))
            place += 1
        _, opened_at, ticket, takes = heapq.heappop(waiting)
        found[ticket] = max(at, opened_at)
        heapq.heapreplace(free, found[ticket] + takes)
    return found


def moved(jobs: Sequence[Job], places_then: int, places: int) -> dict[str, tuple[datetime, timedelta]]:
    """Tickets that would have been taken up at another moment: when they really were, and how much later."""
    was, would = starts(jobs, places_then), starts(jobs, places)
    found = {job.ticket: (job.begun_at, would[job.ticket] - was[job.ticket]) for job in jobs}
    return {ticket: (since, by) for ticket, (since, by) in found.items() if by}
