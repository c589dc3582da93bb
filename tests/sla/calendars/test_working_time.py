"""Working time: the known days of China, summer time, and a random comparison with counting by the minute."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from services.sla.calendars.defaults import CN_WEEK
from services.sla.calendars.public_holidays import PublicHolidays, UnknownCountry, public_holidays
from services.sla.calendars.week import Week, WorkingHours
from services.sla.calendars.working_time import WorkingTime

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
HOUR = 3_600_000
CHINA = WorkingTime(CN_WEEK, public_holidays("CN", 2025, 2029), 2025, 2029)
# Days off from the first to the last, and days that are worked for them.
OFFICIAL = {
    2025: (
        [
            ((1, 1), (1, 1)),
            ((1, 28), (2, 4)),
            ((4, 4), (4, 6)),
            ((5, 1), (5, 5)),
            ((5, 31), (6, 2)),
            ((10, 1), (10, 8)),
        ],
        {(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)},
    ),
    2026: (
        [
            ((1, 1), (1, 3)),
            ((2, 15), (2, 23)),
            ((4, 4), (4, 6)),
            ((5, 1), (5, 5)),
            ((6, 19), (6, 21)),
            ((9, 25), (9, 27)),
            ((10, 1), (10, 7)),
        ],
        {(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)},
    ),
}
AROUND_THE_CLOCK = [[WorkingHours(start="00:00", end="24:00")]] * 7


def china(*at: int) -> datetime:
    return datetime(*at, tzinfo=SHANGHAI)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        # Friday evening, then a Saturday that makes up for the Spring Festival.
        (china(2026, 2, 13, 17), 2, china(2026, 2, 14, 10)),
        # From that Saturday over the whole Spring Festival.
        (china(2026, 2, 14, 17), 2, china(2026, 2, 24, 10)),
        (china(2026, 2, 14, 17), 1, china(2026, 2, 14, 18)),
        # A Sunday that makes up for the National Day.
        (china(2026, 9, 20, 9), 7.5, china(2026, 9, 20, 18)),
        (china(2026, 10, 1, 0), 0, china(2026, 10, 8, 9)),
        (china(2026, 3, 2, 12, 30), 1, china(2026, 3, 2, 14, 30)),
        (china(2026, 3, 6, 18), 1, china(2026, 3, 9, 10)),
    ],
)
def test_working_hours_in_china_end_at(start: datetime, hours: float, end: datetime) -> None:
    assert CHINA.add(start, int(hours * HOUR)) == end


def test_a_holiday_week_counts_nothing() -> None:
    assert CHINA.between(china(2026, 10, 1), china(2026, 10, 8)) == 0


@pytest.mark.parametrize("year", OFFICIAL)
def test_every_day_of_a_year_is_as_it_was_announced(year: int) -> None:
    """The lists that the General Office of the State Council announced, whatever the library says."""
    off, worked = OFFICIAL[year]
    day = date(year, 1, 1)
    while day.year == year:
        is_off = any(first <= (day.month, day.day) <= last for first, last in off)
        works = (day.month, day.day) in worked or (day.weekday() < 5 and not is_off)
        midnight = china(day.year, day.month, day.day)
        assert CHINA.between(midnight, midnight + timedelta(days=1)) == 7.5 * HOUR * works, day
        day += timedelta(days=1)


def test_a_working_day_of_the_delivered_calendar_has_seven_and_a_half_hours() -> None:
    assert CN_WEEK.day_seconds == 7.5 * 3600
    assert CHINA.between(china(2026, 3, 2), china(2026, 3, 3)) == 7.5 * HOUR


def test_adding_and_counting_agree_with_each_other_and_with_counting_by_the_minute() -> None:
    dice = random.Random(1)
    for number in range(300):
        start = china(2025, 1, 5) + timedelta(seconds=dice.randrange(2 * 365 * 86_400))
        length = dice.randrange(1, 40 * 3600) * 1000
        end = CHINA.add(start, length)
        assert CHINA.between(start, end) == length
        assert CHINA.between(start, end - timedelta(milliseconds=1)) == length - 1
        if number % 20 == 0:
            assert _minutes(start, end) == pytest.approx(length / 60_000, abs=2)


def _minutes(start: datetime, end: datetime) -> int:
    """Minutes whose middle is worked in China, counted one after the other, without a table."""
    public = public_holidays("CN", 2025, 2029)
    count, at = 0, start + timedelta(seconds=30)
    while at < end:
        day, clock = at.astimezone(SHANGHAI).date(), at.astimezone(SHANGHAI).strftime("%H:%M")
        works = day in public.worked or (day.weekday() < 5 and day not in public.off)
        count += works and ("09:00" <= clock < "12:00" or "13:30" <= clock < "18:00")
        at += timedelta(minutes=1)
    return count


def test_a_day_of_summer_time_has_twenty_three_hours() -> None:
    table = WorkingTime(Week(zone="America/New_York", weekly=AROUND_THE_CLOCK), PublicHolidays(), 2026, 2026)
    noon = datetime(2026, 3, 7, 12, tzinfo=NEW_YORK)
    assert table.add(noon, 24 * HOUR) == datetime(2026, 3, 8, 13, tzinfo=NEW_YORK)
    day = datetime(2026, 3, 8, tzinfo=NEW_YORK).astimezone(UTC)
    assert table.between(day, datetime(2026, 3, 9, tzinfo=NEW_YORK)) == 23 * HOUR
    assert table.between(datetime(2026, 11, 1, tzinfo=NEW_YORK), datetime(2026, 11, 2, tzinfo=NEW_YORK)) == 25 * HOUR


def test_a_night_shift_over_the_skipped_hour_is_an_hour_shorter() -> None:
    weekly = [[], [], [], [], [], [], [WorkingHours(start="00:00", end="06:00")]]
    table = WorkingTime(Week(zone="America/New_York", weekly=weekly), PublicHolidays(), 2026, 2026)
    start, end = datetime(2026, 3, 8, tzinfo=NEW_YORK), datetime(2026, 3, 8, 6, tzinfo=NEW_YORK)
    assert table.between(start, end) == 5 * HOUR


def test_an_override_wins_over_the_week_and_over_the_holidays() -> None:
    week = CN_WEEK.model_copy(update={"overrides": {"2026-03-03": "off", "2026-10-02": "work", "2026-03-07": "work"}})
    table = WorkingTime(week, public_holidays("CN", 2025, 2027), 2025, 2027)
    assert table.between(china(2026, 3, 3), china(2026, 3, 4)) == 0
    assert table.between(china(2026, 10, 1), china(2026, 10, 8)) == 7.5 * HOUR
    assert table.between(china(2026, 3, 7), china(2026, 3, 8)) == 7.5 * HOUR


def test_a_date_whose_make_up_days_are_not_announced_is_provisional() -> None:
    announced = public_holidays("CN", 2025, 2029).unknown_from
    assert announced is not None
    first_day = china(announced - 1, 12, 28)  # New Year may take days of the old year
    assert CHINA.is_provisional(first_day)
    assert not CHINA.is_provisional(first_day - timedelta(seconds=1))


def test_a_country_without_make_up_days_is_never_provisional() -> None:
    assert public_holidays("US", 2026, 2028).unknown_from is None


def test_beyond_the_table_its_edge_is_the_answer() -> None:
    assert CHINA.add(china(2029, 12, 31, 17), 10_000 * HOUR) == china(2029, 12, 31, 18)
    assert CHINA.between(china(2020, 1, 1), china(2021, 1, 1)) == 0
    late = china(2031, 1, 1)
    assert CHINA.add(late, HOUR) == late


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Asia/Atlantis"},
        {"zone": "../../etc/passwd"},
        {"weekly": [[]] * 7},
        {"weekly": [[{"start": "09:00", "end": "18:00"}]] * 6},
        {"weekly": [[{"start": "18:00", "end": "09:00"}]] * 7},
        {"weekly": [[{"start": "09:00", "end": "12:00"}, {"start": "11:00", "end": "18:00"}]] * 7},
        {"weekly": [[{"start": "9", "end": "18:00"}]] * 7},
        {"overrides": {"2026-02-30": "off"}},
        {"overrides": {"2026-03-03": "maybe"}},
        {"country": "china"},
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Week.model_validate({**CN_WEEK.model_dump(), **wrong})


def test_a_country_that_nobody_knows_is_refused() -> None:
    with pytest.raises(UnknownCountry):
        public_holidays("ZZ", 2026, 2027)
