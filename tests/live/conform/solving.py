"""How a ticket of the scene comes to a verified solution."""

from uuid import uuid4

from tests.live.crowd import NOT_YET
from tests.live.desk import Desk, Json, eventually

ENGINEER = "e-chen"
SOLUTION = {"solution": "安装补丁 V3.2.1", "root_cause": "内存耗尽"}
PASSED = {"environment": "测试环境", "steps": "重试三次", "expected": "成功", "result": "均成功", "passed": True}


async def search(desk: Desk, number: str) -> None:
    """What the knowledge base does not know is described."""
    known = await _does(desk, f"{number}/work/knowledge-searches", {"query": "闪退"})
    if not any(one["found"] for one in known["searches"]):
        await _does(desk, f"{number}/work/deep-analyses", {"features": "V3.2 导出时闪退"})


async def propose(desk: Desk, number: str) -> None:
    await _does(desk, f"{number}/work/solutions", SOLUTION)


async def verify(desk: Desk, number: str) -> None:
    """With a report that staff alone see; then the customer is asked."""
    report = {"file": ("report.txt", b"passed")}
    ticket = await _does(desk, f"{number}/attachments?internal=true", None, files=report)
    await _does(desk, f"{number}/work/verifications", {**PASSED, "evidence": [ticket["attachments"][-1]["id"]]})

    async def is_asked() -> bool:
        ticket = await desk.do("lead", "GET", f"v1/tickets/{number}")
        return bool(ticket["stage"] == "customer_verification")

    await eventually(is_asked)


async def consult(desk: Desk, number: str) -> None:
    words = {"background": "导出时闪退", "tried": "换过机器", "stuck_at": "无法重现", "invited": ["e-liu"]}
    await _does(desk, f"{number}/work/consultation", words, "lead")


async def give_action(desk: Desk, number: str) -> None:
    """An action item of one consultation; another one is still open."""
    await consult(desk, number)
    action = {"text": "增加索引", "owner": "e-liu", "due_at": "2099-01-01T00:00:00Z"}
    await _does(desk, f"{number}/work/consultation/conclusion", {"conclusions": "缺索引", "actions": [action]}, "lead")
    await consult(desk, number)


async def _does(desk: Desk, path: str, body: Json | None, who: str = ENGINEER, **other: object) -> Json:
    answer: Json = await desk.do(who, "POST", f"v1/tickets/{path}", body, uuid4().hex, not_yet=NOT_YET, **other)
    return answer
