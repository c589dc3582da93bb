"""Who looks at a ticket or works on it just now: each for 30 seconds, unless they say so again."""

from datetime import datetime, timedelta

from pydantic import AwareDatetime, Field

from shared.domain import Aggregate, Value
from shared.events import Event
from shared.events.presence import MOST_PEOPLE
from shared.terms import Term

LEASE = timedelta(seconds=30)
MAX_PRESENT = MOST_PEOPLE  # on one ticket; of more, those who came last


class Doing(Term):
    VIEWING = "viewing", "looking at it", "正在查看"
    WORKING = "working", "working on it", "正在处理"


class Present(Value):
    sub: str
    name: str
    doing: Doing
    since: AwareDatetime
    until: AwareDatetime


class Presence(Aggregate):
    """Of one ticket, whose number is its id."""

    people: list[Present] = Field(default_factory=list)
    until: AwareDatetime | None = None  # when the last lease is over

    def now_present(self, now: datetime) -> list[Present]:
        """Whoever came first, first."""
        return [one for one in self.people if one.until > now]

    def is_new(self, sub: str, doing: Doing, now: datetime) -> bool:
        """Whether others would see something else if they entered so."""
        return all((one.sub, one.doing) != (sub, doing) for one in self.now_present(now))

    def enter(self, sub: str, name: str, doing: Doing, now: datetime) -> list[Event]:
        """For another lease; `since` is when they came."""
        there = self.now_present(now)
        before = next((one for one in there if one.sub == sub), None)
        me = Present(sub=sub, name=name, doing=doing, since=before.since if before else now, until=now + LEASE)
        others = [one for one in there if one.sub != sub]
        self.people = sorted([*others, me], key=lambda one: (one.since, one.sub))[-MAX_PRESENT:]
        self.until = now + LEASE
        return []

    def leave(self, sub: str, now: datetime) -> list[Event]:
        self.people = [one for one in self.now_present(now) if one.sub != sub]
        return []
