"""A case grows: nothing that happened is overwritten, and nobody is named in it."""

from datetime import timedelta
from itertools import permutations

import pytest

from shared.events import TriageConsultationConcluded, TriageLogAnalysed
from shared.terms import Satisfaction
from shared.testing import AGENT, NOON, World
from tests.kb.scene import PROBLEM, TICKET, completed, kb_of, reopened

FIRST = completed().model_copy(update={"satisfaction": Satisfaction.DISSATISFIED, "feedback_comment": "太慢"})
AGAIN = reopened()
SECOND = completed(time=NOON + timedelta(hours=2), revision=20, solution="升级到 3.2.2").model_copy(
    update={"satisfaction": Satisfaction.SATISFIED, "feedback_comment": "好了"}
)


@pytest.mark.parametrize("order", list(permutations([FIRST, AGAIN, SECOND])))
async def test_a_ticket_that_ends_twice_adds_to_its_case(world: World, order: tuple[object, ...]) -> None:
    for event in (*order, *reversed(order)):
        await (kb_of(world).cases.reopen(AGAIN) if event is AGAIN else kb_of(world).cases.archive(event))  # type: ignore[arg-type]
    async with world.as_(AGENT, "kb") as agent:
        case = (await agent.get(f"/v1/tickets/{TICKET}/case")).json()
    assert [(one["solution"], one["satisfaction"], one["feedback_comment"]) for one in case["completions"]] == [
        ("升级到 3.2.1", "dissatisfied", "太慢"),
        ("升级到 3.2.2", "satisfied", "好了"),
    ]
    assert [one["reason"] for one in case["reopenings"]] == ["又闪退了"]
    assert (case["solution"], case["satisfaction"], case["state"]) == ("升级到 3.2.2", "satisfied", "archived")


async def test_what_experts_and_logs_said_before_is_part_of_the_case(world: World) -> None:
    said = {"conclusions": "王敏的机器内存不足，联系 13800138000", "action_items": ["研发修复导出"]}
    await world.publish(TriageConsultationConcluded(subject=TICKET, time=NOON, revision=5, **said))
    found = {"analysis": "A-1", "fingerprints": ["f"], "exceptions": ["System.OutOfMemoryException"], "module": "导出"}
    await world.publish(TriageLogAnalysed(subject=TICKET, time=NOON, revision=4, **found))
    async with world.as_(AGENT, "kb") as agent:
        assert (await agent.get(f"/v1/tickets/{TICKET}/case")).status_code == 404
        await world.publish(completed().model_copy(update={"customer_name": "王敏"}))
        case = (await agent.get(f"/v1/tickets/{TICKET}/case")).json()
    [consultation], [log] = case["consultations"], case["log_findings"]
    assert consultation["conclusions"] == "[姓名 name]的机器内存不足，联系 [电话 phone]"
    assert (consultation["action_items"], log["module"], log["exceptions"]) == (
        ["研发修复导出"],
        "导出",
        ["System.OutOfMemoryException"],
    )


async def test_neither_case_nor_draft_names_the_customer(world: World) -> None:
    problem = PROBLEM.model_copy(
        update={
            "description": "我是王敏，华东贸易，邮箱 wang@huadong.example，服务器 10.0.0.8 上闪退",
            "title": "王敏：导出闪退",
        }
    )
    event = completed(problem=problem, solution="给王敏装 3.2.1，密码=Abc123")
    await world.publish(event.model_copy(update={"customer_name": "王敏", "company": "华东贸易有限公司"}))
    kb = kb_of(world)
    case = (await kb.cases.store.get(TICKET)).model_dump_json(exclude={"company", "customer"})
    article = (await kb.articles.store.get(f"KB-{TICKET}")).model_dump_json()
    for secret in ("王敏", "华东贸易", "wang@huadong", "10.0.0.8", "Abc123"):
        assert secret not in case
        assert secret not in article
    assert "闪退" in case
    assert "3.2.1" in article
