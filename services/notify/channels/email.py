"""Sending by email: how a message becomes a mail, and the SMTP connections that it leaves by."""

import asyncio
from base64 import encodebytes
from contextlib import suppress
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

from services.notify.channels.calendar import as_ics
from services.notify.channels.domain import Message, PermanentFailure, TransientFailure
from services.notify.channels.html import html_of
from services.notify.templates.domain import one_line
from shared.mail_threads import ANSWER_ABOVE, MailThreads
from shared.texts import is_email_address

SEND_TIMEOUT = 30.0  # seconds
QUIT_TIMEOUT = 2.0  # seconds
SHUTTING_DOWN = 421  # RFC 5321, 4.2.3: the server, whatever was sent
SENDER_NAME = "闭环服务台 Bihuan"


class EmailSender:
    """Sends through one SMTP server (`smtp://` or `smtps://`) over connections that are kept open: as many as mails are
    sent at the same time. `?from=` names the sender, `&reply_to=` the mailbox that answers go to, if that is another.
    A password is only given over TLS."""

    def __init__(self, url: str, public_url: str, threads: MailThreads) -> None:
        parts = urlsplit(url)
        self.host = urlsplit(public_url).hostname or "localhost"
        query = parse_qs(parts.query)
        self._address = query.get("from", [f"no-reply@{self.host}"])[0]
        self._mailbox = query.get("reply_to", [""])[0]
        self._threads = threads
        self.sender = formataddr((SENDER_NAME, self._address))
        self._host = parts.hostname or "localhost"
        self._tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._tls else 25)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._idle: list[SMTP] = []

    async def send(self, message: Message) -> str:
        """Returns the server's answer, which has the id under which it is queued there. Raises PermanentFailure or
        TransientFailure."""
        if not is_email_address(message.address):
            raise PermanentFailure(f"{message.address[:100]!r} is not a valid email address")
        try:
            mail = compose(message, self.sender, self.host, self._threads, self._mailbox)
        except ValueError as error:  # half a character that cannot be encoded
            raise PermanentFailure(f"the mail cannot be encoded: {error}") from error
        try:
            async with asyncio.timeout(SEND_TIMEOUT):
                return await self._send(message.address, mail)
        except SMTPRecipientsRefused as error:
            raise _failure(min(one.code for one in error.recipients), error.recipients[0].message) from error
        except (SMTPSenderRefused, SMTPDataError) as error:
            raise _failure(error.code, error.message) from error
        except SMTPNotSupported as error:
            raise PermanentFailure(str(error)) from error
        except (SMTPException, OSError, TimeoutError, ValueError) as error:
            raise TransientFailure(f"{type(error).__name__}: {error}", is_accounts=True) from error

    async def close(self) -> None:
        idle, self._idle = self._idle, []
        for client in idle:
            with suppress(SMTPException, OSError, TimeoutError):
                await client.quit(timeout=QUIT_TIMEOUT)

    async def _send(self, to: str, mail: bytes) -> str:
        while self._idle:
            client = self._idle.pop()
            try:
                return await self._send_over(client, to, mail)
            except SMTPServerDisconnected:
                continue  # the server closed it while it was idle
        return await self._send_over(await self._connect(), to, mail)

    async def _send_over(self, client: SMTP, to: str, mail: bytes) -> str:
        try:
            _, answer = await client.sendmail(self._address, [to], mail)
        except BaseException:
            client.close()
            raise
        self._idle.append(client)
        return answer[:200]

    async def _connect(self) -> SMTP:
        client = SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            use_tls=self._tls,
            start_tls=True if self._password and not self._tls else None,
            timeout=SEND_TIMEOUT,
        )
        await client.connect()
        return client


def compose(message: Message, sender: str, host: str, threads: MailThreads, mailbox: str = "") -> bytes:
    """Plain text, and the same as HTML, in UTF-8. The Message-ID is the message's, also when it is sent again, so that
    a duplicate can be recognised. By the signed name of the ticket intake recognises an answer.

    Composed by hand: header objects of the email package took more time than all the rest of sending.
    """
    name, boundary = threads.name(message.ticket), f"=_{message.id}"
    thread = {
        "Message-ID": f"<t.{name}.{message.id}@{host}>",
        "References": f"<t.{name}@{host}>",
        **({"Reply-To": threads.reply_address(mailbox, message.ticket)} if mailbox else {}),
    }
    headers = {
        "From": sender,
        "To": formataddr((one_line(message.name), message.address)),
        "Subject": Header(message.subject, header_name="Subject").encode(linesep="\r\n"),
        "Date": format_datetime(message.created_at),
        **(thread if message.threaded else {"Message-ID": f"<{threads.beside(message.id)}@{host}>"}),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": message.language,
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="{boundary}"',
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    marker = f"{ANSWER_ABOVE}\n\n" if mailbox and message.threaded else ""
    text = (marker + message.content.text).replace("\r\n", "\n")
    parts = _text_part("plain", text, boundary) + _text_part("html", html_of(text, message.language), boundary)
    if message.calendar is not None:
        # RFC 6047, 2.4: the method is that of the entry
        ics = as_ics(message.calendar, parseaddr(sender)[1], message.name, message.address, host)
        parts += _part(f'text/calendar; charset="utf-8"; method={message.calendar.method}', ics, boundary)
    return head.encode("ascii") + b"\r\n" + parts + f"--{boundary}--\r\n".encode()


def _text_part(kind: str, text: str, boundary: str) -> bytes:
    return _part(f'text/{kind}; charset="utf-8"', text.replace("\n", "\r\n").encode(), boundary)


def _part(kind: str, content: bytes, boundary: str) -> bytes:
    head = f"--{boundary}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode("ascii") + encodebytes(content).replace(b"\n", b"\r\n") + b"\r\n"


def _failure(code: int, answer: str) -> PermanentFailure | TransientFailure:
    if code >= 500:
        return PermanentFailure(f"{code} {answer}")
    return TransientFailure(f"{code} {answer}", is_accounts=code == SHUTTING_DOWN)
