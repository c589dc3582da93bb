"""When an engineer is on duty."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from services.triage.routing.domain import Deactivated, Engineer, OffDuty
from services.triage.routing.duty import Block, Leave, OnCall, Shifts

DAY = [{"start": "09:00", "end": "12:00"}, {"start": "13:30", "end": "18:00"}]
WEEK: dict[str, Any] = {"weekly": [DAY] * 5 + [[], []]}
NIGHT = {"weekly": [[{"start": "00:00", "end": "06:00"}, {"start": "22:00", "end": "24:00"}]] * 7}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("said", "moment", "is_on_shift"),
    [
        ({}, "2026-03-01T03:00+08:00", True),
        ({"shifts": WEEK}, "2026-03-02T09:00+08:00", True),
        ({"shifts": WEEK}, "2026-03-02T08:59:59+08:00", False),
        ({"shifts": WEEK}, "2026-03-02T12:00+08:00", False),
        ({"shifts": WEEK}, "2026-03-02T17:59:59+08:00", True),
        ({"shifts": WEEK}, "2026-03-01T10:00+08:00", False),
        ({"shifts": WEEK, "zone": "Europe/Berlin"}, "2026-03-02T10:00+08:00", False),
        ({"shifts": WEEK, "zone": "Europe/Berlin"}, "2026-07-01T09:30+02:00", True),
        ({"shifts": WEEK, "zone": "Europe/Berlin"}, "2026-01-07T09:30+01:00", True),
        ({"shifts": {**WEEK, "exceptions": {"2026-03-02": []}}}, "2026-03-02T10:00+08:00", False),
        ({"shifts": {**WEEK, "exceptions": {"2026-03-01": DAY}}}, "2026-03-01T10:00+08:00", True),
        ({"shifts": NIGHT}, "2026-03-02T23:59:59+08:00", True),
        ({"shifts": NIGHT}, "2026-03-03T00:00+08:00", True),
        ({"shifts": NIGHT}, "2026-03-03T06:00+08:00", False),
        ({"leave": [{"first": "2026-03-02", "last": "2026-03-03"}]}, "2026-03-03T23:59+08:00", False),
        ({"leave": [{"first": "2026-03-02", "last": "2026-03-03"}]}, "2026-03-04T00:00+08:00", True),
        ({"active": False}, "2026-03-03T12:00+08:00", False),
    ],
)
def test_shifts(said: dict[str, Any], moment: str, is_on_shift: bool) -> None:
    assert Engineer(id="e", **said).is_on_shift(at(moment)) is is_on_shift


def test_who_is_on_call_takes_urgent_tickets_only_and_none_on_leave() -> None:
    on_call = [OnCall(start=at("2026-03-01T00:00+08:00"), end=at("2026-03-02T00:00+08:00"))]
    engineer = Engineer(id="e", shifts=Shifts(weekly=[[]] * 7), on_call=on_call)
    now = at("2026-03-01T12:00+08:00")
    engineer.ensure_on_duty(urgent=True, now=now)
    with pytest.raises(OffDuty):
        engineer.ensure_on_duty(urgent=False, now=now)
    with pytest.raises(OffDuty):
        engineer.ensure_on_duty(urgent=True, now=at("2026-03-02T00:00+08:00"))
    engineer.leave = [Leave(first="2026-03-01", last="2026-03-01")]
    with pytest.raises(OffDuty):
        engineer.ensure_on_duty(urgent=True, now=now)
    engineer.active = False
    with pytest.raises(Deactivated):
        engineer.ensure_on_duty(urgent=True, now=now)


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekly": [[]] * 6},
        {"weekly": [[{"start": "18:00", "end": "09:00"}]] + [[]] * 6},
        {"weekly": [[{"start": "09:00", "end": "12:00"}, {"start": "11:00", "end": "13:00"}]] + [[]] * 6},
        {"weekly": [[{"start": "9:00", "end": "12:00"}]] + [[]] * 6},
        {"weekly": [[]] * 7, "exceptions": {"2026-02-30": []}},
    ],
)
def test_shifts_that_are_none_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Shifts.model_validate(wrong)
    with pytest.raises(ValidationError):
        Leave(first="2026-03-02", last="2026-03-01")
    assert Block(start="00:00", end="24:00")
