"""An article from its first draft to its second revision, and back: written with a preview, approved by somebody else,
published, compared, rolled back."""

import re

import pytest
from playwright.async_api import expect

from tests.console.ime import compose
from tests.console.screen import Screens, violations, width_of
from tests.console.tickets import publish_article
from tests.live.desk import Desk

pytestmark = [pytest.mark.console, pytest.mark.timeout(240)]


async def test_an_article_is_written_with_a_preview_approved_by_another_and_published(
    desk: Desk, screens: Screens
) -> None:
    page = await screens.open("k-he", "/knowledge")
    await page.get_by_role("link", name="新建知识条目").click()
    form = page.get_by_role("form", name="新建知识条目")
    await form.get_by_label("标题").fill("打印预览空白")
    await form.get_by_label("问题（Markdown）").fill("预览页**空白**。<script>document.title='bad'</script>")
    await form.get_by_label("解决方案（Markdown）").fill("1. 更新驱动\n2. 重启")
    preview = page.get_by_role("region", name="预览")
    await expect(preview.locator("strong")).to_have_text("空白")
    await expect(preview.locator("li")).to_have_text(["更新驱动", "重启"])
    assert await page.title() != "bad"
    assert await violations(page) == []
    tags = form.get_by_label("标签")
    await tags.focus()
    await compose(page)  # an Enter that takes a candidate saves nothing
    await expect(tags).to_have_value("你好")
    await expect(page).to_have_url(re.compile("/new/edit$"))
    await page.reload()
    await page.get_by_role("button", name="恢复").click()  # nothing that was typed is lost
    await expect(form.get_by_label("标题")).to_have_value("打印预览空白")
    await form.get_by_role("button", name="保存为草稿").click()
    await expect(page.locator("h1")).to_have_text("打印预览空白")
    await expect(page).not_to_have_url(re.compile("/(new|edit)$"))
    id = page.url.rpartition("/")[2]
    keeping = page.get_by_role("region", name="维护", exact=True)
    await expect(keeping.get_by_role("button", name="审核通过第 1 版")).to_have_accessible_description(
        "这一版由您撰写，须由他人审核。"
    )
    lead = await screens.open("l-qian", "/knowledge?list=to_approve", "en-GB", width=390, height=844)
    await expect(lead.locator(f'a[href$="/{id}"]')).to_be_visible()
    assert await width_of(lead) == 390
    await lead.goto(f"{screens.url}/console/knowledge/{id}")
    await lead.get_by_role("button", name="Approve revision 1").click()
    await lead.get_by_role("form").get_by_role("button", name="Approve revision 1").click()
    await expect(lead.locator("header .chip")).to_have_text("approved")
    await expect(lead.get_by_role("button", name="Publish revision 1")).to_have_count(0)  # editors publish
    await page.reload()
    await page.get_by_role("button", name="发布第 1 版", exact=True).click()
    await page.get_by_role("form").get_by_role("button", name="发布第 1 版").click()
    await expect(page.locator("header .chip")).to_have_text("已发布")
    seen = await desk.do("k-he", "GET", f"v1/articles/{id}")
    assert (seen["live_revision"], seen["revisions"][0]["approved_by"]) == (1, "l-qian")
    written = page.get_by_role("region", name="版本历史").locator("[data-revision='1']")
    await expect(written).to_contain_text("何雨")  # people are read by their names, not by how they sign in
    await expect(written).to_contain_text("钱伟")
    await page.get_by_role("button", name="设置维护人").click()
    await page.get_by_role("form").get_by_label("维护人").select_option(label="陈刚")
    await page.get_by_role("form").get_by_role("button", name="设置维护人").click()
    await expect(page.locator("dl.facts").first).to_contain_text("陈刚")
    assert (await desk.do("k-he", "GET", f"v1/articles/{id}"))["owner"] == "e-chen"


async def test_two_who_edit_lose_nothing_revisions_are_compared_and_one_is_published_again(
    desk: Desk, screens: Screens
) -> None:
    screens.expected.add(412)
    id = await publish_article(desk, "月结报表很慢")
    before = await desk.do("k-he", "GET", f"v1/articles/{id}")
    text = {name: before[name] for name in ("title", "problem", "solution", "root_cause", "category", "tags")}
    page = await screens.open("k-he", f"/knowledge/{id}/edit", theme="dark")
    form = page.get_by_role("form")
    await form.get_by_label("解决方案（Markdown）").fill("安装补丁 V9")
    await desk.do("e-chen", "PUT", f"v1/articles/{id}", {**text, "title": "月结报表很慢（陈）"})
    await form.get_by_role("button", name="保存为草稿").click()
    await expect(page.get_by_text("其他人已修改此知识条目。")).to_be_visible()
    await expect(form.get_by_label("解决方案（Markdown）")).to_have_value("安装补丁 V9")
    assert await violations(page) == []
    await page.get_by_role("button", name="将我的内容存为最新版本").click()
    history = page.get_by_role("region", name="版本历史")
    await expect(history.locator("[data-revision]")).to_have_count(3)
    await history.get_by_role("button", name="与第 2 版比较").click()
    diff = page.get_by_role("group", name="第 3 版的变更")
    await expect(diff.locator("ins", has_text="安装补丁 V9")).to_be_visible()
    await expect(diff.locator("del", has_text="月结报表很慢（陈）")).to_be_visible()
    assert await violations(page) == []
    await desk.do("l-qian", "POST", f"v1/articles/{id}/approval")
    await desk.do("k-he", "POST", f"v1/articles/{id}/publication")
    await page.reload()
    await history.get_by_role("button", name="重新发布第 1 版").click()
    await page.get_by_role("form").get_by_role("button", name="重新发布第 1 版").click()
    await expect(history.locator("[data-revision='4'] .chip")).to_contain_text("已发布")
    seen = await desk.do("k-he", "GET", f"v1/articles/{id}")
    assert (seen["live_revision"], seen["solution"], seen["state"]) == (4, before["solution"], "published")
