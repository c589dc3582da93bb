"""From a platform's request to a ticket: verify, store, answer; the rest follows by time."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.intake.calls.domain import call_id
from services.intake.calls.handlers import CallHandlers
from services.intake.channels.accounts import Account
from services.intake.channels.adapter import Call, Reception, unreadable
from services.intake.channels.dingtalk import DingTalk
from services.intake.channels.domain import (
    ChannelThread,
    Inbound,
    problem_of,
    texts,
    thread_id,
)
from services.intake.channels.hotline import MISSED
from services.intake.channels.store import ChannelFiles, ChannelThreads
from services.intake.conversation.handlers import ConversationHandlers
from services.intake.tickets.domain import LimitReached, Ticket
from services.intake.tickets.handlers import INTAKE
from services.intake.tickets.values import Author
from shared.domain import NotFound, Origin, TooLarge
from shared.events import CallState
from shared.sealed import Sealer
from shared.telemetry import about_ticket
from shared.terms import Channel


@dataclass(frozen=True)
class ChannelHandlers:
    accounts: Mapping[str, Account]
    threads: ChannelThreads
    files: ChannelFiles
    conversation: ConversationHandlers
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
        taken: set[str] = set()
        for update in reception.calls:
            by = replace(INTAKE, actor=f"channel:{known.adapter.channel}:{account}")
            if (await self.calls.hear(account, update, by)).state is not CallState.MISSED:
                taken.add(f"{update.call}{MISSED}")
        for message in reception.messages:
            if message.id not in taken:
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
        key, ticket = "", thread.ticket
        if thread.batch:
            key = thread.batch_key
            if missed := await self._still_missed(thread):
                ticket = await self._put(thread.model_copy(update={"batch": missed}), key)
            for message in missed if thread.channel == Channel.HOTLINE else ():
                await self.calls.put_on(_call_of(thread, message), ticket, INTAKE)
        for file in thread.files_for(ticket, self.now()):
            await self.files.add(file, [], INTAKE)
        await self.threads.change(id, lambda one: one.end(key, ticket, self.now()), INTAKE)

    async def _still_missed(self, thread: ChannelThread) -> list[Inbound]:
        """Of calls those that nobody took meanwhile, whichever was told first; of a messenger all."""
        if thread.channel != Channel.HOTLINE:
            return thread.batch
        calls = [await self.calls.store.find(_call_of(thread, one)) for one in thread.batch]
        states = [call.state if call else CallState.MISSED for call in calls]
        return [one for one, state in zip(thread.batch, states, strict=True) if state is CallState.MISSED]

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


def _call_of(thread: ChannelThread, message: Inbound) -> str:
    return call_id(thread.account, message.id.removesuffix(MISSED))
