"""From a platform's request to a ticket: verify, store, answer; the rest follows by time."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import httpx2

from services.intake.attachments.handlers import AttachmentHandlers
from services.intake.calls.domain import call_id
from services.intake.calls.handlers import CallHandlers
from services.intake.channels.accounts import Account
from services.intake.channels.adapter import Call, Reception, unreadable
from services.intake.channels.dingtalk import DingTalk
from services.intake.channels.domain import (
    FETCHED_WITHIN,
    ChannelThread,
    Inbound,
    PendingFile,
    problem_of,
    texts,
    thread_id,
)
from services.intake.channels.hotline import MISSED
from services.intake.channels.store import ChannelThreads
from services.intake.conversation.handlers import ConversationHandlers
from services.intake.tickets.domain import LimitReached, Ticket
from services.intake.tickets.handlers import INTAKE
from services.intake.tickets.values import Author
from shared.domain import NotFound, Origin, Refusal, TooLarge
from shared.messengers.platform import PlatformRefusal, TokenRefused
from shared.outbound import AddressNotAllowed
from shared.sealed import Sealer
from shared.telemetry import about_ticket
from shared.terms import Channel

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ChannelHandlers:
    accounts: Mapping[str, Account]
    threads: ChannelThreads
    conversation: ConversationHandlers
    attachments: AttachmentHandlers
    calls: CallHandlers
    sealer: Sealer
    now: Callable[[], datetime]

    async def receive(self, account: str, call: Call) -> Reception:
        """Returns once everything is stored. Raises NotFound, TooLarge, Unavailable, and what the adapter raises."""
        known = self.accounts.get(account)
        if known is None or known.stream:
            raise NotFound.of(account)
        if len(call.body) > known.adapter.max_bytes:
            limit = known.adapter.max_bytes
            raise TooLarge(f"The request may not exceed {limit} bytes", f"请求内容不得超过 {limit} 字节")
        reception = known.adapter.receive(call)
        for update in reception.calls:
            await self.calls.hear(account, update, replace(INTAKE, actor=f"channel:{known.adapter.channel}:{account}"))
        for message in reception.messages:
            await self._store(known, message)
        return reception

    async def take(self, account: Account, written: bytes) -> None:
        """What came over a connection of ours. Returns once it is stored. Raises Invalid, Unavailable."""
        assert isinstance(account.adapter, DingTalk)
        if len(written) > account.adapter.max_bytes:
            raise unreadable("its size")
        await self._store(account, account.adapter.read(written, self.now()))

    async def deliver(self, ids: Sequence[str]) -> None:
        """Put what was gathered on its ticket."""
        await asyncio.gather(*(self._deliver(id) for id in ids))

    async def _store(self, account: Account, message: Inbound) -> None:
        id, by = thread_id(account.id, message), replace(INTAKE, key=f"message/{message.id}")
        try:
            await self.threads.change(id, lambda thread: thread.take(message, self.now()), by)
        except NotFound:
            new = ChannelThread(
                id=id,
                channel=account.adapter.channel,
                account=account.id,
                company=account.company,
                conversation=message.conversation,
                sender=message.sender,
                ticket=message.ticket,
            )
            await self.threads.add(new, [], INTAKE)
            await self.threads.change(id, lambda thread: thread.take(message, self.now()), by)

    async def _deliver(self, id: str) -> None:
        thread = await self.threads.change(id, lambda one: one.begin(self.now()), INTAKE)
        if thread.batch:
            key = thread.batch_key
            ticket = await self._put(thread, key)
            for message in thread.batch if thread.channel == Channel.HOTLINE else ():
                await self.calls.put_on(call_id(thread.account, message.id.removesuffix(MISSED)), ticket, INTAKE)
            thread = await self.threads.change(id, lambda one: one.end(key, ticket, self.now()), INTAKE)
        for pending in thread.files:
            if pending.due_at <= self.now():
                await self._fetch(thread, pending)

    async def _fetch(self, thread: ChannelThread, pending: PendingFile) -> None:
        """What cannot be had is named in a note, so that somebody asks for it."""
        known, why = self.accounts.get(thread.account), ""
        by = Origin(f"channel:{thread.address}", f"channel:{thread.channel}", pending.key)
        try:
            if known is None or known.media is None:
                raise PlatformRefusal("no secret", "files of this account are not fetched")
            async with known.media.open(pending.file) as file:
                await self.attachments.add(pending.ticket, file.name, file.media_type, file.chunks, _no_staff, by)
        except (PlatformRefusal, TokenRefused, AddressNotAllowed, Refusal) as error:
            why = str(error)
        except httpx2.HTTPError as error:
            logger.warning("a file of %s is fetched again: %s", thread.id, type(error).__name__)
            if self.now() < pending.since + FETCHED_WITHIN:
                await self.threads.change(thread.id, lambda one: one.postpone(pending.key, self.now()), INTAKE)
                return
            why = "the platform is away"
        if why:
            note = f"文件未能获取 · File not fetched: {pending.file.name or pending.file.kind} ({why})"
            await self.conversation.note(pending.ticket, note, replace(INTAKE, key=f"{pending.key}/note"))
        await self.threads.change(thread.id, lambda one: one.fetched(pending.key), INTAKE)

    async def _put(self, thread: ChannelThread, key: str) -> str:
        """The ticket that has the batch now. The key of each write makes it happen once."""
        first, *others = texts(thread.batch, thread.language)
        if thread.answers:
            first = await self._numbered(thread, first)
        by = Origin(f"channel:{thread.address}", f"channel:{thread.channel}", key)
        ticket = await self._write("" if thread.wants_new_ticket else thread.ticket, first, thread, by)
        for number, text in enumerate(others, start=2):
            ticket = await self._write(ticket, text, thread, replace(by, key=f"{key}/{number}"))
        return ticket

    async def _numbered(self, thread: ChannelThread, otherwise: str) -> str:
        """What was picked, under the numbers of the questions: so they are answers, as if they had been typed."""
        ticket = await self.conversation.tickets.store.find(thread.ticket)
        asked = ticket.asked if ticket and ticket.contact.address == thread.address else []
        if not all(field in asked for field in thread.answers):
            return otherwise
        return "\n".join(f"{asked.index(field) + 1}. {words}" for field, words in thread.answers.items())

    async def _write(self, ticket: str, text: str, thread: ChannelThread, by: Origin) -> str:
        """The ticket that has the text now: a new one, if there is none, or it is full or was lost."""

        def author(found: Ticket) -> Author:
            if thread.answers and found.contact.address != thread.address:
                raise NotFound.of(found.id)
            return Author.of(found.contact)

        channel, reply_to = thread.channel, self.sealer.seal(thread.reply_to) if thread.reply_to else ""
        if ticket:
            about_ticket(ticket)
            try:
                posted = await self.conversation.post(ticket, text, author, False, by, author, channel, reply_to)
                return posted.id
            except (LimitReached, NotFound):
                pass
        tickets, contact, taken_by = self.conversation.tickets, thread.contact, f"channel:{channel}"
        found, _ = await tickets.open(
            problem_of(text), thread.company, contact, channel, taken_by, by, after=ticket, reply_to=reply_to
        )
        return found.id


def _no_staff(_: Ticket) -> bool:
    return False
