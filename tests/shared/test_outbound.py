"""Requests to addresses that others name reach no network of ours, in whatever way the address is written."""

import asyncio
import socket
from collections.abc import AsyncIterator
from ipaddress import ip_address, ip_network
from typing import Any

import httpx2
import pytest

from shared import outbound
from shared.outbound import AddressNotAllowed, is_public, unwrapped


class Inner:
    """A server that nobody outside may reach: it counts who connects."""

    def __init__(self) -> None:
        self.connected = 0
        self.port = 0
        self.hosts: list[str] = []

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connected += 1
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.hosts += [line[6:] for line in head.split("\r\n") if line.lower().startswith("host: ")]
        writer.write(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\ncontent-length: 2\r\n\r\nok")
        await writer.drain()
        writer.close()


@pytest.fixture
async def inner() -> AsyncIterator[Inner]:
    found = Inner()
    server = await asyncio.start_server(found.answer, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    yield found
    server.close()


NAMES = {
    "inner.test": ["127.0.0.1"],
    "mixed.test": ["93.184.215.14", "127.0.0.1"],
    "mapped.test": ["::ffff:127.0.0.1"],
    "nat64.test": ["64:ff9b::7f00:1"],
    "sixtofour.test": ["2002:7f00:1::"],
}


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    let_names_lead(monkeypatch)


def let_names_lead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of the world outside, as their owners may have set them."""
    loop = asyncio.get_running_loop()
    real = loop.getaddrinfo

    async def look_up(host: str, port: int, **more: Any) -> Any:
        if host in NAMES:
            return [(0, 0, 0, "", (address, port)) for address in NAMES[host]]
        return await real(host, port, **more)

    monkeypatch.setattr(loop, "getaddrinfo", look_up, raising=False)


HOSTS = [
    *("127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"),
    *("169.254.169.254", "100.64.0.1", "10.0.0.1", "192.168.0.1", "[fd00::1]", "[fe80::1]", "224.0.0.1", *NAMES),
]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", HOSTS)
async def test_no_way_of_writing_an_address_leads_inside(
    inner: Inner, host: str, scheme: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("names") if host in NAMES else None
    async with outbound.client() as client:
        with pytest.raises(httpx2.HTTPError):
            await client.get(f"{scheme}://{host}:{inner.port}/")
    assert inner.connected == 0


async def test_what_is_not_encrypted_goes_nowhere_outside() -> None:
    async with outbound.client() as client:
        with pytest.raises(AddressNotAllowed):
            await client.get("http://93.184.215.14/")


async def test_an_operator_may_allow_a_network_and_no_redirect_is_followed(inner: Inner) -> None:
    async with outbound.client([ip_network("127.0.0.0/8")]) as client:
        answer = await client.get(f"http://localhost:{inner.port}/x")
    assert (answer.status_code, inner.connected) == (302, 1)
    assert inner.hosts == [f"localhost:{inner.port}"]


class Kept:
    """A server that keeps its connections, counts them, and hands out cookies."""

    def __init__(self) -> None:
        self.said: list[list[str]] = []  # the host of each request, by connection
        self.cookies = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hosts: list[str] = []
        self.said.append(hosts)
        while not reader.at_eof():
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
            except asyncio.IncompleteReadError:
                break
            hosts += [line[6:].rpartition(":")[0] for line in head.split("\r\n") if line.lower().startswith("host: ")]
            self.cookies += "\r\ncookie:" in head.lower()
            writer.write(f"HTTP/1.1 200 OK\r\nset-cookie: c{len(hosts)}=1\r\ncontent-length: 2\r\n\r\nok".encode())
        writer.close()


async def test_a_name_that_changes_its_address_between_check_and_connection_leads_to_what_was_checked(
    inner: Inner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`rebound.test` is 127.0.0.2, which is allowed, when it is looked up first, and 127.0.0.1, where nobody may, from
    then on."""
    loop, told = asyncio.get_running_loop(), list[str]()

    async def look_up(host: str, port: int, **_: Any) -> Any:
        assert host == "rebound.test"
        told.append("127.0.0.1" if told else "127.0.0.2")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (told[-1], port))]

    monkeypatch.setattr(loop, "getaddrinfo", look_up, raising=False)
    outer = Kept()
    async with await asyncio.start_server(outer.answer, "127.0.0.2", inner.port):
        async with outbound.client([ip_network("127.0.0.2/32")]) as client:
            url = f"http://rebound.test:{inner.port}/"
            assert (await client.get(url)).status_code == 200
            assert (told, outer.said) == (["127.0.0.2"], [["rebound.test"]])
            assert (await client.get(url)).status_code == 200  # by the connection that is there
        async with outbound.client([ip_network("127.0.0.2/32")]) as client:
            with pytest.raises(AddressNotAllowed):
                await client.get(url)
    assert (told, outer.said) == (["127.0.0.2", "127.0.0.1"], [["rebound.test"] * 2])
    assert inner.connected == 0


async def test_two_names_of_one_address_share_no_connection_and_no_cookie_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Behind one address the name decides whose server it is: what is told to one must not go by a connection that the
    other has."""
    monkeypatch.setitem(NAMES, "other.test", ["127.0.0.1"])
    let_names_lead(monkeypatch)
    kept = Kept()
    async with await asyncio.start_server(kept.answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with outbound.client([ip_network("127.0.0.0/8")]) as client:
            for name in ("inner.test", "other.test", "inner.test", "other.test"):
                assert (await client.get(f"http://{name}:{port}/")).status_code == 200
            assert not client.cookies
    assert sorted(kept.said) == [["inner.test"] * 2, ["other.test"] * 2]
    assert kept.cookies == 0


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("::ffff:93.184.215.14", True),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("255.255.255.255", False),
        ("240.0.0.1", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(unwrapped(ip_address(address))) is public
