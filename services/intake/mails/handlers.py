"""From a mail to a ticket: stored as it came, then read."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from services.intake.attachments.handlers import AttachmentHandlers
from services.intake.conversation.handlers import ConversationHandlers
from services.intake.conversation.texts import PART_CHARACTERS, language_of, parts_of
from services.intake.mails.domain import (
    STORED_WITHIN,
    TICKET_IN_SUBJECT,
    InboundMail,
    MailState,
    mail_id,
    problem_of,
)
from services.intake.mails.parsing import Mail, MailFile, parse
from services.intake.mails.quotes import new_part
from services.intake.mails.senders import is_doubtful
from services.intake.mails.settings import MailSettings
from services.intake.mails.store import InboundMails
from services.intake.tickets.domain import LimitReached, Ticket
from services.intake.tickets.handlers import INTAKE
from services.intake.tickets.values import Author
from shared.domain import NotFound, Origin, Refusal
from shared.events import Contact, TicketMailBounced
from shared.mail_threads import MailThreads
from shared.mongo import Files
from shared.telemetry import about_ticket
from shared.terms import Channel

logger = logging.getLogger(__name__)
HOUR = timedelta(hours=1)
DOUBTFUL = "邮件服务器无法确认发件人 · The mail server cannot confirm the sender"
FILE_AT_ONCE = 256 * 1024  # bytes


@dataclass(frozen=True)
class MailHandlers:
    mails: InboundMails
    files: Files
    conversation: ConversationHandlers
    attachments: AttachmentHandlers
    threads: MailThreads
    settings: MailSettings
    now: Callable[[], datetime]

    async def receive(self, raw: bytes, sender: str, recipients: Sequence[str]) -> str:
        """Its id, once it is stored. One that came before is not stored again."""
        id, file, now = mail_id(raw), uuid4().hex[:24], self.now()
        new = InboundMail(
            id=id,
            stored=[file],
            sender=sender.lower(),
            recipients=list(recipients),
            size=len(raw),
            received_at=now,
            due_at=now + STORED_WITHIN,
        )
        known = await self.mails.add(new, [], INTAKE)
        if known.file:
            return id
        if known is not new:
            await self.mails.change(id, lambda mail: mail.store(file), INTAKE)
        await self.files.save(file, id, _chunks(raw))
        await self.attachments.guard.hold(file, "", f"{id}.eml", len(raw))
        await self.mails.change(id, lambda mail: mail.take(file, self.now()), INTAKE)
        return id

    async def when_due(self, ids: Sequence[str]) -> None:
        """Read what has come; forget what was never stored, and what was read a month ago."""
        for id in ids:
            mail = await self.mails.find(id)
            if mail is None or mail.due_at is None or mail.due_at > self.now():
                continue
            if mail.file and mail.state is MailState.RECEIVED:
                await self._read(mail)
            else:
                await self._forget(mail)

    async def insist(self, id: str, by: Origin) -> InboundMail:
        """Put one on a ticket that was ignored. Raises NotFound, NotIgnored."""
        return await self.mails.change(id, lambda mail: mail.insist(self.now()), by)

    async def _forget(self, mail: InboundMail) -> None:
        for file in mail.stored:
            await self.files.delete(file)
        await self.mails.remove([mail.id])

    async def _read(self, stored: InboundMail) -> None:
        raw = b"".join([chunk async for chunk in self.files.read(stored.file)])
        mail = await asyncio.to_thread(parse, raw)
        ticket = await self._ticket_of(mail, stored)
        reason = await self._reason_to_ignore(mail, stored, ticket)
        opened = False
        if not reason and (mail.is_automatic and ticket and not stored.insisted):
            await self._note(ticket, mail, stored)
        elif not reason:
            found = await self._write(ticket, mail, stored)
            opened, ticket = found != ticket, found
        result, now = "" if reason else ticket, self.now()
        bounced = self.threads.mail_beside_in(mail.references) if reason == "bounce" else ""
        await self.mails.change(stored.id, lambda one: one.read(mail, result, opened, reason, now, bounced), INTAKE)
        for file in set(stored.stored) - {stored.file}:
            await self.files.delete(file)

    async def _reason_to_ignore(self, mail: Mail, stored: InboundMail, ticket: str) -> str:
        """Why it comes to no ticket; a person may see it and say otherwise."""
        if stored.insisted:
            return ""
        if self.settings.is_ours(mail.address):
            return "own"
        if ticket:
            return ""
        if mail.is_automatic:
            return "bounce" if mail.bounce else "automatic"
        if await self.mails.opened_by(mail.address, self.now() - HOUR) >= self.settings.tickets_per_hour:
            return "too_many"
        return ""

    async def _ticket_of(self, mail: Mail, stored: InboundMail) -> str:
        """What it answers to; empty if it is the first. The number in a subject counts only for who takes part: it
        proves nothing, and anybody could write into others' tickets."""
        signed = self.threads.ticket_in([*stored.recipients, *mail.recipients, *mail.references])
        tickets = self.conversation.tickets.store
        if signed and await tickets.find(signed):
            return signed
        if named := TICKET_IN_SUBJECT.search(mail.subject):
            found = await tickets.find(named[1])
            is_theirs = found is not None and mail.address and found.contact.email.lower() == mail.address
            if found and is_theirs and not self._is_doubtful(mail):
                return found.id
        return ""

    def _is_doubtful(self, mail: Mail) -> bool:
        return is_doubtful(mail.checks, self.settings.checked_by)

    async def _note(self, ticket: str, mail: Mail, stored: InboundMail) -> None:
        """What programs answer is for staff to see, and moves nothing."""
        if mail.bounce:
            text = f"邮件未能送达 · Mail not delivered: {mail.bounce.recipient} ({mail.bounce.status})"
        else:
            text = f"自动回复 · Automatic reply: {mail.address}\n{new_part(mail.text)[:PART_CHARACTERS]}"
        await self.conversation.note(ticket, text, replace(INTAKE, key=f"mail/{stored.id}"))
        if mail.bounce and (delivery := self.threads.mail_in(ticket, mail.references)):
            bounced = TicketMailBounced(
                subject=ticket,
                time=self.now(),
                delivery=delivery,
                recipient=mail.bounce.recipient,
                status=mail.bounce.status,
            )
            store = self.conversation.tickets.store
            await store.change(ticket, lambda _: [bounced], replace(INTAKE, key=f"mail/{stored.id}/bounced"))

    async def _write(self, ticket: str, mail: Mail, stored: InboundMail) -> str:
        """The ticket that has it now. The key of each write makes it happen once."""
        text = new_part(mail.text) if ticket else mail.text
        by = Origin(f"mailto:{mail.address or stored.sender}", f"mail:{stored.id}", f"mail/{stored.id}")
        for number, part in enumerate(parts_of(text)):
            key = f"{by.key}/{number}"
            ticket = await self._write_part(ticket, part, mail, stored, replace(by, key=key))
        about_ticket(ticket)
        if self._is_doubtful(mail):
            doubt = f"{DOUBTFUL}: {mail.address or stored.sender}"
            await self.conversation.note(ticket, doubt, replace(INTAKE, key=f"{by.key}/doubt"))
        for number, file in enumerate(mail.files):
            await self._attach(ticket, file, replace(by, key=f"{by.key}/file/{number}"))
        return ticket

    async def _write_part(self, ticket: str, text: str, mail: Mail, stored: InboundMail, by: Origin) -> str:
        def author(found: Ticket) -> Author:
            is_contact = found.contact.email.lower() == mail.address and not self._is_doubtful(mail)
            return Author.of(found.contact) if is_contact else Author(by.actor, mail.name or mail.address, False)

        if ticket and not text:
            return ticket  # files alone
        if ticket:
            try:
                posted = await self.conversation.post(ticket, text, author, False, by, author, Channel.EMAIL)
            except (LimitReached, NotFound):
                pass
            else:
                return posted.id
        address = mail.address or stored.sender
        contact = Contact(
            name=mail.name or address or "-", email=address, language=language_of(mail.subject + mail.text)
        )
        taken_by = f"channel:{Channel.EMAIL}"
        found, _ = await self.conversation.tickets.open(
            problem_of(mail, text), "", contact, Channel.EMAIL, taken_by, by, after=ticket
        )
        return found.id

    async def _attach(self, ticket: str, file: MailFile, by: Origin) -> None:
        """One that the ticket refuses is named in a note, and stays in the mail."""
        try:
            await self.attachments.add(ticket, file.name, file.media_type, _chunks(file.content), lambda _: False, by)
        except Refusal as refusal:
            logger.warning("a file of a mail was not added to %s: %s", ticket, refusal)
            text = f"{file.name}：{refusal.detail.zh} · {refusal.detail.en}"
            await self.conversation.note(ticket, text, replace(INTAKE, key=f"{by.key}/note"))


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(content), FILE_AT_ONCE):
        yield content[at : at + FILE_AT_ONCE]
