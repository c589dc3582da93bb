"""What notify sends by messengers and webhooks: how many a second, to simulators that take everything at once."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

import httpx2

from deploy.local.options import HOST
from shared.bus import Bus
from shared.events import Contact, Event, TicketOpened, TicketStageChanged
from shared.outbox import Outgoing
from shared.terms import Channel
from tests.bench.desk import Desk
from tests.intake.channels.platforms import AES_KEY
from tests.notify.samples import opened
from tests.servers import free_port

MANY, FEW = 500, 100
WITHIN = 120.0  # seconds
PORT = free_port()
URL = f"http://{HOST}:{PORT}"
DINGTALK = "bench-0123456789abcdefghij"
IDS = {Channel.WECOM: "bench", Channel.DINGTALK: DINGTALK, Channel.FEISHU: "bench"}
PATHS = {
    Channel.WECOM: "/cgi-bin/message/send",
    Channel.DINGTALK: "/v1.0/robot/oToMessages/batchSend",
    Channel.FEISHU: "/open-apis/im/v1/messages",
}
WECOM = {"token": "t", "aes_key": AES_KEY, "corp_id": "ww", "secret": "s", "agent_id": 7}
FEISHU = {"encrypt_key": "k", "verification_token": "v", "app_id": "a", "secret": "s"}
ACCOUNTS = [
    {"channel": "wecom", "id": "bench", "url": URL, **WECOM},
    {"channel": "dingtalk", "id": DINGTALK, "url": URL, "secret": "s", "app_key": "a"},
    {"channel": "feishu", "id": "bench", "url": URL, **FEISHU},
]
ENVIRONMENT: Mapping[str, str] = {
    "BIHUAN_CHANNELS": json.dumps(ACCOUNTS),
    "BIHUAN_OUTBOUND_ALLOWED": '["127.0.0.0/8"]',
}


async def messengers(desk: Desk) -> None:
    """Each customer has written by one, and is told there that the ticket is open."""
    count = FEW if desk.quick else MANY
    receiver = await receiver_of(desk)
    for number, channel in enumerate(PATHS):
        for first, many in ((number * 10_000, 20), (number * 10_000 + 1000, count)):
            await receiver.do("forget")
            with desk.window() as window:
                began = time.time()
                await publish(desk, partial(wrote, channel), first, many)
                last = await receiver.do("arrived", path=PATHS[channel], count=many, within=WITHIN)
                await desk.rest()
            if many == count:
                note = f"{count} at once; {window.strangers}"
                desk.figures.add(f"notify_{channel}_per_s", count / (last - began), "1/s", window.per(count), note)


async def webhooks(desk: Desk) -> None:
    """One webhook, events of many tickets."""
    count = FEW if desk.quick else MANY
    receiver = await receiver_of(desk)
    body = {"name": "bench", "url": f"{URL}/hook", "events": ["ticket.stage_changed"]}
    headers = {"authorization": f"Bearer {desk.stack.token('admin')}"}
    async with httpx2.AsyncClient(base_url=desk.stack.service_url("notify"), headers=headers) as client:
        (await client.post("/v1/webhooks", json=body)).raise_for_status()
    await asyncio.sleep(1)  # until it is read along
    for first, many in ((60_000, 20), (61_000, count)):
        await receiver.do("forget")
        with desk.window() as window:
            began = time.time()
            await publish(desk, _changed, first, many)
            last = await receiver.do("arrived", path="/hook", count=many, within=WITHIN)
        if many == count:
            note = f"{count} at once; {window.strangers}"
            desk.figures.add("notify_webhooks_per_s", count / (last - began), "1/s", window.per(count), note)


async def receiver_of(desk: Desk) -> Any:
    is_new = "receiver" not in desk.helpers
    receiver = await desk.helper("receivers", "receiver")
    if is_new:
        await receiver.do("serve", port=PORT)
    return receiver


async def publish(desk: Desk, event: Callable[[int], Event], first: int, count: int) -> None:
    bus = Bus(desk.stack.nats_url, "intake")
    await bus.link.open()
    try:
        for number in range(first, first + count):
            await bus.publish(Outgoing.of(event(number)))
    finally:
        await bus.link.close()


def wrote(channel: Channel, number: int) -> Event:
    ticket = f"TK-2026-{number:06d}"
    contact = Contact(name="张三", address=f"{channel}:{IDS[channel]}:p{number}")
    known = opened(ticket=ticket, contact=contact, channel=channel, taken_by=f"channel:{channel}", actor="")
    return TicketOpened.model_validate({**known.model_dump(), "id": ticket, "time": datetime.now(UTC)})


def _changed(number: int) -> Event:
    ticket = f"TK-2026-{number:06d}"
    known = {"from": "diagnosis", "to": "handling", "status": "in_progress", "why": "assigned"}
    return TicketStageChanged.model_validate(
        {**known, "id": f"stage-{ticket}", "subject": ticket, "time": datetime.now(UTC)}
    )
