"""What the gateway answers by itself and adds to others' answers: languages, security headers, other origins' pages."""

import re
from collections.abc import AsyncIterator

import httpx2
import pytest
import yaml

from deploy.gateway.config import render
from deploy.gateway.environment import from_environment
from deploy.gateway.replies import CHINESE_FIRST, REPLIES, SECURITY
from deploy.local.options import Options
from deploy.local.stack import Stack
from shared.http.language import preferred
from tests.deploy.conftest import STUB

WISHES = [
    "zh",
    "zh-CN,zh;q=0.9,en;q=0.8",
    "ZH",
    "fr, zh;q=0.5",
    "de-DE,de;q=0.9,zh-TW;q=0.8,en;q=0.7",
    "zh ; q=1",
    "es,zh",
]
WISHES += [
    "en",
    "en-US,en;q=0.9,zh;q=0.8",
    "fr",
    "*",
    "",
    "zhx",
    "e",
    "z,en",
    "enzh",
    "x-zh",
    "fr-zh,en",
    "english, zhuang",
]
PAGE = "https://app.sample.example"


@pytest.mark.parametrize("wish", WISHES)
def test_the_language_is_the_one_that_the_services_would_choose(wish: str) -> None:
    """Of lists whose order is that of their weights, as browsers send them."""
    assert bool(re.fullmatch(CHINESE_FIRST, wish)) is (preferred(wish) == "zh")


def test_every_reply_is_told_in_both_languages() -> None:
    assert all(one.title.en.isascii() and not one.title.zh.isascii() for one in REPLIES)
    assert [one.status for one in REPLIES] == sorted({one.status for one in REPLIES})


@pytest.mark.parametrize(
    "origins",
    ["*", "https://a.example/", "a.example", "https://a.example,null", "https://*.example", "HTTPS://a.example"],
)
def test_what_is_no_origin_is_refused(origins: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_CORS_ORIGINS", origins)
    with pytest.raises(ValueError, match="BIHUAN_CORS_ORIGINS"):
        render(from_environment())


def test_browsers_are_told_to_stay_with_https_only_where_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for address, is_told in (("https://desk.sample.example", True), ("http://127.0.0.1:8080", False)):
        monkeypatch.setenv("BIHUAN_PUBLIC_URL", address)
        written = render(from_environment())
        assert ("strict-transport-security" in written) is is_told
        assert yaml.safe_load(written)["static_resources"]["listeners"]


@pytest.fixture(scope="module")
async def open_stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    folder = tmp_path_factory.mktemp("origins")
    options = Options(data_dir=folder, services=("intake",), target=STUB, cors_origins=(PAGE,))
    async with Stack(options) as stack:
        yield stack


@pytest.mark.live
@pytest.mark.parametrize(
    ("wish", "title"),
    [("zh-CN,zh;q=0.9", "请先登录"), ("en", "Authentication required"), (None, "Authentication required")],
)
async def test_an_error_of_the_gateway_is_told_in_the_callers_language(
    stack: Stack, wish: str | None, title: str
) -> None:
    async with httpx2.AsyncClient(base_url=stack.url) as nobody:
        answer = await nobody.get("/v1/tickets", headers={"accept-language": wish} if wish else {})
    problem = answer.json()
    assert (answer.status_code, problem["title"]) == (401, title)
    assert problem["instance"] == f"urn:bihuan:request:{answer.headers['x-request-id']}"
    assert answer.headers["content-language"] == ("zh" if wish and wish.startswith("zh") else "en")


@pytest.mark.live
@pytest.mark.parametrize("path", ["/v1/tickets", "/nothing", "/v1/tickets/%5c", "/healthz"])
async def test_every_answer_has_the_headers_that_browsers_mind(stack: Stack, path: str) -> None:
    async with httpx2.AsyncClient(base_url=stack.url) as client:
        for token in ({}, {"authorization": f"Bearer {stack.token('agent')}"}):
            answer = await client.get(path, headers=token)
            assert {name: answer.headers.get(name) for name in SECURITY} == SECURITY
            assert len(answer.headers.get_list("x-content-type-options")) == 1


@pytest.mark.live
async def test_pages_of_an_origin_that_is_named_may_read_answers_and_no_others(open_stack: Stack) -> None:
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,idempotency-key"}
    token = {"authorization": f"Bearer {open_stack.token('agent')}"}
    others = ["https://evil.example", f"{PAGE}.evil.example", "http://app.sample.example", "null"]
    async with httpx2.AsyncClient(base_url=open_stack.url) as client:
        before = await client.options("/v1/tickets", headers={"origin": PAGE, **asked})
        assert (before.status_code, before.headers["access-control-allow-origin"]) == (200, PAGE)
        assert "idempotency-key" in before.headers["access-control-allow-headers"]
        assert "access-control-allow-credentials" not in before.headers
        for headers in (token, {}):  # an error is to be read too
            answer = await client.get("/v1/tickets", headers={"origin": PAGE, **headers})
            assert answer.headers["access-control-allow-origin"] == PAGE
            assert "etag" in answer.headers["access-control-expose-headers"]
        for origin in others:
            for method, headers in (("OPTIONS", asked), ("GET", token)):
                answer = await client.request(method, "/v1/tickets", headers={"origin": origin, **headers})
                assert "access-control-allow-origin" not in answer.headers, origin


@pytest.mark.live
async def test_without_the_setting_no_other_origin_reads_anything(stack: Stack) -> None:
    token = {"authorization": f"Bearer {stack.token('agent')}"}
    async with httpx2.AsyncClient(base_url=stack.url) as client:
        answer = await client.get("/v1/tickets", headers={"origin": PAGE, **token})
    assert answer.status_code == 200
    assert [name for name in answer.headers if name.startswith("access-control")] == []


@pytest.mark.live
async def test_tokens_for_api_keys_are_asked_for_with_measure(stack: Stack) -> None:
    """One address, whatever it says that it is."""
    async with httpx2.AsyncClient(base_url=stack.url) as client:
        answers = [
            await client.post("/oauth2/token", headers={"x-forwarded-for": f"198.51.100.{n}"}) for n in range(200)
        ]
    statuses = [answer.status_code for answer in answers]
    assert statuses[:20] == [200] * 20
    assert 429 in statuses
    assert answers[statuses.index(429)].headers["retry-after"] == "1"
