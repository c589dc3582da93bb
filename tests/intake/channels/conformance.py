"""What every way in has to pass, be it a messenger, the hotline, a mailbox or the API.

Subclass `Conformance`, say how something is sent there, and declare in `lacks` what the way has no notion of, and why:
then the kit looks that it is so. docs/channels.md shows the declarations of all.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

import pytest

from services.intake.app import create_app
from shared.events import TicketMessagePosted, TicketOpened
from shared.mongo import TRANSIENT_ERRORS
from shared.terms import Channel
from shared.testing import LEAD, World


class Outcome(StrEnum):
    TAKEN = "taken"  # stored
    REFUSED = "refused"  # for good
    LATER = "later"  # whoever sends it keeps it, and sends it again


class Notion(StrEnum):
    PIECES = "pieces"  # a sentence, a picture, a log: what is written in pieces is one message
    FILES = "files"
    FETCHED = "fetched"  # files stay on a server, which may be slow, busy or away
    SIGNED = "signed"  # who sends shows who they are
    BOUNDED = "bounded"  # whoever sends without end is held up


@dataclass(frozen=True)
class Said:
    """`after` is the ticket that it answers to, where a way has answers."""

    id: str
    text: str
    sender: str = "zhang"
    files: tuple[str, ...] = ()
    after: str = ""


@dataclass(frozen=True)
class Sending:
    """To which process, when it was said and when signed (None: now); `forged`: by somebody else."""

    app: str = "intake"
    at: datetime | None = None
    signed: datetime | None = None
    forged: bool = False


USUAL = Sending()


def outcome_of(status: int) -> Outcome:
    """Of an HTTP status."""
    if status == 503:
        return Outcome.LATER
    assert status < 300 or 400 <= status < 500, status
    return Outcome.TAKEN if status < 300 else Outcome.REFUSED


class Conformance:
    channel: ClassVar[Channel]
    lacks: ClassVar[Mapping[Notion, str]] = {}
    file: ClassVar[str] = "错误.log"  # as `Said.files` has it
    stores: ClassVar[tuple[type, str]]  # what stores, and its method

    # ---- what a way says of itself

    async def connect(self, world: World, app: str) -> None:
        """So that what is sent comes to this process."""

    async def send(self, world: World, said: Said, way: Sending = USUAL) -> Outcome:
        """Hand over what somebody said."""
        raise NotImplementedError

    async def send_too_large(self, world: World) -> Outcome:
        raise NotImplementedError

    async def gather(self, world: World) -> None:
        """Let it come to its ticket."""
        await world.pass_time(seconds=8)

    @pytest.fixture
    async def fetched_from(self, world: World) -> AsyncIterator[Any]:
        """Where files are, if they are not in what is sent."""
        yield None  # noqa: PT022 - others have something to take down

    # ---- what it must do

    async def tickets(self, world: World) -> list[dict[str, Any]]:
        """Oldest first, with their messages."""
        async with world.as_(LEAD, "intake") as lead:
            rows = reversed((await lead.get("/v1/tickets")).json()["items"])
            return [(await lead.get(f"/v1/tickets/{row['ticket']}")).json() for row in rows]

    async def take(self, world: World, *all: Said) -> None:
        for said in all:
            assert await self.send(world, said) is Outcome.TAKEN
        await self.gather(world)

    async def test_what_is_sent_becomes_a_ticket_of_this_channel(self, world: World) -> None:
        await self.take(world, Said("1", "导出报表失败"))
        [ticket] = await self.tickets(world)
        assert "导出报表失败" in ticket["problem"]["description"]
        assert ticket["channel"] == self.channel
        [opened] = world.published(TicketOpened)
        assert opened.channel == self.channel

    async def test_what_is_sent_again_has_no_further_effect(self, world: World) -> None:
        """Soon, later, and by somebody who has copied it, a day after."""
        said, first = Said("1", "无法登录"), world.now()
        for wait in (0, 1, 8, 60, 3_000):
            assert await self.send(world, said, Sending(at=first)) is Outcome.TAKEN
            await world.pass_time(seconds=wait)
        await world.pass_time(days=1)
        await self.send(world, said, Sending(at=first, signed=first))
        await self.gather(world)
        await world.pass_time(minutes=2)
        [ticket] = await self.tickets(world)
        assert ticket["messages"] == []
        assert world.published(TicketMessagePosted) == []

    async def test_two_replicas_take_one_message_once(self, world: World) -> None:
        await world.start(create_app, ".2")
        await self.connect(world, "intake.2")
        said, at = Said("1", "无法登录"), world.now()
        sent = (self.send(world, said, Sending(app, at)) for app in ("intake", "intake.2") * 5)
        assert set(await asyncio.gather(*sent)) == {Outcome.TAKEN}
        await self.gather(world)
        await world.pass_time(seconds=60)
        [ticket] = await self.tickets(world)
        assert "无法登录" in ticket["problem"]["description"]
        assert ticket["messages"] == []

    async def test_what_others_send_in_their_name_is_refused(self, world: World) -> None:
        outcome = await self.send(world, Said("1", "无法登录"), Sending(forged=True))
        assert outcome is (Outcome.TAKEN if Notion.SIGNED in self.lacks else Outcome.REFUSED)
        await self.gather(world)
        await world.pass_time(minutes=2)
        assert bool(await self.tickets(world)) == (Notion.SIGNED in self.lacks)

    async def test_what_is_too_large_is_refused_unread(self, world: World) -> None:
        assert await self.send_too_large(world) is Outcome.REFUSED
        await self.gather(world)
        assert await self.tickets(world) == []

    async def test_what_comes_in_pieces_becomes_one_ticket(self, world: World) -> None:
        pieces = [Said("1", "无法登录"), Said("2", "从今天早上开始"), Said("3", "错误代码 500")]
        for piece in pieces:
            assert await self.send(world, piece) is Outcome.TAKEN
            await world.pass_time(seconds=5)
        await self.gather(world)
        found = await self.tickets(world)
        words = [one["problem"]["description"] for one in found]
        assert len(found) == (len(pieces) if Notion.PIECES in self.lacks else 1)
        assert all(piece.text in "\n".join(words) for piece in pieces)
        assert all(one["messages"] == [] for one in found)

    async def test_a_file_is_on_the_ticket_once(self, world: World, fetched_from: Any) -> None:
        said, at = Said("1", "见附件", files=(self.file,)), world.now()
        for _ in range(2):
            assert await self.send(world, said, Sending(at=at)) is Outcome.TAKEN
        await self.gather(world)
        await world.pass_time(minutes=5)
        [ticket] = await self.tickets(world)
        assert len(ticket["attachments"]) == (0 if Notion.FILES in self.lacks else 1)
        assert all(one["size"] > 0 for one in ticket["attachments"])

    async def test_what_they_say_later_goes_to_their_ticket_and_to_no_other(self, world: World) -> None:
        await self.take(world, Said("1", "无法登录"), Said("2", "Printing fails", sender="li"))
        mine, other = await self.tickets(world)
        if "无法登录" not in mine["problem"]["description"]:
            mine, other = other, mine
        await self.take(world, Said("3", "现在提示密码错误", after=mine["ticket"]))
        found = {one["ticket"]: one for one in await self.tickets(world)}
        assert found.keys() == {mine["ticket"], other["ticket"]}
        assert found[other["ticket"]]["messages"] == []
        [message] = found[mine["ticket"]]["messages"]
        assert "现在提示密码错误" in message["text"]
        assert (message["channel"], message["by_staff"]) == (self.channel, False)

    async def test_what_cannot_be_stored_now_comes_again_and_is_taken_once(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def away(*_: object, **__: object) -> None:
            raise TRANSIENT_ERRORS[0]("away")

        said = Said("1", "无法登录")
        with monkeypatch.context() as broken:
            broken.setattr(*self.stores, away)
            assert await self.send(world, said) is Outcome.LATER
        await self.take(world, said)
        await self.take(world, said)
        [ticket] = await self.tickets(world)
        assert ticket["messages"] == []

    async def test_who_sends_without_end_is_held_up_and_nobody_else(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What is held up is sent again, and then taken. A way that overrides this has bounds of another kind."""
        assert Notion.BOUNDED in self.lacks, "a way that holds up nobody says so"
        await self.take(world, *(Said(str(number), f"第 {number} 条") for number in range(12)))
        assert len(await self.tickets(world)) == 12
