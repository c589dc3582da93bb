"""Public holidays and make-up work days of a country, from the library `holidays`."""

from functools import lru_cache

import holidays

from services.sla.calendars.working_time import PublicHolidays
from shared.domain import Invalid
from shared.terms import Text

LOOK_BACK = 3  # years: a country that announces make-up days has had some lately


class UnknownCountry(Invalid):
    title = Text("Unknown country", "未知的国家或地区")


@lru_cache(maxsize=64)
def public_holidays(country: str, first_year: int, last_year: int) -> PublicHolidays:
    """Raises UnknownCountry."""
    if not country:
        return PublicHolidays()
    try:
        found = holidays.country_holidays(country, years=range(first_year - LOOK_BACK, last_year + 1))
    except NotImplementedError as error:
        raise UnknownCountry(
            f"no public holidays are known for {country}", f"没有 {country} 的法定节假日数据"
        ) from error
    worked = frozenset(found.weekend_workdays)
    announced = max((day.year for day in worked), default=None)
    return PublicHolidays(frozenset(found) - worked, worked, announced + 1 if announced else None)
