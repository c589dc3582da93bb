"""Contacts and deliveries, without a world around them."""

from datetime import timedelta

import pytest

from services.notify.audiences.domain import Contact, Person
from services.notify.audiences.domain import spoken as language_for
from services.notify.deliveries.domain import WAITS, AlreadyTaken, Delivery, State, Way
from services.notify.templates.domain import Words, one_line
from shared.domain import TooEarly
from shared.events import NotifyDelivered, NotifyFailed, TriageReleased
from shared.testing import CHEN, LIU, NOON
from shared.testing import WANG as CUSTOMER
from tests.notify.samples import BREACHED, DRAFTED, TICKET, VERIFIED, assigned, opened, posted

WORDS = Words(title="标题", text="正文")
WANG = Person(name="王敏", sub="u-wang", email="wang@huadong.example")


def a_mail() -> Delivery:
    return Delivery.to_person(opened(), "opened", WANG, WORDS, by_mail=True, now=NOON)


def for_leads() -> Delivery:
    return Delivery.to_role(BREACHED, "clock_breached", "role:lead", {"zh": WORDS, "en": WORDS}, NOON)


def test_the_same_news_for_the_same_person_is_the_same_delivery() -> None:
    event = opened()
    first, again = (Delivery.to_person(event, "opened", WANG, WORDS, True, NOON) for _ in range(2))
    other = Delivery.to_person(event, "questions_asked", WANG, WORDS, True, NOON)
    assert first.id == again.id
    assert other.id != first.id


def test_what_is_only_read_online_is_sent_at_once() -> None:
    delivery = Delivery.to_person(opened(), "opened", WANG, WORDS, by_mail=False, now=NOON)
    assert (delivery.state, delivery.channels, delivery.due_at) == (State.SENT, [Way.ONLINE], None)


def test_a_guest_without_an_account_is_told_by_mail_alone() -> None:
    guest = Person(name="Ann", email="ann@guest.example")
    delivery = Delivery.to_person(opened(), "opened", guest, WORDS, by_mail=True, now=NOON)
    assert (delivery.recipient, delivery.channels) == ("mailto:ann@guest.example", [Way.EMAIL])


def test_a_mail_that_left_is_sent_and_said_to_be() -> None:
    mail = a_mail()
    [delivered] = mail.sent("queued as 7", NOON)
    assert isinstance(delivered, NotifyDelivered)
    assert (mail.state, mail.due_at, mail.provider_id) == (State.SENT, None, "queued as 7")
    assert mail.sent("queued as 8", NOON) == []


def test_a_mail_is_tried_again_after_waits_that_grow_and_then_has_failed() -> None:
    mail, now = a_mail(), NOON
    for wait in WAITS:
        assert mail.not_sent("451 later", False, now) == []
        assert mail.due_at == now + wait
        now += wait
    [failed] = mail.not_sent("451 later", False, now)
    assert isinstance(failed, NotifyFailed)
    assert (mail.state, mail.due_at, len(mail.attempts)) == (State.FAILED, None, len(WAITS) + 1)
    assert list(WAITS) == sorted(WAITS)


def test_a_refusal_for_good_is_not_tried_again() -> None:
    mail = a_mail()
    [failed] = mail.not_sent("550 no such user", True, NOON)
    assert isinstance(failed, NotifyFailed)
    assert failed.error == "550 no such user"
    assert mail.state is State.FAILED


def test_only_one_takes_a_mail_that_is_due() -> None:
    mail = a_mail()
    mail.take(NOON)
    with pytest.raises(AlreadyTaken):
        mail.take(NOON)
    mail.take(NOON + timedelta(minutes=3))
    mail.sent("", NOON)
    with pytest.raises(AlreadyTaken):
        mail.take(NOON + timedelta(days=1))


def test_a_mail_that_was_read_online_before_it_left_is_still_sent() -> None:
    mail = a_mail()
    mail.read("u-wang", NOON)
    assert (mail.state, mail.due_at) == (State.QUEUED, NOON)
    mail.sent("", NOON)
    assert (mail.state, mail.due_at) == (State.READ, None)


