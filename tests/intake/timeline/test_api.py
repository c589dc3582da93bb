"""What a ticket's timeline shows to whom."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.intake.app import create_app
from services.intake.timeline.domain import Entry
from services.intake.timeline.store import Timeline
from shared.domain import NotFound, Origin
from shared.events import (
    NotifyDelivered,
    NotifyFailed,
    SlaBreached,
    TriageAssigned,
    TriageSolutionVerified,
)
from shared.terms import ClockKind
from shared.testing import AGENT, AUDITOR, CHEN, LEAD, NOON, VIEWER, WANG, ZHAO, Person, World
from tests.intake.forms.scene import FIELDS, declared
from tests.intake.scene import completed, opened, opening, to_verification


async def timeline(world: World, number: str, who: Person = LEAD, **query: Any) -> list[dict[str, Any]]:
    async with world.as_(who, "intake") as client:
        answer = await client.get(f"/v1/tickets/{number}/timeline", params={"sort": "oldest", **query})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_declared_field_is_named_as_the_form_calls_it(world: World) -> None:
    await declared(world, FIELDS)
    number = (await opened(world))["ticket"]
    async with world.as_(WANG, "intake") as wang:
        body = {"answers": {"serial": "SN-0001"}}
        assert (await wang.post(f"/v1/tickets/{number}/answers", json=body)).status_code == 200
        assert (await wang.patch(f"/v1/tickets/{number}", json={"custom_fields": {"database": "dm8"}})).is_success
    await world.settle()
    for who in (LEAD, WANG):
        items = await timeline(world, number, who)
        [answered] = [one for one in items if one["kind"] == "ticket.questions_answered"]
        assert (answered["text"]["zh"], answered["text"]["en"]) == (
            "已补充信息：序列号",
            "Information added: Serial number",
        )
        assert answered["changes"][0]["label"] == {"en": "Serial number", "zh": "序列号"}
        [changed] = [one for one in items if one["kind"] == "ticket.amended"]
        assert changed["text"]["zh"] == "工单信息已修改：数据库"
        assert changed["changes"][0]["label"] == {"en": "Database", "zh": "数据库"}


def kinds(items: list[dict[str, Any]]) -> list[str]:
    return [one["kind"] for one in items]


async def test_it_says_what_was_changed_from_what_to_what_by_whom(world: World) -> None:
    number = (await opened(world))["ticket"]
    async with world.as_(AGENT, "intake") as agent:
        await agent.post(f"/v1/tickets/{number}/messages", json={"text": "您好"})
        answer = await agent.patch(
            f"/v1/tickets/{number}", json={"module": "报表中心", "title": "导出时崩溃", "users_affected": 3}
        )
        assert answer.status_code == 200, answer.text
    await world.settle()
    [entry] = await timeline(world, number, group="changes")
    assert [one.pop("label") for one in entry["changes"]] == [
        {"en": "title", "zh": "标题"},
        {"en": "module", "zh": "模块"},
        {"en": "users affected", "zh": "受影响用户数"},
    ]
    assert entry["changes"] == [
        {"field": "title", "before": "V3.2 在 Win11 上导出 Excel 时崩溃", "after": "导出时崩溃"},
        {"field": "module", "before": "", "after": "报表中心"},
        {"field": "users_affected", "before": None, "after": 3},
    ]
    assert entry["text"] == {
        "en": "Ticket details changed: title, module, users affected",
        "zh": "工单信息已修改：标题、模块、受影响用户数",
    }
    assert entry["actor"] == {"id": "a-lin", "name": "林芳"}
    assert (entry["visibility"], entry["at"]) == ("customer", "2026-03-02T04:00:00Z")


async def test_a_customer_sees_what_customers_may_and_staff_all(world: World) -> None:
    number = (await opened(world))["ticket"]
    async with world.as_(CHEN, "intake") as chen:
        await chen.post(f"/v1/tickets/{number}/messages", json={"text": "内部", "internal": True})
        await chen.post(f"/v1/tickets/{number}/messages", json={"text": "请稍候"})
    await to_verification(world, number)
    known: dict[str, Any] = {"subject": number, "time": NOON}
    await world.publish(SlaBreached(clock=ClockKind.RESPONSE, due_at=NOON, **known))
    mail = {"channel": "email", "template": "opened", **known}
    await world.publish(NotifyDelivered(delivery="d1", recipient="u-wang", **mail))
    await world.publish(NotifyFailed(delivery="d2", recipient="e-liu", error="550 no such user", **mail))
    await world.publish(NotifyFailed(delivery="d3", recipient="u-wang", error="550 full", **mail))
    staff = await timeline(world, number)
    for who in (WANG, VIEWER):
        seen = await timeline(world, number, who)
        assert [one["id"] for one in seen] == [one["id"] for one in staff if one["visibility"] == "customer"]
        said = str(seen)
        for secret in ("内部", "550 ", "sla.", "e-liu@", "root_cause", "'result'", "triage.diagnosed"):
            assert secret not in said, secret
        [solution] = [one for one in seen if one["kind"] == "triage.solution_verified"]
        assert solution["details"] == {"round": 1, "solution": "补丁"}
        assert [one["kind"] for one in seen].count("notify.failed") == 1
        assert {one["cause"] for one in seen} == {""}
    hidden = {one["kind"] for one in staff if one["visibility"] == "staff"}
    assert hidden >= {"ticket.message_posted", "triage.diagnosed", "sla.breached", "notify.failed"}
    errors = {one["reason"]["en"] for one in staff if one["kind"] == "notify.failed"}
    assert errors == {"550 no such user", "550 full"}
    assert kinds(await timeline(world, number, AUDITOR)) == kinds(staff)


async def test_it_is_nobody_elses(world: World) -> None:
    number = (await opened(world))["ticket"]
    async with world.as_(ZHAO, "intake") as zhao:
        answers = [await zhao.get(f"/v1/tickets/{one}/timeline") for one in (number, "TK-2026-999999")]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].json()["detail"].replace(number, "") == answers[1].json()["detail"].replace("TK-2026-999999", "")


async def test_pages_are_of_the_whole_in_both_orders(world: World) -> None:
    number = await completed(world)
    whole = [one["id"] for one in await timeline(world, number, limit=100)]
    assert len(whole) == len(set(whole)) > 8
    for sort, expected in (("oldest", whole), ("newest", whole[::-1])):
        found: list[str] = []
        after = ""
        async with world.as_(LEAD, "intake") as lead:
            while True:
                query: dict[str, str | int] = {"sort": sort, "limit": 3, "after": after}
                page = (await lead.get(f"/v1/tickets/{number}/timeline", params=query)).json()
                found += [one["id"] for one in page["items"]]
                if not page["next"]:
                    break
                after = page["next"]
        assert found == expected


async def test_it_is_narrowed_by_group_and_time(world: World) -> None:
    number = (await opened(world))["ticket"]
    await world.pass_time(hours=1)
    async with world.as_(WANG, "intake") as wang:
        await wang.post(f"/v1/tickets/{number}/messages", json={"text": "还有一点"})
    await world.settle()
    assert kinds(await timeline(world, number, group="messages")) == [
        "ticket.questions_asked",
        "ticket.message_posted",
    ]
    late = world.now().isoformat()
    for sort in ("oldest", "newest"):
        assert set(kinds(await timeline(world, number, since=late, sort=sort))) == {
            "ticket.message_posted",
            "ticket.resumed",
        }
    async with world.as_(WANG, "intake") as wang:
        assert (await wang.get(f"/v1/tickets/{number}/timeline", params={"group": "x"})).status_code == 422


async def test_a_long_message_is_not_copied_whole_and_found_by_its_id(world: World) -> None:
    number = (await opened(world))["ticket"]
    async with world.as_(WANG, "intake") as wang:
        await wang.post(f"/v1/tickets/{number}/messages", json={"text": "长" * 20_000})
    await world.settle()
    [entry] = [one for one in await timeline(world, number) if one["kind"] == "ticket.message_posted"]
    assert len(entry["details"]["text"].encode()) <= 300
    assert entry["details"]["message"] == "m1"
    assert entry["channel"] == "online"


async def test_a_host_whose_clock_was_ahead_does_not_turn_the_order(world: World) -> None:
    """Of one maker's facts the revision orders, not the clocks."""
    number = (await opened(world))["ticket"]
    await world.pass_time(minutes=5)
    async with world.as_(WANG, "intake") as wang:
        await wang.post(f"/v1/tickets/{number}/messages", json={"text": "一"})
        await world.settle()
        await world.pass_time(minutes=-4)
        await wang.post(f"/v1/tickets/{number}/messages", json={"text": "二"})
    await world.settle()
    said = [one["details"]["text"] for one in await timeline(world, number) if "text" in one["details"]]
    assert said == ["一", "二"]


