"""Customers are answered by the messenger that they wrote from, on simulators of the platforms on a socket."""

import pytest
from fastapi import Response
from fastapi.responses import JSONResponse

from services.notify.app import create_app
from services.notify.channels.domain import DeliveryChannel
from services.notify.deliveries.domain import DeliveryState
from services.notify.preferences.domain import PreferenceDetails
from shared.domain import Origin
from shared.events import NotifyDelivered, NotifyFailed
from shared.terms import Channel
from shared.testing import LIU, NOON, WANG, World
from tests.notify.channels.platforms import Platforms
from tests.notify.channels.samples import ADDRESSES, answer, wrote
from tests.notify.conftest import MailServer, deliveries_to, notify_of, sent
from tests.notify.samples import ASKED, TICKET, VERIFIED, assigned, opened, posted

LINES = {Channel.WECOM: 120, Channel.DINGTALK: 200, Channel.FEISHU: 700}  # more than fit into one message
NOT_NOW: dict[Channel, Response] = {
    Channel.WECOM: JSONResponse({"errcode": 45009, "errmsg": "api freq out of limit"}),
    Channel.DINGTALK: JSONResponse({"code": "Forbidden.AccessDenied.QpsLimitForApi", "message": "too fast"}, 403),
    Channel.FEISHU: JSONResponse({"code": 99991400, "msg": "request trigger frequency limit"}, 400),
}


@pytest.mark.parametrize("channel", ADDRESSES)
async def test_who_wrote_by_a_messenger_is_answered_there_and_not_by_mail(
    mailing_desk: World, platforms: Platforms, mail_server: MailServer, channel: Channel
) -> None:
    await mailing_desk.publish(wrote(channel, email=WANG.email))
    await mailing_desk.publish(ASKED)
    await mailing_desk.publish(answer(channel))
    await mailing_desk.publish(VERIFIED)
    await sent(mailing_desk)
    assert {to for to, _ in platforms.shown} == {"zhang"}
    texts = [text for _, text in platforms.shown]
    assert len(texts) == 4
    assert all(text.startswith(f"[{TICKET}] ") for text in texts)
    assert sum("请升级到 3.2.1" in text and "新回复" in text for text in texts) >= 1
    assert sum("1. 完整的报错内容是什么？" in text for text in texts) == 1
    linked = [text for text in texts if "http://desk.test/links/" in text]
    assert len(linked) == 2  # one to answer by, one to say whether the solution works
    assert mail_server.mails == []
    assert platforms.tokens_given <= 4  # those that were sent at the same time
    assert {one.channel for one in mailing_desk.published(NotifyDelivered)} == {channel}
    for delivery in await deliveries_to(mailing_desk):
        assert (delivery.state, delivery.recipient) == (DeliveryState.SENT, f"mailto:{WANG.email}")
        assert delivery.provider_id


async def test_who_has_no_other_address_is_known_by_that_of_the_messenger(desk: World, platforms: Platforms) -> None:
    await desk.publish(wrote(Channel.WECOM))
    await sent(desk)
    [delivery] = await deliveries_to(desk)
    assert (delivery.recipient, delivery.channels) == ("channel:wecom:desk:zhang", [DeliveryChannel.WECOM])
    assert len(platforms.shown) == 1


async def test_who_wrote_by_mail_last_is_answered_by_mail(
    mailing_desk: World, platforms: Platforms, mail_server: MailServer
) -> None:
    await mailing_desk.publish(wrote(Channel.WECOM, email=WANG.email))
    by_mail = posted("改用邮件", WANG, by_staff=False).model_copy(update={"channel": Channel.EMAIL})
    await mailing_desk.publish(by_mail)
    await mailing_desk.publish(answer(Channel.EMAIL))
    await mailing_desk.publish(VERIFIED)
    await sent(mailing_desk)
    assert len(platforms.shown) == 1
    assert len(mail_server.to(WANG.email)) == 2


