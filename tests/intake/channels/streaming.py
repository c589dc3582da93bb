"""DingTalk's gateway of Stream mode, on a socket: it gives out addresses, and each message to one of the connections
there are; what that one does not acknowledge before it is gone, to another."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse

from tests.servers import serving

TOPIC = "/v1.0/im/bot/messages/get"
WITHIN = 10  # seconds


@dataclass(eq=False)
class Connection:
    socket: WebSocket
    name: str
    answers: dict[str, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)


@dataclass
class Gateway:
    """`says` is what is answered to who wants to connect, once for each; `asked` what they said."""

    url: str = ""
    connections: list[Connection] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    says: list[Response] = field(default_factory=list)
    app: FastAPI = field(default_factory=FastAPI)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _tickets: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.app.post("/v1.0/gateway/connections/open")(self._open)
        self.app.websocket("/connect")(self._connect)

    async def _open(self, request: Request) -> Response:
        body = await request.json()
        self.asked.append(body)
        if self.says:
            return self.says.pop(0)
        if (body["clientId"], body["clientSecret"]) != ("app", "right"):
            return JSONResponse({"code": "authFailed", "message": "鉴权失败"}, 401)
        assert body["subscriptions"] == [{"type": "CALLBACK", "topic": TOPIC}]
        ticket = uuid.uuid4().hex
        self._tickets[ticket] = body["ua"]
        return JSONResponse({"endpoint": f"{self.url}/connect".replace("http", "ws"), "ticket": ticket})

    async def _connect(self, socket: WebSocket, ticket: str) -> None:
        name = self._tickets.pop(ticket)  # it is good for one connection
        await socket.accept()
        connection = Connection(socket, name)
        await self._change(connection, is_there=True)
        try:
            while True:
                answer = json.loads(await socket.receive_text())
                if (waiting := connection.answers.pop(answer["headers"]["messageId"], None)) and not waiting.done():
                    waiting.set_result(answer)
        except WebSocketDisconnect:
            pass
        finally:
            await self._change(connection, is_there=False)
            for waiting in connection.answers.values():
                waiting.cancel()

    async def _change(self, connection: Connection, is_there: bool) -> None:
        async with self.changed:
            (self.connections.append if is_there else self.connections.remove)(connection)
            self.changed.notify_all()

    async def connected(self, name: str = "") -> Connection:
        """Wait until there is one, of this client."""

        def found() -> list[Connection]:
            return [one for one in self.connections if not name or one.name == name]

        async with asyncio.timeout(WITHIN), self.changed:
            await self.changed.wait_for(found)
            return found()[-1]

    async def ended(self, connection: Connection) -> None:
        async with asyncio.timeout(WITHIN), self.changed:
            await self.changed.wait_for(lambda: connection not in self.connections)

    async def send(
        self, connection: Connection, data: str, kind: str = "CALLBACK", topic: str = TOPIC
    ) -> asyncio.Future[dict[str, Any]]:
        """What will be answered."""
        id = uuid.uuid4().hex
        headers = {"topic": topic, "messageId": id, "contentType": "application/json", "time": "1"}
        connection.answers[id] = asyncio.get_running_loop().create_future()
        answer = connection.answers[id]
        frame = {"specVersion": "1.0", "type": kind, "headers": headers, "data": data}
        await connection.socket.send_text(json.dumps(frame))
        return answer

    async def deliver(self, data: str, name: str = "") -> dict[str, Any]:
        """The answer to it, by whichever connection."""
        while True:
            connection = await self.connected(name)
            answer = await self.send(connection, data)
            try:
                async with asyncio.timeout(WITHIN):
                    found: dict[str, Any] = await answer
                    return found
            except asyncio.CancelledError:
                if not answer.cancelled():
                    raise


@asynccontextmanager
async def gateway() -> AsyncIterator[Gateway]:
    found = Gateway()
    async with serving(found.app, ws="wsproto") as found.url:
        yield found
