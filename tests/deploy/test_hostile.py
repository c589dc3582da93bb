"""Requests that mean harm, byte by byte through the real gateway to a service that says what reached it."""

import asyncio
import json
import re
from contextlib import suppress
from dataclasses import dataclass

import httpx2
import pytest

from deploy.local.stack import Stack

pytestmark = pytest.mark.live
HIDDEN = "/v1/tickets/smuggled"  # what none of them may bring to a service
REACHED = f'"path":"{HIDDEN}"'.encode()  # as the service would say it
ANSWER = re.compile(rb"HTTP/1\.1 (\d{3})")
WITHIN = 20  # seconds, until the gateway has answered or closed


@dataclass(frozen=True)
class Seen:
    """The statuses of all answers on one connection, and everything that came."""

    statuses: list[int]
    text: bytes


async def sent(stack: Stack, raw: bytes) -> Seen:
    """All that is answered to these bytes, until the gateway closes: the last request asks it to."""
    reader, writer = await asyncio.open_connection("127.0.0.1", stack.ports["gateway"])
    try:
        writer.write(raw)
        await writer.drain()
        async with asyncio.timeout(WITHIN):
            text = await reader.read(-1)
    except ConnectionError:
        text = b""
    finally:
        await end(writer)
    return Seen([int(status) for status in ANSWER.findall(text)], text)


