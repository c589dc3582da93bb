"""Who may do what, on every route that there is, as the OpenAPI documents name them: nobody learns of what is not
theirs, whatever version they claim to have seen, and nothing goes wrong on our side."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from deploy.services import SERVICES
from shared.testing import (
    ADMIN,
    AGENT,
    AUDITOR,
    CHEN,
    EDITOR,
    LEAD,
    VIEWER,
    WANG,
    ZHAO,
    Person,
    Servers,
    World,
    running,
)
from tests.contracts.requests import Operation, operations
from tests.journeys.desk import COMPLETE, Desk
from tests.servers import app_factory

WITHOUT_TOKEN = ("/links/", "/channels/", "/portal", "/oauth2/")
ENDLESS = "/v1/events"
ABSENT = "TK-2026-999999"
# What identifies things of which a ticket is not the name; the last ones are there.
OTHERS = {
    "token": "x",
    "attachment": "a1",
    "file": "nothing-like-that",
    "consent": "c1",
    "verification": "p1",
    "customer": "nobody-of-that-name",
    "company": "nothing-like-that",
    "contact": "nothing-like-that",
    "call": "nothing-like-that",
    "product": "nothing-like-that",
    "form": "nothing-like-that",
    "number": "1",
    "mail": "nothing-like-that",
    "alias": "nothing-like-that",
    "relation": "related:TK-2026-999999",
    "watcher": "w-nobody",
    "view": "nothing-like-that",
    "macro": "nothing-like-that",
    "audience": "reply",
    "cause": "nothing-like-that",
    "ticket_import": "nothing-like-that",
    "part": "1",
    "erasure": "nothing-like-that",
    "session": "s1",
    "party": "DBA",
    "engineer": "e-chen",
    "sequence": "1",
    "team": "nothing-like-that",
    "article": "nothing-like-that",
    "article_file": "nothing-like-that",
    "pack": "nothing-like-that",
    "follow_up": "1",
    "subject": "u-nobody",
    "suggestion": "nothing-like-that",
    "template": "opened.any.zh",
    "notification": "nothing-like-that",
    "policy": "nothing-like-that",
    "system": "nothing-like-that",
    "job": "nothing-like-that",
    "tool": "nothing-like-that",
    "incident": "nothing-like-that",
    "category": "nothing_like_that",
    "rule": "nothing-like-that",
    "action": "nothing-like-that",
    "calendar": "nothing-like-that",
    "figure": "opened",
    "review": "nothing-like-that",
    "improvement": "nothing-like-that",
    "year": "2027",
    "api_key": "nothing-like-that",
    "webhook": "nothing-like-that",
    "delivery": "nothing-like-that",
    "contact_task": "nothing-like-that",
    "suspended_address": "nothing-like-that",
}


def about(ticket: str) -> dict[str, str]:
    return {**OTHERS, "ticket": ticket}


EVERYBODY = (WANG, ZHAO, VIEWER, AGENT, CHEN, LEAD, EDITOR, AUDITOR, ADMIN)
CUSTOMERS = (ZHAO, Person("u-far", ("company_viewer",), "North Securities"), Person("u-none", ("company_viewer",)))


@pytest.fixture(scope="module")
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, *map(app_factory, SERVICES)) as world:
        yield world


@pytest.fixture(scope="module")
async def ticket(world: World) -> str:
    """A ticket of Wang's, which Chen has."""
    desk = Desk(world)
    await desk.opens()
    number = await desk.open(COMPLETE)
    await desk.claim(number)
    return number


@pytest.fixture(scope="module")
def routes(world: World) -> list[Operation]:
    found = [one for name, app in world.apps.items() for one in operations(name, app)]
    assert len(found) > 60
    return [one for one in found if not one.path.startswith(WITHOUT_TOKEN) and one.path != ENDLESS]


async def request(
    world: World, who: Person | None, route: Operation, values: dict[str, str], **headers: str
) -> httpx2.Response:
    missing = [name for name in route.parameters if name not in values]
    assert not missing, f"{route.name}: say in this file what {missing} may be"
    files = {"file": ("log.txt", b"ORA-00060", "text/plain")} if route.is_upload else None
    async with world.as_(who, route.service, **headers) as client:
        return await client.request(route.method.upper(), route.at(values), json=route.body, files=files)


def what_it_says(answer: httpx2.Response, number: str) -> tuple[int, str]:
    """Without what is another one each time."""
    body = answer.json()
    body.pop("instance", None)
    return answer.status_code, str(body).replace(number, "…")


async def test_nobody_without_a_token_gets_in(world: World, ticket: str, routes: list[Operation]) -> None:
    found = {route.name: (await request(world, None, route, about(ticket))).status_code for route in routes}
    assert {name: status for name, status in found.items() if status != 401} == {}


async def test_nothing_goes_wrong_for_anybody(world: World, ticket: str, routes: list[Operation]) -> None:
    wrong = []
    for who in EVERYBODY:
        for route in routes:
            for number in (ABSENT, ticket):
                if route.method == "get" or number == ABSENT:
                    answer = await request(world, who, route, about(number))
                    if answer.status_code >= 500:
                        wrong.append(f"{who.sub} {route.name}: {answer.status_code} {answer.text}")
    assert wrong == []


@pytest.mark.parametrize("if_match", ["", '"9999"', '"1"', "*"])
async def test_a_foreign_ticket_looks_like_none_at_all(
    world: World, ticket: str, routes: list[Operation], if_match: str
) -> None:
    headers = {"If-Match": if_match} if if_match else {}
    before = await world.runtimes["intake"].stores[0].get(ticket)
    differ = []
    for who in CUSTOMERS:
        for route in (one for one in routes if one.is_about_a_ticket):
            there, absent = [
                what_it_says(await request(world, who, route, about(number), **headers), number)
                for number in (ticket, ABSENT)
            ]
            if there != absent or there[0] not in (403, 404):
                differ.append(f"{who.sub} {route.name}: {there}, {absent}")
    assert differ == []
    assert await world.runtimes["intake"].stores[0].get(ticket) == before


async def test_whoever_may_not_do_it_to_any_ticket_is_told_so_before_anything_else(
    world: World, ticket: str, routes: list[Operation]
) -> None:
    """A role without the permission gets the same answer for every ticket, whatever version it names."""
    differ = []
    for who in EVERYBODY:
        for route in (one for one in routes if one.is_about_a_ticket and one.method != "get"):
            absent = await request(world, who, route, about(ABSENT), **{"If-Match": '"9999"'})
            if absent.status_code == 403:
                there = await request(world, who, route, about(ticket), **{"If-Match": '"9999"'})
                if there.status_code != 403:
                    differ.append(f"{who.sub} {route.name}: {there.status_code}")
    assert differ == []
