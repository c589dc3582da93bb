"""How each messenger takes messages.

WeCom: https://developer.work.weixin.qq.com/document/path/90236, its codes /path/90313; DingTalk:
https://open.dingtalk.com/document/orgapp/chatbots-send-one-on-one-chat-messages-in-batches; Feishu:
https://open.feishu.cn/document/server-docs/im-v1/message/create
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import httpx2

from services.notify.channels.cards import card_of
from services.notify.channels.domain import Message, PermanentFailure, TransientFailure
from services.notify.channels.messengers import MessengerAccount
from shared.messengers.platform import (
    THROTTLED,
    DingTalkPlatform,
    FeishuPlatform,
    PlatformRefusal,
    WeComPlatform,
    answer_of,
)
from shared.messengers.settings import AccountSetting, DingTalkSetting, FeishuSetting, WeComSetting
from shared.sealed import Sealer

RECOGNISED_FOR = 4 * 3600  # seconds, the longest that WeCom allows
NOT_SET_UP = 600.0  # seconds until an operator may have mended it: the secret, trusted addresses, permissions
ENDS_BEFORE = timedelta(seconds=10)  # an address that ends sooner is not used any more


@dataclass(frozen=True)
class WeComAccount(MessengerAccount):
    """The same request within `RECOGNISED_FOR` is shown once."""

    platform: WeComPlatform
    agent: int
    limit: ClassVar[int] = 2048
    most: ClassVar[int] = 5  # one member is shown 30 a minute, the others never
    waits: ClassVar = {"-1": 10.0, "45009": 60.0, "45033": 10.0, "60020": NOT_SET_UP, "48002": NOT_SET_UP}

    async def send(self, to: str, text: str, id: str, message: Message) -> str:
        if not to or "|" in to or to.startswith("@"):
            raise PermanentFailure("this is not one member")
        return await self._send(to, {"msgtype": "text", "text": {"content": text}})

    async def offer(self, to: str, message: Message) -> None:
        if card := card_of(message.ticket, message.asked, message.language, message.id):
            await self._send(to, {"msgtype": "template_card", "template_card": card})

    async def _send(self, to: str, content: dict[str, Any]) -> str:
        body = {
            "touser": to,
            "agentid": self.agent,
            **content,
            "enable_duplicate_check": 1,
            "duplicate_check_interval": RECOGNISED_FOR,
        }
        said = await self.platform.with_token(lambda token: self._post(token, body))
        if unknown := said.get("invaliduser") or said.get("unlicenseduser"):
            raise PermanentFailure(f"WeCom does not reach {str(unknown)[:100]}")
        return str(said.get("msgid", ""))

    async def _post(self, token: str, body: dict[str, Any]) -> dict[str, Any]:
        url, params = f"{self.platform.url}/cgi-bin/message/send", {"access_token": token}
        return answer_of(await self.platform.http.post(url, params=params, json=body))


@dataclass(frozen=True)
class FeishuAccount(MessengerAccount):
    """What has the same `uuid` within an hour is shown once."""

    platform: FeishuPlatform
    limit: ClassVar[int] = 30_000
    most: ClassVar[int] = 5
    waits: ClassVar = {"230020": 5.0, "99991400": 60.0, "230006": NOT_SET_UP, "99991672": NOT_SET_UP}

    async def send(self, to: str, text: str, id: str, message: Message) -> str:
        content = json.dumps({"text": text}, ensure_ascii=False)
        body = {"receive_id": to, "msg_type": "text", "content": content, "uuid": id[:50]}
        said = await self.platform.with_token(lambda token: self._post(token, body))
        data = said.get("data")
        return str(data.get("message_id", "")) if isinstance(data, dict) else ""

    async def _post(self, token: str, body: dict[str, Any]) -> dict[str, Any]:
        url, params = f"{self.platform.url}/open-apis/im/v1/messages", {"receive_id_type": "open_id"}
        headers = {"Authorization": f"Bearer {token}"}
        return answer_of(await self.platform.http.post(url, params=params, headers=headers, json=body))


@dataclass(frozen=True)
class DingTalkAccount(MessengerAccount):
    """In the conversation, by the address that came with what they wrote, while that is valid; then to the person, by
    the robot. Without an `app` of the platform there is only the first."""

    platform: DingTalkPlatform
    robot: str
    sealer: Sealer
    now: Callable[[], datetime]
    limit: ClassVar[int] = 7_000  # of the 15,000 that it may have in JSON
    most: ClassVar[int] = 3
    waits: ClassVar = {"130101": 60.0, "-1": 10.0}

    def is_for_now(self, code: str) -> float | None:
        return 60.0 if code.startswith(THROTTLED) else self.waits.get(code)

    async def send(self, to: str, text: str, id: str, message: Message) -> str:
        if address := self._session(message.reply_to):
            try:
                body = {"msgtype": "text", "text": {"content": text}}
                answer_of(await self.platform.http.post(address, json=body))
                return ""
            except PlatformRefusal as refusal:
                if self.is_for_now(refusal.code) is not None or not self.platform.app:
                    raise
        if not self.platform.app:
            raise PermanentFailure("the conversation takes no answers any more, and the robot has no app_key")
        return await self._to_person(to, text)

    async def _to_person(self, to: str, text: str) -> str:
        param = json.dumps({"content": text}, ensure_ascii=False)
        body: dict[str, Any] = {"robotCode": self.robot, "userIds": [to], "msgKey": "sampleText", "msgParam": param}
        said = await self.platform.with_token(lambda token: self._post(token, body))
        if said.get("invalidStaffIdList"):
            raise PermanentFailure(f"DingTalk does not reach {to[:100]}")
        if said.get("flowControlledStaffIdList"):
            raise TransientFailure("too many messages to this person", timedelta(minutes=1))
        return str(said.get("processQueryKey", ""))

    async def _post(self, token: str, body: dict[str, Any]) -> dict[str, Any]:
        url, headers = f"{self.platform.url}/v1.0/robot/oToMessages/batchSend", {"x-acs-dingtalk-access-token": token}
        return answer_of(await self.platform.http.post(url, headers=headers, json=body))

    def _session(self, sealed: str) -> str:
        """Empty when there is none, or it is over, or is none of DingTalk: it came in a body that nobody signed."""
        until, _, address = self.sealer.open(sealed).partition(" ")
        if not until.isdigit() or int(until) / 1000 < (self.now() + ENDS_BEFORE).astimezone(UTC).timestamp():
            return ""
        try:
            host = httpx2.URL(address).host
        except httpx2.InvalidURL:
            return ""
        is_theirs = host == httpx2.URL(self.platform.url).host or f".{host}".endswith(".dingtalk.com")
        return address if is_theirs else ""


def messenger_accounts(
    settings: list[AccountSetting], http: httpx2.AsyncClient, sealer: Sealer, now: Callable[[], datetime]
) -> dict[str, MessengerAccount]:
    """Those that answers can be sent by, by channel and id."""
    found: dict[str, MessengerAccount] = {}
    for one in settings:
        name = f"{one.channel}:{one.id}"
        if isinstance(one, WeComSetting) and one.secret and one.agent_id is not None:
            platform = WeComPlatform(http, one.url, one.corp_id, one.secret.get_secret_value())
            found[name] = WeComAccount(platform, one.agent_id)
        elif isinstance(one, DingTalkSetting):
            robot = DingTalkPlatform(http, one.url, one.app_key, one.secret.get_secret_value())
            found[name] = DingTalkAccount(robot, one.robot_code or one.app_key, sealer, now)
        elif isinstance(one, FeishuSetting) and one.secret and one.app_id:
            found[name] = FeishuAccount(FeishuPlatform(http, one.url, one.app_id, one.secret.get_secret_value()))
    return found
