"""Requests to addresses that others name: they reach public addresses alone, and those that an operator allows.

The name is looked up once, every address that it has is checked, and one that was checked is connected to, so that a
name which changes its address between the two leads nowhere else. Redirects are not followed, proxies of the
environment not used.
"""

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import httpx2

NAT64 = ip_network("64:ff9b::/96")
TIMEOUT = httpx2.Timeout(20.0, connect=5.0)
CONNECTIONS = 100
Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]


class AddressNotAllowed(httpx2.ConnectError):
    """It leads into a network that is nobody's business."""


def client(allowed: Networks = (), connections: int | None = CONNECTIONS) -> httpx2.AsyncClient:
    """Close it at the end. `connections` are those at a time; None where the callers bound them."""
    guard = _Guard(allowed, connections)
    return httpx2.AsyncClient(transport=guard, timeout=TIMEOUT, follow_redirects=False, trust_env=False)


class _Guard(httpx2.AsyncHTTPTransport):
    def __init__(self, allowed: Networks, connections: int | None) -> None:
        limits = httpx2.Limits(max_connections=connections, max_keepalive_connections=20, keepalive_expiry=5.0)
        super().__init__(trust_env=False, limits=limits)
        self._allowed = allowed

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            found = await asyncio.get_running_loop().getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpx2.ConnectError(f"{url.host} has no address", request=request) from error
        addresses = [ip_address(one[4][0]) for one in found]
        for address in addresses:
            inner = unwrapped(address)
            is_allowed = any(inner in network for network in self._allowed)
            if not is_allowed and (url.scheme != "https" or not is_public(inner)):
                raise AddressNotAllowed(f"{url.scheme}://{url.host} is not allowed", request=request)
        request.headers.setdefault("Host", url.netloc.decode())
        request.extensions = {**request.extensions, "sni_hostname": url.host}
        request.url = url.copy_with(host=str(addresses[0]))
        return await super().handle_async_request(request)


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
