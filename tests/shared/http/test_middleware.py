"""The outermost layer: how large a body may be, how long it may take to come, and HEAD wherever there is GET."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx2
import pytest
import uvicorn
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import StreamingResponse

from shared.http import Body
from shared.http.middleware import BODY_LIMIT, UPLOAD_LIMIT, HttpMiddleware
from shared.http.problems import add_problem_handlers
from tests.servers import free_port

router = APIRouter()


class Word(Body):
    word: str


@router.get("/words")
async def read() -> Word:
    return Word(word="hello")


@router.post("/words", status_code=201)
async def write(body: Word) -> Word:
    return body


@router.post("/words/attachments")
async def attach(request: Request) -> int:
    return len(await request.body())


@router.get("/endless")
async def endless() -> StreamingResponse:
    async def words() -> AsyncIterator[bytes]:
        while True:
            yield b"again "
            await asyncio.sleep(0.01)

    return StreamingResponse(words())


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI(redirect_slashes=False)
    app.include_router(router)
    add_problem_handlers(app, ())
    app.add_middleware(HttpMiddleware, service="shared", body_seconds=0.3, upload_seconds=1.0)
    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://edge") as client:
        yield client


@pytest.fixture
async def port(app: FastAPI) -> AsyncIterator[int]:
    """A real server: what happens on a connection cannot be seen otherwise."""
    config = uvicorn.Config(app, port=free_port(), lifespan="off", log_level="warning", http="httptools")
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    yield config.port
    server.should_exit = True
    await asyncio.wait_for(running, 10)


async def pieces(size: int, of: int = 65_536) -> AsyncIterator[bytes]:
    for _ in range(size // of):
        yield b" " * of


# ---- size


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_that_is_too_large_is_refused(client: httpx2.AsyncClient, chunked: bool) -> None:
    size = BODY_LIMIT + 65_536
    answer = await client.post("/words", content=pieces(size) if chunked else b" " * size, headers=JSON)
    assert ("content-length" not in answer.request.headers) == chunked
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:bihuan:problem:too-large")
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_just_within_the_bound_is_read(client: httpx2.AsyncClient, chunked: bool) -> None:
    body = b'{"word": "x"}'
    content = body + b" " * (BODY_LIMIT - len(body))

    async def twice() -> AsyncIterator[bytes]:
        yield content[:9]
        yield content[9:]

    answer = await client.post("/words", content=twice() if chunked else content, headers=JSON)
    assert answer.status_code == 201


async def test_an_attachment_may_be_larger_but_not_without_end(client: httpx2.AsyncClient) -> None:
    mib = 1024 * 1024
    fits = await client.post("/words/attachments", content=pieces(UPLOAD_LIMIT, mib))
    too_large = await client.post("/words/attachments", content=pieces(UPLOAD_LIMIT + mib, mib))
    assert (fits.status_code, fits.json(), too_large.status_code) == (200, UPLOAD_LIMIT, 413)


async def test_a_length_that_lies_does_not_help(client: httpx2.AsyncClient) -> None:
    headers = {"Content-Length": "10", **JSON}
    assert (await client.post("/words", content=pieces(2 * BODY_LIMIT), headers=headers)).status_code == 413


# ---- time


async def heard(reader: asyncio.StreamReader) -> bytes:
    """Who hangs up while we still send resets the connection: what was said before counts."""
    said = b""
    with suppress(ConnectionResetError):
        while piece := await reader.read(65_536):
            said += piece
    return said


async def spoken(port: int, *parts: bytes, pause: float = 0.05) -> bytes:
    """What comes back, until the server hangs up, while these parts are sent one after the other."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = asyncio.create_task(heard(reader))
    try:
        for part in parts:
            if answer.done():
                break
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        async with asyncio.timeout(10):
            return await answer
    finally:
        writer.close()


HEAD = b"POST /words%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"


@pytest.mark.parametrize("path", [b"", b"/attachments"])
async def test_a_body_that_does_not_come_is_not_waited_for(port: int, path: bytes) -> None:
    answer = await spoken(port, HEAD % path)
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"urn:bihuan:problem:too-slow" in answer


async def test_a_body_that_comes_a_byte_at_a_time_is_not_waited_for(port: int) -> None:
    answer = await spoken(port, HEAD % b"", *[b" "] * 400)
    assert answer.startswith(b"HTTP/1.1 408")


async def test_a_slow_answer_is_no_slow_body(port: int) -> None:
    async with (
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
        client.stream("GET", "/endless") as answer,
    ):
        began, heard = asyncio.get_running_loop().time(), b""
        async for piece in answer.aiter_bytes():
            heard += piece
            if asyncio.get_running_loop().time() - began > 0.6:  # twice the time that a body has
                break
    assert heard.startswith(b"again again")


# ---- HEAD


async def test_head_is_get_without_the_body(port: int) -> None:
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        for _ in range(2):  # on one connection: nothing is left over between the answers
            whole, head = await client.get("/words"), await client.head("/words")
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers["content-length"] == str(len(whole.content)) == whole.headers["content-length"]
        assert (await client.head("/endless")).status_code == 200
        assert (await client.head("/nothing")).status_code == 404
        assert (await client.head("/words/attachments")).status_code == 405


async def test_head_has_no_body_where_the_server_does_not_see_to_it(client: httpx2.AsyncClient) -> None:
    assert (await client.head("/words")).content == b""


# ---- addresses


@pytest.mark.parametrize("path", ["/words/", "/words/attachments/", "//words"])
async def test_an_address_with_a_slash_too_many_is_none(client: httpx2.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/words", "GET, HEAD, POST"),
        ("GET", "/words/attachments", "POST"),
        ("OPTIONS", "/words", "GET, HEAD, POST"),
        ("TRACE", "/endless", "GET, HEAD"),
        ("HEAD", "/words/attachments", "POST"),
    ],
)
async def test_a_method_that_is_not_there_is_told_which_are(
    client: httpx2.AsyncClient, method: str, path: str, allowed: str
) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
