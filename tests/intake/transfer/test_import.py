"""Imports: looked at first, then taken, once, however often and by whomever."""

import asyncio
import contextlib
from typing import Any

import pytest

from services.intake.app import create_app
from shared.events import CustomerMerged, ImportPartTaken, TicketOpened
from shared.testing import ADMIN, AGENT, LEAD, NOON, WANG, Person, World
from tests.intake.directory.scene import company
from tests.intake.scene import opened
from tests.intake.transfer.samples import OSTICKET, QUEUE, ZAMMAD
from tests.intake.transfer.scene import ask, begun, finished, lines, outcomes, row


async def ticket(world: World, number: str, who: Person = LEAD) -> dict[str, Any]:
    async with world.as_(who, "intake") as client:
        answer = await client.get(f"/v1/tickets/{number}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_nothing_is_written_before_the_start_and_everything_once_after_it(world: World) -> None:
    message = {"name": "李工", "by_staff": True, "at": "2020-01-01T00:00:00Z", "text": "请重启"}
    parts = lines(row("1", messages=[message]), row("2")), lines(row("3", state="solved", opened_at="nonsense"))
    id, said = await begun(world, *parts)
    assert [outcomes(part) for part in said] == [["created", "created"], ["refused"]]
    assert said[1]["rows"][0]["reason"] == "Not valid: opened_at"
    async with world.as_(LEAD, "intake") as client:
        assert (await client.get("/v1/tickets")).json()["items"] == []
    report = await finished(world, id, 2)
    assert report["counts"] == {"created": 2, "same": 0, "differs": 0, "refused": 1}
    assert report["sums"] == [
        {
            "state": "",
            "month": "",
            "read": 1,
            "refused": 1,
            "there": 0,
            "messages": 0,
            "messages_there": 0,
            "agrees": True,
        },
        {
            "state": "closed",
            "month": "2020-01",
            "read": 2,
            "refused": 0,
            "there": 2,
            "messages": 1,
            "messages_there": 1,
            "agrees": True,
        },
    ]
    assert (report["reconciled"], report["parts"], report["parts_taken"]) == (True, 2, 2)
    part = await ask(world, "GET", f"/{id}/parts/1")
    number = part["rows"][0]["ticket"]
    assert number.startswith("TK-2020-"), "the year of the customer's clocks"
    found = await ticket(world, number)
    assert (found["status"], found["opened_at"], found["completed_at"], found["outcome"]) == (
        "completed",
        "2019-12-31T17:00:00Z",
        "2020-01-02T17:00:00Z",
        "solved",
    )
    assert (found["external"]["source"], found["external"]["number"], found["external"]["state"]) == (
        "old",
        "N1",
        "closed",
    )
    assert [(one["text"], one["by_staff"], one["posted_at"]) for one in found["messages"]] == [
        ("请重启", True, "2020-01-01T00:00:00Z")
    ]
    events = [event for event in world.events if not isinstance(event, CustomerMerged)]
    assert {type(event) for event in events} == {ImportPartTaken}
    assert [len(event.tickets) for event in world.published(ImportPartTaken)] == [2]


async def test_the_same_rows_again_change_nothing_and_others_are_told(world: World) -> None:
    id, _ = await begun(world, lines(row("1"), row("2")))
    await finished(world, id)
    first = await ask(world, "GET", f"/{id}/parts/1")
    again, [said] = await begun(world, lines(row("1"), row("2", title="另一个"), row("3"), row("3")))
    assert outcomes(said) == ["same", "differs", "created", "refused"]
    report = await finished(world, again)
    part = await ask(world, "GET", f"/{again}/parts/1")
    assert outcomes(part) == ["same", "differs", "created", "refused"]
    assert [one["ticket"] for one in part["rows"][:2]] == [one["ticket"] for one in first["rows"]]
    assert report["reconciled"]
    assert (await ticket(world, part["rows"][1]["ticket"]))["problem"]["title"] == "导出失败 2"
    other, _ = await begun(world, lines(row("1")), source="another")
    assert (await finished(world, other))["counts"]["created"] == 1
    assert [len(event.tickets) for event in world.published(ImportPartTaken)] == [2, 1, 1]


async def test_zammad_with_open_tickets(world: World) -> None:
    _, [said] = await begun(world, {"tables": ZAMMAD}, source="zammad", format="zammad")
    assert outcomes(said) == ["created", "created", "refused"]
    assert said["rows"][2]["reason"] == "The ticket is still open there"
    other, _ = await begun(world, {"tables": ZAMMAD}, source="zammad", format="zammad", open_tickets="open")
    report = await finished(world, other)
    assert (report["counts"]["created"], report["reconciled"]) == (3, True)
    rows = (await ask(world, "GET", f"/{other}/parts/1"))["rows"]
    assert [one["ticket"][:8] for one in rows] == ["TK-2021-", "TK-2022-", "TK-2022-"]
    still_open = await ticket(world, rows[2]["ticket"])
    assert (still_open["status"], still_open["questions"], still_open["opened_at"]) == (
        "pending",
        [],
        "2022-02-01T10:00:00Z",
    )
    [event] = world.published(TicketOpened)
    assert (event.subject, event.imported_from) == (rows[2]["ticket"], "zammad")
    assert event.time > NOON
    whole = await ticket(world, rows[0]["ticket"])
    assert [one["internal"] for one in whole["messages"]] == [False, True]
    assert whole["external"]["files"] == 1


async def test_osticket(world: World) -> None:
    id, _ = await begun(world, {"tables": OSTICKET}, {"text": QUEUE}, source="ost", format="osticket")
    report = await finished(world, id, 2)
    assert report["counts"] == {"created": 2, "same": 0, "differs": 0, "refused": 2}
    assert report["reconciled"]


async def test_a_killed_import_goes_on_where_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """After any number of its writes."""
    id, _ = await begun(world, lines(*(row(str(n)) for n in range(5))), lines(row("9")))
    await ask(world, "POST", f"/{id}/start", {"parts": 2})
    runtime = world.runtimes["intake"]
    stores = {store.name: store for store in runtime.stores}
    writes = 0

    class Killed(BaseException):
        pass

    def dies_after(most: int) -> None:
        nonlocal writes
        writes = 0
        for name, method in (("ticket", "add"), ("importpart", "change"), ("import", "change")):
            real = getattr(type(stores[name]), method)

            async def write(*args: Any, real: Any = real, **known: Any) -> Any:
                nonlocal writes
                if writes >= most:
                    raise Killed
                writes += 1
                return await real(stores[args[0].name], *args[1:], **known)

            monkeypatch.setattr(type(stores[name]), method, write)

    transfer = world.apps["intake"].state.service.transfer
    for most in range(9):
        dies_after(most)
        with contextlib.suppress(Killed):
            await transfer.when_due([id])
        monkeypatch.undo()
    await world.settle()
    for _ in range(3):
        await world.pass_time(seconds=1)
    report = await ask(world, "GET", f"/{id}")
    assert (report["state"], report["counts"]["created"], report["reconciled"]) == ("finished", 6, True)
    async with world.as_(LEAD, "intake") as client:
        assert len((await client.get("/v1/tickets")).json()["items"]) == 6


async def test_two_replicas_take_the_same_part(world: World) -> None:
    await world.start(create_app, "2")
    id, _ = await begun(world, lines(*(row(str(n)) for n in range(30))))
    await ask(world, "POST", f"/{id}/start", {"parts": 1}, service="intake2")
    both = [world.apps[name].state.service.transfer for name in ("intake", "intake2")]
    await asyncio.gather(*(one.when_due([id]) for one in both))
    await world.settle()
    report = await ask(world, "GET", f"/{id}", service="intake2")
    assert (report["state"], report["counts"]["created"], report["reconciled"]) == ("finished", 30, True)
    assert [len(event.tickets) for event in world.published(ImportPartTaken)] == [30]


async def test_history_is_found_and_counts_and_is_not_written_on(world: World) -> None:
    record = await company(world, name="华东贸易有限公司", aliases=[], domains=["huadong.example"])
    id, _ = await begun(world, lines(row("77")))
    await finished(world, id)
    number = (await ask(world, "GET", f"/{id}/parts/1"))["rows"][0]["ticket"]
    found = await ticket(world, number)
    assert (found["company_id"], found["customer"]) == (record["id"], record["customer"])
    new = await opened(world, title="另一个问题", description="打不开")
    assert number in (await ticket(world, new["ticket"]))["linked"]
    async with world.as_(LEAD, "intake") as lead:
        timeline = (await lead.get(f"/v1/tickets/{number}/timeline")).json()["items"]
        assert [one["kind"] for one in timeline] == ["ticket.taken_over"]
        for path, body in (("messages", {"text": "x"}), ("messages", {"text": "x", "internal": True})):
            assert (await lead.post(f"/v1/tickets/{number}/{path}", json=body)).status_code == 409
        assert (await lead.post(f"/v1/tickets/{number}/reopening", json={"reason": "x"})).status_code == 409
    assert not [event for event in world.events if event.subject == number]


@pytest.mark.parametrize(("who", "status"), [(LEAD, 201), (ADMIN, 201), (AGENT, 403), (WANG, 403)])
async def test_leads_and_administrators_import(world: World, who: Person, status: int) -> None:
    await ask(world, "POST", "", {"source": "x", "format": "csv"}, who, status)
    assert [one["source"] for one in (await ask(world, "GET", ""))["items"]] == ["x"] * (status == 201)


async def test_what_cannot_be(world: World) -> None:
    id, _ = await begun(world, lines(row("1")))
    await ask(world, "PUT", f"/{id}/parts/1", {"tables": {"tickets": [{}]}}, status=422)
    await ask(world, "PUT", f"/{id}/parts/0", lines(row("1")), status=422)
    await ask(world, "PUT", "/IM-none/parts/1", lines(row("1")), status=404)
    await ask(world, "POST", f"/{id}/start", {"parts": 2}, status=409)
    await ask(world, "PUT", f"/{id}/parts/2", lines(row("2")))
    await ask(world, "POST", f"/{id}/start", {"parts": 1}, status=409)
    await ask(world, "POST", "", {"source": "x", "format": "csv", "zone": "Nowhere"}, status=422)
    await finished(world, id, 2)
    await ask(world, "PUT", f"/{id}/parts/1", lines(row("1")), status=409)
    assert (await ask(world, "POST", f"/{id}/start", {"parts": 2}))["state"] == "finished"
    assert [one["id"] for one in (await ask(world, "GET", ""))["items"]] == [id]


async def test_an_import_that_nobody_starts_is_forgotten(world: World) -> None:
    id, _ = await begun(world, lines(row("1")))
    await world.pass_time(days=31)
    assert (await ask(world, "GET", f"/{id}"))["state"] == "expired"
    part = await world.apps["intake"].state.service.transfer.parts.get(f"{id}.00001")
    assert part.rows == []
