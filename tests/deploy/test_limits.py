"""How much and how slowly the gateway lets anybody ask, one beside the other."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from deploy.gateway.config import Rate
from deploy.local.options import Options
from deploy.local.stack import Stack
from tests.deploy.conftest import STUB

pytestmark = pytest.mark.live
TICKETS = "/v1/tickets"


@pytest.fixture(scope="module")
async def narrow(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """A stack whose gateway grants next to nothing."""
    options = Options(
        data_dir=tmp_path_factory.mktemp("narrow"),
        services=("intake",),
        target=STUB,
        address_rate=Rate(500, 1000),
        caller_rate=Rate(1, 6),
        company_rate=Rate(1, 10),
        env={"BIHUAN_COMPANY_CLAIM": "org.name"},
        upload_seconds=2,
        exchange_seconds=1,
    )
    async with Stack(options) as stack:
        yield stack


async def ask(
    stack: Stack, times: int, sub: str, company: str | None = None, path: str = TICKETS
) -> list[httpx2.Response]:
    token = stack.identity.mint("u-wang", sub=sub, company=None, org={"name": company} if company else None)
    async with httpx2.AsyncClient(base_url=stack.url, headers={"authorization": f"Bearer {token}"}) as client:
        return [await client.get(path) for _ in range(times)]


def let_through(answers: list[httpx2.Response]) -> int:
    return sum(answer.status_code == 200 for answer in answers)


# ---- how much


async def test_the_flood_of_one_costs_nobody_else_anything(narrow: Stack) -> None:
    flood = await ask(narrow, 60, "auth0|flood", "北方")
    assert 6 <= let_through(flood) < 20
    assert let_through(await ask(narrow, 6, "auth0|calm", "华东")) == 6
    assert let_through(await ask(narrow, 4, "auth0|colleague", "北方")) == 4


async def test_the_people_of_a_company_share_what_it_may(narrow: Stack) -> None:
    answers = [await ask(narrow, 6, f"u-{n}", "南方") for n in range(8)]
    assert 10 <= sum(map(let_through, answers)) < 24
    assert let_through(await ask(narrow, 6, "u-9", "西部")) == 6


async def test_who_has_no_company_shares_with_nobody(narrow: Stack) -> None:
    assert [let_through(await ask(narrow, 6, f"s-{n}")) for n in range(5)] == [6] * 5


async def test_who_asks_too_much_is_told_how_much_that_is(narrow: Stack) -> None:
    answers = await ask(narrow, 40, "u-much")
    assert answers[0].headers["x-ratelimit-limit"] == "6"
    assert answers[0].headers["x-ratelimit-remaining"] == "5"
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.headers["retry-after"] == "1"
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["title"] == "Too many requests"


async def test_without_a_token_the_address_counts(tmp_path: Path) -> None:
    options = Options(data_dir=tmp_path, services=("intake",), target=STUB, address_rate=Rate(1, 6))
    async with Stack(options) as stack, httpx2.AsyncClient(base_url=stack.url) as client:
        answers = [await client.get(path) for path in [TICKETS, "/links/x"] * 12]
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {200, 401, 429}
    assert statuses.count(429) > 12
    assert answers[statuses.index(429)].headers["retry-after"] == "1"


# ---- how slowly


BODY = 1000  # bytes


async def spoken(stack: Stack, path: str, token: str = "", head: bool = True, most: int = 0) -> tuple[bytes, int]:
    """What comes back until the gateway hangs up, and how many bytes of a body were sent until then, one at a time and
    `most` of them."""
    reader, writer = await asyncio.open_connection("127.0.0.1", stack.ports["gateway"])
    sent = f"POST {path} HTTP/1.1\r\nHost: x\r\n"
    if head:
        sent += f"Authorization: Bearer {token}\r\n" if token else ""
        sent += f"Content-Type: application/json\r\nContent-Length: {BODY}\r\n\r\n"
    writer.write(sent.encode())
    hung_up = asyncio.create_task(reader.read())
    pieces = 0
    try:
        while pieces < most and not hung_up.done():
            pieces += 1
            writer.write(b" ")
            await asyncio.sleep(0.1)
        async with asyncio.timeout(20):
            return await hung_up, pieces
    except ConnectionError:  # the gateway does not read what comes after its answer
        return b"", pieces
    finally:
        writer.close()


LINK, FILES = "/links/x", f"{TICKETS}/T-1/attachments"


@pytest.mark.parametrize(
    ("path", "signed_in", "status"),
    [(TICKETS, False, 401), (TICKETS, True, 408), (LINK, False, 408), (FILES, True, 408)],
)
async def test_a_body_that_does_not_come_is_not_waited_for(
    narrow: Stack, path: str, signed_in: bool, status: int
) -> None:
    answer, _ = await spoken(narrow, path, narrow.identity.mint("u-wang", sub=f"slow-{path}") if signed_in else "")
    assert answer.startswith(f"HTTP/1.1 {status}".encode())
    assert b"application/problem+json" in answer


@pytest.mark.parametrize(("path", "signed_in"), [(TICKETS, False), (TICKETS, True), (LINK, False), (FILES, True)])
async def test_a_body_that_trickles_does_not_keep_a_connection(narrow: Stack, path: str, signed_in: bool) -> None:
    token = narrow.identity.mint("u-wang", sub=f"trickle-{path}") if signed_in else ""
    _, pieces = await spoken(narrow, path, token, most=BODY)
    assert 0 < pieces < BODY


async def test_a_head_that_does_not_end_is_not_waited_for(narrow: Stack) -> None:
    answer, _ = await spoken(narrow, TICKETS, head=False)
    assert answer.startswith(b"HTTP/1.1 408")
