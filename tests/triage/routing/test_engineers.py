from urllib.parse import quote

import pytest

from shared.events import (
    TriageAssigned,
)
from shared.testing import ADMIN, AGENT, CHEN, LEAD, LIU, WANG, Person, World
from tests.triage.builders import OUTAGE, TICKET, opened
from tests.triage.scene import ask, post


async def test_engineers_are_entered_by_a_lead_and_say_themselves_when_they_are_there(world: World) -> None:
    body = {
        "name": "刘洋",
        "email": "liu@desk.example",
        "level": "senior",
        "capacity": 5,
        "skills": [{"kind": "category", "name": "data"}],
    }
    assert (await ask(world, CHEN, "PUT", "/v1/engineers/e-liu", body)).status_code == 403
    assert (await ask(world, ADMIN, "PUT", "/v1/engineers/e-liu", body)).json()["level"] == "senior"
    assert (await ask(world, ADMIN, "PUT", "/v1/engineers/e-liu", {**body, "capacity": 0})).status_code == 422
    there = {"available": True}
    assert (await ask(world, CHEN, "PUT", "/v1/engineers/e-liu/availability", there)).status_code == 403
    assert (await ask(world, LIU, "PUT", "/v1/engineers/e-liu/availability", there)).json()["available"]
    assert (await ask(world, CHEN, "PUT", "/v1/engineers/e-chen/availability", there)).json()["name"] == "陈宇"
    assert (await ask(world, LEAD, "PUT", "/v1/engineers/e-none/availability", there)).status_code == 404
    names = [one["id"] for one in (await ask(world, AGENT, "GET", "/v1/engineers")).json()["items"]]
    assert names == ["e-liu", "e-chen"]
    assert (await ask(world, WANG, "GET", "/v1/engineers")).status_code == 403


@pytest.mark.parametrize("sub", ["auth0|5f7c", "李 雷@desk", "a+b=c&d?e#f", "x" * 255])
async def test_an_engineer_may_be_called_whatever_their_provider_calls_them(world: World, sub: str) -> None:
    who, path = Person(sub, ("engineer",), name="韩梅"), f"/v1/engineers/{quote(sub, safe='')}"
    entered = await ask(world, LEAD, "PUT", path, {"name": "韩梅", "level": "senior"})
    assert (entered.status_code, entered.json()["id"]) == (200, sub)
    assert (await ask(world, CHEN, "PUT", f"{path}/availability", {"available": True})).status_code == 403
    assert (await ask(world, who, "PUT", f"{path}/availability", {"available": True})).json()["available"]
    await world.publish(opened(TICKET, OUTAGE))
    [assigned] = world.published(TriageAssigned)
    assert assigned.engineer == sub
    mine = await ask(world, who, "GET", f"/v1/queue?assignee={quote(sub, safe='')}")
    assert [row["assignee"] for row in mine.json()["items"]] == [sub]
    assert (await post(world, who, f"/v1/tickets/{TICKET}/work/release", {"reason": "下班"})).status_code == 200
