"""Types of events that only a newer version knows, on real servers."""

import asyncio
import json

import pytest

from shared.domain import Unreadable
from shared.events import Event, TicketLinked, TicketPlanAgreed
from shared.testing import NOON
from tests.shared.bus.failing import fails
from tests.shared.bus.harness import WAITS, BusHarness, linked, until, until_idle
from tests.shared.bus.test_dead_letters import ENVELOPE


async def test_what_only_a_newer_version_knows_is_kept_for_it(harness: BusHarness) -> None:
    heard: list[str] = []

    async def handle(event: Event) -> None:
        heard.append(event.subject)

    newer = harness.make("triage", handle)
    newer.on(TicketPlanAgreed, handle)
    await harness.start(newer)
    await newer.stop_receiving()
    older = await harness.bus("triage", handle)
    unknown = json.dumps({**ENVELOPE, "type": "bihuan.ticket.exploded.v1"}).encode()
    await harness.publish_raw("ticket.linked", unknown)
    await harness.publish(*(TicketPlanAgreed(subject=f"P-{i}", time=NOON, plan="p") for i in range(3)), linked("T-1"))
    await until_idle(older)
    assert (heard, len(await harness.deferred(older))) == (["T-1"], 4)
    assert await older.dead_letters() == []
    newest = harness.make("triage", handle)
    newest.on(TicketPlanAgreed, handle)
    await harness.start(newest)
    await until(lambda: len(heard) == 4)
    await until_idle(newest)
    assert heard == ["T-1", "P-0", "P-1", "P-2"]
    assert [doc["lane"] for doc in await harness.deferred(newest)] == ["?bihuan.ticket.exploded.v1"]


async def test_a_type_that_nobody_knows_for_a_day_is_a_dead_letter(harness: BusHarness) -> None:
    async def handle(_: TicketLinked) -> None: ...

    bus = await harness.bus("triage", handle, unknown_wait=0.05, unknown_for=0.2)
    unknown = json.dumps({**ENVELOPE, "type": "bihuan.ticket.exploded.v1"}).encode()
    await harness.publish_raw("ticket.linked", unknown)
    async with asyncio.timeout(20):
        while not (letters := await bus.dead_letters()):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert [letter.error for letter in letters] == ["nobody knows the type bihuan.ticket.exploded.v1"]


@pytest.mark.parametrize("patience", [60.0, 0.0])
async def test_a_document_that_only_a_newer_version_can_read_is_waited_for(
    harness: BusHarness, patience: float
) -> None:
    """As long as for a type that only it knows; then it is broken."""
    heard: list[str] = []
    older = await harness.bus("triage", fails(99, Unreadable("work T-1: 1 wrong value"), heard), unknown_for=patience)
    await harness.publish(linked("T-1", "0"), linked("T-1", "1"))
    if not patience:
        await until_idle(older)
        assert [letter.error for letter in await older.dead_letters()] == ["Unreadable: work T-1: 1 wrong value"]
        assert heard == ["1"]
        return
    async with asyncio.timeout(20):
        while max((doc["tries"] for doc in await harness.deferred(older)), default=0) < len(WAITS) + 2:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await older.stop_receiving()
    newer = await harness.bus("triage", fails(0, RuntimeError(), heard))
    await until(lambda: len(heard) == 2)
    await until_idle(newer)
    assert heard == ["0", "1"]
    assert await newer.dead_letters() == []
