"""The customers' pages: a form that becomes a ticket, and what is done with it."""

import re
from typing import Any

import httpx2

from services.intake.pages.layout import LIVE, LIVE_SOURCES
from services.intake.portal.session import LANGUAGE
from shared.events import TicketAttachmentAdded, TicketMessagePosted, TicketOpened, TicketUrged
from shared.testing import LIU, VIEWER, WANG, ZHAO, World
from tests.intake.portal.browser import browser, key_of, post, words_of
from tests.intake.scene import CRASH, asked, completed, opened, say


async def submitted(client: httpx2.AsyncClient, *files: tuple[str, bytes], **fields: str) -> str:
    key = key_of(await client.get("/portal/new"))
    answer = await post(client, "/portal/new", *files, key=key, step="send", **{**CRASH, **fields})
    assert answer.status_code == 303, answer.text
    return str(re.findall(r"/portal/tickets/([\w-]+)\?done=opened", answer.headers["location"])[0])


async def test_a_request_goes_by_two_steps_and_shows_what_looks_alike(world: World) -> None:
    number = (await opened(world))["ticket"]
    await opened(world, title="打印机没有反应")
    async with browser(world, WANG) as wang:
        first = await wang.get("/portal/new")
        assert (first.status_code, 'name="files"' in first.text) == (200, False)
        key = key_of(first)
        fields = {"title": "Win11 导出 Excel 崩溃", "description": "一点就关", "product": "ERP", "module": "报表"}
        second = await post(wang, "/portal/new", key=key, step="check", **fields)
        assert second.status_code == 200
        assert f'href="/portal/tickets/{number}"' in second.text
        assert "打印机" not in second.text
        assert key_of(second) == key
        for value in fields.values():
            assert value in second.text
        last = await post(wang, "/portal/new", ("log.txt", b"ORA-00060"), key=key, step="send", **fields)
        assert last.status_code == 303
        page = await wang.get(last.headers["location"])
    await world.settle()
    made = world.published(TicketOpened)[-1]
    assert (made.problem.module, made.contact.sub, made.company) == ("报表", "u-wang", "华东贸易有限公司")
    assert [event.name for event in world.published(TicketAttachmentAdded)] == ["log.txt"]
    assert made.subject in words_of(page)
    assert "log.txt" in words_of(page)


async def test_what_looks_alike_is_shown_to_who_may_read_it_alone(world: World) -> None:
    await opened(world)
    async with browser(world, ZHAO) as zhao:
        page = await post(zhao, "/portal/new", step="check", **CRASH)
    assert (page.status_code, "looks alike" in page.text, "/portal/tickets/" in page.text) == (200, False, False)


async def test_a_completed_ticket_is_not_shown_before_submission(world: World) -> None:
    number = await completed(world)
    async with browser(world, WANG) as wang:
        page = await post(wang, "/portal/new", step="check", **CRASH)
    assert number not in page.text


async def test_a_form_that_is_sent_twice_is_one_ticket(world: World) -> None:
    async with browser(world, WANG) as wang:
        key = key_of(await wang.get("/portal/new"))
        sent = [await post(wang, "/portal/new", ("a.log", b"x"), key=key, step="send", **CRASH) for _ in range(3)]
        assert len({answer.headers["location"] for answer in sent}) == 1
        other = await post(wang, "/portal/new", key=key, step="send", **{**CRASH, "title": "另一件事"})
        again = await post(wang, "/portal/new", key=key_of(other), step="send", **{**CRASH, "title": "另一件事"})
    await world.settle()
    assert (other.status_code, "另一件事" in other.text, again.status_code) == (422, True, 303)
    assert len(world.published(TicketOpened)) == 2
    assert len(world.published(TicketAttachmentAdded)) == 1


