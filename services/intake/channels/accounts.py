"""The accounts that customers write to, from the setting `BIHUAN_CHANNELS`: a JSON list.

Another channel is another entry in `AccountSetting`, with the adapter that it makes.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.intake.channels.adapter import Adapter
from services.intake.channels.dingtalk import DingTalk
from services.intake.channels.feishu import Feishu
from services.intake.channels.wecom import WeCom
from shared.terms import Id, OptionalLine

AES_KEY = r"^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]$"  # 32 bytes in base64, without the last =


class Setting(BaseModel):
    """`id` is the account's name in its address, `company` the company of all who write to it, if they are of one."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    id: Id
    company: OptionalLine = ""


class WeComSetting(Setting):
    channel: Literal["wecom"]
    token: SecretStr
    aes_key: Annotated[SecretStr, Field(pattern=AES_KEY)]
    corp_id: str = Field(min_length=1)

    def adapter(self) -> Adapter:
        return WeCom(self.token.get_secret_value(), self.aes_key.get_secret_value(), self.corp_id)


class DingTalkSetting(Setting):
    """The address is a part of what protects it, so the name has to be hard to guess."""

    channel: Literal["dingtalk"]
    id: Annotated[Id, Field(min_length=24)]
    secret: SecretStr

    def adapter(self) -> Adapter:
        return DingTalk(self.secret.get_secret_value())


class FeishuSetting(Setting):
    channel: Literal["feishu"]
    encrypt_key: SecretStr
    verification_token: SecretStr

    def adapter(self) -> Adapter:
        return Feishu(self.encrypt_key.get_secret_value(), self.verification_token.get_secret_value())


AccountSetting = Annotated[WeComSetting | DingTalkSetting | FeishuSetting, Field(discriminator="channel")]


class ChannelSettings(BaseSettings):
    """Secrets, so the list may come from a file: `BIHUAN_CHANNELS_FILE`."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_", extra="ignore", hide_input_in_errors=True)

    channels: list[AccountSetting] = Field(default_factory=list)

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


def accounts(settings: list[AccountSetting]) -> dict[str, Account]:
    """By id. Raises ValueError when two have the same."""
    found = {one.id: Account(one.id, one.company, one.adapter()) for one in settings}
    if len(found) < len(settings):
        raise ValueError("BIHUAN_CHANNELS has two accounts with the same id")
    return found
