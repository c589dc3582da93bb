"""Links that speak for the customer: for one round, to their own address alone, and over with it."""

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from httpx2 import Response

from shared.events import (
    TicketConsentGiven,
    TicketFeedbackGiven,
    TicketLinkRequested,
    TicketSolutionAccepted,
)
from shared.links import Link, Links
from shared.terms import Satisfaction
from shared.testing import AGENT, LEAD, LIU, NOON, SECRET, WANG, World
from tests.intake.scene import asked, opened, say, to_verification, verified_again

LINKS = Links(SECRET, "")
ACTIONS = ("accept_solution", "reject_solution", "give_feedback", "give_consent")


def link(number: str, action: str, round: int = 1, sub: str = "u-wang", at: datetime = NOON) -> str:
    """As notify mails it to the customer."""
    made = Link(number, action, sub, "王敏", "zh", uuid4().hex, round)
    return LINKS.url(made, at, timedelta(days=7))


async def look(world: World, path: str) -> Response:
    async with world.as_(None, "intake", **{"Accept-Language": "zh-CN"}) as nobody:
        return await nobody.get(path)


async def press(world: World, path: str, **form: str) -> Response:
    async with world.as_(None, "intake", **{"Accept-Language": "zh-CN"}) as nobody:
        answer = await nobody.post(path, data=form)
    await world.settle()
    return answer


async def test_a_link_judges_without_signing_in_and_once(world: World) -> None:
    path = link(await asked(world), "accept_solution")
    page = await look(world, path)
    assert (page.status_code, "解决方案是否有效" in page.text) == (200, True)
    assert [(await press(world, path, comment="")).status_code for _ in range(2)] == [200, 200]
    [accepted] = world.published(TicketSolutionAccepted)
    assert (accepted.round, accepted.actor) == (1, "u-wang")
    again = await look(world, path)
    assert (again.status_code, "<form" in again.text) == (409, False)


async def test_a_guest_acts_under_their_address(world: World) -> None:
    customer = {"name": "李娜", "email": "li.na@guest.example"}
    body = {"title": "导出崩溃", "description": "导出时崩溃", "customer": customer}
    async with world.as_(AGENT, "intake") as agent:
        number = (await agent.post("/v1/tickets", json=body)).json()["ticket"]
    await world.settle()
    await to_verification(world, number)
    path = link(number, "accept_solution", sub="mailto:li.na@guest.example")
    assert (await press(world, path)).status_code == 200
    assert [event.actor for event in world.published(TicketSolutionAccepted)] == ["mailto:li.na@guest.example"]


async def test_the_page_shows_which_solution_it_is_about(world: World) -> None:
    number = await asked(world)
    assert "补丁" in (await look(world, link(number, "accept_solution"))).text
    await say(world, number, "verification", accepted=False, comment="仍然崩溃")
    await verified_again(world, number, 2, "重装 <b>V3.3</b>")
    page = (await look(world, link(number, "accept_solution", 2))).text
    assert "重装 &lt;b&gt;V3.3&lt;/b&gt;" in page
    assert "补丁" not in page


@pytest.mark.parametrize("action", ["accept_solution", "reject_solution"])
async def test_an_unused_link_of_round_one_does_not_judge_round_two(world: World, action: str) -> None:
    number = await asked(world)
    path = link(number, action)
    await say(world, number, "verification", accepted=False, comment="仍然崩溃")
    await verified_again(world, number, 2, "重装")
    for answer in (await look(world, path), await press(world, path, comment="好")):
        assert (answer.status_code, "该轮已结束" in answer.text, "<form" in answer.text) == (410, True, False)
    async with world.as_(WANG, "intake") as wang:
        ticket = (await wang.get(f"/v1/tickets/{number}")).json()
    assert (ticket["stage"], [one["accepted"] for one in ticket["rounds"]]) == ("customer_verification", [False, None])


