"""A receiver of webhooks on a socket, which answers what the test wants."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response


@dataclass
class Got:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Receiver:
    """`answer` gives status and headers for a request; a request to `/slow` is answered when `let_go` is set."""

    url: str = ""
    asked: list[Got] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)  # of those, what it took
    answer: Callable[[Got], tuple[int, dict[str, str]]] = lambda _: (204, {})
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    at_once: int = 0
    most_at_once: int = 0

    @property
    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/{path}")
        async def take(path: str, request: Request) -> Response:
            one = Got(f"/{path}", dict(request.headers), await request.body())
            self.asked.append(one)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            if path == "slow":
                await self.let_go.wait()
            self.at_once -= 1
            status, headers = self.answer(one)
            if status < 300:
                self.got.append(one)
            return Response(status_code=status, headers=headers)

        return app

    def texts(self) -> list[str]:
        """What the messages say that it took."""
        return [one.event["data"]["text"] for one in self.got if one.event["type"] == "bihuan.ticket.message_posted.v1"]
