"""Macros of a running intake: keeping, previewing and applying them."""

import asyncio
from typing import Any

import pytest

from services.intake.macros.domain import FIELDS, MOST_BYTES
from shared.events import TicketMessagePosted
from shared.testing import ADMIN, AGENT, AUDITOR, CHEN, LEAD, WANG, ZHAO, Person, World
from tests.intake.scene import completed, opened, send_what_was_left

CLOSE = {"action": "close", "body": {"outcome": "no_answer", "reason": "客户未回复"}}
NOTE = {"action": "note", "body": {"text": "已按宏处理"}}
MACRO: dict[str, Any] = {
    "name_zh": "结单",
    "text_zh": "{{contact.name}}您好，{{ ticket.number }}（{{ticket.title}}，{{ticket.status}}）将关闭。{{agent.name}}",
    "text_en": "Dear {{contact.name}}, {{ticket.number}} ({{ticket.title}}, {{ticket.status}}) is closed.",
    "changes": [{"action": "amend", "body": {"title": "已处理"}}, NOTE, CLOSE],
}


async def ask(
    world: World, who: Person, method: str, path: str, body: Any = None, expect: int = 200, key: str = "", seen: int = 0
) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    headers |= {"If-Match": f'"{seen}"'} if seen else {}
    async with world.as_(who, "intake", **headers) as client:
        answer = await client.request(method, f"/v1/{path}", json=body)
    assert answer.status_code == expect, answer.text
    await world.settle()
    return answer.json() if answer.content else None


async def created(world: World, who: Person = LEAD, **more: Any) -> str:
    macro = await ask(world, who, "POST", "macros", {**MACRO, "shared": who is LEAD, **more}, 201)
    assert macro["changes"] == (more.get("changes", MACRO["changes"]))
    return str(macro["id"])


def statuses(applied: Any) -> list[int]:
    return [one["status"] for one in applied["items"]]


async def test_it_says_what_the_preview_shows_and_makes_its_changes(world: World) -> None:
    macro = await created(world)
    number = (await opened(world, title="导出 {{agent.name}} 失败"))["ticket"]
    path = f"tickets/{number}/macros/{macro}"
    preview = await ask(world, AGENT, "GET", path)
    text = f"王敏您好，{number}（导出 {{{{agent.name}}}} 失败，待处理）将关闭。林芳"
    assert (preview["language"], preview["text"], preview["changes"]) == ("zh", text, MACRO["changes"])
    applied = await ask(world, AGENT, "POST", path)
    assert (applied["posted"], statuses(applied)) == (True, [200, 201, 200])
    ticket = await ask(world, LEAD, "GET", f"tickets/{number}")
    assert [(one["text"], one["internal"]) for one in ticket["messages"]] == [(text, False), ("已按宏处理", True)]
    assert (ticket["outcome"], ticket["problem"]["title"]) == ("no_answer", "已处理")


async def test_customers_read_it_in_their_language(world: World) -> None:
    macro = await created(world, changes=[])
    number = (await opened(world, ZHAO))["ticket"]
    preview = await ask(world, AGENT, "GET", f"tickets/{number}/macros/{macro}")
    assert preview["language"] == "en"
    assert preview["text"].startswith(f"Dear Zoe Zhao, {number} (V3.2")
    assert ", pending)" in preview["text"]


