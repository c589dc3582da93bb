"""Splitting tickets of a running intake."""

from typing import Any

import pytest

from shared.domain import Origin
from shared.events import TicketMessagePosted, TicketOpened
from shared.testing import AGENT, LEAD, WANG, World
from tests.intake.merging.test_api import ask
from tests.intake.scene import opened, say


async def talked(world: World) -> str:
    number: str = (await opened(world))["ticket"]
    for text in ("导出崩溃", "打印也很慢", "打印要十分钟"):
        await say(world, number, "messages", text=text)
    async with world.as_(WANG, "intake") as client:
        files = {"file": ("print.log", b"slow", "text/plain")}
        assert (await client.post(f"/v1/tickets/{number}/attachments", files=files)).is_success
    return number


def wish(*messages: str, **more: Any) -> dict[str, Any]:
    return {"title": "打印很慢", "messages": list(messages), "reason": "另一个问题", **more}


async def test_chosen_messages_and_files_become_a_ticket_that_follows(world: World) -> None:
    number = await talked(world)
    [file] = (await ask(world, LEAD, "GET", number))["attachments"]
    body = wish("m3", "m2", attachments=[file["id"]])
    new = await ask(world, AGENT, "POST", f"{number}/splits", body, 201, **{"Idempotency-Key": "k1"})
    assert (new["split_from"], new["contact"]["sub"], new["problem"]["title"]) == (number, "u-wang", "打印很慢")
    assert [(m["id"], m["text"], m["via"]) for m in new["messages"]] == [
        ("m1", "打印也很慢", number),
        ("m2", "打印要十分钟", number),
    ]
    assert [one["via"] for one in new["attachments"]] == [number]
    old = await ask(world, LEAD, "GET", number)
    assert [m["split_to"] for m in old["messages"]] == ["", new["ticket"], new["ticket"]]
    [relation] = (await ask(world, WANG, "GET", f"{number}/relations"))["items"]
    assert (relation["relation"], relation["ticket"]) == ("followed_by", new["ticket"])
    again = await ask(world, AGENT, "POST", f"{number}/splits", body, 201, **{"Idempotency-Key": "k1"})
    assert again["ticket"] == new["ticket"]
    assert len(world.published(TicketOpened)) == 2
    assert len(world.published(TicketMessagePosted)) == 3
    await ask(world, AGENT, "POST", f"{number}/splits", wish("m3"), 409)
    async with world.as_(WANG, "intake") as client:
        found = await client.get(f"/v1/tickets/{new['ticket']}/attachments/{file['id']}")
    assert found.content == b"slow"


async def test_the_same_request_without_a_key_is_one(world: World) -> None:
    number = await talked(world)
    one = await ask(world, AGENT, "POST", f"{number}/splits", wish("m2"), 201)
    world.time += world.time.resolution * 5_000_000
    assert (await ask(world, AGENT, "POST", f"{number}/splits", wish("m2"), 201))["ticket"] == one["ticket"]


async def test_what_cannot_be_split_off(world: World) -> None:
    number = await talked(world)
    await ask(world, AGENT, "POST", f"{number}/splits", wish("m9"), 422)
    await ask(world, AGENT, "POST", f"{number}/splits", wish("m1", attachments=["a9"]), 422)
    await ask(world, WANG, "POST", f"{number}/splits", wish("m1"), 403)
    assert [one["split_to"] for one in (await ask(world, LEAD, "GET", number))["messages"] if one["split_to"]] == []
    assert len(world.published(TicketOpened)) == 1


@pytest.mark.parametrize("step", ["open", "end"])
async def test_a_split_ends_also_when_who_asked_for_it_was_killed(
    world: World, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    number = await talked(world)
    splitting = world.apps["intake"].state.service.splitting
    finish = type(splitting)._finish

    async def killed(self: Any, ticket: Any, id: str) -> Any:
        monkeypatch.setattr(type(splitting), "_finish", finish)
        if step == "end":
            await finish(self, ticket, id)
        raise RuntimeError("killed")

    monkeypatch.setattr(type(splitting), "_finish", killed)
    with pytest.raises(RuntimeError):
        await splitting.split(number, "打印很慢", ["m2"], [], "另一个", Origin("a-lin", key="k"), lambda _: None)
    await world.settle(60)
    old = await ask(world, LEAD, "GET", number)
    assert old["messages"][1]["split_to"]
    assert len(world.published(TicketOpened)) == 2
