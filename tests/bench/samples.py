"""Customers, and what they write."""

from datetime import datetime, timedelta
from typing import Any

from deploy.local.people import Person
from services.intake.tickets.domain import Ticket
from services.triage.diagnosis import domain as diagnosing
from services.triage.diagnosis.classifier import classify
from services.triage.work import facts
from services.triage.work.domain import WorkItem
from services.triage.work.queue_order import due_key
from shared.events import Contact, Event, Problem, TicketOpened
from shared.outbox import Outgoing
from shared.terms import Category, Channel, Priority, Stage, WaitingFor

CUSTOMERS = 400
COMPANIES = 200
OPEN_STAGES = (Stage.INTAKE, Stage.DIAGNOSIS, Stage.HANDLING, Stage.CUSTOMER_VERIFICATION)
CATEGORIES = (Category.FUNCTION, Category.FUNCTION, Category.OPERATION, Category.ENVIRONMENT, Category.DATA)
KINDS = 64  # different texts among many tickets

TITLES = (
    "导出报表时报错，文件打不开",
    "Win11 下客户端启动后闪退",
    "Report export fails with an error",
    "数据同步后缺少昨天的订单",
    "如何修改审批流程的负责人",
    "Cannot sign in after the update",
    "打印预览显示乱码",
    "Search returns no results for known customers",
)
STORY = (
    "我们财务部从今天早上开始遇到这个问题：点击“导出 Excel”后进度条走到一半就停住，随后弹出提示框。"
    "重启客户端、清理缓存、换一台电脑都试过，结果相同；同事的账号也一样。昨天下午还是正常的，期间没有安装其他软件。"
    "The same happens with the other templates. We need the figures for the monthly closing, please help us soon."
)
ANSWER = "我们已经重现了这个问题，正在分析日志；请先用模板二导出。We will be back today. " * 3
FACTS = {
    "product": "Bihuan ERP",
    "product_version": "V3.2.1",
    "module": "报表中心",
    "environment": "Windows 11 23H2",
    "steps": "1. 打开报表中心 2. 选择月结报表 3. 点击导出 Excel 4. 等待进度条到 50%",
    "error_text": "java.lang.IllegalStateException: sheet index (3) is out of range (0..2)",
}
URGENT = {
    "title": "交易系统无法下单，所有客户受影响",
    "description": "交易系统从九点半开始无法下单，核心业务中断，全部营业部都报同样的错误。",
    "business_blocked": True,
    "users_affected": 1200,
}


def customer(n: int) -> Person:
    n %= CUSTOMERS
    return Person(f"u-{n:04d}", f"客户{n:04d}", ("requester",), f"第{n % COMPANIES:03d}贸易有限公司")


def problem(n: int, urgent: bool = False) -> dict[str, Any]:
    """The body of POST /tickets. Every second one says all there is to say; the others are asked guided questions."""
    facts: dict[str, Any] = dict(FACTS) if n % 2 else {"product": FACTS["product"]}
    if urgent:
        return {**facts, **URGENT, "title": f"{URGENT['title']} {n}"}
    return {"title": f"{TITLES[n % len(TITLES)]} {n}", "description": f"{STORY} ({n})", "users_affected": 3, **facts}


def ticket(n: int, number: str, at: datetime) -> tuple[Ticket, list[Event]]:
    who = customer(n)
    contact = Contact(name=who.name, sub=who.sub, email=who.email, language="zh")
    company = who.company or ""
    return Ticket.open(
        number, Problem(**problem(n)), company, company, contact, Channel.ONLINE, "channel:online", [], at
    )


def document(n: int, number: str, at: datetime, sent: bool = True) -> tuple[dict[str, Any], Outgoing]:
    """A ticket as the store writes it (`sent`: with its outbox cleared), and the first of its events."""
    opened, events = ticket(n, number, at)
    state = opened.model_dump(exclude={"id", "due_at"})
    outgoing = [Outgoing.of(event) for event in events]
    doc = {"_id": number, **state, "version": 1, "_handled": [], "_keys": [f"fill/{number}/0", f"fill/{number}/1"]}
    doc["_outbox"] = [] if sent else [one.dump() for one in outgoing]
    if not sent:
        doc["_unsent"] = f"{at.isoformat()}/{outgoing[-1].id}/1"
    return doc, outgoing[0]


def past(count: int, now: datetime, days: int = 180) -> list[dict[str, Any]]:
    """Documents of so many tickets, opened evenly over so many days before now."""
    step = timedelta(days=days) / count
    year = now.year - 1
    return [document(n, f"TK-{year}-{n + 1:06d}", now - step * (count - n))[0] for n in range(count)]


def handled(docs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same after a while: the last twentieth is open, most were about functions, few were urgent."""
    for n, doc in enumerate(docs):
        is_open = n >= len(docs) * 0.95
        doc["stage"] = OPEN_STAGES[n % len(OPEN_STAGES)] if is_open else Stage.ARCHIVED
        doc["waiting_for"] = WaitingFor.CUSTOMER_INFORMATION if is_open and n % 5 == 0 else WaitingFor.NONE
        doc["category"] = CATEGORIES[n % len(CATEGORIES)]
        doc["priority"] = Priority.URGENT if n % 50 == 0 else Priority.HIGH if n % 7 == 0 else Priority.NORMAL
        doc["assignee"] = f"e-{n % 40:02d}"
    return docs


def work_items(count: int, open: int, now: datetime, days: int = 180) -> list[dict[str, Any]]:
    """Documents of the same tickets at triage: the newest ones are open, each with a clock that runs."""
    step = timedelta(days=days) / count
    kinds = [work_item(n, now) for n in range(KINDS)]
    docs = []
    for n in range(count):
        at = now - step * (count - n)
        known: dict[str, Any] = {"id": f"TK-{now.year - 1}-{n + 1:06d}", "opened_at": at}
        if n >= count - open:
            known["next_due"] = at + timedelta(days=200, minutes=n % 997)
        else:
            known |= {"open": False}
        item = kinds[n % KINDS].model_copy(update=known)
        state = item.model_dump(exclude={"id"})
        key = item.queue_key()
        about = {"pressing": key, "due_key": due_key(item.next_due, key), "version": 1, "_handled": [], "_outbox": []}
        docs.append({"_id": item.id, **state, **about})
    return docs


def work_item(n: int, at: datetime) -> WorkItem:
    opened = ticket(n, f"TK-{n}", at)[1][0]
    assert isinstance(opened, TicketOpened)
    item = facts.opened(opened)
    diagnosing.diagnose(item, classify(opened.problem), at)
    return item
