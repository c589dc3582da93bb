"""Events in, incidents out."""

from datetime import timedelta

from services.triage.app import create_app
from services.triage.incidents import lifecycle
from services.triage.incidents.domain import IncidentState
from services.triage.work.values import TRIAGE_ORIGIN
from shared.events import (
    IncidentOpened,
    IncidentProposed,
    IncidentTicketAdded,
    TicketAmended,
    TriageReclassified,
)
from shared.outbox import Outgoing
from shared.terms import Priority
from shared.testing import LEAD, NOON, World
from tests.triage.incidents.scene import TEXTS, all_incidents, coded, number, report_three, reported
from tests.triage.scene import post, triage


async def test_one_code_of_three_customers_is_proposed_once_with_its_evidence(world: World) -> None:
    await report_three(world)
    await world.publish(coded(4, "甲公司", NOON + timedelta(minutes=9)))
    [incident] = await all_incidents(world)
    assert (incident.state, incident.customers, incident.tickets) == (
        IncidentState.CANDIDATE,
        3,
        [number(n) for n in (1, 2, 3, 4)],
    )
    [proposed] = world.published(IncidentProposed)
    assert (proposed.subject, proposed.evidence) == ("IN-2026-000001", ["ORA-12170 · 交易系统"])
    assert not world.published(IncidentOpened)
    assert not world.published(IncidentTicketAdded)


async def test_near_identical_texts_are_proposed(world: World) -> None:
    for n, text in enumerate(TEXTS, start=1):
        await world.publish(reported(n, f"客户{n}", title="无法下单", description=text))
    await world.publish(
        reported(9, "客户9", title="导出", description="报表中心导出没有反应，请问在哪里修改导出的模板")
    )
    [incident] = await all_incidents(world)
    assert incident.tickets == [number(n) for n in (1, 2, 3, 4)]


async def test_an_event_that_comes_twice_or_late_changes_nothing(world: World) -> None:
    await report_three(world)
    await world.publish(coded(2, "乙公司", NOON + timedelta(minutes=2)))
    await world.publish(coded(5, "戊公司", NOON - timedelta(minutes=30)))
    [incident] = await all_incidents(world)
    assert sorted(incident.tickets) == [number(n) for n in (1, 2, 3, 5)]


async def test_two_replicas_make_one_incident(world: World) -> None:
    await world.start(create_app, "-2")
    assert world._bus
    for n in range(1, 13):
        await world._bus.publish(Outgoing.of(coded(n, f"客户{n}")))
    await world.settle()
    [incident] = await all_incidents(world)
    assert sorted(incident.tickets) == [number(n) for n in range(1, 13)]
    assert len(world.published(IncidentProposed)) == 1


async def test_a_ticket_that_belongs_to_two_candidates_makes_them_one(world: World) -> None:
    for n in (1, 2, 3):
        await world.publish(coded(n, f"客户{n}"))
        await world.publish(coded(n + 10, f"客户{n}", code="ORA-01653"))
    assert len(await all_incidents(world)) == 2
    both = reported(20, "客户20", product="交易系统", error_text="提示 ORA-12170，之后提示 ORA-01653")
    await world.publish(both)
    found = await all_incidents(world)
    [merged] = [one for one in found if one.state is IncidentState.MERGED]
    [left] = [one for one in found if one.state is IncidentState.CANDIDATE]
    assert (merged.into, merged.due_at) == (left.id, None)
    assert sorted(left.tickets) == sorted(number(n) for n in (1, 2, 3, 11, 12, 13, 20))


async def test_a_merge_that_was_cut_off_is_finished(world: World) -> None:
    """Killed between the two writes: the tickets move when it is due."""
    for n in (1, 2, 3):
        await world.publish(coded(n, f"客户{n}"))
        await world.publish(coded(n + 10, f"客户{n}", code="ORA-01653"))
    first, second = await all_incidents(world)
    store = triage(world).incidents.watch.incidents
    await store.change(second.id, lambda one: lifecycle.merge(one, first.id, world.now()), TRIAGE_ORIGIN)
    assert len((await store.get(first.id)).tickets) == 3
    await world.pass_time(seconds=1)
    assert len((await store.get(first.id)).tickets) == 6


async def test_what_is_found_out_later_counts(world: World) -> None:
    for n in (1, 2):
        await world.publish(coded(n, f"客户{n}"))
    await world.publish(reported(3, "客户3"))
    assert await all_incidents(world) == []
    told = coded(3, "客户3")
    await world.publish(TicketAmended(subject=number(3), time=NOON, revision=2, problem=told.problem))
    [incident] = await all_incidents(world)
    assert sorted(incident.tickets) == [number(n) for n in (1, 2, 3)]


async def test_confirmed_it_raises_its_tickets_and_takes_later_ones(world: World) -> None:
    await report_three(world)
    answer = await post(world, LEAD, "/v1/incidents/IN-2026-000001/confirmation", {"reason": "同一错误码"})
    assert answer.json()["state"] == "confirmed"
    assert [one.subject for one in world.published(IncidentTicketAdded)] == [number(n) for n in (1, 2, 3)]
    items = triage(world).work.store
    assert {(await items.get(number(n))).priority for n in (1, 2, 3)} <= {Priority.HIGH, Priority.URGENT}
    await world.publish(coded(4, "丁公司", NOON + timedelta(days=2)))
    await world.publish(reported(5, "戊公司"))
    [incident] = await all_incidents(world)
    assert incident.tickets == [number(n) for n in (1, 2, 3, 4)]
    assert (await items.get(number(4))).incidents == [incident.id]
    assert (await items.get(number(5))).incidents == []
    assert number(5) not in [one.subject for one in world.published(TriageReclassified)]
