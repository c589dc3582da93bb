"""Statistics of a period."""

from datetime import datetime, timedelta

import pytest

from shared.terms import Priority, Satisfaction
from shared.testing import LEAD, NOON, World
from tests.sla.builders import (
    TICKET,
    accepted,
    called_back,
    completed,
    diagnosed,
    message,
    opened,
    rated,
    reopened,
    tell,
)
from tests.sla.client import get


async def test_statistics_tell_how_it_went(world: World) -> None:
    await tell(world, opened())
    await tell(world, diagnosed(Priority.URGENT))
    await tell(world, message(NOON + timedelta(hours=1)))
    await tell(world, accepted(NOON + timedelta(hours=5), revision=3))
    await tell(world, rated(Satisfaction.DISSATISFIED, NOON + timedelta(hours=6)))
    await tell(world, called_back(NOON + timedelta(hours=7)))
    await tell(world, opened(NOON + timedelta(hours=1), "TK-2026-000002"))
    await tell(world, opened(NOON - timedelta(days=40), "TK-2026-000003"))
    path = "/v1/statistics?since=2026-03-02&until=2026-03-03T00:00:00Z"
    found = (await get(world, LEAD, path)).json()
    assert (found["opened"], found["resolved"]) == (2, 1)
    assert found["priorities"] == {"urgent": 1, "high": 0, "normal": 0, "undecided": 1}
    assert found["response"]["urgent"] == {
        "tickets": 1,
        "met": 1,
        "within_target": 1,
        "breached": 0,
        "mean_seconds": 3600,
        "p50_seconds": pytest.approx(3600, rel=0.02),
        "p90_seconds": pytest.approx(3600, rel=0.02),
        "mean_calendar_seconds": 3600,
    }
    assert found["response"]["undecided"]["met"] == 0
    assert (found["resolution"]["urgent"]["within_target"], found["resolution"]["urgent"]["breached"]) == (0, 1)
    assert found["satisfaction"] == {"satisfied": 0, "neutral": 0, "dissatisfied": 1}
    assert found["call_backs"] == {"due": 1, "done": 1, "in_time": 1}


@pytest.mark.parametrize(
    "query",
    [
        "since=2026-03-02&until=2026-03-01",
        "since=2024-01-01&until=2026-03-01",
        "since=yesterday",
        "since=2026-03-02T10:00:00",
        "since=0001-01-01",
        "since=9999-12-31T23:59:59Z",
        "until=0001-01-01T00:00:00Z",
        "until=9999-12-31",
        "since=1969-12-31",
        "until=2200-01-01",
    ],
)
async def test_a_period_that_makes_no_sense_is_refused(world: World, query: str) -> None:
    assert (await get(world, LEAD, f"/v1/statistics?{query}")).status_code == 422


async def test_every_call_back_counts_and_those_before_the_present_one_are_shown(world: World) -> None:
    def at(hours: int) -> datetime:
        return NOON + timedelta(hours=hours)

    await tell(world, opened(revision=1))
    await tell(world, accepted(at(1), revision=2))
    await tell(world, rated(Satisfaction.DISSATISFIED, at(2), revision=3))
    await tell(world, called_back(at(15), revision=4))
    await tell(world, completed(at(16), revision=5))
    await tell(world, reopened(at(17), revision=6))
    await tell(world, accepted(at(18), revision=7))
    await tell(world, rated(Satisfaction.DISSATISFIED, at(19), revision=8))
    await tell(world, called_back(at(20), revision=9))
    found = (await get(world, LEAD, "/v1/statistics?since=2026-03-02&until=2026-03-03")).json()
    assert found["call_backs"] == {"due": 2, "done": 2, "in_time": 1}
    shown = (await get(world, LEAD, f"/v1/tickets/{TICKET}/clocks")).json()
    assert [(clock["clock"], clock["within"]) for clock in shown["earlier"]] == [("call_back", False)]
    assert shown["clocks"][-1]["within"]


async def test_a_reply_that_was_heard_late_counts_as_what_it_was(world: World) -> None:
    await tell(world, opened(revision=1))
    await tell(world, diagnosed(Priority.URGENT, revision=1))
    await world.pass_time(hours=3)
    await tell(world, message(NOON + timedelta(hours=1), revision=2))
    found = (await get(world, LEAD, "/v1/statistics?since=2026-03-02&until=2026-03-03")).json()
    urgent = found["response"]["urgent"]
    assert (urgent["met"], urgent["within_target"], urgent["breached"]) == (1, 1, 0)


async def test_what_only_a_newer_release_knows_is_counted_too(world: World) -> None:
    await tell(world, opened(revision=1))
    await tell(world, diagnosed(Priority.of("catastrophic"), revision=1))
    await tell(world, rated(Satisfaction.of("delighted"), revision=2))
    found = (await get(world, LEAD, "/v1/statistics?since=2026-03-02&until=2026-03-03")).json()
    assert found["priorities"] == {"urgent": 0, "high": 0, "normal": 0, "undecided": 0, "catastrophic": 1}
    assert found["satisfaction"] == {"satisfied": 0, "neutral": 0, "dissatisfied": 0, "delighted": 1}


async def test_days_that_were_counted_and_parts_of_days_come_to_what_the_tickets_come_to(world: World) -> None:
    """Days begin at midnight in Shanghai, which is 16:00 UTC."""
    moments = [NOON + timedelta(hours=7 * n) for n in range(15)]
    for n, at in enumerate(moments):
        await tell(world, opened(at, f"TK-2026-{n + 1:06d}"))
    await world.pass_time(seconds=10)
    await world.pass_time(seconds=10)
    await tell(world, opened(moments[1] + timedelta(minutes=1), "TK-2026-000099"))  # a day to be counted again
    all = [*moments, moments[1] + timedelta(minutes=1)]
    for since, until in [
        (moments[0], moments[-1]),
        (moments[2], moments[9]),
        (NOON.replace(hour=16), NOON.replace(hour=16) + timedelta(days=2)),
        (moments[3], moments[3] + timedelta(milliseconds=1)),
        (moments[3] + timedelta(milliseconds=1), moments[4]),
    ]:
        path = f"/v1/statistics?since={since:%Y-%m-%dT%H:%M:%S.%fZ}&until={until:%Y-%m-%dT%H:%M:%S.%fZ}"
        found = (await get(world, LEAD, path)).json()
        assert found["opened"] == sum(since <= at < until for at in all)


async def test_what_was_counted_is_not_read_from_the_tickets_again(world: World) -> None:
    await tell(world, opened(NOON - timedelta(days=1)))
    for _ in range(3):  # what is late by now is told, and counted
        await world.pass_time(seconds=10)
    sla = world.apps["sla"].state.service
    await sla.figures.records.remove([TICKET])
    found = (await get(world, LEAD, "/v1/statistics?since=2026-03-01&until=2026-03-02")).json()
    assert found["opened"] == 1
