"""What comes in wrong is refused in words, and harms nobody; what is away for a while is waited for."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from deploy.local.identity import Identity
from deploy.local.stack import Stack
from tests.live import stream
from tests.live.conftest import options_of
from tests.live.desk import Desk, Json, eventually

pytestmark = [pytest.mark.live, pytest.mark.timeout(180)]
MIB = 1024 * 1024
HEARS_OPENED = ("intake", "triage", "sla", "notify")


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """One for all of them: none leaves it broken."""
    async with Stack(options_of(tmp_path_factory.mktemp("bihuan"))) as stack:
        yield stack


@pytest.fixture(scope="module")
async def desk(stack: Stack) -> AsyncIterator[Desk]:
    async with Desk(stack) as desk:
        yield desk


def words() -> Json:
    """A ticket that nobody has opened yet."""
    return {"title": f"如何设置打印模板 {uuid4().hex[:8]}", "description": "想了解在哪里设置。"}


async def a_ticket(desk: Desk) -> str:
    number: str = (await desk.do("u-wang", "POST", "v1/tickets", words()))["ticket"]
    return number


def problem_status(answer: httpx2.Response) -> int:
    """The status of an answer, which is a problem whole."""
    status = answer.status_code
    assert answer.headers["content-type"] == "application/problem+json", f"{status} {answer.text}"
    problem = answer.json()
    assert (problem["status"], bool(problem["title"]), bool(problem["detail"])) == (status, True, True)
    return status


async def is_handled_everywhere(desk: Desk, number: str) -> None:
    """The ticket came through all services that hear of new ones: each of them is alive."""

    async def there() -> bool:
        answers = [await desk.insist("lead", "GET", path) for path in paths]
        return all(answer.is_success for answer in answers) and bool(answers[-1].json()["items"])

    paths = (f"v1/tickets/{number}/work", f"v1/tickets/{number}/clocks", f"v1/notifications?ticket={number}")
    await eventually(there)


# ---- who asks


@pytest.mark.parametrize("path", ["v1/tickets", "v1/queue", "v1/policies", "v1/articles", "v1/dead-letters"])
async def test_without_a_token_or_with_one_that_is_forged_or_expired_nobody_comes_in(
    desk: Desk, stack: Stack, tmp_path: Path, path: str
) -> None:
    forged, expired = Identity.of(tmp_path).mint("admin"), stack.identity.mint("admin", ttl=timedelta(minutes=-1))
    for headers in ({}, {"Authorization": f"Bearer {forged}"}, {"Authorization": f"Bearer {expired}"}):
        assert problem_status(await desk.ask(None, "GET", path, headers=headers)) == 401


@pytest.mark.parametrize(
    ("who", "method", "path"),
    [
        ("requester", "GET", "v1/queue"),
        ("agent", "PUT", "v1/policies/default"),
        ("engineer", "POST", "v1/articles/A-1/approval"),
        ("engineer", "GET", "v1/dead-letters"),
    ],
)
async def test_a_role_does_not_do_what_is_not_its_own(desk: Desk, who: str, method: str, path: str) -> None:
    assert problem_status(await desk.ask(who, method, path, None if method == "GET" else {})) == 403


async def test_identity_headers_of_a_client_are_worth_nothing(desk: Desk) -> None:
    number = await a_ticket(desk)
    spoofed = {name: "admin" for name in ("x-user-sub", "x-user-roles", "x-jwt-payload", "x-roles", "x-forwarded-user")}
    assert problem_status(await desk.ask(None, "GET", "v1/tickets", headers=spoofed)) == 401
    assert problem_status(await desk.ask("u-zhao", "GET", f"v1/tickets/{number}", headers=spoofed)) == 404
    assert problem_status(await desk.ask("u-zhao", "GET", "v1/queue", headers=spoofed)) == 403


# ---- what is asked


async def test_a_ticket_that_does_not_exist_is_not_found_anywhere(desk: Desk) -> None:
    for path in (
        "v1/tickets/TK-1999-000001",
        "v1/tickets/TK-1999-000001/work",
        "v1/tickets/TK-1999-000001/clocks",
    ):
        assert problem_status(await desk.ask("lead", "GET", path)) == 404


async def test_what_is_too_large_is_refused_and_leaves_nothing_behind(desk: Desk) -> None:
    number = await a_ticket(desk)
    assert problem_status(await desk.ask("u-wang", "POST", "v1/tickets", {**words(), "steps": "x" * MIB})) == 413
    for size in (20 * MIB + 1, 26 * MIB):
        file = {"file": ("heap.bin", bytes(size), "application/octet-stream")}
        assert problem_status(await desk.ask("u-wang", "POST", f"v1/tickets/{number}/attachments", files=file)) == 413
    assert (await desk.do("u-wang", "GET", f"v1/tickets/{number}"))["attachments"] == []


async def test_a_misspelt_field_is_refused(desk: Desk) -> None:
    answer = await desk.ask("u-wang", "POST", "v1/tickets", {**words(), "prioritty": "urgent"})
    assert problem_status(answer) == 422
    assert "prioritty" in answer.text


async def test_a_change_to_what_somebody_else_has_changed_is_refused(desk: Desk) -> None:
    number = await a_ticket(desk)
    await stream.rest(desk.stack)
    seen = await desk.ask("u-wang", "GET", f"v1/tickets/{number}")
    await desk.do("u-wang", "PATCH", f"v1/tickets/{number}", {"module": "打印中心"})
    answer = await desk.ask(
        "u-wang", "PATCH", f"v1/tickets/{number}", {"module": "报表"}, {"If-Match": seen.headers["ETag"]}
    )
    assert problem_status(answer) == 412
    assert (await desk.do("u-wang", "GET", f"v1/tickets/{number}"))["problem"]["module"] == "打印中心"


async def test_a_key_that_was_used_for_another_request_is_refused(desk: Desk) -> None:
    key, body = {"Idempotency-Key": uuid4().hex}, words()
    first, again = [await desk.ask("u-wang", "POST", "v1/tickets", body, key) for _ in range(2)]
    assert (first.status_code, again.status_code, again.json()["ticket"]) == (201, 200, first.json()["ticket"])
    assert problem_status(await desk.ask("u-wang", "POST", "v1/tickets", words(), key)) == 422


async def test_the_same_request_twice_is_one_ticket_also_without_a_key(desk: Desk) -> None:
    body = words()
    first, again = [await desk.ask("u-sun", "POST", "v1/tickets", body) for _ in range(2)]
    assert (first.status_code, again.status_code, again.json()["ticket"]) == (201, 200, first.json()["ticket"])
    titles = [row["title"] for row in await desk.all("lead", "v1/tickets")]
    assert titles.count(body["title"]) == 1


# ---- what comes over the bus


async def test_what_is_no_event_is_dead_lettered_by_all_who_hear_it_and_what_a_newer_version_tells_is_not(
    desk: Desk, stack: Stack
) -> None:
    unknown = {
        "specversion": "1.0",
        "id": uuid4().hex,
        "type": "bihuan.ticket.opened.v99",
        "subject": "TK-1",
        "data": {},
    }
    rubbish = f"no JSON {uuid4().hex}"
    async with stream.bus(stack) as client:
        for body in (json.dumps(unknown), rubbish):
            await client.jetstream().publish("bihuan.ticket.opened.v1", body.encode())

    async def dead_letters(service: str) -> dict[str, str]:
        listed = await desk.all("admin", "v1/dead-letters", service=service)
        letters = [await desk.do("admin", "GET", f"v1/dead-letters/{one['sequence']}") for one in listed]
        found = {letter["body"]: letter["error"] for letter in letters}
        return found if rubbish in found else {}

    for service in HEARS_OPENED:
        found = await eventually(lambda service=service: dead_letters(service))  # type: ignore[misc]
        assert "not JSON" in found[rubbish], found
        assert str(unknown["id"]) not in "".join(found), found
    assert await dead_letters("kb") == {}
    await is_handled_everywhere(desk, await a_ticket(desk))


# ---- what is away for a while


async def test_without_the_bus_tickets_are_still_taken_and_told_of_later(desk: Desk, stack: Stack) -> None:
    await stack.kill("nats", down=8)
    answer = await desk.ask("u-wang", "POST", "v1/tickets", words())
    assert (answer.status_code, stack.process("nats").alive) == (201, False)
    await stack.ready("nats")
    await is_handled_everywhere(desk, answer.json()["ticket"])


async def test_without_the_database_people_are_told_to_come_back_soon(desk: Desk, stack: Stack) -> None:
    await stack.kill("mongo", down=12)
    body = words()
    answer = await desk.ask("u-wang", "POST", "v1/tickets", body)
    assert problem_status(answer) == 503
    assert int(answer.headers["Retry-After"]) > 0
    await is_handled_everywhere(desk, (await desk.do("u-wang", "POST", "v1/tickets", body))["ticket"])
