"""Where each platform keeps files.

WeCom: https://developer.work.weixin.qq.com/document/path/90254; DingTalk:
https://open.dingtalk.com/document/orgapp/download-the-file-content-of-the-robot-receiving-message; Feishu:
https://open.feishu.cn/document/server-docs/im-v1/message/get-2
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx2

from services.intake.channels.domain import FileRef
from services.intake.channels.media import (
    Fetched,
    MediaGone,
    Token,
    TokenRefused,
    answer_of,
    check,
    download,
    fetched,
)
from services.intake.channels.payload import text


@dataclass(frozen=True)
class PlatformMedia(ABC):
    """`url` is the platform's, `app` and `secret` what it knows the app by."""

    http: httpx2.AsyncClient
    url: str
    app: str
    secret: str
    token: Token = field(default_factory=Token)

    @asynccontextmanager
    async def open(self, file: FileRef) -> AsyncIterator[Fetched]:
        response = await self._download(file)
        try:
            yield fetched(response, file)
        finally:
            await response.aclose()

    async def _download(self, file: FileRef) -> httpx2.Response:
        """With another token, where the one that we have is not taken."""
        for _ in range(2):
            try:
                token = self.token.current() or await self._new_token()
                return await download(self.http, await self._request(token, file))
            except TokenRefused:
                self.token.drop()
        raise MediaGone("the platform does not take our token")

    @abstractmethod
    async def _new_token(self) -> str: ...

    @abstractmethod
    async def _request(self, token: str, file: FileRef) -> httpx2.Request: ...


@dataclass(frozen=True)
class WeComMedia(PlatformMedia):
    async def _new_token(self) -> str:
        params = {"corpid": self.app, "corpsecret": self.secret}
        said = check(answer_of(await self.http.get(f"{self.url}/cgi-bin/gettoken", params=params)))
        return self.token.keep(text(said, "access_token"), said.get("expires_in"))

    async def _request(self, token: str, file: FileRef) -> httpx2.Request:
        params = {"access_token": token, "media_id": file.id}
        return self.http.build_request("GET", f"{self.url}/cgi-bin/media/get", params=params)


@dataclass(frozen=True)
class DingTalkMedia(PlatformMedia):
    async def _new_token(self) -> str:
        body = {"appKey": self.app, "appSecret": self.secret}
        said = answer_of(await self.http.post(f"{self.url}/v1.0/oauth2/accessToken", json=body))
        return self.token.keep(text(said, "accessToken"), said.get("expireIn"))

    async def _request(self, token: str, file: FileRef) -> httpx2.Request:
        body, headers = {"downloadCode": file.id, "robotCode": file.of}, {"x-acs-dingtalk-access-token": token}
        path = f"{self.url}/v1.0/robot/messageFiles/download"
        address = text(answer_of(await self.http.post(path, json=body, headers=headers)), "downloadUrl")
        try:
            return self.http.build_request("GET", address)
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
            raise MediaGone("the platform names no address") from error


@dataclass(frozen=True)
class FeishuMedia(PlatformMedia):
    async def _new_token(self) -> str:
        body = {"app_id": self.app, "app_secret": self.secret}
        path = f"{self.url}/open-apis/auth/v3/tenant_access_token/internal"
        said = check(answer_of(await self.http.post(path, json=body)))
        return self.token.keep(text(said, "tenant_access_token"), said.get("expire"))

    async def _request(self, token: str, file: FileRef) -> httpx2.Request:
        path = f"{self.url}/open-apis/im/v1/messages/{quote(file.of, '')}/resources/{quote(file.id, '')}"
        params = {"type": "image" if file.kind == "image" else "file"}
        return self.http.build_request("GET", path, params=params, headers={"Authorization": f"Bearer {token}"})
