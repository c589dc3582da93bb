"""A browser at the customers' pages: it keeps cookies, names the origin of a form, and fills in what a page offers."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from typing import Any

import httpx2

from services.intake.portal.session import SESSION
from shared.testing import Person, World

HOST = "http://desk.test"  # the public address of tests
HIDDEN = re.compile(r'<input type="hidden" name="key" value="([0-9a-f]{32})">')
WORDS = re.compile(r"<[^>]+>")


@asynccontextmanager
async def browser(world: World, person: Person | None, **headers: str) -> AsyncIterator[httpx2.AsyncClient]:
    cookies = {SESSION: world.token(person)} if person else {}
    transport = httpx2.ASGITransport(world.apps["intake"])
    known = {"Origin": HOST, "Accept-Language": "zh-CN", **headers}
    async with httpx2.AsyncClient(transport=transport, base_url=HOST, headers=known, cookies=cookies) as client:
        yield client


async def post(client: httpx2.AsyncClient, path: str, *files: tuple[str, bytes], **fields: str) -> httpx2.Response:
    parts: list[tuple[str, Any]] = [(name, (None, value)) for name, value in fields.items()]
    parts += [("files", (name, content, "text/plain")) for name, content in files]
    return await client.post(path, files=parts or [("files", ("", b""))])


def key_of(page: httpx2.Response) -> str:
    return str(HIDDEN.findall(page.text)[0])


def words_of(page: httpx2.Response) -> str:
    """What people read."""
    body = page.text.partition("</style>")[2]
    return " ".join(unescape(WORDS.sub(" ", body)).split())
