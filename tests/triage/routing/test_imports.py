"""Engineers are imported, and changed in part, with the version that was seen."""

from typing import Any

import pytest

from services.triage.routing.domain import Engineer
from shared.testing import ADMIN, CHEN, LEAD, World
from tests.triage.routing.replicas import enter
from tests.triage.scene import ask, post, triage

IMPORTS = "/v1/engineer-imports"
SHEET = (
    "账号,姓名,级别,技能,上限,权重\n"
    "e-chen,陈宇,senior,category:function:4；product:ERP,8,0.5\n"
    "e-liu,刘洋,,data,,\n"
    "e-x,,,,,\n"
    "e-y,无效,boss,,0,\n"
    "e-liu,刘洋,,,,\n"
)


async def test_a_sheet_is_tried_first_and_then_taken_over_once(world: World) -> None:
    assert (await post(world, CHEN, IMPORTS, {"csv": SHEET})).status_code == 403
    tried = (await post(world, ADMIN, IMPORTS, {"csv": SHEET})).json()
    outcomes = ["created", "created", "refused", "refused", "refused"]
    assert ([row["outcome"] for row in tried["rows"]], tried["dry_run"], tried["refused"]) == (outcomes, True, 3)
    assert (await ask(world, LEAD, "GET", "/v1/engineers")).json()["items"] == []
    done = (await post(world, ADMIN, IMPORTS, {"csv": SHEET, "dry_run": False})).json()
    assert [row["outcome"] for row in done["rows"]] == outcomes
    chen = (await ask(world, LEAD, "GET", "/v1/engineers/e-chen")).json()
    assert (chen["level"], chen["capacity"], chen["weight"], chen["shifts"]) == ("senior", 8, 0.5, None)
    assert [(one["kind"], one["name"], one["level"]) for one in chen["skills"]] == [
        ("category", "function", 4),
        ("product", "ERP", 3),
    ]
    again = (await post(world, ADMIN, IMPORTS, {"csv": SHEET, "dry_run": False})).json()
    assert [row["outcome"] for row in again["rows"][:2]] == ["unchanged", "unchanged"]
    assert all(row["reason"] for row in again["rows"][2:])


async def test_rows_say_what_changes_and_leave_the_rest(world: World) -> None:
    await enter(world, capacity=4, teams=[])
    rows = [{"id": "e-chen", "leave": [{"first": "2026-05-01", "last": "2026-05-05"}]}, {"id": "e-a", "teams": ["x"]}]
    done = (await post(world, LEAD, IMPORTS, {"rows": rows, "dry_run": False})).json()
    assert [row["outcome"] for row in done["rows"]] == ["changed", "refused"]
    chen = await triage(world).engineers.store.get("e-chen")
    assert (chen.capacity, chen.available, chen.leave[0].last) == (4, True, "2026-05-05")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"csv": "name\nx\n"},
        {"csv": "id,id\na,b\n"},
        {"csv": "id,shoe\na,b\n"},
        {"csv": SHEET, "rows": [{"id": "x"}]},
    ],
)
async def test_what_is_no_list_is_refused(world: World, body: dict[str, Any]) -> None:
    assert (await post(world, LEAD, IMPORTS, body)).status_code == 422


async def test_a_profile_is_changed_in_part_by_who_saw_the_last_version(world: World) -> None:
    await enter(world, capacity=4)
    path = "/v1/engineers/e-chen"
    seen = await ask(world, LEAD, "GET", path)
    week = {"weekly": [[{"start": "09:00", "end": "18:00"}]] * 5 + [[], []]}
    changed = await ask(world, LEAD, "PATCH", path, {"shifts": week}, **{"If-Match": seen.headers["ETag"]})
    assert (changed.status_code, changed.json()["capacity"]) == (200, 4)
    assert changed.json()["shifts"]["weekly"][5] == []
    stale = await ask(world, LEAD, "PATCH", path, {"capacity": 5}, **{"If-Match": seen.headers["ETag"]})
    assert stale.status_code == 412
    wrongs: list[dict[str, Any]] = [
        {},
        {"zone": "Mars/Base"},
        {"shifts": {"weekly": []}},
        {"teams": ["nowhere"]},
        {"weight": 0},
    ]
    for wrong in wrongs:
        assert (await ask(world, LEAD, "PATCH", path, wrong)).status_code == 422, wrong
    assert (await ask(world, LEAD, "PATCH", path, {"shifts": None})).json()["shifts"] is None
    assert (await ask(world, LEAD, "PATCH", "/v1/engineers/e-none", {"capacity": 5})).status_code == 404
    assert (await ask(world, CHEN, "PATCH", path, {"capacity": 5})).status_code == 403


def test_an_engineer_of_an_older_release_is_always_on_shift_and_keeps_their_skills() -> None:
    old = {"id": "e", "name": "e", "level": "senior", "skills": ["function", "ERP"], "capacity": 3, "available": True}
    one = Engineer.model_validate(old)
    assert (one.active, one.shifts, one.weight, one.teams) == (True, None, 1.0, [])
    assert [(skill.kind, skill.name) for skill in one.skills] == [("category", "function"), ("product", "ERP")]
