from datetime import timedelta
from typing import Any

import pytest

from services.intake.attachments.handlers import ATTACHMENT_BYTES
from shared.events import (
    TicketAttachmentAdded,
    TicketConsentGiven,
    TicketMessagePosted,
    TicketOpened,
    TriageAssigned,
    TriageDiagnosed,
    TriageSolutionVerified,
)
from shared.terms import Category, Priority
from shared.testing import AGENT, LEAD, LIU, NOON, VIEWER, WANG, ZHAO, Person, World

CRASH = {"title": "V3.2 在 Win11 上导出 Excel 时崩溃", "description": "导出报表时程序崩溃。"}


async def opened(world: World, person: Person = WANG, **body: Any) -> dict[str, Any]:
    async with world.as_(person, "intake") as client:
        answer = await client.post("/tickets", json={**CRASH, **body})
    assert answer.status_code == 201, answer.text
    ticket: dict[str, Any] = answer.json()
    await world.settle()
    return ticket


async def to_verification(world: World, number: str) -> None:
    known: dict[str, Any] = {"subject": number, "time": NOON, "actor": "e-liu"}
    await world.publish(
        TriageDiagnosed(
            category=Category.FUNCTION, priority=Priority.HIGH, queue="function", reasons=[], confirmed=True, **known
        )
    )
    await world.publish(TriageAssigned(engineer="e-liu", engineer_name="刘洋", senior=True, by="e-liu", **known))
    await world.publish(TriageSolutionVerified(round=1, solution="补丁", steps="导出", result="通过", **known))


async def test_a_ticket_gets_a_number_its_status_and_guided_questions(world: World) -> None:
    ticket = await opened(world)
    assert ticket["number"] == "TK-2026-000001"
    assert (ticket["status"], ticket["taken_by"]) == ("pending", "channel:online")
    assert [question["field"] for question in ticket["questions"]] == ["error_text", "module", "steps"]
    [event] = world.published(TicketOpened)
    assert (event.actor, event.contact.name, event.company) == ("u-wang", "王敏", "华东贸易有限公司")


async def test_earlier_tickets_of_the_customer_are_linked(world: World) -> None:
    first = await opened(world, title="旧问题")
    await opened(world, ZHAO)
    world.time += timedelta(hours=1)
    second = await opened(world)
    async with world.as_(WANG, "intake") as wang:
        ticket = (await wang.get(f"/tickets/{second['number']}")).json()
    assert ticket["linked"] == [first["number"]]


async def test_the_same_key_opens_one_ticket_and_other_content_under_it_is_refused(world: World) -> None:
    async with world.as_(WANG, "intake", **{"Idempotency-Key": "k-1"}) as wang:
        first = await wang.post("/tickets", json=CRASH)
        again = await wang.post("/tickets", json=CRASH)
        other = await wang.post("/tickets", json={**CRASH, "title": "另一个问题"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 422)
    assert first.json()["number"] == again.json()["number"]
    await world.settle()
    assert len(world.published(TicketOpened)) == 1


async def test_the_same_key_of_another_person_is_another_key(world: World) -> None:
    for person in (WANG, ZHAO):
        async with world.as_(person, "intake", **{"Idempotency-Key": "k-1"}) as client:
            assert (await client.post("/tickets", json=CRASH)).status_code == 201


@pytest.mark.parametrize(("seconds", "tickets"), [(0, 1), (59, 1), (60, 1), (61, 2), (119, 2), (180, 2)])
async def test_the_same_request_without_a_key_is_one_ticket_within_a_minute(
    world: World, seconds: int, tickets: int
) -> None:
    world.time = NOON + timedelta(seconds=31)
    first = await opened(world)
    world.time += timedelta(seconds=seconds)
    async with world.as_(WANG, "intake") as wang:
        second = await wang.post("/tickets", json=CRASH)
    assert second.status_code == (200 if tickets == 1 else 201)
    assert len({first["number"], second.json()["number"]}) == tickets


async def test_two_people_with_the_same_words_have_two_tickets(world: World) -> None:
    assert (await opened(world))["number"] != (await opened(world, ZHAO))["number"]


async def test_answers_land_on_the_ticket(world: World) -> None:
    number = (await opened(world))["number"]
    async with world.as_(WANG, "intake") as wang:
        answer = await wang.post(f"/tickets/{number}/answers", json={"answers": {"module": "报表", "steps": "点导出"}})
    ticket = answer.json()
    assert (ticket["problem"]["module"], ticket["waiting_for"]) == ("报表", "none")
    assert ticket["messages"][0]["author"] == "u-wang"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": "x"},
        {**CRASH, "titel": "x"},
        {**CRASH, "title": ""},
        {**CRASH, "title": "x" * 201},
        {**CRASH, "description": "x" * 20_001},
        {**CRASH, "users_affected": -1},
        {**CRASH, "channel": "fax"},
        [],
        "no json at all",
    ],
)
async def test_bad_input_is_told_field_by_field(world: World, body: Any) -> None:
    async with world.as_(WANG, "intake") as wang:
        content = body if isinstance(body, str) else None
        answer = await wang.post("/tickets", json=None if content else body, content=content)
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["errors"][0]["field"].startswith("body")
    assert problem["title"] == "请求内容无效"