@pytest.mark.parametrize("again", ["satisfied", "dissatisfied"])
async def test_a_used_feedback_link_does_not_answer_after_a_reopening(world: World, again: str) -> None:
    number = await asked(world)
    await say(world, number, "verification", accepted=True)
    path = link(number, "give_feedback")
    assert (await press(world, path, satisfaction="satisfied")).status_code == 200
    assert (await press(world, path, satisfaction="satisfied")).status_code == 200
    assert (await look(world, path)).status_code == 409
    await say(world, number, "reopening", reason="又崩溃")
    await verified_again(world, number, 2, "重装")
    await say(world, number, "verification", accepted=True)
    assert (await press(world, path, satisfaction=again)).status_code == 410
    assert [event.satisfaction for event in world.published(TicketFeedbackGiven)] == [Satisfaction.SATISFIED]


async def test_a_feedback_link_needs_a_word(world: World) -> None:
    number = await asked(world)
    await say(world, number, "verification", accepted=True)
    assert (await press(world, link(number, "give_feedback"), comment="好")).status_code == 422


async def test_a_consent_link_is_good_once(world: World) -> None:
    number = await asked(world)
    path = link(number, "give_consent")
    assert (await look(world, path)).status_code == 200
    assert [(await press(world, path)).status_code for _ in range(2)] == [200, 200]
    [given] = world.published(TicketConsentGiven)
    assert (await look(world, path)).status_code == 410
    await say(world, number, f"consents/{given.consent}/revocation")
    assert (await press(world, path)).status_code == 410
    assert len(world.published(TicketConsentGiven)) == 1


async def test_a_link_is_for_its_ticket_and_its_person(world: World) -> None:
    """A number that came again, as after a lost database, does not hand over what was somebody else's."""
    number = await asked(world)
    for path in (
        link(number, "accept_solution", sub="u-zhao"),
        link(number, "archive_it"),
        link(number, "accept_solution", round=0),
    ):
        assert (await press(world, path)).status_code == 410
    assert (await press(world, link("TK-2026-000999", "accept_solution"))).status_code == 404
    assert world.published(TicketSolutionAccepted) == []


async def test_a_forged_or_expired_link_opens_nothing(world: World) -> None:
    number = await asked(world)
    made = Link(number, "accept_solution", "u-wang", "王敏", "zh", "n", 1)
    forged = Links("another secret that is long enough for it", "").url(made, NOON, timedelta(days=1))
    expired = link(number, "accept_solution", at=NOON - timedelta(days=8))
    for url, status in ((forged, 404), (expired, 410)):
        answer = await look(world, url)
        assert (answer.status_code, "操作失败" in answer.text) == (status, True)


async def test_what_a_customer_wrote_is_text_on_the_page_and_never_markup(world: World) -> None:
    number = (await opened(world, title="<script>alert(1)</script>"))["ticket"]
    assert "<script>" not in (await look(world, link(number, "give_consent"))).text


async def test_staff_have_a_link_sent_and_never_get_to_see_it(world: World) -> None:
    number = await asked(world)
    async with world.as_(LIU, "intake") as liu:
        answer = await liu.post(f"/v1/tickets/{number}/links", json={"action": "accept_solution"})
    assert answer.status_code == 202
    assert answer.json() == {"action": "accept_solution", "round": 1, "sent_to": "w***@huadong.example"}
    await world.settle()
    [requested] = world.published(TicketLinkRequested)
    assert (requested.action, requested.round, requested.to) == ("accept_solution", 1, "wang@huadong.example")
    assert requested.actor == "e-liu"


async def test_asking_twice_within_a_minute_sends_one(world: World) -> None:
    number = await asked(world)
    async with world.as_(LIU, "intake") as liu:
        for _ in range(3):
            await liu.post(f"/v1/tickets/{number}/links", json={"action": "give_consent"})
    await world.settle()
    assert len(world.published(TicketLinkRequested)) == 1


