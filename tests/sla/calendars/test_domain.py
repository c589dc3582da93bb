"""Calendars: which week holds on which day, as far as it was known when, and the lists of years."""

from datetime import date, datetime, timedelta

import pytest

from services.sla.calendars.catalog import working_time
from services.sla.calendars.defaults import CN_WEEK, default_calendar
from services.sla.calendars.domain import ASK_AGAIN, Calendar
from services.sla.calendars.public_holidays import public_holidays
from services.sla.calendars.week import Week, WorkingHours
from services.sla.calendars.working_time import WorkingTime
from services.sla.calendars.years import BadList, ListedDay, check_list
from shared.events import SlaCalendarChanged, SlaYearMissing
from shared.testing import NOON
from tests.sla.builders import SHANGHAI, shanghai

HOUR = 3_600_000
DAY = timedelta(days=1)
SUMMER = CN_WEEK.model_copy(update={"weekly": [*[[WorkingHours(start="08:00", end="17:00")]] * 5, [], []]})
UNKNOWN = 2027
CERTAIN = public_holidays("CN", 2027, 2027).certain
LISTED = [ListedDay(day=str(day), type="off", name=name) for day, name in CERTAIN.items()]


def table(calendar: Calendar, known_at: datetime | None = None) -> WorkingTime:
    return working_time(calendar.edition(known_at), 2026)


def of_2027(*more: ListedDay) -> list[ListedDay]:
    return [*(one for one in LISTED if one.day.startswith("2027")), *more]


def test_a_week_holds_from_its_day_on_and_days_before_stay_as_they_were() -> None:
    calendar = default_calendar()
    [changed] = calendar.change(SUMMER, date(2026, 6, 1), NOON)
    assert isinstance(changed, SlaCalendarChanged)
    assert (changed.valid_from, changed.time) == ("2026-06-01", NOON)
    hours = table(calendar)
    assert hours.between(shanghai(5, 29, 0), shanghai(5, 30, 0)) == 7.5 * HOUR
    assert hours.between(shanghai(6, 1, 0), shanghai(6, 2, 0)) == 9 * HOUR
    # Friday afternoon by the one week, Monday morning by the other.
    assert hours.add(shanghai(5, 29, 17), 2 * HOUR) == shanghai(6, 1, 9)


def test_a_week_in_between_ends_where_the_next_begins() -> None:
    calendar = default_calendar()
    calendar.change(SUMMER, date(2026, 6, 1), NOON)
    short = CN_WEEK.model_copy(update={"weekly": [*[[WorkingHours(start="09:00", end="12:00")]] * 5, [], []]})
    calendar.change(short, None, NOON + DAY)
    hours = table(calendar)
    lengths = [hours.between(shanghai(*day, 0), shanghai(*day, 0) + DAY) / HOUR for day in ((3, 2), (3, 3), (6, 1))]
    assert lengths == [7.5, 3, 9]


def test_the_same_week_again_changes_nothing_and_back_again_does() -> None:
    calendar = default_calendar()
    assert calendar.change(CN_WEEK, date(2026, 6, 1), NOON) == []
    calendar.change(SUMMER, date(2026, 6, 1), NOON)
    assert calendar.change(SUMMER, date(2026, 7, 1), NOON) == []
    assert calendar.change(CN_WEEK, date(2026, 6, 1), NOON) != []
    assert table(calendar).between(shanghai(6, 1, 0), shanghai(6, 2, 0)) == 7.5 * HOUR


def test_what_is_set_now_was_not_known_before() -> None:
    calendar = default_calendar()
    calendar.change(SUMMER, date(2026, 1, 1), NOON)
    day = (shanghai(3, 2, 0), shanghai(3, 3, 0))
    assert table(calendar).between(*day) == 9 * HOUR
    assert table(calendar, NOON - timedelta(seconds=1)).between(*day) == 7.5 * HOUR


def test_half_days_and_hours_of_a_day_win_over_holidays_and_overrides() -> None:
    morning, night = CN_WEEK.weekly[0][:1], [WorkingHours(start="20:00", end="24:00")]
    week = CN_WEEK.model_copy(
        update={
            "overrides": {"2026-03-07": "work"},
            "hours": {"2026-03-06": morning, "2026-03-07": morning, "2026-10-01": night},
        }
    )
    calendar = Calendar(id="half", weeks=[])
    calendar.change(week, None, NOON)
    hours = table(calendar)
    days = [shanghai(*day, 0) for day in ((3, 5), (3, 6), (3, 7), (3, 8), (10, 1))]
    assert [hours.between(day, day + DAY) / HOUR for day in days] == [7.5, 3, 3, 0, 4]
    assert hours.add(shanghai(3, 6, 11), 2 * HOUR) == shanghai(3, 7, 10)


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": {"2026-03-06": []}},
        {"hours": {"2026-02-30": [{"start": "09:00", "end": "12:00"}]}},
        {"hours": {"2026-03-06": [{"start": "09:00", "end": "12:00"}, {"start": "11:00", "end": "13:00"}]}},
        {"hours": {"2026-03-06": [{"start": "09:00", "end": "12:00"}]}, "overrides": {"2026-03-06": "off"}},
    ],
)
def test_hours_of_a_day_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"hours|valid|least|order"):
        Week.model_validate({**CN_WEEK.model_dump(), **wrong})


def test_what_is_certain_does_not_depend_on_the_language_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    public_holidays.cache_clear()
    assert public_holidays("CN", 2027, 2027).certain == CERTAIN
    assert date(2027, 10, 4) not in CERTAIN


