"""From a mail to a ticket: whose answers go where, what is ignored, and what a kill leaves."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.intake.app import create_app
from services.intake.mails.domain import MailState
from services.intake.mails.handlers import MailHandlers
from shared.events import TicketMessagePosted, TicketOpened
from shared.mail_threads import MailThreads
from shared.mongo import TRANSIENT_ERRORS
from shared.testing import LEAD, SECRET, Servers, World, running
from tests.intake.mails.samples import BOUNCE, SUPPORT, ZHANG, mail

THREADS = MailThreads(SECRET)
RELAY = "bounces@mx.example"


@pytest.fixture
async def world(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setenv("BIHUAN_MAIL_MAILBOXES", f'["{SUPPORT}"]')
    async with running(servers, create_app) as world:
        yield world


def mails_of(world: World, app: str = "intake") -> MailHandlers:
    found: MailHandlers = world.apps[app].state.service.mails
    return found


async def come(world: World, raw: bytes, *recipients: str) -> str:
    id = await mails_of(world).receive(raw, RELAY, recipients or (SUPPORT,))
    await world.pass_time(seconds=1)
    return id


async def tickets(world: World) -> list[dict[str, Any]]:
    """Oldest first, with their messages."""
    async with world.as_(LEAD, "intake") as lead:
        rows = reversed((await lead.get("/v1/tickets")).json()["items"])
        return [(await lead.get(f"/v1/tickets/{row['ticket']}")).json() for row in rows]


async def state_of(world: World, id: str) -> tuple[str, str]:
    found = await mails_of(world).mails.get(id)
    return found.state, found.reason


async def test_a_mail_becomes_a_ticket_with_its_files(world: World) -> None:
    await come(world, mail(files={"错误.log": b"ERROR x\n", "empty.txt": b""}))
    [ticket] = await tickets(world)
    assert (ticket["problem"]["title"], ticket["problem"]["description"]) == ("生产环境登录失败", "登录时报 500")
    assert (ticket["channel"], ticket["taken_by"]) == ("email", "channel:email")
    assert (ticket["contact"]["name"], ticket["contact"]["email"]) == ("张三", ZHANG)
    assert [(one["name"], one["size"]) for one in ticket["attachments"]] == [("错误.log", 8)]
    [opened] = world.published(TicketOpened)
    assert (opened.contact.language, opened.actor) == ("zh", f"mailto:{ZHANG}")


async def test_one_mail_is_one_ticket_however_often_and_by_whatever_way_it_comes(world: World) -> None:
    await world.start(create_app, ".2")
    both = [mails_of(world), mails_of(world, "intake.2")]
    raw = mail()
    by_another_way = b"Received: by mx2.example\r\nDelivered-To: help@desk.example\r\n" + raw
    ids = await asyncio.gather(*(one.receive(form, RELAY, [SUPPORT]) for form in (raw, by_another_way) for one in both))
    assert len(set(ids)) == 1
    await world.pass_time(seconds=1)
    await come(world, raw)
    await world.pass_time(minutes=31)
    assert len(await tickets(world)) == 1
    stored = await mails_of(world).mails.get(ids[0])
    files = [doc async for doc in world.runtimes["intake"].database["fs.files"].find({})]
    assert [doc["_id"] for doc in files] == [stored.file]


async def test_another_mail_under_the_same_message_id_is_kept(world: World) -> None:
    await come(world, mail("一"))
    await come(world, mail("二"))
    await come(world, mail("三", id=""))
    await come(world, mail("三", id=""))
    assert sorted(one["problem"]["description"] for one in await tickets(world)) == ["一", "三", "二"]


async def answered(world: World, **headers: str) -> dict[str, Any]:
    """A ticket, and then this mail."""
    await come(world, mail())
    [ticket] = await tickets(world)
    name = THREADS.name(ticket["ticket"])
    filled = {key: value.format(name=name, ticket=ticket["ticket"]) for key, value in headers.items()}
    body: dict[str, Any] = {
        "text": "日志见附件\n\n> 请提供日志",
        "id": "<2@customer.example>",
        "files": {"a.log": b"x"},
        **filled,
    }
    await come(world, mail(**body))
    found: dict[str, Any] = (await tickets(world))[0]
    return found


@pytest.mark.parametrize(
    "headers",
    [
        {"In_Reply_To": "<t.{name}.0123456789@desk.test>"},
        {"References": "<1@customer.example> <t.{name}@desk.test>"},
        {"Cc": "support+{name}@desk.example"},
        {"subject": "回复: [{ticket}] 生产环境登录失败"},
    ],
)
async def test_an_answer_goes_to_its_ticket_without_what_it_quotes(world: World, headers: dict[str, str]) -> None:
    ticket = await answered(world, **headers)
    [message] = ticket["messages"]
    assert (message["text"], message["channel"], message["author"]) == ("日志见附件", "email", f"mailto:{ZHANG}")
    assert (message["by_staff"], message["internal"]) == (False, False)
    assert [one["name"] for one in ticket["attachments"]] == ["a.log"]
    assert len(await tickets(world)) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"sender": "mallory@x.example", "subject": "Re: [{ticket}] x"},
        {"In_Reply_To": "<t.{ticket}.0123456789abcdef.1@desk.test>"},
        {"Cc": "support+{ticket}@desk.example"},
        {"subject": "[TK-2026-999999] x"},
    ],
)
async def test_nobody_writes_into_a_ticket_by_its_number(world: World, headers: dict[str, str]) -> None:
    ticket = await answered(world, **headers)
    assert ticket["messages"] == []
    assert len(await tickets(world)) == 2


async def test_a_colleague_who_answers_is_not_the_contact(world: World) -> None:
    ticket = await answered(world, In_Reply_To="<t.{name}.1@desk.test>", sender="李四 <li@customer.example>")
    [message] = ticket["messages"]
    assert (message["author"], message["name"]) == ("mailto:li@customer.example", "李四")


async def test_what_programs_write_opens_nothing_and_moves_nothing(world: World) -> None:
    id = await come(world, mail("休假", Auto_Submitted="auto-replied"))
    assert await state_of(world, id) == ("ignored", "automatic")
    id = await come(world, mail("own", sender=SUPPORT))
    assert await state_of(world, id) == ("ignored", "own")
    id = await come(world, BOUNCE)
    assert await state_of(world, id) == ("ignored", "bounce")
    assert await tickets(world) == []
    ticket = await answered(world, In_Reply_To="<t.{name}.1@desk.test>", Auto_Submitted="auto-replied", text="休假中")
    [note] = ticket["messages"]
    assert (note["internal"], note["text"]) == (True, f"自动回复 · Automatic reply: {ZHANG}\n休假中")
    assert ticket["waiting_for"] == "customer_information"
    assert ticket["attachments"] == []


async def test_a_mail_of_ours_that_came_back_is_noted_on_its_ticket(world: World) -> None:
    await come(world, mail())
    [ticket] = await tickets(world)
    name = THREADS.name(ticket["ticket"])
    await come(world, BOUNCE.replace(b"{name}", f"<t.{name}.1@desk.test>".encode()))
    [ticket] = await tickets(world)
    [note] = ticket["messages"]
    assert note["text"] == "邮件未能送达 · Mail not delivered: gone@customer.example (5.1.1)"
    assert (note["internal"], note["by_staff"]) == (True, True)


async def test_who_writes_without_end_opens_no_tickets_without_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mails_of(world).settings, "tickets_per_hour", 2)
    for number in range(4):
        id = await come(world, mail(str(number), id=f"<{number}@x>"))
    assert len(await tickets(world)) == 2
    assert await state_of(world, id) == ("ignored", "too_many")
    await come(world, mail("of another", sender="li@x.example", id="<9@x>"))
    assert len(await tickets(world)) == 3
    await world.pass_time(minutes=61)
    await come(world, mail("later", id="<10@x>"))
    assert len(await tickets(world)) == 4


async def test_what_was_ignored_is_taken_when_a_person_says_so(world: World) -> None:
    id = await come(world, mail(Precedence="bulk"))
    async with world.as_(LEAD, "intake") as lead:
        assert (await lead.get("/v1/mails", params={"state": "ignored"})).json()["items"][0]["reason"] == "automatic"
        accepted = await lead.post(f"/v1/mails/{id}/acceptance")
        assert (accepted.status_code, accepted.json()["state"]) == (200, "received")
        await world.pass_time(seconds=1)
        [shown] = (await lead.get("/v1/mails")).json()["items"]
        again = await lead.post(f"/v1/mails/{id}/acceptance")
    [ticket] = await tickets(world)
    assert (shown["state"], shown["ticket"], shown["sender"]) == ("on_ticket", ticket["ticket"], ZHANG)
    assert (again.status_code, again.json()["code"]) == (409, "not-ignored")


async def test_a_text_too_long_for_one_entry_is_several(world: World) -> None:
    await come(world, mail("报错内容" * 12_000))
    [ticket] = await tickets(world)
    assert len(ticket["problem"]["description"]) == 20_000
    assert [len(one["text"]) for one in ticket["messages"]] == [20_000, 8_000]


async def test_a_file_that_the_ticket_refuses_is_named_in_a_note(world: World) -> None:
    await come(world, mail(files={"big.log": b"x" * (20 * 1024 * 1024 + 1), "small.log": b"x"}))
    [ticket] = await tickets(world)
    assert [one["name"] for one in ticket["attachments"]] == ["small.log"]
    [note] = ticket["messages"]
    assert note["internal"]
    assert note["text"].startswith("big.log：")


@pytest.mark.parametrize("last", ["_ticket_of", "_write_part", "_attach"])
async def test_what_a_killed_process_had_begun_is_ended_once(
    world: World, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    done = getattr(MailHandlers, last)

    async def killed(self: MailHandlers, *args: object) -> object:
        await done(self, *args)
        raise TRANSIENT_ERRORS[0]("killed")

    id = await mails_of(world).receive(mail(files={"a.log": b"x"}), RELAY, [SUPPORT])
    with monkeypatch.context() as broken:
        broken.setattr(MailHandlers, last, killed)
        with pytest.raises(TRANSIENT_ERRORS[0]):
            await mails_of(world).when_due([id])
    await world.pass_time(seconds=31)
    await world.pass_time(seconds=31)
    [ticket] = await tickets(world)
    assert ([one["name"] for one in ticket["attachments"]], ticket["messages"]) == (["a.log"], [])
    assert world.published(TicketMessagePosted) == []
    assert len(world.published(TicketOpened)) == 1


async def test_what_was_never_stored_whole_is_forgotten_and_can_come_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    handlers = mails_of(world)

    async def killed(*_: object) -> None:
        raise TRANSIENT_ERRORS[0]("killed")

    with monkeypatch.context() as broken:
        broken.setattr(type(handlers.files), "save", killed)
        with pytest.raises(TRANSIENT_ERRORS[0]):
            await handlers.receive(mail(), RELAY, [SUPPORT])
    await world.pass_time(seconds=60)
    assert await tickets(world) == []
    await come(world, mail())
    assert len(await tickets(world)) == 1


async def test_mails_are_kept_for_a_month(world: World) -> None:
    id = await come(world, mail())
    await world.pass_time(days=29)
    assert await mails_of(world).mails.find(id)
    await world.pass_time(days=1, seconds=2)
    assert await mails_of(world).mails.find(id) is None
    assert [doc async for doc in world.runtimes["intake"].database["fs.files"].find({})] == []


async def test_a_mail_that_was_stored_is_due_at_once(world: World) -> None:
    id = await mails_of(world).receive(mail(), RELAY, [SUPPORT])
    found = await mails_of(world).mails.get(id)
    assert (found.due_at, found.state) == (world.now(), MailState.RECEIVED)
    assert found.received_at == world.now() - timedelta(0)


async def test_a_mail_with_other_line_ends_is_told_by_its_body_too(world: World) -> None:
    for text in ("一", "二"):
        await come(world, mail(text).replace(b"\r\n", b"\n"))
    assert sorted(one["problem"]["description"] for one in await tickets(world)) == ["一", "二"]


async def test_without_a_message_id_one_mail_by_two_ways_is_one(world: World) -> None:
    raw = mail(id="", Date="Fri, 20 Nov 2026 10:15:00 +0800")
    for way in (b"", b"Received: by mx2.example\r\n"):
        await come(world, way + raw)
    await come(world, mail(id="", Date="Fri, 20 Nov 2026 10:16:00 +0800"))
    assert len(await tickets(world)) == 2


async def test_a_full_ticket_does_not_hold_up_what_comes_for_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.intake.conversation.domain.MAX_MESSAGES", 0)
    await come(world, mail())
    [ticket] = await tickets(world)
    name = THREADS.name(ticket["ticket"])
    id = await come(world, BOUNCE.replace(b"{name}", f"<t.{name}.1@desk.test>".encode()))
    assert await state_of(world, id) == ("on_ticket", "")
    await come(world, mail("hello", id="<5@x>", In_Reply_To=f"<t.{name}.1@desk.test>"))
    assert len(await tickets(world)) == 2
