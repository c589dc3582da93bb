"""Links that customers are mailed, as the embedded stack's mail sink has them."""

import re

import httpx2

from deploy.local.stack import Stack
from tests.live.desk import eventually

LINK = re.compile(r"https?://[^\s\"<>]+/links/[\w.~-]+")


async def link_to(stack: Stack, ticket: str, about: str = "") -> str:
    """The newest that was mailed about this ticket; `about`: words of its subject, where others have links too."""

    async def mailed() -> str:
        async with httpx2.AsyncClient(trust_env=False) as client:
            mails = (await client.get(f"{stack.collector_url}/api/mail")).json()["mails"]
        of = [mail["text"] for mail in mails if ticket in mail["subject"] and about in mail["subject"]]
        found = [link for text in of for link in LINK.findall(text)]
        return found[0] if found else ""

    return await eventually(mailed)
