"""What comes to a merged ticket by mail and by link."""

from datetime import timedelta

from shared.links import Link, Links
from shared.mail_threads import MailThreads
from shared.testing import LEAD, SECRET, World
from tests.intake.merging.test_api import ask, merge, two, unmerge
from tests.intake.scene import to_verification


async def test_a_verdict_by_link_is_a_message_on_the_other_ticket_and_decides_nothing(world: World) -> None:
    one, other = await two(world)
    await to_verification(world, other)
    await merge(world, other, one, even_if_waiting=True)
    link = Link(other, "accept_solution", "u-qin", "秦月", "zh", "n1", 1)
    path = Links(SECRET, "").url(link, world.now(), timedelta(days=1))
    async with world.as_(None, "intake") as client:
        assert (await client.get(path)).status_code == 410
        for _ in range(2):
            assert (await client.post(path, data={"comment": "好了"})).status_code == 200
    await world.settle()
    kept = await ask(world, LEAD, "GET", one)
    assert [m["text"] for m in kept["messages"]] == ["问题已解决。（通过链接提交）\n好了"]
    assert kept["resolved_at"] is None
    undone = await unmerge(world, other)
    assert (undone["stage"], undone["rounds"][0]["accepted"]) == ("customer_verification", None)


async def test_a_mail_that_answers_a_merged_ticket_goes_on_with_its_files(world: World) -> None:
    one, other = await two(world)
    await merge(world, other, one)
    name = MailThreads(SECRET).name(other)
    raw = (
        f"From: qin@huadong.example\r\nTo: desk@desk.example\r\nReferences: <{name}@desk.example>\r\n"
        "Message-ID: <m1@huadong.example>\r\nSubject: Re\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nIt happens here too.\r\n"
        '--b\r\nContent-Type: text/plain; name="a.log"\r\nContent-Disposition: attachment; filename="a.log"\r\n\r\n'
        "log\r\n--b--\r\n"
    ).encode()
    mails = world.apps["intake"].state.service.mails
    for _ in range(2):
        await mails.receive(raw, "qin@huadong.example", ["desk@desk.example"])
        await world.pass_time(seconds=1)
    kept = await ask(world, LEAD, "GET", one)
    assert [(m["text"], m["via"]) for m in kept["messages"]] == [("It happens here too.", other)]
    assert [(a["name"], a["via"]) for a in kept["attachments"]] == [("a.log", other)]
    assert (await ask(world, LEAD, "GET", other))["messages"] == []
