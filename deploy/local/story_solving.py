"""How the people of the story come to a solution: knowledge first, then a proposal, then internal verification."""

from typing import Any

from deploy.local.client import DemoClient
from deploy.local.words import tr

FEATURES = "V3.2 在 Win11 上导出 12 万行 Excel 时闪退"


async def propose(client: DemoClient, number: str, who: str, solution: dict[str, Any], on: Any = None) -> None:
    """The knowledge base is searched before a first solution; what it does not know is described."""
    work = f"/v1/tickets/{number}/work"
    found = await client.act(who, tr("searches the knowledge base", "检索知识库"), "POST", f"{work}/knowledge-searches",
                           {}, on=on, expect=201, leads_to=["triage.knowledge_searched"], subject=number)  # fmt: skip
    if not (found["proposals"] or any(one["found"] for one in found["searches"])):
        await client.act(who, tr("writes down the features of the new problem", "记录新问题的特征"), "POST",
                       f"{work}/deep-analyses", {"features": FEATURES, "modules": ["报表中心"]}, on=on, expect=201,
                       leads_to=["triage.deep_analysis_begun"], subject=number)  # fmt: skip
    sentence = tr(f"proposes: {solution['solution']}", f"提出方案：{solution['solution']}")
    await client.act(who, sentence, "POST", f"{work}/solutions", solution, on=on, expect=201,
                   leads_to=["triage.solution_proposed"], subject=number)  # fmt: skip


async def verify(client: DemoClient, number: str, who: str, steps: str, result: str, on: Any = None) -> None:
    """The internal verification, with its evidence; afterwards the customer is asked."""
    ticket = await client.act(who, tr("attaches the test report for the desk alone", "上传内部测试记录"), "POST",
                            f"/v1/tickets/{number}/attachments?internal=true", on=on, expect=201,
                            files={"file": ("report.txt", f"{steps}: {result}".encode(), "text/plain")},
                            leads_to=["ticket.internal_file_added"], subject=number)  # fmt: skip
    body = {
        "environment": "Windows 11 test machine",
        "steps": steps,
        "expected": "12 万行全部导出 · all 120,000 rows",
        "result": result,
        "evidence": [ticket["attachments"][-1]["id"]],
        "passed": True,
    }
    sentence = tr(f"verifies it in the test environment: {result}", f"内部验证：{result}")
    await client.act(who, sentence, "POST", f"/v1/tickets/{number}/work/verifications", body, on=on, expect=201,
                   leads_to=["triage.solution_verified", "ticket.waiting"], subject=number)  # fmt: skip
