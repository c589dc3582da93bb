"""Links by which guided questions are answered, and files that come with what is said on a page."""

import re
from datetime import timedelta

import pytest

from services.intake.attachments.handlers import ATTACHMENT_BYTES
from shared.events import TicketAttachmentAdded, TicketLinkRequested, TicketQuestionsAnswered, TicketSolutionRejected
from shared.testing import AGENT, WANG, World
from tests.intake.links.test_pages import link, look, press
from tests.intake.scene import asked, opened

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
FIELDS = ("error_text", "module", "steps")


async def send(world: World, path: str, files: list[tuple[str, bytes]], **form: str) -> tuple[int, str]:
    parts = [("files", (name, content)) for name, content in files]
    async with world.as_(None, "intake", **{"Accept-Language": "zh-CN"}) as nobody:
        answer = await nobody.post(path, data=form, files=parts)
    await world.settle()
    return answer.status_code, answer.text


async def test_all_open_questions_stand_on_one_page_and_answers_are_matched(world: World) -> None:
    number = (await opened(world))["ticket"]
    path = link(number, "answer_questions", round=0)  # as the mails about questions have it
    page = (await look(world, path)).text
    assert set(re.findall(r'name="answer_(\w+)"', page)) == set(FIELDS)
    assert "<script" not in page
    answers = {"answer_module": "报表中心", "answer_error_text": "E-42", "answer_steps": ""}
    for _ in range(2):
        assert (await press(world, path, **answers)).status_code == 200
    [answered] = world.published(TicketQuestionsAnswered)
    assert (answered.answers, answered.missing) == ({"module": "报表中心", "error_text": "E-42"}, ["steps"])
    assert answered.actor == "u-wang"

    page = (await look(world, path)).text  # what is left can be answered later, by the same link
    assert re.findall(r'name="answer_(\w+)"', page) == ["steps"]
    assert (await press(world, path, answer_steps="点击导出")).status_code == 200
    done = await look(world, path)
    assert (done.status_code, "均已回答" in done.text, "/portal" in done.text, "<form" in done.text) == (
        410,
        True,
        True,
        False,
    )


async def test_what_somebody_else_has_answered_meanwhile_is_not_overwritten_and_nothing_is_lost(world: World) -> None:
    number = (await opened(world))["ticket"]
    path = link(number, "answer_questions")
    async with world.as_(WANG, "intake") as wang:
        await wang.post(f"/v1/tickets/{number}/answers", json={"answers": {"module": "报表中心"}})
    assert (await press(world, path, answer_module="首页", answer_steps="点击导出")).status_code == 200
    async with world.as_(WANG, "intake") as wang:
        await wang.post(f"/v1/tickets/{number}/answers", json={"answers": {"error_text": "E-42"}})
        assert (await press(world, path, answer_error_text="E-43")).status_code == 200
        ticket = (await wang.get(f"/v1/tickets/{number}")).json()
    assert (ticket["problem"]["module"], ticket["problem"]["error_text"]) == ("报表中心", "E-42")
    said = "\n".join(message["text"] for message in ticket["messages"])
    assert "首页" in said
    assert "E-43" in said


async def test_nothing_answered_is_said_and_kept_open(world: World) -> None:
    path = link((await opened(world))["ticket"], "answer_questions")
    for form in ({}, {"answer_weather": "晴"}):
        answer = await press(world, path, **form)
        assert (answer.status_code, "请至少回答一个问题" in answer.text, "<form" in answer.text) == (422, True, True)
    long = await press(world, path, answer_module="x" * 20_001)
    assert (long.status_code, "x" * 20_001 in long.text) == (422, True)
    assert world.published(TicketQuestionsAnswered) == []


async def test_staff_send_the_link_while_there_are_questions(world: World) -> None:
    number, solved = [(await opened(world, title=f"{n} 导出失败"))["ticket"] for n in (1, 2)]
    async with world.as_(AGENT, "intake") as agent:
        sent = await agent.post(f"/v1/tickets/{number}/links", json={"action": "answer_questions"})
        assert (sent.status_code, sent.json()["sent_to"]) == (202, "w***@huadong.example")
        fields = [one["field"] for one in (await agent.get(f"/v1/tickets/{solved}")).json()["questions"]]
        body = {"answers": dict.fromkeys(fields, "未知")}
        assert (await agent.post(f"/v1/tickets/{solved}/answers", json=body)).status_code == 200
        none = await agent.post(f"/v1/tickets/{solved}/links", json={"action": "answer_questions"})
        assert none.status_code == 410
    await world.settle()
    assert [event.to for event in world.published(TicketLinkRequested)] == ["wang@huadong.example"]


async def test_an_old_link_and_a_round_that_is_over_are_explained(world: World) -> None:
    number = (await opened(world))["ticket"]
    path, round_two = link(number, "answer_questions"), link(number, "answer_questions", round=2)
    assert (await look(world, round_two)).status_code == 410
    world.time += timedelta(days=8)
    late = await look(world, path)
    assert (late.status_code, "链接已过期" in late.text, "直接回复我们的邮件" in late.text) == (410, True, True)


@pytest.mark.parametrize("accepted", ["true", "false"])
async def test_a_screenshot_comes_with_the_word_on_a_solution_once(world: World, accepted: str) -> None:
    number = await asked(world)
    path = link(number, "accept_solution")
    assert 'type="file"' in (await look(world, path)).text
    form = {"accepted": accepted, "comment": "见截图"}
    status, text = await send(world, path, [("截图.png", PNG), ("", b"")], **form)
    assert (status, "谢谢" in text) == (200, True)
    await send(world, path, [("截图.png", PNG)], **form)
    [added] = world.published(TicketAttachmentAdded)
    assert (added.name, added.by_staff, added.actor) == ("截图.png", False, "u-wang")
    assert len(world.published(TicketSolutionRejected)) == (accepted == "false")


async def test_a_file_that_cannot_be_taken_does_not_lose_what_was_said(world: World) -> None:
    number = await asked(world)
    path = link(number, "reject_solution")
    status, text = await send(world, path, [("a.png", b"x" * (ATTACHMENT_BYTES + 1))], comment="仍然崩溃")
    assert (status, "附件未能添加" in text, "直接回复我们的邮件" in text) == (200, True, True)
    assert [event.comment for event in world.published(TicketSolutionRejected)] == ["仍然崩溃"]
    assert world.published(TicketAttachmentAdded) == []


async def test_a_forged_link_takes_no_file(world: World) -> None:
    await asked(world)
    status, text = await send(world, "/links/a.b.c", [("a.png", PNG)], accepted="true")
    assert (status, "链接无效" in text) == (404, True)
    assert await world.runtimes["intake"].database["fs.files"].count_documents({}) == 0


async def test_a_consent_takes_no_files(world: World) -> None:
    path = link(await asked(world), "give_consent")
    assert 'type="file"' not in (await look(world, path)).text
    assert (await send(world, path, [("a.png", PNG)]))[0] == 200
    assert world.published(TicketAttachmentAdded) == []