async def test_repeated_and_interrupted_nothing_is_done_twice(world: World) -> None:
    """What the text would say now is another one: the title and the status have changed."""
    macro = await created(world)
    number = (await opened(world))["ticket"]
    path, store = f"tickets/{number}/macros/{macro}", world.apps["intake"].state.service.tickets.store
    for version in (1, 2, 3):
        running = asyncio.create_task(ask(world, AGENT, "POST", path, key="k"))
        while not (running.done() or (await store.get(number)).version > version):  # noqa: ASYNC110
            await asyncio.sleep(0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    for _ in range(2):
        applied = await ask(world, AGENT, "POST", path, key="k")
        assert (applied["posted"], statuses(applied)) == (True, [200, 201, 200])
    assert [one.internal for one in (await store.get(number)).messages] == [False, True]
    await send_what_was_left(world)
    assert len(world.published(TicketMessagePosted)) == 2


async def test_whoever_saw_another_version_does_nothing(world: World) -> None:
    macro, silent = await created(world), await created(world, text_zh="", text_en="", changes=[NOTE, CLOSE])
    number = (await opened(world))["ticket"]
    await ask(world, AGENT, "POST", f"tickets/{number}/macros/{macro}", expect=412, seen=99)
    applied = await ask(world, AGENT, "POST", f"tickets/{number}/macros/{silent}", seen=99)
    assert (applied["posted"], statuses(applied)) == (False, [412, 200])
    assert (await ask(world, LEAD, "GET", f"tickets/{number}"))["messages"] == []


async def test_a_refused_change_does_not_stop_the_next(world: World) -> None:
    macro, number = await created(world, changes=[CLOSE, NOTE]), (await opened(world, title="打印失败"))["ticket"]
    applied = await ask(world, CHEN, "POST", f"tickets/{number}/macros/{macro}")
    assert statuses(applied) == [403, 201]
    applied = await ask(world, AGENT, "POST", f"tickets/{await completed(world)}/macros/{macro}")
    assert [(one["problem"] or {}).get("code") for one in applied["items"]] == ["wrong-state", None]


async def test_nobody_may_more_than_without_it(world: World) -> None:
    macro, own = await created(world, changes=[]), await created(world, AGENT, changes=[])
    both = Person("u-both", ("requester", "engineer"), name="周和")
    number, theirs = (await opened(world))["ticket"], (await opened(world, both))["ticket"]
    for method in ("GET", "POST"):
        for who in (WANG, AUDITOR, ADMIN):
            await ask(world, who, method, f"tickets/{number}/macros/{macro}", expect=403)
        await ask(world, both, method, f"tickets/{theirs}/macros/{macro}", expect=403)
        await ask(world, CHEN, method, f"tickets/{number}/macros/{own}", expect=404)
        await ask(world, AGENT, method, f"tickets/TK-2026-999999/macros/{own}", expect=404)
    assert [one["id"] for one in (await ask(world, CHEN, "GET", "macros"))["items"]] == [macro]
    for method, body in (("PATCH", {"name_en": "x"}), ("DELETE", None)):
        await ask(world, AGENT, method, f"macros/{macro}", body, 403)
        await ask(world, LEAD, method, f"macros/{own}", body, 404)
    await ask(world, AGENT, "POST", "macros", {**MACRO, "shared": True}, 403)
    await ask(world, ADMIN, "DELETE", f"macros/{macro}")
    await ask(world, LEAD, "GET", f"macros/{macro}", expect=404)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name_zh": ""}, "body.name_zh"),
        ({"text_en": ""}, "body.text_en"),
        ({"text_zh": "", "text_en": "", "changes": []}, "body.text_zh"),
        ({"text_zh": "{{ticket.secret}}"}, "body.text_zh"),
        ({"text_en": "{{ ticket.number | upper }}"}, "body.text_en"),
        ({"text_en": "{{{ticket.number}}{{"}, "body.text_en"),
        ({"text_en": "{{"}, "body.text_en"),
        ({"text_zh": "界" * 15_000}, "body"),
        ({"changes": [NOTE, {"action": "close", "body": {"outcome": "spam"}}]}, "body.changes.1.body.reason"),
        ({"changes": [NOTE] * 11}, "body.changes"),
    ],
)
async def test_what_is_no_macro_is_refused_when_it_is_kept(world: World, wrong: Any, field: str) -> None:
    refused = await ask(world, LEAD, "POST", "macros", {**MACRO, **wrong}, 422)
    assert [one["field"] for one in refused["errors"]] == [field]
    macro = await created(world)
    assert (await ask(world, LEAD, "PATCH", f"macros/{macro}", wrong, 422))["errors"][0]["field"] == field
    assert len("界".encode()) * 15_000 > MOST_BYTES


async def test_it_is_amended_by_who_saw_its_version(world: World) -> None:
    macro = await created(world)
    changed = await ask(world, LEAD, "PATCH", f"macros/{macro}", {"changes": [NOTE]}, seen=1)
    assert (changed["changes"], changed["text_zh"]) == ([NOTE], MACRO["text_zh"])
    await ask(world, LEAD, "PATCH", f"macros/{macro}", {"changes": []}, 412, seen=1)
    await ask(world, LEAD, "PATCH", f"macros/{macro}", {}, 422)


async def test_every_field_is_filled_in(world: World) -> None:
    text = " ".join("{{" + name + "}}" for name in FIELDS)
    macro = await created(world, text_zh=text, text_en=text, changes=[])
    number = (await opened(world))["ticket"]
    assert "{{" not in (await ask(world, AGENT, "GET", f"tickets/{number}/macros/{macro}"))["text"]


async def test_what_a_newer_version_knows_is_listed_and_not_applied(world: World) -> None:
    macro = await created(world)
    store = world.apps["intake"].state.service.macros.kept.store
    await store._docs.update_one({"_id": macro}, {"$set": {"changes": [{"action": "praise", "body": {}}]}})
    assert (await ask(world, LEAD, "GET", "macros"))["items"][0]["changes"][0]["action"] == "praise"
    number = (await opened(world))["ticket"]
    await ask(world, AGENT, "POST", f"tickets/{number}/macros/{macro}", expect=409)
    assert (await ask(world, LEAD, "GET", f"tickets/{number}"))["messages"] == []
