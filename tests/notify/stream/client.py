"""A client of the live stream."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from shared.auth import Principal
from shared.events import Event
from shared.terms import Role
from shared.testing import Person, World
from tests.notify.conftest import notify_of


def principal(person: Person) -> Principal:
    return Principal(person.sub, frozenset(Role.of(role) for role in person.roles), company=person.company)


def limit(world: World, **limits: float) -> None:
    feed = notify_of(world).feed
    feed.settings = feed.settings.model_copy(update=limits)


class Open:
    """One open stream and what came over it."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def block(self) -> dict[str, str]:
        found: dict[str, str] = {}
        async with asyncio.timeout(10):
            async for line in self._lines:
                if not line:
                    return found
                name, _, value = line.partition(": ")
                found[name] = value
        raise EOFError

    async def events(self, count: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while len(found) < count:
            block = await self.block()
            if "data" in block:
                found.append({"place": int(block["id"]), "event": block["event"], **json.loads(block["data"])})
        return found

    async def kinds(self, count: int) -> list[str]:
        return [event["event"] for event in await self.events(count)]


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@asynccontextmanager
async def following(
    world: World,
    url: str,
    person: Person,
    after: int | None = None,
    last_event_id: int | str | None = None,
    query: str = "",
) -> AsyncIterator[Open]:
    headers = {"Authorization": f"Bearer {world.token(person)}"}
    if last_event_id is not None:
        headers["Last-Event-ID"] = str(last_event_id)
    place = "" if after is None else f"after={after}"
    async with opening(url, f"/v1/events?{place}&{query}", headers) as opened:
        yield opened


@asynccontextmanager
async def opening(url: str, path: str, headers: dict[str, str] | None = None) -> AsyncIterator[Open]:
    async with (
        httpx2.AsyncClient(base_url=url, timeout=10, trust_env=False) as client,
        client.stream("GET", path, headers=headers) as answer,
    ):
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        opened = Open(answer.aiter_lines())
        first = await opened.block()
        assert set(first) == {"retry", "id"}
        yield opened


async def publish(world: World, *events: Event) -> None:
    for event in events:
        await world.publish(event)
