"""How group robots take messages. What is said to a robot everybody in its group reads.

WeCom: https://developer.work.weixin.qq.com/document/path/91770; DingTalk:
https://open.dingtalk.com/document/orgapp/custom-robot-access, and its signature
https://open.dingtalk.com/document/orgapp/customize-robot-security-settings; Feishu:
https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot. Everything else by apprise, where that is installed
(https://github.com/caronc/apprise): it says whether a message was taken, and no more.
"""

import base64
import hashlib
import hmac
import importlib
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import httpx2

from services.notify.channels.domain import Message, TransientFailure
from services.notify.channels.messengers import MessengerAccount
from services.notify.channels.robot_settings import ROBOT, RobotSetting
from shared.messengers.platform import answer_of

NOT_SET_UP = 600.0  # seconds until an operator may have mended it: the secret, keywords, trusted addresses
BLOCKED = 600.0  # seconds for which DingTalk takes nothing from a robot that said too much


@dataclass(frozen=True)
class Robot(MessengerAccount):
    """`most` is one: they may say little in a minute. Platforms do not recognise what is said twice, so each message
    ends with the beginning of its id, by which people do."""

    http: httpx2.AsyncClient
    url: str
    secret: str
    now: Callable[[], datetime]
    most: ClassVar[int] = 1

    async def send(self, to: str, text: str, id: str, message: Message) -> str:
        await self.say(f"{text} · #{message.id[:8]}")
        return ""

    @abstractmethod
    async def say(self, text: str) -> None:
        """Raises as `send`."""


class WeComRobot(Robot):
    limit: ClassVar[int] = 2048
    waits: ClassVar = {"-1": 10.0, "45009": 60.0, "45033": 10.0}

    async def say(self, text: str) -> None:
        answer_of(await self.http.post(self.url, json={"msgtype": "text", "text": {"content": text}}))


class DingTalkRobot(Robot):
    limit: ClassVar[int] = 18_000  # of the 20,000 that it may have in JSON
    waits: ClassVar = {"-1": 10.0, "130101": BLOCKED, "310000": NOT_SET_UP}

    async def say(self, text: str) -> None:
        params = dingtalk_signature(self.secret, self.now()) if self.secret else {}
        body = {"msgtype": "text", "text": {"content": text}}
        url = httpx2.URL(self.url).copy_merge_params(params)
        answer_of(await self.http.post(url, json=body))


class FeishuRobot(Robot):
    limit: ClassVar[int] = 18_000
    waits: ClassVar = {"9499": 10.0, "11232": 60.0, "19021": NOT_SET_UP, "19022": NOT_SET_UP, "19024": NOT_SET_UP}

    async def say(self, text: str) -> None:
        signed = feishu_signature(self.secret, self.now()) if self.secret else {}
        body: dict[str, Any] = {**signed, "msg_type": "text", "content": {"text": text}}
        answer_of(await self.http.post(self.url, json=body))


class AppriseRobot(Robot):
    """Its address is one of apprise's."""

    limit: ClassVar[int] = 4_000
    waits: ClassVar = {}

    async def say(self, text: str) -> None:
        # It brings many more packages, which only who has such a robot needs.
        apprise = importlib.import_module("apprise")
        if not await _apprise(apprise, self.url).async_notify(body=text):
            raise TransientFailure("apprise says that it was not taken", is_accounts=True)


KINDS: dict[str, type[Robot]] = {"wecom": WeComRobot, "dingtalk": DingTalkRobot, "feishu": FeishuRobot}


def robot_accounts(
    settings: list[RobotSetting], http: httpx2.AsyncClient, now: Callable[[], datetime]
) -> dict[str, MessengerAccount]:
    """By their addresses. Raises RuntimeError for one that can never work."""
    found: dict[str, MessengerAccount] = {}
    for one in settings:
        url, secret = one.url.get_secret_value(), one.secret.get_secret_value() if one.secret else ""
        if one.kind == "apprise":
            _check_apprise(one.id, url)
        found[f"{ROBOT}:{one.id}"] = KINDS.get(one.kind, AppriseRobot)(http, url, secret, now)
    return found


def dingtalk_signature(secret: str, now: datetime) -> dict[str, str]:
    """The query; whoever encodes it does so once."""
    timestamp = str(int(now.timestamp() * 1000))
    mark = hmac.digest(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256)
    return {"timestamp": timestamp, "sign": base64.b64encode(mark).decode()}


def feishu_signature(secret: str, now: datetime) -> dict[str, str]:
    """The key is what is signed elsewhere, and the message is empty."""
    timestamp = str(int(now.timestamp()))
    mark = hmac.digest(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256)
    return {"timestamp": timestamp, "sign": base64.b64encode(mark).decode()}


def _check_apprise(id: str, url: str) -> None:
    try:
        apprise = importlib.import_module("apprise")
    except ModuleNotFoundError as error:
        raise RuntimeError(
            f"robot {id} needs apprise: install bihuan[apprise] · 机器人 {id} 需要安装 bihuan[apprise]"
        ) from error
    if not _apprise(apprise, url):
        raise RuntimeError(f"apprise does not know the address of robot {id} · apprise 无法识别机器人 {id} 的地址")


def _apprise(apprise: Any, url: str) -> Any:
    found = apprise.Apprise()
    found.add(url)
    return found
