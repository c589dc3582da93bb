"""What a full installation has beside Bihuan, small: traces, identity, mail. One process for all three."""

import argparse
import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import uvicorn
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from deploy.local import pages, sign_in
from deploy.local.identity import Identity
from deploy.local.mail import MailBox, serve_mail
from deploy.local.options import HOST
from deploy.local.span_store import SpanStore
from deploy.local.spans import Span, read_otlp

PRUNE_SECONDS = 600
PROTOBUF = "application/x-protobuf"
HEADERS = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'", "referrer-policy": "no-referrer"}


@dataclass(frozen=True)
class Collector:
    store: SpanStore
    identity: Identity
    box: MailBox

    async def take_traces(self, request: Request) -> Response:
        body = await request.body()
        try:
            if request.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            self.store.add(read_otlp(body))
        except (DecodeError, EOFError, OSError, zlib.error) as error:
            return PlainTextResponse(f"not OTLP: {error}", 400)
        return Response(ExportTraceServiceResponse().SerializeToString(), media_type=PROTOBUF)

    async def jwks(self, request: Request) -> Response:
        return JSONResponse(self.identity.jwks())

    async def home(self, request: Request) -> Response:
        return _html(pages.home(language(request), self.store.recent_tickets(), self.store.recent_traces()))

    async def ticket(self, request: Request) -> Response:
        number = request.path_params["number"]
        return _html(pages.ticket_page(language(request), number, self.store.ticket(number)))

    async def trace(self, request: Request) -> Response:
        trace_id = request.path_params["trace_id"]
        return _html(pages.trace_page(language(request), trace_id, self.store.trace(trace_id)))

    async def ticket_json(self, request: Request) -> Response:
        number = request.path_params["number"]
        return JSONResponse({"ticket": number, "traces": [_trace_json(spans) for spans in self.store.ticket(number)]})

    async def trace_json(self, request: Request) -> Response:
        spans = self.store.trace(request.path_params["trace_id"])
        return JSONResponse(_trace_json(spans)) if spans else _nothing()

    async def mails(self, request: Request) -> Response:
        return _html(pages.mail_list(language(request), self.box.all()))

    async def mail(self, request: Request) -> Response:
        mail = self.box.get(request.path_params["id"])
        return _html(pages.mail_page(language(request), mail)) if mail else _nothing()

    async def mail_json(self, request: Request) -> Response:
        return JSONResponse({"mails": [mail.as_json() for mail in self.box.all()]})

    async def authorize(self, request: Request) -> Response:
        if "as" in request.query_params:
            return sign_in.picked(self.identity, request.query_params)
        return _html(pages.sign_in_page(language(request), sign_in.people(request.query_params)))

    async def token(self, request: Request) -> Response:
        return await sign_in.exchange(self.identity, request)

    async def health(self, request: Request) -> Response:
        return PlainTextResponse("ok\n")

    def routes(self) -> list[Route]:
        gets: dict[str, Callable[[Request], Awaitable[Response]]] = {
            "/": self.home,
            "/tickets/{number}": self.ticket,
            "/traces/{trace_id}": self.trace,
            "/mail": self.mails,
            "/mail/{id:int}": self.mail,
            "/api/tickets/{number}/traces": self.ticket_json,
            "/api/traces/{trace_id}": self.trace_json,
            "/api/mail": self.mail_json,
            "/jwks.json": self.jwks,
            sign_in.AUTHORIZE: self.authorize,
            "/healthz": self.health,
        }
        return [
            Route("/v1/traces", self.take_traces, methods=["POST"]),
            Route(sign_in.TOKEN, self.token, methods=["POST"]),
            *(Route(path, endpoint) for path, endpoint in gets.items()),
        ]


def language(request: Request) -> str:
    """zh or en: what the address says, else what the browser prefers."""
    asked = request.query_params.get("lang") or request.headers.get("accept-language", "")
    return "zh" if asked.strip().lower().startswith("zh") else "en"


def create_app(data_dir: Path, box: MailBox | None = None) -> Starlette:
    store = SpanStore(data_dir / "traces" / "spans.sqlite")
    collector = Collector(store, Identity.of(data_dir), box or MailBox())

    async def prune() -> None:
        while True:
            store.prune()
            await asyncio.sleep(PRUNE_SECONDS)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        pruning = asyncio.create_task(prune())
        yield
        pruning.cancel()
        store.close()

    return Starlette(routes=collector.routes(), lifespan=lifespan)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.local.collector")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--mail-port", type=int, required=True)
    parser.add_argument("--host", default=HOST)
    choices = parser.parse_args()
    box = MailBox()
    controller = serve_mail(box, choices.mail_port, choices.host)
    try:
        app = create_app(choices.data, box)
        uvicorn.run(
            app, host=choices.host, port=choices.port, log_level="warning", access_log=False, timeout_keep_alive=75
        )
    finally:
        controller.stop()


def _trace_json(spans: list[Span]) -> dict[str, object]:
    return {"trace_id": spans[0].trace_id if spans else None, "spans": [asdict(span) for span in spans]}


def _html(text: str) -> Response:
    return HTMLResponse(text, headers=HEADERS)


def _nothing() -> Response:
    return PlainTextResponse("not found\n", 404)


if __name__ == "__main__":
    main()