async def test_errors_stand_at_the_field_and_what_was_entered_is_kept(world: World) -> None:
    for accepted, lang, error in (("zh", "zh-CN", "标题不能为空"), ("en", "en", "Title must not be empty")):
        async with browser(world, WANG, **{"Accept-Language": accepted}) as wang:
            answer = await post(
                wang,
                "/portal/new",
                ("a.log", b"x"),
                step="send",
                title=" ",
                description="第一行\n<b>二",
                module="x" * 300,
            )
        assert answer.status_code == 422
        assert f'<html lang="{lang}">' in answer.text
        assert error in words_of(answer)
        assert "第一行\n&lt;b&gt;二</textarea>" in answer.text
        assert 'id="title-error"' in answer.text
        assert 'aria-describedby="title-hint title-error"' in answer.text
        assert 'id="module-error"' in answer.text
        assert ("再" in words_of(answer) or "again" in words_of(answer)) is True
    assert world.published(TicketOpened) == []


async def test_a_file_that_is_too_large_leaves_the_ticket_and_says_so(world: World) -> None:
    async with browser(world, WANG) as wang:
        large = b"x" * (20 * 1024 * 1024 + 1)
        answer = await post(wang, "/portal/new", ("big.log", large), step="send", **CRASH)
    await world.settle()
    assert (answer.status_code, "20 MB" in answer.text) == (413, True)
    [made] = world.published(TicketOpened)
    assert made.subject in answer.text


async def test_a_reply_with_files_an_answer_and_an_urge(world: World) -> None:
    async with browser(world, WANG) as wang:
        number = await submitted(wang)
        path = f"/portal/tickets/{number}"
        page = await wang.get(path)
        assert 'name="answer_module"' in page.text
        key = key_of(page)
        for _ in range(2):
            said = await post(
                wang, f"{path}/messages", ("a.log", b"1"), ("b.log", b"2"), key=key, text="补充：每次都会"
            )
            assert (said.status_code, said.headers["location"]) == (303, f"{path}?done=message")
        assert (await post(wang, f"{path}/messages", key=key_of(page), text="")).status_code == 422
        answered = await post(wang, f"{path}/answers", answer_module="报表中心", answer_steps="", key="0" * 32)
        assert answered.headers["location"] == f"{path}?done=answers"
        assert (await post(wang, f"{path}/urges", comment="今天要用")).status_code == 303
        refused = await post(wang, f"{path}/urges", comment="还没好？")
        assert (refused.status_code, "分钟后可再次催办" in refused.text) == (409, True)
        page = await wang.get(f"{path}?done=urge")
    await world.settle()
    assert world.published(TicketMessagePosted)[0].text == "补充：每次都会"
    assert [event.name for event in world.published(TicketAttachmentAdded)] == ["a.log", "b.log"]
    assert len(world.published(TicketUrged)) == 1
    assert "报表中心" in page.text
    assert 'action="/portal/tickets/' + number + '/urges"' not in page.text
    assert "已通知工程师" in page.text


async def test_the_solution_is_judged_and_the_service_rated(world: World) -> None:
    number = await asked(world)
    path = f"/portal/tickets/{number}"
    async with browser(world, WANG) as wang:
        page = await wang.get(path)
        assert "补丁" in page.text
        no = await post(wang, f"{path}/verification", accepted="false", comment="")
        assert (no.status_code, 'id="comment-error"' in no.text) == (422, True)
        assert (await post(wang, f"{path}/verification", comment="")).status_code == 422
        yes = await post(wang, f"{path}/verification", accepted="true", comment="")
        assert yes.headers["location"] == f"{path}?done=verification"
        assert (await post(wang, f"{path}/feedback", satisfaction="rather")).status_code == 422
        rated = await post(wang, f"{path}/feedback", satisfaction="satisfied", comment="快")
        assert rated.status_code == 303
        late = await post(wang, f"{path}/verification", accepted="false", comment="不行")
        assert (late.status_code, "不行" in late.text or "归档" in late.text) == (409, True)
        page = await wang.get(path)
        assert "留言将重新打开工单" in page.text
        assert (await post(wang, f"{path}/messages", text="又崩溃")).status_code == 303
        assert "又崩溃" in (await wang.get(path)).text