@pytest.mark.parametrize("channel", ADDRESSES)
async def test_a_token_that_is_no_longer_taken_is_asked_for_again_once(
    desk: World, platforms: Platforms, channel: Channel
) -> None:
    await desk.publish(wrote(channel))
    await sent(desk)
    platforms.token = "token-2"
    await desk.publish(VERIFIED)
    await sent(desk)
    assert (len(platforms.shown), platforms.tokens_given) == (2, 2)
    assert all(len(one.attempts) == 1 for one in await deliveries_to(desk))


@pytest.mark.parametrize("channel", ADDRESSES)
async def test_what_is_not_taken_now_is_sent_later(desk: World, platforms: Platforms, channel: Channel) -> None:
    platforms.says = [NOT_NOW[channel], Response(status_code=503)]
    await desk.publish(wrote(channel))
    await sent(desk)
    for seconds in (59, 1, 60):
        assert platforms.shown == []
        await desk.pass_time(seconds=seconds)
        await sent(desk)
    assert len(platforms.shown) == 1
    [delivery] = await deliveries_to(desk)
    assert (delivery.state, len(delivery.attempts)) == (DeliveryState.SENT, 3)
    assert len(desk.published(NotifyDelivered)) == 1


async def test_a_platform_says_how_long_it_wants_to_be_left_alone(desk: World, platforms: Platforms) -> None:
    platforms.says = [Response(status_code=429, headers={"retry-after": "120"})]
    await desk.publish(wrote(Channel.FEISHU))
    await sent(desk)
    [delivery] = await deliveries_to(desk)
    assert delivery.due_at
    assert (delivery.due_at - NOON).total_seconds() == 120


@pytest.mark.parametrize("channel", ADDRESSES)
async def test_who_is_not_reached_by_the_messenger_gets_a_mail(
    mailing_desk: World, platforms: Platforms, mail_server: MailServer, channel: Channel
) -> None:
    platforms.unknown = {"zhang"}
    await mailing_desk.publish(wrote(channel, email=WANG.email))
    await sent(mailing_desk)
    await mailing_desk.pass_time(seconds=1)
    await sent(mailing_desk)
    assert len(mail_server.to(WANG.email)) == 1
    [delivery] = await deliveries_to(mailing_desk)
    assert (delivery.state, delivery.channels, delivery.address) == (
        DeliveryState.SENT,
        [DeliveryChannel.EMAIL],
        WANG.email,
    )
    assert [bool(one.error) for one in delivery.attempts] == [True, False]
    assert [one.channel for one in mailing_desk.published(NotifyDelivered)] == ["email"]
    assert mailing_desk.published(NotifyFailed) == []


@pytest.mark.parametrize("channel", ADDRESSES)
async def test_who_is_not_reached_at_all_is_seen_to_be_so_at_once(
    desk: World, platforms: Platforms, channel: Channel
) -> None:
    platforms.unknown = {"zhang"}
    await desk.publish(wrote(channel))
    await sent(desk)
    [failed] = desk.published(NotifyFailed)
    assert (failed.channel, failed.recipient) == (channel, f"channel:{ADDRESSES[channel]}")
    assert failed.error
    [delivery] = await deliveries_to(desk, failed.recipient)
    assert (delivery.state, delivery.due_at) == (DeliveryState.FAILED, None)


@pytest.mark.parametrize("member", ["@all", "zhang|li", ""])
async def test_nobody_else_is_ever_written_to(desk: World, platforms: Platforms, member: str) -> None:
    await desk.publish(wrote(Channel.WECOM, address=f"wecom:desk:{member}"))
    await sent(desk)
    assert platforms.bodies == []
    assert len(desk.published(NotifyFailed)) == 1


async def test_who_wrote_to_an_account_that_is_gone_is_told_by_mail(
    mailing_desk: World, platforms: Platforms, mail_server: MailServer
) -> None:
    await mailing_desk.publish(wrote(Channel.WECOM, email=WANG.email, address="wecom:old:zhang"))
    await sent(mailing_desk)
    assert platforms.shown == []
    assert len(mail_server.to(WANG.email)) == 1


@pytest.mark.parametrize("address", ["wecom:old:zhang", "feishu::", "dingtalk:ding"])
async def test_who_cannot_be_reached_is_seen_to_have_been_told_nothing(
    desk: World, platforms: Platforms, address: str
) -> None:
    await desk.publish(wrote(Channel.WECOM, address=address))
    await sent(desk)
    [failed] = desk.published(NotifyFailed)
    assert "no account that answers are sent by" in failed.error
    assert platforms.bodies == []


