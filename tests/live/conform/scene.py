"""Something of everything that the desk deals with: a ticket at each of its stages, articles, deliveries, links."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import uuid4

import aiosmtplib

from deploy.local.people import Person
from deploy.services import SERVICES
from tests.intake.attachments.test_listing import zipped
from tests.intake.attachments.test_looking_in import picture
from tests.intake.quarantine.daemon import EICAR
from tests.live import stream
from tests.live.conform import machines, reviews, solving
from tests.live.conform.incidents import incidents
from tests.live.conform.knowledge import knowledge
from tests.live.crowd import NOT_YET, staff_arrives
from tests.live.desk import Desk, Json, Who, eventually

CUSTOMER = "u-wang"
ENGINEER = "e-chen"
COLLEAGUE = Person("a-ren", "任静", ("agent",))  # whoever confirms a telephone call, besides the agent who took it
HEARD_BY_ALL = ("bihuan.triage.diagnosed.v1", "bihuan.ticket.completed.v1")
RUBBISH = "no event"
WECHAT_PAY = {"name_zh": "微信支付", "name_en": "WeChat Pay", "signatures": ["api.mch.weixin.qq.com"]}
MAILBOX = "support@desk.example"
LINK = re.compile(r"/links/([\w.-]+)")


@dataclass
class Scene:
    """`tickets` by what they are good for; `ids` are of everything else, by the name of the path parameter; `letters`
    the numbers of dead letters."""

    desk: Desk
    tickets: dict[str, str] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    letters: list[int] = field(default_factory=list)

    async def play(self) -> "Scene":
        await staff_arrives(self.desk)
        async with stream.bus(self.desk.stack) as client:
            for subject in HEARD_BY_ALL:
                await client.jetstream().publish(subject, RUBBISH.encode())
        await asyncio.gather(*(self._ticket(name, way) for name, way in WAYS.items()))
        await self._things()
        return self

    async def does(self, who: Who, path: str, body: Json, **other: object) -> Json:
        answer: Json = await self.desk.do(who, "POST", path, body, uuid4().hex, not_yet=NOT_YET, **other)
        return answer

    async def _ticket(self, name: str, way: "Way") -> None:
        words = {"title": f"导出报表时程序闪退（{uuid4().hex[:6]}）", "description": "导出 Excel 时崩溃。"}
        number = (await self.does(CUSTOMER, "v1/tickets", words))["ticket"]
        self.tickets[name] = number
        await way(self, number)

    async def _things(self) -> None:
        do = self.desk.do
        archived = self.tickets["archived"]
        ticket = await do("lead", "GET", f"v1/tickets/{self.tickets['open']}")
        for file in ticket["attachments"]:
            self.ids["file" if file["name"] == "tool.txt" else file["name"]].append(file["id"])
        self.ids["attachment"] = self.ids["app.log"]
        await eventually(self._are_scanned)
        self.ids["consent"], self.ids["verification"] = ["c1", "c2"], ["p1"]
        self.ids |= await knowledge(self.desk, archived)
        await eventually(lambda: self._is_there(f"v1/tickets/{archived}/case"))
        for subject in (self.tickets["open"], archived):
            found = await do("lead", "GET", f"v1/notifications?ticket={subject}")
            self.ids["notification"] += [one["id"] for one in found["items"][:5]]
        self.ids["customer"] = [ticket["customer"]]
        self.ids["relation"], self.ids["watcher"] = [f"related:{archived}"], ["me"]
        related = {"relation": "related", "ticket": archived, "reason": "同一报表"}
        await self.does("agent", f"v1/tickets/{self.tickets['open']}/relations", related)
        self.ids["open"] = [self.tickets["open"]]
        other = await self.does("u-zhao", "v1/tickets", {"title": "登录后白屏", "description": "登录后一片空白。"})
        self.ids["alias"] = [(await do("lead", "GET", f"v1/tickets/{other['ticket']}"))["customer"]]
        work = await do("lead", "GET", f"v1/tickets/{self.tickets['session']}/work")
        self.ids["session"] = [one["id"] for one in work["sessions"]] or ["s1"]
        self.ids["engineer"] = self.ids["subject"] = [ENGINEER, "e-zhou", "auth0|5f7c", "e-liu"]
        await do("lead", "PUT", "v1/teams/dba", {"name": "数据库组"})
        self.ids["team"], self.ids["template"] = ["dba", "default"], ["opened.any.zh", "opened.email.en"]
        self.ids["policy"], self.ids["calendar"], self.ids["approved"] = ["default"], ["cn"], ["ToDesk"]
        self.ids |= {"system": ["wechat-pay"], "action": ["k1a1"], "audience": ["reply", "note"]}
        await solving.give_action(self.desk, self.tickets["session"])
        self.ids["tool"] = self.ids["third_party"] = ["other"]
        await do("admin", "PUT", "v1/remote-tools/other", {"name": "RustDesk"})
        await do("admin", "PUT", "v1/third-parties/other", {"name": "银行", "email": "bank@vendor.example"})
        await do("admin", "PUT", "v1/third-party-systems/wechat-pay", WECHAT_PAY)
        self.ids["policy"].append(f"agreed-{uuid4().hex[:8]}")  # can be retired, another each time: roles share a desk
        await do("admin", "PUT", f"v1/policies/{self.ids['policy'][-1]}", {"tier": self.ids["policy"][-1]})
        self.ids |= {"year": ["2027"], "account": ["feishu"], "category": ["billing"], "rule": ["refunds"]}
        for path, name in (("companies", "company"), ("contacts", "contact")):
            for n in range(3):
                one = f"{n}-{uuid4().hex[:8]}"  # another each time
                record = {"name": f"示例{one}"} | ({"emails": [f"e{one}@sample.example"]} if name == "contact" else {})
                self.ids[name].append((await do("lead", "POST", f"v1/{path}", record))["id"])
        self.ids["party"] = [*self.ids["company"], *self.ids["contact"]]
        for _ in range(3):  # another each time: names are one product's, and each has a form
            key = uuid4().hex[:8]
            product = {"key": key, "name_zh": f"产品{key}", "modules": [{"key": "reports", "name_zh": "报表中心"}]}
            cause = await do("admin", "POST", "v1/call-back-causes", {"name_zh": key, "name_en": key})
            self.ids["product"].append((await do("lead", "POST", "v1/products", product))["id"])
            self.ids["cause"].append(cause["id"])
            form = {"product": self.ids["product"][-1], "category": "data", "fields": [{"key": "module"}]}
            self.ids["form"].append((await do("admin", "POST", "v1/ticket-forms", form))["id"])
        await incidents(self)
        self.ids["mail"] = await self._ignored_mails()
        call = {"number": "138 0013 8000", "began_at": "2026-03-02T09:00:00+08:00"}
        self.ids["call"] = [(await do("lead", "POST", "v1/calls", call))["id"]]
        view = {"name_zh": "待处理工单", "search": {"status": "pending"}, "shared": True}
        self.ids["view"] = [(await do("lead", "POST", "v1/views", view))["id"] for _ in range(3)]
        macro = {"name_zh": "索取日志", "text_zh": "请上传日志。", "text_en": "Please upload the logs.", "shared": True}
        self.ids["macro"] = [(await do("lead", "POST", "v1/macros", macro))["id"] for _ in range(3)]
        await machines.connected(self.desk, self.ids)
        await self._transfer()
        await reviews.reviewed(self.desk, self.ids)
        for path in ("v1/tickets", "v1/articles", "v1/queue", "v1/notifications"):
            page = await do("lead", "GET", path, params={"limit": 2})
            self.ids["after"].append(page["next"])
        for ticket in ("linked", "accepted", "archived"):
            self.ids["token"] += await eventually(lambda ticket=ticket: self._links(self.tickets[ticket]))  # type: ignore[misc]
        for service in SERVICES:
            self.letters += await eventually(lambda service=service: self._letters(service))  # type: ignore[misc]

    async def _transfer(self) -> None:
        """Imports with a part each, the last one started, and erasures of nobody, which wait for a second yes."""
        text = "工单编号,标题,状态,提交时间\n{},导出失败,completed,2024-05-06 09:00\n"
        for _ in range(3):
            one = uuid4().hex[:8]
            new = {"source": "old", "format": "csv"}
            id = (await self.desk.do("lead", "POST", "v1/ticket-imports", new))["id"]
            await self.desk.do("lead", "PUT", f"v1/ticket-imports/{id}/parts/1", {"text": text.format(one)})
            self.ids["ticket_import"].append(id)
            who = {"emails": [f"gone-{one}@sample.example"], "reason": "本人要求"}
            self.ids["erasure"].append((await self.desk.do("admin", "POST", "v1/erasures", who))["id"])
        self.ids["external_id"] = [one]
        await self.desk.do("lead", "POST", f"v1/ticket-imports/{id}/start", {"parts": 1})

    async def _ignored_mails(self) -> list[str]:
        """What programs have written: it is on no ticket until somebody says so."""
        host, _, port = self.desk.stack.options.env["BIHUAN_MAIL_LISTEN"].partition(":")
        found = []
        async with aiosmtplib.SMTP(hostname=host, port=int(port)) as relay:
            for _ in range(3):
                raw = f"From: a@x.example\r\nMessage-ID: <{uuid4().hex}@x>\r\nPrecedence: bulk\r\n\r\nnews".encode()
                _, answer = await relay.sendmail("a@x.example", [MAILBOX], raw)
                found.append(answer.rpartition(" ")[2])

        async def are_read() -> bool:
            page = await self.desk.do("lead", "GET", "v1/mails?state=ignored")
            return {*found} <= {one["id"] for one in page["items"]}

        await eventually(are_read)
        return found

    async def _links(self, ticket: str) -> list[str]:
        """In what the customer was mailed: nobody else sees them."""
        found = await self.desk.do(CUSTOMER, "GET", f"v1/notifications?mine=true&ticket={ticket}")
        return [link for delivery in found["items"] for link in LINK.findall(delivery["text"])]

    async def _letters(self, service: str) -> list[int]:
        found = await self.desk.all("admin", "v1/dead-letters", service=service)
        return [letter["sequence"] for letter in found]

    async def _are_scanned(self) -> bool:
        held = await self.desk.all("lead", "v1/quarantine")
        infected = {one["file"] for one in held if one["state"] == "infected"}
        return not any(one["state"] == "pending" for one in held) and infected.issuperset(self.ids["file"])

    async def _is_there(self, path: str) -> bool:
        return (await self.desk.ask("lead", "GET", path)).is_success


Way = Callable[[Scene, str], Awaitable[object]]


async def _asked(scene: Scene, number: str) -> None:
    files = [("app.log", b"java.lang.OutOfMemoryError"), ("a.png", picture("PNG", 40, 30)), ("a.zip", zipped(a=b"1"))]
    files += [("tool.txt", b"%d %s" % (place, EICAR)) for place in range(6)]
    await scene.does("agent", f"v1/tickets/{number}/messages", {"text": "您好，已收到。"})
    for name, content in files:
        await scene.desk.do(CUSTOMER, "POST", f"v1/tickets/{number}/attachments", files={"file": (name, content)})
    for _ in range(2):
        await scene.does(CUSTOMER, f"v1/tickets/{number}/consents", {"scope": "远程协助", "words": "同意"})


async def _claimed(scene: Scene, number: str) -> None:
    await scene.does("lead", f"v1/tickets/{number}/work/assignment", {"engineer": ENGINEER, "reason": "熟悉该模块"})


async def _consented(scene: Scene, number: str) -> None:
    await _claimed(scene, number)
    await scene.does(CUSTOMER, f"v1/tickets/{number}/consents", {"scope": "远程协助", "words": "同意"})


async def _in_session(scene: Scene, number: str) -> None:
    await _consented(scene, number)
    session = {"tool": "ToDesk", "purpose": "查看内存"}
    await scene.does(ENGINEER, f"v1/tickets/{number}/work/remote-sessions", session)


async def _in_consultation(scene: Scene, number: str) -> None:
    await _claimed(scene, number)
    await solving.consult(scene.desk, number)


async def _with_third_party(scene: Scene, number: str) -> None:
    await _claimed(scene, number)
    await scene.does(ENGINEER, f"v1/tickets/{number}/work/third-parties", {"party": "银行", "reason": "接口报错"})


async def _searched(scene: Scene, number: str) -> None:
    await _claimed(scene, number)
    await solving.search(scene.desk, number)


async def _proposed(scene: Scene, number: str) -> None:
    await _searched(scene, number)
    await solving.propose(scene.desk, number)


async def _verified(scene: Scene, number: str) -> None:
    await _proposed(scene, number)
    await solving.verify(scene.desk, number)


async def _phoned(scene: Scene, number: str) -> None:
    await _verified(scene, number)
    call = {"accepted": True, "given_by": "王芳", "phone": "021-5555 0100", "words": "已经好了"}
    await scene.does(COLLEAGUE, f"v1/tickets/{number}/phone-verifications", call)


async def _accepted(scene: Scene, number: str) -> None:
    await _verified(scene, number)
    await scene.does(CUSTOMER, f"v1/tickets/{number}/verification", {"accepted": True})


async def _dissatisfied(scene: Scene, number: str) -> None:
    await _accepted(scene, number)
    await scene.does(CUSTOMER, f"v1/tickets/{number}/feedback", {"satisfaction": "dissatisfied"})


async def _called_back(scene: Scene, number: str) -> None:
    await _dissatisfied(scene, number)
    cause = uuid4().hex  # once there is a list, it has to be one of it
    await scene.does("admin", "v1/call-back-causes", {"name_zh": cause, "name_en": cause})
    await scene.does("agent", f"v1/tickets/{number}/call-back", {"cause": cause})


async def _planned(scene: Scene, number: str) -> None:
    await _called_back(scene, number)
    await scene.does("agent", f"v1/tickets/{number}/second-plan", {"plan": "每天检查一次"})


async def _archived(scene: Scene, number: str) -> None:
    await _accepted(scene, number)
    await scene.does(CUSTOMER, f"v1/tickets/{number}/feedback", {"satisfaction": "satisfied"})


async def _merged(scene: Scene, number: str) -> None:
    words = {"title": f"打印报表时程序闪退（{uuid4().hex[:6]}）", "description": "打印时崩溃。"}
    into = (await scene.does(CUSTOMER, "v1/tickets", words))["ticket"]
    await scene.does("lead", f"v1/tickets/{number}/merge", {"into": into, "reason": "同一故障"})


async def _nothing(_: Scene, __: str) -> None:
    pass


WAYS: dict[str, Way] = {
    "new": _nothing,
    "closed": _nothing,
    "double": _nothing,
    "merged": _merged,
    "asked": _nothing,
    "open": _asked,
    "claimed": _claimed,
    "held": _claimed,
    "consented": _consented,
    "session": _in_session,
    "consultation": _in_consultation,
    "third": _with_third_party,
    "searched": _searched,
    "proposed": _proposed,
    "verified": _verified,
    "linked": _verified,
    "phoned": _phoned,
    "accepted": _accepted,
    "dissatisfied": _dissatisfied,
    "called": _called_back,
    "planned": _planned,
    "archived": _archived,
}