async def test_a_consent_is_shown_and_revoked(world: World) -> None:
    number = (await opened(world))["ticket"]
    await say(world, number, "consents", scope="远程桌面", tool="ToDesk", purpose="看设置", words="同意")
    async with browser(world, WANG) as wang:
        page = await wang.get(f"/portal/tickets/{number}")
        assert "ToDesk · 看设置" in words_of(page)
        [action] = re.findall(r'action="(/portal/tickets/[^"]+/revocation)"', page.text)
        assert (await post(wang, action)).status_code == 303
        page = await wang.get(f"/portal/tickets/{number}")
    assert ("revocation" in page.text, "已于" in words_of(page)) == (False, True)


async def test_what_people_wrote_is_text_and_never_markup(world: World) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 1234*4321 }}"
    async with browser(world, WANG) as wang:
        number = await submitted(wang, (evil[:100], b"x"), title=evil, description=evil, product=evil)
        await post(wang, f"/portal/tickets/{number}/messages", text=evil)
        refused = await post(wang, f"/portal/tickets/{number}/answers", answer_module=evil * 500)
        similar = await post(wang, "/portal/new", step="check", title=evil, description=evil)
        listed, page = await wang.get("/portal"), await wang.get(f"/portal/tickets/{number}?done={evil[:8]}")
        assert (page.text.count(f"<script>{LIVE}</script>"), "<script" in LIVE) == (1, False)  # ours, and no other
        for answer in (listed, page, refused, similar):
            assert "<script" not in answer.text.replace(f"<script>{LIVE}</script>", "")
            assert "<img" not in answer.text
            assert "5332114" not in answer.text
            policy = answer.headers["content-security-policy"].replace(LIVE_SOURCES, "")
            assert "script" not in policy
            assert "unsafe" not in policy
            assert policy.startswith("default-src 'none'")


async def test_the_language_is_the_browsers_until_one_is_chosen(world: World) -> None:
    async with browser(world, ZHAO, **{"Accept-Language": "zh"}) as zhao:
        assert "我的工单" in (await zhao.get("/portal")).text
        chosen = await zhao.get("/portal?lang=en")
        assert LANGUAGE in chosen.headers["set-cookie"]
        later = await zhao.get("/portal/new")
        assert "New request" in later.text
        assert later.headers["content-language"] == "en"
        assert "我的工单" in (await zhao.get("/portal?lang=zh")).text
        assert (await zhao.get("/portal?lang=tlh")).status_code == 200


async def test_a_list_is_paged(world: World) -> None:
    for number in range(27):
        await opened(world, title=f"第 {number} 个问题")
    async with browser(world, WANG) as wang:
        first = await wang.get("/portal")
        [more] = re.findall(r'href="(/portal\?after=[^"]+)"', first.text)
        second = await wang.get(more)
        wrong = await wang.get("/portal?after=nonsense")
    seen: list[Any] = re.findall(r"/portal/tickets/([\w-]+)", first.text + second.text)
    assert (len(seen), len(set(seen)), wrong.status_code) == (27, 27, 422)


async def test_internal_notes_and_what_the_desk_verified_are_on_no_page(world: World) -> None:
    number = await asked(world)
    async with world.as_(LIU, "intake") as liu:
        await liu.post(f"/v1/tickets/{number}/messages", json={"text": "客户不懂", "internal": True})
        await liu.post(f"/v1/tickets/{number}/messages", json={"text": "请升级"})
    for person in (WANG, VIEWER):
        async with browser(world, person) as client:
            page = (await client.get(f"/portal/tickets/{number}")).text
        assert ("客户不懂" in page, "请升级" in page, "内存" in page) == (False, True, False)
