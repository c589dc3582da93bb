"""What people do with incidents, and who may."""

from typing import Any

import pytest

from services.triage.app import create_app
from services.triage.work.values import WorkState
from shared.events import (
    ContactErased,
    IncidentOpened,
    IncidentPriorityRaised,
    IncidentProposed,
    IncidentResolved,
    IncidentTicketAdded,
    IncidentTicketRemoved,
    IncidentUpdated,
    TriageSolutionVerified,
)
from shared.terms import Priority
from shared.testing import AGENT, AUDITOR, CHEN, LEAD, LIU, NOON, WANG, World
from tests.triage.incidents.scene import all_incidents, coded, number, report_three, reported
from tests.triage.scene import a_senior, ask, post, triage

ID = "IN-2026-000001"
PATH = f"/v1/incidents/{ID}"
WHY = {"reason": "同一错误码"}
NEWS = {"text": {"zh": "已定位原因", "en": "The cause is found"}}
FIX = {
    "solution": {"zh": "已扩容，请重试", "en": "Enlarged; please try again"},
    "root_cause": "连接池耗尽",
    "steps": "测试环境下单 500 笔",
    "result": "全部成功",
}


async def confirmed(world: World) -> None:
    await report_three(world)
    assert (await post(world, LEAD, f"{PATH}/confirmation", WHY)).status_code == 200


async def priority_of(world: World, n: int) -> Priority:
    return (await triage(world).work.store.get(number(n))).priority


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("confirmation", WHY),
        ("dismissal", WHY),
        ("updates", NEWS),
        ("resolution", FIX),
        ("tickets", {"ticket": number(9), **WHY}),
        (f"tickets/{number(1)}/removal", WHY),
    ],
)
async def test_customers_and_readers_change_nothing(world: World, path: str, body: dict[str, Any]) -> None:
    await report_three(world)
    before = await all_incidents(world)
    for who in (WANG, AGENT, AUDITOR):
        assert (await post(world, who, f"{PATH}/{path}", body)).status_code == 403
    assert (await ask(world, WANG, "GET", PATH)).status_code == 403
    assert (await ask(world, None, "GET", "/v1/incidents")).status_code == 401
    assert await all_incidents(world) == before


async def test_a_senior_engineer_decides_and_another_does_not(world: World) -> None:
    await report_three(world)
    refused = await post(world, CHEN, f"{PATH}/confirmation", WHY)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:bihuan:problem:not-senior")
    await a_senior(world, LIU.sub)
    assert (await post(world, LIU, f"{PATH}/confirmation", WHY)).json()["decided_by"] == LIU.sub


async def test_it_is_confirmed_once_and_only_as_it_was_seen(world: World) -> None:
    await report_three(world)
    seen = await ask(world, AGENT, "GET", PATH)
    assert seen.json()["evidence"] == ["ORA-12170 · 交易系统"]
    stale = await post(world, LEAD, f"{PATH}/confirmation", WHY, **{"If-Match": '"99"'})
    assert stale.status_code == 412
    for _ in range(2):
        answer = await post(world, LEAD, f"{PATH}/confirmation", WHY, **{"Idempotency-Key": "k-1"})
        assert answer.status_code == 200
    assert (await post(world, LEAD, f"{PATH}/dismissal", WHY)).status_code == 409
    [opened] = world.published(IncidentOpened)
    assert (opened.customers, opened.tickets, opened.confirmed_by) == (3, 3, LEAD.sub)
    assert len(world.published(IncidentTicketAdded)) == 3


async def test_dismissed_it_is_not_proposed_again_until_others_have_it(world: World) -> None:
    await report_three(world)
    assert (await post(world, LEAD, f"{PATH}/dismissal", WHY)).json()["state"] == "dismissed"
    await world.publish(coded(4, "丁公司"))
    assert len(await all_incidents(world)) == 1
    await world.publish(coded(5, "戊公司"))
    await world.publish(coded(6, "己公司"))
    assert [one.tickets for one in await all_incidents(world)][1] == [number(n) for n in (4, 5, 6)]
    assert len(world.published(IncidentProposed)) == 2


