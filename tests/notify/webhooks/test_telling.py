"""A receiver on a socket is told everything once, in order per ticket, whatever happens to it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.notify.app import create_app
from services.notify.webhooks.batches import AT_ONCE
from services.notify.webhooks.course import REFUSED_DELAYS
from shared.events import NotifyWebhookDisabled
from shared.testing import ADMIN, NOON, ZHAO, World
from tests.notify.conftest import notify_of
from tests.notify.deliveries.test_rebuilding import build_again
from tests.notify.samples import TICKET, opened
from tests.notify.stream.client import until
from tests.notify.webhooks.conftest import OTHER, added, ask, comes_true, course_of, log, progress, said, waits
from tests.notify.webhooks.receiver import Receiver


async def test_it_is_told_what_customers_may_see_and_nothing_else(world: World, receiver: Receiver) -> None:
    hook = await added(world, receiver)
    for event in (opened(), said("请升级"), said("内部备注", internal=True), said("已升级")):
        await world.publish(event)
    await until(lambda: len(receiver.got) == 3)
    assert receiver.texts() == ["请升级", "已升级"]
    first = receiver.got[0]
    assert first.event["type"] == "bihuan.ticket.opened.v1"
    assert {"company_id", "contact_id", "links"} & set(first.event["data"]) == set()
    assert first.headers["content-type"] == "application/cloudevents+json"

    async def all_are_on_record() -> bool:
        return [one["state"] for one in await log(world, hook)] == ["delivered"] * 3

    await comes_true(all_are_on_record)
    assert {one["id"] for one in await log(world, hook)} == {one.id for one in receiver.got}


async def test_filters_choose_kind_ticket_and_company(world: World, receiver: Receiver) -> None:
    await added(world, receiver, "/kind", events=["ticket.opened"])
    await added(world, receiver, "/ticket", ticket=OTHER)
    await added(world, receiver, "/company", company=ZHAO.company)
    for event in (opened(), opened(ZHAO, OTHER), said("一"), said("二", OTHER)):
        await world.publish(event)
    await until(lambda: len(receiver.got) == 6)
    seen = sorted((one.path, one.event["subject"], one.event["type"].split(".")[2]) for one in receiver.got)
    assert seen == [
        ("/company", OTHER, "message_posted"),
        ("/company", OTHER, "opened"),
        ("/kind", TICKET, "opened"),
        ("/kind", OTHER, "opened"),
        ("/ticket", OTHER, "message_posted"),
        ("/ticket", OTHER, "opened"),
    ]


async def test_a_thin_one_says_where_to_read(world: World, receiver: Receiver) -> None:
    await added(world, receiver, payload="thin")
    await world.publish(said("秘密"))
    await until(lambda: len(receiver.got) == 1)
    event = receiver.got[0].event
    assert event["dataref"] == f"http://desk.test/v1/tickets/{TICKET}"
    assert "data" not in event
    assert "秘密" not in receiver.got[0].body.decode()


async def test_who_is_away_for_hours_gets_each_event_once_and_in_order(world: World, receiver: Receiver) -> None:
    hook = await added(world, receiver)
    receiver.answer = lambda _: (503, {})
    for text in "abc":
        await world.publish(said(text))
        await world.publish(said(text.upper(), OTHER))
    for hours in (0, 1, 1, 1):
        await world.pass_time(hours=hours)
        await waits(world, hook)
    assert (await progress(world, hook))["failing_since"] == NOON.isoformat().replace("+00:00", "Z")
    receiver.answer = lambda _: (200, {})
    await world.pass_time(hours=1)
    await until(lambda: len(receiver.got) == 6)
    texts = receiver.texts()
    assert ([one for one in texts if one.islower()], [one for one in texts if one.isupper()]) == (
        ["a", "b", "c"],
        ["A", "B", "C"],
    )
    assert len({one.id for one in receiver.got}) == 6
    assert {one.id for one in receiver.asked} == {one.id for one in receiver.got}

    async def it_is_well() -> bool:
        found = await progress(world, hook)
        return found["failing_since"] is None and found["waiting"] == 0

    await comes_true(it_is_well)


async def test_an_event_that_is_refused_holds_up_its_ticket_alone(world: World, receiver: Receiver) -> None:
    hook = await added(world, receiver)
    receiver.answer = lambda one: (400 if one.event["data"]["text"] == "bad" else 200, {})
    for text in ("bad", "next"):
        await world.publish(said(text))
    await world.publish(said("other", OTHER))
    await until(lambda: receiver.texts() == ["other"])

    async def both_wait() -> bool:
        return bool((await progress(world, hook))["waiting"] == 2)

    await comes_true(both_wait)
    receiver.answer = lambda _: (200, {})
    await world.pass_time(minutes=5)
    await until(lambda: len(receiver.got) == 3)
    assert receiver.texts() == ["other", "bad", "next"]


async def test_what_is_refused_for_days_has_failed_and_the_next_comes(world: World, receiver: Receiver) -> None:
    hook = await added(world, receiver)
    receiver.answer = lambda one: (422 if one.event["data"]["text"] == "bad" else 200, {})
    await world.publish(said("bad"))
    await world.publish(said("next"))
    for tries in range(1, len(REFUSED_DELAYS) + 1):
        await until(lambda tries=tries: len([one for one in receiver.asked if b'"bad"' in one.body]) == tries)  # type: ignore[misc]

        async def is_on_record(tries: int = tries) -> bool:
            held = (await course_of(world, hook)).of(TICKET)
            return held is not None and held.tries == tries

        await comes_true(is_on_record)
        await world.publish(said(f"other {tries}", OTHER))
        await until(lambda tries=tries: receiver.texts()[-1:] == [f"other {tries}"])  # type: ignore[misc]
        await world.pass_time(seconds=1.3 * REFUSED_DELAYS[tries - 1].total_seconds())
    await until(lambda: receiver.texts()[-1:] == ["next"])
    [failed] = await log(world, hook, "?state=failed")
    assert (failed["tries"], failed["attempts"][-1]["error"]) == (len(REFUSED_DELAYS) + 1, "HTTP 422")


async def test_it_waits_as_long_as_the_receiver_asks(world: World, receiver: Receiver) -> None:
    hook = await added(world, receiver)
    receiver.answer = lambda _: (429, {"Retry-After": "600"})
    await world.publish(said("a"))
    await waits(world, hook)
    assert (await course_of(world, hook)).due_at == world.now() + timedelta(seconds=600)


async def test_a_redirect_is_not_followed(world: World, receiver: Receiver) -> None:
    hook = await added(world, receiver)
    receiver.answer = lambda one: (307, {"Location": f"{receiver.url}/elsewhere"})
    await world.publish(said("a"))
    await waits(world, hook)
    assert {one.path for one in receiver.asked} == {"/hook"}
    assert (await log(world, hook))[0]["attempts"][0]["error"] == "HTTP 307"


async def test_410_disables_it_and_administrators_are_told(world: World, receiver: Receiver) -> None:
    hook = await added(world, receiver)
    receiver.answer = lambda _: (410, {})
    await world.publish(said("a"))

    async def is_disabled() -> bool:
        return bool((await ask(world, "GET", f"/{hook['id']}"))["state"] == "disabled")

    await comes_true(is_disabled)
    await world.settle()
    [told] = world.published(NotifyWebhookDisabled)
    assert (told.because, told.host) == ("gone", "127.0.0.1")
    async with world.as_(ADMIN, "notify") as admin:
        [notice] = (await admin.get("/v1/notifications?mine=true")).json()["items"]
    assert "ERP" in notice["title"]


async def test_what_fails_for_days_is_disabled_and_goes_on_where_it_stopped(world: World, receiver: Receiver) -> None:
    hook = await added(world, receiver)
    receiver.answer = lambda _: (500, {})
    await world.publish(said("a"))
    await waits(world, hook)
    for _ in range(6):
        await world.pass_time(days=1)
        await waits(world, hook)
    assert (await ask(world, "GET", f"/{hook['id']}"))["disabled_because"] == "failing"
    asked = len(receiver.asked)
    await world.publish(said("b"))
    await world.pass_time(days=1)
    assert len(receiver.asked) == asked
    receiver.answer = lambda _: (200, {})
    await ask(world, "POST", f"/{hook['id']}/enable")
    await world.pass_time()
    await until(lambda: receiver.texts() == ["a", "b"])


async def test_a_slow_receiver_hinders_no_other_and_gets_few_at_a_time(world: World, receiver: Receiver) -> None:
    slow = await added(world, receiver, "/slow")
    await added(world, receiver, "/quick")
    await ask(world, "POST", f"/{slow['id']}/disable")
    for number in range(3, 33):
        await world.publish(opened(ticket=f"TK-2026-{number:06d}"))
    await until(lambda: len([one for one in receiver.got if one.path == "/quick"]) == 30)
    await ask(world, "POST", f"/{slow['id']}/enable")
    await world.pass_time()
    await until(lambda: receiver.at_once == AT_ONCE)
    await world.publish(opened(ticket="TK-2026-000033"))
    await until(lambda: len([one for one in receiver.got if one.path == "/quick"]) == 31)
    assert receiver.at_once == AT_ONCE
    receiver.let_go.set()
    await until(lambda: len(receiver.got) == 62)


async def test_killed_between_send_and_record_it_repeats_once_under_the_same_id(
    world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = notify_of(world).webhooks.sender
    died = asyncio.Event()

    async def dies(*_: Any, **__: Any) -> None:
        died.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(type(sender), "_record", dies)
    hook = await added(world, receiver)
    await world.publish(said("a"))
    await died.wait()
    monkeypatch.undo()
    monkeypatch.setenv("BIHUAN_OUTBOUND_ALLOWED", '["127.0.0.0/8"]')
    await world.start(create_app, "-2")
    await world.publish(said("b"))
    await world.pass_time()
    assert receiver.texts() == ["a"]
    await world.pass_time(seconds=61)
    await until(lambda: len(receiver.got) == 3)
    assert receiver.texts() == ["a", "a", "b"]
    assert len({one.id for one in receiver.got}) == 2
    assert [one["tries"] for one in await log(world, hook)][-1] == 1


async def test_two_replicas_tell_once(world: World, receiver: Receiver) -> None:
    await world.start(create_app, "-2")
    hooks = [await added(world, receiver, f"/{number}") for number in range(4)]
    for number in range(10):
        await world.publish(said(str(number)))
    await until(lambda: len(receiver.got) >= 40)
    await world.stop("notify-2")
    await world.pass_time()
    await world.publish(said("last"))
    await until(lambda: len(receiver.got) >= 44)
    for number, _ in enumerate(hooks):
        texts = [one.event["data"]["text"] for one in receiver.got if one.path == f"/{number}"]
        assert texts == [*map(str, range(10)), "last"]


async def test_what_was_told_is_not_told_again_when_the_rest_of_the_database_is_built_again(
    world: World, receiver: Receiver
) -> None:
    """Neither meanwhile nor afterwards."""
    hook = await added(world, receiver)
    for text in "abc":
        await world.publish(said(text))
    await until(lambda: len(receiver.got) == 3)

    async def all_are_on_record() -> bool:
        return [one["state"] for one in await log(world, hook)] == ["delivered"] * 3

    await comes_true(all_are_on_record)
    await build_again(world)
    await world.start(create_app, "-2")
    await world.publish(said("d"))
    await world.pass_time(hours=1)
    await until(lambda: "d" in receiver.texts())
    assert receiver.texts() == ["a", "b", "c", "d"]
