"""Group robots that staff are told by, from the setting `BIHUAN_ROBOTS`: a JSON list, or a file with it."""

import json
import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.terms import Id, Role

ROBOT = "robot"  # what their addresses begin with
MOST_ROBOTS = 50
Inbox = Literal[Role.LEAD, Role.KB_EDITOR, Role.ADMIN]


class RobotSetting(BaseModel):
    """`url` is the address that the platform gave when the robot was added, which is a secret; with apprise one of its
    addresses (https://github.com/caronc/apprise/wiki). `secret` is the one to sign with, where the robot has one.
    `inboxes` are the roles whose notifications it tells in its group."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    id: Id
    kind: Literal["wecom", "dingtalk", "feishu", "apprise"]
    url: SecretStr
    secret: SecretStr | None = None
    inboxes: Annotated[list[Inbox], Field(min_length=1)] = [Role.LEAD]
    language: Literal["zh", "en"] = "zh"

    @field_validator("url")
    @classmethod
    def leads_somewhere(cls, url: SecretStr) -> SecretStr:
        if "://" not in url.get_secret_value():
            raise ValueError("the address is incomplete")
        return url


class RobotSettings(BaseSettings):
    """Secrets, so the list may come from a file: `BIHUAN_ROBOTS_FILE`."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_", extra="ignore", hide_input_in_errors=True)

    robots: Annotated[list[RobotSetting], Field(max_length=MOST_ROBOTS)] = Field(default_factory=list)

    @field_validator("robots")
    @classmethod
    def have_names_of_their_own(cls, robots: list[RobotSetting]) -> list[RobotSetting]:
        if len({one.id for one in robots}) < len(robots):
            raise ValueError("two robots have the same id")
        return robots


def robot_settings() -> list[RobotSetting]:
    if path := os.environ.get("BIHUAN_ROBOTS_FILE"):
        known: dict[str, Any] = {"robots": json.loads(Path(path).read_text("utf-8"))}
        return RobotSettings.model_validate(known).robots
    return RobotSettings().robots
