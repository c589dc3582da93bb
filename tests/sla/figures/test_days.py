"""How often a day is counted."""

from datetime import timedelta

from services.sla.figures.domain import COUNT_AFTER, Day
from shared.testing import NOON


def test_a_day_is_counted_soon_and_what_comes_meanwhile_with_it() -> None:
    day = Day(id="2026-03-02")
    day.mark(NOON)
    day.mark(NOON + timedelta(seconds=1))
    assert (day.marked, day.due_at) == (2, NOON + COUNT_AFTER)
    day.count(mark=2, records=1, now=NOON + COUNT_AFTER)
    assert day.due_at is None


def test_what_was_marked_while_it_was_counted_is_counted_later() -> None:
    day = Day(id="2026-03-02", marked=3)
    day.count(mark=2, records=1, now=NOON)
    assert (day.counted, day.due_at) == (2, NOON + COUNT_AFTER)


def test_the_more_records_a_day_has_the_less_often_it_is_counted() -> None:
    day = Day(id="2026-03-02", marked=1)
    day.count(mark=1, records=20_000, now=NOON)
    day.mark(NOON)
    assert day.due_at == NOON + timedelta(seconds=200)
