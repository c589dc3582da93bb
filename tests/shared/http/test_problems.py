"""What every service answers: problems in two languages."""

import httpx2
import pytest

from shared.testing import WANG, ZHAO, Person, World


@pytest.mark.parametrize(
    ("person", "accept", "language", "title"),
    [
        (WANG, "", "zh", "没有权限"),
        (ZHAO, "", "en", "Permission denied"),
        (WANG, "en-GB,en;q=0.9", "en", "Permission denied"),
        (ZHAO, "zh-CN,zh;q=0.9", "zh", "没有权限"),
        (ZHAO, "fr,zh;q=0.9", "zh", "没有权限"),
        (WANG, "fr", "zh", "没有权限"),
    ],
)
async def test_a_problem_speaks_the_language_of_the_request_or_of_the_person(
    world: World, person: Person, accept: str, language: str, title: str
) -> None:
    async with world.as_(person, "http", **({"Accept-Language": accept} if accept else {})) as client:
        answer = await client.get("/things/T-1", headers={"X-Request-Id": "r-7"})
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == language
    assert answer.headers["x-content-type-options"] == "nosniff"
    problem = answer.json()
    assert problem.pop("detail").startswith("You don't have permission" if language == "en" else "您没有此操作的权限")
    assert problem == {
        "type": "urn:bihuan:problem:forbidden",
        "code": "forbidden",
        "title": title,
        "status": 403,
        "instance": "urn:bihuan:request:r-7",
    }


async def test_who_is_not_signed_in_is_told_how(world: World) -> None:
    async with world.as_(None, "http") as nobody:
        answer = await nobody.get("/things/T-1")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json()["type"] == "urn:bihuan:problem:unauthenticated"


async def test_a_refusal_needs_no_caller(world: World) -> None:
    async with world.as_(None, "http") as nobody:
        answer = await nobody.get("/things/conflict", headers={"Accept-Language": "zh"})
    assert (answer.status_code, answer.json()["detail"]) == (409, "已经关闭")


async def test_a_wrong_body_is_answered_with_every_wrong_field(lead: httpx2.AsyncClient) -> None:
    answer = await lead.post("/things", json={"id": "", "size": 0, "naem": "x"})
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (422, "urn:bihuan:problem:invalid")
    assert sorted(error["field"] for error in problem["errors"]) == ["body.id", "body.naem", "body.name", "body.size"]
    assert "4 invalid fields; `id` must not be empty" in problem["detail"]


async def test_unknown_fields_are_found_also_in_what_documents_hold(lead: httpx2.AsyncClient) -> None:
    front = {"text": "new", "beside": [{"text": "sale", "colour": "red"}], "size": {"x": 1}}
    answer = await lead.post("/things", json={"id": "x", "name": "y", "labels": {"front": front}})
    fields = [error["field"] for error in answer.json()["errors"]]
    assert (answer.status_code, fields) == (422, ["body.labels.front.size", "body.labels.front.beside.0.colour"])


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_wrong_fields_are_told_in_the_callers_language(lead: httpx2.AsyncClient, language: str) -> None:
    answer = await lead.post("/things", json={"id": "x", "size": 0}, headers={"Accept-Language": language})
    said = {error["field"]: error["message"] for error in answer.json()["errors"]}
    assert said["body.size"] == {"en": "`size` must be 1 or greater", "zh": "`size` 不得小于 1"}[language]
    assert said["body.name"] == {"en": "`name` is required", "zh": "`name` 为必填项"}[language]


@pytest.mark.parametrize(
    "body",
    [
        b'{"\\ud800": 1}',
        b'{"' + b"x" * 100_000 + b'": 1}',
        b'{"id": "\\ud800", "name": "x"}',
        b'{"id": 1' + b"0" * 5000 + b"}",
        b"[" * 100_000,
        b'{"id": NaN}',
        b"\xff\xfe",
        b"null",
        b"",
    ],
)
async def test_no_body_of_any_kind_makes_an_internal_error(lead: httpx2.AsyncClient, body: bytes) -> None:
    answer = await lead.post("/things", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.content) < 2000


async def test_what_a_route_does_not_ask_is_refused(world: World, lead: httpx2.AsyncClient) -> None:
    answer = await lead.get("/things?limit=2&limmit=3&q", headers={"Accept-Language": "zh"})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"field": "query.limmit", "message": "`limmit` 无法识别"},
        {"field": "query.q", "message": "`q` 无法识别"},
    ]
    assert (await lead.post("/things/T-1/wear?dry=1")).status_code == 422
    async with world.as_(WANG, "http") as wang, world.as_(None, "http") as nobody:
        assert (await wang.get("/things?limmit=3")).status_code == 403
        assert (await nobody.get("/things?limmit=3")).status_code == 401


async def test_a_body_that_is_no_json_is_a_problem(lead: httpx2.AsyncClient) -> None:
    answer = await lead.post("/things", content=b"{", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("DELETE", "/things/T-1", 405)])
async def test_an_unknown_address_or_method_is_a_problem(
    lead: httpx2.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await lead.request(method, path, headers={"Accept-Language": "zh"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["detail"] == {404: "请求的地址不存在", 405: "不支持的请求方法"}[status]
    assert answer.json()["code"] == {404: "not-found", 405: "method-not-allowed"}[status]


async def test_an_internal_error_is_a_problem_with_the_request_id_and_nothing_of_the_cause(
    lead: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await lead.get("/things/failure", headers={"X-Request-Id": "r-8"})
    assert (answer.status_code, answer.headers["x-request-id"]) == (500, "r-8")
    assert answer.json()["instance"] == "urn:bihuan:request:r-8"
    for secret in ("hunter2", "RuntimeError", "Traceback", ".py"):
        assert secret not in answer.text
    assert "hunter2" in caplog.text


async def test_a_request_id_is_made_up_when_none_is_sent(lead: httpx2.AsyncClient) -> None:
    answer = await lead.get("/things/T-0")
    assert answer.json()["instance"] == f"urn:bihuan:request:{answer.headers['x-request-id']}"


@pytest.mark.parametrize("path", ["/things/", "/things/T-1/", "//things", "/things//T-1"])
async def test_a_slash_too_many_leads_nowhere_and_is_not_redirected(lead: httpx2.AsyncClient, path: str) -> None:
    """A redirect would name an address without the prefix under which the gateway shows it."""
    answer = await lead.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert "location" not in answer.headers
