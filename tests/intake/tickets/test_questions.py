import pytest

from services.intake.tickets.questions import infer_facts, missing_fields
from shared.events import Problem


def a_problem(title: str, description: str = "", **known: str) -> Problem:
    return Problem(title=title, description=description or title, **known)


def test_version_and_system_are_read_out_of_the_title() -> None:
    problem = infer_facts(a_problem("V3.2 在 Win11 上导出 Excel 时崩溃"))
    assert (problem.product_version, problem.environment) == ("V3.2", "Win11")


def test_what_was_said_in_a_field_is_not_overwritten() -> None:
    problem = infer_facts(a_problem("V3.2 crashes", product_version="V4.0"))
    assert problem.product_version == "V4.0"


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("Win11系统Excel导出失败V3.2", "V3.2"),
        ("V3.2在Win11上崩溃", "V3.2"),
        ("We are on v3.2.", "V3.2"),
        ("升级到V3.2.1后无法登录", "V3.2.1"),
        ("升级到V3。之后无法登录", "V3"),
        ("导出3.5万行时报错", ""),
        ("MV3.2 打印机", ""),
        ("V3.2x86", ""),
        ("V3.", "V3"),
    ],
)
def test_a_named_version_is_seen_wherever_it_stands(text: str, version: str) -> None:
    assert infer_facts(a_problem(text)).product_version == version


def test_a_vague_malfunction_is_asked_for_its_error_its_module_and_its_steps() -> None:
    problem = infer_facts(a_problem("V3.2 在 Win11 上导出 Excel 时崩溃"))
    assert missing_fields(problem) == ["error_text", "module", "steps"]


@pytest.mark.parametrize(
    "said",
    [
        "java.lang.OutOfMemoryError: Java heap space",
        "错误代码：0x80070005",
        "It says ORA-00942 each time",
        "报错信息：连接超时",
    ],
)
def test_an_error_in_the_description_is_not_asked_for_again(said: str) -> None:
    assert "error_text" not in missing_fields(a_problem("导出失败", said))


def test_a_question_is_not_asked_for_error_texts() -> None:
    assert missing_fields(a_problem("如何批量导入客户资料？")) == ["module", "product_version"]


def test_a_complete_report_is_asked_nothing() -> None:
    known = {"product_version": "V3.2", "module": "报表", "steps": "点击导出", "environment": "Win11"}
    assert missing_fields(a_problem("导出失败", error_text="NullPointerException", **known)) == []
