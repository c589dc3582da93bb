"""Events in, news out."""

import asyncio
import re
from datetime import timedelta

import pytest

from services.notify.audiences.domain import Contact
from services.notify.deliveries.domain import LEASE, AlreadyTaken, Delivery, State, Way
from services.notify.templates.domain import Words
from shared.domain import Origin
from shared.events import Event, NotifyDelivered, NotifyFailed, TicketLinkRequested, TriageReleased
from shared.links import Links
from shared.outbox import Outgoing
from shared.terms import WaitingFor
from shared.testing import CHEN, LIU, NOON, SECRET, WANG, ZHAO, Person, World
from tests.notify.conftest import MailServer, notify_of, sent
from tests.notify.samples import (
    ACCEPTED,
    ASKED,
    BREACHED,
    DRAFTED,
    EVERY,
    GUEST,
    TICKET,
    VERIFIED,
    assigned,
    opened,
    posted,
)


async def told(world: World, recipient: str = "") -> list[Delivery]:
    found = await notify_of(world).deliveries.where({"ticket": TICKET}, "place")
    return [delivery for delivery in found if not recipient or delivery.recipient == recipient]


async def templates(world: World, recipient: str) -> list[str]:
    return [delivery.template for delivery in await told(world, recipient)]


async def test_the_customer_is_told_that_the_ticket_was_received(world: World) -> None:
    await world.publish(opened())
    [delivery] = await told(world, WANG.sub)
    assert (delivery.state, delivery.channels) == (State.SENT, [Way.ONLINE])
    assert TICKET in delivery.words["zh"].text
    assert "待处理" in delivery.words["zh"].text


async def test_the_customer_is_spoken_to_in_their_language(world: World) -> None:
    await world.publish(opened(ZHAO))
    [delivery] = await told(world, ZHAO.sub)
    assert "status: pending" in delivery.words["en"].text


async def test_a_repeated_event_tells_nobody_twice(mailing: World, mail_server: MailServer) -> None:
    event = opened()
    await mailing.publish(event)
    await sent(mailing)
    await notify_of(mailing).meet(event)
    await sent(mailing)
    assert len(mail_server.mails) == 1
    assert len(await told(mailing)) == 1


async def test_the_guided_questions_are_a_mail_of_their_own(mailing: World, mail_server: MailServer) -> None:
    await mailing.publish(opened())
    await mailing.publish(ASKED)
    await sent(mailing)
    received, questions = sorted(mail_server.to(WANG.email), key=lambda mail: "补充" in mail["Subject"])
    assert "已受理" in received["Subject"]
    assert "1. 完整的报错内容是什么？" in questions.get_content()


async def test_an_event_that_comes_before_its_ticket_is_told_of_later(world: World) -> None:
    assert world._bus
    await world._bus.publish(Outgoing.of(ASKED))
    await asyncio.sleep(0.05)
    assert await told(world) == []
    await world.publish(opened())
    assert sorted(await templates(world, WANG.sub)) == ["opened", "questions_asked"]


async def test_what_is_asked_at_the_opening_stands_in_its_acknowledgement(
    mailing: World, mail_server: MailServer
) -> None:
    at_opening = {"questions": ASKED.questions, "waiting_for": WaitingFor.CUSTOMER_INFORMATION}
    await mailing.publish(opened().model_copy(update=at_opening))
    await mailing.publish(ASKED.model_copy(update={"at_opening": True}))
    await sent(mailing)
    [received] = mail_server.to(WANG.email)
    assert "已受理" in received["Subject"]
    assert "1. 完整的报错内容是什么？" in received.get_content()


async def test_internal_notes_never_reach_the_customer(mailing: World, mail_server: MailServer) -> None:
    await mailing.publish(opened())
    await mailing.publish(assigned())
    await mailing.publish(posted("客户不会操作", LIU, by_staff=True, internal=True))
    await mailing.publish(posted("请升级到 3.2.1", LIU, by_staff=True))
    await sent(mailing)
    texts = [delivery.words["zh"].text for delivery in await told(mailing)]
    assert sum("请升级到 3.2.1" in text for text in texts) == 1
    assert not any("客户不会操作" in text for text in texts)
    assert not any("客户不会操作" in mail.get_content() for mail in mail_server.mails)


async def test_nobody_is_told_what_they_did_themselves(world: World) -> None:
    await world.publish(opened())
    await world.publish(assigned(LIU, by=LIU.sub))
    await world.publish(posted("还是不行", WANG, by_staff=False))
    assert "work_assigned" not in await templates(world, LIU.sub)
    assert "customer_wrote" in await templates(world, LIU.sub)
    assert "reply" not in await templates(world, WANG.sub)


