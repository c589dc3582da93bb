"""Third parties: records, requests by mail with their own time, answers, and a reminder."""

from datetime import datetime, timedelta
from typing import Any

from shared.events import (
    TicketThirdPartyReplied,
    TriageThirdPartyAnswered,
    TriageThirdPartyEngaged,
    TriageThirdPartyOverdue,
)
from shared.testing import ADMIN, CHEN, LIU, World
from tests.triage.builders import CRASH, TICKET
from tests.triage.scene import ask, claimed, post

PATH = f"/v1/tickets/{TICKET}/work/third-parties"
BANK = {"name": "核心银行厂商", "contact": "支持组", "email": "support@bank.example", "answer_hours": 8}
ASKED = {"third_party": "bank", "reason": "接口返回 500，请查明原因", "attachments": ["f-1"]}


async def engaged(world: World, **more: Any) -> None:
    await claimed(world)
    assert (await ask(world, ADMIN, "PUT", "/v1/third-parties/bank", BANK)).status_code == 200
    answer = await post(world, CHEN, PATH, {**ASKED, **more})
    assert answer.status_code == 201, answer.text


async def test_an_admin_keeps_third_parties(world: World) -> None:
    assert (await ask(world, CHEN, "PUT", "/v1/third-parties/bank", BANK)).status_code == 403
    put = await ask(world, ADMIN, "PUT", "/v1/third-parties/bank", {**BANK, "systems": ["core"]})
    assert put.json() == {
        **BANK,
        "id": "bank",
        "version": put.json()["version"],
        "language": "zh",
        "systems": ["core"],
        "active": True,
    }
    assert (await ask(world, ADMIN, "PUT", "/v1/third-parties/x", {**BANK, "answer_hours": 0})).status_code == 422
    assert [one["id"] for one in (await ask(world, CHEN, "GET", "/v1/third-parties")).json()["items"]] == ["bank"]


async def test_who_is_engaged_is_told_what_is_meant_for_it_and_nothing_of_the_customer(world: World) -> None:
    await engaged(world)
    [event] = world.published(TriageThirdPartyEngaged)
    assert (event.party, event.email, event.title) == ("核心银行厂商", "support@bank.example", CRASH.title)
    assert (event.attachments, event.customer) == (["f-1"], "")
    assert event.due_at == event.time + timedelta(hours=8)
    assert (await post(world, CHEN, PATH, ASKED)).status_code == 409
    for wrong in ({"third_party": "nobody"}, {"third_party": "", "party": ""}, {"attachments": ["f-9"]}):
        assert (await post(world, CHEN, PATH, {**ASKED, **wrong})).status_code == 422
    assert (await post(world, LIU, PATH, ASKED)).status_code == 403


async def test_the_customer_is_named_where_that_was_chosen(world: World) -> None:
    await engaged(world, show_customer=True, title="接口 CB-7")
    [event] = world.published(TriageThirdPartyEngaged)
    assert (event.title, event.customer) == ("接口 CB-7", "华东贸易有限公司 · u-wang")


async def test_an_answer_by_the_page_comes_to_the_work_item_once(world: World) -> None:
    await engaged(world)
    reply = TicketThirdPartyReplied(
        subject=TICKET,
        time=world.now(),
        revision=9,
        actor="mailto:support@bank.example",
        engagement="t1",
        party="核心银行厂商",
        answer="已修复",
        attachments=["f-2"],
    )
    for event in (reply, reply, reply.model_copy(update={"id": "again"})):
        await world.publish(event)
    [answered] = world.published(TriageThirdPartyAnswered)
    assert (answered.party, answered.answer, answered.actor) == (
        "核心银行厂商",
        "已修复",
        "mailto:support@bank.example",
    )
    [known] = (await ask(world, CHEN, "GET", f"/v1/tickets/{TICKET}/work")).json()["third_parties"]
    assert (known["answer"], known["answer_attachments"]) == ("已修复", ["f-2"])
    await world.pass_time(hours=9)
    assert world.published(TriageThirdPartyOverdue) == []


async def test_who_is_late_is_told_once_by_one_of_two_replicas(world: World) -> None:
    await engaged(world)
    await world.pass_time(hours=7, minutes=59)
    assert world.published(TriageThirdPartyOverdue) == []
    await world.pass_time(minutes=1)
    service = world.apps["triage"].state.service
    await service.fire([TICKET])
    await world.settle()
    [late] = world.published(TriageThirdPartyOverdue)
    assert (late.party, late.email, late.engagement) == ("核心银行厂商", "support@bank.example", "t1")
    [known] = (await ask(world, CHEN, "GET", f"/v1/tickets/{TICKET}/work")).json()["third_parties"]
    assert datetime.fromisoformat(known["due_at"]) == late.due_at
    await world.pass_time(hours=24)
    assert len(world.published(TriageThirdPartyOverdue)) == 1
