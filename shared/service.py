"""How every service starts, runs and stops. What differs between services is their `wire`."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig
from opentelemetry.sdk.trace import TracerProvider
from prometheus_client import Gauge

from shared.auth import Permissions
from shared.bus import CONNECTION_ERRORS, BatchHandler, Bus, HandlerTimeout, Limits
from shared.deferred import DeferredEvents
from shared.domain import Unavailable
from shared.events import Event, wire_time
from shared.expiry import RemoveExpired, keep_removing
from shared.garbage import spare_what_stays
from shared.http.caller import check_declared
from shared.http.health import StartupGate, add_probes
from shared.http.middleware import HttpMiddleware, is_probe
from shared.http.openapi import document_problems
from shared.http.problems import add_problem_handlers
from shared.measures import Ask, Measures
from shared.mongo import TRANSIENT_ERRORS, Database, is_transient
from shared.outbox import Sender
from shared.sent import SentEvents
from shared.settings import Settings
from shared.store import Store
from shared.tasks import cancel_all
from shared.telemetry import start_logging, start_tracing
from shared.timer import Fire, Shares, Timer
from shared.tokens import TokenVerifier

logger = logging.getLogger(__name__)
S = TypeVar("S", bound=Store[Any])
E = TypeVar("E", bound=Event)
Now = Callable[[], datetime]
Job = Callable[[], Awaitable[object]]
PREPARE_AGAIN = 1.0  # seconds
# FastAPI's own server spans; one a request, and what we count we count ourselves.
TELEMETRY: TelemetryConfig = {"metrics": False, "logs": False, "operation_spans": False, "exclude": is_probe}


def utc_now() -> datetime:
    return wire_time(datetime.now(UTC))


@dataclass
class Runtime:
    """What a service builds itself from."""

    name: str
    settings: Settings
    database: Database
    bus: Bus
    now: Now = utc_now
    tracing: TracerProvider | None = None
    stores: list[Store[Any]] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    starts: list[Job] = field(default_factory=list)
    stops: list[Job] = field(default_factory=list)
    silent: bool = False  # its projections are built again from the stream, and nothing is published
    measures: Measures = field(init=False)
    is_prepared: bool = field(default=False, init=False)
    started: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _begun: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.measures = Measures(self.name)
        bus = self.bus
        log = bus.sent.add if bus.sent else None
        self.sender = Sender(self.name, bus.publish, self.now, bus.dead_letter_unsent, bus.is_open, log)
        bus.resender.resend_unlogged = self.sender.send_unlogged

    @classmethod
    def connect(cls, name: str, settings: Settings) -> "Runtime":
        """Raises ValueError for settings that are not for production, where it is production."""
        start_logging(name, settings)
        if settings.env == "production":
            settings.check_production()
        tracing = start_tracing(name, settings)
        database = Database.open(
            settings.mongo_url.get_secret_value(), f"{settings.prefix}_{name}", settings.mongo_driver
        )
        return cls(name, settings, database, bus_of(name, settings, database), tracing=tracing)

    def store(self, kind: type[S]) -> S:
        store = kind(self.database, self.sender, self.now)
        store.silent = self.silent
        self.stores.append(store)
        if store.has_outbox:
            self.sender.watch(store)
        return store

    def on(self, event: type[E], handler: Callable[[E], Awaitable[object]]) -> None:
        self.bus.on(event, handler)

    def on_batch(self, events: Iterable[type[Event]], handler: BatchHandler) -> None:
        self.bus.on_batch(events, handler)

    def when_due(self, store: Store[Any], fire: Fire) -> None:
        """Call `fire` with the ids of aggregates whose `due_at` has come; it must move or clear `due_at`, and find
        nothing to do where that has happened."""
        self.timers.append(Timer(store, fire, self.now, Shares(self.database, store.name, self.now)))

    def measured(self, ask: Ask, *gauges: Gauge) -> None:
        """Ask for the values of these gauges when somebody reads the metrics."""
        self.measures.add(ask, *gauges)

    def at_start(self, job: Job) -> None:
        """Done once, when the database is there and before the first event or request."""
        self.starts.append(job)

    def at_stop(self, job: Job) -> None:
        """Done once, after the last event was handled, while database and bus are still there."""
        self.stops.append(job)

    async def start(self) -> None:
        """Returns when all is there that has to be before the first request; servers that are away are waited for. The
        bus may come later."""
        while not self.is_prepared:
            try:
                await self.prepare()
            except Exception as error:
                if not (is_transient(error) or isinstance(error, (*CONNECTION_ERRORS, ConnectionError, Unavailable))):
                    raise
                logger.warning("%s waits to start: %s", self.name, error)
                await asyncio.sleep(PREPARE_AGAIN)
        await self.bus.start()
        await self.sender.start()

    async def prepare(self) -> None:
        """Indexes, and what is done once before the first request. Raises what the database says."""
        if self.settings.env == "production" and await self.database.is_embedded():
            raise ValueError("BIHUAN_ENV is production, and BIHUAN_MONGO_URL names the embedded database")
        for store in self.stores:
            await store.ensure_indexes()
        if self.bus.sent:
            await self.bus.sent.ensure_indexes()
        for job in self.starts[self._begun :]:
            await job()
            self._begun += 1
        self.is_prepared = True

    @property
    def expiring(self) -> list[RemoveExpired]:
        sent = [self.bus.sent.remove_expired] if self.bus.sent else []
        return [*sent, *(store.remove_expired for store in self.stores)]

    async def stop(self) -> None:
        """What cannot be done because a server is away does not keep the rest from being done."""
        shares = [timer.shares.release for timer in self.timers]
        for job in (self.bus.stop_receiving, *shares, *self.stops, self.sender.stop, self.bus.stop):
            try:
                await job()
            except Exception as error:
                logger.warning("while %s stops: %s %s", self.name, type(error).__name__, error)
        await self.database.close()
        if self.tracing:
            await asyncio.to_thread(self.tracing.shutdown)


def bus_of(name: str, settings: Settings, database: Database) -> Bus:
    limits = Limits(
        at_once=settings.events_at_once,
        gather=settings.batch_seconds,
        waits=settings.retry_waits,
        replicas=settings.nats_replicas,
        max_bytes=settings.nats_max_bytes,
    )

    def is_away(error: BaseException) -> bool:
        """Who waits for a server several times in turn has used up its time before the driver says anything."""
        return is_transient(error) or (isinstance(error, HandlerTimeout) and database.is_away)

    url = settings.nats_url.get_secret_value()
    return Bus(url, name, settings.prefix, is_away, DeferredEvents(database), limits, SentEvents(database))


def serve(
    name: str,
    wire: Callable[[Runtime], object],
    routers: Iterable[APIRouter],
    permissions: Permissions,
    runtime: Runtime | None = None,
) -> FastAPI:
    """The app of one service; `runtime` is given by tests, otherwise built from the environment."""
    is_own_process = runtime is None
    runtime = runtime or Runtime.connect(name, Settings())
    app = FastAPI(
        title=f"Bihuan {name}",
        version="1.0.0",
        lifespan=_lifespan,
        telemetry=TELEMETRY,
        redirect_slashes=False,
        docs_url=None,  # notify shows one reference of all services
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,  # clients that are generated call it by that
    )
    app.state.runtime = runtime
    app.state.permissions = permissions
    app.state.token_verifier = TokenVerifier(runtime.settings)
    app.state.service = wire(runtime)
    if is_own_process:
        runtime.at_start(spare_what_stays)
    for router in routers:  # not one inside another: each layer is built once more, and passed by every request
        app.include_router(router)
    check_declared(app, app.state.permissions)
    add_probes(app, runtime.bus, runtime.database, runtime.measures, lambda: runtime.is_prepared)
    add_problem_handlers(app, (*TRANSIENT_ERRORS, *CONNECTION_ERRORS))
    document_problems(app)
    app.add_middleware(StartupGate, is_prepared=lambda: runtime.is_prepared)
    app.add_middleware(
        HttpMiddleware,
        service=name,
        body_seconds=runtime.settings.body_seconds,
        upload_seconds=runtime.settings.upload_seconds,
    )
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Serves when the start is over, or has taken so long that requests should be answered with the fact that it goes
    on."""
    runtime: Runtime = app.state.runtime
    running = asyncio.create_task(_run(runtime))
    started = asyncio.create_task(runtime.started.wait())
    await asyncio.wait([running, started], timeout=runtime.settings.start_timeout, return_when=asyncio.FIRST_COMPLETED)
    started.cancel()
    if running.done():
        running.result()
    if not runtime.started.is_set():
        logger.error("%s has not started yet; it goes on trying", runtime.name)
        running.add_done_callback(_end_with)
    yield
    running.remove_done_callback(_end_with)
    await cancel_all([running])
    await runtime.stop()
    logger.info("%s has stopped", runtime.name)


async def _run(runtime: Runtime) -> None:
    await runtime.start()
    runtime.started.set()
    logger.info("%s is ready", runtime.name)
    await asyncio.gather(keep_removing(runtime.expiring), *(timer.run() for timer in runtime.timers))


def _end_with(running: asyncio.Task[None]) -> None:
    """A start that fails late ends the process as one that fails at once does."""
    logger.critical("the start failed", exc_info=running.exception())
    signal.raise_signal(signal.SIGTERM)
