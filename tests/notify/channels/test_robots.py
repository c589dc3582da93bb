"""Group robots tell what comes into the inboxes of roles, on simulators of the platforms on a socket."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import SecretStr, ValidationError

from services.notify.app import create_app
from services.notify.channels.domain import Message, TransientFailure
from services.notify.channels.messengers import MessengerSender
from services.notify.channels.robot_settings import RobotSetting, RobotSettings, robot_settings
from services.notify.channels.robots import dingtalk_signature, feishu_signature, robot_accounts
from services.notify.deliveries.domain import Delivery, DeliveryState
from services.notify.deliveries.robots import WINDOW
from services.notify.templates.domain import Content
from shared.events import ContactErased
from shared.testing import LEAD, NOON, Servers, World, running
from tests.notify.conftest import notify_of, sent
from tests.notify.samples import ALARM, TICKET, assigned, opened
from tests.servers import serving

SECRET = "SECtest"


class Groups:
    """What each group reads; `says` is what is answered instead, once for each."""

    def __init__(self) -> None:
        self.read: dict[str, list[str]] = {"wecom": [], "dingtalk": [], "feishu": []}
        self.says: list[Response | None] = []
        self.url = ""
        self.app = FastAPI()
        self.app.post("/{kind}")(self.answer)

    async def answer(self, kind: str, request: Request) -> Response:
        body: dict[str, Any] = await request.json()
        if self.says and (said := self.says.pop(0)):
            return said
        if kind == "dingtalk":
            query = parse_qs(urlsplit(str(request.url)).query)
            mark = hmac.digest(SECRET.encode(), f"{query['timestamp'][0]}\n{SECRET}".encode(), hashlib.sha256)
            if query["sign"] != [base64.b64encode(mark).decode()] or query["access_token"] != ["t"]:
                return JSONResponse({"errcode": 310000, "errmsg": "sign not match"})
        if kind == "feishu":
            mark = hmac.digest(f"{body['timestamp']}\n{SECRET}".encode(), b"", hashlib.sha256)
            if body["sign"] != base64.b64encode(mark).decode():
                return JSONResponse({"code": 19021, "msg": "sign match fail"})
        text = body["content"]["text"] if kind == "feishu" else body["text"]["content"]
        assert len(text.encode()) <= {"wecom": 2048}.get(kind, 20_000)
        self.read[kind].append(text)
        return JSONResponse({"errcode": 0, "code": 0})


@pytest.fixture
async def groups(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Groups]:
    found = Groups()
    async with serving(found.app) as found.url:
        robots = [
            {"id": "w", "kind": "wecom", "url": f"{found.url}/wecom?key=k", "inboxes": ["lead", "admin"]},
            {"id": "d", "kind": "dingtalk", "url": f"{found.url}/dingtalk?access_token=t", "secret": SECRET},
            {"id": "f", "kind": "feishu", "url": f"{found.url}/feishu", "secret": SECRET, "language": "en"},
        ]
        monkeypatch.setenv("BIHUAN_ROBOTS", json.dumps(robots))
        monkeypatch.setenv("BIHUAN_OUTBOUND_ALLOWED", '["127.0.0.0/8"]')
        yield found


@pytest.fixture
async def desk(servers: Servers, groups: Groups) -> AsyncIterator[World]:
    async with running(servers, create_app) as world:
        yield world


async def window_ends(world: World) -> None:
    await world.settle()
    await world.pass_time(seconds=WINDOW + 2)
    await sent(world)


async def messages(world: World) -> list[Delivery]:
    found = await notify_of(world).deliveries.store.where({"template": "digest"}, "created_at")
    return sorted(found, key=lambda one: (one.recipient, one.created_at))


async def test_a_leads_alarm_is_told_in_each_group_in_its_language(desk: World, groups: Groups) -> None:
    await desk.publish(opened())
    await desk.publish(ALARM)
    await window_ends(desk)
    [wecom], [dingtalk], [feishu] = groups.read["wecom"], groups.read["dingtalk"], groups.read["feishu"]
    assert wecom == dingtalk.replace(dingtalk[-8:], wecom[-8:])
    assert wecom.startswith(f"[{TICKET}] ")
    assert feishu.startswith(f"[{TICKET}] ")
    assert "导出 Excel 崩溃" in wecom
    assert feishu.splitlines()[0] != wecom.splitlines()[0]
    found = await messages(desk)
    assert [one.recipient for one in found] == ["digest:robot:d", "digest:robot:f", "digest:robot:w"]
    assert {one.state for one in found} == {DeliveryState.SENT}
    assert wecom.endswith(f"#{found[2].id[:8]}")
    async with desk.as_(LEAD, "notify") as client:
        inbox = (await client.get("/v1/notifications?mine=true")).json()["items"]
    assert [(one["template"], one["channels"]) for one in inbox] == [("alarm", ["online"])]


async def test_what_happens_at_once_is_one_message_that_fits(desk: World, groups: Groups) -> None:
    tickets = [f"TK-2026-{number:06d}" for number in range(1, 61)]
    for ticket in tickets:
        event = opened(ticket=ticket)
        problem = event.problem.model_copy(update={"title": f"导出崩溃 {ticket} " + "很长的标题" * 20})
        await desk.publish(event.model_copy(update={"problem": problem}))
        await desk.publish(ALARM.model_copy(update={"id": f"alarm-{ticket}", "subject": ticket}))
    await window_ends(desk)
    assert {kind: len(read) for kind, read in groups.read.items()} == {"wecom": 1, "dingtalk": 1, "feishu": 1}
    assert groups.read["wecom"][0].startswith("60 条新通知")
    assert groups.read["feishu"][0].startswith("60 new notifications")
    assert all(ticket in groups.read["dingtalk"][0] for ticket in tickets)
    await desk.publish(ALARM.model_copy(update={"id": f"alarm-{tickets[0]}", "subject": tickets[0]}))
    await window_ends(desk)
    assert len(groups.read["wecom"]) == 1  # it came a second time


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        (JSONResponse({"errcode": 45009, "errmsg": "api freq out of limit"}), 61),
        (Response(status_code=503, headers={"retry-after": "90"}), 91),
    ],
)
async def test_one_that_may_say_no_more_says_it_later(desk: World, groups: Groups, said: Response, waits: int) -> None:
    groups.says = [said, said, said]
    await desk.publish(opened())
    await desk.publish(ALARM)
    await window_ends(desk)
    assert [len(one) for one in groups.read.values()] == [0, 0, 0] or max(map(len, groups.read.values())) == 0
    groups.says = []
    await desk.pass_time(hours=1)
    await sent(desk)
    assert len(groups.read["wecom"]) == 1
    [wecom] = [one for one in await messages(desk) if one.recipient.endswith(":w")]
    assert (wecom.state, len(wecom.attempts)) == (DeliveryState.SENT, 2)


async def test_one_that_was_taken_away_fails_and_the_inbox_has_it_still(desk: World, groups: Groups) -> None:
    gone = JSONResponse({"errcode": 93000, "errmsg": "invalid webhook url", "code": 19001})
    groups.says = [gone, gone, gone]
    await desk.publish(opened())
    await desk.publish(ALARM)
    await window_ends(desk)
    assert {one.state for one in await messages(desk)} == {DeliveryState.FAILED}
    [alarm] = await notify_of(desk).deliveries.store.where({"recipient": "role:lead"})
    assert alarm.state is DeliveryState.SENT


async def test_nobody_else_s_notifications_are_told_in_a_group(desk: World, groups: Groups) -> None:
    await desk.publish(opened())
    await desk.publish(assigned())
    await window_ends(desk)
    assert groups.read == {"wecom": [], "dingtalk": [], "feishu": []}


async def test_what_was_erased_is_in_no_message_of_ours(desk: World, groups: Groups) -> None:
    await desk.publish(opened())
    await desk.publish(ALARM)
    await desk.settle()
    await desk.publish(ContactErased(subject="ct-1", time=NOON, tickets=[TICKET]))
    await window_ends(desk)
    assert {len(one) for one in groups.read.values()} == {0}
    assert all("Excel" not in str(one.model_dump()) for one in await messages(desk))


def test_signatures_are_those_of_the_platforms() -> None:
    at = NOON + timedelta(milliseconds=5)
    signed = dingtalk_signature("SECabc", at)
    mark = hmac.new(b"SECabc", f"{signed['timestamp']}\nSECabc".encode(), hashlib.sha256)
    assert signed["sign"] == base64.b64encode(mark.digest()).decode()
    assert len(signed["timestamp"]) == 13
    feishu = feishu_signature("abc", at)
    assert (
        feishu["sign"]
        == base64.b64encode(hmac.new(f"{feishu['timestamp']}\nabc".encode(), b"", hashlib.sha256).digest()).decode()
    )


def test_settings_that_cannot_be_meant_are_refused_without_their_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    one = {"id": "w", "kind": "wecom", "url": "https://robots.example/?key=s3cret"}
    for wrong in ([one, one], [{**one, "url": "s3cret"}], [{**one, "inboxes": ["requester"]}], [{**one, "x": 1}]):
        monkeypatch.setenv("BIHUAN_ROBOTS", json.dumps(wrong))
        with pytest.raises(ValidationError) as refused:
            RobotSettings()
        assert "s3cret" not in str(refused.value)
    monkeypatch.setenv("BIHUAN_ROBOTS", json.dumps([one]))
    assert [found.id for found in robot_settings()] == ["w"]


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
async def test_others_are_told_by_apprise(groups: Groups) -> None:
    told: list[dict[str, Any]] = []
    app = FastAPI()

    @app.post("/hook")
    async def take(request: Request) -> Response:
        told.append(await request.json())
        return Response(status_code=503 if len(told) > 1 else 200)

    async with serving(app) as url, httpx2.AsyncClient() as http:
        address = SecretStr(url.replace("http://", "json://") + "/hook")
        robot = RobotSetting(id="a", kind="apprise", url=address)
        sender = MessengerSender(robot_accounts([robot], http, lambda: NOON))
        said = Content(title="告警", text="一分钟内无人接单")
        message = Message("0123456789abcdef", TICKET, "", "robot:a", "zh", said, NOON)
        await sender.send(message)
        with pytest.raises(TransientFailure):
            await sender.send(message)
    assert told[0]["message"].startswith(f"[{TICKET}] 告警\n\n一分钟内无人接单")
    with pytest.raises(RuntimeError, match="机器人 a"):
        robot_accounts([robot.model_copy(update={"url": SecretStr("nobody-knows://x")})], http, lambda: NOON)
