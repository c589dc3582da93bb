"""Mail by both of its ways, handed over by a relay and read from a mailbox: what every way in has to pass."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from functools import cache
from typing import ClassVar

import aiosmtplib
import pytest

from services.intake.app import create_app
from services.intake.mails.handlers import MailHandlers
from services.intake.mails.polling import EVERY
from services.intake.mails.settings import MailSettings
from services.intake.mails.smtp import Inbox, MailListener
from shared.mail_threads import MailThreads
from shared.mongo import TRANSIENT_ERRORS, Files
from shared.terms import Channel
from shared.testing import LEAD, SECRET, Servers, World, running
from tests.intake.channels.conformance import USUAL, Conformance, Notion, Outcome, Said, Sending
from tests.intake.mails.mailbox import Folder, account
from tests.intake.mails.samples import SUPPORT, mail

WHOLE = {Notion.PIECES: "a mail is a whole", Notion.FETCHED: "files come in the mail"}
PER_HOUR = 2
MAX_MB = 1
LARGE = "x" * 70 + "\n"


@cache
def mail_of(said: Said) -> bytes:
    """The same, to the byte, each time."""
    headers = {"In_Reply_To": f"<t.{MailThreads(SECRET).name(said.after)}.1@desk.test>"} if said.after else {}
    sender, files = f"{said.sender} <{said.sender}@customer.example>", dict.fromkeys(said.files, b"ERROR x\n")
    return mail(said.text, said.text, sender, f"<{said.id}@customer.example>", files, **headers)


class MailConformance(Conformance):
    channel = Channel.EMAIL
    stores = (Files, "save")

    async def test_who_sends_without_end_is_held_up_and_nobody_else(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What is beyond the limit is kept, and put on a ticket by whoever looks at it."""
        mails: MailHandlers = world.apps["intake"].state.service.mails
        monkeypatch.setattr(mails.settings, "tickets_per_hour", PER_HOUR)
        for number in range(PER_HOUR + 1):
            await self.take(world, Said(str(number), f"第 {number} 封"))
        await self.take(world, Said("other", "Printing fails", sender="li"))
        assert len(await self.tickets(world)) == PER_HOUR + 1
        async with world.as_(LEAD, "intake") as lead:
            [kept] = (await lead.get("/v1/mails", params={"state": "ignored"})).json()["items"]
            assert kept["reason"] == "too_many"
            await lead.post(f"/v1/mails/{kept['id']}/acceptance")
        await self.gather(world)
        assert len(await self.tickets(world)) == PER_HOUR + 2


class TestSmtp(MailConformance):
    lacks = WHOLE

    @pytest.fixture
    async def world(self, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
        monkeypatch.setenv("BIHUAN_MAIL_MAILBOXES", f'["{SUPPORT}"]')
        async with AsyncExitStack() as self.listening, running(servers, create_app) as world:
            self.ports: dict[str, int] = {}
            await self.connect(world, "intake")
            strange = MailSettings(mailboxes=[SUPPORT], listen="127.0.0.1:0", relays=["10.0.0.0/8"])
            await self.listen(world, "intake", "stranger", strange)
            yield world

    async def connect(self, world: World, app: str) -> None:
        await self.listen(world, app, app, MailSettings(mailboxes=[SUPPORT], listen="127.0.0.1:0", max_mb=MAX_MB))

    async def listen(self, world: World, app: str, name: str, settings: MailSettings) -> None:
        listener = MailListener(Inbox(world.apps[app].state.service.mails, settings), settings)
        await listener.start()
        self.listening.push_async_callback(listener.stop)
        self.ports[name] = listener.port

    async def send(self, world: World, said: Said, way: Sending = USUAL) -> Outcome:
        """`forged`: from a network that the relay is not in."""
        return await self.hand_over(mail_of(said), self.ports["stranger" if way.forged else way.app])

    async def send_too_large(self, world: World) -> Outcome:
        return await self.hand_over(mail("x") + LARGE.encode() * 20_000, self.ports["intake"])

    async def hand_over(self, raw: bytes, port: int) -> Outcome:
        try:
            async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port) as relay:
                await relay.sendmail("bounces@mx.example", [SUPPORT], raw)
        except aiosmtplib.SMTPResponseException as refused:
            return Outcome.LATER if 400 <= refused.code < 500 else Outcome.REFUSED
        return Outcome.TAKEN


class TestImap(MailConformance):
    lacks: ClassVar = {**WHOLE, Notion.SIGNED: "the mail server says who may put a mail there"}

    @pytest.fixture
    async def world(self, servers: Servers, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
        monkeypatch.setenv("BIHUAN_MAIL_IMAP", json.dumps([account(folder)]))
        self.folder = folder
        async with running(servers, create_app) as world:
            await self.gather(world)
            yield world

    async def send(self, world: World, said: Said, way: Sending = USUAL) -> Outcome:
        """Into the mailbox, and one look at it."""
        self.folder.add(mail_of(said))
        with suppress(*TRANSIENT_ERRORS):
            await world.pass_time(seconds=EVERY.total_seconds() + 1)
        return Outcome.LATER if self.folder.found("UNSEEN") else Outcome.TAKEN

    async def gather(self, world: World) -> None:
        await world.pass_time(seconds=EVERY.total_seconds() + 1)
        await world.pass_time(seconds=1)

    async def test_what_is_too_large_is_refused_unread(self, world: World) -> None:
        """Nobody is there to whom it could be refused: a ticket says so, and it stays in the mailbox."""
        mails: MailHandlers = world.apps["intake"].state.service.mails
        poller = world.apps["intake"].state.service.poller
        self.folder.add(mail("x", "日志") + LARGE.encode() * 20_000)
        world.time += EVERY
        await replace(poller, mails=replace(mails, settings=MailSettings(max_mb=MAX_MB))).when_due([SUPPORT])
        await self.gather(world)
        [ticket] = await self.tickets(world)
        assert ticket["problem"]["title"] == "日志"
        assert LARGE not in ticket["problem"]["description"]
