"""How messages of each account of the settings are read, and where its files are fetched.

Another channel is another entry in `AccountSetting`, and here the adapter that it makes.
"""

from dataclasses import dataclass

import httpx2

from services.intake.channels.adapter import Adapter
from services.intake.channels.dingtalk import DingTalk
from services.intake.channels.feishu import Feishu
from services.intake.channels.hotline import Hotline
from services.intake.channels.media import MediaSource
from services.intake.channels.platforms import DingTalkMedia, FeishuMedia, WeComMedia
from services.intake.channels.stream import DingTalkStream
from services.intake.channels.wecom import WeCom
from shared.messengers.settings import AccountSetting, DingTalkSetting, FeishuSetting, WeComSetting


@dataclass(frozen=True)
class Account:
    id: str
    company: str
    adapter: Adapter
    media: MediaSource | None = None
    stream: DingTalkStream | None = None


def accounts(settings: list[AccountSetting], http: httpx2.AsyncClient) -> dict[str, Account]:
    """By id. Raises ValueError when two have the same."""
    found = {one.id: _account(one, http) for one in settings}
    if len(found) < len(settings):
        raise ValueError("BIHUAN_CHANNELS has two accounts with the same id")
    return found


def _account(one: AccountSetting, http: httpx2.AsyncClient) -> Account:
    return Account(one.id, one.company, _adapter(one), _media(one, http), _stream(one, http))


def _adapter(one: AccountSetting) -> Adapter:
    if isinstance(one, WeComSetting):
        return WeCom(one.token.get_secret_value(), one.aes_key.get_secret_value(), one.corp_id)
    if isinstance(one, DingTalkSetting):
        return DingTalk(one.secret.get_secret_value())
    if isinstance(one, FeishuSetting):
        return Feishu(one.encrypt_key.get_secret_value(), one.verification_token.get_secret_value())
    return Hotline(one.secret.get_secret_value(), one.region)


def _media(one: AccountSetting, http: httpx2.AsyncClient) -> MediaSource | None:
    if isinstance(one, WeComSetting) and one.secret:
        return WeComMedia(http, one.url, one.corp_id, one.secret.get_secret_value())
    if isinstance(one, DingTalkSetting) and one.app_key:
        return DingTalkMedia(http, one.url, one.app_key, one.secret.get_secret_value())
    if isinstance(one, FeishuSetting) and one.secret:
        return FeishuMedia(http, one.url, one.app_id, one.secret.get_secret_value())
    return None


def _stream(one: AccountSetting, http: httpx2.AsyncClient) -> DingTalkStream | None:
    if isinstance(one, DingTalkSetting) and one.mode == "stream":
        return DingTalkStream(http, one.url, one.app_key, one.secret.get_secret_value())
    return None
