"""A place in a list that was made up is refused, whatever it says; one that was given is gone on from."""

import base64

import pytest

from shared.testing import LEAD, World
from tests.journeys.desk import COMPLETE, Desk

LISTS = {"intake": "/v1/tickets", "triage": "/v1/queue", "kb": "/v1/articles", "notify": "/v1/notifications"}
TICKET = "TK-2026-000001"
HEX = "0" * 32
MADE_UP = [
    "|",
    "\0",
    "$ne",
    "yesterday",
    "-1",
    "9" * 40,
    "1e9",
    "NaN",
    f"0001-01-01T00:00:00+00:00|{TICKET}",
    f"0001-01-01T00:00:00+23:59|{TICKET}",
    f"0000-12-31T00:00:00+00:00|{TICKET}",
    f"9999-12-31T23:59:59.999999+00:00|{TICKET}",
    f"9999-12-31T23:59:59-23:59|{TICKET}",
    f"10000-01-01T00:00:00+00:00|{TICKET}",
    f"2026-03-02T04:00:00|{TICKET}",
    "2026-03-02T04:00:00",
    f"2026-02-30T04:00:00+00:00|{TICKET}",
    f"253402300800|{TICKET}",
    f"-62135596801|{TICKET}",
    f"{'9' * 100}|{TICKET}",
    f"1e400|{TICKET}",
    f"1 0001-01-01T00:00:00+00:00 0001-01-01T00:00:00+00:00 {TICKET}",
    "9 9 9 9",
    f"9 {'9' * 26} {'9' * 25} {TICKET}",
    f"{'9' * 13}{HEX}",
    f"-{'9' * 12}-{HEX}",
    f"٩٩٩٩٩٩٩٩٩٩٩٩٩-{HEX}",
    "KB-0",
    "KB-99999999999999999999",
]


def sealed(place: str) -> str:
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


@pytest.mark.parametrize("service", LISTS)
async def test_a_place_that_was_made_up_is_refused(desk: Desk, world: World, service: str) -> None:
    await desk.open(COMPLETE)
    found = {}
    async with world.as_(LEAD, service) as client:
        for place in MADE_UP:
            found[place] = (await client.get(LISTS[service], params={"after": sealed(place)})).status_code
    assert {place: status for place, status in found.items() if status != 422} == {}


async def test_a_place_that_was_given_is_gone_on_from(desk: Desk, world: World) -> None:
    opened = [await desk.open({**COMPLETE, "title": f"crash {n}"}) for n in range(3)]  # at one moment
    for service, name in (("intake", "ticket"), ("triage", "ticket"), ("notify", "id")):
        async with world.as_(LEAD, service) as client:
            whole = [row[name] for row in (await client.get(LISTS[service])).json()["items"]]
            found: list[str] = []
            after: dict[str, str] = {}
            while page := (await client.get(LISTS[service], params={"limit": "1", **after})).json():
                found += [row[name] for row in page["items"]]
                if not page.get("next"):
                    break
                after = {"after": page["next"]}
        assert found == whole
        assert service == "notify" or sorted(found) == opened
