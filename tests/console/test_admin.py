"""What administrators set, and see before it holds; and what each sets for themselves."""

import re
from uuid import uuid4

import pytest
from playwright.async_api import expect

from tests.console.ime import compose
from tests.console.screen import Screens, violations, width_of
from tests.console.tickets import open_ticket
from tests.live.desk import Desk, eventually
from tests.notify.webhooks.receiver import Got, Receiver
from tests.servers import serving

pytestmark = [pytest.mark.console, pytest.mark.timeout(240)]


async def test_targets_are_previewed_before_they_hold(desk: Desk, screens: Screens) -> None:
    policy = f"p-{uuid4().hex[:8]}"
    page = await screens.open("admin", "/admin?tab=policies")
    await page.get_by_role("button", name="新增时效策略").click()
    form = page.get_by_role("form")
    await form.get_by_label("标识").fill(policy)
    await form.get_by_label("客户等级").fill("金牌")
    await form.get_by_label("响应，紧急：数值", exact=True).fill("0.25")
    await form.get_by_label("响应，紧急：单位", exact=True).select_option("hours")
    await form.get_by_role("button", name="预览").click()
    shown = form.get_by_role("region", name="预览")
    await expect(shown.locator("em").first).to_be_visible()  # due at another time than it is
    assert await violations(page) == []
    known = {one["id"] for one in (await desk.do("admin", "GET", "v1/policies"))["items"]}
    assert policy not in known  # a preview keeps nothing
    await form.get_by_role("button", name="新增时效策略").click()
    card = page.get_by_role("region", name=policy)
    await expect(card).to_contain_text("0.25 小时")
    await card.get_by_role("button", name="停用策略").click()
    await card.get_by_role("form").get_by_role("button", name="停用策略").click()
    await expect(card.locator(".chip", has_text="已停用")).to_be_visible()
    target = (await desk.do("admin", "GET", f"v1/policies/{policy}"))["versions"][0]["targets"]["response"]["urgent"]
    assert target == {"amount": 0.25, "unit": "hours"}


async def test_a_working_week_says_what_would_change(desk: Desk, screens: Screens) -> None:
    before = await desk.do("admin", "GET", "v1/calendars/cn")
    page = await screens.open("admin", "/admin?tab=calendars", theme="dark")
    card = page.get_by_role("region", name="cn", exact=True)
    await card.get_by_role("button", name="设置工作周").click()
    form = card.get_by_role("form")
    saturday = form.get_by_label("星期六")
    await saturday.fill("nine to five")
    await form.get_by_role("button", name="预览").click()
    await expect(form.get_by_role("region", name="预览")).to_contain_text("时间格式不正确：nine to five")
    await saturday.fill("09:00-12:00")
    await form.get_by_role("button", name="预览").click()
    await expect(form.get_by_role("region", name="预览")).to_contain_text("星期六：休息 → 09:00-12:00")
    assert await violations(page) == []
    assert await desk.do("admin", "GET", "v1/calendars/cn") == before  # a preview keeps nothing
    await form.get_by_label("生效日期").fill("2099-01-05")
    await form.get_by_role("button", name="设置工作周").click()
    await expect(form).to_have_count(0)
    after = await desk.do("admin", "GET", "v1/calendars/cn")
    assert (after["version"], after["week"]) == (before["version"] + 1, before["week"])  # until then as it is
    span = {"since": "2099-01-10", "until": "2099-01-11"}
    days = {one["day"]: one for one in (await desk.do("admin", "GET", "v1/calendars/cn/days", params=span))["items"]}
    assert [(one["start"][:5], one["end"][:5]) for one in days["2099-01-10"]["hours"]] == [("09:00", "12:00")]

    screens.expected.add(422)  # what the desk says against a list is beside the list
    await card.get_by_role("button", name="录入年度节假日表").click()
    await form.get_by_label("年份").fill("2098")
    await form.get_by_role("group", name="日期列表 1").get_by_label("日期", exact=True).fill("2098-05-01")
    await form.get_by_role("button", name="录入年度节假日表").click()
    listed = form.get_by_role("group", name="日期列表", exact=True)
    await expect(listed).to_have_accessible_description(re.compile("安排缺少法定节假日.*2098-01-01"))
    assert await violations(page) == []
    assert (await desk.do("admin", "GET", "v1/calendars/cn"))["version"] == after["version"]


