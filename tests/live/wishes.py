"""What two hundred people want from the desk, and what must come of it, whatever breaks on the way."""

from collections import Counter
from dataclasses import dataclass
from enum import Enum, auto
from uuid import uuid4

from deploy.local.people import Person
from shared.terms import Priority
from tests.live.desk import Json

COMPANIES = ("华东贸易有限公司", "北方证券有限公司", "南方物流有限公司", "西部能源有限公司")
U, H, N = Priority.URGENT, Priority.HIGH, Priority.NORMAL
SAID: dict[Priority, tuple[str, str]] = {
    U: ("交易系统无法下单（席位 {n}）", "开盘后 {n} 号席位全部用户无法下单，核心业务中断。"),
    H: ("第 {n} 号报表导出 Excel 时崩溃", "导出第 {n} 号报表时程序直接闪退。"),
    N: ("请问如何修改第 {n} 号打印模板？", "想了解第 {n} 号打印模板在哪里设置。"),
}


class Then(Enum):
    """How a ticket goes on once it is accepted."""

    REPLIED = auto()  # staff writes to the customer
    ANSWERED = auto()  # the customer answers a question
    RAISED = auto()  # a lead gives it a higher priority
    PASSED_ON = auto()  # a lead assigns it and takes it back
    CONSENTED = auto()  # the customer agrees to remote assistance, and takes that back
    SOLVED = auto()  # the whole way: assigned, solved, verified, accepted, rated


COURSES: tuple[tuple[Priority, tuple[Then, ...]], ...] = (
    (U, (Then.REPLIED, Then.ANSWERED)),
    (N, (Then.RAISED,)),
    (H, (Then.ANSWERED,)),
    (U, ()),
    (N, (Then.REPLIED,)),
    (H, (Then.PASSED_ON,)),
    (U, (Then.ANSWERED,)),
    (N, (Then.CONSENTED,)),
    (N, (Then.SOLVED,)),
    (H, ()),
    (U, (Then.REPLIED,)),
    (N, ()),
    (H, (Then.REPLIED, Then.ANSWERED)),
    (U, (Then.SOLVED,)),
    (N, (Then.ANSWERED,)),
    (H, (Then.REPLIED, Then.SOLVED)),
    (U, ()),
    (N, (Then.ANSWERED, Then.RAISED)),
    (N, (Then.PASSED_ON,)),
    (H, (Then.CONSENTED,)),
)


@dataclass(frozen=True)
class Wish:
    """A ticket that somebody wants: its text says which priority it is diagnosed with."""

    number: int
    customer: Person
    said: Priority
    then: tuple[Then, ...]
    key: str

    @property
    def title(self) -> str:
        return SAID[self.said][0].format(n=self.number)

    @property
    def body(self) -> Json:
        return {"title": self.title, "description": SAID[self.said][1].format(n=self.number)}

    def has(self, then: Then) -> int:
        return int(then in self.then)

    # ---- what must come of it

    @property
    def priority(self) -> Priority:
        return H if self.has(Then.RAISED) else self.said

    @property
    def stage(self) -> str:
        if self.has(Then.SOLVED):
            return "archived"
        return "handling" if self.said is U else "diagnosis"

    @property
    def waiting_for(self) -> str:
        return "none" if self.has(Then.SOLVED) or self.has(Then.ANSWERED) else "customer_information"

    @property
    def messages(self) -> int:
        return self.has(Then.REPLIED) + self.has(Then.ANSWERED)

    @property
    def assignments(self) -> int:
        return int(self.said is U) + self.has(Then.SOLVED) + self.has(Then.PASSED_ON)

    @property
    def events(self) -> Counter[str]:
        """How often each of these kinds is told about it."""
        replied, answered, solved = self.has(Then.REPLIED), self.has(Then.ANSWERED), self.has(Then.SOLVED)
        raised, passed_on, consented = self.has(Then.RAISED), self.has(Then.PASSED_ON), self.has(Then.CONSENTED)
        once_solved = ("triage.solution_proposed", "triage.solution_verified", "ticket.solution_accepted")
        once_closed = ("ticket.feedback_given", "ticket.completed", "kb.case_archived")
        return Counter(
            {
                **dict.fromkeys(("ticket.opened", "ticket.questions_asked", "triage.diagnosed"), 1),
                **dict.fromkeys((*once_solved, *once_closed), solved),
                "ticket.questions_answered": answered,
                "ticket.message_posted": replied + answered,
                "ticket.waiting": solved,
                "ticket.resumed": answered + 2 * solved,
                "ticket.consent_given": consented,
                "ticket.consent_revoked": consented,
                "triage.queued": 1 + passed_on,
                "triage.assigned": self.assignments,
                "triage.released": passed_on,
                "triage.reclassified": raised,
                "sla.clock_started": 4,
                "sla.breached": 0,
            }
        )

    @property
    def worklog(self) -> Counter[str]:
        consented, solved = self.has(Then.CONSENTED), self.has(Then.SOLVED)
        return Counter(
            {
                **dict.fromkeys(("solution_proposed", "verified", "accepted", "rated", "completed"), solved),
                **dict.fromkeys(("consent_given", "consent_revoked"), consented),
                "diagnosed": 1,
                "assigned": self.assignments,
                "released": self.has(Then.PASSED_ON),
                "reclassified": self.has(Then.RAISED),
            }
        )

    @property
    def told(self) -> set[str]:
        """Templates of what the customer is told exactly once."""
        found = {"opened"} | ({"reply"} if self.has(Then.REPLIED) else set())
        return found | ({"please_verify", "please_rate", "completed"} if self.has(Then.SOLVED) else set())


def wishes(count: int) -> list[Wish]:
    """Every customer has several."""
    customers = [Person(f"u-{n:03}", f"客户{n}", ("requester",), COMPANIES[n % 4]) for n in range(count // 5)]
    return [
        Wish(n, customers[n % len(customers)], *COURSES[n % len(COURSES)], key=f"{n}-{uuid4().hex}")
        for n in range(count)
    ]
