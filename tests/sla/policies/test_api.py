"""Policies over HTTP: who may set which targets, from when on."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.events import TicketAmended
from shared.terms import Priority
from shared.testing import ADMIN, LEAD, WANG, Person, World
from tests.sla.builders import PROBLEM, TICKET, diagnosed, opened, reclassified, tell
from tests.sla.client import HUADONG, WEEK, get, put, target_of


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


async def post(world: World, who: Person, path: str, body: dict[str, Any]) -> Any:
    async with world.as_(who, "sla") as client:
        return await client.post(path, json=body)


GOLD: dict[str, Any] = {"tier": "gold", "targets": {"response": {"normal": {"amount": 1, "unit": "hours"}}}}


async def test_tickets_of_a_tier_a_product_or_a_team_have_their_own_targets(world: World) -> None:
    product = {"product": "ERP", "targets": {"response": {"normal": {"amount": 2, "unit": "hours"}}}}
    team = {"team": "function", "targets": {"response": {"normal": {"amount": 3, "unit": "hours"}}}}
    for id, body in (("gold", GOLD), ("erp", product), ("functions", team)):
        assert (await put(world, ADMIN, f"/v1/policies/{id}", body)).status_code == 200
    about = PROBLEM.model_copy(update={"product": "ERP"})
    await tell(world, opened(tier="gold"))
    await tell(world, opened(subject="TK-2026-000002").model_copy(update={"problem": about}))
    await tell(world, opened(subject="TK-2026-000003", policy="erp"))
    await tell(world, opened(subject="TK-2026-000004"))
    numbers = [f"TK-2026-{n:06d}" for n in range(1, 5)]
    assert [await target_of(world, number, "response") / 3600 for number in numbers] == [1, 2, 2, 24]
    named = TicketAmended(subject=TICKET, time=world.now(), problem=about, changed=["product"])
    await tell(world, named.model_copy(update={"subject": numbers[3]}))
    assert await target_of(world, numbers[3], "response") == 2 * 3600
    assert (await put(world, ADMIN, "/v1/policies/erp", {**product, "product": "CRM"})).status_code == 409
    assert (await put(world, ADMIN, "/v1/policies/erp-2", product)).status_code == 409


async def test_the_team_that_a_ticket_was_first_given_to_counts(world: World) -> None:
    await put(world, ADMIN, "/v1/calendars/always", {**WEEK, "weekly": [[{"start": "00:00", "end": "24:00"}]] * 7})
    await put(world, ADMIN, "/v1/policies/nights", {"team": "function", "calendar": "always"})
    await tell(world, opened(revision=1))
    await tell(world, diagnosed(Priority.HIGH, revision=1))
    assert await target_of(world, TICKET, "resolution") == 3 * 24 * 3600
    await tell(world, reclassified(Priority.HIGH, revision=2))
    assert await target_of(world, TICKET, "resolution") == 3 * 24 * 3600


async def test_a_simulation_says_which_policy_holds_why_and_what_a_draft_would_change(world: World) -> None:
    await put(world, ADMIN, "/v1/policies/gold", GOLD)
    body = {"tier": "silver", "priority": "normal"}
    found = (await post(world, LEAD, "/v1/policy-simulations", body)).json()
    assert (found["present"]["policy"], found["draft"]) == ("default", None)
    assert [one["why"] for one in found["present"]["considered"]] == [
        "it is for customer tier gold, and the ticket has silver",
        "no other policy is for this ticket",
    ]
    draft = {"policy": "silver", "tier": "silver", "targets": {"response": {"normal": {"amount": 4, "unit": "hours"}}}}
    found = (await post(world, LEAD, "/v1/policy-simulations", {**body, "draft": draft})).json()
    due = {name: found[name]["clocks"][0]["due_at"] for name in ("present", "draft")}
    assert (found["draft"]["policy"], due) == (
        "silver",
        {"present": "2026-03-03T04:00:00Z", "draft": "2026-03-02T08:00:00Z"},
    )
    assert (await get(world, LEAD, "/v1/policies/silver")).status_code == 404
    wrong = {**body, "draft": {**draft, "calendar": "mars"}}
    assert (await post(world, LEAD, "/v1/policy-simulations", wrong)).status_code == 404
    assert (await post(world, WANG, "/v1/policy-simulations", body)).status_code == 403


async def test_a_retired_policy_leaves_open_tickets_as_they_are(world: World) -> None:
    await put(world, ADMIN, "/v1/policies/gold", GOLD)
    await tell(world, opened(tier="gold"))
    world.time += timedelta(hours=1)
    answer = await post(world, ADMIN, "/v1/policies/gold/retirement", {})
    assert answer.json()["current"]["retired"]
    await world.settle()
    await tell(world, opened(world.now(), "TK-2026-000002", tier="gold"))
    assert await target_of(world, TICKET, "response") == 3600
    assert await target_of(world, "TK-2026-000002", "response") == 24 * 3600
    assert (await post(world, LEAD, "/v1/policies/gold/retirement", {})).status_code == 403
    assert (await post(world, ADMIN, "/v1/policies/default/retirement", {})).status_code == 409


async def test_a_policy_says_whom_a_clock_warns_and_for_how_long_it_may_be_paused(world: World) -> None:
    body = {
        "targets": {"next_response": {"normal": {"amount": 2, "unit": "hours"}}},
        "ladders": {"response": [], "next_response": [{"percent": 60, "to": ["manager"], "urgency": "urgent"}]},
        "max_pause_hours": 40.0,
    }
    current = (await put(world, ADMIN, "/v1/policies/default", body)).json()["current"]
    assert current["ladders"] == body["ladders"]
    assert current["max_pause_hours"] == 40
    assert current["targets"]["next_response"] == {"normal": {"amount": 2, "unit": "hours"}}
    kept = (await put(world, ADMIN, "/v1/policies/default", {"order": 3})).json()["current"]
    assert (kept["ladders"], kept["max_pause_hours"]) == (body["ladders"], 40)


@pytest.mark.parametrize(
    "body",
    [
        {"ladders": {"response": [{"percent": 0, "to": []}]}},
        {"ladders": {"response": [{"percent": 5000, "to": []}]}},
        {"ladders": {"response": [{"percent": 50, "to": ["everybody"]}]}},
        {"ladders": {"response": [{"percent": 50, "to": []}, {"percent": 50, "to": ["lead"]}]}},
        {"ladders": {"lunch": []}},
        {"max_pause_hours": -1.0},
    ],
)
async def test_a_ladder_or_a_limit_that_makes_no_sense_is_refused(world: World, body: dict[str, Any]) -> None:
    assert (await put(world, ADMIN, "/v1/policies/default", body)).status_code == 422
