"""The service with and without a mail server, and the events that it hears."""

import asyncio
import smtplib
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI
from pydantic import SecretStr

from services.notify.app import Notify, create_app
from services.notify.deliveries.domain import Delivery
from shared.service import Runtime
from shared.testing import Servers, World, running
from tests.notify.samples import TICKET


@dataclass
class MailServer:
    """Takes mails, or answers what the test wants it to answer."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    connections: int = 0

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "unknown" in address:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return f"250 2.0.0 queued as {len(self.mails)}"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if address in mail["To"]]


def text_of(mail: EmailMessage) -> str:
    """What those read who do not read HTML."""
    body = mail.get_body(("plain",))
    assert body
    return str(body.get_content())


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = MailServer(port)
    controller = Controller(server, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    controller.start()
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=5):
            yield server
    finally:
        controller.stop()


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, create_app) as world:
        yield world


def mailing_by(server: MailServer) -> Callable[[Runtime], FastAPI]:
    def with_mail(runtime: Runtime) -> FastAPI:
        url = SecretStr(f"smtp://127.0.0.1:{server.port}?from=desk@bihuan.example")
        runtime.settings = runtime.settings.model_copy(update={"smtp_url": url})
        return create_app(runtime)

    return with_mail


@pytest.fixture
async def mailing(servers: Servers, mail_server: MailServer) -> AsyncIterator[World]:
    async with running(servers, mailing_by(mail_server)) as world:
        yield world


def notify_of(world: World) -> Notify:
    notify = world.apps["notify"].state.service
    assert isinstance(notify, Notify)
    return notify


async def deliveries_to(world: World, recipient: str = "") -> list[Delivery]:
    """Those of the ticket, in their order; to everybody when no recipient is named."""
    found = await notify_of(world).deliveries.store.where({"ticket": TICKET}, "created_at")
    return [delivery for delivery in found if not recipient or delivery.recipient == recipient]


async def templates_to(world: World, recipient: str) -> list[str]:
    return [delivery.template for delivery in await deliveries_to(world, recipient)]


async def sent(world: World) -> None:
    """Wait until every mail was sent or has failed, and that is on the bus."""
    await asyncio.wait_for(notify_of(world).deliveries.dispatcher.queue.join(), 10)
    await world.settle()