async def test_an_engineer_is_told_of_work_that_others_gave_them(world: World) -> None:
    await world.publish(opened())
    await world.pass_time(seconds=1)
    await world.publish(assigned(LIU, by="triage"))
    assert await templates(world, LIU.sub) == ["work_assigned"]
    [_, who_works_on_it] = await told(world, WANG.sub)
    assert LIU.name in who_works_on_it.words["zh"].text


async def test_the_customer_is_told_of_the_assignment_that_their_own_request_led_to(world: World) -> None:
    await world.publish(opened())
    await world.publish(assigned().model_copy(update={"actor": WANG.sub}))
    assert "assigned" in await templates(world, WANG.sub)


async def test_an_assignment_that_was_overtaken_is_not_told(world: World) -> None:
    await world.publish(opened())
    await world.publish(assigned(CHEN, revision=3))
    await world.publish(assigned(LIU, revision=2, now=NOON + timedelta(seconds=3)))
    assert await templates(world, LIU.sub) == []


async def test_the_links_in_a_mail_let_their_customer_answer_without_signing_in(
    mailing: World, mail_server: MailServer
) -> None:
    await mailing.publish(opened())
    await mailing.publish(VERIFIED)
    await mailing.publish(ACCEPTED)
    await sent(mailing)
    text = "\n".join(mail.get_content() for mail in mail_server.mails)
    tokens = re.findall(r"http://desk\.test/api/intake/links/(\S+)", text)
    links = Links(SECRET, "http://desk.test")
    read = {links.read(token, NOON + timedelta(days=6)).action: links.read(token, NOON) for token in tokens}
    assert set(read) == {"accept_solution", "reject_solution", "give_feedback"}
    accept = read["accept_solution"]
    assert (accept.ticket, accept.sub, accept.nonce) == (TICKET, WANG.sub, VERIFIED.id)
    with pytest.raises(Exception, match="expired"):
        links.read(tokens[0], NOON + timedelta(days=8))


async def test_the_result_is_told_with_the_question_for_satisfaction(world: World) -> None:
    await world.publish(opened())
    await world.publish(VERIFIED)
    await world.pass_time(seconds=1)
    await world.publish(ACCEPTED)
    result = (await told(world, WANG.sub))[-1]
    assert VERIFIED.solution in result.words["zh"].text
    assert "是否满意" in result.words["zh"].text


async def test_a_late_clock_is_told_to_the_assignee_and_to_the_leads(world: World) -> None:
    await world.publish(opened())
    await world.publish(assigned())
    await world.pass_time(seconds=1)
    await world.publish(BREACHED)
    [_, to_liu] = await told(world, LIU.sub)
    [to_leads] = await told(world, "role:lead")
    assert to_liu.template == to_leads.template == "clock_breached"
    assert "12:00 (UTC+8)" in to_leads.words["en"].text
    assert "响应" in to_leads.words["zh"].title


async def test_a_released_engineer_hears_no_more_of_the_ticket(world: World) -> None:
    await world.publish(opened())
    await world.publish(assigned())
    await world.publish(TriageReleased(subject=TICKET, time=NOON, revision=2, engineer=LIU.sub, reason="leave"))
    await world.publish(BREACHED)
    assert "clock_breached" not in await templates(world, LIU.sub)
    assert await templates(world, "role:lead") == ["clock_breached"]


async def test_the_editors_are_told_of_a_draft_also_without_a_known_ticket(world: World) -> None:
    await world.publish(DRAFTED)
    [delivery] = await told(world, "role:kb_editor")
    assert set(delivery.words) == {"zh", "en"}


async def test_every_event_is_told_without_a_dead_letter(mailing: World) -> None:
    await mailing.publish(opened())
    await mailing.publish(assigned())
    for event in EVERY[1:]:
        await mailing.publish(event)
    await sent(mailing)
    assert await mailing.runtimes["notify"].bus.dead_letters() == []
    assert {delivery.state for delivery in await told(mailing)} == {State.SENT}


async def test_old_news_are_not_told(world: World) -> None:
    await world.publish(opened(now=NOON - timedelta(days=8)))
    assert await told(world) == []
    await world.publish(ASKED)
    assert await templates(world, WANG.sub) == ["questions_asked"]


async def test_a_guest_is_told_by_mail_and_one_without_an_address_not_at_all(
    mailing: World, mail_server: MailServer
) -> None:
    await mailing.publish(opened(GUEST))
    silent = opened(GUEST, ticket="TK-2026-000002")
    await mailing.publish(silent.model_copy(update={"contact": silent.contact.model_copy(update={"email": ""})}))
    await sent(mailing)
    [mail] = mail_server.mails
    assert mail["To"] == "Ann Guest <ann@guest.example>"
    assert await notify_of(mailing).deliveries.count({}) == 1