async def test_a_contact_without_an_address_gets_no_link(world: World) -> None:
    body = {"title": "导出崩溃", "description": "导出时崩溃", "customer": {"name": "李四", "phone": "+8613800138000"}}
    async with world.as_(AGENT, "intake") as agent:
        number = (await agent.post("/v1/tickets", json=body)).json()["ticket"]
        answer = await agent.post(f"/v1/tickets/{number}/links", json={"action": "give_consent"})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:bihuan:problem:no-email-address")


@pytest.mark.parametrize("action", ACTIONS[:3])
async def test_no_link_is_sent_for_what_cannot_be_done_now(world: World, action: str) -> None:
    number = (await opened(world))["ticket"]
    async with world.as_(LEAD, "intake") as lead:
        assert (await lead.post(f"/v1/tickets/{number}/links", json={"action": action})).status_code == 409
        assert (await lead.post(f"/v1/tickets/{number}/links", json={"action": "archive_it"})).status_code == 422


@pytest.mark.parametrize("named", ["accept_solution", "reject_solution"])
async def test_yes_and_no_stand_on_one_page_and_what_is_pressed_counts(world: World, named: str) -> None:
    number = await asked(world)
    path = link(number, named)
    page = await look(world, path)
    assert (page.text.count('name="accepted"'), "补丁" in page.text, "<script" in page.text) == (2, True, False)
    silent = await press(world, path, accepted="false")
    assert (silent.status_code, "请说明仍存在的问题" in silent.text, "<form" in silent.text) == (422, True, True)
    assert (await press(world, path, accepted="false", comment="仍然崩溃")).status_code == 200
    late = await press(world, path, accepted="true")
    assert (late.status_code, "该轮已结束" in late.text, 'href="/portal"' in late.text) == (410, True, True)
    await verified_again(world, number, 2, "重装")
    assert (await press(world, link(number, named, 2), accepted="true")).status_code == 200
    [accepted] = world.published(TicketSolutionAccepted)
    assert (accepted.round, accepted.actor) == (2, "u-wang")


async def test_a_consent_names_tool_purpose_person_and_time(world: World) -> None:
    number = await asked(world)
    async with world.as_(LIU, "intake") as liu:
        body = {"action": "give_consent", "tool": "ToDesk", "purpose": "查看导出设置"}
        assert (await liu.post(f"/v1/tickets/{number}/links", json=body)).status_code == 202
        wrong = await liu.post(f"/v1/tickets/{number}/links", json={**body, "action": "accept_solution"})
        assert wrong.status_code == 422
    await world.settle()
    [requested] = world.published(TicketLinkRequested)
    made = Link(number, "give_consent", "u-wang", "王敏", "zh", "n" * 32, 1, requested.tool, requested.purpose)
    path = LINKS.url(made, NOON, timedelta(days=7))
    page = (await look(world, path)).text
    for said in ("ToDesk", "查看导出设置", "刘洋", "王敏", "2026-03-02 12:00"):
        assert said in page
    assert (await press(world, path)).status_code == 200
    [given] = world.published(TicketConsentGiven)
    assert (given.tool, given.purpose, given.given_by) == ("ToDesk", "查看导出设置", "王敏")


async def test_a_scanner_that_follows_links_changes_nothing(world: World) -> None:
    number = await asked(world)
    before = await world.runtimes["intake"].stores[0].get(number)
    for action in ("accept_solution", "reject_solution", "give_consent"):
        path = link(number, action)
        async with world.as_(None, "intake") as scanner:
            for method in ("GET", "HEAD"):
                found = await asyncio.gather(*(scanner.request(method, path) for _ in range(5)))
                assert {answer.status_code for answer in found} == {200}
    assert await world.runtimes["intake"].stores[0].get(number) == before


async def test_the_language_of_a_page_can_be_changed(world: World) -> None:
    path = link(await asked(world), "accept_solution")
    page = await look(world, f"{path}?lang=en")
    assert ('<html lang="en">' in page.text, page.headers["content-language"]) == (True, "en")
    assert "unsafe" not in page.headers["content-security-policy"]
