"""A world to test services in: time that is moved by hand, over a real bus and a real store. Only tests import it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx2
import jwt
import nats
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI
from jwt.algorithms import ECAlgorithm
from nats.js.errors import NotFoundError
from pydantic import SecretStr

from shared.bus import Bus
from shared.events import Event
from shared.mongo import Database
from shared.outbox import Outgoing
from shared.service import Runtime, bus_of
from shared.settings import Settings

E = TypeVar("E", bound=Event)
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # a Monday, 12:00 in Shanghai, an ordinary working day
SECRET = "a secret that only tests know, and long enough"  # noqa: S105
ISSUER = "https://id.test/"


@dataclass(frozen=True)
class Servers:
    """The servers of one test run."""

    nats_url: str
    mongo_url: str
    jwks: Path
    key: ec.EllipticCurvePrivateKey
    driver: str = "motor"

    @staticmethod
    def make_key(folder: Path) -> tuple[ec.EllipticCurvePrivateKey, Path]:
        """A signing key and the file with its JWKS."""
        key = ec.generate_private_key(ec.SECP256R1())
        public = json.loads(ECAlgorithm.to_jwk(key.public_key()))
        path = folder / "jwks.json"
        path.write_text(json.dumps({"keys": [{**public, "kid": "test", "alg": "ES256", "use": "sig"}]}))
        return key, path

    def token(self, sub: str, *roles: str, lifetime: int = 3600, **claims: Any) -> str:
        now = int(time.time())
        known = {"iss": ISSUER, "aud": "bihuan", "sub": sub, "iat": now, "exp": now + lifetime, "roles": roles}
        return jwt.encode({**known, **claims}, self.key, algorithm="ES256", headers={"kid": "test", "typ": "at+jwt"})


@dataclass(frozen=True)
class Person:
    sub: str
    roles: tuple[str, ...]
    company: str = ""
    name: str = ""
    email: str = ""
    lang: str = ""


WANG = Person("u-wang", ("requester",), "华东贸易有限公司", "王敏", "wang@huadong.example", "zh")
ZHAO = Person("u-zhao", ("requester",), "North Securities", "Zoe Zhao", "zhao@north.example", "en")
VIEWER = Person("u-wen", ("company_viewer",), "华东贸易有限公司", "文静")
AGENT = Person("a-lin", ("agent",), name="林芳")
CHEN = Person("e-chen", ("engineer",), name="陈宇", email="chen@desk.example")
LIU = Person("e-liu", ("engineer",), name="刘洋", email="liu@desk.example")
LEAD = Person("l-qian", ("lead",), name="钱磊")
EDITOR = Person("k-he", ("kb_editor",), name="何静")
AUDITOR = Person("r-xu", ("auditor",), name="徐")
ADMIN = Person("admin", ("admin",), name="admin")


class IdleProbe:
    """Whether services have handled all that they subscribe to. The server counts what is pending in the background, so
    that right after a message came into the stream the count of a consumer can be too low."""

    def __init__(self) -> None:
        self._subjects: dict[int, str] = {}

    async def has_caught_up(self, bus: Bus) -> bool:
        if not bus.idle:
            return False
        if not bus.handlers:
            return True
        newest = await bus.newest()
        info = await bus.link.js.consumer_info(bus.names.stream, bus.names.service)
        if info.num_pending or info.num_ack_pending:
            return False
        delivered = info.delivered.stream_seq if info.delivered else 0
        for sequence in range(delivered + 1, newest + 1):
            if await self._subject(bus, sequence) in bus.subjects:
                return False
        return True

    async def _subject(self, bus: Bus, sequence: int) -> str:
        if sequence not in self._subjects:
            try:
                message = await bus.link.js.get_msg(bus.names.stream, sequence)
            except NotFoundError:
                return ""
            self._subjects[sequence] = message.subject or ""
        return self._subjects[sequence]


@dataclass
class World:
    servers: Servers
    prefix: str
    time: datetime = NOON
    runtimes: dict[str, Runtime] = field(default_factory=dict)
    apps: dict[str, FastAPI] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    _bus: Bus | None = None
    _idle_probe: "IdleProbe" = field(default_factory=lambda: IdleProbe())

    def now(self) -> datetime:
        return self.time

    def token(self, person: Person, **claims: Any) -> str:
        known: dict[str, Any] = {
            "company": person.company,
            "name": person.name,
            "email": person.email,
            "lang": person.lang,
        }
        return self.servers.token(person.sub, *person.roles, **known, **claims)

    def as_(self, person: Person | None, service: str, **headers: str) -> httpx2.AsyncClient:
        """A client of one service, signed in as this person (None: as nobody)."""
        if person:
            headers["Authorization"] = f"Bearer {self.token(person)}"
        transport = httpx2.ASGITransport(self.apps[service])
        return httpx2.AsyncClient(transport=transport, base_url=f"http://{service}", headers=headers)

    async def start(self, create_app: Callable[[Runtime], FastAPI], replica: str = "") -> Runtime:
        """One more process of a service; the first has no name."""
        name = create_app.__module__.split(".")[-2]
        settings = settings_of(self.servers, self.prefix)
        database = Database.open(self.servers.mongo_url, f"{self.prefix}_{name}", self.servers.driver)
        runtime = Runtime(name, settings, database, bus_of(name, settings, database), now=self.now)
        self.apps[name + replica] = create_app(runtime)
        self.runtimes[name + replica] = runtime
        await runtime.start()
        return runtime

    async def stop(self, name: str) -> None:
        await self.runtimes.pop(name).stop()
        del self.apps[name]

    async def publish(self, event: Event) -> None:
        """Put an event on the bus as its maker would, and let it be handled."""
        assert self._bus
        await self._bus.publish(Outgoing.of(event))
        await self.settle()

    async def publish_raw(self, kind: str, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        assert self._bus
        await self._bus.link.js.publish(f"{self.prefix}.{kind}.v1", body, headers=dict(headers or {}))

    async def pass_time(self, **delta: float) -> None:
        """Move the clock, then fire what is due."""
        self.time += timedelta(**delta)
        for runtime in self.runtimes.values():
            for timer in runtime.timers:
                await timer.turn()
        await self.settle()

    async def settle(self, within: float = 20) -> None:
        """Let every event travel until the world is quiet."""
        deadline = time.monotonic() + within
        quiet = 0
        while quiet < 2:
            await asyncio.sleep(0.005)
            quiet = 0 if await self._restless() else quiet + 1
            if time.monotonic() > deadline:
                raise TimeoutError(f"the world does not come to rest: {await self._restless() or 'it goes on'}")

    async def _restless(self) -> str:
        """A service that has something left to do."""
        for name, runtime in self.runtimes.items():
            if not (
                runtime.sender.idle and runtime.bus.resender.idle and await self._idle_probe.has_caught_up(runtime.bus)
            ):
                return name
        return ""

    def published(self, kind: type[E]) -> list[E]:
        """Every event of this kind so far, in the order of the stream, each once."""
        found = {event.id: event for event in self.events if isinstance(event, kind)}
        return list(found.values())


@asynccontextmanager
async def running(servers: Servers, *create_apps: Callable[[Runtime], FastAPI]) -> AsyncIterator[World]:
    """These services, each with its own database, over a stream of their own; everything is removed afterwards."""
    world = World(servers, f"t{uuid4().hex[:10]}")
    async with AsyncExitStack() as stack:
        listener = await nats.connect(servers.nats_url)
        stack.push_async_callback(listener.close)

        async def hear(message: Any) -> None:
            try:
                world.events.append(Event.from_wire(message.data))
            except Exception:  # tests publish rubbish on purpose
                return

        await listener.subscribe(f"{world.prefix}.>", cb=hear)
        world._bus = Bus(servers.nats_url, "test", world.prefix)
        await world._bus.start()
        for create_app in create_apps:
            await world.start(create_app)
        try:
            yield world
        finally:
            for runtime in world.runtimes.values():
                await runtime.bus.stop_receiving()
            for runtime in world.runtimes.values():
                await runtime.database.drop()
                await runtime.stop()
            js = listener.jetstream()
            await js.delete_stream(world._bus.names.stream)
            await js.delete_stream(world._bus.names.dead_stream)
            await world._bus.stop()


def settings_of(servers: Servers, prefix: str) -> Settings:
    return Settings(
        prefix=prefix,
        batch_seconds=0.02,
        jwks=str(servers.jwks),
        issuer=ISSUER,
        mongo_url=SecretStr(servers.mongo_url),
        nats_url=SecretStr(servers.nats_url),
        link_secret=SecretStr(SECRET),
        public_url="http://desk.test",
    )
