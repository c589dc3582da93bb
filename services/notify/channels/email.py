"""Mail out: how a delivery becomes a mail, and the connections that it leaves by."""

import asyncio
from base64 import encodebytes
from contextlib import suppress
from email.header import Header
from email.utils import format_datetime, formataddr
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

from services.notify.deliveries.domain import Delivery
from services.notify.templates.domain import one_line
from shared.terms import is_email_address

SEND_WITHIN = 30.0  # seconds
CLOSE_WITHIN = 2.0  # seconds
SENDER_NAME = "闭环服务台 Bihuan"


class Refused(Exception):
    """The server will never take this mail."""


class Delayed(Exception):
    """The server does not take it just now, or is not there."""


class Mailer:
    """Sends through one SMTP server (`smtp://` or `smtps://`, `?from=` names the sender) over connections that are
    kept: as many as mails are sent at the same time. A password is only given over TLS."""

    def __init__(self, url: str, public_url: str) -> None:
        parts = urlsplit(url)
        self.host = urlsplit(public_url).hostname or "localhost"
        self._address = parse_qs(parts.query).get("from", [f"no-reply@{self.host}"])[0]
        self.sender = formataddr((SENDER_NAME, self._address))
        self._host = parts.hostname or "localhost"
        self._tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._tls else 25)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._idle: list[SMTP] = []

    async def send(self, delivery: Delivery) -> str:
        """The server's word for it. Raises Refused or Delayed."""
        if not is_email_address(delivery.address):
            raise Refused(f"{delivery.address[:100]!r} is no address that can be mailed to")
        try:
            mail = compose(delivery, self.sender, self.host)
        except ValueError as error:  # half a character that cannot be encoded
            raise Refused(f"it cannot be written: {error}") from error
        try:
            async with asyncio.timeout(SEND_WITHIN):
                return await self._send(delivery.address, mail)
        except SMTPRecipientsRefused as error:
            raise _refusal(min(one.code for one in error.recipients), error.recipients[0].message) from error
        except (SMTPSenderRefused, SMTPDataError) as error:
            raise _refusal(error.code, error.message) from error
        except SMTPNotSupported as error:
            raise Refused(str(error)) from error
        except (SMTPException, OSError, TimeoutError, ValueError) as error:
            raise Delayed(f"{type(error).__name__}: {error}") from error

    async def close(self) -> None:
        idle, self._idle = self._idle, []
        for client in idle:
            with suppress(SMTPException, OSError, TimeoutError):
                await client.quit(timeout=CLOSE_WITHIN)

    async def _send(self, to: str, mail: bytes) -> str:
        while self._idle:
            client = self._idle.pop()
            try:
                return await self._send_over(client, to, mail)
            except SMTPServerDisconnected:
                continue  # it was closed while nobody used it
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
            timeout=SEND_WITHIN,
        )
        await client.connect()
        return client


def compose(delivery: Delivery, sender: str, host: str) -> bytes:
    """Plain text in UTF-8. The mail's id is the delivery's, also when it is sent again, so that a double can be told.

    Put together by hand: the email package's way by header objects took more time than all the rest of sending.
    """
    words = delivery.words[delivery.language]
    headers = {
        "From": sender,
        "To": formataddr((one_line(delivery.name), delivery.address)),
        "Subject": Header(f"[{delivery.ticket}] {words.title}", header_name="Subject").encode(linesep="\r\n"),
        "Date": format_datetime(delivery.created_at),
        "Message-ID": f"<t.{delivery.ticket}.{delivery.id}@{host}>",
        "References": f"<t.{delivery.ticket}@{host}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": delivery.language,
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "base64",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    body = encodebytes(words.text.replace("\r\n", "\n").replace("\n", "\r\n").encode()).replace(b"\n", b"\r\n")
    return head.encode("ascii") + b"\r\n" + body


def _refusal(code: int, message: str) -> Refused | Delayed:
    return (Refused if code >= 500 else Delayed)(f"{code} {message}")
