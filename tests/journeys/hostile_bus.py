"""Replicas of services on a real store, with a bus between them that delivers late, twice and in any order."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import httpx2
from fastapi import FastAPI
from pydantic import BaseModel

from services.intake.app import create_app as intake
from services.sla.app import create_app as sla
from services.triage.app import create_app as triage
from shared.bus import Bus
from shared.domain import NotFound, TooEarly, Unavailable
from shared.events import Event
from shared.mongo import Database
from shared.outbox import Outgoing
from shared.service import Runtime
from shared.testing import NOON, Person, Servers, World, settings_of

E = TypeVar("E", bound=Event)
SERVICES: dict[str, Callable[[Runtime], FastAPI]] = {"intake": intake, "triage": triage, "sla": sla}
SKEWS = (timedelta(0), timedelta(seconds=3))  # of the clocks of the two replicas of each service


class HostileBus(Bus):
    """Takes what is published and delivers nothing by itself."""

    def __init__(self, service: str, prefix: str, take: Callable[[Event], None]) -> None:
        super().__init__("nats://127.0.0.1:9", service, prefix)
        self._hand_over = take

    def is_open(self) -> bool:
        return True

    async def start(self, within: float = 0) -> None:
        return

    async def stop_receiving(self) -> None:
        return

    async def stop(self) -> None:
        return

    async def publish(self, one: Outgoing) -> int:
        self._hand_over(Event.from_wire(one.body))
        return 0

    async def latest(self, kind: type[E], count: int, within: float) -> list[E]:
        return []

    async def ask(self, question: str, request: BaseModel, reply: type[Any], within: float) -> Any:
        raise Unavailable("nobody answers", "无应答")


@dataclass
class Replicas:
    """Two processes' worth of each service. `pending` is what each service has still to hear."""

    servers: Servers
    prefix: str = field(default_factory=lambda: f"h{uuid4().hex[:10]}")
    time: datetime = NOON
    pending: list[tuple[str, Event]] = field(default_factory=list)
    heard: list[tuple[str, Event]] = field(default_factory=list)
    runtimes: dict[str, list[Runtime]] = field(default_factory=dict)
    apps: dict[str, list[FastAPI]] = field(default_factory=dict)

    async def start(self) -> None:
        for name, create_app in SERVICES.items():
            for skew in SKEWS:
                database = Database.open(self.servers.mongo_url, f"{self.prefix}_{name}", self.servers.driver)
                bus = HostileBus(name, self.prefix, self._take)
                settings = settings_of(self.servers, self.prefix)
                runtime = Runtime(name, settings, database, bus, now=lambda skew=skew: self.time + skew)  # type: ignore[misc]
                self.apps.setdefault(name, []).append(create_app(runtime))
                self.runtimes.setdefault(name, []).append(runtime)
                await runtime.start()

    async def stop(self) -> None:
        for runtimes in self.runtimes.values():
            await runtimes[0].database.drop()
            for runtime in runtimes:
                await runtime.stop()

    def _take(self, event: Event) -> None:
        hearers = [name for name, runtimes in self.runtimes.items() if type(event) in runtimes[0].bus.handlers]
        self.pending += [(name, event) for name in hearers]

    async def request(
        self, who: Person, replica: int, method: str, service: str, path: str, body: Any = None
    ) -> httpx2.Response:
        """By this replica; what it led to is on the bus afterwards."""
        self.time += timedelta(seconds=1)
        token = World(self.servers, self.prefix).token(who)
        transport = httpx2.ASGITransport(self.apps[service][replica])
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx2.AsyncClient(transport=transport, base_url=f"http://{service}", headers=headers) as client:
            answer = await client.request(method, path, json=body)
        assert answer.status_code < 500, f"{method} {path}: {answer.status_code} {answer.text}"
        await self.rest()
        return answer

    async def deliver(self, index: int, replica: int, again: bool = False) -> bool:
        """One that is pending; False when it comes too early, and stays. `again`: it stays for a second time."""
        service, event = self.pending[index]
        try:
            await self.runtimes[service][replica].bus.handlers[type(event)](event)
        except (NotFound, TooEarly):
            return False
        await self.rest()
        if not again:
            del self.pending[index]
        self.heard.append((service, event))
        return True

    async def deliver_all(self, order: Callable[[int], int] = lambda count: 0) -> None:
        """Until nothing is left; what comes too early is tried again when others were heard."""
        early = 0
        while self.pending:
            index = order(len(self.pending))
            if await self.deliver(index, index % len(SKEWS)):
                early = 0
            else:
                self.pending.insert(len(self.pending) - 1 - index, self.pending.pop(index))
                early += 1
            assert early <= 2 * len(self.pending), f"never heard: {[(s, e.kind, e.revision) for s, e in self.pending]}"

    async def rest(self) -> None:
        senders = [runtime.sender for runtimes in self.runtimes.values() for runtime in runtimes]
        async with asyncio.timeout(20):
            while not all(sender.idle for sender in senders):  # noqa: ASYNC110
                await asyncio.sleep(0)
