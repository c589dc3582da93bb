"""What is kept of tickets and counted: the same however often, in whichever order and by however many it is heard."""

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.sla.app import create_app
from services.sla.figures.counting import DIMENSIONS, bucket, counts, seconds_of, sums_of, why
from services.sla.figures.domain import ClockResult, Day, TicketRecord
from services.sla.figures.facts import hear
from services.sla.figures.store import Days, Records
from services.sla.figures.summary import added, figures_of, percentile
from shared.events import Event, KbCaseArchived, TriageAssigned, TriageReleased, TriageSolutionFailed
from shared.terms import Category, ClockKind, Outcome, Priority, Satisfaction
from shared.testing import LEAD, NOON, World
from tests.sla.builders import (
    TICKET,
    accepted,
    called_back,
    completed,
    consultation,
    diagnosed,
    opened,
    rated,
    reclassified,
    rejected,
    reopened,
    sla_of,
    tell,
)
from tests.sla.client import get


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def day_of(moment: datetime) -> str:
    return (moment + timedelta(hours=8)).date().isoformat()


HISTORY: list[Event] = [
    opened(revision=1),
    diagnosed(Priority.HIGH, revision=1),
    TriageAssigned(
        subject=TICKET, time=at(1), engineer="e-chen", engineer_name="陈宇", senior=False, by="x", revision=2
    ),
    TriageReleased(subject=TICKET, time=at(2), engineer="e-chen", reason="病假", revision=3),
    TriageAssigned(
        subject=TICKET, time=at(3), engineer="e-liu", engineer_name="刘洋", senior=False, by="x", revision=4
    ),
    reclassified(Priority.URGENT, at(3), revision=5),
    TriageSolutionFailed(subject=TICKET, time=at(4), round=1, steps="s", result="r", revision=6),
    TriageSolutionFailed(subject=TICKET, time=at(5), round=1, steps="s", result="r", revision=7),
    rejected(at(6), revision=2),
    consultation(at(7), revision=8),
    accepted(at(8), revision=3),
    rated(Satisfaction.DISSATISFIED, at(9), revision=4),
    called_back(at(10), revision=5),
    completed(at(11), resolved_at=at(8), revision=6),
    reopened(at(12), revision=7),
    accepted(at(13), revision=8),
    rated(Satisfaction.SATISFIED, at(14), revision=9),
    completed(at(15), resolved_at=at(13), fingerprints=["f-1"], revision=10),
    KbCaseArchived(subject=TICKET, time=at(15), tags=["Excel", "V3.2"], revision=1),
]


def record_of(events: list[Event]) -> TicketRecord:
    record = TicketRecord(id=TICKET)
    for event in events:
        hear(record, event, day_of)
    return record


def test_a_history_comes_to_this() -> None:
    record = record_of(HISTORY)
    assert (record.day, record.engineer, record.priority, record.category) == (
        "2026-03-02",
        "e-liu",
        Priority.URGENT,
        Category.DATA,
    )
    assert (len(record.failed), len(record.reopened), record.assigned_at) == (2, 1, at(1))
    assert (record.resolved_at, record.satisfaction, record.tags) == (at(13), Satisfaction.SATISFIED, ["Excel", "V3.2"])


@pytest.mark.parametrize("seed", range(200))
def test_the_order_and_repetition_of_events_change_nothing(seed: int) -> None:
    chance = random.Random(seed)
    heard = [*HISTORY, *chance.sample(HISTORY, 8)]
    chance.shuffle(heard)
    assert record_of(heard) == record_of(HISTORY)


def test_what_is_counted_of_a_ticket() -> None:
    found = counts(record_of(HISTORY))
    flags = ("opened", "completed", "resolved", "reopened", "rejected", "failed", "consulted", "several_rounds")
    assert all(found[name] == 1 for name in flags)
    assert found["satisfaction:satisfied"] == found["outcome:solved"] == found["cause:沟通慢"] == 1
    assert not any(found[name] for name in ("open", "unsolved", "late", "unassigned"))


def test_nothing_is_counted_of_a_ticket_that_is_disputed_or_was_not_opened() -> None:
    assert not counts(record_of(HISTORY[1:]))
    assert not counts(record_of(HISTORY).model_copy(update={"disputed": True}))


def test_who_cancelled_did_not_want_a_solution_and_who_never_answered_did() -> None:
    def unsolved(outcome: Outcome) -> int:
        return counts(record_of([opened(revision=1), completed(outcome=outcome, revision=2)]))["unsolved"]

    ends = {outcome: unsolved(outcome) for outcome in Outcome}
    assert [outcome for outcome, count in ends.items() if count] == [Outcome.NO_ANSWER]


