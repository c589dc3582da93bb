"""Attachments over HTTP."""

from services.intake.attachments.handlers import ATTACHMENT_BYTES
from shared.bus import Bus
from shared.events import (
    TicketAttachmentAdded,
    TicketInternalFileAdded,
    TicketResumed,
)
from shared.events.intake_files import FilesFound, FindFiles
from shared.testing import CHEN, WANG, World
from tests.intake.scene import opened


async def test_a_log_file_is_kept_and_comes_back_as_a_download(world: World) -> None:
    number = (await opened(world))["ticket"]
    log = b"java.lang.OutOfMemoryError\n" * 40_000
    async with world.as_(WANG, "intake") as wang:
        answer = await wang.post(
            f"/v1/tickets/{number}/attachments", files={"file": ("../日志.log", log, "text/plain")}
        )
        assert answer.status_code == 201, answer.text
        [attachment] = answer.json()["attachments"]
        back = await wang.get(f"/v1/tickets/{number}/attachments/{attachment['id']}")
        missing = await wang.get(f"/v1/tickets/{number}/attachments/nothing")
    assert (attachment["name"], attachment["size"]) == (".._日志.log", len(log))
    assert back.content == log
    assert back.headers["content-disposition"].startswith("attachment;")
    assert missing.status_code == 404
    await world.settle()
    assert len(world.published(TicketAttachmentAdded)) == 1


async def test_an_attachment_that_is_too_large_or_empty_leaves_nothing_behind(world: World) -> None:
    number = (await opened(world))["ticket"]
    files = world.runtimes["intake"].database["fs.files"]
    async with world.as_(WANG, "intake") as wang:
        for size, status in ((ATTACHMENT_BYTES + 1, 413), (ATTACHMENT_BYTES + 2_000_000, 413), (0, 422)):
            answer = await wang.post(f"/v1/tickets/{number}/attachments", files={"file": ("a.bin", b"x" * size)})
            assert answer.status_code == status
        assert (await wang.get(f"/v1/tickets/{number}")).json()["attachments"] == []
    assert await files.count_documents({}) == 0


async def test_the_same_upload_with_its_key_is_one_attachment(world: World) -> None:
    number = (await opened(world))["ticket"]
    async with world.as_(WANG, "intake", **{"Idempotency-Key": "up-1"}) as wang:
        for _ in range(2):
            answer = await wang.post(f"/v1/tickets/{number}/attachments", files={"file": ("a.log", b"line")})
            assert len(answer.json()["attachments"]) == 1


async def test_a_customer_uploads_the_log_and_is_not_waited_for(world: World) -> None:
    number = (await opened(world))["ticket"]
    async with world.as_(WANG, "intake") as wang:
        answer = await wang.post(f"/v1/tickets/{number}/attachments", files={"file": ("app.log", b"NPE")})
    assert answer.json()["waiting_for"] == "none"
    await world.settle()
    assert len(world.published(TicketResumed)) == 1


async def test_an_internal_file_is_for_staff_alone(world: World) -> None:
    number = (await opened(world))["ticket"]
    path = f"/v1/tickets/{number}/attachments"
    report = {"file": ("report.txt", b"passed")}
    async with world.as_(WANG, "intake") as wang, world.as_(CHEN, "intake") as chen:
        assert (await wang.post(f"{path}?internal=true", files=report)).status_code == 403
        added = await chen.post(f"{path}?internal=true", files=report)
        [file] = added.json()["attachments"]
        assert (added.status_code, file["internal"]) == (201, True)
        assert (await wang.get(f"/v1/tickets/{number}")).json()["attachments"] == []
        for below in ("", "/thumbnail", "/entries"):
            assert (await wang.get(f"{path}/{file['id']}{below}")).status_code == 404
        assert (await chen.get(f"{path}/{file['id']}")).content == b"passed"
    await world.settle()
    [told] = world.published(TicketInternalFileAdded)
    assert (told.name, world.published(TicketAttachmentAdded)) == ("report.txt", [])


async def test_triage_asks_which_files_a_ticket_has(world: World) -> None:
    number = (await opened(world))["ticket"]
    async with world.as_(WANG, "intake") as wang:
        answer = await wang.post(f"/v1/tickets/{number}/attachments", files={"file": ("a.log", b"line")})
    id = answer.json()["attachments"][0]["id"]
    triage = Bus(world.servers.nats_url, "triage", world.prefix)
    await triage.start()
    for ticket, names in ((number, ["a.log"]), ("TK-0", [])):
        found = await triage.ask(
            "intake.find_files", FindFiles(ticket=ticket, files=[id, "nothing"]), FilesFound, within=10
        )
        assert [one.name for one in found.files] == names
    await triage.stop()