async def test_an_event_is_shown_once_however_often_it_comes(world: World) -> None:
    number = (await opened(world))["ticket"]
    event = TriageAssigned(
        subject=number, time=NOON, revision=2, engineer="e-liu", engineer_name="刘洋", senior=True, by="e-liu"
    )
    for _ in range(2):
        await world.publish(event)
    store = timelines(world)
    handle = world.runtimes["intake"].bus.handlers[TriageAssigned]
    await handle(event)
    assert await store.count({"kind": "triage.assigned"}) == 1


async def test_what_the_ticket_cannot_hear_yet_has_happened_all_the_same(world: World) -> None:
    """It comes before the ticket is there, as after a restore."""
    handle = world.runtimes["intake"].bus.handlers[TriageSolutionVerified]
    event = TriageSolutionVerified(
        subject="TK-2026-000777", time=NOON, revision=5, round=1, solution="s", steps="t", result="r"
    )
    with pytest.raises(NotFound):
        await handle(event)
    assert await timelines(world).count({"ticket": "TK-2026-000777"}) == 1


async def test_what_was_told_of_a_lost_ticket_under_its_number_is_not_shown(world: World) -> None:
    """It was opened after the backup that the database was restored from, for somebody else."""
    handle = world.runtimes["intake"].bus.handlers[SlaBreached]
    number = (await opened(world))["ticket"]
    for at in (NOON - timedelta(days=1), NOON - timedelta(seconds=2)):
        await handle(SlaBreached(subject=number, time=at, clock=ClockKind.RESPONSE, due_at=at))
    await timelines(world).add(Entry.of(opening(number, NOON - timedelta(days=1))), [], Origin("test"))
    for sort in ("oldest", "newest"):
        shown = await timeline(world, number, WANG, sort=sort)
        assert [one["details"]["customer_name"] for one in shown if one["kind"] == "ticket.opened"] == [
            "华东贸易有限公司"
        ]
        assert len(await timeline(world, number, group="clocks", sort=sort)) == 1


async def test_a_page_is_found_by_its_index(world: World) -> None:
    number = await completed(world)
    store = timelines(world)
    window = {"$gte": NOON - timedelta(days=1), "$lt": NOON}
    plan = str(await store.explain({"ticket": number, "ordered_at": window}))
    assert "IXSCAN" in plan, plan
    assert "COLLSCAN" not in plan, plan


async def test_two_processes_that_hear_the_same_keep_it_once(world: World) -> None:
    """Both at once, as when one was taken for dead."""
    other = await world.start(create_app, ".2")
    number = (await opened(world))["ticket"]
    known: dict[str, Any] = {"subject": number, "time": NOON, "due_at": NOON}
    events = [SlaBreached(clock=ClockKind.RESPONSE, revision=n, **known) for n in range(1, 6)]
    first, second = (one.bus.handlers[SlaBreached] for one in (world.runtimes["intake"], other))
    await asyncio.gather(*(handle(event) for event in events for handle in (first, second)))
    found = [one["id"] for one in await timeline(world, number, group="clocks")]
    assert sorted(found) == sorted(event.id for event in events)


def timelines(world: World) -> Timeline:
    return next(one for one in world.runtimes["intake"].stores if isinstance(one, Timeline))
