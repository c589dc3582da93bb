"""Somebody else's ticket looks like none at all, on every route and whatever version is named."""

from typing import Any

import pytest

from shared.terms import Role
from shared.testing import ZHAO, Person, World
from tests.intake.test_api import opened, to_verification

NOWHERE = "TK-2026-999999"
BODIES: dict[str, Any] = {
    "": {"module": "报表"},
    "/answers": {"answers": {"module": "报表"}},
    "/messages": {"text": "hi"},
    "/consents": {"scope": "remote", "words": "同意", "given_by": "王"},
    "/verification": {"accepted": True},
    "/feedback": {"satisfaction": "satisfied"},
    "/call-back": {"cause": "沟通慢"},
    "/second-plan": {"plan": "x"},
    "/second-plan/result": {"result": "x"},
    "/reopening": {"reason": "x"},
    "/links": {"action": "give_consent"},
    "/phone-verifications": {"accepted": True, "given_by": "王", "number": "13800138000", "words": "好"},
}
# Roles that are no staff, alone and with roles that see no ticket either.
STRANGERS = [
    ZHAO,
    Person("u-1", ("company_viewer",), "North Securities"),
    Person("u-1", ("requester", "company_viewer")),
    Person("u-1", ("requester", "admin"), "North Securities"),
]


def routes(world: World) -> list[tuple[str, str]]:
    """Method and path behind the number, of all that there are on one ticket."""
    paths = world.apps["intake"].openapi()["paths"]
    return [
        (method.upper(), path.removeprefix("/tickets/{number}"))
        for path, item in paths.items()
        if path.startswith("/tickets/{number}")
        for method in item
    ]


async def ask(world: World, who: Person, method: str, number: str, path: str, version: str) -> tuple[int, str]:
    """Status and problem, with the number taken out."""
    headers = {"If-Match": version} if version else {}
    for name in ("{attachment}", "{consent}", "{verification}"):
        path = path.replace(name, "x1")
    body: dict[str, Any] = {"files": {"file": ("a.log", b"x")}} if path == "/attachments" else {}
    if path in BODIES and method != "GET":
        body = {"json": BODIES[path]}
    async with world.as_(who, "intake", **headers) as client:
        answer = await client.request(method, f"/tickets/{number}{path}", **body)
    problem = {name: value for name, value in answer.json().items() if name != "instance"}
    return answer.status_code, str(problem).replace(number, "?")


@pytest.mark.parametrize("who", STRANGERS, ids=lambda who: "+".join(who.roles))
async def test_on_every_route_a_foreign_ticket_is_answered_like_none(world: World, who: Person) -> None:
    number = (await opened(world))["number"]
    await to_verification(world, number)
    found = routes(world)
    assert len(found) >= 18
    for method, path in found:
        for version in ("", '"1"', '"4"', '"9999"', "*"):
            foreign = await ask(world, who, method, number, path, version)
            nowhere = await ask(world, who, method, NOWHERE, path, version)
            assert foreign == nowhere, f"{method} {path} If-Match {version}"
            assert foreign[0] in (403, 404), f"{method} {path}"


@pytest.mark.parametrize("role", [role.value for role in Role])
async def test_no_role_by_itself_makes_a_route_fail(world: World, role: str) -> None:
    number = (await opened(world))["number"]
    for method, path in routes(world):
        status, _ = await ask(world, Person("x-1", (role,)), method, number, path, '"9999"')
        assert status in (200, 201, 403, 404, 412), f"{method} {path}: {status}"
