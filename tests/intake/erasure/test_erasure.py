"""A person is forgotten: asked for, confirmed by somebody else, everywhere, and proved."""

import contextlib
from typing import Any

import pytest

from services.intake.app import create_app
from shared.erasing import ERASED, Needles
from shared.events import ContactErased
from shared.mongo import Rewriting
from shared.testing import ADMIN, AGENT, AUDITOR, LEAD, WANG, ZHAO, Person, World
from tests.intake.directory.scene import contact
from tests.intake.scene import completed, opened

MAIL = (
    b"From: Wang <wang@huadong.example>\r\nTo: support@desk.example\r\nSubject: printer\r\n"
    b"Message-ID: <1@huadong>\r\n\r\nIt prints nothing.\r\n"
)
KNOWN = ["u-wang", "wang@huadong.example", "+8613800138000", "13800138000"]


async def do(world: World, who: Person, method: str, path: str, body: Any = None, status: int = 0) -> Any:
    async with world.as_(who, "intake", **{"Accept-Language": "en"}) as client:
        answer = await client.request(method, f"/v1/{path}", json=body)
    assert answer.status_code == status if status else answer.is_success, answer.text
    return answer.json()


async def closed(world: World, number: str) -> None:
    await do(world, LEAD, "POST", f"tickets/{number}/closure", {"outcome": "cancelled", "reason": "王敏来电取消"})
    await world.settle()


async def history(world: World) -> tuple[str, str, str]:
    """Of Wang: a solved ticket with a file, a mail that became one, a call; and what others say of them."""
    solved = await completed(world)
    async with world.as_(WANG, "intake") as wang:
        files = {"file": ("王敏.log", b"secret content", "text/plain")}
        problem = {"title": "白屏", "description": "王敏的电脑白屏"}
        other = (await wang.post("/v1/tickets", json=problem)).json()["ticket"]
        assert (await wang.post(f"/v1/tickets/{other}/attachments", files=files)).status_code == 201
        assert (await wang.post(f"/v1/tickets/{other}/messages", json={"text": "我的密码是什么"})).is_success
    await closed(world, other)
    mails = world.apps["intake"].state.service.mails
    await mails.receive(MAIL, "wang@huadong.example", ["support@desk.example"])
    await world.pass_time(seconds=1)
    tickets = (await do(world, LEAD, "GET", "tickets"))["items"]
    [mailed] = [one["ticket"] for one in tickets if one["title"] == "printer"]
    await closed(world, mailed)
    call = {"number": "13800138000", "began_at": "2026-03-02T09:00:00+08:00", "notes": "王敏来电"}
    await do(world, AGENT, "POST", "calls", call)
    foreign = (await opened(world, ZHAO))["ticket"]
    note = {"text": "Same as WANG@huadong.example has, call 13800138000", "internal": True}
    await do(world, LEAD, "POST", f"tickets/{foreign}/messages", note)
    await world.settle()
    return solved, other, foreign


async def everything(world: World) -> dict[str, list[dict[str, Any]]]:
    rewriting = Rewriting(world.runtimes["intake"].database)
    names = [name for name in await rewriting.collections() if name != "erasure"]
    return {name: [doc async for doc in rewriting.documents(name)] for name in names}


async def asked(world: World, **body: Any) -> dict[str, Any]:
    record = await contact(world, "王敏", subs=["u-wang"], emails=["wang@huadong.example"], phones=["138 0013 8000"])
    await world.pass_time(seconds=1)
    found: dict[str, Any] = await do(
        world, ADMIN, "POST", "erasures", {"contact": record["id"], "reason": "本人要求", **body}
    )
    return found


