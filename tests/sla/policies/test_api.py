"""Policies over HTTP: who may set which targets, from when on."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.terms import Priority
from shared.testing import ADMIN, LEAD, World
from tests.sla.builders import (
    TICKET,
    diagnosed,
    opened,
    tell,
)
from tests.sla.client import HUADONG, get, put, target_of


async def test_a_company_gets_its_own_targets(world: World) -> None:
    answer = await put(world, ADMIN, "/v1/policies/huadong", HUADONG)
    assert answer.status_code == 200
    current = answer.json()["current"]
    assert current["targets"]["response"]["urgent"] == {"amount": 30, "unit": "working_hours"}
    assert current["targets"]["response"]["high"] == {"amount": 8, "unit": "hours"}
    await tell(world, opened())
    await tell(world, diagnosed(Priority.URGENT))
    ticket = (await get(world, LEAD, f"/v1/tickets/{TICKET}/clocks")).json()
    assert ticket["policy"] == "huadong"
    assert ticket["clocks"][0]["target_seconds"] == 30 * 3600
    listed = (await get(world, LEAD, "/v1/policies")).json()["items"]
    assert [policy["id"] for policy in listed] == ["default", "huadong"]


async def test_targets_for_later_leave_todays_tickets_as_they_are(world: World) -> None:
    later = date(2026, 4, 1).isoformat()
    answer = await put(
        world,
        ADMIN,
        "/v1/policies/default",
        {"valid_from": later, "targets": {"response": {"normal": {"amount": 4, "unit": "hours"}}}},
    )
    assert [one["valid_from"] for one in answer.json()["versions"]][1] == "2026-03-31T16:00:00Z"
    await tell(world, opened())
    world.time += timedelta(days=31)
    await tell(world, opened(world.now(), "TK-2026-000002"))
    assert await target_of(world, TICKET, "response") == 24 * 3600
    assert await target_of(world, "TK-2026-000002", "response") == 4 * 3600


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({**HUADONG, "valid_from": "2026-03-01"}, 422),
        ({**HUADONG, "valid_from": "0001-01-01"}, 422),
        ({**HUADONG, "valid_from": "9999-12-31"}, 422),
        ({**HUADONG, "calendar": "mars"}, 404),
        ({**HUADONG, "surprise": 1}, 422),
        ({**HUADONG, "company": ""}, 409),
        ({**HUADONG, "targets": {"response": {"urgent": {"amount": 0, "unit": "hours"}}}}, 422),
        ({**HUADONG, "targets": {"response": {"urgent": {"amount": 9999, "unit": "hours"}}}}, 422),
        ({**HUADONG, "targets": {"response": {"urgent": {"amount": 61, "unit": "working_days"}}}}, 422),
        ({**HUADONG, "targets": {"response": {"urgent": {"amount": 0.001, "unit": "hours"}}}}, 422),
        ({**HUADONG, "targets": {"lunch": {"urgent": {"amount": 1, "unit": "hours"}}}}, 422),
    ],
)
async def test_targets_that_make_no_sense_are_refused(world: World, body: dict[str, Any], status: int) -> None:
    assert (await put(world, ADMIN, "/v1/policies/huadong", body)).status_code == status
    assert (await get(world, ADMIN, "/v1/policies/huadong")).status_code == 404


async def test_a_company_has_one_policy_and_a_policy_one_company(world: World) -> None:
    await put(world, ADMIN, "/v1/policies/huadong", HUADONG)
    assert (await put(world, ADMIN, "/v1/policies/second", HUADONG)).status_code == 409
    assert (await put(world, ADMIN, "/v1/policies/huadong", {"company": "North Securities"})).status_code == 409


async def test_the_same_request_twice_adds_one_version(world: World) -> None:
    key = {"Idempotency-Key": "once"}
    first = await put(world, ADMIN, "/v1/policies/huadong", HUADONG, **key)
    world.time += timedelta(hours=1)
    second = await put(world, ADMIN, "/v1/policies/huadong", HUADONG, **key)
    assert first.json() == second.json()
    assert len(second.json()["versions"]) == 1
    other = await put(world, ADMIN, "/v1/policies/huadong", {**HUADONG, "targets": {}}, **key)
    assert other.status_code == 422


async def test_whoever_saw_an_older_version_is_refused(world: World) -> None:
    seen = (await get(world, ADMIN, "/v1/policies/default")).headers["etag"]
    body = {"targets": {"call_back": {"normal": {"amount": 6, "unit": "hours"}}}}
    assert (await put(world, ADMIN, "/v1/policies/default", body, **{"If-Match": seen})).status_code == 200
    body = {"targets": {"call_back": {"normal": {"amount": 7, "unit": "hours"}}}}
    assert (await put(world, ADMIN, "/v1/policies/default", body, **{"If-Match": seen})).status_code == 412
