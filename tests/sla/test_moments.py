"""Moments and days of any year and offset: what calendars cannot reckon with is refused, and nothing ends in an
accident."""

import pytest

from shared.testing import ADMIN, LEAD, World

TOO_FAR = ["0001-01-01", "1969-12-31", "2200-01-01", "9999-12-31"]
MOMENTS = ["0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-23:59", "2026-03-02T12:00:00"]
ODD = ["yesterday", "", "2026-13-01", "2026-02-30", "nan", "1e300", "-1", "9" * 500]


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("value", [*TOO_FAR, *MOMENTS, *ODD])
async def test_statistics_are_of_a_time_that_can_be_reckoned_with(world: World, name: str, value: str) -> None:
    async with world.as_(LEAD, "sla") as lead:
        answer = await lead.get(f"/v1/statistics?{name}={value}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


@pytest.mark.parametrize("value", ["2026-03-01", "2026-03-01T00:00:00%2B08:00", "2026-02-28T16:00:00Z"])
async def test_days_and_moments_with_a_zone_are_taken(world: World, value: str) -> None:
    async with world.as_(LEAD, "sla") as lead:
        assert (await lead.get(f"/v1/statistics?since={value}")).status_code == 200


@pytest.mark.parametrize("value", [*TOO_FAR, *ODD, 5, True, [], {}])
async def test_a_policy_begins_on_a_day_that_can_be_reckoned_with(world: World, value: object) -> None:
    async with world.as_(ADMIN, "sla") as admin:
        answer = await admin.put("/v1/policies/p-1", json={"company": "H", "valid_from": value})
    assert answer.status_code == 422


@pytest.mark.parametrize("day", [*TOO_FAR, "2026-02-30", "２０２６-03-01"])
async def test_a_calendar_changes_days_that_can_be_reckoned_with(world: World, day: str) -> None:
    span = {"start": "09:00", "end": "24:00"}
    week = {"zone": "Asia/Shanghai", "weekly": [[span]] * 7, "country": "", "overrides": {day: "off"}}
    async with world.as_(ADMIN, "sla") as admin:
        answer = await admin.put("/v1/calendars/c-1", json=week)
        week["overrides"] = {"2199-12-31": "work", "1970-01-01": "work"}
        taken = await admin.put("/v1/calendars/c-1", json=week)
    assert answer.status_code == 422
    assert taken.status_code == 200
