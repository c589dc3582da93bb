"""Mails as they come: what each says is read, and none is refused."""

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from services.intake.mails.parsing import Mail, parse, text_of_html
from tests.intake.mails.samples import BOUNCE, SUPPORT, ZHANG, mail, raw

LOG_NAME = base64.b64encode("日志.log".encode("gb18030")).decode()


def encoded(text: str, charset: str) -> str:
    return f"=?{charset}?B?{base64.b64encode(text.encode('gb18030')).decode()}?="


def test_a_mail_by_the_rules() -> None:
    found = parse(
        mail(files={"错误.log": b"ERROR x\n"}, Date="Fri, 20 Nov 2026 10:15:00 +0800", Cc="li@customer.example")
    )
    assert (found.name, found.address, found.subject) == ("张三", ZHANG, "生产环境登录失败")
    assert (found.text, found.message_id) == ("登录时报 500", "<1@customer.example>")
    assert found.recipients == [SUPPORT, "li@customer.example"]
    assert found.sent_at == datetime(2026, 11, 20, 2, 15, tzinfo=UTC)
    [file] = found.files
    assert (file.name, file.media_type, file.content) == ("错误.log", "text/plain", b"ERROR x\n")
    assert (found.is_automatic, found.bounce) == (False, None)


@pytest.mark.parametrize(
    ("message", "subject", "text"),
    [
        (
            raw(
                f"Subject: {encoded('朱镕基 登录', 'gb2312')}",
                "Content-Type: text/plain; charset=gb2312",
                "",
                "镕 失败".encode("gbk"),
            ),
            "朱镕基 登录",
            "镕 失败",
        ),
        (raw("Subject: x", "Content-Type: text/plain; charset=x-unknown", "", "登录"), "x", "登录"),
        (raw("Subject: x", "Content-Type: text/plain; charset=zip", "", "登录"), "x", "登录"),
        (raw("Subject: x", "Content-Type: text/plain; charset=gb18030", "", "登录".encode("gb18030")), "x", "登录"),
        (raw("Subject: 登录失败", "Content-Type: text/plain; charset=utf-8", "", "内容"), "登录失败", "内容"),
        (raw("Subject: 登录失败".encode("gbk"), "", "登录失败".encode("gbk")), "登录失败", "登录失败"),
        (raw("Subject: x", "", "登录失败"), "x", "登录失败"),
        (raw("Subject: x", "Content-Type: text/plain; charset=utf-8", "", b"caf\xe9"), "x", "café"),
        (raw("Subject: =?utf-8?B?broken", "", "x"), "=?utf-8?B?broken", "x"),
        (raw("Subject: =?x-unknown?Q?a?=", "", "x"), "a", "x"),
        (raw("Subject: a", "  folded", "", "x"), "a folded", "x"),
        (
            raw("Subject: x", "Content-Type: text/html; charset=utf-8", "", "<p>hi</p><script>alert(1)</script>"),
            "x",
            "hi",
        ),
        (raw("Subject: x", "Content-Type: text/html", "", "<style>p{}</style><p>一</p><p>二</p>"), "x", "一\n\n二"),
        (raw("Subject: x", "Content-Type: text/plain", "Content-Transfer-Encoding: base64", "", "!!!"), "x", ""),
        (b"", "", ""),
        (b"no header at all", "", ""),
        (b"\xff\xfe\0\0", "", ""),
    ],
)
def test_text_is_read_in_whatever_it_is_written(message: bytes, subject: str, text: str) -> None:
    found = parse(message)
    if message and not message.startswith((b"no", b"\xff")):
        assert (found.subject, found.text) == (subject, text)
    assert "\0" not in found.text


def test_a_file_named_as_some_mail_programs_do() -> None:
    found = parse(
        raw(
            "Content-Type: multipart/mixed; boundary=B",
            "",
            "--B",
            "Content-Type: text/plain; charset=utf-8",
            "",
            "hi",
            "--B",
            f'Content-Type: application/octet-stream; name="=?gb18030?B?{LOG_NAME}?="',
            f'Content-Disposition: attachment; filename="=?gb18030?B?{LOG_NAME}?="',
            "Content-Transfer-Encoding: base64",
            "",
            "eHh4",
            "--B",
            "Content-Type: image/png",
            "Content-Disposition: inline",
            "Content-Transfer-Encoding: base64",
            "",
            "iVBORw==",
            "--B",
            "Content-Type: text/plain",
            'Content-Disposition: attachment; filename="../../etc/passwd"',
            "",
            "x",
            "--B--",
        )
    )
    assert found.text == "hi"
    assert [(file.name, file.content) for file in found.files] == [
        ("日志.log", b"xxx"),
        ("2.png", b"\x89PNG"),
        (".._.._etc_passwd", b"x"),
    ]


