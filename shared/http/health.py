"""What is asked from outside: does it live, can it work, and how much; and nothing else as long as it cannot."""

import asyncio
from collections.abc import Callable

import prometheus_client
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.bus import Bus
from shared.domain import Unavailable
from shared.http.middleware import is_probe
from shared.http.problems import problem
from shared.measures import Measures
from shared.mongo import TRANSIENT_ERRORS, Database
from shared.terms import Text

STORE_WITHIN = 1.0  # seconds
STARTING = Text("The service is starting; please try again", "服务正在启动，请稍后重试")


class StartupGate:
    """Answers 503 until all that has to be there before the first request is there."""

    def __init__(self, app: ASGIApp, is_prepared: Callable[[], bool]) -> None:
        self._app = app
        self._is_prepared = is_prepared

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_probe(scope) or self._is_prepared():
            await self._app(scope, receive, send)
        else:
            answer = problem(Request(scope), 503, "Unavailable", Unavailable.title, STARTING)
            await answer(scope, receive, send)


def add_probes(app: FastAPI, bus: Bus, database: Database, measures: Measures, is_prepared: Callable[[], bool]) -> None:
    @app.get("/healthz/live", include_in_schema=False)
    async def live() -> Response:
        return Response(status_code=204 if bus.alive else 503)

    @app.get("/healthz/ready", include_in_schema=False)
    async def ready() -> Response:
        """`ready`; `degraded`, and still 200, while only the bus is away: requests are served, their events published
        later; 503 without the store, and before the start is over."""
        nats, mongo = await asyncio.gather(bus.ready(), _answers(database))
        status = ("ready" if nats else "degraded") if mongo else "away"
        if not is_prepared():
            status = "starting"
        about = {"status": status, "nats": nats, "mongo": mongo}
        return JSONResponse(about, 200 if status in ("ready", "degraded") else 503)

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        if is_prepared():
            await measures.take()
        return Response(prometheus_client.generate_latest(), media_type=prometheus_client.CONTENT_TYPE_LATEST)


async def _answers(database: Database) -> bool:
    try:
        async with asyncio.timeout(STORE_WITHIN):
            await database.ping()
    except TimeoutError:
        return False
    except TRANSIENT_ERRORS:
        return False
    return True
