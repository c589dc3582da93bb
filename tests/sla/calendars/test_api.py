"""Calendars over HTTP, and what a new one changes."""

from typing import Any

import pytest

from shared.events import SlaCalendarChanged
from shared.terms import Priority
from shared.testing import ADMIN, LEAD, World
from tests.sla.builders import (
    TICKET,
    diagnosed,
    opened,
    tell,
)
from tests.sla.client import HUADONG, WEEK, get, put, target_of


async def due_times(world: World) -> dict[tuple[str, str], str]:
    tickets = [await get(world, LEAD, f"/v1/tickets/{ticket}/clocks") for ticket in (TICKET, "TK-2026-000002")]
    return {
        (ticket["ticket"], clock["clock"]): clock["due_at"]
        for ticket in (answer.json() for answer in tickets)
        for clock in ticket["clocks"]
    }


async def test_a_changed_calendar_moves_the_deadlines_of_open_tickets(world: World) -> None:
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