def test_a_mail_inside_a_mail_is_a_file() -> None:
    found = parse(
        raw(
            "Content-Type: multipart/mixed; boundary=B",
            "",
            "--B",
            "",
            "see below",
            "--B",
            "Content-Type: message/rfc822",
            "",
            "Subject: inner",
            "",
            "body",
            "--B--",
        )
    )
    assert found.text == "see below"
    [file] = found.files
    assert (file.name, file.media_type) == ("1.eml", "message/rfc822")
    assert b"Subject: inner" in file.content


def test_of_two_forms_of_one_text_the_plain_one_is_read() -> None:
    alternative = raw(
        "Content-Type: multipart/alternative; boundary=B",
        "",
        *("--B", "Content-Type: text/html", "", "<b>hi</b>"),
        *("--B", "Content-Type: text/plain", "", "hi"),
        "--B--",
    )
    assert (parse(alternative).text, parse(alternative).files) == ("hi", [])


@pytest.mark.parametrize(
    "sender",
    ["=?utf-8?B?5byg5LiJ?= <a@b", "", "张三", "<>", ", , ,", "a@b@c.example", "=?utf-8?B?!?= <zhang>", '"' * 5_000],
)
def test_who_has_no_address_is_no_person(sender: str) -> None:
    found = parse(b"From: " + sender.encode() + b"\r\nSubject: x\r\n\r\nhi")
    assert (found.address, found.is_automatic) == ("", True)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied; x=y"},
        {"Auto_Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"List_Id": "<news.x.example>"},
        {"Return_Path": "<>"},
        {"X_Autoreply": "yes"},
    ],
)
def test_what_a_program_wrote_is_known(headers: dict[str, Any]) -> None:
    assert parse(mail(**headers)).is_automatic


@pytest.mark.parametrize("address", ["no-reply@x.example", "MAILER-DAEMON@x.example", "noreply+7@x.example"])
def test_a_program_is_known_by_its_address(address: str) -> None:
    assert parse(mail(sender=address)).is_automatic
    assert not parse(mail(sender="norbert@x.example", Auto_Submitted="no")).is_automatic


def test_a_mail_that_came_back_says_whom_it_did_not_reach() -> None:
    found = parse(BOUNCE.replace(b"{name}", b"<t.TK-2026-000001@desk>"))
    assert found.bounce
    assert (found.bounce.recipient, found.bounce.status) == ("gone@customer.example", "5.1.1")
    assert any("<t.TK-2026-000001@desk>" in one for one in found.references)
    assert found.is_automatic


HOSTILE = [
    raw("Subject: a\x1b[31m\u2028b\0", "", "x\0\x1b[31my\u202e"),
    raw(*(f"X-{n}: {'a' * 900}" for n in range(3_000)), "", "hi"),
    raw(f"Content-Type: multipart/mixed; boundary={'B' * 5_000}", "", "hi"),
    raw("Content-Type: multipart/mixed; boundary=B", "", *["--B\r\n\r\nx"] * 20_000),
    b"".join(b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(2_000)),
    raw("Subject: " + "=?utf-8?B?5byg?= " * 20_000, "", "hi"),
    raw("References: " + "<a@b> " * 50_000, "", "hi"),
    raw("Content-Type: text/html", "", "<div>" * 50_000),
    raw("Content-Type: text/html", "", "<" * 300_000),
    raw("Content-Type: text/html; charset=utf-7", "", "<table>" * 20_000),
    raw('Content-Type: text/plain; charset="utf-8\0"; name*0*=x; name*1*=%', "", "hi"),
    raw("Date: " + "9" * 4_000, "", "hi"),
]


@pytest.mark.parametrize("message", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_meant_to_hurt_is_read_as_well_as_it_can_be(message: bytes) -> None:
    found = parse(message)
    assert isinstance(found, Mail)
    assert len(found.files) <= 200
    assert not {"\0", "\x1b"} & {*found.text, *found.subject}


def test_html_is_no_code_when_it_is_text() -> None:
    html = '<p onclick="x()">点<a href="javascript:x()">这里</a><img src="http://x/1.png"></p><ul><li>一</li></ul>'
    text = text_of_html(html)
    assert "点这里" in text
    assert "javascript" not in text
    assert text_of_html("") == text_of_html("   ") == ""