async def test_what_is_classified_and_asked_is_set(desk: Desk, screens: Screens) -> None:
    key = f"c_{uuid4().hex[:8]}"
    page = await screens.open("admin", "/admin?tab=categories", "en-GB")
    await page.get_by_role("button", name="Add a category").click()
    form = page.get_by_role("form")
    await form.get_by_label("Key").fill(key)
    await form.get_by_label("Name in Chinese").fill("打印类")
    await form.get_by_label("Name in English").fill("Printing")
    await form.get_by_role("button", name="Add a category").click()
    row = page.locator(f"[data-category={key}]")
    await row.get_by_role("button", name="Retire").click()
    await row.get_by_role("form").get_by_role("button", name="Retire").click()
    await expect(row.locator(".chip")).to_have_text("retired")
    await row.get_by_role("button", name="Bring it back").click()
    await row.get_by_role("form").get_by_role("button", name="Bring it back").click()
    await expect(row.locator(".chip")).to_have_count(0)
    await page.get_by_role("tab", name="Forms").click()
    await page.get_by_role("button", name="Declare a form").click()
    before = await desk.all("admin", "v1/ticket-forms")
    await form.get_by_label("Category").select_option(key)
    await form.get_by_label("Key").fill("printer_model")
    await form.get_by_label("Name in English").fill("Printer")
    await form.get_by_label("Name in Chinese").fill("打印机型号")
    await form.get_by_label("Question in English").fill("Which printer is it?")
    question = form.get_by_label("Question in Chinese")
    await question.focus()
    await compose(page)  # the Enter that takes a candidate declares nothing
    await expect(question).to_have_value("你好")
    assert await desk.all("admin", "v1/ticket-forms") == before
    await question.fill("打印机是什么型号？")
    await form.get_by_role("button", name="Preview").click()
    await expect(form.get_by_role("region", name="Preview")).to_contain_text("Which printer is it?")
    assert await violations(page) == []
    await form.get_by_role("button", name="Declare a form").click()
    await expect(page.locator("[data-form]", has_text="Printing")).to_contain_text("打印机是什么型号？")
    forms = await desk.all("admin", "v1/ticket-forms")
    assert [one["current"]["fields"][0]["key"] for one in forms if one["category"] == key] == ["printer_model"]


async def test_an_engineer_gets_skills_shifts_and_leave(desk: Desk, screens: Screens) -> None:
    id = f"e-{uuid4().hex[:8]}"
    page = await screens.open("l-qian", "/admin", width=390, height=844)
    await page.get_by_role("button", name="新增工程师").click()
    form = page.get_by_role("form")
    await form.get_by_label("登录名").fill(id)
    await form.get_by_label("姓名").fill("何新")
    await form.get_by_role("button", name="添加一行：技能").click()
    await form.get_by_label("名称").fill("function")
    await form.get_by_label("按班次上班").check()
    await form.get_by_label("星期一").fill("09:00-12:00, 13:00-18:00")
    await form.get_by_role("button", name="添加一行：请假").click()
    await form.get_by_label("开始日期").fill("2099-05-01")
    await form.get_by_label("结束日期").fill("2099-05-05")
    assert await violations(page) == []
    assert await width_of(page) == 390
    await form.get_by_role("button", name="新增工程师").click()
    await expect(page.locator(f"[data-engineer={id}]")).to_contain_text("function")
    seen = await desk.do("l-qian", "GET", f"v1/engineers/{id}")
    assert [(one["start"], one["end"]) for one in seen["shifts"]["weekly"][0]] == [
        ("09:00", "12:00"),
        ("13:00", "18:00"),
    ]
    assert [(one["first"], one["last"]) for one in seen["leave"]] == [("2099-05-01", "2099-05-05")]
    assert [(one["kind"], one["name"], one["level"]) for one in seen["skills"]] == [("category", "function", 3)]


