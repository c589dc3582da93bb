"""What the first diagnosis makes of a customer's words (P2.2, P2.3)."""

from typing import Any

import pytest

from services.triage.diagnosis.classifier import Beside, classify
from shared.events import Suggestion
from shared.terms import Category, Priority
from tests.triage.builders import problem

URGENT, HIGH, NORMAL = Priority.URGENT, Priority.HIGH, Priority.NORMAL
OPERATION, ENVIRONMENT, FUNCTION, DATA = Category.OPERATION, Category.ENVIRONMENT, Category.FUNCTION, Category.DATA


@pytest.mark.parametrize(
    ("title", "description", "facts", "priority"),
    [
        ("交易系统无法下单", "", {}, URGENT),
        ("全部用户无法登录", "", {}, URGENT),
        ("Production is down", "", {}, URGENT),
        ("We cannot place any orders", "", {}, URGENT),
        ("Nobody can log in", "", {}, URGENT),
        ("服务器宕机", "", {}, URGENT),
        ("页面报错", "", {"users_affected": 50}, URGENT),
        ("报表打不开", "", {"business_blocked": True}, URGENT),
        ("报表打不开", "", {"business_blocked": True, "users_affected": 1}, HIGH),
        ("导出失败", "", {}, HIGH),
        ("导出Excel时崩溃", "", {}, HIGH),
        ("The app crashes on export", "", {}, HIGH),
        ("无法登录", "只有我一个人", {}, HIGH),
        ("I cannot print invoices", "", {}, HIGH),
        ("请问如何设置打印模板", "", {}, NORMAL),
        ("How do I change the logo?", "", {}, NORMAL),
        ("建议增加深色模式", "", {}, NORMAL),
        ("希望所有用户都能看到公告", "", {}, NORMAL),
        ("字体有点小", "", {}, NORMAL),
    ],
)
def test_priority_follows_from_the_words_and_the_impact(
    title: str, description: str, facts: dict[str, Any], priority: Priority
) -> None:
    assert classify(problem(title, description, **facts)).priority is priority


@pytest.mark.parametrize(
    ("title", "category"),
    [
        ("请问如何重置密码", OPERATION),
        ("Where can I find the export button?", OPERATION),
        ("打印机驱动不兼容", ENVIRONMENT),
        ("The firewall blocks the installer", ENVIRONMENT),
        ("点击保存按钮没反应", FUNCTION),
        ("Wrong total on the invoice, looks like a bug", FUNCTION),
        ("门店数据同步失败，库存不一致", DATA),
        ("Some orders are missing: data loss after the backup", DATA),
        ("如何批量导入客户资料？", OPERATION),
    ],
)
def test_category_follows_from_the_words(title: str, category: Category) -> None:
    assert classify(problem(title)).category is category


@pytest.mark.parametrize(
    "text", ["系统没有崩溃，只想了解报表", "没有再出现崩溃", "It did not crash", "There was no crash any more"]
)
def test_what_is_denied_does_not_count(text: str) -> None:
    assert classify(problem(text)).priority is NORMAL


@pytest.mark.parametrize("text", ["没有提示，直接崩溃", "No message, it crashes", "没有报错但闪退"])
def test_a_denial_ends_with_its_clause(text: str) -> None:
    assert classify(problem(text)).priority is HIGH


def test_the_reason_names_the_words_in_both_languages() -> None:
    first = classify(problem("交易系统无法下单")).reasons[0]
    assert first.en == "'交易系统无法' indicates that work stands still"
    assert first.zh == "“交易系统无法”表明业务停摆"


def test_an_exact_case_outweighs_words() -> None:
    known = Suggestion(article="KB-1", title="连接池耗尽", score=0.4, category=DATA, exact=True)
    diagnosis = classify(problem("页面报错"), Beside([known]))
    assert diagnosis.category is DATA
    assert any("连接池耗尽" in reason.zh for reason in diagnosis.reasons)


def test_a_weak_case_has_no_vote() -> None:
    weak = Suggestion(article="KB-1", title="无关", score=0.1, category=DATA)
    assert classify(problem("点击保存按钮没反应"), Beside([weak])).category is FUNCTION


def test_nothing_to_go_by_is_left_to_a_person() -> None:
    assert not classify(problem("你好", "有个情况")).is_confident


def test_plain_words_are_sure() -> None:
    assert classify(problem("请问如何设置打印模板")).is_confident


def test_words_are_found_beside_chinese_characters() -> None:
    assert classify(problem("点击导出后app crash了")).priority is HIGH


@pytest.mark.parametrize(
    "text", ["数据" * 10_000, "没有" * 10_000, "cannot " * 3_000, "all of the " * 2_000, "希望" * 9_000]
)
def test_long_texts_are_diagnosed_too(text: str) -> None:
    assert classify(problem("x", text)).reasons
