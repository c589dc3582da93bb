"""Tickets for tests of the console."""

from datetime import datetime, timedelta
from random import choices
from string import ascii_lowercase
from typing import Any
from zoneinfo import ZoneInfo

from tests.live.desk import Desk, eventually


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


async def solve(desk: Desk, ticket: str, satisfaction: str, comment: str = "") -> None:
    """The whole way: searched for, proposed, verified by the desk and by its customer, who then says how it was."""
    work, me = f"v1/tickets/{ticket}/work", "e-chen"
    await desk.do("l-qian", "POST", f"{work}/assignment", {"engineer": me, "reason": "熟悉"})
    known = await desk.do(me, "POST", f"{work}/knowledge-searches", {})
    if not any(one["found"] for one in known["searches"]):
        await desk.do(me, "POST", f"{work}/deep-analyses", {"features": "仅在大文件时出现"})
    await desk.do(me, "POST", f"{work}/solutions", {"solution": "安装补丁", "root_cause": "内存耗尽"})
    report = {"file": ("report.txt", b"passed")}
    added = await desk.do(me, "POST", f"v1/tickets/{ticket}/attachments?internal=true", files=report)
    said = {"environment": "Win11", "steps": "导出 12 万行", "expected": "全部导出", "result": "全部导出"}
    passed = {**said, "passed": True, "evidence": [added["attachments"][-1]["id"]]}
    await desk.do(me, "POST", f"{work}/verifications", passed)
    await desk.do("u-wang", "POST", f"v1/tickets/{ticket}/verification", {"accepted": True}, not_yet=[409])
    rating = {"satisfaction": satisfaction, "comment": comment}
    await desk.do("u-wang", "POST", f"v1/tickets/{ticket}/feedback", rating, not_yet=[409])


async def suffer(desk: Desk) -> str:
    """Three customers meet an error that nobody has met before: the id of the incident that is proposed."""
    where = "".join(choices(ascii_lowercase, k=12))
    trace = f"""java.lang.IllegalStateException: export failed
    at com.bihuan.{where}.Exporter.writeRows(Exporter.java:214)
    at com.bihuan.{where}.ExportApi.post(ExportApi.java:17)"""
    body = {"title": "月结报表导出失败", "description": "月结报表导出到一半时报错退出。", "error_text": trace}
    tickets = [(await desk.do(one, "POST", "v1/tickets", body))["ticket"] for one in ("u-wang", "u-zhao", "u-sun")]

    async def proposed() -> str:
        found = (await desk.do("l-qian", "GET", "v1/incidents", params={"state": "candidate"}))["items"]
        views = [await desk.do("l-qian", "GET", f"v1/incidents/{one['id']}") for one in found[:5]]
        return next((one["id"] for one in views if tickets[0] in {of["ticket"] for of in one["first_tickets"]}), "")

    return await eventually(proposed)


async def make_review(desk: Desk) -> str:
    """Of the tickets of the last thirty days: its id."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()  # as the desk reckons
    asked = {"since": str(today - timedelta(days=29)), "until": str(today + timedelta(days=1))}

    async def counted() -> str:  # figures come some seconds after the tickets that they count
        review = await desk.do("l-qian", "POST", "v1/reviews", asked)
        return str(review["id"]) if review["content"]["total"]["opened"] else ""

    return await eventually(counted)