@pytest.mark.parametrize("channel", [Channel.WECOM, Channel.FEISHU])
async def test_an_answer_that_is_lost_on_its_way_shows_nothing_twice(
    desk: World, platforms: Platforms, channel: Channel
) -> None:
    platforms.lost = 2
    await desk.publish(wrote(channel))
    for seconds in (0, 10, 60):
        await desk.pass_time(seconds=seconds)
        await sent(desk)
    assert (len(platforms.bodies), len(platforms.shown)) == (3, 1)


async def test_the_same_words_to_one_person_later_are_no_repetition(desk: World, platforms: Platforms) -> None:
    await desk.publish(wrote(Channel.WECOM))
    for number in range(3):
        again = answer(Channel.WECOM, "请稍等").model_copy(update={"id": f"e-{number}"})
        await desk.pass_time(seconds=1)
        await desk.publish(again)
        await sent(desk)
    assert sum("请稍等" in text for _, text in platforms.shown) == 3


async def test_two_replicas_send_one_message_once(desk: World, platforms: Platforms) -> None:
    await desk.start(create_app, ".2")
    platforms.says = [Response(status_code=503)] * 2
    await desk.publish(wrote(Channel.DINGTALK))
    for seconds in (1, 10, 60, 300):
        await desk.pass_time(seconds=seconds)
        await sent(desk)
    assert len(platforms.shown) == 1


@pytest.mark.parametrize("channel", ADDRESSES)
async def test_a_long_text_goes_on_where_it_stopped(desk: World, platforms: Platforms, channel: Channel) -> None:
    await desk.publish(wrote(channel))
    await sent(desk)
    platforms.shown.clear()
    lines = [f"第 {number} 步：打开“设置”，选择第 {number} 项。" for number in range(LINES[channel])]
    platforms.says = [None, Response(status_code=503)]
    await desk.publish(answer(channel, "\n".join(lines)))
    for seconds in (0, 10):
        await desk.pass_time(seconds=seconds)
        await sent(desk)
    texts = [text for _, text in platforms.shown]
    assert len(texts) == len(set(texts)) >= 2
    assert len(platforms.bodies) == 1 + len(texts) + 1
    assert [line for line in "\n".join(texts).split("\n") if line.startswith("第 ")] == lines
    [_, delivery] = await deliveries_to(desk)
    assert delivery.state is DeliveryState.SENT


async def test_no_error_tells_a_secret(desk: World, platforms: Platforms) -> None:
    platforms.says = [Response(status_code=500), Response(b"<html>", 200), Response(b"[", 200)]
    await desk.publish(wrote(Channel.WECOM))
    for seconds in (0, 10, 60, 300):
        await desk.pass_time(seconds=seconds)
        await sent(desk)
    [delivery] = await deliveries_to(desk)
    assert [one.error for one in delivery.attempts] == ["HTTP 500", "DecodingError", "DecodingError", ""]


async def test_staff_are_told_by_the_messenger_that_is_set_for_them_and_by_mail_where_it_refuses(
    mailing_desk: World, platforms: Platforms, mail_server: MailServer
) -> None:
    wanted = PreferenceDetails(messenger="wecom:desk:liuzj")
    await notify_of(mailing_desk).preferences.put(LIU.sub, wanted, Origin("admin"))
    await mailing_desk.publish(opened())
    await mailing_desk.publish(assigned(LIU))
    await sent(mailing_desk)
    assert [to for to, text in platforms.shown if "分派给您" in text] == ["liuzj"]
    assert (len(mail_server.to(LIU.email)), len(mail_server.to(WANG.email))) == (0, 2)
    platforms.unknown = {"liuzj"}
    await mailing_desk.publish(posted("还是不行", WANG, by_staff=False))
    await sent(mailing_desk)
    await mailing_desk.pass_time(seconds=0)
    await sent(mailing_desk)
    assert len(mail_server.to(LIU.email)) == 1
