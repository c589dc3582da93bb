"""One clock: whatever happens to it, its ledger adds up, and what is due follows from it."""

import random
from datetime import datetime, timedelta

import pytest

from services.sla.calendars.defaults import CN_WEEK
from services.sla.calendars.domain import MILLISECOND
from services.sla.calendars.public_holidays import public_holidays
from services.sla.calendars.working_time import WorkingTime
from services.sla.clocks.clock import Clock, ClockState, Verdict
from services.sla.clocks.ledger import Reason, SegmentKind
from services.sla.policies.targets import TargetDuration
from shared.testing import NOON

HOURS = WorkingTime(CN_WEEK, public_holidays("CN", 2025, 2029), 2025, 2029)
WALL = TargetDuration(seconds=4 * 3600, business_time=False)
WORK = TargetDuration(seconds=4 * 3600, business_time=True)
HOUR = timedelta(hours=1)


def a_clock(target: TargetDuration = WALL) -> Clock:
    clock = Clock.start(target, NOON)
    clock.count(HOURS, [50, 80])
    return clock


@pytest.mark.parametrize("seed", range(40))
def test_whatever_happens_the_run_segments_add_up_to_the_elapsed_time(seed: int) -> None:
    dice = random.Random(seed)
    clock, now = a_clock(dice.choice([WALL, WORK])), NOON
    for _ in range(60):
        now += timedelta(milliseconds=dice.randrange(1, 5 * 3_600_000))
        at = now - timedelta(hours=dice.choice([0, 0, 0, 3]))
        target = TargetDuration(seconds=dice.randrange(1, 200) * 3600, business_time=dice.random() < 0.5)
        match dice.randrange(5):
            case 0:
                clock.pause(Reason.CUSTOMER_INFORMATION, at)
            case 1:
                clock.resume(at)
            case 2:
                clock.retarget(target, at)
            case 3:
                clock.stop(at, met=dice.random() < 0.8)
            case _:
                clock.reopen(target, at)
        clock.count(HOURS)
        clock.mark(now)
        _check(clock, now)


