"""Teams are set up by leads."""

import pytest

from services.triage.teams import handlers
from shared.testing import AUDITOR, CHEN, LEAD, World
from tests.triage.scene import ask

DBA = {"name": "数据库组", "lead": "l-qian", "dispatch": "push", "acknowledge_minutes": 10}


async def test_teams_are_set_up_and_read(world: World) -> None:
    assert (await ask(world, CHEN, "PUT", "/v1/teams/dba", DBA)).status_code == 403
    made = await ask(world, LEAD, "PUT", "/v1/teams/dba", DBA)
    assert (made.status_code, made.json()["dispatch"], made.json()["alarm_minutes"]) == (200, "push", 5)
    tag = {"If-Match": made.headers["ETag"]}
    assert (await ask(world, LEAD, "PUT", "/v1/teams/dba", {"name": "DBA"}, **tag)).json()["lead"] is None
    assert (await ask(world, LEAD, "PUT", "/v1/teams/dba", DBA, **tag)).status_code == 412
    assert [one["id"] for one in (await ask(world, AUDITOR, "GET", "/v1/teams")).json()["items"]] == ["dba"]
    assert (await ask(world, CHEN, "GET", "/v1/teams/default")).json()["acknowledge_minutes"] == 15
    assert (await ask(world, CHEN, "GET", "/v1/teams/none")).status_code == 404
    for wrong in ({}, {"name": "x", "dispatch": "shout"}, {"name": "x", "alarm_minutes": 0}):
        assert (await ask(world, LEAD, "PUT", "/v1/teams/dba", wrong)).status_code == 422


async def test_teams_have_a_bound(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "MAX_TEAMS", 1)
    assert (await ask(world, LEAD, "PUT", "/v1/teams/a", {"name": "a"})).status_code == 200
    assert (await ask(world, LEAD, "PUT", "/v1/teams/b", {"name": "b"})).status_code == 409
    assert (await ask(world, LEAD, "PUT", "/v1/teams/a", {"name": "c"})).status_code == 200
