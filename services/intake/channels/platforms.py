"""Where each platform keeps files.

WeCom: https://developer.work.weixin.qq.com/document/path/90254; DingTalk:
https://open.dingtalk.com/document/orgapp/download-the-file-content-of-the-robot-receiving-message; Feishu:
https://open.feishu.cn/document/server-docs/im-v1/message/get-2
"""

from abc import abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote

import httpx2

from services.intake.channels.domain import FileRef
from services.intake.channels.media import Fetched, download, fetched
from services.intake.channels.payload import text
from shared.messengers.platform import (
    DingTalkPlatform,
    FeishuPlatform,
    Platform,
    PlatformRefusal,
    WeComPlatform,
    answer_of,
)


@dataclass(frozen=True)
class PlatformMedia(Platform):
    @asynccontextmanager
    async def open(self, file: FileRef) -> AsyncIterator[Fetched]:
        async def act(token: str) -> httpx2.Response:
            return await download(self.http, await self._request(token, file))

        response = await self.with_token(act)
        try:
            yield fetched(response, file)
        finally:
            await response.aclose()

    @abstractmethod
    async def _request(self, token: str, file: FileRef) -> httpx2.Request: ...


@dataclass(frozen=True)
class WeComMedia(PlatformMedia, WeComPlatform):
    async def _request(self, token: str, file: FileRef) -> httpx2.Request:
        params = {"access_token": token, "media_id": file.id}
        return self.http.build_request("GET", f"{self.url}/cgi-bin/media/get", params=params)


@dataclass(frozen=True)
class DingTalkMedia(PlatformMedia, DingTalkPlatform):
    async def _request(self, token: str, file: FileRef) -> httpx2.Request:
        body, headers = {"downloadCode": file.id, "robotCode": file.of}, {"x-acs-dingtalk-access-token": token}
        path = f"{self.url}/v1.0/robot/messageFiles/download"
        address = text(answer_of(await self.http.post(path, json=body, headers=headers)), "downloadUrl")
        try:
            return self.http.build_request("GET", address)
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
            raise PlatformRefusal("no file", "the platform names no address") from error


@dataclass(frozen=True)
class FeishuMedia(PlatformMedia, FeishuPlatform):
    async def _request(self, token: str, file: FileRef) -> httpx2.Request:
        path = f"{self.url}/open-apis/im/v1/messages/{quote(file.of, '')}/resources/{quote(file.id, '')}"
        params = {"type": "image" if file.kind == "image" else "file"}
        return self.http.build_request("GET", path, params=params, headers={"Authorization": f"Bearer {token}"})