def test_the_list_of_a_year_holds_in_place_of_what_the_library_thinks() -> None:
    calendar = default_calendar()
    before = table(calendar)
    assert before.is_provisional(datetime(2027, 5, 6, tzinfo=SHANGHAI))
    make_up = ListedDay(day="2027-01-30", type="work", name="春节")
    bridge = ListedDay(day="2026-12-31", type="off", name="元旦")
    [changed] = calendar.set_year(2027, of_2027(make_up, bridge), NOON)
    assert isinstance(changed, SlaCalendarChanged)
    assert changed.announced
    assert len(changed.announced.days) == len(of_2027()) + 2
    hours = table(calendar)
    saturday, new_years_eve = datetime(2027, 1, 30, tzinfo=SHANGHAI), datetime(2026, 12, 31, tzinfo=SHANGHAI)
    assert (before.between(saturday, saturday + DAY), hours.between(saturday, saturday + DAY)) == (0, 7.5 * HOUR)
    assert (before.between(new_years_eve, new_years_eve + DAY), hours.between(new_years_eve, new_years_eve + DAY)) == (
        7.5 * HOUR,
        0,
    )
    # The library moves days off to these weekdays as long as nothing is announced.
    monday = datetime(2027, 10, 4, tzinfo=SHANGHAI)
    assert (before.between(monday, monday + DAY), hours.between(monday, monday + DAY)) == (0, 7.5 * HOUR)
    assert hours.provisional_from == datetime(2027, 12, 28, tzinfo=SHANGHAI)
    assert calendar.set_year(2027, of_2027(bridge, make_up), NOON) == []


def test_an_override_wins_over_the_list_of_a_year() -> None:
    calendar = default_calendar()
    calendar.set_year(2027, of_2027(), NOON)
    calendar.change(CN_WEEK.model_copy(update={"overrides": {"2027-10-01": "work"}}), None, NOON)
    friday = datetime(2027, 10, 1, tzinfo=SHANGHAI)
    assert table(calendar).between(friday, friday + DAY) == 7.5 * HOUR


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (of_2027()[1:], "lacks"),
        (of_2027(ListedDay(day="2026-10-01", type="off")), "2026-10-01"),
        (of_2027(ListedDay(day="2028-01-01", type="off")), "2028-01-01"),
        (of_2027(of_2027()[0]), "twice"),
        ([one.model_copy(update={"type": "work"}) for one in of_2027()], "no day off"),
    ],
)
def test_a_list_that_cannot_be_right_is_refused(days: list[ListedDay], said: str) -> None:
    with pytest.raises(BadList, match=said):
        check_list(2027, days, public_holidays("CN", 2026, 2027).certain)


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_official_list_of_a_year_counts_like_the_library(year: int) -> None:
    """Pasting what is known already moves no deadline."""
    public = public_holidays("CN", 2023, 2026)
    days = [ListedDay(day=str(day), type="off") for day in public.off if day.year == year]
    days += [ListedDay(day=str(day), type="work") for day in public.worked if day.year == year]
    check_list(year, days, public.certain)
    calendar = default_calendar()
    calendar.set_year(year, days, NOON)
    first, last = datetime(year, 1, 1, tzinfo=SHANGHAI), datetime(year + 1, 1, 1, tzinfo=SHANGHAI)
    plain, listed = table(default_calendar()), table(calendar)
    day = first
    while day < last:
        assert plain.between(day, day + DAY) == listed.between(day, day + DAY), day
        day += DAY


def test_from_october_on_the_list_of_the_next_year_is_asked_for_once_a_week_until_it_is_there() -> None:
    calendar = default_calendar()
    calendar.schedule(NOON)
    october = shanghai(10, 1, 0)
    assert calendar.due_at == october
    assert calendar.missing_year(UNKNOWN, NOON) is None
    assert calendar.ask(UNKNOWN, october - timedelta(seconds=1)) == []
    [asked] = calendar.ask(UNKNOWN, october)
    assert isinstance(asked, SlaYearMissing)
    assert (asked.calendar, asked.year) == ("cn", 2027)
    assert calendar.ask(UNKNOWN, october + timedelta(seconds=1)) == []
    new_year = datetime(2027, 1, 5, tzinfo=SHANGHAI)
    assert calendar.missing_year(UNKNOWN, new_year) == 2027
    assert len(calendar.ask(UNKNOWN, october + ASK_AGAIN)) == 1
    calendar.set_year(2027, of_2027(), NOON)
    assert calendar.ask(UNKNOWN, october + 2 * ASK_AGAIN) == []
    assert calendar.due_at == datetime(2027, 10, 1, tzinfo=SHANGHAI)


def test_a_country_that_announces_nothing_is_asked_for_nothing() -> None:
    assert default_calendar().missing_year(None, shanghai(11, 1, 0)) is None


def test_another_release_of_the_library_has_open_clocks_counted_again_once() -> None:
    calendar = default_calendar()
    since = calendar.since(None)
    [changed] = calendar.use_library("99.0", NOON)
    assert isinstance(changed, SlaCalendarChanged)
    assert changed.library == "99.0"
    assert calendar.since(None) == NOON > since
    assert calendar.use_library("99.0", NOON + DAY) == []


def test_what_an_older_release_kept_holds_for_all_days() -> None:
    old = {"_id": "cn", "id": "cn", "weeks": [{"since": NOON, "week": CN_WEEK.model_dump(exclude={"hours"})}]}
    calendar = Calendar.model_validate(old)
    assert table(calendar).between(shanghai(1, 5, 0), shanghai(1, 6, 0)) == 7.5 * HOUR
    assert calendar.library == ""