async def test_an_engineer_is_found_by_pinyin_and_gets_a_messenger(desk: Desk, screens: Screens) -> None:
    mine = "v1/notification-preferences/e-gao"
    await desk.do("e-gao", "PUT", mine, {"digest": "batched", "quiet_hours": {"start": "22:00", "end": "07:00"}})
    page = await screens.open("admin", "/admin")
    find, rows = page.get_by_label("查找工程师"), page.locator("[data-engineer]")
    await find.fill("gx")
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text("高翔")
    await find.fill("没有此人")
    await page.get_by_role("button", name="显示全部").click()
    row = page.locator("[data-engineer=e-gao]")
    await row.get_by_role("button", name="高翔 的即时通讯账号").click()
    form = row.get_by_role("form")
    await form.get_by_label("即时通讯账号", exact=True).fill("wecom:desk:gaoxiang")
    assert await violations(page) == []
    await form.get_by_role("button", name="高翔 的即时通讯账号").click()
    await expect(form).to_have_count(0)
    own = await screens.open("e-gao", "/settings")
    field = own.get_by_label("即时通讯账号")
    await expect(field).to_have_value("wecom:desk:gaoxiang")
    await expect(field).not_to_be_editable()
    told = own.get_by_role("form", name="通知方式")
    await told.get_by_label("时区").fill("Asia/Tokyo")
    await told.get_by_role("button", name="保存").click()
    await expect(own.get_by_text("已保存。")).to_be_visible()
    seen = await desk.do("e-gao", "GET", mine)
    assert (seen["messenger"], seen["digest"], seen["time_zone"]) == ("wecom:desk:gaoxiang", "batched", "Asia/Tokyo")
    assert seen["quiet_hours"] == {"start": "22:00", "end": "07:00"}


async def test_a_template_is_previewed_written_and_given_back(desk: Desk, screens: Screens) -> None:
    page = await screens.open("admin", "/admin?tab=templates")
    await page.get_by_label("查找模板").fill("没有这样的模板")
    await expect(page.get_by_text("没有匹配的模板。")).to_be_visible()
    await page.get_by_role("button", name="显示全部").click()
    row = page.locator("[data-template]").first
    template = str(await row.get_attribute("data-template"))
    await row.get_by_role("button").first.click()
    await row.get_by_role("button", name="编写新版本").click()
    form = row.get_by_role("form")
    await form.get_by_label("正文").fill("控制台测试正文")
    await form.get_by_role("button", name="预览").click()
    await expect(form.get_by_role("region", name="预览")).to_contain_text("控制台测试正文")
    assert await violations(page) == []
    await form.get_by_role("button", name="编写新版本").click()
    await row.get_by_role("button", name="恢复内置模板").click()
    assert (await desk.do("admin", "GET", f"v1/notification-templates/{template}"))["text"] == "控制台测试正文"
    await form.get_by_role("button", name="恢复内置模板").click()
    await expect(row.locator(".chip").first).to_have_text("内置")


async def test_machines_get_keys_and_are_told(desk: Desk, screens: Screens) -> None:
    page = await screens.open("admin", "/admin?tab=api_keys", "en-GB")
    await page.get_by_role("button", name="Make an API key").click()
    form = page.get_by_role("form")
    await form.get_by_label("Name").fill("erp")
    await form.get_by_label("What it may do").fill("ticket:open")
    await form.get_by_role("button", name="Make an API key").click()
    await expect(page.get_by_text("it is not shown again")).to_be_visible()
    key = page.locator("[data-key]", has_text="erp").first
    secret = page.locator(".admin .alert code")
    first = str(await secret.text_content())
    await key.get_by_role("button", name="Make a new secret").click()
    await form.get_by_label("Hours for which the old secret counts too").fill("0")
    await form.get_by_role("button", name="Make a new secret").click()
    await expect(secret).not_to_have_text(first)
    await key.get_by_role("button", name="Revoke").click()
    await form.get_by_role("button", name="Revoke").click()
    await expect(key.locator(".chip")).to_contain_text("revoked")
    await page.get_by_role("tab", name="Webhooks").click()
    await page.get_by_role("button", name="Add a webhook").click()
    await form.get_by_label("Name").fill("monitoring")
    await form.get_by_label("Address (https)").fill("https://hooks.example/bihuan")
    await form.get_by_label("Events").fill("ticket.completed")
    await form.get_by_role("button", name="Add a webhook").click()
    hook = page.locator("[data-webhook]", has_text="monitoring").first
    await hook.get_by_role("button", name="Disable").click()
    await form.get_by_role("button", name="Disable").click()
    await expect(hook.locator(".chip").first).to_contain_text("disabled")
    await hook.get_by_role("button", name="Deliveries").click()
    await expect(hook.get_by_text("Nothing has been sent to it yet.")).to_be_visible()
    assert await violations(page) == []
    [seen] = [one for one in await desk.all("admin", "v1/webhooks") if one["name"] == "monitoring"]
    assert (seen["events"], seen["state"]) == (["ticket.completed"], "disabled")


