"""Drafts of a running intake: kept for one person, sent once, taken back in time, and nobody else's business."""

from datetime import timedelta
from typing import Any
from unittest.mock import AsyncMock

import pytest

from services.intake.drafts.domain import FORGOTTEN_AFTER, HELD_FOR
from shared.events import TicketMessagePosted
from shared.testing import AGENT, AUDITOR, CHEN, LEAD, WANG, ZHAO, World
from tests.intake.macros.test_api import ask
from tests.intake.scene import opened

HELD = HELD_FOR.total_seconds()
HALF = "请先安装补丁 V3.2.1，然后\n  "


async def said(world: World, number: str) -> list[tuple[str, str, bool]]:
    ticket = await ask(world, LEAD, "GET", f"tickets/{number}")
    return [(one["author"], one["text"], one["internal"]) for one in ticket["messages"]]


async def test_what_is_typed_is_kept_for_its_writer_alone_by_ticket_and_audience(world: World) -> None:
    one, other = [(await opened(world, title=title))["ticket"] for title in ("甲", "乙")]
    for ticket, audience, text in ((one, "reply", HALF), (one, "note", "投诉过"), (other, "reply", "您好")):
        kept = await ask(world, AGENT, "PUT", f"tickets/{ticket}/drafts/{audience}", {"text": text})
        assert (kept["text"], kept["send_at"]) == (text, None)
    mine = (await ask(world, AGENT, "GET", f"tickets/{one}/drafts"))["items"]
    assert {(one["audience"], one["text"]) for one in mine} == {("reply", HALF), ("note", "投诉过")}
    assert len((await ask(world, AGENT, "GET", "drafts"))["items"]) == 3
    for who in (LEAD, CHEN):
        assert (await ask(world, who, "GET", "drafts"))["items"] == []
        assert (await ask(world, who, "GET", f"tickets/{one}/drafts"))["items"] == []
    await ask(world, WANG, "GET", f"tickets/{one}/drafts", expect=403)
    await ask(world, AUDITOR, "PUT", f"tickets/{one}/drafts/note", {"text": "x"}, expect=403)
    await ask(world, AGENT, "PUT", "tickets/TK-2026-999999/drafts/reply", {"text": "x"}, expect=404)
    await ask(world, AGENT, "PUT", f"tickets/{one}/drafts/reply", {"text": "x" * 20_001}, expect=422)
    await ask(world, AGENT, "PUT", f"tickets/{one}/drafts/everybody", {"text": "x"}, expect=422)
    assert await said(world, one) == []


async def test_what_was_typed_on_another_device_meanwhile_is_not_overwritten_unseen(world: World) -> None:
    path = f"tickets/{(await opened(world))['ticket']}/drafts/reply"
    first = await ask(world, AGENT, "PUT", path, {"text": "手机上写的"}, seen=1)
    await ask(world, AGENT, "PUT", path, {"text": "电脑上写的"}, expect=412, seen=1)
    await ask(world, AGENT, "PUT", path, {"text": "手机上写的，再加"}, seen=first["version"])
    await ask(world, AGENT, "PUT", path, {"text": "电脑上写的"}, expect=412, seen=first["version"])


async def test_what_is_sent_goes_out_once_when_its_moment_has_come(world: World) -> None:
    number = (await opened(world))["ticket"]
    path = f"tickets/{number}/drafts/reply"
    drafts = world.apps["intake"].state.service.drafts
    await ask(world, AGENT, "PUT", path, {"text": HALF})
    for _ in range(2):  # its answer was lost
        sent = await ask(world, AGENT, "POST", f"{path}/sending", {"text": "请安装补丁"}, key="s1")
    assert sent["send_at"]
    await ask(world, AGENT, "PUT", path, {"text": "改一下"}, expect=409)
    [id] = [row["id"] for row in await drafts.store.rows({}, ())]
    await drafts.post_due([id])
    assert await said(world, number) == []  # not yet
    await world.pass_time(seconds=HELD)
    await drafts.post_due([id])  # as another replica would
    await world.settle()
    assert await said(world, number) == [(AGENT.sub, "请安装补丁", False)]
    assert [one.text for one in world.events if isinstance(one, TicketMessagePosted)] == ["请安装补丁"]
    await ask(world, AGENT, "DELETE", f"{path}/sending", expect=409)
    assert (await ask(world, AGENT, "GET", "drafts"))["items"] == []
    again = await ask(
        world, AGENT, "POST", f"{path}/sending", {"text": "请安装补丁"}, key="s2"
    )  # the same words, meant anew
    assert again["send_at"]
    await world.pass_time(seconds=HELD)
    assert len(await said(world, number)) == 2


async def test_a_kill_between_posting_and_forgetting_posts_nothing_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = (await opened(world))["ticket"]
    await ask(world, AGENT, "POST", f"tickets/{number}/drafts/reply/sending", {"text": "请安装补丁"})
    drafts = world.apps["intake"].state.service.drafts
    [draft] = await drafts.store.where({})
    killed = AsyncMock(side_effect=ConnectionError("killed"))
    with monkeypatch.context() as dying:
        dying.setattr(drafts.store, "change", only_first(drafts.store.change, killed))
        world.time += HELD_FOR
        with pytest.raises(ConnectionError):
            await drafts.post_due([draft.id])
    assert await said(world, number) == [(AGENT.sub, "请安装补丁", False)]
    assert (await drafts.store.get(draft.id)).is_leaving
    await ask(world, AGENT, "DELETE", f"tickets/{number}/drafts/reply/sending", expect=409)  # too late
    await world.pass_time(seconds=1)
    assert (await drafts.store.get(draft.id)).text == ""
    assert len(await said(world, number)) == 1


async def test_taken_back_it_is_a_draft_again_and_is_never_posted(world: World) -> None:
    number = (await opened(world))["ticket"]
    path = f"tickets/{number}/drafts/reply"
    await ask(world, AGENT, "POST", f"{path}/sending", {"text": "发错了"})
    back = await ask(world, AGENT, "DELETE", f"{path}/sending")
    assert (back["text"], back["send_at"]) == ("发错了", None)
    await world.pass_time(seconds=2 * HELD)
    assert await said(world, number) == []
    for who in (LEAD, ZHAO):
        await ask(world, who, "DELETE", f"{path}/sending", expect=404 if who is LEAD else 403)


async def test_what_cannot_be_posted_is_a_draft_again_that_says_why(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = (await opened(world))["ticket"]
    monkeypatch.setattr("services.intake.conversation.domain.MAX_MESSAGES", 0)
    await ask(world, AGENT, "POST", f"tickets/{number}/drafts/note/sending", {"text": "备注"})
    await world.pass_time(seconds=HELD)
    [kept] = (await ask(world, AGENT, "GET", "drafts"))["items"]
    assert (kept["text"], kept["send_at"]) == ("备注", None)
    assert "limit" in kept["refused"] or "上限" in kept["refused"]


async def test_what_nobody_touches_is_forgotten(world: World) -> None:
    number = (await opened(world))["ticket"]
    drafts = world.apps["intake"].state.service.drafts
    await ask(world, AGENT, "PUT", f"tickets/{number}/drafts/note", {"text": "备注"})
    world.time += FORGOTTEN_AFTER
    assert await drafts.store.remove_expired() == 0
    world.time += timedelta(seconds=1)
    assert await drafts.store.remove_expired() == 1


def only_first(change: Any, then: Any) -> Any:
    """The first call is made, the next ends the process."""
    made: list[int] = []

    async def once(*args: Any) -> Any:
        made.append(1)
        return await (change if len(made) == 1 else then)(*args)

    return once
