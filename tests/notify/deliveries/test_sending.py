"""Mails: what they carry, how they are retried, and who sends them."""

import asyncio
import re
from datetime import timedelta

import pytest

from services.notify.audiences.domain import Audience
from services.notify.channels.domain import DeliveryChannel
from services.notify.deliveries.domain import LEASE, Delivery, DeliveryState, Destination
from services.notify.templates.domain import Content
from shared.domain import Origin
from shared.events import Event, NotifyDelivered, NotifyFailed
from shared.links import Links
from shared.mail_threads import MailThreads
from shared.testing import NOON, SECRET, WANG, World
from tests.notify.conftest import MailServer, deliveries_to, notify_of, sent, text_of
from tests.notify.samples import (
    ACCEPTED,
    ASKED,
    TICKET,
    VERIFIED,
    opened,
)

THREADS = MailThreads(SECRET)
BY_MAIL = Destination(channel=DeliveryChannel.EMAIL, address=WANG.email)


async def test_the_links_in_a_mail_let_their_customer_answer_without_signing_in(
    mailing: World, mail_server: MailServer
) -> None:
    await mailing.publish(opened())
    await mailing.publish(ASKED)
    await mailing.publish(VERIFIED)
    await mailing.publish(ACCEPTED)
    await sent(mailing)
    text = "\n".join(text_of(mail) for mail in mail_server.mails)
    tokens = re.findall(r"http://desk\.test/links/(\S+)", text)
    links = Links(SECRET, "http://desk.test")
    read = {links.read(token, NOON + timedelta(days=6)).action: links.read(token, NOON) for token in tokens}
    assert set(read) == {"answer_questions", "accept_solution", "reject_solution", "give_feedback"}
    accept = read["accept_solution"]
    assert (accept.ticket, accept.sub, accept.nonce) == (TICKET, WANG.sub, VERIFIED.id)
    with pytest.raises(Exception, match="expired"):
        links.read(tokens[0], NOON + timedelta(days=8))