async def test_what_a_receiver_was_sent_is_sent_once_more_when_one_asks(desk: Desk, screens: Screens) -> None:
    receiver = Receiver()
    async with serving(receiver.app) as receiver.url:
        page = await screens.open("admin", "/admin?tab=webhooks", "en-GB", "dark")
        await page.get_by_role("button", name="Add a webhook").click()
        form = page.get_by_role("form")
        await form.get_by_label("Name").fill("receiver")
        await form.get_by_label("Address (https)").fill(f"{receiver.url}/hook")
        await form.get_by_label("Events").fill("ticket.opened")
        await form.get_by_role("button", name="Add a webhook").click()
        first = str(await page.locator(".admin .alert code").first.text_content())
        ticket = await open_ticket(desk, "重新推送测试")
        hook = page.locator("[data-webhook]", has_text=f"{receiver.url}/hook")
        await eventually(lambda: _are_more(receiver.got, 0))
        await hook.get_by_role("button", name="Make a new secret").click()
        await form.get_by_role("button", name="Make a new secret").click()
        await expect(hook.locator("code")).to_be_visible()
        assert await hook.locator("code").text_content() != first
        await hook.get_by_role("button", name="Deliveries").click()
        row = hook.get_by_role("row", name=ticket)
        await expect(row).to_contain_text("delivered")
        before = len(receiver.got)
        await row.get_by_role("button", name="Send again").click()
        await row.get_by_role("form").get_by_role("button", name="Send again").click()
        await eventually(lambda: _are_more(receiver.got, before))
        assert len({one.id for one in receiver.got}) == 1  # the same event, which its receiver knows by it
        assert await violations(page) == []
        await hook.get_by_label("State").select_option("failed")
        await expect(hook.get_by_text("None is in this state.")).to_be_visible()
        await hook.get_by_role("button", name="all", exact=True).click()
        await expect(row.get_by_role("button", name="Send again")).to_be_visible()


async def _are_more(got: list[Got], count: int) -> bool:
    """Than so many; who answers slowly may get the same once more."""
    return len(got) > count


async def test_each_says_when_and_how_they_are_told(desk: Desk, screens: Screens) -> None:
    page = await screens.open("e-chen", "/queue", width=390, height=844)
    await page.get_by_role("button", name="更多").click()
    await page.get_by_role("button", name="设置").click()
    await page.get_by_role("link", name="通知与免打扰").click()
    form = page.get_by_role("form", name="通知方式")
    await form.get_by_label("开始").fill("22:00")
    await form.get_by_role("button", name="保存").click()
    await expect(page.get_by_text("免打扰时段须填写开始和结束时间。")).to_be_visible()
    await form.get_by_label("结束").fill("08:00")
    await form.get_by_text("按事件设置").click()
    await form.get_by_label("客户催办").select_option("inbox")
    assert await violations(page) == []
    assert await width_of(page) == 390
    await form.get_by_role("button", name="保存").click()
    await expect(page.get_by_text("已保存。")).to_be_visible()
    seen = await desk.do("e-chen", "GET", "v1/notification-preferences/e-chen")
    assert (seen["quiet_hours"], seen["channels"]) == ({"start": "22:00", "end": "08:00"}, {"ticket.urged": []})