async def test_a_mail_carries_what_keeps_machines_from_answering_it(mailing: World, mail_server: MailServer) -> None:
    await mailing.publish(opened())
    await sent(mailing)
    [mail] = mail_server.mails
    [delivery] = await told(mailing)
    assert mail["Message-ID"] == f"<t.{TICKET}.{delivery.id}@desk.test>"
    assert mail["Subject"] == f"[{TICKET}] 已受理：导出 Excel 崩溃"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["From"] == "闭环服务台 Bihuan <desk@bihuan.example>"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content_charset() == "utf-8"


async def test_a_mail_that_left_is_said_to_be_delivered(mailing: World) -> None:
    await mailing.publish(opened())
    await sent(mailing)
    [delivered] = mailing.published(NotifyDelivered)
    [delivery] = await told(mailing)
    assert (delivered.subject, delivered.delivery, delivered.channel) == (TICKET, delivery.id, "email")
    assert (delivery.state, delivery.provider_id) == (State.SENT, "2.0.0 queued as 1")


async def test_what_the_server_does_not_take_now_is_tried_again(mailing: World, mail_server: MailServer) -> None:
    mail_server.answers = ["451 4.3.0 later", "451 4.3.0 later"]
    await mailing.publish(opened())
    await sent(mailing)
    [delivery] = await told(mailing)
    assert delivery.state is State.QUEUED
    assert "451" in delivery.attempts[0].error
    await mailing.pass_time(seconds=10)
    await sent(mailing)
    assert mail_server.mails == []
    await mailing.pass_time(seconds=60)
    await sent(mailing)
    [mail] = mail_server.mails
    assert mail["Message-ID"].startswith(f"<t.{TICKET}.{delivery.id}@")
    assert len(mailing.published(NotifyDelivered)) == 1


async def test_an_unknown_address_fails_at_once(mailing: World) -> None:
    contact = opened().contact.model_copy(update={"email": "unknown@huadong.example"})
    await mailing.publish(opened().model_copy(update={"contact": contact}))
    await sent(mailing)
    [failed] = mailing.published(NotifyFailed)
    assert failed.error.startswith("550 5.1.1")
    [delivery] = await told(mailing)
    assert delivery.state is State.FAILED
    assert delivery.due_at is None


@pytest.mark.parametrize("address", ["a\x01@b.cc", "王敏@b.cc", "a@b.cc\r\nBcc: c@d.ee", "a@b.cc>\r\nDATA"])
async def test_what_can_be_no_mail_is_given_up_at_once(mailing: World, mail_server: MailServer, address: str) -> None:
    """As it may stand in the database from before such addresses were refused."""
    notify = notify_of(mailing)
    person, words = Contact.of(opened()).customer, Words(title="标题", text="正文")
    left = Delivery.to_person(opened(), "opened", person, words, by_mail=True, now=mailing.now())
    left.address = address
    await notify.deliveries.add(left, [], opened())
    await mailing.pass_time(seconds=1)
    await sent(mailing)
    [delivery] = await told(mailing)
    assert (delivery.state, delivery.due_at, len(delivery.attempts)) == (State.FAILED, None, 1)
    assert mail_server.mails == []


async def test_a_mail_server_that_is_away_loses_no_mail(mailing: World, mail_server: MailServer) -> None:
    mailer = notify_of(mailing).mailer
    assert mailer
    mailer._port, port = 1, mailer._port
    await mailing.publish(opened())
    await sent(mailing)
    [delivery] = await told(mailing)
    assert "SMTPConnectError" in delivery.attempts[0].error
    mailer._port = port
    await mailing.pass_time(seconds=10)
    await sent(mailing)
    assert len(mail_server.mails) == 1


async def test_a_mail_server_that_never_comes_back_is_given_up_after_the_last_try(mailing: World) -> None:
    mailer = notify_of(mailing).mailer
    assert mailer
    mailer._port = 1
    await mailing.publish(opened())
    await sent(mailing)
    for seconds in (10, 60, 300, 1800, 7200, 21600):
        await mailing.pass_time(seconds=seconds)
        await sent(mailing)
    [failed] = mailing.published(NotifyFailed)
    assert failed.subject == TICKET
    [delivery] = await told(mailing)
    assert (delivery.state, len(delivery.attempts)) == (State.FAILED, 7)


async def test_a_mail_that_a_crash_left_behind_is_sent_when_its_lease_is_over(
    mailing: World, mail_server: MailServer
) -> None:
    notify = notify_of(mailing)
    wang, words = Contact.of(opened()).customer, Words(title="标题", text="正文")
    left = Delivery.to_person(opened(), "opened", wang, words, by_mail=True, now=mailing.now())
    left.hold(mailing.now())
    await notify.deliveries.add(left, [], opened())
    await mailing.pass_time(seconds=10)
    assert mail_server.mails == []
    await mailing.pass_time(seconds=10)
    await sent(mailing)
    assert [mail["To"] for mail in mail_server.mails] == [f"{WANG.name} <{WANG.email}>"]


