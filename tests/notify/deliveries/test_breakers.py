"""An account of which nothing is taken is left alone for a while."""

from datetime import timedelta

from services.notify.deliveries.breakers import PAUSES, PROBE_WITHIN, TRIPS_AFTER, Breakers
from services.notify.deliveries.domain import DeliveryState
from shared.testing import NOON, World
from tests.notify.conftest import MailServer, notify_of, sent
from tests.notify.samples import opened

NOTHING = timedelta()


def tripped() -> Breakers:
    breakers = Breakers()
    for _ in range(TRIPS_AFTER):
        assert breakers.open_until("email", NOON) is None
        breakers.failed("email", NOON, NOTHING)
    return breakers


def test_after_failures_in_a_row_nothing_is_tried_for_a_while_and_then_one() -> None:
    breakers, later = tripped(), NOON + PAUSES[0]
    assert breakers.open_until("email", NOON) == later
    assert breakers.open_until("wecom:desk", NOON) is None
    assert breakers.open_until("email", later) is None
    assert breakers.open_until("email", later) == later + PROBE_WITHIN
    breakers.worked("email")
    assert breakers.open_until("email", later) is None


def test_each_failure_after_that_makes_the_pause_longer_up_to_a_bound() -> None:
    breakers, now = tripped(), NOON
    for pause in (*PAUSES, PAUSES[-1]):
        until = breakers.open_until("email", now)
        assert until is not None
        assert until - now == pause
        now = until
        assert breakers.open_until("email", now) is None
        breakers.failed("email", now, NOTHING)


def test_how_long_an_account_wants_to_be_left_alone_counts_at_once() -> None:
    breakers = Breakers()
    breakers.failed("wecom:desk", NOON, timedelta(minutes=10))
    assert breakers.open_until("wecom:desk", NOON) == NOON + timedelta(minutes=10)


def test_failures_that_are_not_in_a_row_count_for_nothing() -> None:
    breakers = Breakers()
    for _ in range(3 * TRIPS_AFTER):
        breakers.failed("email", NOON, NOTHING)
        breakers.worked("email")
    assert breakers.open_until("email", NOON) is None


async def test_what_waits_for_a_mail_server_that_is_away_keeps_its_tries(
    mailing: World, mail_server: MailServer
) -> None:
    notify = notify_of(mailing)
    sender = notify.deliveries.dispatcher.email
    assert sender
    sender._port, port = 1, sender._port
    for number in range(40):
        await mailing.publish(opened(ticket=f"TK-2026-{number:06d}"))
    await sent(mailing)
    waiting = await notify.deliveries.store.where({})
    tried = sum(len(one.attempts) for one in waiting)
    assert len(waiting) == 40
    assert {one.state for one in waiting} == {DeliveryState.QUEUED}
    assert TRIPS_AFTER <= tried <= TRIPS_AFTER + 7  # those that were under way already
    sender._port = port
    await mailing.pass_time(seconds=60)
    await sent(mailing)
    await mailing.pass_time(seconds=60)
    await sent(mailing)
    assert len({mail["Message-ID"] for mail in mail_server.mails}) == len(mail_server.mails) == 40
