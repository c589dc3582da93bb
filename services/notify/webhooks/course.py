"""How far a webhook has come in the stream of events, and what waits behind that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import AwareDatetime, Field

from services.notify.webhooks.domain import Busy, spread
from shared.domain import Aggregate, Conflict, Value
from shared.events import Event, wire_time
from shared.terms import Text

# A process tells a webhook until then; it renews that while it is at work.
LEASE = timedelta(seconds=60)
# While nothing at all is taken: the receiver is away. It is tried again and again, at last once an hour.
UNREACHABLE_DELAYS = tuple(timedelta(seconds=one) for one in (5, 30, 120, 300, 900, 1800, 3600))
# While others are taken: this one event is not. After the last of these it has failed.
REFUSED_DELAYS = tuple(timedelta(seconds=one) for one in (5, 300, 1800, 7200, 18_000, 36_000, 36_000, 86_400))
LONGEST_WAIT = timedelta(days=1)  # that a receiver may ask for
MOST_HELD, MOST_WAITING = 100, 1000  # tickets, and events of theirs


class LeaseLost(Conflict):
    title = Text("Another process is at it", "正由其他进程处理")


class Held(Value):
    """A ticket of which an event was not taken: what comes after it waits, so that the order is kept."""

    ticket: str
    sequences: list[int]
    tries: int = 0
    at: AwareDatetime


class Replay(Value):
    """`until` is the last one that is sent again, `back_to` where it goes on then."""

    until: int
    back_to: int


@dataclass(frozen=True)
class Tried:
    """What became of one event. `refused`: the receiver is there, and does not want this one."""

    ticket: str
    sequence: int
    taken: bool
    refused: bool = False
    wait: timedelta = timedelta()


class Course(Aggregate):
    """Of the webhook with the same id. Up to `position` everything was taken, has failed or is held. `due_at` is when
    it goes on, or, while a process (`holder`) is at it, when its lease is over."""

    position: int
    held: list[Held] = Field(default_factory=list)
    replay: Replay | None = None
    failures: int = 0
    failing_since: AwareDatetime | None = None
    holder: str = ""
    due_at: AwareDatetime | None = None

    @property
    def is_full(self) -> bool:
        return len(self.held) >= MOST_HELD or sum(len(one.sequences) for one in self.held) >= MOST_WAITING

    @property
    def waiting(self) -> int:
        """Events that are held."""
        return sum(len(one.sequences) for one in self.held)

    @property
    def next_retry(self) -> datetime:
        """Of what is held, which must be something."""
        return min(one.at for one in self.held)

    def of(self, ticket: str) -> Held | None:
        return next((one for one in self.held if one.ticket == ticket), None)

    # ---- whose it is

    def claim(self, holder: str, now: datetime) -> list[Event]:
        """Raises LeaseLost unless it is due."""
        if self.due_at is None or now < self.due_at:
            raise LeaseLost("it is not due, or another process is at it", "未到时间，或正由其他进程处理")
        self.holder, self.due_at = holder, wire_time(now + LEASE)
        return []

    def check_holder(self, holder: str) -> None:
        """Raises LeaseLost."""
        if self.holder != holder:
            raise LeaseLost("its lease is over", "占用已过期")

    def renew(self, holder: str, position: int, now: datetime) -> list[Event]:
        """Nothing for it was up to this position. Raises LeaseLost."""
        self.check_holder(holder)
        self._move(position)
        self.due_at = wire_time(now + LEASE)
        return []

    def is_to_renew(self, now: datetime) -> bool:
        return self.due_at is None or self.due_at - now < LEASE / 2

    def start_at(self, holder: str, position: int) -> list[Event]:
        """What was between is not there any more. Raises LeaseLost."""
        self.check_holder(holder)
        self.position, self.replay = position, None
        return []

    def release(self, holder: str, at: datetime | None) -> list[Event]:
        """It goes on then; None: not before somebody says so."""
        if self.holder == holder:
            self.holder, self.due_at = "", at and wire_time(at)
        return []

    # ---- what became of events

    def advance(
        self,
        holder: str,
        tried: Sequence[Tried],
        later: Sequence[tuple[str, int]],
        position: int,
        now: datetime,
        jitter: float,
    ) -> list[Event]:
        """`later` are events that wait behind one of their ticket that was not taken. When nothing was taken and the
        receiver refused nothing, it is away: it goes on from the same position after a while. Raises LeaseLost."""
        self.check_holder(holder)
        failed = [one for one in tried if not one.taken]
        if tried:
            self.failing_since = (self.failing_since or now) if len(failed) == len(tried) else None
        if tried and len(failed) == len(tried) and not any(one.refused for one in failed):
            self.failures += 1
            pause = max(
                [spread(UNREACHABLE_DELAYS, self.failures) * jitter, *(min(one.wait, LONGEST_WAIT) for one in failed)]
            )
            self.holder, self.due_at = "", wire_time(now + pause)
            return []
        self.failures = 0
        for one in failed:
            pause = max(REFUSED_DELAYS[0] * jitter, min(one.wait, LONGEST_WAIT))
            self.held.append(Held(ticket=one.ticket, sequences=[one.sequence], tries=1, at=wire_time(now + pause)))
        for ticket, sequence in later:
            held = self.of(ticket)
            if held and sequence not in held.sequences:
                held.sequences.append(sequence)
        self._move(position)
        self.due_at = wire_time(now + LEASE)
        return []

    def retried(self, holder: str, tried: Sequence[Tried], now: datetime, jitter: float) -> list[Event]:
        """Of a ticket that is held: those that were taken, and the one that was not, if any. Raises LeaseLost."""
        self.check_holder(holder)
        if any(one.taken for one in tried):
            self.failing_since = None
        for one in tried:
            held = self.of(one.ticket)
            if held is None:
                continue
            if one.taken or self.gives_up_on(one.ticket):
                held.sequences = [sequence for sequence in held.sequences if sequence != one.sequence]
                held.tries, held.at = 0, now
            else:
                held.tries += 1
                pause = max(spread(REFUSED_DELAYS, held.tries) * jitter, min(one.wait, LONGEST_WAIT))
                held.at = wire_time(now + pause)
        self.held = [one for one in self.held if one.sequences]
        self.due_at = wire_time(now + LEASE)
        return []

    def gives_up_on(self, ticket: str) -> bool:
        """Whether the next failure of what is held of this ticket is the last; not while nothing else is taken
        either."""
        held = self.of(ticket)
        return held is not None and held.tries >= len(REFUSED_DELAYS) and self.failing_since is None

    def fails_since(self, moment: datetime) -> bool:
        """Whether nothing was taken since then or longer."""
        return self.failing_since is not None and self.failing_since <= moment

    def _move(self, position: int) -> None:
        self.position = max(self.position, position)
        if self.replay and self.position >= self.replay.until:
            self.position, self.replay = max(self.replay.back_to, self.replay.until), None

    # ---- what people ask for

    def resend(self, ticket: str, sequence: int, now: datetime) -> list[Event]:
        """This one once more, now, before what waits of its ticket. Raises Conflict while too many wait."""
        if self.is_full:
            raise Conflict("Too many events wait already", "等待中的事件过多")
        held = self.of(ticket)
        if held is None:
            held = Held(ticket=ticket, sequences=[], at=now)
            self.held.append(held)
        held.sequences = sorted({*held.sequences, sequence})
        held.tries, held.at = 0, now
        self._hurry(now)
        return []

    def start_replay(self, after: int, until: int, now: datetime) -> list[Event]:
        """Everything behind `after` up to `until` once more; what is new waits so long. Raises Busy."""
        if self.replay:
            raise Busy("Wait until it is over", "请等待上一次重放结束")
        until = min(until, self.position)
        if after < until:
            self.replay, self.position = Replay(until=until, back_to=self.position), after
            self.holder = ""  # whoever is at it begins anew from there
            self.due_at = now
        return []

    def start_anew(self, now: datetime) -> list[Event]:
        """At once, as if nothing had failed."""
        self.failures, self.failing_since = 0, None
        self.held = [one.model_copy(update={"tries": 0, "at": now}) for one in self.held]
        self.holder, self.due_at = "", now
        return []

    def _hurry(self, now: datetime) -> None:
        if not self.holder:
            self.due_at = now
