"""How well tickets of one cause are grouped into incidents: on a synthetic stream of two weeks, Chinese and English.

Each incident has one cause, told by its customers in one of three ways: a stack trace in which lines differ, an error
code in words of their own, or an account of what they see, worded anew by each. Between them come tickets that look
alike and are none: the same code of another product, the same product with another code, another trace with the same
exception, an account of another fault in the same module, one customer who writes again and again, and the same fault
once a day. B-cubed precision and recall (Bagga, Baldwin, 1998): every ticket counts the same.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.triage.incidents.detection import Sighting, groups_of
from services.triage.incidents.signature import signature_of
from shared.events import Problem

Tell = Callable[[], Problem]
BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
WINDOW, CUSTOMERS = timedelta(hours=4), 3  # as they are set unless somebody says otherwise
SEEDS, INCIDENTS = (1, 2, 3, 4, 5), 60  # of each stream; the figures are their mean

PRODUCTS = {
    "zh": ("交易系统", "报表中心", "行情终端", "清算平台", "客户管理系统", "移动展业"),
    "en": ("Trading", "Reporting", "Market Data", "Clearing", "CRM", "Mobile Sales"),
}
MODULES = {
    "zh": ("登录", "委托", "导出", "对账", "权限", "推送"),
    "en": ("login", "orders", "export", "reconciliation", "permissions", "notifications"),
}
# What is seen, in parts that each customer words in one of these ways.
SYMPTOMS = {
    "zh": (
        (
            ("提交{module}时一直转圈", "点{module}提交后一直转圈", "{module}提交之后页面一直转圈"),
            ("过几分钟提示网络超时", "最后提示网络超时", "几分钟后弹出网络超时的提示"),
            ("整个部门都这样", "我们部门的人都遇到了", "部门里所有人都一样"),
        ),
        (
            ("{module}页面打开是空白的", "打开{module}页面一片空白", "进入{module}以后页面空白"),
            ("刷新和清缓存都没用", "清过缓存、刷新都不行", "刷新、清理缓存也没有用"),
            ("换了浏览器还是空白", "换浏览器打开也是空白", "其他浏览器打开还是空白"),
        ),
        (
            ("{module}的数据只更新到昨天", "{module}数据停留在昨天", "今天的{module}数据没有更新，还是昨天的"),
            ("手工同步显示成功但没有变化", "手动点同步提示成功，数据没变化", "手工同步提示成功，但是数据没有变"),
            ("财务今天没法出日报", "今天的日报财务出不来", "导致财务今天无法出日报"),
        ),
    ),
    "en": (
        (
            ("submitting in {module} keeps loading", "the {module} page keeps loading after submitting"),
            ("after some minutes it says network timeout", "in the end we get a network timeout message"),
            ("the whole department is affected", "everybody in our department has it"),
        ),
        (
            ("the {module} page opens blank", "we get a blank page when opening {module}"),
            ("reloading and clearing the cache did not help", "clearing the cache and reloading does not help"),
            ("another browser shows the same blank page", "it is the same blank page in another browser"),
        ),
        (
            ("{module} data stopped at yesterday", "the {module} data is still from yesterday"),
            (
                "manual synchronisation reports success but nothing changes",
                "a manual sync says success, nothing changes",
            ),
            ("finance cannot issue the daily report", "our finance team cannot issue the daily report today"),
        ),
    ),
}
COURTESY = {
    "zh": ("", "您好，", "麻烦尽快处理：", "请帮忙看一下，"),
    "en": ("", "Hello, ", "Dear support team, ", "Please help: "),
}
CODES = ("ORA-{:05}", "ERR_PAY_{}", "AUTH-5{:04}", "0x8007{:04X}", "SYS-2{:04}")
CODED = {
    "zh": ("{module}的时候提示{code}", "一用{module}就报错 {code}", "{module}失败，错误码：{code}，从 {hour} 点开始"),
    "en": (
        "{module} fails with {code}",
        "We get error code {code} in {module}",
        "since {hour}:00 {module} says {code}",
    ),
}
QUESTIONS = {
    "zh": (
        "请问{module}在哪里可以设置默认模板",
        "想咨询一下{module}怎么批量操作",
        "{module}能不能增加一个按部门筛选的条件",
    ),
    "en": ("How do I set a default template for {module}?", "Is there a way to filter {module} by department?"),
}
TRACE = """{courtesy}{module}
java.lang.{error}: request {id}
    at java.base/java.util.Objects.requireNonNull(Objects.java:{line})
    at com.acme.{place}.{cls}Service.handle({cls}Service.java:{line})
    at com.acme.{place}.{cls}Api.post({cls}Api.java:{other})
    at org.springframework.web.servlet.FrameworkServlet.service(FrameworkServlet.java:897)"""
ERRORS = ("NullPointerException", "IllegalStateException")
PLACES = tuple(
    (f"p{n}", name) for n, name in enumerate(("Order", "Login", "Export", "Ledger", "Right", "Push", "Feed"))
)


@dataclass(frozen=True)
class Report:
    """`cause` is the incident that it is really of; empty for none."""

    sighting: Sighting
    cause: str


class Stream:
    """Tickets from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._count = 0

    def report(self, cause: str, customer: str, at: datetime, problem: Problem) -> Report:
        self._count += 1
        ticket = f"TK-2026-{self._count:06}"
        return Report(Sighting(id=ticket, customer=customer, at=at, signature=signature_of(problem)), cause)

    def all(self, incidents: int) -> list[Report]:
        """In the order of their opening."""
        found = [one for n in range(incidents) for one in (*self._incident(n), *self._singles(n))]
        return sorted(found, key=lambda one: (one.sighting.at, one.sighting.id))

    def _incident(self, n: int) -> Iterator[Report]:
        """From three to twelve customers within two hours, some of whom write twice."""
        at, tell = self._moment(), self._teller(n)
        for customer in self._customers(self.random.randint(3, 12)):
            for _ in range(self.random.choice((1, 1, 1, 2))):
                yield self.report(f"I{n}", customer, at + self._within(2), tell())

    def _singles(self, n: int) -> Iterator[Report]:
        at = self._moment()
        one, other, third, *_ = self._customers(8)
        for customer in (one, other):  # two customers are none yet
            yield self.report("", customer, at + self._within(1), self._coded("zh", f"TWO-{3000 + n}", n)())
        same = self._told("zh", n)
        for _ in range(4):  # one customer, again and again
            yield self.report("", third, self._moment() + self._within(1), same())
        code = f"DAY-{4000 + n}"
        for day, customer in enumerate(self._customers(5)):  # the same code once a day
            yield self.report("", customer, BEGIN + timedelta(days=day) + self._within(2), self._coded("zh", code, n)())
        near = self._moment()
        for customer in self._customers(4):  # about the same time, and each something else
            language = self.random.choice(("zh", "en"))
            yield self.report("", customer, near + self._within(2), self._question(language))
        for customer in self._customers(3):  # the same exception in other places
            yield self.report(
                "", customer, near + self._within(2), self._traced("en", self.random.randint(100, 999_999))()
            )
        for product, customer in zip(self.random.sample(range(5), 3), self._customers(3), strict=True):
            problem = self._coded("zh", _code(n), (n + 1 + product) % 6)()  # the same codes in other products
            yield self.report("", customer, near + self._within(72), problem)

    # ---- how an incident is told

    def _teller(self, n: int) -> Tell:
        language = ("zh", "en")[n % 2]
        tell = n // 2 % 3
        if tell == 0:
            return self._traced(language, 1_000_000 + n)
        return self._coded(language, _code(n), n) if tell == 1 else self._told(language, n)

    def _traced(self, language: str, fault: int) -> Tell:
        place, cls = PLACES[fault % len(PLACES)]

        def tell() -> Problem:
            text = TRACE.format(
                courtesy=self.random.choice(COURTESY[language]),
                module=self.random.choice(MODULES[language]),
                error=ERRORS[fault % 2],
                id=self.random.randint(10_000, 99_999),
                line=self.random.randint(20, 400),
                other=self.random.randint(20, 400),
                place=f"{place}.v{_letters(fault)}",
                cls=cls,
            )
            return Problem(title="", description=text, product=self.random.choice(("", PRODUCTS[language][fault % 6])))

        return tell

    def _coded(self, language: str, code: str, n: int) -> Tell:
        product, module = PRODUCTS[language][n % 6], MODULES[language][n // 6 % 6]

        def tell() -> Problem:
            said = self.random.choice(CODED[language])
            text = said.format(module=module, code=code, hour=self.random.randint(8, 17))
            named = self.random.choice(("", module))
            courtesy = self.random.choice(COURTESY[language])
            return Problem(title="", description=f"{courtesy}{text}", product=product, module=named)

        return tell

    def _told(self, language: str, n: int) -> Tell:
        product, module = PRODUCTS[language][n % 6], MODULES[language][n // 6 % 6]
        symptom = SYMPTOMS[language][n % len(SYMPTOMS[language])]

        def tell() -> Problem:
            parts = [self.random.choice(ways).format(module=module) for ways in symptom]
            text = ("，" if language == "zh" else ", ").join(
                [f"{product}{' ' * (language == 'en')}{parts[0]}", *parts[1:]]
            )
            courtesy = self.random.choice(COURTESY[language])
            named = module if self.random.random() < 0.9 else ""  # intake reads it out of most texts
            return Problem(title="", description=f"{courtesy}{text}", product=product, module=named)

        return tell

    def _question(self, language: str) -> Problem:
        text = self.random.choice(QUESTIONS[language]).format(module=self.random.choice(MODULES[language]))
        product = self.random.choice(PRODUCTS[language])
        return Problem(
            title="", description=f"{self.random.choice(COURTESY[language])}{product}{text}", product=product
        )

    # ---- inside

    def _customers(self, count: int) -> list[str]:
        return [f"C{n}" for n in self.random.sample(range(400), count)]

    def _moment(self) -> datetime:
        return BEGIN + timedelta(minutes=self.random.randint(0, 14 * 24 * 60))

    def _within(self, hours: float) -> timedelta:
        return timedelta(seconds=self.random.randint(0, int(hours * 3600)))


def measure(seeds: Sequence[int] = SEEDS, incidents: int = INCIDENTS) -> dict[str, float]:
    each = [measure_one(seed, incidents) for seed in seeds]
    return {name: sum(figures[name] for figures in each) / len(each) for name in each[0]}


def measure_one(seed: int, incidents: int) -> dict[str, float]:
    reports = Stream(seed).all(incidents)
    found = grouped([one.sighting for one in reports])
    truth = {one.sighting.id: one.cause for one in reports if one.cause}
    members: dict[str, set[str]] = defaultdict(set)
    for ticket, cause in truth.items():
        members[cause].add(ticket)
    precise = [len({one for one in group if truth.get(one) == truth.get(ticket, ticket)}) / len(group)
               for group in found for ticket in group]  # fmt: skip
    of = {ticket: group for group in found for ticket in group}
    recalled = [len(of.get(ticket, set()) & members[cause]) / len(members[cause]) for ticket, cause in truth.items()]
    return {
        "incidents.precision": 100 * sum(precise) / len(precise) if precise else 100.0,
        "incidents.recall": 100 * sum(recalled) / len(recalled),
    }


def grouped(sightings: Sequence[Sighting]) -> list[set[str]]:
    """Tickets of each candidate, as they come in."""
    marked: dict[str, list[Sighting]] = defaultdict(list)
    group_of: dict[str, set[str]] = {}
    for new in sightings:
        near = {one.id: one for mark in new.near_marks(WINDOW) for one in marked[mark]}
        near |= {
            one.id: one for other in list(near.values()) for mark in other.near_marks(WINDOW) for one in marked[mark]
        }
        for group in groups_of(new, near.values(), WINDOW, CUSTOMERS):
            tickets = {one.id for one in group.tickets}
            joined = tickets.union(*(group_of.get(ticket, set()) for ticket in tickets))
            group_of |= dict.fromkeys(joined, joined)
        new.set_marks(WINDOW)
        for mark in new.marks:
            marked[mark].append(new)
    return list({id(group): group for group in group_of.values()}.values())


def _code(n: int) -> str:
    return CODES[n % len(CODES)].format(1700 + 13 * n)


def _letters(number: int) -> str:
    """A number without digits, which fingerprints leave out."""
    return "".join("abcdefghij"[int(digit)] for digit in str(number))
