"""Products, modules and versions that a text names, by the records of them."""

import pytest

from services.intake.information.records import named_in
from services.intake.products.catalog import NO_PRODUCTS
from services.intake.tickets.questions import infer_facts, missing_fields
from shared.events import Problem
from tests.intake.products.scene import CRM, ERP, products

KNOWN = products()


@pytest.mark.parametrize(
    ("text", "product", "module"),
    [
        ("环通ERP报表中心打不开", "环通 ERP", "报表中心"),
        ("HUANTONG  ERP: the Reports page crashes", "环通 ERP", "报表中心"),
        ("ｈｕａｎｔｏｎｇ－ＥＲＰ 的庫存管理报错", "环通 ERP", "库存管理"),
        ("环通的报表导不出来", "环通 ERP", "报表中心"),
        ("环通 CRM 登录不了", "环通 CRM", ""),
        ("请问环通 CRM 怎么导入客户？", "环通 CRM", ""),
        ("环通 CRM 正常，环通 ERP 的库存管理打不开", "环通 ERP", "库存管理"),
        ("如果升级到环通 CRM 会怎么样？", "", ""),
        ("从环通 CRM 导入环通 ERP 时报错", "", ""),
        ("myhuantong erpx 打不开", "", ""),
        ("报表打不开", "", ""),
    ],
)
def test_what_is_named_counts_where_it_is_said_to_be(text: str, product: str, module: str) -> None:
    found = named_in(text, text, KNOWN, "", "")
    assert (found.product, found.module) == (product, module)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("环通 ERP 3.2 版本打不开", "V3.2"),
        ("环通 ERP V3.2 打不开", "V3.2"),
        ("环通 ERP 2024春季版 打不开", "2024 春季版"),
        ("环通 ERP 3.2.1 打不开", "V3.2.1"),
        ("环通 ERP 3.2.9.9 打不开", ""),
        ("环通 ERP V9.1 打不开", "V9.1"),
        ("环通 CRM V3.2 打不开", "V3.2"),
    ],
)
def test_a_version_is_called_as_its_record_calls_it(text: str, version: str) -> None:
    assert infer_facts(Problem(title=text, description=""), KNOWN).product_version == version


def test_what_was_given_is_left_and_says_whose_modules_are_meant() -> None:
    given = Problem(title="报表打不开", description="环通 CRM 也打不开", product="huantong erp")
    found = infer_facts(given, KNOWN)
    assert (found.product, found.module) == ("huantong erp", "报表中心")
    assert "module" not in missing_fields(found)
    other = infer_facts(given.model_copy(update={"product": "别的产品"}), KNOWN)
    assert (other.product, other.module) == ("别的产品", "")


def test_of_what_is_not_recorded_or_not_offered_nothing_is_found() -> None:
    text = "环通 ERP 报表中心打不开"
    assert named_in(text, "", NO_PRODUCTS, "", "").product == ""
    assert named_in(text, "", products({**ERP, "active": False}, CRM), "", "").product == ""
