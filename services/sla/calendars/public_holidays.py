"""Public holidays and make-up work days of a country, from the library `holidays`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib.metadata import version

import holidays

from services.sla.calendars.years import YearList, year_of
from shared.domain import Invalid
from shared.terms import Text

LOOK_BACK = 3  # years: a country that announces make-up days has had some lately
RELEASE = version("holidays")
LANGUAGE = "en_US"  # of the names, which would be in that of the environment
MOVED = ("observed", "substituted")  # in names: days off that depend on what is announced


class UnknownCountry(Invalid):
    title = Text("Unknown country", "未知的国家或地区")


@dataclass(frozen=True)
class PublicHolidays:
    """Days off, days worked to make up for them, and the first year whose make-up days are not announced yet."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    unknown_from: int | None = None
    names: Mapping[date, str] = field(default_factory=dict, compare=False)

    def with_lists(self, lists: Sequence[YearList]) -> "PublicHolidays":
        """In their years nothing else holds."""
        if not lists:
            return self
        years = {one.year for one in lists}
        off = {day for day in self.off if year_of(day) not in years}
        worked = {day for day in self.worked if year_of(day) not in years}
        names = dict(self.names)
        for one in sorted(lists, key=lambda one: one.year):
            for listed in one.days:
                day = date.fromisoformat(listed.day)
                off.discard(day)
                worked.discard(day)
                (off if listed.type == "off" else worked).add(day)
                names[day] = listed.name or names.get(day, "")
        unknown = self.unknown_from
        while unknown in years:
            unknown += 1
        return PublicHolidays(frozenset(off), frozenset(worked), unknown, names)

    @property
    def certain(self) -> dict[date, str]:
        """Those that are off whatever is announced."""
        named = ((day, self.names.get(day, "")) for day in self.off)
        return {day: name for day, name in named if not any(word in name.lower() for word in MOVED)}


@lru_cache(maxsize=64)
def public_holidays(country: str, first_year: int, last_year: int) -> PublicHolidays:
    """Raises UnknownCountry."""
    if not country:
        return PublicHolidays()
    try:
        years = range(first_year - LOOK_BACK, last_year + 1)
        found = holidays.country_holidays(country, years=years, language=LANGUAGE)
    except NotImplementedError as error:
        raise UnknownCountry(
            f"no public holidays are known for {country}", f"没有 {country} 的法定节假日数据"
        ) from error
    worked = frozenset(found.weekend_workdays)
    announced = max((day.year for day in worked), default=None)
    return PublicHolidays(frozenset(found) - worked, worked, announced + 1 if announced else None, dict(found))
