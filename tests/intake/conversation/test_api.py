"""Messages and answers over HTTP: nothing a customer writes goes unseen."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.tickets.closing import REOPEN_WITHIN
from shared.events import (
    TicketMessagePosted,
    TicketOpened,
    TicketQuestionsAnswered,
    TicketReopened,
    TicketResumed,
    TicketStageChanged,
)
from shared.terms import Stage, WaitingFor
from shared.testing import AGENT, LIU, WANG, ZHAO, World
from tests.intake.scene import completed, opened

WORDS = {"text": "又崩溃了，请继续处理"}


async def test_answers_land_on_the_ticket(world: World) -> None:
    number = (await opened(world))["ticket"]
    async with world.as_(WANG, "intake") as wang:
        answer = await wang.post(
            f"/v1/tickets/{number}/answers", json={"answers": {"module": "报表", "steps": "点导出"}}
        )
    ticket = answer.json()
    assert (ticket["problem"]["module"], ticket["waiting_for"]) == ("报表", "none")
    assert ticket["messages"][0]["author"] == "u-wang"


async def test_internal_notes_never_reach_a_requester(world: World) -> None:
    number = (await opened(world))["ticket"]
    async with world.as_(LIU, "intake") as liu:
        note = {"text": "客户的许可证有问题", "internal": True}
        assert (await liu.post(f"/v1/tickets/{number}/messages", json=note)).status_code == 201
        assert len((await liu.get(f"/v1/tickets/{number}")).json()["messages"]) == 1
    async with world.as_(WANG, "intake") as wang:
        assert (await wang.get(f"/v1/tickets/{number}")).json()["messages"] == []
        assert (await wang.post(f"/v1/tickets/{number}/messages", json=note)).status_code == 403


async def test_a_message_sent_twice_is_one_message(world: World) -> None:
    number = (await opened(world))["ticket"]
    async with world.as_(WANG, "intake") as wang:
        for _ in range(2):
            await wang.post(f"/v1/tickets/{number}/messages", json={"text": "还有人吗？"})
        world.time += timedelta(minutes=2)
        await wang.post(f"/v1/tickets/{number}/messages", json={"text": "还有人吗？"})
    await world.settle()
    assert len(world.published(TicketMessagePosted)) == 2


async def test_an_agent_answers_all_questions_and_nothing_is_waited_for(world: World) -> None:
    ticket = await opened(world)
    answers = {question["field"]: "客户电话告知" for question in ticket["questions"]}
    async with world.as_(AGENT, "intake") as agent:
        answer = (await agent.post(f"/v1/tickets/{ticket['ticket']}/answers", json={"answers": answers})).json()
    assert (answer["waiting_for"], answer["questions"]) == ("none", [])
    await world.settle()
    assert [event.waited_for for event in world.published(TicketResumed)] == [WaitingFor.CUSTOMER_INFORMATION]


async def test_answers_that_staff_record_are_the_customers_words(world: World) -> None:
    number = (await opened(world))["ticket"]
    async with world.as_(AGENT, "intake") as agent:
        answer = await agent.post(f"/v1/tickets/{number}/answers", json={"answers": {"module": "报表"}})
    [message] = answer.json()["messages"]
    assert (message["author"], message["name"], message["by_staff"], message["recorded_by"]) == (
        "u-wang",
        "王敏",
        False,
        "a-lin",
    )
    await world.settle()
    [posted] = world.published(TicketMessagePosted)
    assert (posted.author, posted.by_staff, posted.recorded_by, posted.actor) == ("u-wang", False, "a-lin", "a-lin")
    [answered] = world.published(TicketQuestionsAnswered)
    assert answered.assignee == ""


async def test_the_words_of_a_guest_are_under_their_address(world: World) -> None:
    customer = {"name": "李娜", "email": "li.na@guest.example"}
    body = {"title": "导出崩溃", "description": "导出时崩溃", "customer": customer}
    async with world.as_(AGENT, "intake") as agent:
        number = (await agent.post("/v1/tickets", json=body)).json()["ticket"]
        answer = await agent.post(f"/v1/tickets/{number}/answers", json={"answers": {"module": "报表"}})
    assert answer.json()["messages"][0]["author"] == "mailto:li.na@guest.example"


async def test_a_customer_fills_in_what_was_asked_for_and_is_not_waited_for(world: World) -> None:
    number = (await opened(world))["ticket"]
    async with world.as_(WANG, "intake") as wang:
        answer = await wang.patch(
            f"/v1/tickets/{number}", json={"module": "报表", "steps": "导出", "error_text": "NPE"}
        )
    assert (answer.json()["waiting_for"], answer.json()["questions"]) == ("none", [])


async def test_the_text_of_a_note_is_not_on_the_bus(world: World) -> None:
    number = (await opened(world))["ticket"]
    async with world.as_(LIU, "intake") as liu:
        await liu.post(f"/v1/tickets/{number}/messages", json={"text": "客户的许可证有问题", "internal": True})
        assert (await liu.get(f"/v1/tickets/{number}")).json()["messages"][0]["text"] == "客户的许可证有问题"
    await world.settle()
    [posted] = world.published(TicketMessagePosted)
    assert (posted.internal, posted.text) == (True, "")


async def test_a_message_on_a_completed_ticket_reopens_it(world: World) -> None:
    number = await completed(world)
    async with world.as_(WANG, "intake") as wang:
        answer = await wang.post(f"/v1/tickets/{number}/messages", json=WORDS)
    assert answer.status_code == 201
    ticket = answer.json()
    assert (ticket["ticket"], ticket["stage"], ticket["round"]) == (number, "handling", 2)
    assert [one["satisfaction"] for one in ticket["earlier"]] == ["satisfied"]
    await world.settle()
    [reopened] = world.published(TicketReopened)
    assert (reopened.reason, reopened.assignee) == (WORDS["text"], "e-liu")
    moved = world.published(TicketStageChanged)[-1]
    assert (moved.before, moved.after, moved.why, moved.revision) == (
        Stage.ARCHIVED,
        Stage.HANDLING,
        "reopened",
        reopened.revision,
    )


async def test_a_message_that_comes_too_late_begins_a_new_ticket_that_is_linked(world: World) -> None:
    old = await completed(world)
    world.time += REOPEN_WITHIN + timedelta(days=1)
    async with world.as_(WANG, "intake") as wang:
        first = await wang.post(f"/v1/tickets/{old}/messages", json=WORDS)
        again = await wang.post(f"/v1/tickets/{old}/messages", json=WORDS)
        more = await wang.post(f"/v1/tickets/{old}/messages", json={"text": "补充一点"})
        before = (await wang.get(f"/v1/tickets/{old}")).json()
    new = first.json()
    assert (first.status_code, first.headers["location"]) == (201, f"/v1/tickets/{new['ticket']}")
    assert new["ticket"] != old
    assert (new["problem"]["description"], new["linked"], new["contact"]["sub"]) == (WORDS["text"], [old], "u-wang")
    assert again.json()["ticket"] == more.json()["ticket"] == new["ticket"]
    assert [message["text"] for message in more.json()["messages"]] == ["补充一点"]
    assert (before["stage"], before["followed_by"], before["messages"]) == ("archived", new["ticket"], [])
    await world.settle()
    assert len(world.published(TicketOpened)) == 2


async def test_the_same_words_under_one_key_begin_one_new_ticket(world: World) -> None:
    old = await completed(world)
    world.time += REOPEN_WITHIN + timedelta(days=1)
    async with world.as_(WANG, "intake", **{"Idempotency-Key": "again"}) as wang:
        numbers = {(await wang.post(f"/v1/tickets/{old}/messages", json=WORDS)).json()["ticket"] for _ in range(3)}
        ticket = (await wang.get(f"/v1/tickets/{numbers.pop()}")).json()
    assert (numbers, ticket["messages"]) == (set(), [])


@pytest.mark.parametrize(("path", "body"), [("answers", {"answers": {"module": "报表"}}), ("attachments", None)])
async def test_what_nobody_would_see_on_a_completed_ticket_is_refused(
    world: World, path: str, body: dict[str, Any] | None
) -> None:
    number = await completed(world)
    async with world.as_(WANG, "intake") as wang:
        sent: dict[str, Any] = {"json": body} if body else {"files": {"file": ("a.log", b"x")}}
        answer = await wang.post(f"/v1/tickets/{number}/{path}", **sent)
    assert answer.status_code == 409
    assert await world.runtimes["intake"].database["fs.files"].count_documents({}) == 0


async def test_nobody_elses_message_opens_anything(world: World) -> None:
    number = await completed(world)
    world.time += REOPEN_WITHIN + timedelta(days=1)
    async with world.as_(ZHAO, "intake") as zhao:
        assert (await zhao.post(f"/v1/tickets/{number}/messages", json=WORDS)).status_code == 404
    await world.settle()
    assert len(world.published(TicketOpened)) == 1
