"""Merging and un-merging tickets of a running intake."""

import asyncio
from typing import Any

import pytest

from shared.domain import Origin
from shared.events import TicketCompleted, TicketMerged, TicketMessagePosted, TicketReopened, TicketWatchersChanged
from shared.terms import Outcome
from shared.testing import AGENT, LEAD, LIU, WANG, ZHAO, Person, World
from tests.intake.scene import opened, to_verification

COLLEAGUE = Person("u-qin", ("requester",), WANG.company, "秦月", "qin@huadong.example", "zh")


async def ask(
    world: World, who: Person, method: str, path: str, body: Any = None, expect: int = 200, **headers: str
) -> Any:
    async with world.as_(who, "intake", **headers) as client:
        answer = await client.request(method, f"/v1/tickets/{path}", json=body)
    assert answer.status_code == expect, answer.text
    await world.settle()
    return answer.json() if answer.content else None


async def two(world: World, second: Person = COLLEAGUE) -> tuple[str, str]:
    return (await opened(world))["ticket"], (await opened(world, second))["ticket"]


async def merge(world: World, number: str, into: str, expect: int = 200, who: Person = AGENT, **more: Any) -> Any:
    return await ask(world, who, "POST", f"{number}/merge", {"into": into, "reason": "同一故障", **more}, expect)


async def unmerge(world: World, number: str, expect: int = 200) -> Any:
    return await ask(world, AGENT, "POST", f"{number}/unmerge", {"reason": "并非同一故障"}, expect)


async def test_a_merged_ticket_keeps_its_number_and_its_contact_watches_the_other(world: World) -> None:
    one, other = await two(world)
    merged = await merge(world, other, one)
    assert (merged["ticket"], merged["merged_into"], merged["outcome"], merged["duplicate_of"]) == (
        other,
        one,
        "duplicate",
        one,
    )
    assert merged["status"] == "completed"
    kept = await ask(world, LEAD, "GET", one)
    assert kept["merged"] == [other]
    assert [(one.id, one.through) for one in world.published(TicketWatchersChanged)[-1].watchers] == [("u-qin", other)]
    assert [one.outcome for one in world.published(TicketCompleted)] == [Outcome.DUPLICATE]
    assert (await ask(world, LEAD, "GET", f"{one}/relations"))["items"][0]["relation"] == "has_duplicate"


async def test_why_two_tickets_are_one_or_are_not_is_the_desks(world: World) -> None:
    """It may name the other customer."""
    one, other = await two(world)
    await merge(world, other, one)
    as_merged = await ask(world, COLLEAGUE, "GET", other)
    await unmerge(world, other)
    await merge(world, other, one)
    assert (as_merged["outcome"], as_merged["outcome_reason"]) == ("duplicate", "")
    assert (await ask(world, LEAD, "GET", other))["outcome_reason"] == "同一故障"
    for who, known in ((COLLEAGUE, False), (LEAD, True)):
        shown = f"{await ask(world, who, 'GET', other)} {await ask(world, who, 'GET', f'{other}/timeline')}"
        assert ("同一故障" in shown, "并非同一故障" in shown) == (known, known), who.sub


async def test_what_is_written_on_it_goes_on_to_the_other_once(world: World) -> None:
    one, other = await two(world)
    await merge(world, other, one)
    for _ in range(2):
        shown = await ask(
            world, COLLEAGUE, "POST", f"{other}/messages", {"text": "还有这个"}, 201, **{"Idempotency-Key": "k1"}
        )
    assert (shown["ticket"], shown["messages"]) == (other, [])
    kept = await ask(world, LEAD, "GET", one)
    assert [(m["text"], m["via"], m["author"]) for m in kept["messages"]] == [("还有这个", other, "u-qin")]
    [posted] = world.published(TicketMessagePosted)
    assert (posted.subject, posted.by_staff) == (one, False)


async def test_a_note_of_staff_stays_on_the_merged_ticket(world: World) -> None:
    one, other = await two(world)
    await merge(world, other, one)
    noted = await ask(world, LIU, "POST", f"{other}/messages", {"text": "内部", "internal": True}, 201)
    assert [m["text"] for m in noted["messages"]] == ["内部"]
    assert (await ask(world, LEAD, "GET", one))["messages"] == []


async def test_answers_and_files_go_on_too(world: World) -> None:
    one, other = await two(world)
    await merge(world, other, one)
    await ask(world, COLLEAGUE, "POST", f"{other}/answers", {"answers": {"module": "报表"}})
    async with world.as_(COLLEAGUE, "intake") as client:
        answer = await client.post(f"/v1/tickets/{other}/attachments", files={"file": ("a.log", b"log", "text/plain")})
    assert (answer.status_code, answer.json()["ticket"]) == (201, other)
    await world.settle()
    kept = await ask(world, LEAD, "GET", one)
    assert [m["text"].endswith("报表") for m in kept["messages"]] == [True]
    assert [(a["name"], a["via"]) for a in kept["attachments"]] == [("a.log", other)]
    await world.pass_time(hours=1)
    async with world.as_(LEAD, "intake") as client:
        found = await client.get(f"/v1/tickets/{one}/attachments/{kept['attachments'][0]['id']}")
    assert found.content == b"log"


