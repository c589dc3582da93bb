"""A process that is killed after it has sent, before that is on record: another repeats it, once, under the same id."""

import asyncio
from typing import Any

import pytest

from services.notify.deliveries.dispatcher import Dispatcher
from services.notify.deliveries.domain import LEASE
from services.notify.deliveries.robots import WINDOW
from shared.tasks import cancel_all
from shared.testing import WANG, Servers, World, running
from tests.notify.channels.test_robots import Groups
from tests.notify.channels.test_robots import groups as groups
from tests.notify.conftest import MailServer, mailing_by, notify_of
from tests.notify.samples import ALARM, opened


async def test_killed_between_send_and_record_mails_and_robots_repeat_it_once_under_the_same_id(
    servers: Servers, mail_server: MailServer, groups: Groups, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = mailing_by(mail_server)
    create.__module__ = "services.notify.app"
    sent_all = asyncio.Semaphore(0)

    async def dies(*_: Any) -> None:
        sent_all.release()
        await asyncio.Event().wait()

    async with running(servers, create) as world:
        with monkeypatch.context() as patch:
            patch.setattr(Dispatcher, "_record", dies)
            await world.publish(opened())
            await world.publish(ALARM)
            await world.pass_time(seconds=WINDOW + 2)
            for _ in range(1 + len(groups.read)):
                await asyncio.wait_for(sent_all.acquire(), 30)
            await cancel_all(notify_of(world).deliveries.dispatcher.queue.tasks)
        await world.stop("notify")
        await world.start(create, "2")
        for seconds in (LEASE.total_seconds() - WINDOW - 3, WINDOW + 4, 3600):
            await world.pass_time(seconds=seconds)
            await everything_left(world)
        assert len({mail["Message-ID"] for mail in mail_server.to(WANG.email)}) == 1
        assert len(mail_server.to(WANG.email)) == 2
        for read in groups.read.values():
            assert (len(read), len(set(read))) == (2, 1)


async def everything_left(world: World) -> None:
    await asyncio.wait_for(world.apps["notify2"].state.service.deliveries.dispatcher.queue.join(), 30)
    await world.settle()
