"""The clients that the documents begin with, as other systems run them: against the stack that `make up` starts, with
the account and the token that such systems are given."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from deploy.bus.permissions import SUBSCRIBER
from tests.live.desk import PATIENCE, Desk
from tests.notify.stream.test_examples import EXAMPLES, NODE, running, with_node

CUSTOMER = "u-wang"

pytestmark = [pytest.mark.live, pytest.mark.timeout(600)]


async def test_the_one_in_python_follows_the_bus_as_a_subscriber(desk: Desk) -> None:
    """Whoever was away goes on where they were, and reads nothing else than events."""
    address = desk.stack.site.nats_url_of(SUBSCRIBER)
    command = (sys.executable, str(EXAMPLES / "follow_events.py"), address, "erp")
    async with running(*command) as said:
        first = await opened(desk, "How do I export a report?")
        seen = await until(said, "bihuan.ticket.opened.v1", first)
    second = await opened(desk, "The printer prints nothing")
    async with running(*command) as said:
        seen += await until(said, "bihuan.ticket.opened.v1", second)
    assert all(kind.startswith("bihuan.ticket.") for _, kind, _ in seen)


@with_node
async def test_the_one_in_typescript_follows_the_live_stream_through_the_gateway(desk: Desk) -> None:
    async with following(desk, "lead") as seen_by_staff, following(desk, CUSTOMER) as seen_by_customer:
        ticket = await opened(desk, "How do I export a report?")
        for said in (seen_by_staff, seen_by_customer):
            [[_, number, _]] = await until(said, "ticket.opened", ticket)
            assert int(number) > 0


@asynccontextmanager
async def following(desk: Desk, who: str) -> AsyncIterator[asyncio.StreamReader]:
    """From the beginning of the stream."""
    script = desk.stack.options.data_dir / "follow-stream.mjs"
    script.write_text((EXAMPLES / "follow-stream.ts").read_text("utf-8"), "utf-8")
    async with running(str(NODE), str(script), desk.stack.url, desk.token(who), "events=ticket.opened", "0") as said:
        yield said


async def until(said: asyncio.StreamReader, kind: str, ticket: str) -> list[list[str]]:
    """What it says, up to this of this ticket."""
    seen: list[list[str]] = []
    async with asyncio.timeout(PATIENCE):
        while not seen or not {kind, ticket} <= set(seen[-1]):
            seen.append((await said.readline()).decode().split())
            assert len(seen[-1]) == 3, "it ended"
    return seen


async def opened(desk: Desk, title: str) -> str:
    body = {"title": title, "description": "I have tried it on two machines."}
    ticket: str = (await desk.do(CUSTOMER, "POST", "v1/tickets", body))["ticket"]
    return ticket