async def test_a_merge_that_is_undone_leaves_the_ticket_where_it_stood_and_names_what_was_said(world: World) -> None:
    one, other = await two(world)
    await to_verification(world, other)
    before = await ask(world, LEAD, "GET", other)
    assert before["stage"] == "customer_verification"
    await merge(world, other, one, 409)
    await merge(world, other, one, even_if_waiting=True)
    await ask(world, COLLEAGUE, "POST", f"{other}/messages", {"text": "还有这个"}, 201)
    undone = await unmerge(world, other)
    for name in ("stage", "status", "waiting_for", "round", "rounds", "assignee", "questions", "outcome", "earlier"):
        assert undone[name] == before[name], name
    assert (undone["merged_into"], undone["duplicate_of"], undone["messages"]) == ("", "", [])
    assert [(m["into"], m["messages"], m["undone_by"]) for m in undone["merges"]] == [(one, ["m1"], "a-lin")]
    kept = await ask(world, LEAD, "GET", one)
    assert (kept["merged"], [m["text"] for m in kept["messages"]]) == ([], ["还有这个"])
    [reopened] = world.published(TicketReopened)
    assert (reopened.undone, reopened.round) == (True, 1)
    assert world.published(TicketWatchersChanged)[-1].watchers == []
    assert (await ask(world, LEAD, "GET", f"{one}/relations"))["items"] == []
    again = await unmerge(world, other)
    assert again["version"] == undone["version"]


async def test_what_was_forwarded_is_not_written_again_after_the_merge_was_undone(world: World) -> None:
    one, other = await two(world)
    await merge(world, other, one)
    key = {"Idempotency-Key": "k1"}
    await ask(world, COLLEAGUE, "POST", f"{other}/messages", {"text": "还有这个"}, 201, **key)
    await unmerge(world, other)
    await ask(world, COLLEAGUE, "POST", f"{other}/messages", {"text": "还有这个"}, 201, **key)
    assert (await ask(world, LEAD, "GET", other))["messages"] == []
    assert len(world.published(TicketMessagePosted)) == 1


async def test_what_cannot_be_merged(world: World) -> None:
    one, other = await two(world)
    foreign = (await opened(world, ZHAO))["ticket"]
    await merge(world, one, one, 422)
    await merge(world, foreign, one, 403)
    await merge(world, foreign, one, 403, other_company=True)
    await merge(world, one, "TK-2026-999999", 404)
    async with world.as_(WANG, "intake") as client:
        assert (await client.post(f"/v1/tickets/{one}/merge", json={"into": other, "reason": "x"})).status_code == 403
    await merge(world, other, one)
    await merge(world, foreign, other, 409, who=LEAD, other_company=True)
    await merge(world, other, foreign, 409, who=LEAD, other_company=True)
    await ask(world, AGENT, "POST", f"{other}/reopening", {"reason": "x"}, 409)
    assert (await merge(world, foreign, one, who=LEAD, other_company=True))["merged_into"] == one
    await ask(world, AGENT, "POST", f"{one}/closure", {"outcome": "spam", "reason": "x"})
    third = (await opened(world, COLLEAGUE, title="别的"))["ticket"]
    await merge(world, third, one, 409)


async def test_a_customer_reads_of_it_what_they_may(world: World) -> None:
    one, other = await two(world)
    await merge(world, other, one)
    seen = await ask(world, COLLEAGUE, "GET", other)
    assert (seen["merged_into"], seen["merges"], seen["outcome"]) == ("", [], "duplicate")
    assert (await ask(world, WANG, "GET", one))["merged"] == []
    assert (await ask(world, COLLEAGUE, "GET", f"{other}/relations"))["items"] == []


async def test_a_chain_of_merges_ends_where_it_goes_on(world: World) -> None:
    one, other = await two(world)
    third = (await opened(world, COLLEAGUE, title="登录后白屏"))["ticket"]
    await merge(world, third, other)
    await merge(world, other, one)
    await ask(world, COLLEAGUE, "POST", f"{third}/messages", {"text": "还有这个"}, 201)
    kept = await ask(world, LEAD, "GET", one)
    assert [(m["text"], m["via"]) for m in kept["messages"]] == [("还有这个", third)]


async def test_of_two_merges_that_contradict_each_other_one_is_undone(world: World) -> None:
    one, other = await two(world)
    for _ in range(3):
        await asyncio.gather(
            *(
                world.apps["intake"].state.service.merging.merge(
                    a, b, "同时", False, False, Origin("a-lin"), lambda _: None
                )
                for a, b in ((one, other), (other, one))
            ),
            return_exceptions=True,
        )
        await world.settle()
        first, second = await ask(world, LEAD, "GET", one), await ask(world, LEAD, "GET", other)
        assert sorted((first["merged_into"], second["merged_into"]))[0] == ""
        open_one, merged = (first, second) if second["merged_into"] else (second, first)
        assert (open_one["merged"], merged["merged"]) == ([merged["ticket"]], [])
        await unmerge(world, merged["ticket"])


async def test_the_other_ticket_learns_of_it_also_when_who_merged_was_killed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = await two(world)
    merging = world.apps["intake"].state.service.merging
    before = type(merging)._update_targets

    async def killed(*_: object) -> None:
        monkeypatch.setattr(type(merging), "_update_targets", before)
        raise RuntimeError("killed")

    monkeypatch.setattr(type(merging), "_update_targets", killed)
    with pytest.raises(RuntimeError):
        await merging.merge(other, one, "同一", False, False, Origin("a-lin"), lambda _: None)
    await world.settle(60)
    assert (await ask(world, LEAD, "GET", one))["merged"] == [other]


async def test_hearing_of_it_late_and_twice_changes_nothing(world: World) -> None:
    one, other = await two(world)
    await merge(world, other, one)
    await unmerge(world, other)
    merged, undone = world.published(TicketMerged)
    version = (await ask(world, LEAD, "GET", one))["version"]
    for event in (undone, merged, merged):
        await world.apps["intake"].state.service.merging.hear(event)
    again = await ask(world, LEAD, "GET", one)
    assert (again["merged"], again["version"]) == ([], version)
