"""A process that is killed after it has sent, before that is on record: another repeats it, once, under the same id."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI

from services.notify.app import create_app
from services.notify.deliveries.dispatcher import Dispatcher
from services.notify.deliveries.domain import LEASE
from services.notify.deliveries.robots import WINDOW
from shared.events import NotifyDelivered
from shared.service import Runtime
from shared.tasks import cancel_all
from shared.testing import WANG, Servers, World, running
from tests.notify.channels.conftest import platforms as platforms
from tests.notify.channels.platforms import Platforms
from tests.notify.channels.samples import ADDRESSES, wrote
from tests.notify.channels.test_robots import Groups
from tests.notify.channels.test_robots import groups as groups
from tests.notify.conftest import MailServer, mailing_by, notify_of
from tests.notify.samples import ALARM, opened


async def test_killed_between_send_and_record_mails_and_robots_repeat_it_once_under_the_same_id(
    servers: Servers, mail_server: MailServer, groups: Groups, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = mailing_by(mail_server)
    create.__module__ = "services.notify.app"
    async with running(servers, create) as world:
        async with killed_when_sent(world, create, 1 + len(groups.read), monkeypatch):
            await world.publish(opened())
            await world.publish(ALARM)
            await world.pass_time(seconds=WINDOW + 2)
        for seconds in (LEASE.total_seconds() - WINDOW - 3, WINDOW + 4, 3600):
            await world.pass_time(seconds=seconds)
            await everything_left(world)
        assert len({mail["Message-ID"] for mail in mail_server.to(WANG.email)}) == 1
        assert len(mail_server.to(WANG.email)) == 2
        for read in groups.read.values():
            assert (len(read), len(set(read))) == (2, 1)


async def test_killed_between_send_and_record_messengers_show_it_once_more_at_most(
    servers: Servers, platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WeCom and Feishu recognise what they have taken by its content and by its id; DingTalk has nothing to go by."""
    async with running(servers, create_app) as world:
        async with killed_when_sent(world, create_app, len(ADDRESSES), monkeypatch):
            for number, channel in enumerate(ADDRESSES, 1):
                await world.publish(wrote(channel, ticket=f"TK-2026-00000{number}"))
        assert len(platforms.bodies) == len(ADDRESSES)
        for seconds in (LEASE.total_seconds(), 60, 3600):
            await world.pass_time(seconds=seconds)
            await everything_left(world)
        first, again = platforms.bodies[: len(ADDRESSES)], platforms.bodies[len(ADDRESSES) :]
        assert sorted(map(str, again)) == sorted(map(str, first))
        assert Counter(Counter(text for _, text in platforms.shown).values()) == {1: 2, 2: 1}
        assert len(world.published(NotifyDelivered)) == len(ADDRESSES)


@asynccontextmanager
async def killed_when_sent(
    world: World, create: Callable[[Runtime], FastAPI], count: int, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[None]:
    """The process ends when it has sent so many, and has recorded none of them; another one takes its place."""
    sent_all = asyncio.Semaphore(0)

    async def dies(*_: Any) -> None:
        sent_all.release()
        await asyncio.Event().wait()

    with monkeypatch.context() as patch:
        patch.setattr(Dispatcher, "_record", dies)
        yield
        for _ in range(count):
            await asyncio.wait_for(sent_all.acquire(), 30)
        await cancel_all(notify_of(world).deliveries.dispatcher.queue.tasks)
    await world.stop("notify")
    await world.start(create, "2")


async def everything_left(world: World) -> None:
    await asyncio.wait_for(world.apps["notify2"].state.service.deliveries.dispatcher.queue.join(), 30)
    await world.settle()
