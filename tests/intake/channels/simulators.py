"""The platforms' own servers, on a socket: tokens and files, and the ways in which they say no."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from tests.servers import serving

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


@dataclass
class Simulator:
    """`files` by the id that the platform gave them. `token` is the one that it takes; `says` what it answers instead,
    once for each: an answer, or nothing until the event is set and then that it is away."""

    url: str = ""
    token: str = "token-1"
    files: dict[str, bytes] = field(default_factory=dict)
    says: list[Response | asyncio.Event] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    app: FastAPI = field(default_factory=FastAPI)

    def __post_init__(self) -> None:
        route = self.app.api_route("/{path:path}", methods=["GET", "POST"])
        route(self.answer)

    async def answer(self, path: str, request: Request) -> Response:
        self.asked.append(path)
        body: dict[str, Any] = await request.json() if request.method == "POST" else {}
        if path.endswith(("gettoken", "accessToken", "tenant_access_token/internal")):
            return self._token(path, request.query_params.get("corpsecret") or str(body), request)
        if self.says:
            said = self.says.pop(0)
            if isinstance(said, Response):
                return said
            await said.wait()
            return Response(status_code=503)
        if path == "cgi-bin/media/get":
            return self._wecom(request)
        if path == "v1.0/robot/messageFiles/download":
            if request.headers["x-acs-dingtalk-access-token"] != self.token:
                return JSONResponse({"code": "InvalidAuthentication"}, 401)
            return JSONResponse({"downloadUrl": f"{self.url}/{body['robotCode']}/{body['downloadCode']}"})
        if path.startswith("open-apis/im/v1/messages/") and request.headers["authorization"] != f"Bearer {self.token}":
            return JSONResponse({"code": 99991663, "msg": "Invalid access token"})
        content = self.files.get(path.rpartition("/")[2])
        return Response(content, media_type="image/png") if content else JSONResponse({"code": 234001}, 400)

    def _token(self, path: str, said: str, request: Request) -> Response:
        if "right" not in said:
            return JSONResponse({"errcode": 40001, "errmsg": "invalid credential", "code": 40001})
        given = {"errcode": 0, "code": 0, "expires_in": 7200, "expireIn": 7200, "expire": 7200}
        names = dict.fromkeys(("access_token", "accessToken", "tenant_access_token"), self.token)
        return JSONResponse({**given, **names})

    def _wecom(self, request: Request) -> Response:
        if request.query_params["access_token"] != self.token:
            return JSONResponse({"errcode": 42001, "errmsg": "access_token expired"})
        if (content := self.files.get(request.query_params["media_id"])) is None:
            return JSONResponse({"errcode": 40007, "errmsg": "invalid media_id"})
        headers = {"Content-Disposition": 'attachment; filename="screen.png"'}
        return Response(content, media_type="image/png", headers=headers)


@asynccontextmanager
async def simulator() -> AsyncIterator[Simulator]:
    found = Simulator()
    async with serving(found.app) as found.url:
        yield found