async def test_enough_customers_confirm_it_by_themselves(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.stop("triage")
    monkeypatch.setenv("BIHUAN_INCIDENT_CONFIRM_CUSTOMERS", "4")
    monkeypatch.setenv("BIHUAN_INCIDENT_PRIORITIES", '{"3": "high", "5": "urgent"}')
    await world.start(create_app)
    await report_three(world)
    assert not world.published(IncidentOpened)
    await world.publish(coded(4, "丁公司"))
    [opened] = world.published(IncidentOpened)
    assert (opened.customers, opened.priority, opened.confirmed_by) == (4, Priority.HIGH, "service:triage")
    await world.publish(coded(5, "戊公司"))
    [raised] = world.published(IncidentPriorityRaised)
    assert (raised.priority, raised.tickets) == (Priority.URGENT, [number(n) for n in (1, 2, 3, 4)])
    assert {await priority_of(world, n) for n in range(1, 6)} == {Priority.URGENT}


async def test_a_ticket_is_taken_out_and_never_comes_back_by_itself(world: World) -> None:
    await confirmed(world)
    gone = await post(world, CHEN, f"{PATH}/tickets/{number(2)}/removal", {"reason": "网络断开"})
    assert gone.json()["removed"] == [number(2)]
    [told] = world.published(IncidentTicketRemoved)
    assert (told.subject, told.reason) == (number(2), "网络断开")
    assert (await triage(world).work.store.get(number(2))).incidents == []
    await world.publish(coded(4, "丁公司"))
    [incident] = await all_incidents(world)
    assert incident.tickets == [number(n) for n in (1, 3, 4)]
    assert (await post(world, CHEN, f"{PATH}/tickets/{number(2)}/removal", WHY)).status_code == 404
    back = await post(world, CHEN, f"{PATH}/tickets", {"ticket": number(2), "reason": "又出现"})
    assert (back.status_code, back.json()["ticket_count"], back.json()["removed"]) == (201, 4, [])


async def test_a_ticket_is_part_of_one_incident(world: World) -> None:
    await confirmed(world)
    for n in (11, 12, 13):
        await world.publish(coded(n, f"客户{n}", code="ORA-01653"))
    other = (await all_incidents(world))[1]
    refused = await post(world, LEAD, f"/v1/incidents/{other.id}/tickets", {"ticket": number(1), **WHY})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:bihuan:problem:in-another")
    assert (await post(world, LEAD, f"{PATH}/tickets", {"ticket": number(99), **WHY})).status_code == 404
    await world.publish(reported(20, "庚公司"))
    assert (await post(world, LEAD, f"{PATH}/tickets", {"ticket": number(20), **WHY})).status_code == 201
    assert world.published(IncidentTicketAdded)[-1].subject == number(20)


async def test_news_name_the_tickets_and_internal_ones_say_nothing_on_the_bus(world: World) -> None:
    await report_three(world)
    assert (await post(world, LEAD, f"{PATH}/updates", NEWS)).status_code == 409
    await post(world, LEAD, f"{PATH}/confirmation", WHY)
    assert (await post(world, CHEN, f"{PATH}/updates", {"text": {}})).status_code == 422
    assert (await post(world, CHEN, f"{PATH}/updates", NEWS)).status_code == 201
    secret = {"text": {"zh": "怀疑是供应商的问题"}, "internal": True}
    assert (await post(world, CHEN, f"{PATH}/updates", secret)).status_code == 201
    public, internal = world.published(IncidentUpdated)
    assert (public.text.en, public.tickets, public.actor) == (
        "The cause is found",
        [number(n) for n in (1, 2, 3)],
        CHEN.sub,
    )
    assert (internal.text.zh, internal.tickets) == ("", [])
    shown = (await ask(world, AUDITOR, "GET", PATH)).json()["updates"]
    assert [(one["internal"], one["text"]["zh"]) for one in shown] == [
        (False, "已定位原因"),
        (True, "怀疑是供应商的问题"),
    ]
    known = await ask(world, CHEN, "PATCH", PATH, {"workaround": {"zh": "走备用通道"}})
    assert known.json()["workaround"] == {"zh": "走备用通道", "en": ""}
    await world.publish(coded(4, "丁公司"))
    added = world.published(IncidentTicketAdded)[-1]
    assert (added.subject, added.news.zh, added.workaround.zh) == (number(4), "已定位原因", "走备用通道")


async def test_its_resolution_is_proposed_to_each_and_closes_none(world: World) -> None:
    await confirmed(world)
    assert (await post(world, CHEN, f"{PATH}/resolution", FIX)).status_code == 403
    answer = await post(world, LEAD, f"{PATH}/resolution", FIX)
    assert (answer.status_code, answer.json()["state"]) == (201, "resolved")
    [resolved] = world.published(IncidentResolved)
    assert resolved.tickets == [number(n) for n in (1, 2, 3)]
    told = {one.subject: one for one in world.published(TriageSolutionVerified)}
    assert sorted(told) == resolved.tickets
    assert {(one.solution, one.round, one.actor) for one in told.values()} == {("已扩容，请重试", 1, LEAD.sub)}
    items = [await triage(world).work.store.get(ticket) for ticket in told]
    assert {(item.work, item.open) for item in items} == {(WorkState.VERIFIED, True)}
    await world.publish(coded(4, "丁公司"))
    [incident] = await all_incidents(world)
    assert incident.tickets == resolved.tickets


async def test_lists_and_pages(world: World) -> None:
    await confirmed(world)
    rows = (await ask(world, AGENT, "GET", "/v1/incidents?state=confirmed")).json()["items"]
    assert [(one["id"], one["customers"], one["ticket_count"]) for one in rows] == [(ID, 3, 3)]
    assert (await ask(world, AGENT, "GET", "/v1/incidents?state=candidate")).json()["items"] == []
    first = (await ask(world, AGENT, "GET", f"{PATH}/tickets?limit=2")).json()
    rest = (await ask(world, AGENT, "GET", f"{PATH}/tickets?limit=2&after={first['next']}")).json()
    assert [one["ticket"] for one in first["items"] + rest["items"]] == [number(n) for n in (1, 2, 3)]
    assert rest["next"] is None
    assert (await ask(world, AGENT, "GET", f"{PATH}/tickets?after=x")).status_code == 422


async def test_who_is_erased_is_no_longer_named(world: World) -> None:
    await confirmed(world)
    await world.publish(ContactErased(subject="c-1", time=NOON, tickets=[number(1)]))
    [incident] = await all_incidents(world)
    assert "甲公司" not in incident.model_dump_json()
    assert (incident.customers, await triage(world).incidents.watch.sightings.find(number(1))) == (3, None)


async def test_a_priority_that_is_heard_before_the_ticket_came_in_holds(world: World) -> None:
    """Events of two subjects come in any order; who has left is left alone."""
    for n in (1, 2):
        await world.publish(reported(n, f"客户{n}"))
    before = await priority_of(world, 2)
    risen = IncidentPriorityRaised(
        subject=ID, time=NOON, priority=Priority.URGENT, customers=10, tickets=[number(1), number(2)]
    )
    came = IncidentTicketAdded(
        subject=number(1), time=NOON, revision=4, incident=ID, priority=Priority.HIGH, customers=3, reason="ORA-12170"
    )
    left = IncidentTicketRemoved(subject=number(2), time=NOON, revision=5, incident=ID, reason="网络断开")
    for event in (left, risen, came, came.model_copy(update={"id": "again", "subject": number(2)})):
        await world.publish(event)
    assert [await priority_of(world, n) for n in (1, 2)] == [Priority.URGENT, before]
    assert before is not Priority.URGENT
    assert (await triage(world).work.store.get(number(1))).incidents == [ID]


@pytest.mark.parametrize("over", ["dismissal", "resolution"])
async def test_a_ticket_of_one_that_is_over_can_become_part_of_another(world: World, over: str) -> None:
    await (confirmed if over == "resolution" else report_three)(world)
    assert (await post(world, LEAD, f"{PATH}/{over}", FIX if over == "resolution" else WHY)).status_code < 300
    for n in (11, 12, 13):
        await world.publish(coded(n, f"客户{n}", code="ORA-01653"))
    other = f"/v1/incidents/{(await all_incidents(world))[1].id}/tickets"
    assert (await post(world, LEAD, other, {"ticket": number(1), **WHY})).status_code == 409
    assert (await post(world, LEAD, f"{PATH}/tickets/{number(1)}/removal", WHY)).status_code == 200
    assert [one.subject for one in world.published(IncidentTicketRemoved)] == [number(1)] * (over == "resolution")
    assert (await post(world, LEAD, other, {"ticket": number(1), **WHY})).status_code == 201
