"""The clocks over HTTP: who may see and set what, and what the answers say."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.sla.app import Sla
from services.sla.calendars.defaults import CN_WEEK
from shared.events import SlaCalendarChanged
from shared.terms import EARLIEST, Priority, Satisfaction, WaitingFor
from shared.testing import ADMIN, AGENT, AUDITOR, CHEN, EDITOR, LEAD, NOON, WANG, Person, World
from tests.sla.builders import (
    TICKET,
    accepted,
    called_back,
    completed,
    diagnosed,
    message,
    opened,
    rated,
    reopened,
    tell,
    waiting,
)

WEEK = CN_WEEK.model_dump()
HUADONG: dict[str, Any] = {
    "company": "华东贸易有限公司",
    "promises": {"response": {"urgent": {"amount": 30, "unit": "working_hours"}}},
}


async def get(world: World, who: Person | None, path: str, **headers: str) -> Any:
    async with world.as_(who, "sla", **headers) as client:
        return await client.get(path)


async def put(world: World, who: Person | None, path: str, body: dict[str, Any], **headers: str) -> Any:
    async with world.as_(who, "sla", **headers) as client:
        return await client.put(path, json=body)


async def target_of(world: World, ticket: str, clock: str) -> int:
    clocks = (await get(world, LEAD, f"/tickets/{ticket}/clocks")).json()["clocks"]
    return next(int(one["target_seconds"]) for one in clocks if one["clock"] == clock)


async def due_times(world: World) -> dict[tuple[str, str], str]:
    tickets = [await get(world, LEAD, f"/tickets/{ticket}/clocks") for ticket in (TICKET, "TK-2026-000002")]
    return {
        (ticket["ticket"], clock["clock"]): clock["due_at"]
        for ticket in (answer.json() for answer in tickets)
        for clock in ticket["clocks"]
    }


# ---- tickets


async def test_a_ticket_shows_its_clocks_with_what_they_counted(world: World) -> None:
    await tell(world, opened())
    await tell(world, diagnosed(Priority.URGENT, confirmed=False))
    at = NOON + timedelta(hours=1)
    await tell(world, waiting(WaitingFor.CUSTOMER_INFORMATION, at, revision=2))
    await world.pass_time(hours=0.5)
    answer = await get(world, CHEN, f"/tickets/{TICKET}/clocks", **{"Accept-Language": "zh"})
    assert answer.status_code == 200
    assert answer.headers["etag"].strip('"').isdigit()
    clocks = {clock["clock"]: clock for clock in answer.json()["clocks"]}
    response, resolution = clocks["response"], clocks["resolution"]
    assert (response["label"], response["state"], response["within"]) == ("响应", "running", None)
    assert (response["elapsed_seconds"], response["remaining_seconds"]) == (5400, 1800)
    assert (resolution["state"], resolution["due_at"], resolution["elapsed_seconds"]) == ("paused", None, 3600)
    assert resolution["ledger"][-1]["reason"] == "等待客户补充信息"
    for clock in clocks.values():
        assert sum(segment["seconds"] for segment in clock["ledger"]) == clock["elapsed_seconds"]


async def test_a_deadline_in_a_year_without_announced_make_up_days_is_provisional(world: World) -> None:
    far = opened(NOON.replace(year=2028))
    world.time = far.time
    await tell(world, far)
    clocks = (await get(world, LEAD, f"/tickets/{TICKET}/clocks")).json()["clocks"]
    assert {clock["clock"]: clock["provisional"] for clock in clocks} == {
        "response": False,
        "resolution": True,
        "diagnosis": True,
        "consultation": True,
    }


async def test_an_unknown_ticket_is_not_found(world: World) -> None:
    assert (await get(world, LEAD, "/tickets/TK-2026-999999/clocks")).status_code == 404


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        (None, f"/tickets/{TICKET}/clocks", 401),
        (WANG, f"/tickets/{TICKET}/clocks", 403),
        (WANG, "/clocks/due", 403),
        (EDITOR, "/policies", 403),
        (WANG, "/calendars/cn", 403),
        (AGENT, "/statistics", 403),
        (AGENT, "/clocks/due", 200),
        (AGENT, "/policies", 200),
        (AUDITOR, "/statistics", 200),
        (ADMIN, "/calendars/cn", 200),
    ],
)
async def test_who_may_read(world: World, who: Person | None, path: str, status: int) -> None:
    assert (await get(world, who, path)).status_code == status


@pytest.mark.parametrize("who", [LEAD, CHEN, AUDITOR, WANG])
async def test_only_administrators_set_promises_and_calendars(world: World, who: Person) -> None:
    assert (await put(world, who, "/policies/huadong", HUADONG)).status_code == 403
    assert (await put(world, who, "/calendars/cn", WEEK)).status_code == 403


# ---- what runs out


async def test_leads_see_what_runs_out_soon_or_has_run_out_the_most_urgent_first(world: World) -> None:
    await tell(world, opened())
    await tell(world, diagnosed(Priority.URGENT))
    await tell(world, opened(subject="TK-2026-000002"))
    await world.pass_time(hours=3)
    items = (await get(world, LEAD, "/clocks/due?within_hours=8")).json()["items"]
    assert [(item["ticket"], item["clock"], item["within"]) for item in items] == [
        (TICKET, "response", False),
        (TICKET, "resolution", None),
    ]
    items = (await get(world, LEAD, "/clocks/due?within_hours=0")).json()["items"]
    assert [item["clock"] for item in items] == ["response"]


@pytest.mark.parametrize("query", ["within_hours=-1", "within_hours=1e9", "limit=0", "limit=5000"])
async def test_an_unbounded_question_is_refused(world: World, query: str) -> None:
    assert (await get(world, LEAD, f"/clocks/due?{query}")).status_code == 422


async def test_every_question_has_its_index(world: World) -> None:
    sla: Sla = world.apps["sla"].state.service
    await tell(world, opened())
    for query, sort in (
        ({"deadline": {"$gt": EARLIEST, "$lte": NOON}}, "deadline"),
        ({"opened_at": {"$gte": NOON, "$lt": NOON + timedelta(days=1)}}, None),
        ({"open": True, "calendar": "cn", "calendar_since": {"$lt": NOON}}, None),
        ({"due_at": {"$lte": NOON}}, None),
    ):
        plan = str(await sla.clocks.store.explain(query, sort))
        assert "IXSCAN" in plan
        assert "COLLSCAN" not in plan


# ---- policies


async def test_a_company_gets_its_own_promise(world: World) -> None:
    answer = await put(world, ADMIN, "/policies/huadong", HUADONG)
    assert answer.status_code == 200
    current = answer.json()["current"]
    assert current["promises"]["response"]["urgent"] == {"amount": 30, "unit": "working_hours"}
    assert current["promises"]["response"]["high"] == {"amount": 8, "unit": "hours"}
    await tell(world, opened())
    await tell(world, diagnosed(Priority.URGENT))
    ticket = (await get(world, LEAD, f"/tickets/{TICKET}/clocks")).json()
    assert ticket["policy"] == "huadong"
    assert ticket["clocks"][0]["target_seconds"] == 30 * 3600
    listed = (await get(world, LEAD, "/policies")).json()["items"]
    assert [policy["id"] for policy in listed] == ["default", "huadong"]


async def test_a_promise_for_later_leaves_todays_tickets_as_they_are(world: World) -> None:
    later = date(2026, 4, 1).isoformat()
    answer = await put(
        world,
        ADMIN,
        "/policies/default",
        {"valid_from": later, "promises": {"response": {"normal": {"amount": 4, "unit": "hours"}}}},
    )
    assert [terms["valid_from"] for terms in answer.json()["terms"]][1] == "2026-03-31T16:00:00Z"
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
        ({**HUADONG, "promises": {"response": {"urgent": {"amount": 0, "unit": "hours"}}}}, 422),
        ({**HUADONG, "promises": {"response": {"urgent": {"amount": 9999, "unit": "hours"}}}}, 422),
        ({**HUADONG, "promises": {"response": {"urgent": {"amount": 61, "unit": "working_days"}}}}, 422),
        ({**HUADONG, "promises": {"response": {"urgent": {"amount": 0.001, "unit": "hours"}}}}, 422),
        ({**HUADONG, "promises": {"lunch": {"urgent": {"amount": 1, "unit": "hours"}}}}, 422),
    ],
)
async def test_a_promise_that_makes_no_sense_is_refused(world: World, body: dict[str, Any], status: int) -> None:
    assert (await put(world, ADMIN, "/policies/huadong", body)).status_code == status
    assert (await get(world, ADMIN, "/policies/huadong")).status_code == 404


async def test_a_company_has_one_policy_and_a_policy_one_company(world: World) -> None:
    await put(world, ADMIN, "/policies/huadong", HUADONG)
    assert (await put(world, ADMIN, "/policies/second", HUADONG)).status_code == 409
    assert (await put(world, ADMIN, "/policies/huadong", {"company": "North Securities"})).status_code == 409


async def test_the_same_request_twice_adds_one_version(world: World) -> None:
    key = {"Idempotency-Key": "once"}
    first = await put(world, ADMIN, "/policies/huadong", HUADONG, **key)
    world.time += timedelta(hours=1)
    second = await put(world, ADMIN, "/policies/huadong", HUADONG, **key)
    assert first.json() == second.json()
    assert len(second.json()["terms"]) == 1
    other = await put(world, ADMIN, "/policies/huadong", {**HUADONG, "promises": {}}, **key)
    assert other.status_code == 422


async def test_whoever_saw_an_older_version_is_refused(world: World) -> None:
    seen = (await get(world, ADMIN, "/policies/default")).headers["etag"]
    body = {"promises": {"call_back": {"normal": {"amount": 6, "unit": "hours"}}}}
    assert (await put(world, ADMIN, "/policies/default", body, **{"If-Match": seen})).status_code == 200
    body = {"promises": {"call_back": {"normal": {"amount": 7, "unit": "hours"}}}}
    assert (await put(world, ADMIN, "/policies/default", body, **{"If-Match": seen})).status_code == 412


# ---- calendars


async def test_a_changed_calendar_moves_the_deadlines_of_open_tickets(world: World) -> None:
    await tell(world, opened())
    await tell(world, opened(subject="TK-2026-000002"))
    await tell(world, diagnosed(Priority.NORMAL))
    before = await due_times(world)
    answer = await put(world, ADMIN, "/calendars/cn", {**WEEK, "overrides": {"2026-03-03": "off"}})
    assert answer.status_code == 200
    await world.settle()
    [changed] = world.published(SlaCalendarChanged)
    assert changed.week
    assert changed.week.overrides == {"2026-03-03": "off"}
    after = await due_times(world)
    assert {place for place in after if after[place] != before[place]} == {
        (TICKET, "resolution"),
        (TICKET, "consultation"),
        ("TK-2026-000002", "resolution"),
        ("TK-2026-000002", "diagnosis"),
        ("TK-2026-000002", "consultation"),
    }
    again = await put(world, ADMIN, "/calendars/cn", {**WEEK, "overrides": {"2026-03-03": "off"}})
    assert again.headers["etag"] == answer.headers["etag"]


async def test_a_company_can_work_around_the_clock_in_another_zone(world: World) -> None:
    week = {"zone": "America/New_York", "weekly": [[{"start": "00:00", "end": "24:00"}]] * 7}
    assert (await put(world, ADMIN, "/calendars/always", week)).status_code == 200
    await put(world, ADMIN, "/policies/huadong", {**HUADONG, "calendar": "always", "promises": {}})
    await tell(world, opened())
    assert await target_of(world, TICKET, "diagnosis") == 24 * 3600


@pytest.mark.parametrize(
    "wrong", [{"zone": "Asia/Atlantis"}, {"country": "ZZ"}, {"weekly": [[]] * 7}, {"overrides": {"2026-13-01": "off"}}]
)
async def test_a_calendar_that_makes_no_sense_is_refused(world: World, wrong: dict[str, Any]) -> None:
    answer = await put(world, ADMIN, "/calendars/new", {**WEEK, **wrong})
    assert answer.status_code == 422
    assert (await get(world, ADMIN, "/calendars/new")).status_code == 404


async def test_a_calendar_seen_in_an_older_version_is_not_overwritten(world: World) -> None:
    seen = (await get(world, ADMIN, "/calendars/cn")).headers["etag"]
    for day, status in (("2026-03-03", 200), ("2026-03-04", 412)):
        body = {**WEEK, "overrides": {day: "off"}}
        assert (await put(world, ADMIN, "/calendars/cn", body, **{"If-Match": seen})).status_code == status


# ---- statistics


async def test_statistics_tell_how_it_went(world: World) -> None:
    await tell(world, opened())
    await tell(world, diagnosed(Priority.URGENT))
    await tell(world, message(NOON + timedelta(hours=1)))
    await tell(world, accepted(NOON + timedelta(hours=5), revision=3))
    await tell(world, rated(Satisfaction.DISSATISFIED, NOON + timedelta(hours=6)))
    await tell(world, called_back(NOON + timedelta(hours=7)))
    await tell(world, opened(NOON + timedelta(hours=1), "TK-2026-000002"))
    await tell(world, opened(NOON - timedelta(days=40), "TK-2026-000003"))
    path = "/statistics?since=2026-03-02&until=2026-03-03T00:00:00Z"
    found = (await get(world, LEAD, path)).json()
    assert (found["opened"], found["resolved"]) == (2, 1)
    assert found["priorities"] == {"urgent": 1, "high": 0, "normal": 0, "undecided": 1}
    assert found["response"]["urgent"] == {
        "tickets": 1,
        "met": 1,
        "within_target": 1,
        "breached": 0,
        "mean_seconds": 3600,
        "p50_seconds": 3600,
        "p90_seconds": 3600,
        "mean_calendar_seconds": 3600,
    }
    assert found["response"]["undecided"]["met"] == 0
    assert (found["resolution"]["urgent"]["within_target"], found["resolution"]["urgent"]["breached"]) == (0, 1)
    assert found["satisfaction"] == {"satisfied": 0, "neutral": 0, "dissatisfied": 1}
    assert found["call_backs"] == {"due": 1, "done": 1, "in_time": 1}


@pytest.mark.parametrize(
    "query",
    [
        "since=2026-03-02&until=2026-03-01",
        "since=2024-01-01&until=2026-03-01",
        "since=yesterday",
        "since=2026-03-02T10:00:00",
        "since=0001-01-01",
        "since=9999-12-31T23:59:59Z",
        "until=0001-01-01T00:00:00Z",
        "until=9999-12-31",
        "since=1969-12-31",
        "until=2200-01-01",
    ],
)
async def test_a_period_that_makes_no_sense_is_refused(world: World, query: str) -> None:
    assert (await get(world, LEAD, f"/statistics?{query}")).status_code == 422


async def test_every_call_back_counts_and_those_before_the_present_one_are_shown(world: World) -> None:
    def at(hours: int) -> datetime:
        return NOON + timedelta(hours=hours)

    await tell(world, opened(revision=1))
    await tell(world, accepted(at(1), revision=2))
    await tell(world, rated(Satisfaction.DISSATISFIED, at(2), revision=3))
    await tell(world, called_back(at(15), revision=4))
    await tell(world, completed(at(16), revision=5))
    await tell(world, reopened(at(17), revision=6))
    await tell(world, accepted(at(18), revision=7))
    await tell(world, rated(Satisfaction.DISSATISFIED, at(19), revision=8))
    await tell(world, called_back(at(20), revision=9))
    found = (await get(world, LEAD, "/statistics?since=2026-03-02&until=2026-03-03")).json()
    assert found["call_backs"] == {"due": 2, "done": 2, "in_time": 1}
    shown = (await get(world, LEAD, f"/tickets/{TICKET}/clocks")).json()
    assert [(clock["clock"], clock["within"]) for clock in shown["earlier"]] == [("call_back", False)]
    assert shown["clocks"][-1]["within"]


async def test_a_reply_that_was_heard_late_counts_as_what_it_was(world: World) -> None:
    await tell(world, opened(revision=1))
    await tell(world, diagnosed(Priority.URGENT, revision=1))
    await world.pass_time(hours=3)
    await tell(world, message(NOON + timedelta(hours=1), revision=2))
    found = (await get(world, LEAD, "/statistics?since=2026-03-02&until=2026-03-03")).json()
    urgent = found["response"]["urgent"]
    assert (urgent["met"], urgent["within_target"], urgent["breached"]) == (1, 1, 0)


async def test_what_only_a_newer_release_knows_is_counted_too(world: World) -> None:
    await tell(world, opened(revision=1))
    await tell(world, diagnosed(Priority.of("catastrophic"), revision=1))
    await tell(world, rated(Satisfaction.of("delighted"), revision=2))
    found = (await get(world, LEAD, "/statistics?since=2026-03-02&until=2026-03-03")).json()
    assert found["priorities"] == {"urgent": 0, "high": 0, "normal": 0, "undecided": 0, "catastrophic": 1}
    assert found["satisfaction"] == {"satisfied": 0, "neutral": 0, "dissatisfied": 0, "delighted": 1}
