"""The accounts that customers write to, from the setting `BIHUAN_CHANNELS`: a JSON list.

Another channel is another entry in `AccountSetting`, with the adapter that it makes.
"""

import base64
import json
import os
import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal

import httpx2
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.intake.channels.adapter import Adapter
from services.intake.channels.dingtalk import DingTalk
from services.intake.channels.feishu import Feishu
from services.intake.channels.hotline import Hotline
from services.intake.channels.media import MediaSource
from services.intake.channels.platforms import DingTalkMedia, FeishuMedia, WeComMedia
from services.intake.channels.wecom import WeCom
from shared.terms import Id, OptionalLine

AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")  # 32 bytes in base64, without the last =


def _aes_key(key: SecretStr) -> SecretStr:
    if not AES_KEY.fullmatch(key.get_secret_value()):
        raise ValueError("an EncodingAESKey has 43 characters")
    return key


def _webhook_secret(secret: SecretStr) -> SecretStr:
    try:
        key = base64.b64decode(secret.get_secret_value().removeprefix("whsec_"), validate=True)
    except ValueError:
        key = b""
    if len(key) < 24:
        raise ValueError("the secret has 24 bytes or more, in base64")
    return secret


class Setting(BaseModel):
    """`id` is the account's name in its address, `company` the company of all who write to it, if they are of one.
    `url` is the platform's; with the app's secret the files that people send are fetched there."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    id: Id
    company: OptionalLine = ""


class WeComSetting(Setting):
    channel: Literal["wecom"]
    token: SecretStr
    aes_key: Annotated[SecretStr, AfterValidator(_aes_key)]
    corp_id: str = Field(min_length=1)
    secret: SecretStr | None = None
    url: str = "https://qyapi.weixin.qq.com"

    def adapter(self) -> Adapter:
        return WeCom(self.token.get_secret_value(), self.aes_key.get_secret_value(), self.corp_id)

    def media(self, http: httpx2.AsyncClient) -> MediaSource | None:
        return WeComMedia(http, self.url, self.corp_id, self.secret.get_secret_value()) if self.secret else None


class DingTalkSetting(Setting):
    """The address is a part of what protects it, so the name has to be hard to guess."""

    channel: Literal["dingtalk"]
    id: Annotated[Id, Field(min_length=24)]
    secret: SecretStr
    app_key: str = ""
    url: str = "https://api.dingtalk.com"

    def adapter(self) -> Adapter:
        return DingTalk(self.secret.get_secret_value())

    def media(self, http: httpx2.AsyncClient) -> MediaSource | None:
        return DingTalkMedia(http, self.url, self.app_key, self.secret.get_secret_value()) if self.app_key else None


class FeishuSetting(Setting):
    channel: Literal["feishu"]
    encrypt_key: SecretStr
    verification_token: SecretStr
    app_id: str = ""
    secret: SecretStr | None = None
    url: str = "https://open.feishu.cn"

    def adapter(self) -> Adapter:
        return Feishu(self.encrypt_key.get_secret_value(), self.verification_token.get_secret_value())

    def media(self, http: httpx2.AsyncClient) -> MediaSource | None:
        return FeishuMedia(http, self.url, self.app_id, self.secret.get_secret_value()) if self.secret else None


class HotlineSetting(Setting):
    channel: Literal["hotline"]
    secret: Annotated[SecretStr, AfterValidator(_webhook_secret)]
    region: str = Field("CN", pattern=r"^[A-Z]{2}$")

    def adapter(self) -> Adapter:
        return Hotline(self.secret.get_secret_value(), self.region)

    def media(self, _: httpx2.AsyncClient) -> MediaSource | None:
        return None


AccountSetting = Annotated[
    WeComSetting | DingTalkSetting | FeishuSetting | HotlineSetting, Field(discriminator="channel")
]


class ChannelSettings(BaseSettings):
    """Secrets, so the list may come from a file: `BIHUAN_CHANNELS_FILE`."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_", extra="ignore", hide_input_in_errors=True)

    channels: list[AccountSetting] = Field(default_factory=list)
    outbound_allowed: list[IPv4Network | IPv6Network] = Field(default_factory=list)  # networks beside the public ones

    @model_validator(mode="before")
    @classmethod
    def from_file(cls, values: dict[str, Any]) -> dict[str, Any]:
        if path := os.environ.get("BIHUAN_CHANNELS_FILE"):
            values["channels"] = json.loads(Path(path).read_text("utf-8"))
        return values


@dataclass(frozen=True)
class Account:
    id: str
    company: str
    adapter: Adapter
    media: MediaSource | None = None


def accounts(settings: list[AccountSetting], http: httpx2.AsyncClient) -> dict[str, Account]:
    """By id. Raises ValueError when two have the same."""
    found = {one.id: Account(one.id, one.company, one.adapter(), one.media(http)) for one in settings}
    if len(found) < len(settings):
        raise ValueError("BIHUAN_CHANNELS has two accounts with the same id")
    return found
