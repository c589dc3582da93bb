"""Administrators keep webhooks: who may, what is refused, secrets, the log, and what is sent again."""

import base64
import hashlib
import hmac
from typing import Any

import pytest

from shared.testing import ADMIN, AUDITOR, LEAD, World
from tests.notify.conftest import notify_of
from tests.notify.stream.client import until
from tests.notify.webhooks.conftest import HOOKS, NEW, added, ask, comes_true, course_of, log, said
from tests.notify.webhooks.receiver import Got, Receiver


def is_signed_with(secret: str, got: Got) -> bool:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{got.id}.{got.headers['webhook-timestamp']}.".encode() + got.body
    mark = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    return f"v1,{mark}" in got.headers["webhook-signature"].split()


async def test_a_secret_is_shown_once_and_two_sign_while_it_is_rotated(world: World, receiver: Receiver) -> None:
    hook = await added(world, receiver)
    shown = await ask(world, "GET", f"/{hook['id']}")
    assert shown["secret"] is None
    kept = await notify_of(world).webhooks.store.get(hook["id"])
    assert hook["secret"].startswith("whsec_")
    assert hook["secret"] not in kept.model_dump_json()
    rotated = await ask(world, "POST", f"/{hook['id']}/secrets", 201)
    assert (await ask(world, "POST", f"/{hook['id']}/test"))["delivered"]
    await world.pass_time(hours=25)
    assert (await ask(world, "POST", f"/{hook['id']}/test"))["status"] == 204
    both, new = receiver.got
    assert is_signed_with(hook["secret"], both)
    assert is_signed_with(rotated["secret"], both)
    assert not is_signed_with(hook["secret"], new)
    assert is_signed_with(rotated["secret"], new)
    assert new.event["type"] == "bihuan.webhook.test.v1"


async def test_the_same_request_adds_one_and_shows_its_secret_once(world: World, receiver: Receiver) -> None:
    async with world.as_(ADMIN, "notify", **{"Idempotency-Key": "k-1"}) as admin:
        first, again = [await admin.post(HOOKS, json={**NEW, "url": receiver.url}) for _ in range(2)]
    assert first.json()["id"] == again.json()["id"]
    assert first.json()["secret"]
    assert again.json()["secret"] is None
    assert len((await ask(world, "GET"))["items"]) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "ftp://a.example/x"},
        {"url": "https://"},
        {"url": "https://me:pass@a.example/"},
        {"url": "https://a.example/#x"},
        {"url": "https://a.example:99999/"},
        {"url": "https://[::1/"},
        {"url": "https://a.example/\n"},
        {"events": []},
        {"events": ["ticket.nothing"]},
        {"events": ["triage.diagnosed"]},
        {"events": ["sla.*"]},
        {"events": ["*.*"]},
        {"name": ""},
        {"payload": "huge"},
        {"more": 1},
    ],
)
async def test_what_leads_nowhere_is_refused(world: World, wrong: dict[str, Any]) -> None:
    good = {**NEW, "url": "https://erp.example/hook"}
    await ask(world, "POST", status=422, **{**good, **wrong})
    assert (await ask(world, "GET"))["items"] == []


@pytest.mark.parametrize("url", ["http://10.0.0.1/", "https://[::ffff:10.0.0.1]/", "https://169.254.169.254/latest"])
async def test_a_private_address_is_not_connected_to(world: World, url: str) -> None:
    hook = await ask(world, "POST", status=201, **{**NEW, "url": url})
    answer = await ask(world, "POST", f"/{hook['id']}/test")
    assert (answer["delivered"], answer["error"]) == (False, "address not allowed")


async def test_administrators_keep_them_auditors_read_and_nobody_else(world: World, receiver: Receiver) -> None:
    hook = await added(world, receiver)
    path = f"/{hook['id']}"
    read = await ask(world, "GET", path, who=AUDITOR)
    assert (read["id"], read["state"]) == (hook["id"], "active")
    refused = [
        await ask(world, "POST", f"{path}/disable", 403, who=AUDITOR),
        await ask(world, "GET", status=403, who=LEAD),
        await ask(world, "GET", path, 403, who=LEAD),
    ]
    assert [one["code"] for one in refused] == ["forbidden"] * 3
    assert (await ask(world, "GET", path))["state"] == "active"


async def test_what_is_amended_disabled_and_deleted_counts_from_then_on(world: World, receiver: Receiver) -> None:
    hook = await added(world, receiver)
    path = f"/{hook['id']}"
    await ask(world, "PATCH", path, url=f"{receiver.url}/new")
    await world.pass_time()
    await world.publish(said("a"))
    await until(lambda: [one.path for one in receiver.got] == ["/new"])
    await ask(world, "POST", f"{path}/disable")

    async def is_let_go() -> bool:
        return (await course_of(world, hook)).due_at is None

    await comes_true(is_let_go)
    await world.publish(said("b"))
    await ask(world, "POST", f"{path}/replay", 409, after=0, until=1)
    await ask(world, "POST", f"{path}/enable")
    await world.pass_time()
    await until(lambda: receiver.texts() == ["a", "b"])
    assert (await ask(world, "DELETE", path))["state"] == "deleted"
    await comes_true(is_let_go)
    await ask(world, "GET", path, 404)
    await ask(world, "DELETE", path, 404)
    assert (await ask(world, "GET"))["items"] == []


async def test_one_event_and_a_range_are_sent_again_under_the_same_ids(world: World, receiver: Receiver) -> None:
    hook = await added(world, receiver)
    for text in "abc":
        await world.publish(said(text))
    await until(lambda: receiver.texts() == ["a", "b", "c"])

    async def all_are_on_record() -> bool:
        return len(await log(world, hook)) == 3

    await comes_true(all_are_on_record)
    sent = {one["sequence"]: one for one in await log(world, hook)}
    first, second, third = sorted(sent)
    await ask(world, "POST", f"/{hook['id']}/deliveries/{sent[second]['id']}/redelivery", 202)
    await until(lambda: receiver.texts() == ["a", "b", "c", "b"])
    await ask(world, "POST", f"/{hook['id']}/deliveries/nothing/redelivery", 404)

    async def has_come_to_the_end() -> bool:
        return bool((await course_of(world, hook)).position >= third)

    await comes_true(has_come_to_the_end)
    await ask(world, "POST", f"/{hook['id']}/replay", 202, after=first, until=third)
    await world.pass_time()
    await until(lambda: receiver.texts() == ["a", "b", "c", "b", "b", "c"])
    await world.publish(said("d"))
    await until(lambda: receiver.texts()[-1] == "d")
    assert len({one.id for one in receiver.got}) == 4
    assert len(receiver.got) == 7


async def test_the_log_is_kept_for_a_time(world: World, receiver: Receiver) -> None:
    hook = await added(world, receiver)
    await world.publish(said("a"))

    async def is_on_record() -> bool:
        return len(await log(world, hook)) == 1

    await comes_true(is_on_record)
    sendings = notify_of(world).webhooks.sender.log
    assert await sendings.remove_expired() == 0
    await world.pass_time(days=31)
    assert await sendings.remove_expired() == 1
    assert await log(world, hook) == []
