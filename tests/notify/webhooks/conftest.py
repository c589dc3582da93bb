import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from services.notify.app import create_app
from services.notify.webhooks.course import Course
from shared.events import TicketMessagePosted
from shared.testing import ADMIN, LIU, NOON, ZHAO, Person, Servers, World, running
from tests.notify.conftest import notify_of
from tests.notify.samples import TICKET, opened
from tests.notify.webhooks.receiver import Receiver
from tests.servers import serving

OTHER = "TK-2026-000002"
HOOKS = "/v1/webhooks"
NEW: dict[str, Any] = {"name": "ERP", "events": ["*"]}


@pytest.fixture
async def receiver(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Receiver]:
    monkeypatch.setenv("BIHUAN_OUTBOUND_ALLOWED", '["127.0.0.0/8"]')
    found = Receiver()
    async with serving(found.app) as found.url:
        yield found
        found.let_go.set()


@pytest.fixture
async def world(servers: Servers, receiver: Receiver) -> AsyncIterator[World]:
    """With two tickets, which no webhook was told of."""
    async with running(servers, create_app) as world:
        await world.publish(opened())
        await world.publish(opened(ZHAO, OTHER))
        yield world


async def ask(world: World, method: str, path: str = "", status: int = 200, who: Person = ADMIN, **body: Any) -> Any:
    async with world.as_(who, next(iter(world.apps))) as client:
        answer = await client.request(method, HOOKS + path, json=body or None)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def added(world: World, receiver: Receiver, path: str = "/hook", **more: Any) -> Any:
    hook = await ask(world, "POST", status=201, **{**NEW, "url": receiver.url + path, **more})
    await world.pass_time()
    return hook


def said(text: str, ticket: str = TICKET, internal: bool = False) -> TicketMessagePosted:
    known: dict[str, Any] = {"actor": LIU.sub, "message": f"m-{text}", "author": LIU.sub, "by_staff": True}
    return TicketMessagePosted(subject=ticket, time=NOON, internal=internal, text=text, **known)


async def log(world: World, hook: Any, query: str = "") -> list[Any]:
    items: list[Any] = (await ask(world, "GET", f"/{hook['id']}/deliveries{query}"))["items"]
    return items


async def progress(world: World, hook: Any) -> Any:
    return (await ask(world, "GET", f"/{hook['id']}"))["progress"]


async def course_of(world: World, hook: Any) -> Course:
    return await notify_of(world).webhooks.courses.get(hook["id"])


async def comes_true(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await true():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def waits(world: World, hook: Any) -> None:
    """Until it has given up for the time being."""

    async def nobody_is_at_it() -> bool:
        return not (await course_of(world, hook)).holder

    await comes_true(nobody_is_at_it)
