"""Where the relay hands over mails: an SMTP server (RFC 5321) that answers 250 once a mail is stored, and 451 when it
could not be, so that the relay keeps it and comes again."""

import asyncio
import logging
import socket

from aiosmtpd.smtp import SMTP, Envelope, Session

from services.intake.mails.handlers import MailHandlers
from services.intake.mails.settings import MailSettings
from shared.texts import is_email_address

logger = logging.getLogger(__name__)
AT_ONCE = 4  # mails that are stored at the same time; the others wait
IDLE_SECONDS = 60.0
MAX_RECIPIENTS = 100
OK = "250 OK"


class Inbox:
    """What aiosmtpd asks at each step of a session."""

    def __init__(self, mails: MailHandlers, settings: MailSettings) -> None:
        self._mails = mails
        self._settings = settings
        self._storing = asyncio.Semaphore(AT_ONCE)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not self._settings.is_relay(session.peer[0] if session.peer else ""):
            return "554 5.7.1 Not a relay of this desk"
        envelope.mail_from, envelope.mail_options = address, [*envelope.mail_options, *options]
        return OK

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not (is_email_address(address) and self._settings.is_ours(address)):
            return "550 5.1.1 No such mailbox"
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        try:
            async with self._storing:
                id = await self._mails.receive(raw, envelope.mail_from or "", envelope.rcpt_tos)
        except Exception:  # whatever it is, the relay still has the mail
            logger.exception("a mail was not taken")
            return "451 4.3.0 Not stored, please try again later"
        return f"250 2.0.0 {id}"


class MailListener:
    """Listens while the service runs; nowhere, when no address is set."""

    def __init__(self, inbox: Inbox, settings: MailSettings) -> None:
        self._inbox = inbox
        self._settings = settings
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """That it listens on; raises LookupError while it does not."""
        if self._server is None:
            raise LookupError("not listening")
        found: int = self._server.sockets[0].getsockname()[1]
        return found

    async def start(self) -> None:
        if self._settings.listen:
            host, _, port = self._settings.listen.rpartition(":")
            loop = asyncio.get_running_loop()
            # Several processes on one machine share the address, as they do behind a service of Kubernetes.
            shared = hasattr(socket, "SO_REUSEPORT")
            self._server = await loop.create_server(self._session, host.strip("[]"), int(port), reuse_port=shared)

    async def stop(self) -> None:
        if self._server:
            self._server.close()
            self._server = None

    def _session(self) -> SMTP:
        return SMTP(
            self._inbox,
            data_size_limit=self._settings.max_bytes,
            enable_SMTPUTF8=True,
            ident="Bihuan",
            timeout=IDLE_SECONDS,
            loop=asyncio.get_running_loop(),
        )
