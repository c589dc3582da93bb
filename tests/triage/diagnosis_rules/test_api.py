"""Rules of administrators, in front of what triage reads by itself."""

from typing import Any

from shared.events import TriageDiagnosed, TriageReclassified
from shared.terms import Priority
from shared.testing import ADMIN, AGENT, CHEN, LEAD, WANG, World
from tests.triage.builders import CRASH, QUESTION, SECOND, TICKET, opened
from tests.triage.scene import ask, post, triage

PATH = "/v1/diagnosis-rules"
TEMPLATES = {
    "name": "打印模板归数据组",
    "conditions": {"any_words": ["打印模板"]},
    "category": "data",
    "priority": "high",
}


async def test_rules_decide_in_their_order(world: World) -> None:
    assert (await ask(world, ADMIN, "PUT", f"{PATH}/templates", TEMPLATES)).status_code == 200
    first = {
        "name": "设置问题",
        "order": 5,
        "conditions": {"any_words": ["设置"]},
        "priority": "normal",
        "queue": "setup",
    }
    await ask(world, LEAD, "PUT", f"{PATH}/setup", first)
    await world.publish(opened(TICKET, QUESTION))
    [told] = world.published(TriageDiagnosed)
    assert (told.category, told.priority, told.queue, told.confirmed) == ("data", Priority.NORMAL, "setup", True)
    assert [one.zh for one in told.reasons[:2]] == ["按规则“设置问题”判定", "按规则“打印模板归数据组”判定"]
    ruled = {one.name: one.speaks_for for one in told.evidence if one.source == "rule"}
    assert ruled["templates@1"] == "category:data"
    assert told.versions.items() >= {"rule templates": "1", "rule setup": "1"}.items()
    assert [one["id"] for one in (await ask(world, AGENT, "GET", PATH)).json()["items"]] == ["setup", "templates"]


async def test_every_version_is_kept_and_a_retired_rule_is_not_asked(world: World) -> None:
    await ask(world, ADMIN, "PUT", f"{PATH}/templates", TEMPLATES)
    again = await ask(world, ADMIN, "PUT", f"{PATH}/templates", TEMPLATES)
    assert len(again.json()["versions"]) == 1
    changed = (await ask(world, ADMIN, "PUT", f"{PATH}/templates", {**TEMPLATES, "priority": "urgent"})).json()
    assert [(one["number"], one["priority"], one["by"]) for one in changed["versions"]] == [
        (1, "high", "admin"),
        (2, "urgent", "admin"),
    ]
    assert (await ask(world, ADMIN, "POST", f"{PATH}/templates/retirement")).json()["retired"]
    await world.publish(opened(TICKET, QUESTION))
    assert world.published(TriageDiagnosed)[0].priority is Priority.NORMAL
    assert (await ask(world, AGENT, "GET", f"{PATH}/templates")).json()["current"]["number"] == 3
    await ask(world, ADMIN, "PUT", f"{PATH}/templates", TEMPLATES)
    await world.publish(opened(SECOND, QUESTION))
    assert world.published(TriageDiagnosed)[1].priority is Priority.HIGH


async def test_what_makes_no_rule_is_refused(world: World) -> None:
    assert (await ask(world, CHEN, "PUT", f"{PATH}/x", TEMPLATES)).status_code == 403
    assert (await ask(world, WANG, "GET", PATH)).status_code == 403
    wrongs: list[dict[str, Any]] = [
        {"conditions": {}},
        {"conditions": {"pattern": "x"}},
        {"category": None, "priority": None},
        {"category": "nothing"},
        {"order": 0},
    ]
    for wrong in wrongs:
        assert (await ask(world, ADMIN, "PUT", f"{PATH}/x", {**TEMPLATES, **wrong})).status_code == 422
    assert (await ask(world, ADMIN, "GET", f"{PATH}/x")).status_code == 404
    assert (await ask(world, ADMIN, "POST", f"{PATH}/x/retirement")).status_code == 404


async def test_a_rule_is_tried_before_it_is_set(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    path, draft = "/v1/diagnosis-simulations", {"rule": "excel", **TEMPLATES, "conditions": {"any_words": ["excel"]}}
    found = (await post(world, LEAD, path, {"ticket": TICKET, "draft": draft})).json()
    assert (found["present"]["category"], found["draft"]["category"]) == ("function", "data")
    assert found["draft"]["evidence"][0]["name"] == "excel@1"
    text = (await post(world, LEAD, path, {"title": "全部用户无法下单，业务中断"})).json()
    assert (text["present"]["priority"], text["draft"]) == ("urgent", None)
    assert any(one["quote"] for one in text["present"]["evidence"])
    assert (await post(world, LEAD, path, {"ticket": SECOND})).status_code == 404
    assert (await post(world, LEAD, path, {"draft": {**draft, "conditions": {}}})).status_code == 422
    assert (await post(world, WANG, path, {"title": "x"})).status_code == 403
    assert len(world.published(TriageDiagnosed)) == 1
    assert world.published(TriageReclassified) == []


async def test_a_diagnosis_says_what_spoke_for_it(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    told = (await ask(world, AGENT, "GET", f"/v1/tickets/{TICKET}/work/diagnosis")).json()
    assert (told["priority_name"], told["category_name"]["zh"]) == ({"en": "high", "zh": "高"}, "功能类")
    assert (told["queue"], told["confirmed"]) == ("function", told["confidence"] >= told["accepted_from"])
    assert {one["source"] for one in told["evidence"]} == {"text", "words"}
    assert all(one["en"] and one["zh"] for one in told["evidence"] if one["quote"])
    assert "崩溃" in "".join(one["quote"] for one in told["evidence"])
    assert told["versions"]["weights"]
    item = await triage(world).work.store.get(TICKET)
    assert [one["weight"] for one in told["evidence"]] == [one.weight for one in item.evidence]
    assert (await ask(world, WANG, "GET", f"/v1/tickets/{TICKET}/work/diagnosis")).status_code == 403