def test_sums_of_several_days_are_added_by_value() -> None:
    monday, tuesday = record_of(HISTORY), record_of([opened(at(24), company="North Securities", revision=1)])
    sums = [sums_of([one])["company"] for one in (monday, tuesday, monday)]
    total = added(one.items() for one in sums)
    assert {value: counted["opened"] for value, counted in total.items()} == {
        "华东贸易有限公司": 2,
        "North Securities": 1,
    }
    assert set(sums_of([monday])) == set(DIMENSIONS)


@pytest.mark.parametrize("seconds", [0, 1, 59, 3600, 86_400, 86_400 * 300])
def test_a_bucket_is_right_to_two_percent(seconds: int) -> None:
    assert seconds_of(bucket(seconds * 1000)) == pytest.approx(seconds, rel=0.02, abs=0.05)


def test_percentiles_go_by_nearest_rank() -> None:
    took = Counter(bucket(minutes * 60_000) for minutes in range(1, 101))
    assert percentile(took, 0.5) == pytest.approx(50 * 60, rel=0.02)
    assert percentile(took, 0.9) == pytest.approx(90 * 60, rel=0.02)
    assert percentile({}, 0.5) is None


@pytest.mark.parametrize(
    ("kind", "events", "reason"),
    [
        ("response", HISTORY[:2], "unassigned"),
        ("response", HISTORY[:3], "handling"),
        ("resolution", HISTORY[:3], "handling"),
        ("resolution", HISTORY[:7], "failed"),
        ("resolution", HISTORY[:9], "rejected"),
        ("resolution", HISTORY, "reopened"),
        ("call_back", HISTORY, "handling"),
    ],
)
def test_why_a_target_was_missed(kind: str, events: list[Event], reason: str) -> None:
    late = ClockResult(breached_at=at(4))
    assert why(kind, late, record_of(events)) == reason
    assert why(kind, ClockResult(), record_of(events)) is None


def test_call_backs_before_the_present_one_count_too() -> None:
    record = record_of(HISTORY)
    record.clocks = {ClockKind.CALL_BACK: ClockResult(met_at=at(10))}
    record.call_backs = [ClockResult(met_at=at(9), breached_at=at(8))]
    found = figures_of(counts(record)).clocks["call_back"]
    assert (found.due, found.met, found.within, found.breached) == (2, 2, 1, 1)


# ---- in a running service


class LateDays(Days):
    """Of a replica that looked before the others marked the day again."""

    async def get(self, id: str) -> Day:
        found = await super().get(id)
        return found.model_copy(update={"marked": found.marked - 1})


class LateRecords(Records):
    async def of_day(self, day: str) -> list[TicketRecord]:
        return (await super().of_day(day))[:1]


async def sums(world: World) -> dict[str, object]:
    return {one.id: one.sums async for one in sla_of(world).figures.sums.all()}


async def test_two_replicas_that_hear_and_count_at_once_come_to_the_same(world: World) -> None:
    await world.start(create_app, "2")
    chance = random.Random(7)
    heard = [*HISTORY, *chance.sample(HISTORY, 6)]
    chance.shuffle(heard)
    for event in heard:
        await tell(world, event)
    await world.pass_time(hours=1)
    await world.pass_time(minutes=1)
    found = await sums(world)
    records = await sla_of(world).figures.records.of_day("2026-03-02")
    again = {f"2026-03-02/{name}": values for name, values in sums_of(records).items()}
    assert len(records) == 1
    assert {id: dict(values) for id, values in found.items()} == {  # type: ignore[call-overload]
        id: {value: sorted(counted.items()) for value, counted in values.items()} for id, values in again.items()
    }


async def test_an_older_count_does_not_replace_a_newer_one(world: World) -> None:
    """A replica that read the records before others came is told by the mark that it is late."""
    for ticket in (TICKET, "TK-2026-000002"):
        await tell(world, opened(subject=ticket, revision=1))
    await world.pass_time(minutes=1)
    runtime = world.runtimes["sla"]
    late = replace(sla_of(world).figures, records=runtime.store(LateRecords), days=runtime.store(LateDays))
    await late.count_due(["2026-03-02"])
    assert (await get(world, LEAD, "/v1/figures?since=2026-03-02&until=2026-03-03")).json()["total"]["opened"] == 2
