"""Mails of others: what Python's own tests of its email package collected, whole, cut off and spoilt, on the whole way
from the relay to the tickets; and what such collections have taught."""

from collections.abc import AsyncIterator, Iterator
from importlib import resources
from importlib.util import find_spec

import pytest

from services.intake.app import create_app
from services.intake.mails.domain import MailState
from services.intake.mails.handlers import MailHandlers
from services.intake.mails.parsing import parse
from shared.testing import LEAD, Servers, World, running
from tests.intake.mails.samples import SUPPORT, raw

CORPUS = "test.test_email"  # some distributions leave it out


def corpus() -> Iterator[bytes]:
    for one in sorted((resources.files(CORPUS) / "data").iterdir(), key=lambda one: one.name):
        if one.name.startswith("msg_"):
            yield one.read_bytes()


@pytest.fixture
async def world(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setenv("BIHUAN_MAIL_MAILBOXES", f'["{SUPPORT}"]')
    monkeypatch.setenv("BIHUAN_MAIL_TICKETS_PER_HOUR", "500")
    async with running(servers, create_app) as world:
        yield world


@pytest.mark.skipif(find_spec("test") is None or find_spec(CORPUS) is None, reason="Python without its tests")
async def test_every_mail_of_a_public_collection_is_a_ticket_or_says_why_not(world: World) -> None:
    mails: MailHandlers = world.apps["intake"].state.service.mails
    whole = list(corpus())
    assert len(whole) > 40
    spoilt = [b"X-Cut: yes\n" + one[: len(one) * 2 // 3] for one in whole]
    spoilt += [b"X-Turned: yes\n" + one.replace(b"7bit", b"base64").replace(b"us-ascii", b"gbk") for one in whole]
    ids = {await mails.receive(one, "mx@relay.example", (SUPPORT,)) for one in (*whole, *spoilt)}
    for _ in range(20):
        await world.pass_time(seconds=1)
    found = [await mails.mails.get(id) for id in sorted(ids)]
    assert {one.state for one in found} == {MailState.ON_TICKET, MailState.IGNORED}
    assert all(bool(one.ticket) != bool(one.reason) for one in found)
    opened = {one.ticket for one in found if one.ticket}
    assert len(opened) > len(whole)
    async with world.as_(LEAD, "intake") as lead:
        for ticket in sorted(opened):
            answer = await lead.get(f"/v1/tickets/{ticket}")
            assert answer.json()["problem"]["title"].strip()


@pytest.mark.skipif(find_spec("test") is None or find_spec(CORPUS) is None, reason="Python without its tests")
def test_no_text_of_a_public_collection_is_lost() -> None:
    said = [parse(one).text for one in corpus() if b"dingus fish.\n" in one]
    assert len(said) == 3
    assert all("This is the dingus fish." in one for one in said)


@pytest.mark.parametrize(
    ("type", "expected"),
    [
        ("multipart/mixed; boundary=other", "一\n\n二"),
        ("multipart/alternative", "一\n\n二"),
        ("multipart/mixed; bo", "一\n\n二"),
    ],
)
def test_parts_are_found_where_the_header_names_another_line_or_none(type: str, expected: str) -> None:
    part = ("Content-Type: text/plain; charset=utf-8", "")
    found = parse(raw(f"Content-Type: {type}", "", "--=_B", *part, "一", "--=_B", *part, "二", "--=_B--", ""))
    assert (found.text, found.files) == (expected, [])


def test_a_mail_that_says_it_has_parts_and_has_none_is_text() -> None:
    found = parse(raw("Content-Type: multipart/mixed; boundary=B", "", "登录失败"))
    assert (found.text, found.files) == ("登录失败", [])


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_a_file_name_that_is_written_as_it_is_can_be_read(charset: str) -> None:
    named = 'Content-Type: application/zip; name="错误日志.zip"\r\nContent-Disposition: attachment'.encode(charset)
    [file] = parse(raw("Content-Type: multipart/mixed; boundary=B", "", "--B", named, "", "x", "--B--")).files
    assert file.name == "错误日志.zip"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("系统登录失败，错误码".encode()[:-1], "系统登录失败，错误"),
        ("系统登录失败，\n".encode() + b"\xd1" + "错误码 500".encode(), "系统登录失败，\n\ufffd错误码 500"),
        ("系统登录失败，错误码".encode("gb18030"), "系统登录失败，错误码"),
    ],
)
def test_a_text_with_a_broken_character_stays_in_what_it_is_written(content: bytes, text: str) -> None:
    assert parse(raw("Content-Type: text/plain; charset=utf-8", "", content)).text == text


def test_a_text_in_gb_18030_that_was_cut_off_is_read_up_to_there() -> None:
    content = "系统登录失败，错误码".encode("gb18030")[:-1]
    assert parse(raw("Content-Type: text/plain; charset=gb2312", "", content)).text == "系统登录失败，错误"


def test_of_a_report_with_words_behind_the_code_the_code_is_kept() -> None:
    report = (
        "Content-Type: message/delivery-status",
        "",
        "X: y",
        "",
        "Action: failed",
        "Final-Recipient: rfc822; a@b.c",
    )
    head = "Content-Type: multipart/report; boundary=B"
    found = parse(raw(head, "", "--B", *report, "Status: 5.0.0 (recipient reached disk quota)", "", "--B--"))
    assert found.bounce
    assert (found.bounce.recipient, found.bounce.status) == ("a@b.c", "5.0.0")
