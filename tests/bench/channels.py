"""What comes by messenger and mail: how many a second are verified, stored and answered, and what all of it costs."""

import json
from collections.abc import Mapping
from typing import Any

from deploy.local.options import HOST
from tests.bench.desk import Desk
from tests.intake.channels.platforms import AES_KEY
from tests.intake.mails.samples import SUPPORT
from tests.servers import free_port

CLIENTS = 8
MANY, FEW = 1_500, 200
PORT = free_port()
ACCOUNTS = [{"channel": "wecom", "id": "bench", "token": "tok-en", "aes_key": AES_KEY, "corp_id": "ww-corp"}]
ENVIRONMENT: Mapping[str, str] = {
    "BIHUAN_CHANNELS": json.dumps(ACCOUNTS),
    "BIHUAN_MAIL_MAILBOXES": json.dumps([SUPPORT]),
    "BIHUAN_MAIL_LISTEN": f"{HOST}:{PORT}",
}


async def channels(desk: Desk) -> None:
    platforms = await desk.helper("platforms", "platform")
    for count in (50, FEW if desk.quick else MANY):
        await platforms.do("wecom", account="bench", count=count)
        await measure(desk, "channel_wecom_per_s", count, url=desk.stack.service_url("intake"))
        await platforms.do("mails", count=count)
        await measure(desk, "channel_mail_per_s", count, port=PORT)


async def measure(desk: Desk, name: str, count: int, **where: Any) -> None:
    """The first, short round only warms up."""
    platforms = desk.helpers["platform"]
    with desk.window() as window:
        did = await platforms.do("deliver" if "url" in where else "hand_over", **where, clients=CLIENTS)
        after = await desk.rest()
    if did["count"] != count:
        raise RuntimeError(f"{did['refused']} of {count} were refused")
    if count > 50:
        note = f"{count} of them, {after:.1f} s to rest; {window.strangers}"
        desk.figures.add(name, count / did["seconds"], "1/s", window.per(count), note)
