"""Events in, notifications out: who is notified of what."""

import asyncio
import re
from datetime import timedelta

import pytest

from services.notify.channels.domain import DeliveryChannel
from services.notify.deliveries.domain import DeliveryState
from shared.events import TicketLinkRequested, TicketUrged, TriageReleased
from shared.links import Links
from shared.outbox import Outgoing
from shared.terms import Outcome, WaitingFor
from shared.testing import CHEN, LIU, NOON, SECRET, WANG, ZHAO, Person, World
from tests.notify.conftest import MailServer, deliveries_to, notify_of, sent, templates_to, text_of
from tests.notify.samples import (
    ACCEPTED,
    ASKED,
    BREACHED,
    COMPLETED,
    DRAFTED,
    EVERY,
    GUEST,
    TICKET,
    VERIFIED,
    assigned,
    opened,
    posted,
)


async def test_the_customer_is_told_that_the_ticket_was_received(world: World) -> None:
    await world.publish(opened())
    [delivery] = await deliveries_to(world, WANG.sub)
    assert (delivery.state, delivery.channels) == (DeliveryState.SENT, [DeliveryChannel.ONLINE])
    assert TICKET in delivery.words["zh"].text
    assert "待处理" in delivery.words["zh"].text


async def test_the_customer_is_spoken_to_in_their_language(world: World) -> None:
    await world.publish(opened(ZHAO))
    [delivery] = await deliveries_to(world, ZHAO.sub)
    assert "Status: pending" in delivery.words["en"].text


async def test_a_repeated_event_tells_nobody_twice(mailing: World, mail_server: MailServer) -> None:
    event = opened()
    await mailing.publish(event)
    await sent(mailing)
    await notify_of(mailing).deliveries.hear(event)
    await sent(mailing)
    assert len(mail_server.mails) == 1
    assert len(await deliveries_to(mailing)) == 1


async def test_the_guided_questions_are_a_mail_of_their_own(mailing: World, mail_server: MailServer) -> None:
    await mailing.publish(opened())
    await mailing.publish(ASKED)
    await sent(mailing)
    received, questions = sorted(mail_server.to(WANG.email), key=lambda mail: "补充" in mail["Subject"])
    assert "已受理" in received["Subject"]
    assert "1. 完整的报错内容是什么？" in text_of(questions)


async def test_an_event_that_comes_before_its_ticket_is_told_of_later(world: World) -> None:
    assert world._bus
    await world._bus.publish(Outgoing.of(ASKED))
    await asyncio.sleep(0.05)
    assert await deliveries_to(world) == []
    await world.publish(opened())
    assert sorted(await templates_to(world, WANG.sub)) == ["opened", "questions_asked"]


async def test_what_is_asked_at_the_opening_stands_in_its_acknowledgement(
    mailing: World, mail_server: MailServer
) -> None:
    at_opening = {"questions": ASKED.questions, "waiting_for": WaitingFor.CUSTOMER_INFORMATION}
    await mailing.publish(opened().model_copy(update=at_opening))
    await mailing.publish(ASKED.model_copy(update={"at_opening": True}))
    await sent(mailing)
    [received] = mail_server.to(WANG.email)
    assert "已受理" in received["Subject"]
    assert "1. 完整的报错内容是什么？" in text_of(received)


async def test_internal_notes_never_reach_the_customer(mailing: World, mail_server: MailServer) -> None:
    await mailing.publish(opened())
    await mailing.publish(assigned())
    await mailing.publish(posted("客户不会操作", LIU, by_staff=True, internal=True))
    await mailing.publish(posted("请升级到 3.2.1", LIU, by_staff=True))
    await sent(mailing)
    texts = [delivery.words["zh"].text for delivery in await deliveries_to(mailing)]
    assert sum("请升级到 3.2.1" in text for text in texts) == 1
    assert not any("客户不会操作" in text for text in texts)
    assert not any("客户不会操作" in text_of(mail) for mail in mail_server.mails)


async def test_nobody_is_told_what_they_did_themselves(world: World) -> None:
    await world.publish(opened())
    await world.publish(assigned(LIU, by=LIU.sub))
    await world.publish(posted("还是不行", WANG, by_staff=False))
    assert "work_assigned" not in await templates_to(world, LIU.sub)
    assert "customer_wrote" in await templates_to(world, LIU.sub)
    assert "reply" not in await templates_to(world, WANG.sub)


async def test_an_engineer_is_told_of_work_that_others_gave_them(world: World) -> None:
    await world.publish(opened())
    await world.pass_time(seconds=1)
    await world.publish(assigned(LIU, by="triage"))
    assert await templates_to(world, LIU.sub) == ["work_assigned"]
    [_, who_works_on_it] = await deliveries_to(world, WANG.sub)
    assert LIU.name in who_works_on_it.words["zh"].text


