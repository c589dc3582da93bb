"""Knowledge first: what has to be on record before a first solution."""

from pydantic import BaseModel

from shared.bus import Bus
from shared.events import FoundCases, SearchCases, Suggestion, TriageDeepAnalysisBegun, TriageKnowledgeSearched
from shared.testing import CHEN, LEAD, World
from tests.triage.builders import TICKET
from tests.triage.scene import VERIFICATION, ask, claimed, post

WORK = f"/v1/tickets/{TICKET}/work"
SOLUTION = {"solution": "升级到 V3.2.1"}


async def a_kb(world: World, *found: str) -> Bus:
    async def search(_: SearchCases) -> BaseModel:
        return FoundCases(suggestions=[Suggestion(article=one, title=one, score=0.9) for one in found])

    kb = Bus(world.servers.nats_url, "kb", world.prefix)
    kb.answers("kb.search", SearchCases, search)
    await kb.start()
    return kb


async def test_a_new_problem_is_searched_described_and_analysed_before_it_is_solved(world: World) -> None:
    await claimed(world)
    kb = await a_kb(world)
    features = {"features": "V3.2 在 Win11 导出 Excel 时崩溃", "modules": ["导出", "导出"]}
    for path, body in (("solutions", SOLUTION), ("deep-analyses", features)):
        refused = await post(world, CHEN, f"{WORK}/{path}", body)
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:bihuan:problem:knowledge-not-searched")
    searched = (await post(world, CHEN, f"{WORK}/knowledge-searches", {"query": "导出 崩溃"})).json()["searches"]
    assert [(one["by"], one["query"], one["found"], one["answered"]) for one in searched] == [
        (CHEN.sub, "导出 崩溃", [], True)
    ]
    refused = await post(world, CHEN, f"{WORK}/solutions", SOLUTION)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:bihuan:problem:features-missing")
    begun = (await post(world, CHEN, f"{WORK}/deep-analyses", features)).json()
    assert (begun["deep_analysis"], begun["deep_analyses"][0]["modules"]) == (True, ["导出"])
    [row] = (await ask(world, LEAD, "GET", "/v1/queue")).json()["items"]
    assert row["deep_analysis"] is True
    assert (await post(world, CHEN, f"{WORK}/solutions", SOLUTION)).status_code == 201
    await kb.stop()
    assert len(world.published(TriageKnowledgeSearched)) == len(world.published(TriageDeepAnalysisBegun)) == 1


async def test_what_was_solved_before_needs_no_features(world: World) -> None:
    await claimed(world)
    kb = await a_kb(world, "KB-7")
    found = (await post(world, CHEN, f"{WORK}/knowledge-searches", {})).json()["searches"][0]["found"]
    assert [one["article"] for one in found] == ["KB-7"]
    assert (await post(world, CHEN, f"{WORK}/solutions", {**SOLUTION, "article": "KB-7"})).status_code == 201
    await kb.stop()


async def test_a_kb_that_is_away_keeps_nobody_from_work(world: World) -> None:
    await claimed(world)
    [search] = (await post(world, CHEN, f"{WORK}/knowledge-searches", {"query": "x"})).json()["searches"]
    assert (search["answered"], search["found"]) == (False, [])
    assert (await post(world, CHEN, f"{WORK}/solutions", SOLUTION)).status_code == 201


async def test_the_customer_is_asked_only_with_evidence_that_the_ticket_has(world: World) -> None:
    await claimed(world)
    await post(world, CHEN, f"{WORK}/knowledge-searches", {})
    await post(world, CHEN, f"{WORK}/solutions", SOLUTION)
    for evidence, kind in (([], "evidence-missing"), (["f-1", "f-9"], "file-not-found")):
        body = {**VERIFICATION, "evidence": evidence, "passed": True}
        refused = await post(world, CHEN, f"{WORK}/verifications", body)
        assert (refused.status_code, refused.json()["type"]) == (422, f"urn:bihuan:problem:{kind}")
    for field in ("environment", "expected"):
        left_out = {name: value for name, value in VERIFICATION.items() if name != field}
        assert (await post(world, CHEN, f"{WORK}/verifications", {**left_out, "passed": True})).status_code == 422
    passed = await post(world, CHEN, f"{WORK}/verifications", {**VERIFICATION, "passed": True})
    [verified] = passed.json()["proposals"][0]["verifications"]
    assert {name: verified[name] for name in VERIFICATION} == VERIFICATION


async def test_a_step_is_written_down_with_its_result_and_the_time_it_took(world: World) -> None:
    await claimed(world)
    step = {"hypothesis": "缓存已满", "step": "清空缓存", "result": "仍崩溃", "minutes": 20}
    entry = (await post(world, CHEN, f"{WORK}/steps", step)).json()["worklog"][-1]
    assert (entry["did"], entry["text"], entry["by"]) == ("step_tried", "清空缓存", CHEN.sub)
    assert entry["details"] == {"round": "1", "hypothesis": "缓存已满", "result": "仍崩溃", "minutes": "20"}
    assert (await post(world, CHEN, f"{WORK}/steps", {**step, "minutes": -1})).status_code == 422
