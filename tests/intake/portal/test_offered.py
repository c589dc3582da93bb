"""The form for a new ticket, guided by what is recorded and declared."""

import re

import httpx2

from shared.events import TicketOpened
from shared.testing import WANG, World
from tests.intake.forms.scene import FIELDS, declared
from tests.intake.portal.browser import browser, key_of, post, words_of
from tests.intake.products.scene import CRM, ERP, product

WORDS = {"title": "点导出就关", "description": "<b>一点就关</b>"}
OPTION = re.compile(r'<option value="([^"]*)"( selected)?>')


def options(page: httpx2.Response, name: str) -> tuple[list[str], list[str]]:
    """All of a list, and those that are selected."""
    [found] = re.findall(rf'<select id="{name}".*?</select>', page.text, re.DOTALL)
    known = OPTION.findall(found)
    return [value for value, _ in known], [value for value, selected in known if selected]


async def test_products_versions_modules_and_declared_fields_are_offered(world: World) -> None:
    erp = await product(world)
    await product(
        world, **{**ERP, **CRM, "aliases": [], "modules": [], "versions": [{"name": "9", "status": "planned"}]}
    )
    await product(world, key="old", name_zh="旧系统", name_en="", aliases=[], active=False)
    await declared(world, [*FIELDS, {"key": "steps", "kind": "textarea"}], product=erp["id"])
    async with browser(world, WANG) as wang:
        first = await wang.get("/portal/new")
        assert options(first, "product") == (["", "环通 CRM", "环通 ERP"], [])
        assert 'name="module"' not in first.text
        key = key_of(first)
        fields = {**WORDS, "product": "环通 ERP"}
        second = await post(wang, "/portal/new", key=key, step="check", **fields)
        assert options(second, "product")[1] == ["环通 ERP"]
        assert options(second, "module") == (["", "报表中心", "库存管理"], [])
        assert options(second, "product_version") == (["", "V3.2", "2024 春季版"], [])
        assert "2024 春季版（已停止支持）" in words_of(second)
        assert options(second, "field_database")[0] == ["", "oracle", "dm8"]
        assert re.findall(r'(?:textarea|input type="text") id="(\w+)"', second.text) == [
            "title", "description", "field_serial", "field_charset", "steps",
        ]  # fmt: skip
        assert "error_text" not in second.text
        shown = {**fields, "asked_for": "环通 ERP", "module": "报表中心", "field_database": "dm8"}
        wrong = await post(wang, "/portal/new", key=key, step="send", field_serial="<1>", **shown)
        assert (wrong.status_code, 'value="&lt;1&gt;"' in wrong.text) == (422, True)
        assert "序列号：格式不符合要求" in words_of(wrong)
        assert 'aria-describedby=" field_serial-error"' in wrong.text
        assert options(wrong, "field_database")[1] == ["dm8"]
        sent = await post(wang, "/portal/new", key=key_of(wrong), step="send", field_serial="SN-0001", **shown)
        assert sent.status_code == 303
        page = await wang.get(sent.headers["location"])
    await world.settle()
    made = world.published(TicketOpened)[-1].problem
    assert (made.product, made.module, made.custom_fields) == (
        "环通 ERP", "报表中心", {"database": "dm8", "serial": "SN-0001"},
    )  # fmt: skip
    assert "数据库 达梦 8" in words_of(page)


async def test_another_product_shows_its_own_fields_before_anything_is_sent(world: World) -> None:
    erp = await product(world)
    await product(world, **{**ERP, **CRM, "aliases": [], "modules": [], "versions": []})
    await declared(world, FIELDS, product=erp["id"])
    async with browser(world, WANG) as wang:
        shown = {**WORDS, "asked_for": "环通 CRM", "product": "环通 ERP", "module": "线索", "product_version": "9"}
        again = await post(wang, "/portal/new", step="send", **shown)
        assert again.status_code == 200
        assert "您选择了其他产品" in words_of(again)
        assert (options(again, "module")[1], 'name="asked_for" value="环通 ERP"' in again.text) == ([], True)
        assert 'name="field_serial"' in again.text
        key = key_of(again)
        done = await post(wang, "/portal/new", step="send", key=key, **{**shown, "asked_for": "环通 ERP", "module": ""})
        assert done.status_code == 303
    await world.settle()
    assert len(world.published(TicketOpened)) == 1


async def test_what_the_text_tells_is_chosen_already(world: World) -> None:
    await product(world)
    async with browser(world, WANG, **{"Accept-Language": "en"}) as wang:
        page = await post(wang, "/portal/new", step="check", title="Huantong ERP 3.2: Reports crashes", description="x")
    assert [options(page, name)[1] for name in ("product", "product_version", "module")] == [
        ["环通 ERP"],
        ["V3.2"],
        ["报表中心"],
    ]
    assert "Huantong ERP" in words_of(page)
    assert "报表中心" not in words_of(page)


async def test_declared_questions_are_answered_on_the_page_of_the_ticket(world: World) -> None:
    erp = await product(world)
    await declared(world, [*FIELDS, {"key": "again", "kind": "checkbox", "name_zh": "每次都会"}], product=erp["id"])
    async with browser(world, WANG) as wang:
        sent = await post(wang, "/portal/new", step="send", product="环通 ERP", **WORDS)
        path = sent.headers["location"].partition("?")[0]
        page = await wang.get(path)
        assert options(page, "answer_database")[0] == ["", "oracle", "dm8"]
        assert options(page, "answer_again")[0] == ["", "true", "false"]
        wrong = await post(wang, f"{path}/answers", answer_serial="x", answer_again="true")
        assert (wrong.status_code, 'id="answer_serial-error"' in wrong.text) == (422, True)
        assert options(wrong, "answer_again")[1] == ["true"]
        done = await post(wang, f"{path}/answers", answer_database="oracle", answer_again="true")
        assert done.status_code == 303
        page = await wang.get(path)
    assert "每次都会 是" in words_of(page)
    assert "字符集" in words_of(page)


async def test_without_records_the_form_is_one_of_free_texts(world: World) -> None:
    async with browser(world, WANG) as wang:
        first = await wang.get("/portal/new")
        second = await post(wang, "/portal/new", step="check", **WORDS)
    assert ("<select" in first.text, "<select" in second.text, "asked_for" in second.text) == (False, False, False)
    fields = re.findall(r'<(?:textarea|input type="text") id="(\w+)"', second.text)
    assert fields == [
        "product",
        "product_version",
        "module",
        "title",
        "description",
        "error_text",
        "steps",
        "environment",
    ]
