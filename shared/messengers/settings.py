"""The accounts that customers write to, from the setting `BIHUAN_CHANNELS`: a JSON list. intake receives by
them what is written, notify answers by them.
"""

import base64
import json
import os
import re
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.terms import Id, OptionalLine

AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")  # 32 bytes in base64, without the last =
GUESSED = 24  # characters, from which on nobody guesses them


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
    `url` is the platform's; with the app's secret the files that people send are fetched there, and answers sent."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    id: Id
    company: OptionalLine = ""


class WeComSetting(Setting):
    """`agent_id` is the app's (AgentId)."""

    channel: Literal["wecom"]
    token: SecretStr
    aes_key: Annotated[SecretStr, AfterValidator(_aes_key)]
    corp_id: str = Field(min_length=1)
    secret: SecretStr | None = None
    agent_id: int | None = Field(None, ge=0)
    url: str = "https://qyapi.weixin.qq.com"


class DingTalkSetting(Setting):
    """In HTTP mode the address is a part of what protects it, so the name has to be hard to guess; in Stream mode
    intake connects to the platform, which knows it by the `app_key`. `robot_code` is that too unless it says
    otherwise."""

    channel: Literal["dingtalk"]
    mode: Literal["http", "stream"] = "http"
    secret: SecretStr
    app_key: str = ""
    robot_code: str = ""
    url: str = "https://api.dingtalk.com"

    @model_validator(mode="after")
    def is_protected(self) -> "DingTalkSetting":
        if self.mode == "http" and len(self.id) < GUESSED:
            raise ValueError(f"the id has {GUESSED} characters or more")
        if self.mode == "stream" and not self.app_key:
            raise ValueError("Stream mode needs the app_key")
        return self


class FeishuSetting(Setting):
    channel: Literal["feishu"]
    encrypt_key: SecretStr
    verification_token: SecretStr
    app_id: str = ""
    secret: SecretStr | None = None
    url: str = "https://open.feishu.cn"


class HotlineSetting(Setting):
    channel: Literal["hotline"]
    secret: Annotated[SecretStr, AfterValidator(_webhook_secret)]
    region: str = Field("CN", pattern=r"^[A-Z]{2}$")


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
