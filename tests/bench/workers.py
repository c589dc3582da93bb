"""People who take tickets through the whole process over HTTP. Run as a process of its own (helper.py)."""

import asyncio
import itertools
import json
import time
from dataclasses import dataclass
from typing import Any

from tests.bench.event_listener import EventListener
from tests.bench.helper import obey
from tests.bench.samples import problem
from tests.bench.wire import Connection, request, upload

DIAGNOSED, ASKED = "triage.diagnosed", "ticket.waiting:customer_verification"
TRIED = {"environment": "测试环境", "steps": "导出三次", "expected": "成功", "result": "均成功"}
numbers = itertools.count(2_000_001)
listener = EventListener()


@dataclass(frozen=True)
class People:
    customers: list[str]
    engineers: list[tuple[str, str]]  # subject and token
    lead: str


@dataclass
class Worker:
    """Plays everybody in the life of one ticket after the other."""

    intake: Connection
    triage: Connection
    people: People

    async def live_through(self) -> None:
        n = next(numbers)
        customer = self.people.customers[n % len(self.people.customers)]
        engineer, token = self.people.engineers[n % len(self.people.engineers)]
        opened = await ask(self.intake, "/v1/tickets", customer, problem(n))
        number = opened["ticket"]
        ticket, work = f"/v1/tickets/{number}", f"/v1/tickets/{number}/work"
        await listener.wait_for(DIAGNOSED, number)
        await ask(self.triage, f"{work}/assignment", self.people.lead, {"engineer": engineer, "reason": "轮到"})
        await ask(self.intake, f"{ticket}/messages", token, {"text": "已收到，正在分析。"})
        solution = {"solution": "安装补丁 V3.2.2 并清空缓存。", "root_cause": "导出模板的缓存损坏"}
        known = await ask(self.triage, f"{work}/knowledge-searches", token, {})
        if not any(one["found"] for one in known["searches"]):
            await ask(self.triage, f"{work}/deep-analyses", token, {"features": "V3.2 导出时闪退"})
        await ask(self.triage, f"{work}/solutions", token, solution)
        status, answer = await self.intake.ask(upload(f"{ticket}/attachments?internal=true", token))
        if status != 201:
            raise RuntimeError(f"the report of {number}: {status} {answer[:300]!r}")
        evidence = [json.loads(answer)["attachments"][-1]["id"]]
        verified = {**TRIED, "evidence": evidence, "passed": True}
        await ask(self.triage, f"{work}/verifications", token, verified)
        await listener.wait_for(ASKED, number)
        await ask(self.intake, f"{ticket}/verification", customer, {"accepted": True})
        done = await ask(self.intake, f"{ticket}/feedback", customer, {"satisfaction": "satisfied"})
        if done["status"] != "completed":
            raise RuntimeError(f"{number} is {done['status']} at the end")


async def ask(connection: Connection, path: str, token: str, body: Any) -> Any:
    status, answer = await connection.ask(request("POST", path, token, body))
    if status not in (200, 201):
        raise RuntimeError(f"POST {path}: {status} {answer[:300]!r}")
    return json.loads(answer)


async def listen(nats_url: str) -> None:
    await listener.open(nats_url, ("bihuan.triage.diagnosed.v1", "bihuan.ticket.waiting.v1"))


async def work(
    intake: str, triage: str, workers: int, seconds: float, customers: list[str], engineers: list[Any], lead: str
) -> dict[str, Any]:
    """Whole lives, `workers` at any time; one that has begun is brought to its end."""
    people = People(customers, [(sub, token) for sub, token in engineers], lead)
    took: list[float] = []
    end = time.monotonic() + seconds

    async def one() -> None:
        worker = Worker(await Connection.open(intake), await Connection.open(triage), people)
        while (began := time.monotonic()) < end:
            await worker.live_through()
            took.append(time.monotonic() - began)
        worker.intake.close()
        worker.triage.close()

    began = time.monotonic()
    await asyncio.gather(*(one() for _ in range(workers)))
    return {"took": took, "seconds": time.monotonic() - began}


if __name__ == "__main__":
    obey({"listen": listen, "work": work})