async def test_nothing_that_names_them_is_left_and_what_was_counted_stays(world: World) -> None:
    solved, other, foreign = await history(world)
    before = await do(world, LEAD, "GET", f"tickets/{solved}")
    request = await asked(world)
    assert (request["state"], len(request["tickets"]), request["proved"]) == ("requested", 3, False)
    needles = Needles(KNOWN)
    assert needles.are_in((await everything(world))["ticket"])
    await do(world, ADMIN, "POST", f"erasures/{request['id']}/confirmation", status=403)
    await do(world, LEAD, "POST", f"erasures/{request['id']}/confirmation")
    for runtime in world.runtimes.values():
        await runtime.sender.clear()
    await world.pass_time(seconds=1)
    done = await do(world, AUDITOR, "GET", f"erasures/{request['id']}")
    assert (done["state"], done["proved"], done["files"] >= 2) == ("finished", True, True)
    assert {one["collection"]: one["left"] for one in done["counted"] if one["left"]} == {}
    assert {one["collection"] for one in done["counted"] if one["changed"]} >= {
        "ticket",
        "timeline",
        "customer",
        "party",
        "call",
        "inboundmail",
    }
    left = await everything(world)
    assert {name for name, docs in left.items() if needles.are_in(docs)} == set()
    said = Needles(["王敏的电脑白屏", "王敏来电取消", "secret content", "我的密码是什么", "prints nothing"])
    found = [(name, field) for name, docs in left.items() for doc in docs for field in doc if said.are_in(doc[field])]
    assert found == []
    assert done["names_elsewhere"] == 0
    after = await do(world, LEAD, "GET", f"tickets/{solved}")
    for kept in ("stage", "satisfaction", "outcome", "opened_at", "resolved_at", "priority", "category", "round"):
        assert after[kept] == before[kept]
    assert (after["problem"]["title"], after["contact"]["name"], after["company"]) == (
        ERASED,
        ERASED,
        "华东贸易有限公司",
    )
    theirs = await do(world, LEAD, "GET", f"tickets/{other}")
    assert (theirs["attachments"], {one["text"] for one in theirs["messages"]}) == ([], {ERASED})
    others = await do(world, LEAD, "GET", f"tickets/{foreign}")
    assert others["problem"]["title"] != ERASED
    assert others["messages"][0]["text"] == f"Same as {ERASED} has, call {ERASED}"
    assert others["contact"]["email"] == "zhao@north.example"
    erased = [one for event in world.published(ContactErased) for one in event.tickets]
    assert erased == done["tickets"]
    assert not needles.are_in([event.to_wire() for event in world.published(ContactErased)])


async def test_a_proof_that_was_changed_proves_nothing(world: World) -> None:
    await completed(world)
    request = await asked(world)
    await do(world, LEAD, "POST", f"erasures/{request['id']}/confirmation")
    for runtime in world.runtimes.values():
        await runtime.sender.clear()
    await world.pass_time(seconds=1)
    erasures = world.apps["intake"].state.service.erasures
    one = await erasures.store.get(request["id"])
    assert erasures.is_proved(one)
    assert not erasures.is_proved(one.model_copy(update={"reason": "another"}))
    assert one.identities is None


async def test_after_a_kill_it_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.start(create_app, "2")
    await history(world)
    request = await asked(world)
    await do(world, LEAD, "POST", f"erasures/{request['id']}/confirmation")
    for runtime in world.runtimes.values():
        await runtime.sender.clear()
    erasures = world.apps["intake"].state.service.erasures
    real = Rewriting.rewrite

    class Killed(BaseException):
        pass

    for most in (0, 3, 9):
        done = 0

        async def rewrite(self: Rewriting, *args: Any, most: int = most) -> int:
            nonlocal done
            done += 1
            if done > most:
                raise Killed
            return await real(self, *args)

        monkeypatch.setattr(Rewriting, "rewrite", rewrite)
        with contextlib.suppress(Killed):
            await erasures.when_due([request["id"]])
        monkeypatch.setattr(Rewriting, "rewrite", real)
    await world.apps["intake2"].state.service.erasures.when_due([request["id"]])
    await world.settle()
    done_at_last = await do(world, AUDITOR, "GET", f"erasures/{request['id']}")
    assert (done_at_last["state"], done_at_last["proved"]) == ("finished", True)
    assert not Needles(KNOWN).are_in(await everything(world))


async def test_what_cannot_be(world: World) -> None:
    ticket = (await opened(world))["ticket"]
    who = {"emails": ["wang@huadong.example"], "reason": "x"}
    await do(world, ADMIN, "POST", "erasures", {"names": ["王敏"], "phones": ["13800138000"], "reason": "x"}, 422)
    await do(world, ADMIN, "POST", "erasures", {"contact": "P-none", "reason": "x"}, 404)
    assert ticket in (await do(world, ADMIN, "POST", "erasures", who, 409))["detail"]
    await closed(world, ticket)
    for person in (LEAD, AGENT, WANG):
        await do(world, person, "POST", "erasures", who, 403)
    request = await do(world, ADMIN, "POST", "erasures", who, 201)
    await world.pass_time(days=8)
    assert (await do(world, ADMIN, "GET", f"erasures/{request['id']}"))["state"] == "expired"
    await do(world, LEAD, "POST", f"erasures/{request['id']}/confirmation", status=409)
    one = await world.apps["intake"].state.service.erasures.store.get(request["id"])
    assert one.identities is None
    assert [row["id"] for row in (await do(world, AUDITOR, "GET", "erasures"))["items"]] == [request["id"]]
