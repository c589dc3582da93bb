"""People and requests at a running triage."""

from datetime import timedelta
from typing import Any

import httpx2
from pydantic import BaseModel

from services.triage.app import Triage
from services.triage.routing.domain import Engineer, Level
from shared.bus import Bus
from shared.domain import Origin
from shared.events import (
    TicketConsentGiven,
)
from shared.events.intake_files import FilesFound, FindFiles, TicketFile
from shared.testing import CHEN, Person, World
from tests.triage.builders import CRASH, TICKET, opened

EVIDENCE = ["f-1", "f-2"]
VERIFICATION = {
    "environment": "测试环境 V3.2.1，Win11",
    "steps": "在测试环境导出",
    "expected": "导出成功",
    "result": "成功",
    "evidence": ["f-1"],
}


async def ask(world: World, who: Person | None, method: str, path: str, body: Any = None, **headers: str) -> Any:
    async with world.as_(who, "triage", **headers) as client:
        answer: httpx2.Response = await client.request(method, path, json=body)
    await world.settle()
    return answer


async def post(world: World, who: Person | None, path: str, body: Any, **headers: str) -> Any:
    return await ask(world, who, "POST", path, body, **headers)


async def an_intake(world: World) -> Bus:
    """Somebody who answers for intake: every ticket has the attachments EVIDENCE, and no other."""

    async def find(asked: FindFiles) -> BaseModel:
        return FilesFound(files=[TicketFile(id=id, name=id, size=1) for id in asked.files if id in EVIDENCE])

    bus = Bus(world.servers.nats_url, "intake", world.prefix)
    bus.answers("intake.find_files", FindFiles, find)
    await bus.start()
    return bus


async def investigated(world: World, who: Person = CHEN, ticket: str = TICKET) -> None:
    """kb is away here: that it was asked is on record."""
    assert (await post(world, who, f"/v1/tickets/{ticket}/work/knowledge-searches", {})).status_code == 201


async def claimed(world: World, who: Person = CHEN, ticket: str = TICKET) -> None:
    await world.publish(opened(ticket, CRASH))
    answer = await post(world, who, "/v1/queue/claims", {"ticket": ticket, "reason": "test"})
    assert answer.status_code == 200


async def consented(world: World, hours: float | None = None, consent: str = "c-1", tool: str = "") -> None:
    expires_at = world.now() + timedelta(hours=hours) if hours else None
    await world.publish(
        TicketConsentGiven(
            subject=TICKET,
            time=world.now(),
            consent=consent,
            scope="桌面",
            tool=tool,
            given_by="王敏",
            words="同意远程",
            expires_at=expires_at,
        )
    )


def triage(world: World) -> Triage:
    service: Triage = world.apps["triage"].state.service
    return service


async def a_senior(world: World, sub: str, available: bool = True) -> None:
    senior = Engineer(id=sub, name=sub.title(), level=Level.SENIOR, available=available)
    await triage(world).engineers.store.add(senior, [], Origin("test"))


async def held_by(world: World, sub: str = "e-chen") -> list[str]:
    return sorted((await triage(world).engineers.store.get(sub)).tickets)
