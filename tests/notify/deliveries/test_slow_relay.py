"""A mail server that takes its time: what is kept in memory for it is bounded, and no other channel waits for it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from threading import Event as Gate

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from services.notify.channels.domain import DeliveryChannel
from services.notify.deliveries import mail_queue
from services.notify.deliveries.dispatcher import SELF
from services.notify.deliveries.domain import DeliveryState
from services.notify.deliveries.robots import WINDOW
from shared.testing import NOON, Servers, World, running
from tests.notify.channels.test_robots import Groups
from tests.notify.channels.test_robots import groups as groups
from tests.notify.conftest import MailServer, mailing_by, notify_of
from tests.notify.samples import ALARM, opened
from tests.servers import free_port

CAPACITY, MANY = 10, 60
IN_MEMORY = CAPACITY + mail_queue.WORKERS


@dataclass
class SlowRelay(MailServer):
    """Takes nothing until it is let go."""

    let_go: Gate = field(default_factory=Gate)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        while not self.let_go.is_set():  # noqa: ASYNC110 - it lives in a thread of its own
            await asyncio.sleep(0.01)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
async def relay(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SlowRelay]:
    monkeypatch.setattr(mail_queue, "CAPACITY", CAPACITY)
    found = SlowRelay(free_port())
    controller = Controller(found, hostname="127.0.0.1", port=found.port, enable_SMTPUTF8=True)
    controller.start()
    yield found
    found.let_go.set()
    controller.stop()


async def test_many_mails_to_a_slow_relay_wait_in_the_database_and_robots_wait_for_none(
    servers: Servers, relay: SlowRelay, groups: Groups
) -> None:
    async with running(servers, mailing_by(relay)) as world:
        deliveries = notify_of(world).deliveries
        queue = deliveries.dispatcher.queue
        for number in range(1, MANY + 1):
            await world.publish(opened(ticket=f"TK-2026-{number:06d}"))
            if number % 20 == 0:
                assert await in_memory(world) <= IN_MEMORY
        await world.publish(ALARM)
        await world.settle()
        await world.pass_time(seconds=WINDOW + 2)
        await asyncio.wait_for(queue.of(DeliveryChannel.ROBOT).join(), 20)
        assert [len(read) for read in groups.read.values()] == [1, 1, 1]
        assert relay.mails == []
        assert 0 < await in_memory(world) <= IN_MEMORY
        relay.let_go.set()
        for _ in range(MANY):
            await asyncio.wait_for(queue.join(), 20)
            await world.pass_time(seconds=1)
            if not await deliveries.store.count({"state": DeliveryState.QUEUED}):
                break
        found = await deliveries.store.where({"template": "opened"})
        assert [one.state for one in found] == [DeliveryState.SENT] * MANY
        assert len({mail["Message-ID"] for mail in relay.mails}) == MANY


async def test_what_happens_while_a_slow_relay_takes_nothing_is_stored_at_once(
    servers: Servers, relay: SlowRelay
) -> None:
    """Whoever handles an event never waits for the relay, though many find its queue almost full at the same time, and
    so does nobody who looks for what is due."""
    async with running(servers, mailing_by(relay)) as world:
        deliveries = notify_of(world).deliveries
        dispatcher = deliveries.dispatcher
        await world.publish(opened())
        [known] = await deliveries.store.where({"template": "opened"})
        more = [
            known.model_copy(deep=True, update={"id": f"{n:032d}", "version": 0, "due_at": NOON}) for n in range(MANY)
        ]
        found = await asyncio.wait_for(asyncio.gather(*(dispatcher.submit(one, SELF) for one in more)), 60)
        assert len(found) == MANY
        assert CAPACITY <= await in_memory(world) <= IN_MEMORY
        await asyncio.wait_for(dispatcher.send_due([one.id for one in more]), 60)
        assert CAPACITY <= await in_memory(world) <= IN_MEMORY
        assert await deliveries.store.count({"template": "opened"}) == 1 + MANY
        relay.let_go.set()
        await asyncio.wait_for(dispatcher.queue.join(), 60)
        assert len(relay.mails) > CAPACITY


async def in_memory(world: World) -> int:
    deliveries = notify_of(world).deliveries
    return sum(one.id in deliveries.dispatcher.queue for one in await deliveries.store.where({"template": "opened"}))