async def test_a_body_that_is_too_large_is_refused_before_it_is_read(world: World) -> None:
    async with world.as_(WANG, "intake") as wang:
        answer = await wang.post("/tickets", json={**CRASH, "description": "x" * 1_100_000})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


async def test_without_a_valid_token_nobody_gets_in(world: World) -> None:
    expired = world.servers.token("u-wang", "requester", lifetime=-60)
    forged = world.token(WANG)[:-8] + "AAAAAAAA"
    async with world.as_(None, "intake") as nobody:
        for token in ("", "Basic x", f"Bearer {expired}", f"Bearer {forged}", "Bearer nonsense"):
            answer = await nobody.get("/tickets", headers={"Authorization": token} if token else {})
            assert answer.status_code == 401, token
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_stranger_sees_no_ticket_and_the_company_sees_its_own(world: World) -> None:
    number = (await opened(world))["number"]
    for person, status in ((WANG, 200), (VIEWER, 200), (ZHAO, 404), (LIU, 200)):
        async with world.as_(person, "intake") as client:
            assert (await client.get(f"/tickets/{number}")).status_code == status, person
            listed = (await client.get("/tickets")).json()["items"]
            assert len(listed) == (1 if status == 200 else 0)
    async with world.as_(ZHAO, "intake") as zhao:
        assert (await zhao.post(f"/tickets/{number}/messages", json={"text": "hi"})).status_code == 404


async def test_who_has_no_company_sees_no_others_without_one(world: World) -> None:
    alone, viewer = Person("u-alone", ("requester",), "", "Al"), Person("u-view", ("company_viewer",), "")
    async with world.as_(alone, "intake") as client:
        number = (await client.post("/tickets", json=CRASH)).json()["number"]
    async with world.as_(viewer, "intake") as client:
        assert (await client.get("/tickets")).json()["items"] == []
        assert (await client.get(f"/tickets/{number}")).status_code == 404


async def test_a_wrong_role_and_an_unknown_ticket_are_refused(world: World) -> None:
    number = (await opened(world))["number"]
    async with world.as_(VIEWER, "intake") as viewer:
        assert (await viewer.post(f"/tickets/{number}/messages", json={"text": "x"})).status_code == 403
    async with world.as_(LIU, "intake") as liu:
        assert (await liu.post(f"/tickets/{number}/completion")).status_code == 403
        assert (await liu.get("/tickets/TK-2026-999999")).status_code == 404


async def test_internal_notes_never_reach_a_requester(world: World) -> None:
    number = (await opened(world))["number"]
    async with world.as_(LIU, "intake") as liu:
        note = {"text": "客户的许可证有问题", "internal": True}
        assert (await liu.post(f"/tickets/{number}/messages", json=note)).status_code == 201
        assert len((await liu.get(f"/tickets/{number}")).json()["messages"]) == 1
    async with world.as_(WANG, "intake") as wang:
        assert (await wang.get(f"/tickets/{number}")).json()["messages"] == []
        assert (await wang.post(f"/tickets/{number}/messages", json=note)).status_code == 403


async def test_a_message_sent_twice_is_one_message(world: World) -> None:
    number = (await opened(world))["number"]
    async with world.as_(WANG, "intake") as wang:
        for _ in range(2):
            await wang.post(f"/tickets/{number}/messages", json={"text": "还有人吗？"})
        world.time += timedelta(minutes=2)
        await wang.post(f"/tickets/{number}/messages", json={"text": "还有人吗？"})
    await world.settle()
    assert len(world.published(TicketMessagePosted)) == 2


async def test_a_stale_if_match_is_refused(world: World) -> None:
    number = (await opened(world))["number"]
    async with world.as_(WANG, "intake") as wang:
        seen = (await wang.get(f"/tickets/{number}")).headers["etag"]
        first = await wang.patch(f"/tickets/{number}", json={"module": "报表"}, headers={"If-Match": seen})
        second = await wang.patch(f"/tickets/{number}", json={"module": "打印"}, headers={"If-Match": seen})
        third = await wang.patch(f"/tickets/{number}", json={"module": "打印"}, headers={"If-Match": "yesterday"})
    assert (first.status_code, second.status_code, third.status_code) == (200, 412, 422)


async def test_an_agent_opens_a_ticket_for_a_customer_on_the_phone(world: World) -> None:
    customer = {"name": "孙强", "company": "南方物流有限公司", "sub": "u-sun", "phone": "+862012345678"}
    async with world.as_(AGENT, "intake") as agent:
        refused = await agent.post("/tickets", json=CRASH)
        answer = await agent.post("/tickets", json={**CRASH, "channel": "hotline", "customer": customer})
    assert refused.status_code == 422
    ticket = answer.json()
    assert (ticket["channel"], ticket["taken_by"], ticket["customer_name"]) == ("hotline", "a-lin", "南方物流有限公司")


