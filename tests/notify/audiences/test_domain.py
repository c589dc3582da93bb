"""Audiences, without a world around them."""

from datetime import timedelta

import pytest

from services.notify.audiences.domain import Audience, Person, supported_language
from services.notify.audiences.facts import hear
from shared.domain import TooEarly
from shared.events import TriageReleased
from shared.testing import CHEN, LIU, NOON
from shared.testing import WANG as CUSTOMER
from tests.notify.samples import TICKET, VERIFIED, assigned, opened, posted


def test_an_older_assignment_that_comes_late_changes_nothing() -> None:
    audience = Audience.of(opened())
    hear(audience, assigned(CHEN, revision=5))
    hear(audience, assigned(LIU, revision=4, now=NOON + timedelta(seconds=3)))
    assert audience.assignee
    assert audience.assignee.sub == CHEN.sub


def released(revision: int) -> TriageReleased:
    return TriageReleased(subject=TICKET, time=NOON, revision=revision, engineer=LIU.sub, reason="holiday")


def test_a_released_ticket_has_no_assignee() -> None:
    audience = Audience.of(opened())
    hear(audience, assigned(LIU, revision=2))
    hear(audience, released(revision=3))
    assert audience.assignee is None


def test_an_assignment_that_was_taken_back_before_it_is_heard_changes_nothing() -> None:
    audience = Audience.of(opened())
    hear(audience, released(revision=3))
    hear(audience, assigned(LIU, revision=2))
    assert audience.assignee is None


def test_who_had_a_ticket_is_told_whatever_came_after() -> None:
    audience = Audience.of(opened())
    hear(audience, assigned(LIU, revision=2))
    hear(audience, assigned(CHEN, revision=3))
    for then, whom in ((LIU.sub, LIU.sub), (CHEN.sub, CHEN.sub), ("", None), (None, CHEN.sub)):
        person = audience.assignee_of(posted("?", CUSTOMER, by_staff=False, assignee=then))
        assert (person.sub if person else None) == whom


def test_who_had_a_ticket_and_was_never_heard_of_is_waited_for() -> None:
    audience = Audience.of(opened())
    with pytest.raises(TooEarly):
        audience.assignee_of(posted("?", CUSTOMER, by_staff=False, assignee=LIU.sub))


def test_the_last_solution_is_remembered() -> None:
    audience = Audience.of(opened())
    hear(audience, VERIFIED)
    assert audience.solution == VERIFIED.solution


@pytest.mark.parametrize(
    ("language", "expected"), [("zh", "zh"), ("zh-CN", "zh"), ("", "zh"), ("en", "en"), ("en-GB", "en"), ("fr", "en")]
)
def test_everybody_is_spoken_to_in_chinese_or_english(language: str, expected: str) -> None:
    assert supported_language(language) == expected


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
