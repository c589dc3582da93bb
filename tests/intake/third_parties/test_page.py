"""The page of a third party: what it sees, and what becomes of its answer."""

from datetime import timedelta
from typing import Any

from shared.events import TicketInternalFileAdded, TicketThirdPartyReplied, TriageThirdPartyEngaged
from shared.links import Link, Links
from shared.testing import CHEN, NOON, World
from tests.intake.scene import opened

MAIL = "support@bank.example"


def link_of(world: World, ticket: str, **other: str) -> str:
    settings = world.runtimes["intake"].settings
    known: dict[str, Any] = {"sub": f"mailto:{MAIL}", "purpose": "t1", **other}
    link = Link(ticket, "answer_third_party", name="支持组", language="zh", nonce="n-1", **known)
    url = Links(settings.secret_for_links(), settings.public_url).url(link, NOON, timedelta(days=7))
    return url[url.index("/links/") :]


async def asked(world: World) -> tuple[str, list[str]]:
    """The ticket, and two files of it: the first one is meant for the third party."""
    number = (await opened(world))["ticket"]
    files = []
    async with world.as_(CHEN, "intake") as chen:
        for name in ("interface.log", "customer.log"):
            path = f"/v1/tickets/{number}/attachments?internal=true"
            answer = await chen.post(path, files={"file": (name, b"500")})
            files.append(answer.json()["attachments"][-1]["id"])
    await world.publish(
        TriageThirdPartyEngaged(
            subject=number,
            time=world.now(),
            revision=5,
            party="核心银行厂商",
            reason="接口返回 <500>",
            engagement="t1",
            email=MAIL,
            title="接口 CB-7",
            attachments=files[:1],
            due_at=world.now() + timedelta(hours=8),
        )
    )
    return number, files


async def test_it_sees_what_was_asked_and_attached_for_it_and_nothing_else(world: World) -> None:
    number, files = await asked(world)
    path = link_of(world, number)
    async with world.as_(None, "intake") as they:
        page = await they.get(path)
        assert page.status_code == 200
        for shown in ("接口 CB-7", "接口返回 &lt;500&gt;", "interface.log", "2026"):
            assert shown in page.text
        for hidden in ("王敏", "华东贸易", "wang@huadong.example", "customer.log"):
            assert hidden not in page.text
        assert (await they.get(f"{path}/files/{files[0]}")).content == b"500"
        assert (await they.get(f"{path}/files/{files[1]}")).status_code == 404
        for other in ({"purpose": "t2"}, {"sub": "mailto:else@bank.example"}):
            foreign = link_of(world, number, **other)
            assert (await they.get(foreign)).status_code == 410
            assert (await they.get(f"{foreign}/files/{files[0]}")).status_code == 410


async def test_its_answer_and_files_come_to_the_desk_and_end_the_link(world: World) -> None:
    number, _ = await asked(world)
    path = link_of(world, number)
    async with world.as_(None, "intake") as they:
        empty = await they.post(path, data={"comment": ""})
        assert (empty.status_code, "请填写答复" in empty.text) == (422, True)
        files = {"files": ("fix.txt", b"patched")}
        done = await they.post(path, data={"comment": "已修复，请升级到 5.2"}, files=files)
        assert done.status_code == 200, done.text
        assert (await they.post(path, data={"comment": "再答复一次"})).status_code == 410
        assert (await they.get(path)).status_code == 410
    await world.settle()
    [said] = world.published(TicketThirdPartyReplied)
    added = next(one for one in world.published(TicketInternalFileAdded) if one.name == "fix.txt")
    assert (said.answer, said.attachments, said.actor) == ("已修复，请升级到 5.2", [added.attachment], f"mailto:{MAIL}")


async def test_a_form_that_was_refused_half_way_is_sent_again_with_other_files(world: World) -> None:
    number, _ = await asked(world)
    path, log = link_of(world, number), ("files", ("trace.log", b"500 at 12:01"))
    fixed, wrong = ("files", ("fix.txt", b"patched")), ("files", ("shot.png", b"no picture"))
    async with world.as_(None, "intake") as they:
        refused = await they.post(path, data={"comment": "见附件"}, files=[log, wrong])
        assert refused.status_code == 422
        done = await they.post(path, data={"comment": "见附件"}, files=[fixed, log])
        assert done.status_code == 200, done.text
    await world.settle()
    [said] = world.published(TicketThirdPartyReplied)
    names = {one.attachment: one.name for one in world.published(TicketInternalFileAdded)}
    assert sorted(names[one] for one in said.attachments) == ["fix.txt", "trace.log"]
