"""Takes the pictures that the READMEs show: `make screenshots`. They are of the embedded stack after its demo, with
more tickets in the queue, and go to docs/pictures."""

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Page, async_playwright, expect

from deploy.build_console import CHECKOUT
from deploy.local.demo import play
from deploy.local.options import Options
from deploy.local.stack import Stack
from deploy.local.words import say
from tests.console.conftest import CHROMIUM
from tests.console.screen import Language, Screens, Theme
from tests.console.tickets import make_review, suffer
from tests.live.desk import Desk

FOLDER = CHECKOUT / "docs" / "pictures"
LARGEST = 200_000  # bytes
WAITING = (
    (
        "u-wang",
        "月末结账时应收账款余额与明细不一致",
        "结账后余额表比明细合计少 3,200 元，今天必须结账。",
    ),
    ("u-zhao", "Win11 升级后打印机无法连接", "升级到 Win11 24H2 后，客户端提示找不到打印机 HP M404。"),
    ("u-sun", "Cannot sign in after the password reset", "The reset mail arrives, yet the new password is refused."),
    ("u-wang", "采购订单审批流卡在第二级", "提交后一直停留在部门经理审批，经理看不到待办。"),
    ("u-sun", "Dashboard shows yesterday's data", "The sales dashboard has not been refreshed since yesterday 18:00."),
    ("u-wang", "数据库连接超时，系统整体变慢", "今天上午开始所有页面打开超过 20 秒，日志里有连接池耗尽。"),
    ("u-zhao", "发票模块导出 PDF 中文乱码", "导出的 PDF 里中文变成方框，英文正常。"),
)
PICTURES: tuple[tuple[str, str, str, str, Language, Theme], ...] = (
    ("queue", "l-qian", "/queue", ".rows [role=row]", "zh-CN", "light"),
    ("ticket", "e-chen", "/tickets/{ticket}", ".said", "zh-CN", "light"),
    ("board", "l-qian", "/board", ".load td", "en-GB", "dark"),
    ("review", "l-qian", "/reviews/{review}", ".reviews td", "en-GB", "light"),
)


async def main() -> int:
    with tempfile.TemporaryDirectory(prefix="bihuan-pictures-") as folder:
        async with (
            Stack(Options(data_dir=Path(folder))) as stack,
            Desk(stack) as desk,
            async_playwright() as playwright,
        ):
            if await play(stack):
                return 1
            seen = await scene(desk)
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            screens = Screens(stack.url, browser)
            for name, who, address, shows, language, theme in PICTURES:
                page = await screens.open(who, "/knowledge", language, theme, width=1280, height=720)
                await page.goto(f"{stack.url}/console{address.format(**seen)}")
                await expect(page.locator(shows).first).to_be_visible()
                await expect(page.locator(".light")).to_have_attribute("data-light", "live")
                await take(page, FOLDER / f"{name}.png")
            await screens.close()
            await browser.close()
    return 0


async def scene(desk: Desk) -> dict[str, str]:
    """A morning's queue, an incident, a conversation, the last thirty days: what the addresses have in them."""
    for customer, title, description in WAITING:
        await desk.do(customer, "POST", "v1/tickets", {"title": title, "description": description})
    await suffer(desk)
    listed = (await desk.do("l-qian", "GET", "v1/tickets", params={"limit": 100}))["items"]
    ticket: str = next(one["ticket"] for one in listed if one["title"].startswith("数据库连接超时"))
    work = f"v1/tickets/{ticket}/work"
    await desk.do(
        "l-qian", "POST", f"{work}/assignment", {"engineer": "e-chen", "reason": "熟悉数据库"}, not_yet=[404, 409]
    )
    said = f"v1/tickets/{ticket}/messages"
    await desk.do("e-chen", "POST", said, {"text": "您好，已收到。请问从几点开始变慢？是否所有用户都受影响？"})
    await desk.do("u-wang", "POST", said, {"text": "大约 9:10 开始，全公司都慢，已经影响发货。"})
    await desk.do("e-chen", "POST", said, {"text": "连接池上限 50，昨晚的报表任务没有释放连接。", "internal": True})
    return {"ticket": ticket, "review": await make_review(desk)}


async def take(page: Page, file: Path) -> None:
    """Raises SystemExit where it is too large for a repository."""
    await page.evaluate("document.activeElement.blur()")
    await page.evaluate("document.fonts.ready")
    picture = await page.screenshot(path=file, animations="disabled", scale="css")
    if len(picture) > LARGEST:
        sys.exit(f"{file.name} has {len(picture)} bytes, more than {LARGEST}")
    say(f"  {file.relative_to(CHECKOUT)}  {len(picture) / 1000:.0f} kB")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
