"""Customers who write by messenger and mail while every process of intake is killed: each request is a ticket, once."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import aiosmtplib
import httpx2
import pytest

from deploy.local.options import HOST
from deploy.local.stack import Stack
from shared.events import TicketMessagePosted, TicketOpened
from tests.intake.channels.platforms import AES_KEY, FeishuPlatform, Platform, WeComPlatform
from tests.intake.mails.samples import mail
from tests.live import stream
from tests.live.conftest import options_of
from tests.live.desk import Desk, Json, eventually
from tests.servers import free_port

pytestmark = [pytest.mark.live, pytest.mark.timeout(400)]
PEOPLE = 12  # on each channel
SUPPORT = "support@desk.example"
AGAIN = 0.5  # seconds, as a platform or relay tries
PLATFORMS: Mapping[str, Platform] = {"wecom": WeComPlatform(), "feishu": FeishuPlatform()}
ACCOUNTS = [
    {"channel": "wecom", "id": "wecom", "token": "tok-en", "aes_key": AES_KEY, "corp_id": "ww-corp"},
    {"channel": "feishu", "id": "feishu", "encrypt_key": "encrypt-key", "verification_token": "verification-token"},
]


@pytest.fixture
def smtp_port() -> int:
    return free_port()


@pytest.fixture
async def stack(tmp_path: Path, smtp_port: int) -> AsyncIterator[Stack]:
    env = {
        "BIHUAN_CHANNELS": json.dumps(ACCOUNTS),
        "BIHUAN_MAIL_MAILBOXES": json.dumps([SUPPORT]),
        "BIHUAN_MAIL_LISTEN": f"{HOST}:{smtp_port}",
    }
    async with Stack(options_of(tmp_path, env=env)) as stack:
        yield stack


async def test_each_request_is_a_ticket_once_wherever_intake_is_killed(
    stack: Stack, desk: Desk, smtp_port: int
) -> None:
    async with httpx2.AsyncClient(base_url=stack.url, trust_env=False) as client, asyncio.TaskGroup() as at_once:
        for number in range(PEOPLE):
            for account in PLATFORMS:
                at_once.create_task(write(client, account, number))
            at_once.create_task(hand_over(smtp_port, number))
        for _ in range(2):
            await asyncio.sleep(4)
            processes = stack.options.replicas_of("intake")
            await asyncio.gather(*map(stack.kill, processes))
            await asyncio.gather(*map(stack.ready, processes))

    async def all_there() -> bool:
        return len(await desk.all("lead", "v1/tickets")) >= 3 * PEOPLE

    await eventually(all_there, within=90)
    await asyncio.sleep(20)  # what would be put there once more
    await stream.rest(stack)
    tickets = [
        await desk.do("lead", "GET", f"v1/tickets/{row['ticket']}") for row in await desk.all("lead", "v1/tickets")
    ]
    assert sorted(map(words, tickets)) == sorted(
        [*(f"{name} {n} 无法登录\n{name} {n} 错误 500" for name in PLATFORMS for n in range(PEOPLE))]
        + [f"email {n} 无法登录" for n in range(PEOPLE)]
    )
    assert await stream.count(stack, TicketOpened) == 3 * PEOPLE
    assert await stream.count(stack, TicketMessagePosted) == sum(len(one["messages"]) for one in tickets)
    by_mail = [one for one in tickets if one["channel"] == "email"]
    assert [[file["size"] for file in one["attachments"]] for one in by_mail] == [[5]] * PEOPLE


def words(ticket: Json) -> str:
    """All that the customer wrote, whether it was one entry or two."""
    return "\n".join([ticket["problem"]["description"], *(one["text"] for one in ticket["messages"])])


async def write(client: httpx2.AsyncClient, account: str, number: int) -> None:
    """Two messages, one after the other; each is delivered until it is taken, and then once more."""
    for part in ("无法登录", "错误 500"):
        at = datetime.now(UTC)
        text, id = f"{account} {number} {part}", f"{account}-{number}-{part}"
        delivery = PLATFORMS[account].signed(PLATFORMS[account].message(id, text, at, sender=f"p{number}"), at)
        taken = 0
        while taken < 2:
            try:
                answer = await client.post(
                    f"/channels/{account}",
                    params=dict(delivery.query),
                    headers=dict(delivery.headers),
                    content=delivery.body,
                )
                assert answer.status_code in (200, 429, 502, 503, 504), answer.text
                taken += answer.status_code == 200
            except httpx2.TransportError:
                pass
            await asyncio.sleep(AGAIN)


async def hand_over(port: int, number: int) -> None:
    raw = mail(
        f"email {number} 无法登录", id=f"<{number}@x.example>", sender=f"p{number}@x.example", files={"a.log": b"12345"}
    )
    taken = 0
    while taken < 2:
        try:
            async with aiosmtplib.SMTP(hostname=HOST, port=port, timeout=20) as relay:
                await relay.sendmail("relay@mx.example", [SUPPORT], raw)
                taken += 1
        except (aiosmtplib.SMTPException, OSError):
            pass
        await asyncio.sleep(AGAIN)
