"""A service of no consequence: says what reached it, and with STUB_SLOW=1 takes its time to end."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    yield
    if os.environ.get("STUB_SLOW"):
        await asyncio.sleep(60)


def service(name: str) -> FastAPI:
    app = FastAPI(title=name, lifespan=lifespan, docs_url=None, openapi_url=None)

    @app.get("/healthz/{kind}")
    async def healthz(kind: str) -> dict[str, str]:
        return {"status": kind}

    @app.api_route("/{path:path}", methods=["GET", "POST", "PUT"])
    async def anything(path: str, request: Request) -> object:
        if path.endswith("/slow"):
            await asyncio.sleep(0.2)
        if path == "v1/events":
            return StreamingResponse(iter(["data: 1\n\n"]), media_type="text/event-stream")
        return {
            "service": name,
            "pid": os.getpid(),
            "path": "/" + path,
            "query": request.url.query,
            "raw_path": request.scope["raw_path"].decode(),
            "headers": dict(request.headers),
            "received": len(await request.body()),
            "settings": {key: value for key, value in os.environ.items() if key.startswith("BIHUAN_")},
        }

    return app


intake, triage, sla, kb, notify = (partial(service, name) for name in ("intake", "triage", "sla", "kb", "notify"))