async def test_a_mail_carries_what_keeps_machines_from_answering_it(mailing: World, mail_server: MailServer) -> None:
    await mailing.publish(opened())
    await sent(mailing)
    [mail] = mail_server.mails
    [delivery] = await deliveries_to(mailing)
    assert mail["Message-ID"] == f"<t.{THREADS.name(TICKET)}.{delivery.id}@desk.test>"
    assert mail["Subject"] == f"[{TICKET}] 已受理：导出 Excel 崩溃"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["From"] == "闭环服务台 Bihuan <desk@bihuan.example>"
    parts = [part for part in mail.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert {part.get_content_charset() for part in parts} == {"utf-8"}


async def test_a_mail_that_left_is_said_to_be_delivered(mailing: World) -> None:
    await mailing.publish(opened())
    await sent(mailing)
    [delivered] = mailing.published(NotifyDelivered)
    [delivery] = await deliveries_to(mailing)
    assert (delivered.subject, delivered.delivery, delivered.channel) == (TICKET, delivery.id, "email")
    assert (delivery.state, delivery.provider_id) == (DeliveryState.SENT, "2.0.0 queued as 1")


async def test_what_the_server_does_not_take_now_is_tried_again(mailing: World, mail_server: MailServer) -> None:
    mail_server.answers = ["451 4.3.0 later", "451 4.3.0 later"]
    await mailing.publish(opened())
    await sent(mailing)
    [delivery] = await deliveries_to(mailing)
    assert delivery.state is DeliveryState.QUEUED
    assert "451" in delivery.attempts[0].error
    await mailing.pass_time(seconds=10)
    await sent(mailing)
    assert mail_server.mails == []
    await mailing.pass_time(seconds=60)
    await sent(mailing)
    [mail] = mail_server.mails
    assert mail["Message-ID"].startswith(f"<t.{THREADS.name(TICKET)}.{delivery.id}@")
    assert len(mailing.published(NotifyDelivered)) == 1


async def test_an_unknown_address_fails_at_once(mailing: World) -> None:
    contact = opened().contact.model_copy(update={"email": "unknown@huadong.example"})
    await mailing.publish(opened().model_copy(update={"contact": contact}))
    await sent(mailing)
    [failed] = mailing.published(NotifyFailed)
    assert failed.error.startswith("550 5.1.1")
    [delivery] = await deliveries_to(mailing, WANG.sub)
    assert delivery.state is DeliveryState.FAILED
    assert delivery.due_at is None


@pytest.mark.parametrize("address", ["a\x01@b.cc", "王敏@b.cc", "a@b.cc\r\nBcc: c@d.ee", "a@b.cc>\r\nDATA"])
async def test_what_can_be_no_mail_is_given_up_at_once(mailing: World, mail_server: MailServer, address: str) -> None:
    """As it may stand in the database from before such addresses were refused."""
    notify = notify_of(mailing)
    person, words = Audience.of(opened()).customer, Content(title="标题", text="正文")
    left = Delivery.to_person(opened(), "opened", person, words, way=BY_MAIL, now=mailing.now())
    left.address = address
    await notify.deliveries.store.add(left, [], opened())
    await mailing.pass_time(seconds=1)
    await sent(mailing)
    [delivery] = await deliveries_to(mailing)
    assert (delivery.state, delivery.due_at, len(delivery.attempts)) == (DeliveryState.FAILED, None, 1)
    assert mail_server.mails == []


async def test_a_mail_server_that_is_away_loses_no_mail(mailing: World, mail_server: MailServer) -> None:
    sender = notify_of(mailing).deliveries.dispatcher.email
    assert sender
    sender._port, port = 1, sender._port
    await mailing.publish(opened())
    await sent(mailing)
    [delivery] = await deliveries_to(mailing)
    assert "SMTPConnectError" in delivery.attempts[0].error
    sender._port = port
    await mailing.pass_time(seconds=10)
    await sent(mailing)
    assert len(mail_server.mails) == 1


async def test_a_mail_server_that_never_comes_back_is_given_up_after_the_last_try(mailing: World) -> None:
    sender = notify_of(mailing).deliveries.dispatcher.email
    assert sender
    sender._port = 1
    await mailing.publish(opened())
    await sent(mailing)
    for seconds in (10, 60, 300, 1800, 7200, 21600):
        await mailing.pass_time(seconds=seconds)
        await sent(mailing)
    [failed] = mailing.published(NotifyFailed)
    assert failed.subject == TICKET
    [delivery] = await deliveries_to(mailing, WANG.sub)
    assert (delivery.state, len(delivery.attempts)) == (DeliveryState.FAILED, 7)


async def test_a_mail_that_a_crash_left_behind_is_sent_when_its_lease_is_over(
    mailing: World, mail_server: MailServer
) -> None:
    notify = notify_of(mailing)
    wang, words = Audience.of(opened()).customer, Content(title="标题", text="正文")
    left = Delivery.to_person(opened(), "opened", wang, words, way=BY_MAIL, now=mailing.now())
    left.lease(mailing.now())
    await notify.deliveries.store.add(left, [], opened())
    await mailing.pass_time(seconds=LEASE.total_seconds() - 5)
    assert mail_server.mails == []
    await mailing.pass_time(seconds=10)
    await sent(mailing)
    assert [mail["To"] for mail in mail_server.mails] == [f"{WANG.name} <{WANG.email}>"]


async def test_connections_are_kept_and_mails_leave_quickly(mailing: World, mail_server: MailServer) -> None:
    notify = notify_of(mailing)
    before = mail_server.connections
    await asyncio.gather(*(notify.deliveries.hear(opened(ticket=f"TK-2026-{n:06d}")) for n in range(100)))
    await sent(mailing)
    assert len(mail_server.mails) == 100
    assert mail_server.connections - before <= 8
    assert len(mailing.published(NotifyDelivered)) == 100


async def test_the_lease_of_what_waits_here_is_renewed_and_nobody_else_takes_it(
    mailing: World, mail_server: MailServer
) -> None:
    notify = notify_of(mailing)
    await mailing.publish(opened())
    await sent(mailing)
    [delivery] = await deliveries_to(mailing)
    store, dispatcher = notify.deliveries.store, notify.deliveries.dispatcher
    held = await store.change(delivery.id, _queue, Origin("test"))
    [taken] = await store.claim([held.id], "one", mailing.now(), mailing.now() + LEASE)
    until = await dispatcher.renew([taken.id])
    mailing.time += LEASE - timedelta(seconds=1)
    assert await dispatcher.renew([taken.id]) > until
    mailing.time += LEASE - timedelta(seconds=1)
    assert await store.claim([held.id], "two", mailing.now(), mailing.now() + LEASE) == []


async def test_two_that_claim_at_once_send_each_once(mailing: World, mail_server: MailServer) -> None:
    store = notify_of(mailing).deliveries.store
    wang, words = Audience.of(opened()).customer, Content(title="标题", text="正文")
    ids = []
    for number in range(20):
        event = opened(ticket=f"TK-2026-{number:06d}")
        left = Delivery.to_person(event, "opened", wang, words, BY_MAIL, mailing.now() + timedelta(hours=number // 10))
        ids.append((await store.add(left, [], event)).id)
    now, until = mailing.now(), mailing.now() + LEASE
    both = await asyncio.gather(store.claim(ids, "one", now, until), store.claim(ids, "two", now, until))
    claimed = [one.id for found in both for one in found]
    assert sorted(claimed) == sorted(ids[:10])  # the others are not due
    assert await store.claim(ids, "three", now, until) == []
    assert {one.id for one in await store.claim(ids, "four", until, until + LEASE)} == {*claimed}  # as after a crash


async def test_nothing_is_claimed_for_an_account_that_is_left_alone(mailing: World, mail_server: MailServer) -> None:
    """And all of it comes once it takes something again."""
    dispatcher, store = notify_of(mailing).deliveries.dispatcher, notify_of(mailing).deliveries.store
    wang, words = Audience.of(opened()).customer, Content(title="标题", text="正文")
    dispatcher.breakers.failed("email", mailing.now(), timedelta(hours=1))
    many = 30
    waiting = [opened(ticket=f"TK-2026-{number:06d}") for number in range(many)]
    due = mailing.now() + timedelta(minutes=1)
    for event in waiting:
        await store.add(Delivery.to_person(event, "opened", wang, words, BY_MAIL, due), [], event)
    await mailing.pass_time(minutes=2)
    await sent(mailing)
    held = await store.where({})
    assert {(one.leased_by, len(one.attempts)) for one in held} == {("", 0)}
    assert min(one.due_at for one in held if one.due_at) >= mailing.now() + timedelta(minutes=57)
    await mailing.pass_time(hours=2)
    while await store.count({"due_at": {"$exists": True}}):
        await sent(mailing)
        await mailing.pass_time(minutes=1)
    assert {(one.state, len(one.attempts)) for one in await store.where({})} == {(DeliveryState.SENT, 1)}
    assert len(mail_server.mails) == many


async def test_what_waits_at_the_end_is_left_to_others_at_once(mailing: World) -> None:
    notify = notify_of(mailing)
    for task in notify.deliveries.dispatcher.queue.tasks:
        task.cancel()
    await mailing.publish(opened())
    await notify.deliveries.dispatcher.stop()
    [delivery] = await deliveries_to(mailing)
    assert (delivery.state, delivery.due_at) == (DeliveryState.QUEUED, mailing.now())


def _queue(delivery: Delivery) -> list[Event]:
    delivery.state, delivery.due_at = DeliveryState.QUEUED, NOON
    return []