async def test_the_customer_is_told_of_the_assignment_that_their_own_request_led_to(world: World) -> None:
    await world.publish(opened())
    await world.publish(assigned().model_copy(update={"actor": WANG.sub}))
    assert "assigned" in await templates_to(world, WANG.sub)


async def test_an_assignment_that_was_overtaken_is_not_told(world: World) -> None:
    await world.publish(opened())
    await world.publish(assigned(CHEN, revision=3))
    await world.publish(assigned(LIU, revision=2, now=NOON + timedelta(seconds=3)))
    assert await templates_to(world, LIU.sub) == []


async def test_the_result_is_told_with_the_question_for_satisfaction(world: World) -> None:
    await world.publish(opened())
    await world.publish(VERIFIED)
    await world.pass_time(seconds=1)
    await world.publish(ACCEPTED)
    result = (await deliveries_to(world, WANG.sub))[-1]
    assert VERIFIED.solution in result.words["zh"].text
    assert "是否满意" in result.words["zh"].text


async def test_a_late_clock_is_told_to_the_assignee_and_to_the_leads(world: World) -> None:
    await world.publish(opened())
    await world.publish(assigned())
    await world.pass_time(seconds=1)
    await world.publish(BREACHED)
    [_, to_liu] = await deliveries_to(world, LIU.sub)
    [to_leads] = await deliveries_to(world, "role:lead")
    assert to_liu.template == to_leads.template == "clock_breached"
    assert "12:00 (UTC+8)" in to_leads.words["en"].text
    assert "响应" in to_leads.words["zh"].title


async def test_an_urge_goes_to_the_assignee_and_to_the_leads_when_nobody_has_it_or_it_did_not_help(
    world: World,
) -> None:
    await world.publish(opened())
    await world.publish(TicketUrged(subject=TICKET, time=NOON, revision=2, times=1, assignee=""))
    assert await templates_to(world, "role:lead") == ["urged"]
    await world.publish(assigned())
    for times in (2, 3):
        await world.publish(
            TicketUrged(
                subject=TICKET, time=NOON, revision=times + 1, times=times, comment="今晚要结账", assignee=LIU.sub
            )
        )
    assert (await templates_to(world, LIU.sub)).count("urged") == 2
    assert await templates_to(world, "role:lead") == ["urged", "urged"]
    said = [one.words["zh"].text for one in await deliveries_to(world, LIU.sub) if one.template == "urged"]
    assert all("今晚要结账" in text for text in said)
    assert sum("第 3 次催办" in text for text in said) == 1


async def test_a_released_engineer_hears_no_more_of_the_ticket(world: World) -> None:
    await world.publish(opened())
    await world.publish(assigned())
    await world.publish(TriageReleased(subject=TICKET, time=NOON, revision=2, engineer=LIU.sub, reason="leave"))
    await world.publish(BREACHED)
    assert "clock_breached" not in await templates_to(world, LIU.sub)
    assert await templates_to(world, "role:lead") == ["clock_breached"]


async def test_the_editors_are_told_of_a_draft_also_without_a_known_ticket(world: World) -> None:
    await world.publish(DRAFTED)
    [delivery] = await deliveries_to(world, "role:kb_editor")
    assert set(delivery.words) == {"zh", "en"}


async def test_every_event_is_told_without_a_dead_letter(mailing: World) -> None:
    await mailing.publish(opened())
    await mailing.publish(assigned())
    for event in EVERY[1:]:
        await mailing.publish(event)
    await sent(mailing)
    assert await mailing.runtimes["notify"].bus.dead_letters() == []
    assert {delivery.state for delivery in await deliveries_to(mailing)} == {DeliveryState.SENT}


async def test_old_news_are_not_told(world: World) -> None:
    await world.publish(opened(now=NOON - timedelta(days=8)))
    assert await deliveries_to(world) == []
    await world.publish(ASKED)
    assert await templates_to(world, WANG.sub) == ["questions_asked"]


async def test_a_guest_is_told_by_mail_and_one_without_an_address_not_at_all(
    mailing: World, mail_server: MailServer
) -> None:
    await mailing.publish(opened(GUEST))
    silent = opened(GUEST, ticket="TK-2026-000002")
    await mailing.publish(silent.model_copy(update={"contact": silent.contact.model_copy(update={"email": ""})}))
    await sent(mailing)
    [mail] = mail_server.mails
    assert mail["To"] == "Ann Guest <ann@guest.example>"
    assert await notify_of(mailing).deliveries.store.count({}) == 1


