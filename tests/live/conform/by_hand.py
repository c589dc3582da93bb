"""What takes more than a body that a schema describes: a file of another format, a mail, something that has come to
be meanwhile. Each is done once, through the gateway; the run that is made up asks for the rest."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import aiosmtplib
import httpx2

from services.kb.transfer.archive import packed
from tests.intake.mails.samples import BOUNCE
from tests.live.conform.scene import CUSTOMER, ENGINEER, MAILBOX, Scene
from tests.live.desk import Json, eventually

LINK = re.compile(r"/links/[\w.-]+")
KINDS = {"environment": "安装环境不兼容", "function": "页面点击没反应", "data": "报表数据对不上"}
PARTY = "bank@vendor.example"
OF_EACH_KIND = 12  # together more than a model is learned from
DOCUMENT = "---\ntitle: 导出闪退\naudience: public\n---\n## 问题\n导出闪退\n## 解决\n升级"


async def by_hand(scene: Scene) -> None:
    ways = (_consultation, _third_party, _link, _draft, _articles, _suggestion, _follow_up, _webhook, _model)
    for way in (*ways, _log_job, _api_key, _bounce):
        await way(scene)


def named(requests: Iterable[tuple[str, str]], operations: Iterable[tuple[str, str]]) -> set[str]:
    """Which operations of the contract these were, `(method, path)` with ids in it."""
    shapes = [(method.upper(), path, re.compile(re.sub(r"\{\w+\}", "[^/]+", path))) for method, path in operations]
    return {
        f"{method} {path}"
        for asked_by, asked in requests
        for method, path, shape in shapes
        if method == asked_by and shape.fullmatch(asked)
    }


async def _consultation(scene: Scene) -> None:
    path = f"v1/tickets/{scene.tickets['session']}/work/consultation"
    await scene.desk.do("lead", "PUT", path, {"stuck_at": "无法重现", "invited": ["e-liu"]})


async def _third_party(scene: Scene) -> None:
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
    desk.done.add(("GET", f"{page}/files/{file}"))
    await scene.does(ENGINEER, f"{work}/answer", {"party": "银行", "answer": "已修复"})


async def _link(scene: Scene) -> None:
    await scene.does("lead", f"v1/tickets/{scene.tickets['verified']}/links", {"action": "accept_solution"})


async def _draft(scene: Scene) -> None:
    """Taken back in the moment in which it can be."""
    path = f"v1/tickets/{scene.tickets['verified']}/drafts/note/sending"
    await scene.desk.do("lead", "POST", path, {"text": "稍等"})
    await scene.desk.do("lead", "DELETE", path)


async def _articles(scene: Scene) -> None:
    files = {"file": ("articles.zip", packed({f"{uuid4().hex}.md": DOCUMENT.encode()}))}
    query = {"format": "markdown", "dry_run": "false"}
    report = await scene.desk.do("k-he", "POST", "v1/article-imports", params=query, files=files)
    assert [row["outcome"] for row in report["rows"]] == ["created"]


async def _suggestion(scene: Scene) -> None:
    """Of several customers, since some are shown nothing."""
    for customer in (CUSTOMER, "u-zhao", "u-qian", "u-sun"):
        draft = {"title": "导出时闪退", "description": "导出大报表时闪退"}
        shown = await scene.desk.do(customer, "POST", "v1/ticket-suggestions", draft)
        if shown["articles"]:
            read = {"article": shown["articles"][0]["article"]}
            await scene.desk.do(customer, "POST", f"v1/ticket-suggestions/{shown['id']}/readings", read)
            return


async def _follow_up(scene: Scene) -> None:
    path = f"v1/training-sessions/{scene.ids['training'][0]}/follow-ups/1/completion"
    await scene.desk.do("lead", "POST", path, {"result": "已更新手册"})


async def _webhook(scene: Scene) -> None:
    """To an address that nobody answers at: what was sent waits for its next turn."""
    desk = scene.desk
    hook = {"name": "ERP", "url": "https://erp.example/hook", "events": ["ticket.*"]}
    path = f"v1/webhooks/{(await desk.do('admin', 'POST', 'v1/webhooks', hook))['id']}/deliveries"
    await scene.does(CUSTOMER, "v1/tickets", {"title": f"打印失败 {uuid4().hex[:6]}", "description": "打印时报错。"})

    async def sent() -> list[Json]:
        found: list[Json] = (await desk.do("admin", "GET", path))["items"]
        return found

    await desk.do("admin", "POST", f"{path}/{(await eventually(sent))[0]['id']}/redelivery")


async def _model(scene: Scene) -> None:
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


async def _log_job(scene: Scene) -> None:
    desk, number = scene.desk, scene.tickets["claimed"]
    added = await desk.do(
        CUSTOMER, "POST", f"v1/tickets/{number}/attachments", files={"file": ("db.log", b"ORA-00060")}
    )
    path = f"v1/tickets/{number}/work/log-analysis-jobs"
    job = (await scene.does(ENGINEER, path, {"attachments": [added["attachments"][-1]["id"]]}))["id"]

    async def ended() -> bool:
        return str((await desk.do(ENGINEER, "GET", f"{path}/{job}"))["state"]) not in ("queued", "running")

    await eventually(ended)


async def _api_key(scene: Scene) -> None:
    key = {"name": "ERP", "scopes": ["ticket:read"]}
    id = (await scene.desk.do("admin", "POST", "v1/api-keys", key))["id"]
    await scene.desk.do("admin", "POST", f"v1/api-keys/{id}/rotation", {})


async def _bounce(scene: Scene) -> None:
    """A mail to the customer comes back, so that nothing more is sent there until somebody says otherwise."""
    desk = scene.desk
    words = {"title": f"打印失败 {uuid4().hex[:6]}", "description": "打印时报错。"}
    ticket = (await scene.does(CUSTOMER, "v1/tickets", words))["ticket"]

    async def mailed() -> list[Json]:
        async with httpx2.AsyncClient(trust_env=False) as client:
            mails = (await client.get(f"{desk.stack.collector_url}/api/mail")).json()["mails"]
        return [mail for mail in mails if ticket in mail["subject"]]

    mail = (await eventually(mailed))[0]
    host, _, port = desk.stack.options.env["BIHUAN_MAIL_LISTEN"].partition(":")
    returned = {
        "gone@customer.example": mail["to"][0],
        "{name}": mail["headers"]["Message-ID"],
        "<1@": f"<{uuid4().hex}@",
    }
    raw = BOUNCE.decode()
    for old, new in returned.items():
        raw = raw.replace(old, new)
    async with aiosmtplib.SMTP(hostname=host, port=int(port)) as relay:
        await relay.sendmail("", [MAILBOX], raw.encode())

    async def suspended() -> list[str]:
        found = await desk.all("admin", "v1/suspended-addresses")
        return [one["id"] for one in found if one["ticket"] == ticket]

    [id] = await eventually(suspended)
    await desk.do("admin", "POST", f"v1/suspended-addresses/{id}/release")
