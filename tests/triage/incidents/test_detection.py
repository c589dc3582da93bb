"""Which tickets belong together."""

from datetime import timedelta

import pytest

from services.triage.incidents.detection import Sighting, groups_of
from services.triage.incidents.minhash import SKETCH, bands, similarity, sketch
from services.triage.incidents.signature import KeyKind, signature_of
from shared.events import Problem
from shared.testing import NOON
from tests.triage.incidents.scene import TEXTS, coded, reported

WINDOW = timedelta(hours=4)
TRACE = """java.lang.IllegalStateException: pool exhausted
    at com.acme.orders.OrderService.place(OrderService.java:{line})
    at com.acme.orders.OrderApi.post(OrderApi.java:17)"""


def seen(event, customer: str = "") -> Sighting:  # type: ignore[no-untyped-def]
    one = Sighting(
        id=event.subject, customer=customer or event.company, at=event.time, signature=signature_of(event.problem)
    )
    one.set_marks(WINDOW)
    return one


def kinds(problem: Problem) -> list[tuple[KeyKind, str]]:
    return [(key.kind, key.name) for key in signature_of(problem).keys]


def test_a_trace_has_one_fingerprint_whatever_its_lines_are() -> None:
    first, second = (
        signature_of(Problem(title="x", description=f"下单报错\n{TRACE.format(line=line)}")) for line in (40, 41)
    )
    assert [key.id for key in first.keys] == [key.id for key in second.keys]
    assert first.keys[0].name == "java.lang.IllegalStateException"


def test_a_code_counts_in_its_product_and_a_common_one_only_in_its_module() -> None:
    told = Problem(title="报错", description="提示 ORA-12170", product="交易系统", module="下单")
    assert kinds(told) == [(KeyKind.CODE, "ORA-12170 · 下单"), (KeyKind.CODE, "ORA-12170 · 交易系统")]
    common = Problem(title="报错", description="接口返回 HTTP 500", product="交易系统")
    assert kinds(common) == []
    assert kinds(common.model_copy(update={"module": "下单"})) == [(KeyKind.CODE, "HTTP 500 · 下单")]
    assert kinds(Problem(title="报错", description="提示 ORA-12170")) == []


def test_near_identical_texts_are_near_in_both_languages() -> None:
    chinese = [sketch(text) for text in TEXTS]
    assert min(similarity(one, other) for one in chinese for other in chinese) >= 0.4
    english = [
        sketch("Since this morning orders cannot be submitted in the trading system, it says network timeout."),
        sketch(
            "Hello team, orders cannot be submitted in the trading system since this morning. It says network timeout"
        ),
    ]
    assert similarity(*english) >= 0.6
    assert similarity(chinese[0], english[0]) == 0
    assert (
        similarity(sketch(TEXTS[0]), sketch("报表中心导出 Excel 没有反应，过一会儿提示导出失败，请问在哪里修改模板"))
        < 0.2
    )


def test_a_short_text_is_like_nothing() -> None:
    assert sketch("登录不了") == [] == bands([])
    assert similarity([], []) == 0


@pytest.mark.parametrize("text", ["a" * 50_000, "错" * 50_000, "1" * 50_000, "x@" * 20_000, "\ud83d\ude00" * 100, ""])
def test_no_text_takes_more_than_its_bounds(text: str) -> None:
    found = signature_of(Problem(title=text[:100], description=text, error_text=text))
    assert len(found.sketch) <= SKETCH
    assert len(found.keys) <= 11


def test_three_customers_make_a_group_and_three_tickets_of_one_do_not() -> None:
    new, *others = (seen(coded(n, name)) for n, name in enumerate("甲乙丙", start=1))
    [group] = groups_of(new, others, WINDOW, 3)
    assert [one.id for one in group.tickets] == [one.id for one in sorted((new, *others), key=lambda one: one.id)]
    same, *rest = (seen(coded(n, "甲")) for n in (1, 2, 3))
    assert groups_of(same, rest, WINDOW, 3) == []


def test_what_is_farther_apart_than_the_window_does_not_count() -> None:
    times = (timedelta(), timedelta(hours=3), timedelta(hours=5))
    new, *others = (seen(coded(n, name, NOON + at)) for (n, name), at in zip(enumerate("甲乙丙"), times, strict=True))
    assert groups_of(new, others, WINDOW, 3) == []


def test_alike_texts_about_different_products_are_different() -> None:
    first, second, third = (
        seen(reported(n, str(n), description=text, title="无法下单", product=product))
        for n, (text, product) in enumerate(zip(TEXTS, ("交易系统", "交易系统", "行情系统"), strict=False))
    )
    assert first.is_like(second)
    assert not first.is_like(third)
