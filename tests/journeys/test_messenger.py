"""A member of a customer's WeCom writes, answers, is asked for consent and says yes, all without leaving WeCom."""

import re
from collections.abc import AsyncIterator

import pytest

from deploy.services import SERVICES
from shared.testing import LEAD, Servers, World, running
from tests.intake.channels.platforms import AES_KEY, WeComPlatform
from tests.intake.channels.test_wecom import picked
from tests.journeys.desk import Desk
from tests.notify.channels.conftest import platforms as platforms
from tests.notify.channels.platforms import Platforms
from tests.notify.conftest import sent
from tests.servers import app_factory

LINK = re.compile(r"http://desk\.test(/links/[\w.-]+)")
WECOM = WeComPlatform()


@pytest.fixture
async def world(servers: Servers, platforms: Platforms) -> AsyncIterator[World]:
    async with running(servers, *map(app_factory, SERVICES)) as world:
        yield world


async def write(world: World, content: bytes) -> None:
    delivery = WECOM.signed(content, world.now())
    async with world.as_(None, "intake") as platform:
        answer = await platform.post("/channels/desk", params=dict(delivery.query), content=delivery.body)
    assert answer.status_code == 200
    await world.pass_time(seconds=8)
    await sent(world)


def last(platforms: Platforms) -> str:
    to, text = platforms.shown[-1]
    assert to == "zhang"
    return text


async def test_a_customer_never_leaves_their_messenger(desk: Desk, world: World, platforms: Platforms) -> None:
    assert WECOM.adapter.aes_key == AES_KEY
    await write(world, WECOM.message("1", "V3.2 导出报表时程序崩溃", world.now()))
    [row] = (await desk.do(LEAD, "GET", "intake", "/v1/tickets"))["items"]
    number = row["ticket"]
    assert f"[{number}] 已受理" in platforms.shown[0][1]
    [card] = platforms.cards
    options = {one["question_key"]: "1" for one in card["select_list"]}
    await write(world, picked(number, world.now(), id=card["task_id"].partition("@")[2], **options))
    ticket = await desk.ticket(number)
    assert not set(options) & {one["field"] for one in ticket["questions"]}
    await write(world, WECOM.message("2", "在报表模块，每次都崩溃", world.now()))
    await desk.claim(number)
    await desk.do(LEAD, "POST", "intake", f"/v1/tickets/{number}/messages", {"text": "请稍等，正在处理"})
    await sent(world)
    assert "请稍等，正在处理" in last(platforms)
    link = await desk.do(LEAD, "POST", "intake", f"/v1/tickets/{number}/links", {"action": "give_consent"}, (202,))
    assert link["sent_to"] == "wecom: z***"
    await world.settle()
    await sent(world)
    [consent] = LINK.findall(last(platforms))
    await desk.solve(number, "安装补丁 V3.2.1")
    await sent(world)
    yes, _ = LINK.findall(last(platforms))
    async with world.as_(None, "intake") as nobody:
        assert (await nobody.post(consent, data={})).status_code == 200
        assert (await nobody.post(yes, data={})).status_code == 200
    await world.settle()
    ticket = await desk.ticket(number)
    assert (ticket["stage"], len(ticket["consents"])) == ("feedback", 1)
