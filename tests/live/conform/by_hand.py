"""What takes more than a body that a schema describes: a file of another format, a mail, something that has come to
be meanwhile. Each is done once, through the gateway; the run that is made up asks for the rest."""

import re
from typing import Any
from uuid import uuid4

import httpx2

from services.kb.transfer.archive import packed
from tests.live.conform.scene import CUSTOMER, ENGINEER, Scene
from tests.live.desk import Json, eventually

LINK = re.compile(r"/links/[\w.-]+")
KINDS = {"environment": "安装环境不兼容", "function": "页面点击没反应", "data": "报表数据对不上"}
PARTY = "bank@vendor.example"
OF_EACH_KIND = 12  # together more than a model is learned from
DOCUMENT = "---\ntitle: 导出闪退\naudience: public\n---\n## 问题\n导出闪退\n## 解决\n升级"


async def by_hand(scene: Scene) -> set[str]:
    """The operations that succeeded, as `POST /v1/…`."""
    ways = (_consultation, _third_party, _link, _draft, _articles, _suggestion, _follow_up, _webhook, _model)
    return set().union(*[await way(scene) for way in ways])


async def _consultation(scene: Scene) -> set[str]:
    path = f"v1/tickets/{scene.tickets['session']}/work/consultation"
    await scene.desk.do("lead", "PUT", path, {"stuck_at": "无法重现", "invited": ["e-liu"]})
    return {"PUT /v1/tickets/{ticket}/work/consultation"}


async def _third_party(scene: Scene) -> set[str]:
    """Asked by mail with a file, which it opens by its link; then somebody writes down what it said by telephone."""
    desk, number = scene.desk, scene.tickets["claimed"]
    added = await desk.do(CUSTOMER, "POST", f"v1/tickets/{number}/attachments", files={"file": ("cb.log", b"500")})
    file = added["attachments"][-1]["id"]
    work = f"v1/tickets/{number}/work/third-parties"
    asked = {"third_party": "other", "reason": "接口报错", "title": "接口 500", "attachments": [file]}
    await desk.do("lead", "PUT", "v1/third-parties/other", {"name": "银行", "email": PARTY})
    await scene.does(ENGINEER, work, asked)

    async def link() -> str:
        async with httpx2.AsyncClient(trust_env=False) as client:
            mails = (await client.get(f"{desk.stack.collector_url}/api/mail")).json()["mails"]
        theirs = [mail["text"] for mail in mails if PARTY in mail["to"] and number in mail["subject"]]
        return next((found.group() for text in theirs if (found := LINK.search(text))), "")

    page = await eventually(link)

    async def opened() -> bool:
        answer = await desk.ask(None, "GET", f"{page.removeprefix('/')}/files/{file}")
        return answer.content == b"500"

    await eventually(opened)
    await scene.does(ENGINEER, f"{work}/answer", {"party": "银行", "answer": "已修复"})
    return {"GET /links/{token}/files/{attachment}", "POST /v1/tickets/{ticket}/work/third-parties/answer"}


async def _link(scene: Scene) -> set[str]:
    await scene.does("lead", f"v1/tickets/{scene.tickets['verified']}/links", {"action": "accept_solution"})
    return {"POST /v1/tickets/{ticket}/links"}


async def _draft(scene: Scene) -> set[str]:
    """Taken back in the moment in which it can be."""
    path = f"v1/tickets/{scene.tickets['verified']}/drafts/note/sending"
    await scene.desk.do("lead", "POST", path, {"text": "稍等"})
    await scene.desk.do("lead", "DELETE", path)
    return {f"{method} /v1/tickets/{{ticket}}/drafts/{{audience}}/sending" for method in ("POST", "DELETE")}


async def _articles(scene: Scene) -> set[str]:
    files = {"file": ("articles.zip", packed({f"{uuid4().hex}.md": DOCUMENT.encode()}))}
    query = {"format": "markdown", "dry_run": "false"}
    report = await scene.desk.do("k-he", "POST", "v1/article-imports", params=query, files=files)
    assert [row["outcome"] for row in report["rows"]] == ["created"]
    return {"POST /v1/article-imports"}


async def _suggestion(scene: Scene) -> set[str]:
    """Of several customers, since some are shown nothing."""
    for customer in (CUSTOMER, "u-zhao", "u-qian", "u-sun"):
        draft = {"title": "导出时闪退", "description": "导出大报表时闪退"}
        shown = await scene.desk.do(customer, "POST", "v1/ticket-suggestions", draft)
        if shown["articles"]:
            read = {"article": shown["articles"][0]["article"]}
            await scene.desk.do(customer, "POST", f"v1/ticket-suggestions/{shown['id']}/readings", read)
            return {"POST /v1/ticket-suggestions/{suggestion}/readings"}
    return set()


async def _follow_up(scene: Scene) -> set[str]:
    path = f"v1/training-sessions/{scene.ids['training'][0]}/follow-ups/1/completion"
    await scene.desk.do("lead", "POST", path, {"result": "已更新手册"})
    return {"POST /v1/training-sessions/{session}/follow-ups/{follow_up}/completion"}


async def _webhook(scene: Scene) -> set[str]:
    """To an address that nobody answers at: what was sent waits for its next turn."""
    desk = scene.desk
    hook = {"name": "ERP", "url": "https://erp.example/hook", "events": ["ticket.*"]}
    path = f"v1/webhooks/{(await desk.do('admin', 'POST', 'v1/webhooks', hook))['id']}/deliveries"
    await scene.does(CUSTOMER, "v1/tickets", {"title": f"打印失败 {uuid4().hex[:6]}", "description": "打印时报错。"})

    async def sent() -> list[Json]:
        found: list[Json] = (await desk.do("admin", "GET", path))["items"]
        return found

    await desk.do("admin", "POST", f"{path}/{(await eventually(sent))[0]['id']}/redelivery")
    return {"POST /v1/webhooks/{webhook}/deliveries/{delivery}/redelivery"}


async def _model(scene: Scene) -> set[str]:
    """Learned of tickets that a lead has sorted; the stack of this run learns every few seconds."""
    desk = scene.desk
    for number in range(OF_EACH_KIND):
        for category, text in KINDS.items():
            words = {"title": f"{text} {number}", "description": f"{text}，请处理（{uuid4().hex[:6]}）。"}
            ticket = (await scene.does(CUSTOMER, "v1/tickets", words))["ticket"]
            sorted_so = {"category": category, "priority": "normal", "reason": "人工确认"}
            await scene.does("lead", f"v1/tickets/{ticket}/work/classification", sorted_so)

    async def learned() -> list[Json]:
        found: list[Json] = (await desk.do("lead", "GET", "v1/learned-models"))["items"]
        return found

    model: Any = (await eventually(learned, within=180))[0]
    await desk.do("lead", "POST", f"v1/learned-models/{model['number']}/activation")
    return {"POST /v1/learned-models/{number}/activation"}