async def test_a_mail_address_that_is_none_is_refused_where_it_is_entered(world: World) -> None:
    customer = {"name": "孙先生", "email": "a\x01@b.cc"}
    async with world.as_(AGENT, "intake") as agent:
        answer = await agent.post("/tickets", json={**CRASH, "channel": "hotline", "customer": customer})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["body.customer.email"]


async def test_a_requester_cannot_open_a_ticket_in_another_name(world: World) -> None:
    async with world.as_(WANG, "intake") as wang:
        answer = await wang.post("/tickets", json={**CRASH, "customer": {"name": "赵"}})
    assert answer.status_code == 403


async def test_a_log_file_is_kept_and_comes_back_as_a_download(world: World) -> None:
    number = (await opened(world))["number"]
    log = b"java.lang.OutOfMemoryError\n" * 40_000
    async with world.as_(WANG, "intake") as wang:
        answer = await wang.post(f"/tickets/{number}/attachments", files={"file": ("../日志.log", log, "text/plain")})
        assert answer.status_code == 201, answer.text
        [attachment] = answer.json()["attachments"]
        back = await wang.get(f"/tickets/{number}/attachments/{attachment['id']}")
        missing = await wang.get(f"/tickets/{number}/attachments/nothing")
    assert (attachment["name"], attachment["size"]) == (".._日志.log", len(log))
    assert back.content == log
    assert back.headers["content-disposition"].startswith("attachment;")
    assert missing.status_code == 404
    await world.settle()
    assert len(world.published(TicketAttachmentAdded)) == 1


async def test_an_attachment_that_is_too_large_or_empty_leaves_nothing_behind(world: World) -> None:
    number = (await opened(world))["number"]
    files = world.runtimes["intake"].database["fs.files"]
    async with world.as_(WANG, "intake") as wang:
        for size, status in ((ATTACHMENT_BYTES + 1, 413), (ATTACHMENT_BYTES + 2_000_000, 413), (0, 422)):
            answer = await wang.post(f"/tickets/{number}/attachments", files={"file": ("a.bin", b"x" * size)})
            assert answer.status_code == status
        assert (await wang.get(f"/tickets/{number}")).json()["attachments"] == []
    assert await files.count_documents({}) == 0


async def test_the_same_upload_with_its_key_is_one_attachment(world: World) -> None:
    number = (await opened(world))["number"]
    async with world.as_(WANG, "intake", **{"Idempotency-Key": "up-1"}) as wang:
        for _ in range(2):
            answer = await wang.post(f"/tickets/{number}/attachments", files={"file": ("a.log", b"line")})
            assert len(answer.json()["attachments"]) == 1


async def test_staff_record_a_consent_with_the_customers_words(world: World) -> None:
    number = (await opened(world))["number"]
    async with world.as_(LIU, "intake") as liu:
        without = await liu.post(f"/tickets/{number}/consents", json={"scope": "remote", "words": "同意"})
        body = {"scope": "remote", "words": "邮件：同意远程", "given_by": "王敏"}
        recorded = await liu.post(f"/tickets/{number}/consents", json=body)
        past = await liu.post(
            f"/tickets/{number}/consents", json={**body, "expires_at": (NOON - timedelta(days=1)).isoformat()}
        )
        odd = [
            await liu.post(f"/tickets/{number}/consents", json={**body, "expires_at": at})
            for at in ("9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00", "2200-01-01T00:00:00Z", "2026-04-01")
        ]
    assert (without.status_code, recorded.status_code, past.status_code) == (422, 201, 422)
    assert {answer.status_code for answer in odd} == {422}
    await world.settle()
    [given] = world.published(TicketConsentGiven)
    assert (given.given_by, given.actor) == ("王敏", "e-liu")


async def test_only_the_customer_judges_the_solution(world: World) -> None:
    number = (await opened(world))["number"]
    await to_verification(world, number)
    async with world.as_(LIU, "intake") as liu:
        assert (await liu.post(f"/tickets/{number}/verification", json={"accepted": True})).status_code == 403
    async with world.as_(WANG, "intake") as wang:
        answer = await wang.post(f"/tickets/{number}/verification", json={"accepted": True})
        again = await wang.post(f"/tickets/{number}/verification", json={"accepted": True})
    assert (answer.status_code, answer.json()["stage"], again.status_code) == (200, "feedback", 409)


async def test_lists_are_paged_without_gaps_or_doubles(world: World) -> None:
    numbers = []
    for index in range(7):
        world.time += timedelta(hours=index * index)
        numbers.append((await opened(world, title=f"问题 {index}"))["number"])
    seen: list[str] = []
    async with world.as_(LEAD, "intake") as lead:
        after: str | None = None
        while True:
            params = {"limit": "3"} | ({"after": after} if after else {})
            page = (await lead.get("/tickets", params=params)).json()
            seen += [row["number"] for row in page["items"]]
            after = page["next"]
            if not after:
                break
        assert (await lead.get("/tickets", params={"after": "nonsense"})).status_code == 422
    assert seen == numbers[::-1]
