"""A robot of DingTalk answers where it was asked, while that is possible."""

import json

import pytest
from fastapi.responses import JSONResponse

from shared.events import NotifyFailed
from shared.sealed import Sealer
from shared.terms import Channel
from shared.testing import WANG, World
from tests.notify.channels.platforms import Platforms
from tests.notify.channels.samples import answer, session, wrote
from tests.notify.conftest import notify_of, sent
from tests.notify.samples import TICKET, VERIFIED, posted


async def test_a_robot_answers_in_the_conversation_while_it_can(desk: World, platforms: Platforms) -> None:
    await desk.publish(wrote(Channel.DINGTALK, reply_to=session(platforms.url)))
    await sent(desk)
    assert (len(platforms.in_conversation), platforms.shown) == (1, [])
    await desk.pass_time(minutes=91)
    await desk.publish(answer(Channel.DINGTALK))
    await sent(desk)
    assert (len(platforms.in_conversation), len(platforms.shown)) == (1, 1)
    again = posted("还是不行", WANG, by_staff=False).model_copy(
        update={"channel": Channel.DINGTALK, "reply_to": session(platforms.url, minutes=180)}
    )
    await desk.publish(again)
    await desk.publish(VERIFIED)
    await sent(desk)
    assert (len(platforms.in_conversation), len(platforms.shown)) == (2, 1)


async def test_a_conversation_that_is_gone_is_left_for_the_person(desk: World, platforms: Platforms) -> None:
    platforms.says = [JSONResponse({"errcode": 300001, "errmsg": "session is not exist"})]
    await desk.publish(wrote(Channel.DINGTALK, reply_to=session(platforms.url)))
    await sent(desk)
    assert (platforms.in_conversation, len(platforms.shown)) == ([], 1)


@pytest.mark.parametrize(
    "address", ["https://dingtalk.com.attacker.example", "http://169.254.169.254", "https://xdingtalk.com", "//", "x"]
)
async def test_an_address_that_is_not_dingtalks_is_never_called(
    desk: World, platforms: Platforms, address: str
) -> None:
    await desk.publish(wrote(Channel.DINGTALK, reply_to=session(address)))
    await sent(desk)
    assert len(platforms.shown) == 1


async def test_what_others_have_sealed_is_no_address(desk: World, platforms: Platforms) -> None:
    forged = Sealer("x" * 32).seal(f"9999999999999 {platforms.url}/robot/sendBySession?session=s-1")
    await desk.publish(wrote(Channel.DINGTALK, reply_to=forged))
    await sent(desk)
    assert (platforms.in_conversation, len(platforms.shown)) == ([], 1)


async def test_a_robot_without_an_app_answers_in_the_conversation_alone(desk: World, platforms: Platforms) -> None:
    address = "dingtalk:ding-without-an-app-key-0:zhang"
    await desk.publish(wrote(Channel.DINGTALK, address=address, reply_to=session(platforms.url)))
    await sent(desk)
    await desk.pass_time(minutes=91)
    await desk.publish(VERIFIED)
    await sent(desk)
    assert (len(platforms.in_conversation), platforms.shown) == (1, [])
    [failed] = desk.published(NotifyFailed)
    assert "no app_key" in failed.error


async def test_nobody_reads_where_a_robot_answers(desk: World, platforms: Platforms) -> None:
    await desk.publish(wrote(Channel.DINGTALK, reply_to=session(platforms.url)))
    assert "sendBySession" not in json.dumps([one.model_dump(mode="json") for one in desk.events])
    audience = await notify_of(desk).audiences.store.get(TICKET)
    assert "sendBySession" not in audience.model_dump_json()
