"""During a deploy two versions run side by side: what the last one told is understood, and so is what the next one may
tell. Nothing becomes a dead letter."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from services.kb.app import create_app as kb
from services.notify.app import create_app as notify
from services.sla.app import create_app as sla
from services.triage.app import create_app as triage
from shared.testing import LEAD, Servers, World, running

RECORDED = Path(__file__).parents[1] / "data" / "life-0.1.jsonl"
TICKET = "TK-2026-000001"


@pytest.fixture
async def readers(servers: Servers) -> AsyncIterator[World]:
    """Today's services that only read of a ticket, beside an intake and a triage of another version."""
    async with running(servers, sla, kb, notify) as world:
        yield world


async def tell(world: World, events: list[dict[str, Any]]) -> None:
    """Each when it happens: what is told from the future counts from now."""
    for event in events:
        world.time = max(world.time, datetime.fromisoformat(event["time"]))
        kind = event["type"].split(".", 1)[1].rpartition(".v")[0]
        await world.publish_raw(kind, json.dumps(event).encode(), {"Nats-Msg-Id": event["id"]})
        await world.settle()


async def dead_letters(world: World) -> list[str]:
    found = [one for runtime in world.runtimes.values() for one in await runtime.bus.dead_letters()]
    return [f"{letter.service}: {letter.error}" for letter in found]


async def read(world: World, service: str, path: str) -> Any:
    async with world.as_(LEAD, service) as lead:
        answer = await lead.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_life_of_a_ticket_that_the_last_version_told_is_understood(readers: World) -> None:
    recorded = [json.loads(line) for line in RECORDED.read_text("utf-8").splitlines()]
    await tell(readers, [event for event in recorded if event["source"] in ("/bihuan/intake", "/bihuan/triage")])
    assert await dead_letters(readers) == []
    clocks = {one["clock"]: one for one in (await read(readers, "sla", f"/v1/tickets/{TICKET}/clocks"))["clocks"]}
    assert {name: clock["state"] for name, clock in clocks.items() if name != "diagnosis"} == {
        "response": "stopped",
        "resolution": "stopped",
        "consultation": "stopped",
        "verification_wait": "stopped",
    }
    case = await readers.apps["kb"].state.service.cases.store.get(TICKET)
    assert (case.state, case.solution) == ("archived", "补丁")
    contact = await readers.apps["notify"].state.service.audiences.store.get(TICKET)
    assert (contact.assignee.sub, contact.solution) == ("e-chen", "补丁")


def opened(**data: Any) -> dict[str, Any]:
    recorded = json.loads(RECORDED.read_text("utf-8").splitlines()[0])
    return {**recorded, "revision": 1, "data": {**recorded["data"], **data}}


NEXT: dict[str, dict[str, Any]] = {
    "a channel": opened(channel="telegraph"),
    "a reason to wait": opened(waiting_for="the moon"),
    "a field": opened(mood="bad"),
}


@pytest.mark.parametrize("what", NEXT)
async def test_what_only_the_next_version_knows_is_taken_as_it_is(servers: Servers, what: str) -> None:
    async with running(servers, triage, sla, kb, notify) as world:
        await tell(world, [NEXT[what]])
        for name, path in (("triage", f"/v1/tickets/{TICKET}/work"), ("sla", f"/v1/tickets/{TICKET}/clocks")):
            await read(world, name, path)
        assert await dead_letters(world) == []


async def test_a_category_and_a_priority_of_the_next_version_are_shown_as_they_are(servers: Servers) -> None:
    async with running(servers, triage, sla, notify, kb) as world:
        await tell(world, [opened()])
        item = await read(world, "triage", f"/v1/tickets/{TICKET}/work")
        changed = {
            **opened(),
            "id": "e-next",
            "source": "/bihuan/triage",
            "type": "bihuan.triage.reclassified.v1",
            "revision": item["version"] + 1,
            "data": {"category": "security", "priority": "catastrophic", "queue": "security"},
        }
        await tell(world, [changed])
        clocks = await read(world, "sla", f"/v1/tickets/{TICKET}/clocks")
        assert (clocks["priority"], await dead_letters(world)) == ("catastrophic", [])