async def test_connections_are_kept_and_mails_leave_quickly(mailing: World, mail_server: MailServer) -> None:
    notify = notify_of(mailing)
    before = mail_server.connections
    await asyncio.gather(*(notify.meet(opened(ticket=f"TK-2026-{n:06d}")) for n in range(100)))
    await sent(mailing)
    assert len(mail_server.mails) == 100
    assert mail_server.connections - before <= 8
    assert len(mailing.published(NotifyDelivered)) == 100


async def test_a_message_that_is_heard_before_the_assignment_is_told_to_who_has_the_ticket(world: World) -> None:
    assert world._bus
    await world.publish(opened())
    await world._bus.publish(Outgoing.of(posted("还是不行", WANG, by_staff=False, assignee=LIU.sub)))
    await asyncio.sleep(0.05)
    await world.publish(assigned(LIU))
    assert "customer_wrote" in await templates(world, LIU.sub)


async def test_an_old_message_is_not_told_to_who_has_the_ticket_now(world: World) -> None:
    await world.publish(opened())
    await world.publish(assigned(LIU, revision=1))
    await world.publish(assigned(CHEN, revision=2))
    await world.publish(posted("还是不行", WANG, by_staff=False, assignee=LIU.sub))
    assert "customer_wrote" not in await templates(world, CHEN.sub)


async def test_what_happened_before_the_service_was_set_up_is_nobodys_news(world: World) -> None:
    await world.publish(opened(now=NOON - timedelta(hours=1)))
    await world.publish(posted("请升级", LIU, by_staff=True))
    assert await templates(world, WANG.sub) == ["reply"]


async def test_nobody_is_told_of_a_ticket_whose_number_was_given_twice(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.publish(opened(WANG))
    await world.publish(opened(ZHAO))
    await world.publish(posted("your password is reset", LIU, by_staff=True))
    assert await templates(world, WANG.sub) == ["opened"]
    assert await templates(world, ZHAO.sub) == []
    assert "was opened a second time" in caplog.text


async def test_a_guest_is_known_by_their_address_and_nobody_signs_in_as_it(
    mailing: World, mail_server: MailServer
) -> None:
    await mailing.publish(opened(GUEST))
    await sent(mailing)
    assert await templates(mailing, f"mailto:{GUEST.email}") == ["opened"]
    async with mailing.as_(Person(GUEST.email, ("requester",)), "notify") as somebody:
        assert (await somebody.get("/deliveries")).json()["items"] == []


async def test_the_lease_of_what_waits_here_is_renewed_and_nobody_else_takes_it(
    mailing: World, mail_server: MailServer
) -> None:
    notify = notify_of(mailing)
    await mailing.publish(opened())
    await sent(mailing)
    [delivery] = await told(mailing)
    held = await notify.deliveries.change(delivery.id, _queue, Origin("test"))
    taken = await notify.deliveries.change(held.id, lambda d: d.take(mailing.now()), Origin("test"))
    until = await notify._renew([taken.id])
    mailing.time += LEASE - timedelta(seconds=1)
    assert await notify._renew([taken.id]) > until
    mailing.time += LEASE - timedelta(seconds=1)
    with pytest.raises(AlreadyTaken):
        await notify.deliveries.change(held.id, lambda d: d.take(mailing.now()), Origin("test"))


async def test_what_waits_at_the_end_is_left_to_others_at_once(mailing: World) -> None:
    notify = notify_of(mailing)
    for task in notify.post._tasks:
        task.cancel()
    await mailing.publish(opened())
    await notify.end()
    [delivery] = await told(mailing)
    assert (delivery.state, delivery.due_at) == (State.QUEUED, mailing.now())


@pytest.mark.parametrize("action", ["accept_solution", "reject_solution", "give_feedback", "give_consent"])
async def test_a_link_that_staff_asked_for_goes_to_the_customer_alone(
    mailing: World, mail_server: MailServer, action: str
) -> None:
    await mailing.publish(opened())
    await mailing.publish(assigned(LIU))
    asked = TicketLinkRequested(subject=TICKET, time=NOON, actor=LIU.sub, action=action, round=2, to=WANG.email)
    await mailing.publish(asked)
    await sent(mailing)
    with_link = [mail for mail in mail_server.mails if "/links/" in mail.get_content()]
    assert [mail["To"].addresses[0].addr_spec for mail in with_link] == [WANG.email]
    token = re.findall(r"/links/(\S+)", with_link[0].get_content())[0]
    link = Links(SECRET, "").read(token, NOON)
    assert (link.action, link.round, link.sub) == (action, 2, WANG.sub)


def _queue(delivery: Delivery) -> list[Event]:
    delivery.state, delivery.due_at = State.QUEUED, NOON
    return []
