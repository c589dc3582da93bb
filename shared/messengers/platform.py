"""Calling the platforms of messengers.

A platform says no with a code that is not 0, whatever the HTTP status is, so the code counts. A token is asked for
again when the platform no longer takes it; each process keeps its own, as platforms give the same one until it ends.

WeCom: https://developer.work.weixin.qq.com/document/path/91039; DingTalk:
https://open.dingtalk.com/document/orgapp/obtain-the-access_token-of-an-internal-app; Feishu:
https://open.feishu.cn/document/server-docs/authentication-management/access-token/tenant_access_token_internal
"""

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx2

EARLIER = 120.0  # seconds before its end a token is no longer used
MAX_ANSWER = 64 * 1024  # bytes of an answer that is no file
DEFAULT_SECONDS = 7200.0
THROTTLED = ("Throttling", "Forbidden.AccessDenied.QpsLimit", "ServiceUnavailable", "InternalError", "system.error")
# Of WeCom (busy, too often, too many at once, an address it does not trust, no permission), Feishu (too often, no
# permission) and DingTalk (too often).
NOT_NOW_CODES = ("-1", "45009", "45033", "60020", "48002", "99991400", "230020", "230006", "99991672", "130101")
TOKEN_CODES = ("40014", "42001", "40001", "99991663", "99991668", "99991677")  # of WeCom and Feishu: not taken
T = TypeVar("T")


class PlatformRefusal(Exception):
    """The platform says no. `code` is its own, or `HTTP <status>`."""

    def __init__(self, code: str, said: str = "") -> None:
        super().__init__(f"{code} {said}".strip()[:300])
        self.code = code


class NotNow(PlatformRefusal):
    """It says so to too much at once, while it is busy, and to who is not set up yet: later it may say yes."""


class TokenRefused(Exception):
    """The platform no longer takes our token."""


class Token:
    """One that the platform gives for some time."""

    def __init__(self) -> None:
        self._value = ""
        self._until = 0.0

    def current(self) -> str:
        """Empty when a new one is to be asked for."""
        return self._value if time.monotonic() < self._until else ""

    def keep(self, value: object, seconds: object) -> str:
        if not isinstance(value, str) or not value:
            raise PlatformRefusal("no token", "the platform gave none")
        lasts = float(seconds) if isinstance(seconds, int | float) else DEFAULT_SECONDS
        self._value, self._until = value, time.monotonic() + max(lasts - EARLIER, 0.0)
        return value

    def drop(self) -> None:
        self._value = ""


@dataclass(frozen=True)
class Platform(ABC):
    """`url` is the platform's, `app` and `secret` what it knows the app by."""

    http: httpx2.AsyncClient
    url: str
    app: str
    secret: str
    token: Token = field(default_factory=Token)

    async def with_token(self, act: Callable[[str], Awaitable[T]]) -> T:
        """With another token, where the one that we have is not taken. Raises PlatformRefusal; TokenRefused when not
        even a new one is; whatever httpx2 raises when the platform is away."""
        try:
            return await act(self.token.current() or await self._new_token())
        except TokenRefused:
            self.token.drop()
        return await act(await self._new_token())

    @abstractmethod
    async def _new_token(self) -> str: ...


@dataclass(frozen=True)
class WeComPlatform(Platform):
    async def _new_token(self) -> str:
        params = {"corpid": self.app, "corpsecret": self.secret}
        said = answer_of(await self.http.get(f"{self.url}/cgi-bin/gettoken", params=params))
        return self.token.keep(said.get("access_token"), said.get("expires_in"))


@dataclass(frozen=True)
class DingTalkPlatform(Platform):
    async def _new_token(self) -> str:
        body = {"appKey": self.app, "appSecret": self.secret}
        said = answer_of(await self.http.post(f"{self.url}/v1.0/oauth2/accessToken", json=body))
        return self.token.keep(said.get("accessToken"), said.get("expireIn"))


@dataclass(frozen=True)
class FeishuPlatform(Platform):
    async def _new_token(self) -> str:
        body = {"app_id": self.app, "app_secret": self.secret}
        path = f"{self.url}/open-apis/auth/v3/tenant_access_token/internal"
        said = answer_of(await self.http.post(path, json=body))
        return self.token.keep(said.get("tenant_access_token"), said.get("expire"))


def refuse(response: httpx2.Response) -> None:
    """Of its status alone. Raises HTTPStatusError for 429 and 5xx; TokenRefused, PlatformRefusal."""
    if response.status_code == 429 or response.status_code >= 500:
        response.raise_for_status()
    if response.status_code == 401:
        raise TokenRefused("the platform does not take our token")
    if response.status_code >= 300:
        raise PlatformRefusal(f"HTTP {response.status_code}")


def answer_of(response: httpx2.Response) -> dict[str, Any]:
    """What it says, which is no refusal. Raises as `refuse`; DecodingError for what is no JSON object."""
    if response.status_code in (400, 403):
        check(_parsed(response, {}))
    refuse(response)
    return check(_parsed(response))


def check(said: dict[str, Any]) -> dict[str, Any]:
    """Raises TokenRefused, NotNow, PlatformRefusal when it says no."""
    code = str(said.get("errcode", said.get("code", 0)))[:100]
    if code in TOKEN_CODES:
        raise TokenRefused("the platform does not take our token")
    if code not in ("0", ""):
        told = (said.get(name) for name in ("errmsg", "msg", "message"))
        kind = NotNow if code in NOT_NOW_CODES or code.startswith(THROTTLED) else PlatformRefusal
        raise kind(code, next((one for one in told if isinstance(one, str)), ""))
    return said


def _parsed(response: httpx2.Response, otherwise: dict[str, Any] | None = None) -> dict[str, Any]:
    try:
        found = json.loads(response.content[:MAX_ANSWER])
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        return found
    if otherwise is None:
        raise httpx2.DecodingError("the platform's answer is no JSON object")
    return otherwise
