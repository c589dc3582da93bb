"""What imports take over beside the words: files, tags, links."""

import hashlib
from typing import Any

import pytest

from services.intake.transfer.rows import ImportedTicket
from shared.events import ImportPartTaken, TicketAttachmentAdded, TicketRelated
from shared.testing import AGENT, LEAD, WANG, Person, World
from tests.intake.transfer.samples import OSTICKET, ZAMMAD
from tests.intake.transfer.scene import ask, begun, finished, lines, row


async def send(
    world: World, id: str, content: bytes = b"text", who: Person = LEAD, name: str = "a.txt", **query: str
) -> Any:
    async with world.as_(who, "intake") as client:
        path, asked = f"/v1/ticket-imports/{id}/files", {"external_id": "1", "file_id": "f", **query}
        return await client.post(path, params=asked, files={"file": (name, content)})


async def shown(world: World, path: str, who: Person = LEAD) -> Any:
    async with world.as_(who, "intake") as client:
        answer = await client.get(f"/v1/tickets/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_files_come_one_by_one_once_and_nobody_is_told(world: World) -> None:
    id, _ = await begun(world, lines(row("1", files=2, contact_email=WANG.email), row("2")))
    assert (await send(world, id)).status_code == 404, "its ticket is not there yet"
    await finished(world, id)
    content = "日志".encode()
    first = await send(world, id, content, name="日志.txt", internal="false")
    assert first.status_code == 201
    said = first.json()
    assert (said["name"], said["size"], said["sha256"]) == ("日志.txt", 6, hashlib.sha256(content).hexdigest())
    again = await send(world, id, b"something else", file_id="f")
    assert (again.status_code, again.json()["attachment"]) == (200, said["attachment"])
    other, _ = await begun(world, lines(row("3")))
    assert (await send(world, other, content)).status_code == 200, "from the same desk, by another import"
    assert (await send(world, id, b"note", file_id="g")).json()["internal"] is True, "unless it is said otherwise"
    rows = (await ask(world, "GET", f"/{id}/parts/1"))["rows"]
    assert [(one["files"], one["files_there"]) for one in rows] == [(2, 2), (0, 0)]
    ticket = await shown(world, said["ticket"])
    assert [(one["name"], one["internal"]) for one in ticket["attachments"]] == [("日志.txt", False), ("a.txt", True)]
    async with world.as_(LEAD, "intake") as client:
        read = await client.get(f"/v1/tickets/{said['ticket']}/attachments/{said['attachment']}")
    assert read.content == content
    assert not [event for event in world.events if event.subject == said["ticket"]]
    assert world.published(ImportPartTaken)


async def test_a_file_of_an_open_ticket_is_told_like_any_other(world: World) -> None:
    id, _ = await begun(world, lines(row("1", state="open", is_open=True, closed_at=None)), open_tickets="open")
    await finished(world, id)
    assert (await send(world, id, internal="false")).status_code == 201
    assert (await send(world, id, internal="false")).status_code == 200
    assert [event.by_staff for event in world.published(TicketAttachmentAdded)] == [True]


async def test_files_that_cannot_be(world: World) -> None:
    id, _ = await begun(world, lines(row("1")))
    await finished(world, id)
    assert (await send(world, id, b"")).status_code == 422
    assert (await send(world, id, b"MZ\x90\x00 no picture", name="a.png")).status_code == 422
    assert (await send(world, id, external_id="9")).status_code == 404
    assert (await send(world, "IM-none")).status_code == 404
    for who in (AGENT, WANG):
        assert (await send(world, id, who=who)).status_code == 403
    number = (await ask(world, "GET", f"/{id}/parts/1"))["rows"][0]["ticket"]
    assert (await shown(world, number))["attachments"] == []


async def test_links_are_relations_once_all_tickets_are_there(world: World) -> None:
    there = {"external_id": "3", "kind": "causes"}
    parts = (
        lines(row("1", links=[there, {"external_id": "9"}, {"external_id": "1"}]), row("2", links=[there])),
        lines(row("3", links=[{"external_id": "1", "kind": "caused_by"}, {"external_id": "2"}])),
    )
    id, _ = await begun(world, *parts)
    report = await finished(world, id, 2, 2)
    assert report["reconciled"]
    assert (report["links"], report["links_there"]) == (6, 4), "not the one to nowhere, nor the one to itself"
    numbers = [one["ticket"] for part in (1, 2) for one in (await ask(world, "GET", f"/{id}/parts/{part}"))["rows"]]
    one, two, three = numbers
    found = {
        number: sorted(
            (each["relation"], each["ticket"]) for each in (await shown(world, f"{number}/relations"))["items"]
        )
        for number in numbers
    }
    assert found == {
        one: [("causes", three)],
        two: [("causes", three), ("related", three)],
        three: sorted([("caused_by", one), ("caused_by", two), ("related", two)]),
    }
    assert len(world.published(TicketRelated)) == 3
    again, _ = await begun(world, *parts)
    assert (await finished(world, again, 2, 2))["links_there"] == 4
    assert len(world.published(TicketRelated)) == 3


async def test_tags_and_links_of_zammad(world: World) -> None:
    more = {
        "tags": [{"ticket_id": 17, "tags": ["报表 导出", "vip"]}],
        "links": [
            {
                "ticket_id": 17,
                "links": [
                    {"link_type": "parent", "link_object": "Ticket", "link_object_value": 18},
                    {
                        "link_type": "normal",
                        "link_object": "KnowledgeBase::Answer::Translation",
                        "link_object_value": 18,
                    },
                ],
            }
        ],
    }
    id, _ = await begun(world, {"tables": {**ZAMMAD, **more}}, source="zammad", format="zammad")
    await finished(world, id, with_links=1)
    first, second, _ = (await ask(world, "GET", f"/{id}/parts/1"))["rows"]
    ticket = await shown(world, first["ticket"])
    assert ticket["external"]["tags"] == ["报表 导出", "vip"]
    [related] = (await shown(world, f"{first['ticket']}/relations"))["items"]
    assert (related["relation"], related["ticket"], related["reason"]) == (
        "related",
        second["ticket"],
        "zammad: parent",
    )
    await world.apps["intake"].state.service.search.follower.refresh()
    async with world.as_(LEAD, "intake") as client:
        answer = await client.post("/v1/ticket-searches", json={"text": "vip"})
    assert [one["ticket"] for one in answer.json()["items"]] == [first["ticket"]]


async def test_a_ticket_of_osticket_is_linked_to_its_parent(world: World) -> None:
    tickets = [*OSTICKET["ost_ticket"], {**OSTICKET["ost_ticket"][0], "ticket_id": "8", "ticket_pid": "5"}]
    id, _ = await begun(world, {"tables": {**OSTICKET, "ost_ticket": tickets}}, source="ost", format="osticket")
    assert (await finished(world, id, with_links=1))["links_there"] == 1


@pytest.mark.parametrize("kind", ["duplicate_of", "nonsense"])
async def test_a_relation_that_people_do_not_state_is_no_link(world: World, kind: str) -> None:
    _, [said] = await begun(world, lines(row("1", links=[{"external_id": "2", "kind": kind}])))
    assert (said["rows"][0]["outcome"], said["rows"][0]["reason"]) == ("refused", "Not valid: links.0.kind")


def test_what_was_taken_over_before_tags_were_read_is_the_same_still() -> None:
    known = row("1")
    read = ImportedTicket.model_validate(known)
    older = read.model_dump_json(exclude={"tags", "links"})
    assert read.digest == hashlib.sha256(older.encode()).hexdigest()[:32]
    assert ImportedTicket.model_validate({**known, "tags": ["vip"]}).digest != read.digest
