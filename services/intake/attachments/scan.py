"""A file that nobody gets until a scanner has found it clean, or an administrator has released it."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime

from shared.domain import Aggregate, Conflict, Forbidden
from shared.events import Event
from shared.terms import Text

AGAIN_AFTER, AT_MOST_AFTER = timedelta(minutes=1), timedelta(hours=1)


class ScanState(StrEnum):
    PENDING = "pending"
    INFECTED = "infected"
    RELEASED = "released"
    REMOVED = "removed"


class Quarantined(Forbidden):
    title = Text("The file is in quarantine", "文件已隔离")


class AlreadyDecided(Conflict):
    title = Text("It has been decided already", "已处理")


class Scan(Aggregate):
    """Under the id of the file; one that was found clean has none, and one that came while no scanner was set up.
    `ticket` is empty for the source of a mail. `due_at` is when it is looked at next."""

    ticket: str
    name: str
    size: int
    state: ScanState = ScanState.PENDING
    signature: str = ""
    tries: int = 0
    came_at: AwareDatetime
    found_at: AwareDatetime | None = None
    decided_by: str = ""
    decided_at: AwareDatetime | None = None
    reason: str = ""
    due_at: AwareDatetime | None = None

    @property
    def is_locked(self) -> bool:
        """Nobody gets it any more, unless it is released."""
        return self.state in (ScanState.INFECTED, ScanState.REMOVED)

    def require_released(self) -> None:
        """Raises Quarantined."""
        if self.state is ScanState.PENDING:
            raise Quarantined(
                f"{self.name} has not been checked for malware yet; please try again in a moment",
                f"{self.name} 尚未完成病毒扫描，请稍后重试",
            )
        if self.state is ScanState.INFECTED:
            raise Quarantined(
                f"{self.name} contains malware ({self.signature}) and is locked",
                f"{self.name} 含有恶意代码（{self.signature}），已锁定",
            )
        if self.state is ScanState.REMOVED:
            raise Quarantined(f"{self.name} contained malware and was removed", f"{self.name} 含有恶意代码，已删除")

    def put_off(self, now: datetime) -> list[Event]:
        """The scanner is away. What was decided meanwhile is looked at no more."""
        if self.state is not ScanState.PENDING:
            return self.rest()
        self.tries += 1
        self.due_at = now + min(AGAIN_AFTER * 2 ** min(self.tries - 1, 10), AT_MOST_AFTER)
        return []

    def found(self, signature: str, now: datetime) -> list[Event]:
        if self.state is ScanState.PENDING:
            self.state, self.signature, self.found_at, self.due_at = ScanState.INFECTED, signature, now, None
        return []

    def decide(self, to: ScanState, reason: str, by: str, now: datetime) -> list[Event]:
        """Released or removed, by a person. The content of what is removed goes next. Raises AlreadyDecided."""
        if self.state not in (ScanState.PENDING, ScanState.INFECTED):
            raise AlreadyDecided(f"{self.name} was {self.state}", f"{self.name} 已处理")
        self.state, self.reason, self.decided_by, self.decided_at = to, reason, by, now
        self.due_at = now if to is ScanState.REMOVED else None
        return []

    def rest(self) -> list[Event]:
        """There is nothing left to do by time."""
        self.due_at = None
        return []
