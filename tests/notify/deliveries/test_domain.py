"""Deliveries, without a world around them."""

from datetime import timedelta

import pytest

from services.notify.audiences.domain import Person
from services.notify.channels.domain import DeliveryChannel
from services.notify.deliveries.domain import RETRY_DELAYS, Delivery, DeliveryState, Destination
from services.notify.templates.domain import Content
from shared.events import NotifyDelivered, NotifyFailed
from shared.testing import NOON
from tests.notify.samples import BREACHED, DRAFTED, TICKET, opened

WORDS = Content(title="标题", text="正文")
WANG = Person(name="王敏", sub="u-wang", email="wang@huadong.example")
BY_MAIL = Destination(channel=DeliveryChannel.EMAIL, address=WANG.email)


def a_mail() -> Delivery:
    return Delivery.to_person(opened(), "opened", WANG, WORDS, BY_MAIL, NOON)


def for_leads() -> Delivery:
    return Delivery.to_role(BREACHED, "clock_breached", "role:lead", {"zh": WORDS, "en": WORDS}, NOON)


def test_the_same_news_for_the_same_person_is_the_same_delivery() -> None:
    event = opened()
    first, again = (Delivery.to_person(event, "opened", WANG, WORDS, BY_MAIL, NOON) for _ in range(2))
    other = Delivery.to_person(event, "questions_asked", WANG, WORDS, BY_MAIL, NOON)
    assert first.id == again.id
    assert other.id != first.id


def test_what_is_only_read_online_is_sent_at_once() -> None:
    delivery = Delivery.to_person(opened(), "opened", WANG, WORDS, None, NOON)
    assert (delivery.state, delivery.channels, delivery.due_at) == (DeliveryState.SENT, [DeliveryChannel.ONLINE], None)


def test_a_guest_without_an_account_is_told_by_mail_alone() -> None:
    guest = Person(name="Ann", email="ann@guest.example")
    delivery = Delivery.to_person(opened(), "opened", guest, WORDS, BY_MAIL, NOON)
    assert (delivery.recipient, delivery.channels) == ("mailto:ann@guest.example", [DeliveryChannel.EMAIL])


def test_a_mail_that_left_is_sent_and_said_to_be() -> None:
    mail = a_mail()
    [delivered] = mail.sent("queued as 7", NOON)
    assert isinstance(delivered, NotifyDelivered)
    assert (mail.state, mail.due_at, mail.provider_id) == (DeliveryState.SENT, None, "queued as 7")
    assert mail.sent("queued as 8", NOON) == []


def test_a_mail_is_tried_again_after_waits_that_grow_and_then_has_failed() -> None:
    mail, now = a_mail(), NOON
    for wait in RETRY_DELAYS:
        assert mail.failed("451 later", False, now) == []
        assert mail.due_at == now + wait
        now += wait
    [failed] = mail.failed("451 later", False, now)
    assert isinstance(failed, NotifyFailed)
    assert (mail.state, mail.due_at, len(mail.attempts)) == (DeliveryState.FAILED, None, len(RETRY_DELAYS) + 1)
    assert list(RETRY_DELAYS) == sorted(RETRY_DELAYS)


def test_a_refusal_for_good_is_not_tried_again() -> None:
    mail = a_mail()
    [failed] = mail.failed("550 no such user", True, NOON)
    assert isinstance(failed, NotifyFailed)
    assert failed.error == "550 no such user"
    assert mail.state is DeliveryState.FAILED


def test_a_mail_that_was_read_online_before_it_left_is_still_sent() -> None:
    mail = a_mail()
    mail.mark_read("u-wang", NOON)
    assert (mail.state, mail.due_at) == (DeliveryState.QUEUED, NOON)
    mail.sent("", NOON)
    assert (mail.state, mail.due_at) == (DeliveryState.READ, None)


@pytest.mark.parametrize(("sub", "roles"), [("u-zhao", ["requester"]), ("e-liu", ["engineer"]), ("role:lead", [])])
def test_what_was_told_to_somebody_else_is_not_theirs(sub: str, roles: list[str]) -> None:
    assert not a_mail().is_for(sub, roles)
    assert sub == "role:lead" or not for_leads().is_for(sub, roles)


def test_whoever_has_the_role_reads_for_the_role() -> None:
    delivery = for_leads()
    delivery.mark_read("l-qian", NOON)
    delivery.mark_read("l-sun", NOON + timedelta(hours=1))
    assert (delivery.state, delivery.read_by, delivery.read_at) == (DeliveryState.READ, "l-qian", NOON)


def test_news_about_an_article_belong_to_the_ticket_it_was_learnt_from() -> None:
    delivery = Delivery.to_role(DRAFTED, "article_drafted", "role:kb_editor", {"zh": WORDS}, NOON)
    assert delivery.ticket == TICKET