def _check(clock: Clock, now: datetime) -> None:
    total = 0
    for before, after in zip(clock.ledger, [*clock.ledger[1:], None], strict=True):
        end = before.end or now
        assert before.start <= end or before.end is None
        assert after is None or before.end == after.start
        if before.kind is SegmentKind.RUN:
            work = HOURS.between(before.start, end)
            total += work if before.business_time else max((end - before.start) // MILLISECOND, 0)
    assert clock.elapsed(now, HOURS) == total
    assert (clock.ledger[-1].end is None) == clock.is_open
    assert clock.target
    if clock.due_at and clock.due_at <= now and clock.state is ClockState.RUNNING:
        assert total >= clock.target.milliseconds
    if clock.state is ClockState.RUNNING and clock.due_at and clock.due_at > now:
        assert total < clock.target.milliseconds
    if clock.state is not ClockState.RUNNING:
        assert bool(clock.breached_at) == (total >= clock.target.milliseconds)


def test_a_wider_target_takes_a_breach_back_until_it_runs_out_too() -> None:
    clock = a_clock()
    clock.mark(NOON + 4 * HOUR)
    assert clock.within_target is False
    clock.retarget(TargetDuration(seconds=8 * 3600, business_time=False), NOON + 5 * HOUR)
    clock.count(HOURS, [50, 80])
    clock.mark(NOON + 5 * HOUR)
    assert clock.breached_at is None
    assert clock.next_moment == NOON + 8 * HOUR * 0.8
    clock.mark(NOON + 8 * HOUR)
    assert clock.breached_at == NOON + 8 * HOUR


def test_what_elapsed_in_working_time_is_carried_over_to_the_wall_clock() -> None:
    clock = a_clock(WORK)
    at = NOON + 2.5 * HOUR  # one hour worked after the break
    clock.retarget(WALL, at)
    clock.count(HOURS)
    assert clock.elapsed(at, HOURS) == 3_600_000
    assert clock.due_at == at + 3 * HOUR
    assert [segment.kind for segment in clock.ledger] == [SegmentKind.RUN, SegmentKind.CARRY, SegmentKind.RUN]


def test_a_paused_clock_that_is_retargeted_stays_paused() -> None:
    clock = a_clock()
    clock.pause(Reason.CUSTOMER_VERIFICATION, NOON + HOUR)
    clock.retarget(TargetDuration(seconds=7200, business_time=False), NOON + 2 * HOUR)
    clock.count(HOURS)
    assert (clock.state, clock.due_at) == (ClockState.PAUSED, None)
    clock.resume(NOON + 3 * HOUR)
    clock.count(HOURS)
    assert clock.due_at == NOON + 4 * HOUR


def test_a_clock_that_is_reopened_runs_on_from_what_had_elapsed_towards_the_present_target() -> None:
    clock = a_clock()
    clock.stop(NOON + HOUR, met=True)
    clock.reopen(TargetDuration(seconds=2 * 3600, business_time=False), NOON + 10 * HOUR)
    clock.count(HOURS)
    assert (clock.met_at, clock.due_at) == (None, NOON + 11 * HOUR)
    assert clock.begun_at == NOON + 10 * HOUR


def test_a_pause_ends_by_itself_when_what_is_allowed_in_all_is_used_up() -> None:
    clock = a_clock()
    clock.pause(Reason.CUSTOMER_INFORMATION, NOON + HOUR, longest=3 * HOUR)
    clock.resume(NOON + 2 * HOUR)
    clock.pause(Reason.CUSTOMER_VERIFICATION, NOON + 3 * HOUR, longest=3 * HOUR)
    clock.count(HOURS)
    assert (clock.state, clock.next_moment) == (ClockState.PAUSED, NOON + 5 * HOUR)
    assert clock.due_at == NOON + 7 * HOUR
    clock.mark(NOON + 5 * HOUR)
    assert (clock.state, clock.ledger[-1].why, clock.paused) == (ClockState.RUNNING, Reason.CAPPED, 3 * HOUR)
    clock.pause(Reason.CUSTOMER_INFORMATION, NOON + 6 * HOUR, longest=3 * HOUR)
    assert clock.state is ClockState.RUNNING
    assert clock.elapsed(NOON + 6 * HOUR, HOURS) == 3 * 3_600_000


def test_a_clock_without_a_target_is_measured_and_never_late() -> None:
    clock = Clock.start(None, NOON)
    clock.count(HOURS, [50])
    clock.mark(NOON + 900 * HOUR)
    assert (clock.due_at, clock.next_moment, clock.breached_at, clock.verdict) == (None, None, None, Verdict.MEASURED)
    clock.stop(NOON + 2 * HOUR, met=True)
    clock.count(HOURS)
    assert (clock.elapsed_ms, clock.within_target, clock.verdict) == (7_200_000, None, Verdict.MEASURED)


@pytest.mark.parametrize(
    ("hours", "met", "closed_as", "verdict"),
    [
        (1, True, "", Verdict.MET),
        (5, True, "", Verdict.BREACHED),
        (1, False, "cancelled", Verdict.EXCLUDED),
        (5, False, "cancelled", Verdict.BREACHED),
        (5, False, "solved", Verdict.BREACHED),
        (5, False, "spam", Verdict.EXCLUDED),
        (5, False, "duplicate", Verdict.EXCLUDED),
    ],
)
def test_no_clock_that_stopped_is_left_unjudged(hours: int, met: bool, closed_as: str, verdict: Verdict) -> None:
    clock = a_clock()
    clock.stop(NOON + hours * HOUR, met=met, closed_as=closed_as)
    clock.count(HOURS)
    clock.mark(NOON + 9 * HOUR)
    assert clock.verdict is verdict


def test_a_clock_of_an_older_release_is_read_with_the_warning_that_it_gave() -> None:
    doc = a_clock().model_dump(exclude={"rungs", "reached", "fixed", "closed_as"})
    doc |= {"warn_at": NOON + 3.2 * HOUR, "warned_at": NOON + 3.2 * HOUR}
    assert Clock.model_validate(doc).reached == 80
