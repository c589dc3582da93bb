"""Requests to addresses that others name: they reach public addresses alone, and those that an operator allows.

A name is looked up once for a connection, every address that it has is checked, and one that was checked is connected
to, so that a name which changes its address between the two leads nowhere else. Connections are kept by name, not by
address: two receivers behind one address never share one, and what one of them is told goes by no connection on which
the other proved who it is. Redirects are not followed, proxies of the environment not used, cookies not kept.
"""

import asyncio
import socket
import ssl
from collections.abc import Iterable, Sequence
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import httpcore2
import httpx2

NAT64 = ip_network("64:ff9b::/96")
TIMEOUT = httpx2.Timeout(20.0, connect=5.0)
CONNECTIONS = 100
ENCRYPTED = {"https", "wss"}
KEPT, KEPT_FOR = 20, 5.0  # connections that nobody uses, and for how many seconds
Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]


class AddressNotAllowed(httpx2.ConnectError):
    """It leads into a network that is nobody's business."""


def client(allowed: Networks = (), connections: int | None = CONNECTIONS) -> httpx2.AsyncClient:
    """Close it at the end. `connections` are those at a time, of each scheme; None where the callers bound them."""
    no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    guard = _Guard(allowed, connections)
    return httpx2.AsyncClient(
        transport=guard, timeout=TIMEOUT, follow_redirects=False, trust_env=False, cookies=no_cookies
    )


class _Guard(httpx2.AsyncBaseTransport):
    def __init__(self, allowed: Networks, connections: int | None) -> None:
        context = httpx2.create_ssl_context(trust_env=False)
        self._encrypted = _Transport(context, _CheckedNetwork(allowed, is_encrypted=True), connections)
        self._plain = _Transport(context, _CheckedNetwork(allowed, is_encrypted=False), connections)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        is_encrypted = request.url.scheme in ENCRYPTED
        return await (self._encrypted if is_encrypted else self._plain).handle_async_request(request)

    async def aclose(self) -> None:
        await self._encrypted.aclose()
        await self._plain.aclose()


class _Transport(httpx2.AsyncHTTPTransport):
    def __init__(
        self, context: ssl.SSLContext, network: httpcore2.AsyncNetworkBackend, connections: int | None
    ) -> None:
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore2.AsyncConnectionPool(  # httpx2 has no setting for how a connection is made
            ssl_context=context,
            max_connections=connections,
            max_keepalive_connections=KEPT,
            keepalive_expiry=KEPT_FOR,
            network_backend=network,
        )


class _CheckedNetwork(httpcore2.AnyIOBackend):
    def __init__(self, allowed: Networks, is_encrypted: bool) -> None:
        self._allowed, self._is_encrypted = allowed, is_encrypted

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore2's
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Raises AddressNotAllowed, and what httpcore2 raises for one that is not reached."""
        try:
            async with asyncio.timeout(timeout):
                found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except TimeoutError as error:
            raise httpcore2.ConnectTimeout(f"{host} was not looked up in time") from error
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"{host} has no address") from error
        addresses = [ip_address(one[4][0]) for one in found]
        for address in addresses:
            inner = unwrapped(address)
            is_allowed = any(inner in network for network in self._allowed)
            if not is_allowed and not (self._is_encrypted and is_public(inner)):
                raise AddressNotAllowed(f"{host} is not allowed")
        return await super().connect_tcp(str(addresses[0]), port, timeout, local_address, socket_options)


def is_public(address: Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved)


def unwrapped(address: Address) -> Address:
    """The IPv4 address inside of an IPv6 one, where there is one (RFC 4291, 6052, 3056)."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
        if address.sixtofour:
            return address.sixtofour
    return address
