"""Sessions and packs as leads, editors and engineers use them."""

from datetime import timedelta
from typing import Any

import pytest

from shared.events import KbFollowUpDue, KbReleasePackReady, KbTrainingPlanned, ProductReleaseUpcoming
from shared.events.sla_reviews import HardCase, SlaTrainingProposed
from shared.testing import AGENT, AUDITOR, CHEN, EDITOR, LEAD, LIU, NOON, WANG, Person, World
from tests.kb.articles.test_api import TEXT
from tests.kb.scene import PROBLEM, TICKET, completed, publish

QUARTER, SESSION, UNKNOWN = "2026-Q1", "TS-2026-Q1", "TK-2026-000777"
PLAN: dict[str, Any] = {
    "planned_for": (NOON + timedelta(days=7)).isoformat(),
    "place": "三楼会议室",
    "attendees": [CHEN.sub, LIU.sub],
    "agenda": [{"ticket": TICKET, "note": "为何试了两轮"}],
}
OUTCOME: dict[str, Any] = {
    "attended": [CHEN.sub],
    "outcome": "先看内存",
    "follow_ups": [
        {"what": "补充内存检查", "owner": CHEN.sub, "due_at": (NOON + timedelta(days=14)).isoformat()},
        {"what": "更新手册", "owner": LIU.sub, "due_at": (NOON + timedelta(days=20)).isoformat()},
    ],
}
PACK: dict[str, Any] = {
    "product": "进销存",
    "product_version": "V3.3",
    "goes_live_at": (NOON + timedelta(days=10)).isoformat(),
    "release_notes": "# 新功能",
    "people": [CHEN.sub, LIU.sub],
}


async def answer(world: World, person: Person, method: str, path: str, body: Any = None) -> Any:
    async with world.as_(person, "kb") as client:
        return await client.request(method, f"/v1/{path}", json=body)


def proposed(*tickets: str, revision: int = 1) -> SlaTrainingProposed:
    cases = [HardCase(ticket=one, reasons=["breached", "rounds"]) for one in tickets]
    return SlaTrainingProposed(subject=QUARTER, time=NOON, revision=revision, quarter=QUARTER, tickets=cases)


async def test_the_agenda_is_proposed_from_the_hard_cases_and_then_belongs_to_people(world: World) -> None:
    await world.publish(completed())
    await world.publish(proposed(TICKET, UNKNOWN, revision=2))
    await world.publish(proposed(UNKNOWN, revision=1))  # an older list that comes late
    session = (await answer(world, CHEN, "GET", f"training-sessions/{SESSION}")).json()
    assert [one["ticket"] for one in session["agenda"]] == [TICKET, UNKNOWN]
    material = (await answer(world, CHEN, "GET", f"training-sessions/{SESSION}/material")).json()["items"]
    assert [(one["known"], one["title"], one["solution"]) for one in material] == [
        (True, PROBLEM.title, "升级到 3.2.1"),
        (False, "", ""),
    ]
    planned = (await answer(world, LEAD, "PUT", f"training-sessions/{SESSION}/plan", PLAN)).json()
    assert planned["agenda"] == [{"ticket": TICKET, "reasons": ["breached", "rounds"], "note": "为何试了两轮"}]
    await world.publish(proposed(UNKNOWN, revision=3))
    session = (await answer(world, CHEN, "GET", f"training-sessions/{SESSION}")).json()
    assert (session["state"], [one["ticket"] for one in session["agenda"]]) == ("planned", [TICKET])
    [told] = world.published(KbTrainingPlanned)
    assert (told.quarter, told.attendees) == (QUARTER, [CHEN.sub, LIU.sub])