async def test_a_message_that_is_heard_before_the_assignment_is_told_to_who_has_the_ticket(world: World) -> None:
    assert world._bus
    await world.publish(opened())
    await world._bus.publish(Outgoing.of(posted("还是不行", WANG, by_staff=False, assignee=LIU.sub)))
    await asyncio.sleep(0.05)
    await world.publish(assigned(LIU))
    assert "customer_wrote" in await templates_to(world, LIU.sub)


async def test_an_old_message_is_not_told_to_who_has_the_ticket_now(world: World) -> None:
    await world.publish(opened())
    await world.publish(assigned(LIU, revision=1))
    await world.publish(assigned(CHEN, revision=2))
    await world.publish(posted("还是不行", WANG, by_staff=False, assignee=LIU.sub))
    assert "customer_wrote" not in await templates_to(world, CHEN.sub)


async def test_what_happened_before_the_service_was_set_up_is_nobodys_news(world: World) -> None:
    await world.publish(opened(now=NOON - timedelta(hours=1)))
    await world.publish(posted("请升级", LIU, by_staff=True))
    assert await templates_to(world, WANG.sub) == ["reply"]


async def test_nobody_is_told_of_a_ticket_whose_number_was_given_twice(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.publish(opened(WANG))
    await world.publish(opened(ZHAO))
    await world.publish(posted("your password is reset", LIU, by_staff=True))
    assert await templates_to(world, WANG.sub) == ["opened"]
    assert await templates_to(world, ZHAO.sub) == []
    assert "was opened a second time" in caplog.text


async def test_a_guest_is_known_by_their_address_and_nobody_signs_in_as_it(
    mailing: World, mail_server: MailServer
) -> None:
    await mailing.publish(opened(GUEST))
    await sent(mailing)
    assert await templates_to(mailing, f"mailto:{GUEST.email}") == ["opened"]
    async with mailing.as_(Person(GUEST.email, ("requester",)), "notify") as somebody:
        assert (await somebody.get("/v1/notifications")).json()["items"] == []


@pytest.mark.parametrize(
    "action", ["accept_solution", "reject_solution", "give_feedback", "give_consent", "answer_questions"]
)
async def test_a_link_that_staff_asked_for_goes_to_the_customer_alone(
    mailing: World, mail_server: MailServer, action: str
) -> None:
    await mailing.publish(opened())
    await mailing.publish(assigned(LIU))
    asked = TicketLinkRequested(subject=TICKET, time=NOON, actor=LIU.sub, action=action, round=2, to=WANG.email)
    await mailing.publish(asked)
    await sent(mailing)
    with_link = [mail for mail in mail_server.mails if "/links/" in text_of(mail)]
    assert [mail["To"].addresses[0].addr_spec for mail in with_link] == [WANG.email]
    token = re.findall(r"/links/(\S+)", text_of(with_link[0]))[0]
    link = Links(SECRET, "").read(token, NOON)
    assert (link.action, link.round, link.sub) == (action, 2, WANG.sub)


async def test_a_reminder_says_that_it_is_one_and_counts_from_the_first(world: World) -> None:
    await world.publish(opened())
    await world.publish(ASKED.model_copy(update={"reminder": 2, "first": 4}))
    [reminder] = [one for one in await deliveries_to(world, WANG.sub) if one.template == "questions_asked"]
    assert reminder.words["zh"].title.startswith("提醒：请补充信息")
    assert "仍在等待您的回复" in reminder.words["zh"].text
    assert f"\n4. {ASKED.questions[0].zh}\n" in reminder.words["zh"].text


@pytest.mark.parametrize(("outcome", "title"), [("solved", "工单已完成："), ("no_answer", "工单已关闭：")])
async def test_the_customer_is_told_how_their_ticket_ended(world: World, outcome: str, title: str) -> None:
    await world.publish(opened())
    await world.publish(COMPLETED.model_copy(update={"outcome": Outcome.of(outcome), "reason": "三次提醒未回复"}))
    told = [one.words["zh"] for one in await deliveries_to(world, WANG.sub) if one.template == "completed"]
    assert [one.title.startswith(title) for one in told] == [True]
    assert ("客户未回复。\n说明：三次提醒未回复" in told[0].text) == (outcome == "no_answer")


async def test_nobody_is_told_that_they_are_spam(world: World) -> None:
    await world.publish(opened())
    await world.publish(COMPLETED.model_copy(update={"outcome": Outcome.SPAM}))
    assert await templates_to(world, WANG.sub) == ["opened"]
