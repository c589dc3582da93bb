"""Calendars over HTTP, and what a new one changes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.sla.calendars.public_holidays import public_holidays
from services.sla.clocks.domain import TicketClocks
from services.sla.clocks.store import Clocks
from shared.domain import Origin, Unavailable
from shared.events import SlaCalendarChanged, SlaDeadlineMoved, SlaYearMissing
from shared.store import Decide
from shared.terms import Priority
from shared.testing import ADMIN, LEAD, NOON, World
from tests.sla.builders import TICKET, diagnosed, opened, shanghai, sla_of, tell
from tests.sla.client import HUADONG, WEEK, get, put, target_of


async def due_times(world: World) -> dict[tuple[str, str], str]:
    tickets = [await get(world, LEAD, f"/v1/tickets/{ticket}/clocks") for ticket in (TICKET, "TK-2026-000002")]
    return {
        (ticket["ticket"], clock["clock"]): clock["due_at"]
        for ticket in (answer.json() for answer in tickets)
        for clock in ticket["clocks"]
    }


async def test_a_changed_calendar_moves_the_deadlines_of_open_tickets(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "services.sla.clocks.handlers")
    await tell(world, opened())
    await tell(world, opened(subject="TK-2026-000002"))
    await tell(world, diagnosed(Priority.NORMAL))
    before = await due_times(world)
    answer = await put(world, ADMIN, "/v1/calendars/cn", {**WEEK, "overrides": {"2026-03-03": "off"}})
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
    told = [tuple(record.args or ()) for record in caplog.records if "was due" in record.msg]
    logged = {(str(ticket), str(kind)): (old, new) for ticket, kind, old, new in told}
    moved = {place for place in after if after[place] != before[place]}
    assert logged == {place: tuple(datetime.fromisoformat(due[place]) for due in (before, after)) for place in moved}
    again = await put(world, ADMIN, "/v1/calendars/cn", {**WEEK, "overrides": {"2026-03-03": "off"}})
    assert again.headers["etag"] == answer.headers["etag"]


async def test_a_company_can_work_around_the_clock_in_another_zone(world: World) -> None:
    week = {"zone": "America/New_York", "weekly": [[{"start": "00:00", "end": "24:00"}]] * 7}
    assert (await put(world, ADMIN, "/v1/calendars/always", week)).status_code == 200
    listed = (await get(world, LEAD, "/v1/calendars")).json()
    assert ([one["id"] for one in listed["items"]], listed["next"]) == (["always", "cn"], None)
    await put(world, ADMIN, "/v1/policies/huadong", {**HUADONG, "calendar": "always", "targets": {}})
    await tell(world, opened())
    assert await target_of(world, TICKET, "diagnosis") == 24 * 3600


@pytest.mark.parametrize(
    "wrong", [{"zone": "Asia/Atlantis"}, {"country": "ZZ"}, {"weekly": [[]] * 7}, {"overrides": {"2026-13-01": "off"}}]
)
async def test_a_calendar_that_makes_no_sense_is_refused(world: World, wrong: dict[str, Any]) -> None:
    answer = await put(world, ADMIN, "/v1/calendars/new", {**WEEK, **wrong})
    assert answer.status_code == 422
    assert (await get(world, ADMIN, "/v1/calendars/new")).status_code == 404


async def test_a_calendar_seen_in_an_older_version_is_not_overwritten(world: World) -> None:
    seen = (await get(world, ADMIN, "/v1/calendars/cn")).headers["etag"]
    for day, status in (("2026-03-03", 200), ("2026-03-04", 412)):
        body = {**WEEK, "overrides": {day: "off"}}
        assert (await put(world, ADMIN, "/v1/calendars/cn", body, **{"If-Match": seen})).status_code == status


def common_json(year: int) -> dict[str, Any]:
    """As such lists are shared: only what is off in any case, and a Saturday that makes up for it."""
    off = [day for day in public_holidays("CN", year, year).certain if day.year == year]
    days = [{"name": "假日", "date": str(day), "isOffDay": True} for day in sorted(off)]
    days.append({"name": "春节", "date": f"{year}-01-30", "isOffDay": False})
    return {"$schema": "https://example.org/schema.json", "$id": "x", "year": year, "papers": ["公告"], "days": days}


async def test_the_list_of_a_year_that_is_pasted_makes_its_deadlines_certain(world: World) -> None:
    world.time = shanghai(12, 30, 16)
    await tell(world, opened(world.now()))
    await tell(world, diagnosed(Priority.NORMAL, world.now()))
    clocks = (await get(world, LEAD, f"/v1/tickets/{TICKET}/clocks")).json()["clocks"]
    assert {one["clock"]: one["provisional"] for one in clocks}["resolution"]
    assert world.published(SlaDeadlineMoved)[-1].provisional is False  # of the response, by the wall clock
    before = (await get(world, LEAD, "/v1/calendars/cn", **{"Accept-Language": "zh"})).json()
    assert (before["missing_year"], before["provisional_from"]) == (2027, "2026-12-27T16:00:00Z")
    assert before["warning"].startswith("2027 年的放假调休安排尚未导入")
    answer = await put(world, ADMIN, "/v1/calendars/cn/years/2027", common_json(2027))
    assert answer.status_code == 200, answer.text
    assert (answer.json()["missing_year"], answer.json()["warning"]) == (None, "")
    assert answer.json()["years"][0]["days"][-1]["day"] == "2027-10-03"
    await world.settle()
    clocks = (await get(world, LEAD, f"/v1/tickets/{TICKET}/clocks")).json()["clocks"]
    assert not any(one["provisional"] for one in clocks)
    days = (await get(world, LEAD, "/v1/calendars/cn/days?since=2027-01-29&until=2027-02-05")).json()["items"]
    assert [one["why"] for one in days] == ["week", "make_up", "week", *["week"] * 4, "holiday"]
    assert len(days[1]["hours"]) == 2
    again = await put(world, ADMIN, "/v1/calendars/cn/years/2027", common_json(2027))
    assert again.headers["etag"] == answer.headers["etag"]


@pytest.mark.parametrize(
    ("year", "body"),
    [
        ("2028", common_json(2027)),
        ("2027", {**common_json(2027), "days": common_json(2027)["days"][1:]}),
        ("2027", {"days": []}),
        ("2027", {"days": [{"date": "2027-02-30", "isOffDay": True}]}),
        ("1900", common_json(2027)),
        ("2027", {**common_json(2027), "surprise": 1}),
    ],
)
async def test_a_list_that_cannot_be_right_is_refused(world: World, year: str, body: dict[str, Any]) -> None:
    assert (await put(world, ADMIN, f"/v1/calendars/cn/years/{year}", body)).status_code == 422
    assert (await put(world, ADMIN, "/v1/calendars/mars/years/2027", common_json(2027))).status_code == 404


async def test_days_are_shown_with_what_says_so(world: World) -> None:
    body = {**WEEK, "overrides": {"2026-03-03": "off"}, "hours": {"2026-03-04": WEEK["weekly"][0][:1]}}
    assert (await put(world, ADMIN, "/v1/calendars/cn", body)).status_code == 200
    days = (await get(world, LEAD, "/v1/calendars/cn/days?until=2026-03-05")).json()["items"]
    assert [(one["why"], len(one["hours"])) for one in days] == [
        ("week", 2),
        ("override", 0),
        ("hours", 1),
        ("week", 2),
    ]
    for query in ("since=2026-03-05&until=2026-03-01", "since=2026-01-01&until=2027-12-31", "since=9999-12-31"):
        assert (await get(world, LEAD, f"/v1/calendars/cn/days?{query}")).status_code == 422
    assert (await get(world, LEAD, "/v1/calendars/mars/days")).status_code == 404


async def test_from_october_on_the_list_of_the_next_year_is_asked_for(world: World) -> None:
    assert world.published(SlaYearMissing) == []
    world.time = shanghai(9, 30, 12)
    await world.pass_time(hours=24)
    await world.settle()
    assert [event.year for event in world.published(SlaYearMissing)] == [2027]


async def test_deadlines_that_a_kill_left_uncounted_are_counted_when_the_event_comes_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sla = sla_of(world)
    numbers = [f"TK-2026-{n:06d}" for n in range(1, 6)]
    for n, number in enumerate(numbers):
        await tell(world, opened(NOON + timedelta(seconds=n), subject=number, revision=1))
    monkeypatch.setattr("services.sla.clocks.store.PAGE", 2)
    done: list[str] = []
    change_all = Clocks.change_all

    async def killed(self: Clocks, ids: Sequence[str], decide: Decide[TicketClocks], by: Origin) -> None:
        if done == numbers[:2]:
            done.append("killed")
            raise Unavailable("killed", "killed")
        done.extend(ids)
        await change_all(self, ids, decide, by)

    monkeypatch.setattr(Clocks, "change_all", killed)
    await put(world, ADMIN, "/v1/calendars/cn", {**WEEK, "overrides": {"2026-03-03": "off"}})
    await world.settle()
    assert done == [*numbers[:2], "killed", *numbers[2:]]
    since = sla.calendars.catalog.since("cn", None)
    assert {one.calendar_since async for one in sla.clocks.store.all()} == {since}
