"""Poison, and dead letters that are replayed, on real servers."""

import json
import logging
from typing import Any

import pytest

from shared.bus import ALL_SERVICES
from shared.domain import Conflict, NotFound
from shared.events import TicketLinked
from tests.shared.bus.harness import BusHarness, linked, until_idle

ENVELOPE: dict[str, Any] = {
    "specversion": "1.0",
    "id": "e-1",
    "source": "/bihuan/intake",
    "type": "bihuan.ticket.linked.v1",
    "subject": "T-1",
    "time": "2026-03-02T04:00:00+00:00",
    "data": {"to": ["T-0"]},
}


SECRET = "13800138000"


@pytest.mark.parametrize(
    "body",
    [
        b"\xff not JSON " + SECRET.encode(),
        b"",
        b"[" * 200_000,
        json.dumps({**ENVELOPE, "type": f"ours no more {SECRET}"}).encode(),
        json.dumps({**ENVELOPE, "data": {"to": SECRET}}).encode(),
        json.dumps({**ENVELOPE, "id": ""}).encode(),
        b"x" * 1_048_576,
    ],
    ids=["not JSON", "empty", "nested without end", "no type", "wrong data", "no id", "as large as can be"],
)
async def test_poison_is_a_dead_letter_at_once_and_the_service_lives(
    harness: BusHarness, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[str] = []

    async def handle(event: TicketLinked) -> None:
        heard.append(event.subject)

    bus = await harness.bus("triage", handle)
    client = bus.link.client
    await client.publish(f"{harness.prefix}.ticket.linked.v1", body)
    await harness.publish(linked("T-2"))
    with caplog.at_level(logging.DEBUG):
        await until_idle(bus)
    [letter] = await bus.dead_letters()
    assert (letter.tries, letter.size) == (1, len(body))
    assert f"{len(body)} bytes, sha256 " in letter.error
    assert SECRET not in letter.error + caplog.text
    assert heard == ["T-2"]
    assert bus.link.client is client


async def test_of_what_is_too_large_to_be_kept_whole_the_beginning_is_kept_and_cannot_be_replayed(
    harness: BusHarness,
) -> None:
    async def handle(_: TicketLinked) -> None: ...

    bus = await harness.bus("triage", handle)
    await harness.js.publish(f"{harness.prefix}.ticket.linked.v1", b"x" * 1_048_576)
    await until_idle(bus)
    [letter] = await bus.dead_letters()
    raw = await harness.js.get_msg(bus.names.dead_stream, seq=letter.sequence)
    assert raw.data is not None
    assert len(raw.data) > 1_000_000
    assert raw.headers
    assert raw.headers["Bihuan-Cut-From"] == "1048576"
    with pytest.raises(Conflict):
        await bus.replay(letter.sequence)


async def test_a_replayed_letter_goes_to_its_service_alone_and_leaves_the_list(harness: BusHarness) -> None:
    broken = True
    heard: dict[str, list[str]] = {"triage": [], "sla": []}

    async def triage(event: TicketLinked) -> None:
        if broken:
            raise RuntimeError("broken")
        heard["triage"].append(event.subject)

    async def sla(event: TicketLinked) -> None:
        heard["sla"].append(event.subject)

    bus, other = await harness.bus("triage", triage, waits=()), await harness.bus("sla", sla)
    await harness.publish(linked("T-1"), linked("T-2"), linked("T-3"))
    await until_idle(bus, other)
    first, second = await bus.dead_letters(limit=2)
    [third] = await bus.dead_letters(after=second.sequence)
    assert await other.dead_letters() == []
    assert await other.dead_letters(service="triage") == await other.dead_letters(service=ALL_SERVICES)
    broken = False
    await other.replay(first.sequence)
    with pytest.raises(NotFound):
        await bus.replay(first.sequence)
    await until_idle(bus, other)
    assert heard == {"triage": [json.loads(first.body)["subject"]], "sla": ["T-1", "T-2", "T-3"]}
    assert [letter.sequence for letter in await bus.dead_letters()] == [second.sequence, third.sequence]


async def test_a_replayed_letter_that_fails_again_is_a_dead_letter_again(harness: BusHarness) -> None:
    async def handle(_: TicketLinked) -> None:
        raise RuntimeError("broken")

    bus = await harness.bus("triage", handle, waits=())
    await harness.publish(linked("T-1"))
    await until_idle(bus)
    [letter] = await bus.dead_letters()
    for _ in range(2):
        await bus.replay(letter.sequence)
        await until_idle(bus)
        sequence = letter.sequence
        [letter] = await bus.dead_letters()
        assert letter.sequence > sequence
