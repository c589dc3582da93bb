"""Tickets for tests of the console."""

from typing import Any

from tests.live.desk import Desk


async def open_ticket(desk: Desk, title: str, description: str = "点击导出后程序退出。", **more: Any) -> str:
    """Opened by its customer; diagnosed, so that it stands in the queue. Its number."""
    body = {"title": title, "description": description, **more}
    ticket = await desk.do("u-wang", "POST", "v1/tickets", body)
    number: str = ticket["ticket"]
    await desk.insist("l-qian", "GET", f"v1/tickets/{number}/work", not_yet=[404])
    return number


async def publish_article(desk: Desk, title: str = "V3.2 在 Win11 导出 Excel 时闪退") -> str:
    """Its id."""
    text = {
        "title": title,
        "problem": "数据超过十万行时，点击**导出**后程序退出。",
        "solution": "1. 安装补丁 V3.2.1\n2. 重启程序\n\n| 版本 | 状态 |\n|---|---|\n| V3.2.1 | 已修复 |",
        "root_cause": "导出时所有行都在内存中。",
        "category": "function",
        "tags": ["导出"],
    }
    article: str = (await desk.do("k-he", "POST", "v1/articles", text))["id"]
    await desk.do("l-qian", "POST", f"v1/articles/{article}/approval", {})
    await desk.do("k-he", "POST", f"v1/articles/{article}/publication", {})
    return article
