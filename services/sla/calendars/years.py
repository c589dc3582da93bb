"""The days off and make-up workdays of a year as they were announced: the list that operators paste.

A list is for the days from 28 December of the year before, which that year's New Year may touch, until 27 December.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from pydantic import AwareDatetime, Field

from services.sla.calendars.week import Day, DayType
from shared.domain import Invalid, Value
from shared.terms import Text

TOUCHED_FROM = (12, 28)  # 29 December is the earliest day of a list that there has been
MAX_LISTED = 50  # lists that are kept
MAX_DAYS = 150  # of a list


class BadList(Invalid):
    title = Text("The list of the year cannot be right", "年度放假安排有误")

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en, zh, "body.days")


class ListedDay(Value):
    day: Day
    type: DayType
    name: str = Field(default="", max_length=100)


class YearList(Value):
    """Known `since` that moment. In its year nothing else is off or made up for than what it names."""

    since: AwareDatetime
    year: int
    days: list[ListedDay]


def year_of(day: date) -> int:
    """Whose list a day is in."""
    return day.year + ((day.month, day.day) >= TOUCHED_FROM)


def check_list(year: int, days: Sequence[ListedDay], holidays: Mapping[date, str]) -> None:
    """`holidays` are those that are known to be off in any case. Raises BadList."""
    found = {date.fromisoformat(one.day) for one in days}
    if len(found) < len(days):
        raise BadList("the list names a day twice", "同一日期出现了两次")
    if strange := sorted(day for day in found if not (day.year == year or year_of(day) == year)):
        raise BadList(f"{strange[0]} is not in the list of {year}", f"{strange[0]} 不属于 {year} 年的安排")
    if not any(one.type == "off" for one in days):
        raise BadList("the list has no day off", "安排中没有放假日期")
    lacking = missing_days(year, found, holidays)
    if lacking:
        names = "、".join(f"{day} {holidays[day]}" for day in lacking[:5])
        raise BadList(
            f"the list lacks public holidays, name them with `isOffDay` true or false: {names}",
            f"安排缺少法定节假日，请逐日写明 `isOffDay`：{names}",
        )


def missing_days(year: int, found: Collection[date], holidays: Mapping[date, str]) -> list[date]:
    return sorted(day for day in holidays if year_of(day) == year and day not in found)
