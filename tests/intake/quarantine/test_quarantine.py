"""Nobody gets a file that was not looked at, or that is infected."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from httpx2 import Response

from services.intake.app import create_app
from services.intake.attachments.scan import ScanState
from services.intake.quarantine.clamd import Clamd
from shared.bus import Bus
from shared.events.intake_files import FilesFound, FindFiles, LogPiece, LogState, ReadLog
from shared.testing import ADMIN, AGENT, LEAD, WANG, Person, Servers, World, running
from tests.intake.attachments.test_log_files import attached
from tests.intake.quarantine.daemon import EICAR, Daemon, scanning
from tests.intake.scene import opened

AWAY = "unix:///nobody/listens/here"


@dataclass
class Lab:
    world: World
    daemon: Daemon
    address: str

    def reach(self, address: str) -> None:
        """From now on the scanner is there."""
        object.__setattr__(self.world.apps["intake"].state.service.quarantine, "scanner", Clamd(address))

    async def get(self, ticket: str, file: str, what: str = "", who: Person = WANG) -> Response:
        async with self.world.as_(who, "intake") as somebody:
            return await somebody.get(f"/v1/tickets/{ticket}/attachments/{file}{what}")

    async def listed(self) -> list[dict[str, Any]]:
        async with self.world.as_(LEAD, "intake") as lead:
            items: list[dict[str, Any]] = (await lead.get("/v1/quarantine")).json()["items"]
        return items

    async def decide(self, file: str, what: str, who: Person = ADMIN) -> Response:
        async with self.world.as_(who, "intake") as admin:
            answer = await admin.post(f"/v1/quarantine/{file}/{what}", json={"reason": "误报"})
        await self.world.settle()
        return answer


@pytest.fixture
async def lab(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Lab]:
    """The scanner is away until somebody reaches for it."""
    monkeypatch.setenv("BIHUAN_CLAMAV", AWAY)
    async with AsyncExitStack() as stack:
        daemon = Daemon()
        address = await stack.enter_async_context(scanning(daemon))
        yield Lab(await stack.enter_async_context(running(servers, create_app)), daemon, address)


async def test_a_file_waits_for_the_scanner_and_the_ticket_does_not(lab: Lab) -> None:
    number = (await opened(lab.world))["ticket"]
    file = await attached(lab.world, number, "app.log", b"ERROR x\n")
    for what in ("", "/thumbnail", "/entries"):
        answer = await lab.get(number, file, what, AGENT)
        assert (answer.status_code, answer.json()["code"]) == (403, "quarantined"), what
    assert "尚未完成病毒扫描" in (await lab.get(number, file)).json()["detail"]
    await lab.world.pass_time(seconds=1)
    [held] = await lab.listed()
    assert (held["file"], held["ticket"], held["state"], held["tries"]) == (file, number, "pending", 1)

    lab.reach(lab.address)
    await lab.world.pass_time(seconds=1)  # not before it is tried again
    assert lab.daemon.scanned == []
    await lab.world.pass_time(minutes=2)
    assert lab.daemon.scanned == [b"ERROR x\n"]
    assert (await lab.get(number, file)).content == b"ERROR x\n"
    assert await lab.listed() == []


async def test_an_infected_file_is_locked_for_everybody_and_staff_are_told_once(lab: Lab) -> None:
    lab.reach(lab.address)
    number = (await opened(lab.world))["ticket"]
    file = await attached(lab.world, number, "tool.txt", EICAR)
    await lab.world.pass_time(seconds=1)
    for who in (WANG, AGENT, LEAD):
        assert (await lab.get(number, file, who=who)).status_code == 403
    assert (await lab.get(number, file, who=ADMIN)).status_code == 403
    async with lab.world.as_(AGENT, "intake") as agent, lab.world.as_(WANG, "intake") as wang:
        notes = (await agent.get(f"/v1/tickets/{number}")).json()["messages"]
        shown = (await wang.get(f"/v1/tickets/{number}")).json()["messages"]
    assert [("EICAR" in note["text"], note["internal"]) for note in notes] == [(True, True)]
    assert shown == []

    service = lab.world.apps["intake"].state.service  # as after a kill between the note and the verdict
    scan = await service.quarantine.guard.scans.get(file)
    assert (scan.state, scan.signature) == (ScanState.INFECTED, "Win.Test.EICAR_HDB-1")
    await service.quarantine._note(scan, scan.signature)
    async with lab.world.as_(AGENT, "intake") as agent:
        assert len((await agent.get(f"/v1/tickets/{number}")).json()["messages"]) == 1


async def test_triage_is_not_given_it_either(lab: Lab) -> None:
    number = (await opened(lab.world))["ticket"]
    file = await attached(lab.world, number, "app.log", b"ERROR x\n")
    triage = Bus(lab.world.servers.nats_url, "triage", lab.world.prefix)
    await triage.start()
    asked = ReadLog(ticket=number, attachment=file)
    piece = await triage.ask("intake.read_log", asked, LogPiece, within=10)
    await triage.stop()
    assert (piece.state, piece.text) == (LogState.WITHHELD, "")


async def test_it_is_evidence_while_it_is_checked_and_not_once_it_is_infected(lab: Lab) -> None:
    number = (await opened(lab.world))["ticket"]
    file = await attached(lab.world, number, "tool.txt", EICAR)
    triage = Bus(lab.world.servers.nats_url, "triage", lab.world.prefix)
    await triage.start()
    asked = FindFiles(ticket=number, files=[file])
    waiting = await triage.ask("intake.find_files", asked, FilesFound, within=10)
    lab.reach(lab.address)
    await lab.world.pass_time(seconds=1)
    locked = await triage.ask("intake.find_files", asked, FilesFound, within=10)
    await triage.stop()
    assert [one.id for one in waiting.files] == [file]
    assert locked.files == []


async def test_an_administrator_releases_a_false_alarm(lab: Lab) -> None:
    lab.reach(lab.address)
    number = (await opened(lab.world))["ticket"]
    file = await attached(lab.world, number, "tool.txt", EICAR)
    await lab.world.pass_time(seconds=1)
    assert (await lab.decide(file, "release", LEAD)).status_code == 403
    released = await lab.decide(file, "release")
    assert (released.json()["state"], released.json()["decided_by"], released.json()["reason"]) == (
        "released",
        "admin",
        "误报",
    )
    assert (await lab.get(number, file)).content == EICAR
    assert (await lab.decide(file, "removal")).status_code == 409


async def test_what_is_removed_is_gone_also_after_an_interruption(lab: Lab) -> None:
    lab.reach(lab.address)
    number = (await opened(lab.world))["ticket"]
    file = await attached(lab.world, number, "tool.txt", EICAR)
    await lab.world.pass_time(seconds=1)
    quarantine = lab.world.apps["intake"].state.service.quarantine
    remove = type(quarantine)._remove

    async def killed(*_: object) -> None:
        raise ConnectionError

    type(quarantine)._remove = killed
    try:
        assert (await lab.decide(file, "removal")).status_code == 500
    finally:
        type(quarantine)._remove = remove
    files = lab.world.runtimes["intake"].database["fs.files"]
    assert await files.count_documents({}) == 1
    assert "已删除" in (await lab.get(number, file)).json()["detail"]
    await lab.world.pass_time(seconds=1)
    assert await files.count_documents({}) == 0
    [kept] = await lab.listed()
    assert (kept["state"], kept["name"]) == ("removed", "tool.txt")


async def test_an_upload_that_was_refused_leaves_nothing_to_look_at(lab: Lab) -> None:
    number = (await opened(lab.world))["ticket"]
    handlers = lab.world.apps["intake"].state.service.attachments
    await handlers.guard.hold("gone", number, "a.log", 1)
    lab.reach(lab.address)
    await lab.world.pass_time(seconds=1)
    assert (await lab.listed(), lab.daemon.scanned) == ([], [])


async def test_without_a_scanner_nothing_is_held(servers: Servers) -> None:
    async with running(servers, create_app) as world:
        number = (await opened(world))["ticket"]
        file = await attached(world, number, "tool.txt", EICAR)
        async with world.as_(WANG, "intake") as wang:
            assert (await wang.get(f"/v1/tickets/{number}/attachments/{file}")).status_code == 200
