"""A mailbox on an IMAP server."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from services.intake.app import create_app
from services.intake.mails.handlers import MailHandlers
from services.intake.mails.imap import AT_ONCE, ImapPoller
from services.intake.mails.polling import EVERY, LONGEST_WAIT
from services.intake.mails.settings import ImapAccount, MailSettings
from shared.testing import LEAD, Servers, World, running
from tests.intake.mails.mailbox import Folder, account, encoded
from tests.intake.mails.samples import SUPPORT, mail


@pytest.fixture
async def world(servers: Servers, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setenv("BIHUAN_MAIL_IMAP", json.dumps([account(folder)]))
    async with running(servers, create_app) as world:
        await look(world)
        yield world


async def look(world: World) -> None:
    await world.pass_time(seconds=EVERY.total_seconds() + 1)
    await world.pass_time(seconds=1)  # what was taken is read


async def titles(world: World) -> list[str]:
    async with world.as_(LEAD, "intake") as lead:
        return [row["title"] for row in (await lead.get("/v1/tickets")).json()["items"]]


async def test_a_mail_becomes_a_ticket_once_and_is_marked_as_seen(world: World, folder: Folder) -> None:
    folder.add(mail())
    await look(world)
    await look(world)
    assert await titles(world) == ["生产环境登录失败"]
    assert (folder.found("SEEN"), folder.found("UNSEEN")) == (1, 0)


async def test_what_somebody_has_looked_at_before_us_is_taken_all_the_same(world: World, folder: Folder) -> None:
    folder.add(mail(), r"(\Seen)")
    await look(world)
    assert await titles(world) == ["生产环境登录失败"]


async def test_what_was_read_before_the_desk_came_stays_where_it_is(servers: Servers, folder: Folder) -> None:
    folder.add(mail(subject="去年的事", id="<0@customer.example>"), r"(\Seen)")
    for n in range(2):
        folder.add(mail(subject=f"还没人看过 {n}", id=f"<n{n}@customer.example>"))
    with pytest.MonkeyPatch.context() as env:
        env.setenv("BIHUAN_MAIL_IMAP", json.dumps([account(folder)]))
        async with running(servers, create_app) as world:
            await look(world)
            await look(world)
            assert sorted(await titles(world)) == ["还没人看过 0", "还没人看过 1"]


async def test_more_than_one_look_takes_are_taken_in_the_next(world: World, folder: Folder) -> None:
    for n in range(AT_ONCE + 2):
        folder.add(mail(id=f"<m{n}@customer.example>", Auto_Submitted="auto-replied"))
    await world.pass_time(seconds=EVERY.total_seconds() + 1)
    assert folder.found("SEEN") == AT_ONCE
    await world.pass_time(seconds=1)
    assert folder.found("SEEN") == AT_ONCE + 2


async def test_when_the_numbers_are_made_anew_nothing_is_lost_and_nothing_comes_twice(
    world: World, folder: Folder
) -> None:
    folder.add(mail())
    await look(world)
    folder.remove()
    folder.create()
    folder.add(mail())  # put back as unread
    folder.add(mail(subject="新的一封", id="<2@customer.example>"))
    await look(world)
    assert sorted(await titles(world)) == ["新的一封", "生产环境登录失败"]
    assert folder.found("UNSEEN") == 0


async def test_a_mail_that_is_too_large_is_told_of(world: World, folder: Folder) -> None:
    big = mail("x" * 900 + "\n", subject="日志 4 GB", files={"a.log": b"x" * 1_500_000})
    mails: MailHandlers = world.apps["intake"].state.service.mails
    small = replace(mails, settings=MailSettings(imap=[ImapAccount(**account(folder))], max_mb=1))
    poller: ImapPoller = world.apps["intake"].state.service.poller
    folder.add(big)
    world.time += EVERY
    await replace(poller, mails=small).when_due([SUPPORT])
    await world.pass_time(seconds=1)
    async with world.as_(LEAD, "intake") as lead:
        [row] = (await lead.get("/v1/tickets")).json()["items"]
        ticket = (await lead.get(f"/v1/tickets/{row['ticket']}")).json()
    assert row["title"] == "日志 4 GB"
    assert "请在邮箱中查看" in ticket["problem"]["description"]
    assert folder.found("SEEN") == 1


async def test_what_was_taken_is_moved_where_there_is_a_folder_for_it(servers: Servers, folder: Folder) -> None:
    with pytest.MonkeyPatch.context() as env:
        env.setenv("BIHUAN_MAIL_IMAP", json.dumps([account(folder, archive=folder.done)]))
        async with running(servers, create_app) as world:
            await look(world)
            folder.add(mail())
            folder.add(mail(subject="要删的", id="<d@customer.example>"), r"(\Seen \Deleted)")
            await look(world)
            assert "生产环境登录失败" in await titles(world)
    assert folder.found("ALL") == 0
    assert folder.found("ALL", encoded(folder.done)) == 2


async def test_what_others_have_marked_as_deleted_is_not_expunged(world: World, folder: Folder) -> None:
    folder.add(mail(), r"(\Seen \Deleted)")
    await look(world)
    assert folder.found("DELETED") == 1


async def test_two_replicas_take_a_mail_once(world: World, folder: Folder) -> None:
    poller: ImapPoller = world.apps["intake"].state.service.poller
    for n in range(5):
        folder.add(mail(subject=f"第 {n} 封", id=f"<r{n}@customer.example>"))
    world.time += EVERY + timedelta(seconds=1)
    await asyncio.gather(poller.when_due([SUPPORT]), poller.when_due([SUPPORT]))
    await world.pass_time(seconds=1)
    assert sorted(await titles(world)) == [f"第 {n} 封" for n in range(5)]


async def test_a_kill_before_it_is_marked_takes_it_once(
    world: World, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.add(mail())

    def killed(*_: object) -> None:
        raise ConnectionResetError("killed")

    with monkeypatch.context() as dying:
        dying.setattr("services.intake.mails.imap.ImapFolder.mark", killed)
        await look(world)
    await world.pass_time(minutes=1)
    await look(world)
    assert await titles(world) == ["生产环境登录失败"]


async def test_a_server_that_does_not_let_us_in_is_asked_less_and_less_often_and_its_mails_come_later(
    servers: Servers, folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.MonkeyPatch.context() as env:
        env.setenv("BIHUAN_MAIL_IMAP", json.dumps([account(folder, secret="falsch-Falsch-2")]))
        async with running(servers, create_app) as world:
            await look(world)
            poller: ImapPoller = world.apps["intake"].state.service.poller
            known = await poller.store.get(SUPPORT)
            assert (known.failures, known.polled_at is not None) == (1, True)
            assert "MailboxLoginError" in known.error
            assert "falsch" not in known.error + caplog.text
            folder.add(mail())
            right = replace(poller, accounts={SUPPORT: ImapAccount(**account(folder))})
            world.time += LONGEST_WAIT
            await right.when_due([SUPPORT])
            await world.pass_time(seconds=1)
            assert await titles(world) == ["生产环境登录失败"]
            assert (await poller.store.get(SUPPORT)).error == ""


async def test_an_account_that_is_no_longer_set_is_forgotten(world: World) -> None:
    poller: ImapPoller = world.apps["intake"].state.service.poller
    await replace(poller, accounts={}).when_due([SUPPORT])
    assert await poller.store.find(SUPPORT) is None
