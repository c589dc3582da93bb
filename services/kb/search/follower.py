"""How a replica follows what all replicas change: page by page, in the order of the changes, and never the worse for a
page that fails.

A place in that order is taken before the change is written, so a change may be seen a little after later ones. Each
look therefore goes over the last page again, and over every place once more when it was taken `settles_within` seconds
ago, by the clock of this process alone. Now and then it goes over all of them: for what took longer than that, and for
what a process of an older release has changed, which takes no places.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

# Reads what has its place behind the first number, up to the second; whether it is all new to us. Says how much it was.
Read = Callable[[int, int, bool], Awaitable[int]]
WIDEST = 16  # pages in one step


@dataclass
class Pass:
    at: int
    until: int
    settles: bool = False


@dataclass
class Follower:
    newest: Callable[[], Awaitable[int]]
    read: Read
    forget: Callable[[], None]  # all that was read: it was another database's
    clock: Callable[[], float]
    page: int
    settles_within: float
    front: int = 0  # everything up to here was read once
    settled: int = 0  # and up to here for good
    _taken: deque[tuple[float, int]] = field(default_factory=deque)  # when so many places had been taken
    _passes: deque[Pass] = field(default_factory=deque)
    _over_all: bool = False

    def go_over_all(self) -> None:
        """Once, at the next call."""
        self._over_all = True

    async def go_on(self) -> None:
        """Read what has changed. Raises what `read` raises; the next call goes on where this one stopped."""
        newest = await self.newest()
        if newest < self.front:
            self.forget()
            self.front = self.settled = 0
            self._taken.clear()
            self._passes.clear()
        if not self._passes:
            self._plan(self.clock(), newest)
        while self._passes:
            await self._go_through(self._passes[0])
            done = self._passes.popleft()
            if done.settles:
                self.settled = max(self.settled, done.until)

    def _plan(self, now: float, newest: int) -> None:
        if self._over_all:
            self._passes.append(Pass(0, self.front))
            self._over_all = False
        if newest > self.front:
            self._taken.append((now, newest))
        if not self._taken:
            return
        self._passes.append(Pass(max(self.front - self.page, self.settled), newest))
        settled = 0
        while self._taken and self._taken[0][0] <= now - self.settles_within:
            settled = self._taken.popleft()[1]
        if settled:
            self._passes.append(Pass(self.settled, settled, settles=True))

    async def _go_through(self, one: Pass) -> None:
        step = self.page
        while one.at < one.until:
            until = min(one.at + step, one.until)
            if one.at < self.front:
                until = min(until, self.front)
            found = await self.read(one.at, until, one.at >= self.front)
            one.at, self.front = until, max(self.front, until)
            step = min(step * 2, WIDEST * self.page) if found * 4 < step else self.page