async def end(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


def request(stack: Stack, line: str, *headers: str, body: bytes = b"", end: str = "\r\n") -> bytes:
    known = [line, "host: desk.example", f"authorization: Bearer {stack.token('agent')}", *headers]
    return (end.join(known) + end + end).encode("latin-1") + body


INSIDE = f"GET {HIDDEN} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode()
POST = "POST /v1/tickets HTTP/1.1"
SMUGGLING: dict[str, tuple[tuple[str, ...], bytes]] = {
    "length and chunks": (("content-length: 5", "transfer-encoding: chunked"), b"0\r\n\r\n" + INSIDE),
    "chunks and length": (("transfer-encoding: chunked", "content-length: 300"), b"0\r\n\r\n" + INSIDE),
    "two lengths": (("content-length: 0", "content-length: 60"), INSIDE),
    "two lengths in one": (("content-length: 0, 60",), INSIDE),
    "a signed length": (("content-length: +0",), INSIDE),
    "a negative length": (("content-length: -1",), INSIDE),
    "a length in hex": (("content-length: 0x0",), INSIDE),
    "a length beyond all": (("content-length: 18446744073709551616",), INSIDE),
    "chunked, and something": (("transfer-encoding: chunked, identity",), b"0\r\n\r\n" + INSIDE),
    "something like chunked": (("transfer-encoding: xchunked",), b"0\r\n\r\n" + INSIDE),
    "chunked with a tab": (("transfer-encoding:\tchunked", "content-length: 3"), b"0\r\n\r\n" + INSIDE),
    "chunked twice": (("transfer-encoding: chunked", "transfer-encoding: identity"), b"0\r\n\r\n" + INSIDE),
    "a space before the colon": (("transfer-encoding : chunked",), b"0\r\n\r\n" + INSIDE),
    "a folded header": (("x: 1\r\n transfer-encoding: chunked",), b"0\r\n\r\n" + INSIDE),
    "a chunk beyond all": (("transfer-encoding: chunked",), b"fffffffffffffffff\r\n" + INSIDE),
    "a chunk of no size": (("transfer-encoding: chunked",), b"-1\r\n" + INSIDE),
    "a chunk that goes on": (("transfer-encoding: chunked",), b"3\r\nabcdef\r\n" + INSIDE),
    "a line feed in a header": (("x: 1\nx-evil: 1",), INSIDE),
    "a carriage return in a header": (("x: 1\rcontent-length: 0",), INSIDE),
    "a zero byte in a header": (("x: a\0b",), INSIDE),
}


@pytest.mark.parametrize("what", SMUGGLING)
async def test_no_request_hides_in_another(stack: Stack, what: str) -> None:
    """It is refused, or it has no body at all; what is behind it is no request, or one that has no token of its own."""
    headers, body = SMUGGLING[what]
    seen = await sent(stack, request(stack, POST, "connection: keep-alive", *headers, body=body))
    assert REACHED not in seen.text
    assert seen.statuses, "no answer"
    assert set(seen.statuses[1:]) <= {400, 401}, seen.text[:300]
    assert seen.statuses[0] in (400, 408, 413, 501) or seen.statuses[:1] == [200] != seen.statuses, seen.text[:300]


LINES = {
    "an older protocol": ("GET /v1/tickets HTTP/0.9", {400, 426, 505}),
    "a newer one": ("PRI * HTTP/2.0", {400, 505}),
    "no protocol": ("GET /v1/tickets", {400, 426}),
    "no address": ("GET * HTTP/1.1", {400, 404}),
    "a space in the address": ("GET /v1/tic kets HTTP/1.1", {400}),
    "another server": ("GET http://127.0.0.1:22/v1/nothing HTTP/1.1", {404}),
    "above the root": ("GET /../../etc/passwd HTTP/1.1", {400, 404}),
    "a zero byte": ("GET /v1/tickets/%00 HTTP/1.1", {400, 404}),
    "metrics": ("GET /v1/../metrics HTTP/1.1", {404}),
    "metrics behind a parameter": ("GET /v1/..;/metrics HTTP/1.1", {400, 404}),
    "a method in lower case": ("get /v1/tickets HTTP/1.1", {400, 405}),
}


@pytest.mark.parametrize("what", LINES)
async def test_a_strange_request_line_gets_nowhere(stack: Stack, what: str) -> None:
    line, statuses = LINES[what]
    seen = await sent(stack, request(stack, line, "connection: close"))
    assert seen.statuses == [] or set(seen.statuses) <= statuses, seen.text[:300]


async def test_there_is_no_tunnel(stack: Stack) -> None:
    """The gateway waits for the end of such a request, as it does for slow ones, and passes nothing on."""
    reader, writer = await asyncio.open_connection("127.0.0.1", stack.ports["gateway"])
    writer.write(request(stack, "CONNECT 127.0.0.1:22 HTTP/1.1") + INSIDE)
    writer.write_eof()
    async with asyncio.timeout(WITHIN):
        text = await reader.read(-1)
    await end(writer)
    assert REACHED not in text
    assert b"200" not in ANSWER.findall(text)


@pytest.mark.parametrize(
    "headers",
    [
        (f"x: {'a' * 70_000}",),
        tuple(f"x-{n}: 1" for n in range(150)),
        (f"cookie: {'a=b; ' * 20_000}",),
    ],
    ids=["one that is huge", "very many", "a cookie without end"],
)
async def test_huge_headers_are_refused_as_a_problem(stack: Stack, headers: tuple[str, ...]) -> None:
    seen = await sent(stack, request(stack, "GET /v1/tickets HTTP/1.1", "connection: close", *headers))
    assert seen.statuses == [431]
    assert b"urn:bihuan:problem:headers-too-large" in seen.text


async def test_an_address_without_end_is_refused(stack: Stack) -> None:
    seen = await sent(stack, request(stack, f"GET /v1/tickets?q={'a' * 70_000} HTTP/1.1", "connection: close"))
    assert set(seen.statuses) <= {414, 431}


async def test_of_two_tokens_none_counts(stack: Stack) -> None:
    """What the gateway looks at must be what the service looks at."""
    forged = stack.token("admin")[:-6] + "AAAAAA"
    for first, second in ((stack.token("agent"), forged), (forged, stack.token("agent"))):
        raw = f"GET /v1/tickets HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {first}\r\n"
        seen = await sent(stack, f"{raw}authorization: Bearer {second}\r\n\r\n".encode())
        assert seen.statuses == [401], seen.text[:300]


SPOOFED = [
    "x-user-sub",
    "X-USER-ROLES",
    "x_user_sub",
    "x-jwt-payload",
    "x-auth-request-user",
    "x-remote-user",
    "x-roles",
]
SPOOFED += ["x-forwarded-user", "x-forwarded-email", "x-forwarded-groups", "x-forwarded-host", "x-actor"]
SPOOFED += ["x-envoy-original-path", "x-envoy-force-trace", "x-envoy-external-address", "x-envoy-retry-on"]


@pytest.mark.parametrize("name", SPOOFED)
async def test_no_header_says_who_somebody_is(stack: Stack, name: str) -> None:
    headers = {"authorization": f"Bearer {stack.token('agent')}", name: "admin-of-all"}
    async with httpx2.AsyncClient(base_url=stack.url) as client:
        seen = (await client.get("/v1/tickets", headers=headers)).json()["headers"]
    assert "admin-of-all" not in seen.values()


@pytest.mark.parametrize("where", ["?access_token=", "?authorization=Bearer%20", "?jwt="])
async def test_a_token_in_the_address_is_no_token_and_is_not_logged(stack: Stack, where: str) -> None:
    token = stack.token("lead")
    async with httpx2.AsyncClient(base_url=stack.url) as client:
        assert (await client.get(f"/v1/tickets{where}{token}")).status_code == 401
    await asyncio.sleep(1.2)  # Envoy writes its log once a second
    assert token.rpartition(".")[2] not in stack.site.log("access").read_text("utf-8")


async def test_the_token_of_another_connection_is_not_used(stack: Stack) -> None:
    """One request with a token, the next without, on the same connection."""
    first = request(stack, "GET /v1/tickets HTTP/1.1", "connection: keep-alive")
    seen = await sent(stack, first + b"GET /v1/tickets HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    assert seen.statuses == [200, 401]


async def test_a_connection_header_takes_nothing_away_that_counts(stack: Stack) -> None:
    seen = await sent(
        stack, request(stack, "GET /v1/tickets HTTP/1.1", "connection: close, authorization, x-request-id")
    )
    if seen.statuses == [200]:
        reached = json.loads(seen.text[seen.text.index(b"{") : seen.text.rindex(b"}") + 1])
        assert reached["headers"]["authorization"].startswith("Bearer ")
    else:
        assert set(seen.statuses) <= {400, 401, 403}


async def test_no_line_of_the_log_is_made_up(stack: Stack) -> None:
    """A line break in an address or a header starts no line of its own."""
    lines = ["GET /v1/x%0a%7b%22status%22%3a%20777%7d HTTP/1.1", "GET /v1/x?a=%0d%0a{} HTTP/1.1"]
    for line in lines:
        await sent(stack, request(stack, line, "connection: close", 'x-request-id: "\\n{\\"status\\": 777}'))
    await asyncio.sleep(1.2)
    logged = [json.loads(one) for one in stack.site.log("access").read_text("utf-8").splitlines()]
    assert 777 not in [one["status"] for one in logged]
    assert {"trace_id", "status", "path", "user"} <= logged[-1].keys()
