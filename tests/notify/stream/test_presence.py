"""Who is on which ticket, over the live stream: for staff who ask for it, and without a place in the stream."""

import json
from contextlib import AsyncExitStack

from shared.events.presence import PRESENCE_CHANGED, PresenceChanged, PresentNow
from shared.testing import ADMIN, AUDITOR, EDITOR, LIU, NOON, VIEWER, WANG, World
from tests.notify.samples import DRAFTED, TICKET, opened
from tests.notify.stream.client import following, publish

LIN = PresentNow(sub="a-lin", name="林晓", doing="working", since=NOON, until=NOON)
NEWS = PresenceChanged(ticket=TICKET, people=[LIN])
ASKED = "presence=true"


async def test_staff_who_ask_for_it_see_who_comes_and_nobody_else_does(world: World, url: str) -> None:
    hear = [(LIU, ASKED), (AUDITOR, f"{ASKED}&ticket={TICKET}")]
    deaf = [
        (LIU, ""),
        (LIU, f"{ASKED}&ticket=TK-2026-000002"),
        *((one, ASKED) for one in (EDITOR, ADMIN, WANG, VIEWER)),
    ]
    async with AsyncExitStack() as streams:
        hearing = [await streams.enter_async_context(following(world, url, who, query=how)) for who, how in hear]
        others = [await streams.enter_async_context(following(world, url, who, query=how)) for who, how in deaf]
        await world.runtimes["notify"].bus.notices.publish(PRESENCE_CHANGED, NEWS)
        for stream in hearing:
            block = await stream.block()
            assert block["event"] == "presence"
            assert "id" not in block
            assert PresenceChanged.model_validate(json.loads(block["data"])) == NEWS
        await publish(world, opened(WANG, ticket="TK-2026-000002"), opened(WANG), DRAFTED)
        assert [(await stream.block())["event"] for stream in hearing] == ["ticket.opened"] * 2
        for stream in others:
            assert (await stream.block())["event"] in ("ticket.opened", "kb.article_drafted")
