"""How a replica follows the changes of all replicas: page by page, in the order of their positions, and none the worse
for a page that fails.

A position is taken before the change is written, so a change may become visible a little after later ones. Each call
therefore reads the last page again, and every position once more when it was taken `settle_seconds` ago, by the clock
of this process alone. Now and then all of them are read again: for what took longer than that, and for what a process
of an older release has changed, which takes no positions.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

# Reads what has its position behind the first number, up to the second; whether none of it was read before. Returns how
# much it was.
Read = Callable[[int, int, bool], Awaitable[int]]
MAX_PAGES = 16  # in one step


@dataclass
class Scan:
    at: int
    until: int
    settles: bool = False


@dataclass
class Follower:
    last: Callable[[], Awaitable[int]]
    read: Read
    clear: Callable[[], None]  # all that was read: it was another database's
    clock: Callable[[], float]
    page_size: int
    settle_seconds: float
    read_until: int = 0  # everything up to here was read once
    settled: int = 0  # and up to here for good
    _taken: deque[tuple[float, int]] = field(default_factory=deque)  # the last position at a time
    _scans: deque[Scan] = field(default_factory=deque)
    _all_again: bool = False

    def rescan(self) -> None:
        """Read everything again, once, at the next call."""
        self._all_again = True

    async def catch_up(self) -> None:
        """Read what has changed. Raises what `read` raises; the next call continues where this one stopped."""
        last = await self.last()
        if last < self.read_until:
            self.clear()
            self.read_until = self.settled = 0
            self._taken.clear()
            self._scans.clear()
        if not self._scans:
            self._plan(self.clock(), last)
        while self._scans:
            await self._run(self._scans[0])
            done = self._scans.popleft()
            if done.settles:
                self.settled = max(self.settled, done.until)

    def _plan(self, now: float, last: int) -> None:
        if self._all_again:
            self._scans.append(Scan(0, self.read_until))
            self._all_again = False
        if last > self.read_until:
            self._taken.append((now, last))
        if not self._taken:
            return
        self._scans.append(Scan(max(self.read_until - self.page_size, self.settled), last))
        settled = 0
        while self._taken and self._taken[0][0] <= now - self.settle_seconds:
            settled = self._taken.popleft()[1]
        if settled:
            self._scans.append(Scan(self.settled, settled, settles=True))

    async def _run(self, scan: Scan) -> None:
        step = self.page_size
        while scan.at < scan.until:
            until = min(scan.at + step, scan.until)
            if scan.at < self.read_until:
                until = min(until, self.read_until)
            found = await self.read(scan.at, until, scan.at >= self.read_until)
            scan.at, self.read_until = until, max(self.read_until, until)
            step = min(step * 2, MAX_PAGES * self.page_size) if found * 4 < step else self.page_size
