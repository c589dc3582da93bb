"""After a crash a fact may be heard when a later one was heard already: the later one holds."""

from datetime import timedelta

from services.triage import facts
from services.triage.records import Did
from shared.events import TicketCompleted, TicketConsentGiven, TicketConsentRevoked, TicketResumed, TicketWaiting
from shared.events import TicketReopened as Reopened
from shared.terms import WaitingFor
from shared.testing import NOON
from tests.triage.builders import CRASH
from tests.triage.test_domain import TICKET, an_item, at_work, done

LATER = NOON + timedelta(seconds=5)
MUCH_LATER = NOON + timedelta(seconds=9)
INFORMATION = WaitingFor.CUSTOMER_INFORMATION


def test_a_wait_that_is_over_does_not_begin_again() -> None:
    item = an_item()
    facts.resume(item, TicketResumed(subject=TICKET, time=LATER, revision=2, waited_for=INFORMATION))
    facts.wait(item, TicketWaiting(subject=TICKET, time=NOON, revision=1, waiting_for=INFORMATION))
    assert item.waiting_for is WaitingFor.NONE
    facts.wait(item, TicketWaiting(subject=TICKET, time=MUCH_LATER, revision=3, waiting_for=INFORMATION))
    assert item.waiting_for is INFORMATION


def test_one_wait_may_end_in_the_moment_in_which_another_begins() -> None:
    item = an_item()
    facts.wait(item, TicketWaiting(subject=TICKET, time=NOON, revision=1, waiting_for=INFORMATION))
    facts.wait(item, TicketWaiting(subject=TICKET, time=LATER, revision=2, waiting_for=WaitingFor.THIRD_PARTY))
    facts.resume(item, TicketResumed(subject=TICKET, time=LATER, revision=2, waited_for=INFORMATION))
    assert item.waiting_for is WaitingFor.THIRD_PARTY


def test_a_consent_that_was_revoked_allows_nothing_though_it_is_heard_later() -> None:
    item = at_work()
    facts.revoke(item, TicketConsentRevoked(subject=TICKET, time=LATER, revision=2, consent="c1"))
    given = TicketConsentGiven(
        subject=TICKET, time=NOON, revision=1, consent="c1", scope="远程", given_by="王敏", words="同意"
    )
    facts.consent(item, given)
    assert item.consents == []
    assert [entry.did for entry in item.worklog][-2:] == [Did.CONSENT_REVOKED, Did.CONSENT_GIVEN]


def test_a_reopened_ticket_is_not_closed_by_its_old_completion() -> None:
    item = done(at_work())
    item.reopen(Reopened(subject=TICKET, time=MUCH_LATER, revision=3, reason="又出现了", round=2), None, MUCH_LATER)
    facts.complete(
        item, TicketCompleted(subject=TICKET, time=LATER, revision=2, problem=CRASH, customer="u-wang", opened_at=NOON)
    )
    assert item.open
