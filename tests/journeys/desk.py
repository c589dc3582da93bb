"""The desk as its people use it: each verb is one request by one person, answered and followed by its events."""

from dataclasses import dataclass
from typing import Any

from shared.testing import CHEN, LEAD, LIU, WANG, Person, World

TRACE = """java.lang.OutOfMemoryError: Java heap space
\tat com.bihuan.report.ExcelExporter.readAll(ExcelExporter.java:118)
\tat com.bihuan.report.ReportCenter.onExport(ReportCenter.java:233)"""
CRASH = {"title": "V3.2 在 Win11 上导出 Excel 时崩溃", "description": "导出报表时程序直接闪退。"}
COMPLETE = {**CRASH, "module": "报表中心", "steps": "点击导出", "error_text": TRACE}
NO_ORDERS = {"title": "交易系统无法下单", "description": "全部用户无法下单，核心业务中断。", "business_blocked": True}

CHECK = {
    "environment": "test server, V3.2.1",
    "steps": "export 120,000 rows",
    "expected": "120,000 rows",
    "result": "passed",
}


@dataclass
class Desk:
    world: World

    async def opens(self) -> None:
        for person, level in ((LIU, "senior"), (CHEN, "engineer")):
            body = {"name": person.name, "email": person.email, "language": "zh", "level": level, "skills": []}
            await self.do(LEAD, "PUT", "triage", f"/v1/engineers/{person.sub}", {**body, "capacity": 10})
            await self.do(LEAD, "PUT", "triage", f"/v1/engineers/{person.sub}/availability", {"available": True})

    async def do(
        self, who: Person, method: str, service: str, path: str, body: Any = None, expect: tuple[int, ...] = (200, 201)
    ) -> Any:
        async with self.world.as_(who, service) as client:
            answer = await client.request(method, path, json=body)
        assert answer.status_code in expect, f"{method} {path}: {answer.status_code} {answer.text}"
        await self.world.settle()
        return answer.json() if answer.content else None

    async def ticket(self, number: str, who: Person = LEAD) -> Any:
        return await self.do(who, "GET", "intake", f"/v1/tickets/{number}")

    async def work(self, number: str) -> Any:
        return await self.do(LEAD, "GET", "triage", f"/v1/tickets/{number}/work")

    async def open(self, body: dict[str, Any], who: Person = WANG) -> str:
        number: str = (await self.do(who, "POST", "intake", "/v1/tickets", body))["ticket"]
        return number

    async def claim(self, number: str, who: Person = CHEN) -> None:
        await self.do(who, "POST", "triage", "/v1/queue/claims", {"ticket": number, "reason": "as the story goes"})

    async def solve(self, number: str, solution: str, who: Person = CHEN, article: str = "") -> None:
        """Propose and pass the internal verification: the customer is asked."""
        body = {"solution": solution, "root_cause": "heap exhausted"} | ({"article": article} if article else {})
        await self.investigate(number, who)
        await self.do(who, "POST", "triage", f"/v1/tickets/{number}/work/solutions", body)
        check = {**CHECK, "evidence": [await self.evidence(number, who)], "passed": True}
        await self.do(who, "POST", "triage", f"/v1/tickets/{number}/work/verifications", check)

    async def investigate(self, number: str, who: Person = CHEN) -> None:
        """Knowledge first: what nobody has solved before has its features written down."""
        work = f"/v1/tickets/{number}/work"
        known = await self.do(who, "POST", "triage", f"{work}/knowledge-searches", {})
        if not (known["proposals"] or any(one["found"] for one in known["searches"])):
            await self.do(who, "POST", "triage", f"{work}/deep-analyses", {"features": "V3.2, Win11, export"})

    async def evidence(self, number: str, who: Person = CHEN) -> str:
        """The id of a file that only staff see."""
        async with self.world.as_(who, "intake") as client:
            path = f"/v1/tickets/{number}/attachments?internal=true"
            answer = await client.post(path, files={"file": ("report.txt", b"passed")})
        assert answer.status_code == 201, answer.text
        await self.world.settle()
        id: str = answer.json()["attachments"][-1]["id"]
        return id

    async def review(self, number: str, accepted: bool, comment: str = "", who: Person = WANG) -> None:
        body = {"accepted": accepted, "comment": comment}
        await self.do(who, "POST", "intake", f"/v1/tickets/{number}/verification", body)

    async def rate(self, number: str, satisfaction: str, who: Person = WANG) -> None:
        await self.do(who, "POST", "intake", f"/v1/tickets/{number}/feedback", {"satisfaction": satisfaction})