async def test_what_was_agreed_is_reminded_of_once_unless_it_is_done(world: World) -> None:
    assert (await answer(world, LEAD, "POST", "training-sessions", {"quarter": QUARTER})).status_code == 201
    assert (await answer(world, EDITOR, "POST", "training-sessions", {"quarter": QUARTER})).json()["id"] == SESSION
    early = await answer(world, CHEN, "POST", f"training-sessions/{SESSION}/follow-ups/1/completion", {})
    held = await answer(world, LEAD, "POST", f"training-sessions/{SESSION}/outcome", OUTCOME)
    again = await answer(world, LEAD, "POST", f"training-sessions/{SESSION}/outcome", OUTCOME)
    done = await answer(
        world, CHEN, "POST", f"training-sessions/{SESSION}/follow-ups/1/completion", {"result": "已补充"}
    )
    missing = await answer(world, CHEN, "POST", f"training-sessions/{SESSION}/follow-ups/9/completion", {})
    assert [one.status_code for one in (early, held, again, done, missing)] == [409, 200, 409, 200, 404]
    assert (done.json()["follow_ups"][0]["done_by"], done.json()["follow_ups"][0]["result"]) == (CHEN.sub, "已补充")
    await world.pass_time(days=15)
    assert world.published(KbFollowUpDue) == []
    await world.pass_time(days=6)
    await world.pass_time(days=6)
    [due] = world.published(KbFollowUpDue)
    assert (due.what, due.owner) == ("更新手册", LIU.sub)


async def test_a_pack_names_what_a_version_has_and_has_no_more(world: World) -> None:
    ids = []
    for title, versions in (
        ("已知", {"affected_versions": ["3.3"]}),
        ("已修复", {"affected_versions": ["V3.3"], "fixed_versions": ["v3.3"]}),
        ("无关", {"affected_versions": ["V3.1"]}),
        ("别的产品", {"affected_versions": ["V3.3"], "product": "财务"}),
    ):
        async with world.as_(CHEN, "kb") as chen:
            body = {**TEXT, "title": title, "product": "进销存", **versions}
            ids.append((await chen.post("/v1/articles", json=body)).json()["id"])
        await publish(world, ids[-1])
    pack = (await answer(world, LEAD, "POST", "release-packs", PACK)).json()
    assert [one["title"] for one in pack["known_problems"]] == ["已知"]
    assert [one["title"] for one in pack["fixed_problems"]] == ["已修复"]
    assert pack["new_articles"] == []
    since = {**PACK, "new_since": (NOON - timedelta(days=1)).isoformat()}
    anew = (await answer(world, LEAD, "POST", "release-packs", since)).json()
    assert (anew["id"], anew["edition"], [one["title"] for one in anew["new_articles"]]) == (pack["id"], 2, ["无关"])


async def test_who_has_read_which_edition_is_known_and_who_has_not_is_reminded(world: World) -> None:
    pack = (await answer(world, LEAD, "POST", "release-packs", PACK)).json()
    path = f"release-packs/{pack['id']}/acknowledgement"
    for _ in range(2):
        read = (await answer(world, CHEN, "POST", path)).json()
    assert ([one["by"] for one in read["acknowledgements"]], read["missing"]) == ([CHEN.sub], [LIU.sub])
    same = (await answer(world, LEAD, "POST", "release-packs", {**PACK, "product_version": "3.3"})).json()
    assert (same["edition"], same["missing"]) == (1, [LIU.sub])
    changed = (await answer(world, LEAD, "POST", "release-packs", {**PACK, "release_notes": "# 更多"})).json()
    assert (changed["edition"], changed["missing"]) == (2, [CHEN.sub, LIU.sub])
    await answer(world, LIU, "POST", path)
    await world.pass_time(days=8, minutes=1)
    assert [one.people for one in world.published(KbReleasePackReady)] == [
        [CHEN.sub, LIU.sub],
        [CHEN.sub, LIU.sub],
        [CHEN.sub],
    ]


