"""The people: customers who open tickets and do not give up while a part of the desk is away, and the staff."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.live.desk import Desk, Json, Who
from tests.live.wishes import Then, Wish

CLIENTS = 8
SENIORS = ("e-liu", "e-gao", "e-song")
ENGINEER, COLLEAGUE = "e-chen", "e-zhou"
NOT_YET = (404, 409)  # what a service has not heard of the ticket


async def staff_arrives(desk: Desk) -> None:
    for sub in (*SENIORS, ENGINEER, COLLEAGUE):
        level = "senior" if sub in SENIORS else "engineer"
        who = {"name": sub, "level": level, "language": "zh", "email": f"{sub}@bihuan.example", "skills": []}
        await desk.do("lead", "PUT", f"v1/engineers/{sub}", {**who, "capacity": 200})
        await desk.do("lead", "POST", f"v1/engineers/{sub}/activation")  # they may have been deactivated
        await desk.do("lead", "PUT", f"v1/engineers/{sub}/availability", {"available": True})


@dataclass
class Crowd:
    """`opened` says which number each wish was given, `opened_at` when that was known to who wished it."""

    desk: Desk
    opened: dict[Wish, str] = field(default_factory=dict)
    opened_at: dict[str, datetime] = field(default_factory=dict)
    _more: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def come(self, wanted: Sequence[Wish], during: float = 0) -> None:
        """So many clients at once, each with one ticket after the other; each ticket then goes its own way.

        They come at once, or spread over so many seconds; who was kept waiting does not wait once more.
        """
        begun, loop = asyncio.get_running_loop().time(), asyncio.get_running_loop()
        waiting = [(begun + during * n / len(wanted), wish) for n, wish in enumerate(wanted)][::-1]

        async def client() -> None:
            while waiting:
                at, wish = waiting.pop()
                await asyncio.sleep(at - loop.time())
                people.create_task(self._go_on(wish, await self._open(wish)))

        async with asyncio.TaskGroup() as people:
            for _ in range(CLIENTS):
                people.create_task(client())

    async def accepted(self, count: int) -> None:
        async with self._more:
            await self._more.wait_for(lambda: len(self.opened) >= count)

    async def _open(self, wish: Wish) -> str:
        ticket = await self.desk.do(wish.customer, "POST", "v1/tickets", wish.body, wish.key)
        number: str = ticket["ticket"]
        async with self._more:
            self.opened[wish] = number
            self.opened_at.setdefault(number, datetime.now(UTC))
            self._more.notify_all()
        return number

    async def _go_on(self, wish: Wish, number: str) -> None:
        way = Way(self.desk, wish, number)
        for then in wish.then:
            await way.go(then)


PASSED = {
    "environment": "测试环境",
    "steps": "测试环境重试三次",
    "expected": "导出成功",
    "result": "均成功",
    "passed": True,
}


@dataclass
class Way:
    """What happens to one ticket, one step after the other; each is asked for under a key of its own."""

    desk: Desk
    wish: Wish
    number: str
    _steps: int = 0

    async def go(self, then: Then) -> None:
        does, customer = self._does, self.wish.customer
        intake, triage = f"v1/tickets/{self.number}", f"v1/tickets/{self.number}/work"
        claim = {"ticket": self.number, "reason": "熟悉该模块"}
        match then:
            case Then.REPLIED:
                await does("agent", f"{intake}/messages", {"text": "您好，已收到。"})
            case Then.ANSWERED:
                await does(customer, f"{intake}/answers", {"answers": {"module": f"第 {self.wish.number} 号模块"}})
            case Then.RAISED:
                higher = {"category": "data", "priority": "high", "reason": "月结在即"}
                await does("lead", f"{triage}/classification", higher)
            case Then.PASSED_ON:
                await does("lead", f"{triage}/assignment", {"engineer": ENGINEER, "reason": "熟悉该模块"})
                await does("lead", f"{triage}/release", {"reason": "另有安排"})
            case Then.PASSED_AROUND:
                await does(ENGINEER, "v1/queue/claims", claim)
                await does(ENGINEER, f"{triage}/release", {"reason": "另有安排"})
                await does(COLLEAGUE, "v1/queue/claims", claim)
            case Then.HANDED_OVER:
                await does("lead", f"{triage}/release", {"reason": "换班"})
            case Then.CONSENTED:
                ticket = await does(customer, f"{intake}/consents", {"scope": "远程协助", "words": "同意"})
                await does(customer, f"{intake}/consents/{ticket['consents'][0]['id']}/revocation", {})
            case Then.SOLVED | Then.SOLVED_LATER | Then.BLAMED:
                await does("lead", f"{triage}/assignment", {"engineer": ENGINEER, "reason": "熟悉该模块"})
                if then is Then.SOLVED_LATER:
                    await self._try(accepted=False)
                await self._try(accepted=True, satisfied=then is not Then.BLAMED)
                if then is Then.BLAMED:
                    await does("agent", f"{intake}/call-back", {"cause": "等待太久"})
                    await does("agent", f"{intake}/second-plan", {"plan": "每天检查一次"})
                    await does("agent", f"{intake}/second-plan/result", {"result": "一周无异常"})
                    await does(customer, f"{intake}/feedback", {"satisfaction": "neutral"})
            case Then.REOPENED:
                await does(customer, f"{intake}/reopening", {"reason": "又出现了"})
                await self._try(accepted=True)

    async def _try(self, accepted: bool, satisfied: bool = True) -> None:
        """One round, and the feedback to one that the customer says yes to."""
        intake, triage = f"v1/tickets/{self.number}", f"v1/tickets/{self.number}/work"
        solution = {"solution": f"安装补丁 {self._steps}", "root_cause": "内存耗尽"}
        known = await self._does(ENGINEER, f"{triage}/knowledge-searches", {})
        if not (known["proposals"] or any(one["found"] for one in known["searches"])):
            await self._does(ENGINEER, f"{triage}/deep-analyses", {"features": "V3.2 导出时闪退"})
        await self._does(ENGINEER, f"{triage}/solutions", solution)
        report = {"file": ("report.txt", b"passed")}
        ticket = await self._does(ENGINEER, f"{intake}/attachments?internal=true", None, files=report)
        passed = {**PASSED, "evidence": [ticket["attachments"][-1]["id"]]}
        await self._does(ENGINEER, f"{triage}/verifications", passed)
        word = {"accepted": accepted, "comment": "" if accepted else "仍会闪退"}
        await self._does(self.wish.customer, f"{intake}/verification", word)
        if accepted:
            rating = {"satisfaction": "satisfied" if satisfied else "dissatisfied"}
            await self._does(self.wish.customer, f"{intake}/feedback", rating)

    async def _does(self, who: Who, path: str, body: Json | None, **other: Any) -> Json:
        self._steps += 1
        key = f"{self.wish.key}-{self._steps}"
        answer: Json = await self.desk.do(who, "POST", path, body, key, not_yet=NOT_YET, **other)
        return answer
