"""The provider's keys: fetched, looked up again, kept while it is away."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from shared.domain import Unauthenticated, Unavailable
from shared.settings import Settings
from shared.testing import Servers, settings_of
from shared.tokens import Keys, TokenVerifier


@pytest.fixture
def settings(servers: Servers) -> Settings:
    return settings_of(servers, "t")


class Provider:
    """An identity provider's JWKS on a socket."""

    def __init__(self) -> None:
        self.body = b""
        self.status = 200
        self.asked = 0
        provider = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.asked += 1
                self.send_response(provider.status)
                self.send_header("Content-Length", str(len(provider.body)))
                self.end_headers()
                self.wfile.write(provider.body)

            def log_message(self, format: str, *args: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_port}/jwks.json"

    def publish(self, jwks: Path, *kids: str) -> None:
        [key] = json.loads(jwks.read_text())["keys"]
        self.body = json.dumps({"keys": [{**key, "kid": kid} for kid in kids]}).encode()


@contextmanager
def provider_of(servers: Servers) -> Iterator[Provider]:
    provider = Provider()
    provider.publish(servers.jwks, "test")
    thread = Thread(target=provider.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        provider.server.shutdown()
        thread.join()
        provider.server.server_close()


@pytest.fixture
def provider(servers: Servers) -> Iterator[Provider]:
    with provider_of(servers) as provider:
        yield provider


async def test_keys_come_from_the_provider_once(provider: Provider, settings: Settings, servers: Servers) -> None:
    verifier = TokenVerifier(settings.model_copy(update={"jwks": provider.url}))
    for i in range(5):
        assert (await verifier.principal(f"Bearer {servers.token(f'u-{i}', 'lead')}")).sub == f"u-{i}"
    assert provider.asked == 1


async def test_an_unknown_key_is_looked_up_again_but_rarely(provider: Provider, servers: Servers) -> None:
    keys = Keys(provider.url, refresh=3600)
    await keys.get("test")
    provider.publish(servers.jwks, "new")
    for kid in ("new", *(f"k-{i}" for i in range(100))):
        with pytest.raises(Unauthenticated):
            await keys.get(kid)
    assert provider.asked == 1
    keys.refresh = 0
    assert await keys.get("new")
    with pytest.raises(Unauthenticated):
        await keys.get("test")


async def test_many_who_ask_at_once_wait_for_one_answer(provider: Provider) -> None:
    keys = Keys(provider.url)
    assert len({id(key) for key in await asyncio.gather(*(keys.get("test") for _ in range(20)))}) == 1
    assert provider.asked == 1


async def test_a_key_that_the_provider_took_back_ends_also_for_tokens_that_are_remembered(
    provider: Provider, settings: Settings, servers: Servers
) -> None:
    changed = {"jwks": provider.url, "jwks_refresh": 0.0, "jwks_max_age": 1e-9}
    verifier = TokenVerifier(settings.model_copy(update=changed))
    token = f"Bearer {servers.token('u-1', 'lead')}"
    assert (await verifier.principal(token)).sub == "u-1"
    provider.publish(servers.jwks, "another")
    with pytest.raises(Unauthenticated):
        await verifier.principal(token)


async def test_keys_that_are_of_no_use_to_us_are_left_out(provider: Provider, servers: Servers) -> None:
    [key] = json.loads(servers.jwks.read_text())["keys"]
    secret = {"kty": "oct", "k": "c2VjcmV0", "kid": "secret"}
    provider.body = json.dumps({"keys": [{**key, "kid": "test"}, secret]}).encode()
    keys = Keys(provider.url)
    assert await keys.get("test")
    with pytest.raises(Unauthenticated):
        await keys.get("secret")


async def test_a_provider_that_is_away_is_no_wrong_token(settings: Settings, servers: Servers) -> None:
    with provider_of(servers) as provider:
        verifier = TokenVerifier(settings.model_copy(update={"jwks": provider.url}))
    with pytest.raises(Unavailable):
        await verifier.principal(f"Bearer {servers.token('u-1', 'lead')}")


@pytest.mark.parametrize(("status", "body"), [(500, b""), (200, b"<html>"), (200, b'{"keys": []}'), (200, b"[1]")])
async def test_a_provider_that_answers_nonsense_is_away(provider: Provider, status: int, body: bytes) -> None:
    provider.status, provider.body = status, body
    with pytest.raises(Unavailable):
        await Keys(provider.url).get("test")


async def test_who_is_known_gets_in_while_the_provider_is_away(settings: Settings, servers: Servers) -> None:
    with provider_of(servers) as provider:
        changed = {"jwks": provider.url, "jwks_refresh": 0.0, "jwks_max_age": 1e-9}
        verifier = TokenVerifier(settings.model_copy(update=changed))
        await verifier.principal(f"Bearer {servers.token('u-1', 'lead')}")
    assert (await verifier.principal(f"Bearer {servers.token('u-2', 'lead')}")).sub == "u-2"
