"""A machine client comes through the real gateway, and is gone when its key is revoked."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from deploy.local.options import Options
from deploy.local.stack import Stack

pytestmark = pytest.mark.live
KEY = {"name": "ERP", "scopes": ["ticket:read"], "days": 1}


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    """Two processes of each service."""
    async with Stack(Options(data_dir=tmp_path, services=("intake", "notify"), replicas=2)) as stack:
        yield stack


async def test_a_key_is_exchanged_used_and_revoked_everywhere(stack: Stack) -> None:
    admin = {"authorization": f"Bearer {stack.token('admin')}"}
    async with httpx2.AsyncClient(base_url=stack.url, timeout=10) as client:
        made = await client.post("/v1/api-keys", json=KEY, headers=admin)
        key = made.json()
        assert made.status_code == 201, made.text
        form = {"grant_type": "client_credentials", "client_id": key["id"], "client_secret": key["secret"]}
        exchanged = await client.post("/oauth2/token", data=form)
        token = exchanged.json()["access_token"]
        machine = {"authorization": f"Bearer {token}"}

        async def status(path: str) -> int:
            return (await client.get(path, headers=machine)).status_code

        async with asyncio.timeout(30):  # the gateway looks at the keys every five seconds
            while await status("/v1/tickets") != 200:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
        assert [await status("/v1/tickets") for _ in range(8)] == [200] * 8
        assert (await status("/v1/products"), await status("/v1/webhooks")) == (403, 403)
        assert (
            await client.get("/v1/tickets", headers={"authorization": f"Bearer {key['secret']}"})
        ).status_code == 401

        await client.post(f"/v1/api-keys/{key['id']}/revocation", headers=admin)
        async with asyncio.timeout(30):
            while await status("/v1/tickets") != 401:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
            for process in ("intake", "intake.2"):
                own = stack.service_url(process)
                while (await client.get(f"{own}/v1/tickets", headers=machine)).status_code != 401:  # noqa: ASYNC110
                    await asyncio.sleep(0.2)
        assert (await client.post("/oauth2/token", data=form)).status_code == 401
    for log in stack.site.folder("log").iterdir():
        told = log.read_text("utf-8", errors="replace")
        assert key["secret"] not in told, log.name
        assert token.rpartition(".")[2] not in told, log.name
