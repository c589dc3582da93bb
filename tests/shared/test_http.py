"""What every service answers: problems in two languages, bounds, versions, and what it says while a server is away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import httpx2
import pytest
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from pydantic import Field

from shared.auth import rule
from shared.cursor import seal
from shared.domain import Aggregate, Conflict
from shared.events import Event
from shared.http import After, Body, Caller, Limit, Page, may, repeatable, service, tagged
from shared.service import Runtime, serve
from shared.store import ByText, Index, Store
from shared.terms import Line
from shared.testing import ADMIN, CHEN, LEAD, WANG, ZHAO, Person, Servers, World, running
from tests.servers import SCRIPTS, free_port, process


class Thing(Aggregate):
    name: str
    worn: int = 0

    def wear(self) -> list[Event]:
        self.worn += 1
        return []


class Things(Store[Thing]):
    kind = Thing
    indexes = (Index(("name",)),)
    by_name = ByText("name")


class NewThing(Body):
    id: Line
    name: Line
    size: int = Field(default=1, ge=1)


@dataclass(frozen=True)
class Shop:
    things: Things


PERMISSIONS = {"work:do": rule("engineer lead")}
router = APIRouter(prefix="/things")
TheShop = Annotated[Shop, Depends(service)]
Manager = Annotated[Caller, may("work:do")]


@router.post("", status_code=201)
async def make(body: NewThing, shop: TheShop, caller: Manager) -> Thing:
    return await shop.things.add(Thing(id=body.id, name=body.name), [], caller.origin)


@router.get("/failure")
async def fail(_: Manager) -> None:
    raise RuntimeError("the password is hunter2")


@router.get("/conflict")
async def conflict() -> None:
    raise Conflict("it is closed", "已经关闭")


@router.get("")
async def list_them(shop: TheShop, _: Manager, after: After = None, limit: Limit = 2) -> Page[Thing]:
    found, next = await shop.things.page({}, shop.things.by_name, after, limit)
    return Page(items=found, next=next)


@router.get("/{id}")
async def read(id: str, shop: TheShop, _: Manager) -> Thing:
    return await shop.things.get(id)


@router.post("/{id}/wear")
async def wear(id: str, response: Response, shop: TheShop, caller: Manager) -> Thing:
    thing = await shop.things.change(id, Thing.wear, caller.origin)
    tagged(response, thing)
    return thing


@router.post("/{id}/tear")
async def tear(id: str, shop: TheShop, caller: Manager) -> Thing:
    return await shop.things.change(id, Thing.wear, repeatable(caller.origin))


@router.post("/{id}/attachments")
async def attach(id: str, request: Request, caller: Manager) -> int:
    return len(await request.body())


def create_app(runtime: Runtime) -> FastAPI:
    return serve("shared", lambda runtime: Shop(runtime.store(Things)), router, PERMISSIONS, runtime)


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, create_app) as world:
        yield world


@pytest.fixture
async def lead(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    async with world.as_(LEAD, "shared") as client:
        yield client


# ---- problems -----------------------------------------------------------------------------------


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
    async with world.as_(person, "shared", **({"Accept-Language": accept} if accept else {})) as client:
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
    async with world.as_(None, "shared") as nobody:
        answer = await nobody.get("/things/T-1")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json()["type"] == "urn:bihuan:problem:unauthenticated"


async def test_a_refusal_needs_no_caller(world: World) -> None:
    async with world.as_(None, "shared") as nobody:
        answer = await nobody.get("/things/conflict", headers={"Accept-Language": "zh"})
    assert (answer.status_code, answer.json()["detail"]) == (409, "已经关闭")


async def test_a_wrong_body_is_answered_with_every_wrong_field(lead: httpx2.AsyncClient) -> None:
    answer = await lead.post("/things", json={"id": "", "size": 0, "naem": "x"})
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (422, "urn:bihuan:problem:invalid")
    assert sorted(error["field"] for error in problem["errors"]) == ["body.id", "body.naem", "body.name", "body.size"]
    assert "4 invalid fields; `id` must not be empty" in problem["detail"]


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
    async with world.as_(WANG, "shared") as wang, world.as_(None, "shared") as nobody:
        assert (await wang.get("/things?limmit=3")).status_code == 403
        assert (await nobody.get("/things?limmit=3")).status_code == 401


IDS = ["a+b c", "2026-03-02T04:00:00+00:00|x", "你好", "~", "z?&=#%2B"]


async def test_next_is_pasted_back_as_it_is(lead: httpx2.AsyncClient) -> None:
    for id in IDS:
        assert (await lead.post("/things", json={"id": id, "name": id})).status_code == 201
    seen, after = [], ""
    while True:
        page = (await lead.get(f"/things?limit=1{after}")).json()
        seen += [thing["id"] for thing in page["items"]]
        if page["next"] is None:
            break
        assert page["next"].isascii()
        after = f"&after={page['next']}"
    assert seen == sorted(IDS)


@pytest.mark.parametrize("after", ["a+b", "*", "a", "_____w", "5L2g=x", "%C3%A9", "x" * 401])
async def test_what_is_no_next_of_ours_is_refused(lead: httpx2.AsyncClient, after: str) -> None:
    answer = await lead.get(f"/things?after={after}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "query.after")


@pytest.mark.parametrize("after", ["MQ", seal("things", 1), *(seal("dead letters", key) for key in (-1, 2**64, "x"))])
async def test_dead_letters_are_read_from_a_place_of_theirs(world: World, after: str) -> None:
    async with world.as_(ADMIN, "shared") as admin:
        assert (await admin.get(f"/dead-letters?after={after}")).status_code == 422
        assert (await admin.get(f"/dead-letters?after={seal('dead letters', 1)}")).status_code == 200


@pytest.mark.parametrize(("sequence", "status"), [("0", 422), ("-1", 422), (str(2**64), 422), ("x", 422), ("7", 404)])
async def test_only_a_dead_letter_that_there_is_is_replayed(world: World, sequence: str, status: int) -> None:
    async with world.as_(ADMIN, "shared") as admin:
        assert (await admin.post(f"/dead-letters/{sequence}/replay")).status_code == status


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


# ---- versions and keys --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        *(('"1"', 200), ('W/"1"', 200), ("1", 200), ("*", 200), (None, 200)),
        *(('"7"', 412), ("9" * 39, 412), ('"x"', 422), ("", 422), ("1_0", 422), ('"1', 422), ("-1", 422)),
    ],
)
async def test_if_match_lets_only_the_seen_version_be_changed(
    lead: httpx2.AsyncClient, if_match: str | None, status: int
) -> None:
    await lead.post("/things", json={"id": "T-1", "name": "coat"})
    answer = await lead.post("/things/T-1/wear", headers={} if if_match is None else {"If-Match": if_match})
    assert answer.status_code == status
    if status == 200:
        assert answer.headers["etag"] == '"2"'
    assert (await lead.get("/things/T-1")).json()["worn"] == (1 if status == 200 else 0)


async def test_the_same_idempotency_key_counts_once_for_each_person(world: World, lead: httpx2.AsyncClient) -> None:
    await lead.post("/things", json={"id": "T-1", "name": "coat"})
    key = {"Idempotency-Key": "k#1@2"}
    for _ in range(3):
        assert (await lead.post("/things/T-1/wear", headers=key)).json()["worn"] == 1
    assert (await lead.post("/things/T-1/wear", headers=key, json={"other": 1})).status_code == 422
    async with world.as_(CHEN, "shared") as chen:
        assert (await chen.post("/things/T-1/wear", headers=key)).json()["worn"] == 2


async def test_an_idempotency_key_must_be_printable_and_short(lead: httpx2.AsyncClient) -> None:
    for key in ("", "a b", "x" * 201):
        answer = await lead.post("/things", json={"id": "T-1", "name": "x"}, headers={"Idempotency-Key": key})
        assert answer.status_code == 422


async def test_the_same_request_within_a_minute_counts_once_where_it_is_said_so(
    world: World, lead: httpx2.AsyncClient
) -> None:
    await lead.post("/things", json={"id": "T-1", "name": "coat"})
    for _ in range(2):
        assert (await lead.post("/things/T-1/tear")).json()["worn"] == 1
    await world.pass_time(seconds=61)
    assert (await lead.post("/things/T-1/tear")).json()["worn"] == 2


# ---- servers that are away ----------------------------------------------------------------------


async def test_while_the_database_is_away_the_answer_is_503_and_afterwards_all_is_well(
    servers: Servers, tmp_path: Path
) -> None:
    port = free_port()
    command = [str(SCRIPTS / "secantusd-py"), "--host", "127.0.0.1", "--port", str(port)]
    command += ["--storage-path", str(tmp_path / "mongo"), "--cache-size", "64M"]
    url = f"mongodb://127.0.0.1:{port}/?retryWrites=false"
    with ExitStack() as mongo:
        mongo.enter_context(process(command, port, tmp_path / "mongo.log"))
        async with running(replace(servers, mongo_url=url), create_app) as world, world.as_(LEAD, "shared") as lead:
            assert (await lead.post("/things", json={"id": "T-1", "name": "coat"})).status_code == 201
            mongo.close()
            away = await lead.post("/things", json={"id": "T-2", "name": "hat"})
            not_ready = await lead.get("/healthz/ready")
            alive = await lead.get("/healthz/live")
            mongo.enter_context(process(command, port, tmp_path / "mongo.log"))
            again = await lead.post("/things", json={"id": "T-2", "name": "hat"})
            ready = await lead.get("/healthz/ready")
    assert (away.status_code, away.json()["type"]) == (503, "urn:bihuan:problem:unavailable")
    assert away.headers["retry-after"] == "2"
    assert (not_ready.status_code, not_ready.json()) == (503, {"status": "away", "nats": True, "mongo": False})
    assert (alive.status_code, again.status_code, ready.status_code) == (204, 201, 200)


async def test_while_the_bus_is_away_requests_are_served_and_what_needs_it_answers_503(
    servers: Servers, tmp_path: Path
) -> None:
    port = free_port()
    command = [str(SCRIPTS / "nats-server"), "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", str(tmp_path / "js")]
    with ExitStack() as nats:
        nats.enter_context(process(command, port, tmp_path / "nats.log"))
        own = replace(servers, nats_url=f"nats://127.0.0.1:{port}")
        async with running(own, create_app) as world, world.as_(ADMIN, "shared") as admin:
            assert (await admin.get("/dead-letters")).json() == {"items": [], "next": None}
            nats.close()
            async with world.as_(LEAD, "shared") as lead:
                served = await lead.post("/things", json={"id": "T-1", "name": "coat"})
            letters, replayed, not_ready = await asyncio.gather(
                admin.get("/dead-letters"), admin.post("/dead-letters/1/replay"), admin.get("/healthz/ready")
            )
            nats.enter_context(process(command, port, tmp_path / "nats.log"))
            async with asyncio.timeout(15):
                while (await admin.get("/healthz/ready")).json()["status"] != "ready":  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
            again = await admin.get("/dead-letters")
    assert served.status_code == 201
    for away in (letters, replayed):
        assert (away.status_code, away.json()["type"]) == (503, "urn:bihuan:problem:unavailable")
    assert (not_ready.status_code, not_ready.json()) == (200, {"status": "degraded", "nats": False, "mongo": True})
    assert (again.status_code, again.json()["items"]) == (200, [])


async def test_metrics_are_there_for_all_and_name_the_route_not_the_address(
    world: World, lead: httpx2.AsyncClient
) -> None:
    await lead.get("/things/T-4711")
    async with world.as_(None, "shared") as nobody:
        text = (await nobody.get("/metrics")).text
    assert 'route="/things/{id}",service="shared",status="404"' in text
    assert "T-4711" not in text
