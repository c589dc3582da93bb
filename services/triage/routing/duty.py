"""When an engineer is on duty: weekly shifts in their time zone, exceptions of single days, leave, and on-call duty."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from shared.domain import Value
from shared.terms import EARLIEST, LATEST, InvalidValue, Moment, OptionalLine

ZONE = "Asia/Shanghai"
WALL_CLOCK = r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
WallClock = Annotated[str, StringConstraints(pattern=WALL_CLOCK)]


@lru_cache(maxsize=200)
def zone_of(name: str) -> ZoneInfo:
    """Raises InvalidValue."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise InvalidValue("This is not a valid time zone", "时区无效") from error


def _zone(name: str) -> str:
    zone_of(name)
    return name


Zone = Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(_zone)]


def _day(text: str) -> str:
    try:
        if EARLIEST.date() <= date.fromisoformat(text) < LATEST.date():
            return text
    except ValueError:
        pass
    raise InvalidValue("This is no day such as 2026-05-01", "日期无效，请使用 2026-05-01 这样的格式")


DutyDay = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_day)]


class Block(Value):
    """From `start` until before `end` of one day; a night shift is two blocks, with `24:00` between them."""

    start: WallClock
    """Such as 09:00"""
    end: WallClock
    """Such as 18:00; 24:00 is midnight"""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.end <= self.start:
            raise InvalidValue("A block must end after it starts", "时段的结束时间须晚于开始时间")
        return self


def _in_order(blocks: list[Block]) -> list[Block]:
    if any(later.start < earlier.end for earlier, later in pairwise(blocks)):
        raise InvalidValue("The blocks of a day must be in order and not overlap", "同一天的时段须按顺序排列且不重叠")
    return blocks


Blocks = Annotated[list[Block], Field(max_length=8), AfterValidator(_in_order)]


class Shifts(Value):
    """By the clock on the wall, so that a shift begins at the same hour in summer and in winter."""

    weekly: list[Blocks] = Field(min_length=7, max_length=7)
    """The blocks of each day, Monday first; an empty list is a day off"""
    exceptions: dict[DutyDay, Blocks] = Field(default_factory=dict, max_length=400)
    """The blocks of certain days in place of the week's; an empty list is a day off"""

    def has(self, local: datetime) -> bool:
        blocks = self.exceptions.get(local.date().isoformat(), self.weekly[local.weekday()])
        at = f"{local:%H:%M}"
        return any(block.start <= at < block.end for block in blocks)


class Leave(Value):
    """Whole days, in the engineer's time zone."""

    first: DutyDay
    """The first day"""
    last: DutyDay
    """The last day; the same as the first for one day"""
    reason: OptionalLine = ""
    """Why"""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.last < self.first:
            raise InvalidValue("Leave must not end before it starts", "休假的结束日期不得早于开始日期")
        return self

    def covers(self, zone: ZoneInfo, now: datetime) -> bool:
        begin = datetime.combine(date.fromisoformat(self.first), time(), zone)
        end = datetime.combine(date.fromisoformat(self.last) + timedelta(days=1), time(), zone)
        return begin.astimezone(UTC) <= now < end.astimezone(UTC)


class OnCall(Value):
    """On call from `start` until before `end`: for urgent tickets while no senior engineer is on shift."""

    start: Moment
    """When it begins"""
    end: Moment
    """When it is over"""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.end <= self.start:
            raise InvalidValue("On-call duty must end after it starts", "值班的结束时间须晚于开始时间")
        return self
