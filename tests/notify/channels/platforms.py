"""The platforms' own servers, on a socket, as far as messages are sent to them: what each person is shown, what they
recognise as a repetition, and the ways in which they say no."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse


@dataclass
class Platforms:
    """`shown` is what each person reads, `in_conversation` what a robot says where it was asked. `token` is the one
    that is taken; `says` what is answered instead, once for each (None: as it would), and `lost` how many answers are
    lost after the message was taken. Nobody knows who is in `unknown`."""

    url: str = ""
    token: str = "token-1"
    shown: list[tuple[str, str]] = field(default_factory=list)
    in_conversation: list[str] = field(default_factory=list)
    cards: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    says: list[Response | None] = field(default_factory=list)
    lost: int = 0
    unknown: set[str] = field(default_factory=set)
    tokens_given: int = 0
    app: FastAPI = field(default_factory=FastAPI)
    _seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.app.api_route("/{path:path}", methods=["GET", "POST"])(self.answer)

    async def answer(self, path: str, request: Request) -> Response:
        body: dict[str, Any] = await request.json() if request.method == "POST" else {}
        if path.endswith(("gettoken", "accessToken", "tenant_access_token/internal")):
            return self._give_token(request.query_params.get("corpsecret") or str(body))
        self.bodies.append(body)
        if self.says and (said := self.says.pop(0)):
            return said
        answers = {
            "cgi-bin/message/send": self._wecom,
            "v1.0/robot/oToMessages/batchSend": self._dingtalk,
            "robot/sendBySession": self._session,
            "open-apis/im/v1/messages": self._feishu,
        }
        answer = answers[path](request, body)
        if self.lost and answer.status_code == 200:
            self.lost -= 1
            return Response(status_code=502)
        return answer

    def _give_token(self, said: str) -> Response:
        self.tokens_given += 1
        if "right" not in said:
            return JSONResponse({"errcode": 40001, "errmsg": "invalid credential", "code": 40001})
        lasts = dict.fromkeys(("expires_in", "expireIn", "expire"), 7200)
        return JSONResponse(
            {"errcode": 0, "code": 0, **lasts}
            | dict.fromkeys(("access_token", "accessToken", "tenant_access_token"), self.token)
        )

    def _show(self, to: str, text: str, once: str = "") -> None:
        if once and once in self._seen:
            return
        self._seen.add(once)
        self.shown.append((to, text))

    def _wecom(self, request: Request, body: dict[str, Any]) -> Response:
        if request.query_params["access_token"] != self.token:
            return JSONResponse({"errcode": 42001, "errmsg": "access_token expired"})
        if body["touser"] in self.unknown:
            return JSONResponse({"errcode": 81013, "errmsg": "user & party & tag all invalid"})
        assert body["agentid"] == 7
        assert 0 < body["duplicate_check_interval"] <= 4 * 3600
        once = json.dumps(body) if body["enable_duplicate_check"] else ""
        if body["msgtype"] == "template_card":
            return self._card(body["template_card"], once)
        assert len(body["text"]["content"].encode()) <= 2048, "it would be cut off"
        self._show(body["touser"], body["text"]["content"], once)
        return JSONResponse({"errcode": 0, "errmsg": "ok", "msgid": f"wm-{len(self.shown)}"})

    def _card(self, card: dict[str, Any], once: str) -> Response:
        assert card["card_type"] == "multiple_interaction"
        assert re.fullmatch(r"[\w@-]{1,128}", card["task_id"], re.ASCII)
        assert 1 <= len(card["select_list"]) <= 3
        for selector in card["select_list"]:
            ids = [option["id"] for option in selector["option_list"]]
            assert 1 <= len(ids) == len(set(ids)) <= 10
        if once not in self._seen:
            self._seen.add(once)
            self.cards.append(card)
        return JSONResponse({"errcode": 0, "errmsg": "ok", "msgid": "wm-c", "response_code": "r"})

    def _feishu(self, request: Request, body: dict[str, Any]) -> Response:
        if request.headers["authorization"] != f"Bearer {self.token}":
            return JSONResponse({"code": 99991663, "msg": "Invalid access token"}, 400)
        if body["receive_id"] in self.unknown:
            return JSONResponse({"code": 230013, "msg": "Bot has NO availability to this user."}, 400)
        assert request.query_params["receive_id_type"] == "open_id"
        assert len(body["uuid"]) <= 50
        self._show(body["receive_id"], json.loads(body["content"])["text"], body["uuid"])
        return JSONResponse({"code": 0, "msg": "success", "data": {"message_id": f"om-{len(self.shown)}"}})

    def _dingtalk(self, request: Request, body: dict[str, Any]) -> Response:
        if request.headers["x-acs-dingtalk-access-token"] != self.token:
            return JSONResponse({"code": "InvalidAuthentication", "message": "不合法的access_token"}, 401)
        [to] = body["userIds"]
        if to in self.unknown:
            return JSONResponse({"processQueryKey": "", "invalidStaffIdList": [to], "flowControlledStaffIdList": []})
        assert (body["robotCode"], body["msgKey"]) == ("app", "sampleText")
        assert len(body["msgParam"].encode()) <= 15_000
        self._show(to, json.loads(body["msgParam"])["content"])
        return JSONResponse({"processQueryKey": f"q-{len(self.shown)}"})

    def _session(self, request: Request, body: dict[str, Any]) -> Response:
        if request.query_params["session"] != "s-1":
            return JSONResponse({"errcode": 300001, "errmsg": "session is not exist"})
        self.in_conversation.append(body["text"]["content"])
        return JSONResponse({"errcode": 0, "errmsg": "ok"})