@pytest.mark.parametrize(("sub", "roles"), [("u-zhao", ["requester"]), ("e-liu", ["engineer"]), ("role:lead", [])])
def test_what_was_told_to_somebody_else_is_not_theirs(sub: str, roles: list[str]) -> None:
    assert not a_mail().is_for(sub, roles)
    assert sub == "role:lead" or not for_leads().is_for(sub, roles)


def test_whoever_has_the_role_reads_for_the_role() -> None:
    delivery = for_leads()
    delivery.read("l-qian", NOON)
    delivery.read("l-sun", NOON + timedelta(hours=1))
    assert (delivery.state, delivery.read_by, delivery.read_at) == (State.READ, "l-qian", NOON)


def test_news_about_an_article_belong_to_the_ticket_it_was_learnt_from() -> None:
    delivery = Delivery.to_role(DRAFTED, "article_drafted", "role:kb_editor", {"zh": WORDS}, NOON)
    assert delivery.ticket == TICKET


def test_an_older_assignment_that_comes_late_changes_nothing() -> None:
    contact = Contact.of(opened())
    contact.assign(assigned(CHEN, revision=5))
    contact.assign(assigned(LIU, revision=4, now=NOON + timedelta(seconds=3)))
    assert contact.assignee
    assert contact.assignee.sub == CHEN.sub


def released(revision: int) -> TriageReleased:
    return TriageReleased(subject=TICKET, time=NOON, revision=revision, engineer=LIU.sub, reason="holiday")


def test_a_released_ticket_has_no_assignee() -> None:
    contact = Contact.of(opened())
    contact.assign(assigned(LIU, revision=2))
    contact.release(released(revision=3))
    assert contact.assignee is None


def test_an_assignment_that_was_taken_back_before_it_is_heard_changes_nothing() -> None:
    contact = Contact.of(opened())
    contact.release(released(revision=3))
    contact.assign(assigned(LIU, revision=2))
    assert contact.assignee is None


def test_who_had_a_ticket_is_told_whatever_came_after() -> None:
    contact = Contact.of(opened())
    contact.assign(assigned(LIU, revision=2))
    contact.assign(assigned(CHEN, revision=3))
    for then, whom in ((LIU.sub, LIU.sub), (CHEN.sub, CHEN.sub), ("", None), (None, CHEN.sub)):
        person = contact.assignee_of(posted("?", CUSTOMER, by_staff=False, assignee=then))
        assert (person.sub if person else None) == whom


def test_who_had_a_ticket_and_was_never_heard_of_is_waited_for() -> None:
    contact = Contact.of(opened())
    with pytest.raises(TooEarly):
        contact.assignee_of(posted("?", CUSTOMER, by_staff=False, assignee=LIU.sub))


def test_the_last_solution_is_remembered() -> None:
    contact = Contact.of(opened())
    contact.solve(VERIFIED)
    assert contact.solution == VERIFIED.solution


@pytest.mark.parametrize(
    ("language", "expected"), [("zh", "zh"), ("zh-CN", "zh"), ("", "zh"), ("en", "en"), ("en-GB", "en"), ("fr", "en")]
)
def test_everybody_is_spoken_to_in_chinese_or_english(language: str, expected: str) -> None:
    assert language_for(language) == expected


@pytest.mark.parametrize(
    ("email", "address"),
    [
        ("wang@huadong.example", "wang@huadong.example"),
        ("王敏@huadong.example", ""),
        ("", ""),
        ("wang", ""),
        ("a@b", ""),
        ("a b@c.example", ""),
        ("a@b.example, c@d.example", ""),
        ("a@b.example\nBcc: c@d.example", ""),
        ("a\x01@b.cc", ""),
        ("a..b@c.example", ""),
        ("a" * 300 + "@b.example", ""),
    ],
)
def test_what_cannot_be_an_address_is_none(email: str, address: str) -> None:
    assert Person(name="x", email=email).address == address


def test_a_title_never_breaks_the_line() -> None:
    assert one_line("a\r\nBcc: x\x00 \u2028 b") == "a Bcc: x b"
