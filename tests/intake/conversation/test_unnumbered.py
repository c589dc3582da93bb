"""Answers without numbers go to the question that they can only be meant for."""

import pytest

from services.intake.conversation.unnumbered import unnumbered
from services.intake.forms.defaults import DEFAULT_FIELDS
from services.intake.forms.domain import AppliedForm
from services.intake.forms.fields import FieldKind, FormField, Option
from tests.hostile.growth import grows_faster_than_text

OPTIONS = [Option(value="oracle", name_en="Oracle"), Option(value="dm8", name_zh="达梦 8")]
FORM = AppliedForm(
    form="TF-1",
    number=1,
    fields=[
        *DEFAULT_FIELDS,
        FormField(key="database", kind=FieldKind.DROPDOWN, name_zh="数据库", name_en="Database", options=OPTIONS),
        FormField(
            key="archive", kind=FieldKind.DROPDOWN, name_zh="归档库", name_en="Archive database", options=OPTIONS
        ),
        FormField(key="people", kind=FieldKind.INTEGER, name_zh="受影响人数", name_en="Users affected"),
        FormField(key="day", kind=FieldKind.DATE, name_zh="首次出现日期", name_en="First seen"),
        FormField(key="always", kind=FieldKind.CHECKBOX, name_zh="是否每次出现", name_en="Every time"),
        FormField(key="serial", name_zh="序列号", name_en="Serial number", pattern="SN-[0-9]{8}"),
    ],
)
THREE = ["database", "people", "day"]


@pytest.mark.parametrize(
    ("asked", "text", "answers"),
    [
        (THREE, "我们用的是达梦 8，约30人。\n2026年3月2日",
         {"database": "达梦 8", "people": "30", "day": "2026-03-02"}),
        (THREE, "Oracle\n30 users\n2026/3/2", {"database": "Oracle", "people": "30", "day": "2026-03-02"}),
        (["database"], "数据库是Oracle，谢谢", {"database": "Oracle"}),
        (["people"], "三十个人", {"people": "30"}),
        (["always"], "您好\n是", {"always": "是"}),
        (["serial", "module"], "序列号贴在背面 SN-12345678", {"serial": "SN-12345678"}),
        (["serial", "module"], "Module: Reports\nSerial number: 7", {"module": "Reports", "serial": "7"}),
        (["module", "people"], "在应收报表页面里", {"module": "应收报表页面"}),
        (["module", "error_text"], "No error message appears. It happens in the billing module.",
         {"module": "billing module", "error_text": "No error message appears"}),
        (["error_text"], "直接卡死或闪退", {"error_text": "直接卡死或闪退"}),
        (["steps"], "1. 打开报表\n2. 点导出", {"steps": "1. 打开报表\n2. 点导出"}),
        (["steps"], "First open the report, then press Export.",
         {"steps": "First open the report, then press Export."}),
    ],
)  # fmt: skip
def test_a_clear_answer_is_taken(asked: list[str], text: str, answers: dict[str, str]) -> None:
    assert unnumbered(text, asked, FORM) == answers


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (["database", "archive"], "Oracle"),  # either could be meant
        (["database"], "Oracle\n达梦 8"),
        (["database"], "支持Oracle吗？"),
        (["database"], "不是Oracle"),
        (["database"], "如果用Oracle，是不是更快"),
        (["database"], "> Oracle"),
        (["people"], "3天前开始的"),
        (["people"], "三十多人"),
        (["always"], "对，还是不行"),
        (["module"], "没有这个页面"),
        (["module"], "好的，稍等"),
        (["steps"], "先谢谢了，然后麻烦快点处理"),
        (["day"], "2026-02-31"),
        (["serial"], "SN-12345678 或 SN-12345679"),
        ([*THREE, "always"], "Oracle\n30\n2026-03-02"),  # too many are open
        ([], "Oracle"),
        (THREE, "x" * 5_000),
    ],
)
def test_what_is_not_clear_answers_nothing(asked: list[str], text: str) -> None:
    assert unnumbered(text, asked, FORM) == {}


@pytest.mark.parametrize("piece", ["1. ", "模块", "先点", "SN-1", "：", "三", "no error ", "in the a "])
def test_the_time_grows_no_faster_than_the_text(piece: str) -> None:
    asked = ["module", "serial", "steps"]
    assert grows_faster_than_text(lambda text: unnumbered(text, asked, FORM), lambda n: piece * (n // len(piece))) == ""
