"""What tells of a fault and what only looks so: denied, asked, imagined, planned, past, over, quoted."""

import pytest

from services.intake.information.domain import extract


@pytest.mark.parametrize(
    "text",
    [
        "打印任务发出去以后一直排队，出不来",
        "从周一起考勤数据就没进来过",
        "为什么一点保存就跳回登录页？",
        "以前两三秒就出来，现在要等一分钟",
        "能不能尽快看一下？收银台全都打不开了",
        "如果点导出就报错，不点没事",
        "感谢上次的培训。另外，报表从昨天起打不开了，请看看。",
        "The dialog closes itself as soon as I type",
        "Nobody can log in since this morning",
        "Could you please check why the export fails?",
        "Thanks for the new release. However, the app crashes on every start now.",
        "Is anybody else seeing empty lists?",
        "If I click Save, it crashes.",
    ],
)
def test_a_fault_that_is_there_counts(text: str) -> None:
    assert extract("", text).malfunction


@pytest.mark.parametrize(
    "text",
    [
        "不是故障，就是想问问怎么改模板",
        "没有报错也没有崩溃，只是咨询一下续费",
        "如果服务器宕机了，数据会丢失吗？",
        "下周三我们会停机升级，届时系统无法访问，特此通知",
        "昨天的报错已经解决了，谢谢",
        "去年那次数据丢失之后你们做了哪些改进？",
        "建议加一个导出失败的提醒",
        "忘了登录密码，怎么重置？",
        "我把供应商选错了，怎么反审？",
        "Nothing is broken, I only want to change the language",
        "What happens if the server crashes? Would data be lost?",
        "We will be offline on Sunday because of maintenance",
        "The crash is fixed, you can close the ticket",
        "Could you add a column for errors?",
        "Where can I find the list of error codes?",
        "I deleted a customer by mistake, can it be restored?",
        "Years ago we had a system that crashed every day. Do you offer a trial?",
    ],
)
def test_what_only_names_a_fault_does_not_count(text: str) -> None:
    assert not extract("", text).malfunction


@pytest.mark.parametrize(
    "quoted",
    [
        "> 全公司登录失败，请尽快处理",
        "-----原始邮件-----\n全公司登录失败，请尽快处理",
        "On Monday, Li Na wrote:\nNobody can log in, the server crashed",
    ],
)
def test_what_was_said_earlier_does_not_count(quoted: str) -> None:
    assert not extract("Re: 登录失败", f"收到，谢谢。\n\n{quoted}").malfunction


def test_what_is_over_takes_back_what_was_said_before_it_but_not_what_comes_after() -> None:
    assert not extract("", "早上登录失败。重启以后恢复正常了。").malfunction
    assert extract("", "上次的问题解决了。今天导出又失败了。").malfunction


def test_a_title_alone_makes_no_fault_of_a_question() -> None:
    assert not extract("导出失败", "如果导出失败，系统会不会自动重试？").malfunction
    assert extract("导出失败", "请问怎么解决？").malfunction


def test_traditional_characters_and_full_width_ones_are_read() -> None:
    assert extract("", "今天開始報表打不開，畫面全白").malfunction
    assert extract("", "ＥＲＲＯＲ，系统登录失败").malfunction


def test_nothing_is_said_by_nothing() -> None:
    assert not extract("", "").malfunction
