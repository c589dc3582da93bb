"""What is new in an answer, as the mail programs of our customers quote what they answer to."""

import pytest

from services.intake.mails.quotes import new_part
from shared.mail_threads import ANSWER_ABOVE
from tests.hostile.growth import grows_faster_than_text

NEW = "补充：重启后恢复，10分钟后又挂了。"
HEADER_ZH = "发件人: 技术支持 <support@desk.example>\n发送时间: 2026年11月20日 10:15\n收件人: 张三\n主题: 登录失败\n\n"
QQ = '------------------ 原始邮件 ------------------\n发件人: "技术支持" <support@desk.example>;\n主题: x\n\n请提供日志'


@pytest.mark.parametrize(
    "below",
    [
        f"\n\n张三\n\n{HEADER_ZH}请提供日志。",
        "\n\n技术支持 <support@desk.example> 于2026年11月20日周五 10:15写道：\n\n> 请提供日志\n> 谢谢",
        f"\n\n\n{QQ}",
        "\n\n> 2026年11月20日 上午10:15，技术支持 <support@desk.example> 写道：\n> \n> 请提供日志",
        '\n\n\n在 2026-11-20 10:15:22，"技术支持" <support@desk.example> 写道：\n\n请提供日志',
        "\n\nOn Fri, Nov 20, 2026 at 10:15 AM Support <support@desk.example> wrote:\n\n> 请提供日志",
        "\n\nOn Fri, Nov 20, 2026 at 10:15 AM Support Desk of Bihuan\n<support@desk.example> wrote:\n\n> 请提供日志",
        "\n\nFrom: Support <s@desk.example>\nSent: Friday, November 20, 2026\nTo: Zhang\n\n请提供日志",
        "\n\n*From:* Support\n*Sent:* Friday\n*To:* Zhang\n\n请提供日志",
        f"\n{ANSWER_ABOVE}\n\n请提供日志",
        f"\n> {ANSWER_ABOVE}\n> 请提供日志",
        "\n-----Original Message-----\nFrom: x\n请提供日志",
        "\n\n-- \n张三\n华北运维部",
        "\n发自我的 iPhone\n\n请提供日志",
        "\nSent from my iPhone",
        "",
    ],
)
def test_what_is_quoted_and_the_signature_are_left_out(below: str) -> None:
    found = new_part(NEW + below)
    assert found.removesuffix("\n\n张三") == NEW
    assert "请提供日志" not in found


@pytest.mark.parametrize(
    "text",
    [
        "From: 这个字段是空的\n就报错",
        "On Friday it fails.\nThe log says: user wrote: x",
        "2026年11月20日开始报错，昨天同事写道歉信了",
        "发件人: 一栏显示乱码，其他正常",
        "a -- b\n--verbose 也不行",
    ],
)
def test_what_only_looks_like_a_quote_stays(text: str) -> None:
    assert new_part(text) == text


def test_an_answer_below_the_quote_is_found() -> None:
    text = "On Fri, Nov 20, 2026 at 10:15 AM Support <support@desk.example> wrote:\n> 请提供日志\n\n日志见附件"
    assert "日志见附件" in new_part(text)
    assert "> 请提供日志" not in new_part(text)


def test_where_nothing_is_new_nothing_is_left_out() -> None:
    assert new_part("> 请提供日志\n> 谢谢") == "> 请提供日志\n> 谢谢"
    assert new_part("") == ""


PIECES = ["On ", "a ", "在 2026 年", "写", "From: x\n", ">", "-", "于", "于 2026 年 ", " \t", "On 2026-1 写道\n"]


@pytest.mark.parametrize("piece", PIECES)
def test_the_time_grows_no_faster_than_the_text(piece: str) -> None:
    assert grows_faster_than_text(new_part, lambda length: piece * (length // len(piece))) == ""
