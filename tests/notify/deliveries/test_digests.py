"""What falls into quiet hours or waits for a digest comes once, in one message."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.notify.deliveries.digests import MOST_ITEMS, collect, digest_for
from services.notify.deliveries.domain import Delivery, DeliveryState
from services.notify.preferences.domain import DEFAULT_ZONE, PreferenceDetails
from shared.domain import Origin
from shared.events import ContactErased, Event, NotifyDelivered, TriageDiagnosed
from shared.terms import Category, Priority
from shared.testing import LIU, WANG, Servers, World, running
from tests.notify.conftest import MailServer, deliveries_to, mailing_by, notify_of, sent, text_of
from tests.notify.samples import ALARM, INCIDENT, TICKET, assigned, opened, posted

BY = Origin("admin")
LATE = {"quiet_hours": {"start": "11:00", "end": "13:00"}}  # it is noon


async def prefers(world: World, sub: str, **wanted: Any) -> None:
    await notify_of(world).preferences.put(sub, PreferenceDetails.model_validate(wanted), BY)


async def said(world: World, *texts: str) -> None:
    for text in texts:
        await world.publish(posted(text, WANG, by_staff=False).model_copy(update={"time": world.now()}))


@pytest.fixture
async def busy(mailing: World) -> World:
    """Liu has a ticket, and was told so."""
    await mailing.publish(opened())
    await mailing.publish(assigned(LIU))
    await sent(mailing)
    return mailing


async def test_what_falls_in_quiet_hours_comes_in_one_mail_when_they_are_over(
    busy: World, mail_server: MailServer
) -> None:
    await prefers(busy, LIU.sub, **LATE, language="en")
    before = len(mail_server.to(LIU.email))
    await said(busy, "还是不行", "已经恢复")
    await busy.pass_time(minutes=59)
    await sent(busy)
    assert len(mail_server.to(LIU.email)) == before
    assert len([one for one in await deliveries_to(busy, LIU.sub) if one.held_until]) == 2  # in the inbox by now
    await busy.pass_time(minutes=1)
    await sent(busy)
    [mail] = mail_server.to(LIU.email)[before:]
    text = text_of(mail)
    assert mail["Subject"] == "2 updates on 1 subject"
    assert text.index("还是不行") > text.index("Earlier:") or text.index("已经恢复") > text.index("Earlier:")
    told = [one.delivery for one in busy.published(NotifyDelivered) if one.template == "customer_wrote"]
    assert sorted(told) == sorted(one.id for one in await deliveries_to(busy, LIU.sub) if one.held_until)
    await busy.pass_time(hours=2)
    await sent(busy)
    assert len(mail_server.to(LIU.email)) == before + 1


async def test_one_alone_is_told_as_it_is(busy: World, mail_server: MailServer) -> None:
    await prefers(busy, LIU.sub, digest="hourly")
    await said(busy, "还是不行")
    await busy.pass_time(hours=1)
    await sent(busy)
    assert mail_server.to(LIU.email)[-1]["Subject"] == "客户留言：导出 Excel 崩溃"


@pytest.mark.parametrize("urgent", [ALARM.model_copy(update={"assignee": LIU.sub}), INCIDENT])
async def test_urgent_matters_and_on_call_pass(busy: World, mail_server: MailServer, urgent: Event) -> None:
    await prefers(busy, LIU.sub, **LATE, digest="daily", channels={urgent.kind: []})
    before = len(mail_server.to(LIU.email))
    await busy.publish(urgent)
    await sent(busy)
    assert len(mail_server.to(LIU.email)) == before + 1


async def test_everything_about_an_urgent_ticket_passes(busy: World, mail_server: MailServer) -> None:
    await prefers(busy, LIU.sub, **LATE)
    urgent = TriageDiagnosed(
        subject=TICKET,
        time=busy.now(),
        revision=2,
        category=next(iter(Category)),
        priority=Priority.URGENT,
        queue="q",
        reasons=[],
        suggestions=[],
        confirmed=True,
    )
    await busy.publish(urgent)
    await said(busy, "生产停了")
    await sent(busy)
    assert "生产停了" in text_of(mail_server.to(LIU.email)[-1])


async def test_what_they_did_themselves_is_answered_at_once(mailing: World, mail_server: MailServer) -> None:
    await prefers(mailing, WANG.sub, **LATE)
    await mailing.publish(opened())
    await sent(mailing)
    assert len(mail_server.to(WANG.email)) == 1


async def test_a_kind_that_nobody_wants_mailed_only_stands_in_the_inbox(busy: World, mail_server: MailServer) -> None:
    await prefers(busy, LIU.sub, channels={"ticket.message_posted": []})
    before = len(mail_server.to(LIU.email))
    await said(busy, "还是不行")
    await sent(busy)
    assert len(mail_server.to(LIU.email)) == before
    [told] = [one for one in await deliveries_to(busy, LIU.sub) if one.template == "customer_wrote"]
    assert (told.state, told.channels) == (DeliveryState.SENT, ["online"])


async def test_language_and_clock_are_the_readers(busy: World, mail_server: MailServer) -> None:
    await prefers(busy, LIU.sub, language="en", time_zone="Asia/Kolkata")
    await busy.publish(ALARM.model_copy(update={"assignee": LIU.sub}))
    await sent(busy)
    assert "2026-03-02 09:30 (UTC+5:30)" in text_of(mail_server.to(LIU.email)[-1])


async def test_an_event_that_comes_again_is_told_once_though_its_digest_has_left(
    busy: World, mail_server: MailServer
) -> None:
    """As after a crash before it was acknowledged."""
    await prefers(busy, LIU.sub, **LATE)
    event = posted("还是不行", WANG, by_staff=False)
    deliveries = notify_of(busy).deliveries
    await deliveries.hear(event)
    await deliveries.hear(event)
    await prefers(busy, LIU.sub)  # what was held stays so
    await busy.pass_time(hours=1)
    await sent(busy)
    before = len(mail_server.to(LIU.email))
    await deliveries.hear(event)
    await busy.pass_time(hours=1)
    await sent(busy)
    assert len(mail_server.to(LIU.email)) == before
    assert [text_of(mail).count("还是不行") for mail in mail_server.to(LIU.email)].count(1) == 1


async def test_a_crash_before_the_digest_had_it_loses_nothing(busy: World, mail_server: MailServer) -> None:
    """The first digest has left by the time that the event comes again: it leaves in the next one, at once."""
    await prefers(busy, LIU.sub, **LATE)
    deliveries = notify_of(busy).deliveries
    await said(busy, "第一条")
    [first] = [one for one in await deliveries_to(busy, LIU.sub) if one.held_until]
    late = posted("第二条", WANG, by_staff=False)
    audience = await deliveries.audiences.store.get(TICKET)
    wanted = await deliveries.preferences.of([LIU.sub])
    [held] = deliveries.planner.plan(late, audience, busy.now(), wanted)
    await deliveries.store.add(held, [], late)  # and was killed here
    await busy.pass_time(hours=1)
    await sent(busy)
    assert "第一条" in text_of(mail_server.to(LIU.email)[-1])
    await deliveries.hear(late)
    await busy.pass_time(seconds=1)
    await sent(busy)
    assert "第二条" in text_of(mail_server.to(LIU.email)[-1])
    assert first.held_until == held.held_until


async def test_two_replicas_make_one_digest_and_send_it_once(servers: Servers, mail_server: MailServer) -> None:
    create = mailing_by(mail_server)
    create.__module__ = "services.notify.app"
    async with running(servers, create) as world:
        await world.start(create, "2")
        await prefers(world, LIU.sub, **LATE)
        await world.publish(opened())
        await world.publish(assigned(LIU))
        replicas = [world.apps[name].state.service.deliveries for name in ("notify", "notify2")]
        events = [posted(f"留言 {n}", WANG, by_staff=False) for n in range(12)]
        # Each event at both, as after a lease that was over too early.
        await asyncio.gather(*(one.hear(event) for event in events for one in replicas))
        await world.pass_time(hours=1)
        for replica in replicas:
            await asyncio.wait_for(replica.dispatcher.queue.join(), 10)
        await world.settle()
        [mail] = mail_server.to(LIU.email)
        lines = text_of(mail).splitlines()
        assert [lines.count(f"留言 {n}") for n in range(12)] == [1] * 12


async def test_who_is_forgotten_is_in_no_digest(busy: World, mail_server: MailServer) -> None:
    await prefers(busy, LIU.sub, **LATE)
    before = len(mail_server.to(LIU.email))
    await said(busy, "还是不行")
    await busy.publish(ContactErased(subject="ER-1", time=busy.now(), tickets=[TICKET]))
    left = await notify_of(busy).deliveries.store.where({"recipient": f"digest:{LIU.sub}"})
    assert [(one.items, one.due_at) for one in left] == [([], None)]
    await busy.pass_time(hours=1)
    await sent(busy)
    assert len(mail_server.to(LIU.email)) == before


def test_a_full_digest_takes_no_more() -> None:
    def held(n: int) -> Delivery:
        event = posted(str(n), WANG, by_staff=False)
        known = Delivery.model_validate(
            {
                "id": str(n),
                "ticket": TICKET,
                "event": event.kind,
                "template": "customer_wrote",
                "recipient": LIU.sub,
                "name": LIU.name,
                "channels": ["online", "email"],
                "language": "zh",
                "words": {"zh": {"title": "标题", "text": "正文"}},
                "state": "sent",
                "created_at": event.time,
            }
        )
        known.hold(event.time + timedelta(hours=1))
        return known

    zone = PreferenceDetails(time_zone=DEFAULT_ZONE).zone
    digest = digest_for(held(0), 0, zone, held(0).created_at)
    for n in range(MOST_ITEMS + 5):
        collect(digest, held(n), zone)
    assert [one.id for one in digest.items] == [str(n) for n in range(MOST_ITEMS)]


async def test_what_happens_within_a_minute_comes_together(busy: World, mail_server: MailServer) -> None:
    await prefers(busy, LIU.sub, digest="batched", language="en")
    before = len(mail_server.to(LIU.email))
    await said(busy, "还是不行")
    busy.time += timedelta(seconds=20)
    await said(busy, "已经恢复")
    await sent(busy)
    assert len(mail_server.to(LIU.email)) == before
    await busy.pass_time(minutes=1)
    await sent(busy)
    [mail] = mail_server.to(LIU.email)[before:]
    assert all(one in text_of(mail) for one in ("还是不行", "已经恢复"))
