"""notify with an account of each messenger on the simulated platforms, with and without a mail server."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.notify.app import create_app
from shared.testing import Servers, World, running
from tests.intake.channels.platforms import AES_KEY
from tests.notify.channels.platforms import Platforms
from tests.notify.conftest import MailServer, mailing_by
from tests.servers import serving

DINGTALK_ID = "ding-0123456789abcdefghij"


def accounts(url: str) -> list[dict[str, Any]]:
    return [
        {
            "channel": "wecom",
            "id": "desk",
            "token": "tok-en",
            "aes_key": AES_KEY,
            "corp_id": "ww-corp",
            "secret": "right",
            "agent_id": 7,
            "url": url,
        },
        {"channel": "dingtalk", "id": DINGTALK_ID, "secret": "right", "app_key": "app", "url": url},
        {"channel": "dingtalk", "id": "ding-without-an-app-key-0", "secret": "right", "url": url},
        {
            "channel": "feishu",
            "id": "fei",
            "encrypt_key": "k",
            "verification_token": "v",
            "app_id": "app",
            "secret": "right",
            "url": url,
        },
    ]


@pytest.fixture
async def platforms(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Platforms]:
    found = Platforms()
    async with serving(found.app) as found.url:
        monkeypatch.setenv("BIHUAN_CHANNELS", json.dumps(accounts(found.url)))
        monkeypatch.setenv("BIHUAN_OUTBOUND_ALLOWED", '["127.0.0.0/8"]')
        yield found


@pytest.fixture
async def desk(servers: Servers, platforms: Platforms) -> AsyncIterator[World]:
    async with running(servers, create_app) as world:
        yield world


@pytest.fixture
async def mailing_desk(servers: Servers, platforms: Platforms, mail_server: MailServer) -> AsyncIterator[World]:
    async with running(servers, mailing_by(mail_server)) as world:
        yield world