@pytest.mark.parametrize(
    ("person", "method", "path", "body", "status"),
    [
        (CHEN, "POST", "training-sessions", {"quarter": QUARTER}, 403),
        (WANG, "GET", "training-sessions", None, 403),
        (AUDITOR, "GET", "training-sessions", None, 200),
        (AGENT, "PUT", f"training-sessions/{SESSION}/plan", PLAN, 403),
        (AUDITOR, "POST", "release-packs/RP-1/acknowledgement", None, 403),
        (CHEN, "POST", "release-packs", PACK, 403),
        (AUDITOR, "GET", "release-packs", None, 200),
        (LEAD, "POST", "training-sessions", {"quarter": "2026-Q5"}, 422),
        (LEAD, "PUT", "training-sessions/TS-2020-Q1/plan", PLAN, 404),
        (LEAD, "PUT", f"training-sessions/{SESSION}/plan", {**PLAN, "agenda": PLAN["agenda"] * 31}, 422),
        (LEAD, "POST", "release-packs", {**PACK, "release_notes": "x" * 20_001}, 422),
        (CHEN, "GET", "release-packs/RP-404", None, 404),
    ],
)
async def test_who_may_and_what_is_refused(
    world: World, person: Person, method: str, path: str, body: Any, status: int
) -> None:
    assert (await answer(world, person, method, path, body)).status_code == status


UPCOMING = ProductReleaseUpcoming(
    subject="PR-1",
    time=NOON,
    revision=3,
    product="进销存",
    names=["jxc", "JXC ERP"],
    version="V3.3",
    predecessors=["V3.2", "V3.1"],
    goes_live_at=NOON + timedelta(days=14),
)


async def problems(world: World) -> None:
    for title, about in (
        ("上一版已知", {"affected_versions": ["v3.2"]}),
        ("更早已知，别名", {"affected_versions": ["3.1"], "product": "JXC ERP"}),
        ("上一版已修复", {"affected_versions": ["V3.1"], "fixed_versions": ["V3.2"]}),
        ("本版修复", {"affected_versions": ["V3.2"], "fixed_versions": ["V3.3"]}),
        ("无关版本", {"affected_versions": ["V2.0"]}),
        ("别的产品", {"affected_versions": ["V3.2"], "product": "财务"}),
    ):
        async with world.as_(CHEN, "kb") as chen:
            body = {**TEXT, "title": title, "product": "进销存", **about}
            await publish(world, (await chen.post("/v1/articles", json=body)).json()["id"])


async def test_before_a_version_goes_live_a_pack_is_proposed_with_what_its_predecessors_have(world: World) -> None:
    await problems(world)
    await world.publish(UPCOMING)
    await world.publish(UPCOMING)  # comes again, as after a process was killed
    [pack] = (await answer(world, LEAD, "GET", "release-packs")).json()["items"]
    assert {one["title"] for one in pack["known_problems"]} == {"上一版已知", "更早已知，别名"}
    assert [one["title"] for one in pack["fixed_problems"]] == ["本版修复"]
    assert (pack["edition"], pack["predecessors"], pack["people"]) == (1, ["V3.2", "V3.1"], [])
    assert [one.version for one in world.published(KbReleasePackReady)] == ["V3.3"]
    anew = (await answer(world, LEAD, "POST", "release-packs", PACK)).json()
    assert (anew["id"], anew["edition"], anew["people"]) == (pack["id"], 2, PACK["people"])
    assert anew["known_problems"][0]["title"] == "上一版已知"


async def test_in_a_pack_that_people_have_written_the_rest_stays(world: World) -> None:
    await problems(world)
    mine = (await answer(world, LEAD, "POST", "release-packs", PACK)).json()
    assert mine["known_problems"] == []
    for _ in range(2):
        await world.publish(UPCOMING)
    pack = (await answer(world, LEAD, "GET", f"release-packs/{mine['id']}")).json()
    assert {one["title"] for one in pack["known_problems"]} == {"上一版已知", "更早已知，别名"}
    same = ("goes_live_at", "release_notes", "people")
    assert {name: pack[name] for name in same} == {name: mine[name] for name in same}
    assert (pack["edition"], len(world.published(KbReleasePackReady))) == (2, 2)
