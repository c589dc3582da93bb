"""Every operation that there is, asked with a secret in each place that takes text, as it should be and as it should
not: operators read none of them."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from deploy.contracts.files import read
from deploy.services import SERVICES
from shared.testing import ADMIN, AGENT, CHEN, EDITOR, LEAD, WANG, Person, Servers, World, running
from tests.contracts.requests import METHODS
from tests.contracts.test_access import about
from tests.journeys.desk import COMPLETE, Desk
from tests.journeys.leaks import Seeds, Told
from tests.journeys.sowing import Request, requests
from tests.servers import app_factory

ENDLESS = ("GET", "/v1/events")
WHO: tuple[Person | None, ...] = (LEAD, ADMIN, CHEN, AGENT, EDITOR, WANG, None)
MAY_NOT = (401, 403)


@pytest.fixture
async def world(servers: Servers, told: Told) -> AsyncIterator[World]:
    async with running(servers, *map(app_factory, SERVICES)) as world:
        yield world


async def asked(world: World, one: Request) -> list[int]:
    """By the first who may: with everything, of what there is not and of what there is, the least, then wrongly."""
    statuses: list[int] = []

    async def ask(who: Person | None, path: str, params: Any, **more: Any) -> int:
        async with world.as_(who, one.service) as client:
            statuses.append((await client.request(one.method, path, params=params, **more)).status_code)
        return statuses[-1]

    for who in WHO:
        if await ask(who, one.path, one.params, **one.sent) not in MAY_NOT:
            break
    if one.known != one.path:
        await ask(who, one.known, {}, **one.sent)
    if one.wrong or one.params:
        await ask(who, one.known, {}, **one.least)
    if one.wrong:
        await ask(who, one.known, {}, **one.wrong)
    return statuses


@pytest.mark.timeout(600)
async def test_no_operation_tells_operators_what_it_was_sent(world: World, told: Told, seeds: Seeds) -> None:
    desk = Desk(world)
    await desk.opens()
    ticket = await desk.open(COMPLETE)
    await desk.claim(ticket)
    every = [one for name, app in world.apps.items() for one in requests(name, app, seeds, about(ticket))]
    statuses = {f"{one.service} {one.method} {one.template}": await asked(world, one) for one in every}
    await world.settle(within=120)

    documented = {(method.upper(), path) for path, about in read("openapi.json")["paths"].items() for method in about}
    assert {(one.method, one.template) for one in every} == {
        (method, path) for method, path in documented if method.lower() in METHODS
    } - {ENDLESS}
    assert {name: found for name, found in statuses.items() if any(status >= 500 for status in found)} == {}
    assert sum(any(status < 300 for status in found) for found in statuses.values()) > 80
    assert len(seeds.sown) >= 1000
    letters = await dead_letters(world)
    for text in (told.log.getvalue(), told.traces, told.figures, *letters):
        assert seeds.traces_in(text)[:5] == []


async def dead_letters(world: World) -> list[str]:
    async with world.as_(ADMIN, "notify") as admin:
        answer = await admin.get("/v1/dead-letters", params={"limit": 100})
    assert answer.status_code == 200, answer.text
    return [json.dumps(one, ensure_ascii=False) for one in answer.json()["items"]]
