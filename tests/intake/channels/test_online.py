"""The API as customers use it, and the portal for them: what every way in has to pass."""

from collections.abc import AsyncIterator
from typing import ClassVar

import pytest

from services.intake.app import create_app
from services.intake.tickets.handlers import TicketHandlers
from shared.http.middleware import BODY_LIMIT
from shared.terms import Channel
from shared.testing import Person, Servers, World, running
from tests.intake.channels.conformance import USUAL, Conformance, Notion, Outcome, Said, Sending, outcome_of

LOG = b"ERROR export failed\n"


class TestOnline(Conformance):
    channel = Channel.ONLINE
    stores = (TicketHandlers, "open")
    lacks: ClassVar = {
        Notion.PIECES: "a form is sent as a whole",
        Notion.FETCHED: "files come with what is sent",
        Notion.BOUNDED: "the gateway counts what each caller asks",
    }

    @pytest.fixture
    async def world(self, servers: Servers) -> AsyncIterator[World]:
        async with running(servers, create_app) as world:
            yield world

    async def send(self, world: World, said: Said, way: Sending = USUAL) -> Outcome:
        who = Person(f"u-{said.sender}", ("requester",), f"{said.sender}贸易有限公司", said.sender)
        key = {"Idempotency-Key": f"key-{said.id}"}
        if way.forged:
            token = world.token(who)
            key["Authorization"] = f"Bearer {token[:-8]}{'A' * 8}"
        async with world.as_(None if way.forged else who, way.app, **key) as customer:
            if said.after:
                path, body = f"/v1/tickets/{said.after}/messages", {"text": said.text}
            else:
                path, body = "/v1/tickets", {"title": said.text, "description": said.text}
            answer = await customer.post(path, json=body)
            for name in said.files if answer.is_success else ():
                upload = f"{path}/{answer.json()['ticket']}/attachments"
                files, key = {"file": (name, LOG, "text/plain")}, {"Idempotency-Key": f"file-{said.id}"}
                answer = await customer.post(upload, files=files, headers=key)
        return outcome_of(answer.status_code)

    async def send_too_large(self, world: World) -> Outcome:
        return await self.send(world, Said("1", "x" * (BODY_LIMIT + 1)))
