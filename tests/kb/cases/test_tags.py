import pytest

from services.kb.cases.tags import extract_tags
from shared.events import Problem

CASES: list[tuple[dict[str, str], list[str]]] = [
    ({"title": "V3.2 在 Win11 上导出 Excel 时崩溃"}, ["Win11", "Excel导出", "V3.2"]),
    ({"title": "V3.2 crashes on Win11 when exporting Excel"}, ["Win11", "Excel export", "V3.2"]),
    ({"title": "Windows 11 Excel导出闪退", "product_version": "v3.2"}, ["Win11", "Excel导出", "V3.2"]),
    ({"title": "批量打印卡死", "environment": "Windows 10, Chrome"}, ["Win10", "Chrome", "批量打印"]),
    ({"title": "导出失败", "module": "报表"}, ["报表导出", "报表"]),
    (
        {"title": "下单失败", "error_text": "java.lang.NullPointerException: null\nORA-00942"},
        ["下单", "NullPointerException", "ORA-00942"],
    ),
    ({"title": "Cannot log in with SSO", "product_version": "2024 R2"}, ["SSO login", "2024 R2"]),
    ({"title": "麒麟系统安装驱动报错"}, ["麒麟", "驱动安装"]),
    ({"title": "How do I change my name?"}, []),
    ({"title": "导出失败 192.168.1.10 金额 12.50 元", "product_version": "192.168.1.10"}, ["导出"]),
    ({"title": "导出失败，服务器 V10.0.0.5", "module": "192.168.1.10"}, ["导出"]),
    ({"title": "导出失败", "product_version": "12.50 元", "module": "¥12.50"}, ["导出"]),
    ({"title": "导出失败", "product_version": "[主机 host]", "module": "[姓名 name]"}, ["导出"]),
    ({"title": "导出失败", "product_version": "3.2.1.10"}, ["导出", "V3.2.1.10"]),
]


@pytest.mark.parametrize(("facts", "tags"), CASES)
def test_a_case_is_tagged_with_where_what_and_which_version(facts: dict[str, str], tags: list[str]) -> None:
    assert extract_tags(Problem(**{"description": "", **facts})) == tags


def test_there_are_at_most_eight_tags_each_once() -> None:
    text = "Win10 Win11 Chrome Edge Oracle MySQL 导出Excel 打印发票 同步库存 上传文件 FooException BarError V1.2 V1.3"
    tags = extract_tags(Problem(title=text, description=text, module="Chrome", product_version="9.9"))
    assert len(tags) <= 8
    assert len({tag.lower() for tag in tags}) == len(tags)
