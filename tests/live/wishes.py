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
    PASSED_AROUND = auto()  # one engineer claims it and gives it back, another claims it, all at once
    HANDED_OVER = auto()  # a lead takes an urgent one from its senior, and the next senior gets it
    CONSENTED = auto()  # the customer agrees to remote assistance, and takes that back
    SOLVED = auto()  # the whole way: assigned, solved, verified, accepted, rated
    SOLVED_LATER = auto()  # the whole way, but the customer says no to the first solution
    BLAMED = auto()  # the whole way, but the customer is dissatisfied: called back, and a second plan carried out
    REOPENED = auto()  # as soon as it is completed, and the whole way again


COURSES: tuple[tuple[Priority, tuple[Then, ...]], ...] = (
    (U, (Then.REPLIED, Then.ANSWERED)),
    (N, (Then.RAISED,)),
    (H, (Then.ANSWERED,)),
    (U, (Then.HANDED_OVER,)),
    (N, (Then.REPLIED,)),
    (H, (Then.PASSED_ON,)),
    (U, (Then.ANSWERED,)),
    (N, (Then.CONSENTED,)),
    (N, (Then.BLAMED,)),
    (H, (Then.BLAMED, Then.REOPENED)),
    (U, (Then.REPLIED,)),
    (N, (Then.PASSED_AROUND,)),
    (H, (Then.REPLIED, Then.ANSWERED)),
    (U, (Then.SOLVED, Then.REOPENED)),
    (N, (Then.ANSWERED,)),
    (H, (Then.REPLIED, Then.SOLVED)),
    (U, ()),
    (N, (Then.ANSWERED, Then.RAISED)),
    (N, (Then.PASSED_ON, Then.SOLVED_LATER)),
    (H, (Then.CONSENTED,)),
    (H, (Then.SOLVED, Then.REOPENED, Then.REOPENED)),
    (U, (Then.SOLVED_LATER,)),
    (N, (Then.SOLVED_LATER, Then.REOPENED)),
    (H, (Then.PASSED_AROUND, Then.ANSWERED)),
    (N, ()),
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

    def has(self, *then: Then) -> int:
        """How often one of these happens to it."""
        return sum(self.then.count(one) for one in then)

    # ---- what must come of it

    @property
    def priority(self) -> Priority:
        """To a customer who says that it still crashes, triage listens."""
        return H if self.has(Then.RAISED) or self._says_worse else self.said

    @property
    def _says_worse(self) -> bool:
        return self.said is N and bool(self.has(Then.SOLVED_LATER))

    @property
    def solved(self) -> int:
        return self.has(Then.SOLVED, Then.SOLVED_LATER, Then.BLAMED)

    @property
    def completed(self) -> int:
        """How often the customer says yes, rates it, and it is archived."""
        return self.solved + self.has(Then.REOPENED)

    @property
    def rounds(self) -> int:
        return self.completed + self.has(Then.SOLVED_LATER)

    @property
    def stage(self) -> str:
        if self.solved:
            return "archived"
        return "handling" if self.said is U or self.has(Then.PASSED_AROUND) else "diagnosis"

    @property
    def waiting_for(self) -> str:
        return "none" if self.solved or self.has(Then.ANSWERED) else "customer_information"

    @property
    def messages(self) -> int:
        return self.has(Then.REPLIED) + self.has(Then.ANSWERED)

    @property
    def later_clocks(self) -> set[str]:
        """Those that do not run from the opening on."""
        begun = {"verification_wait": self.rounds, "call_back": self.has(Then.BLAMED)}
        begun |= {"second_plan": self.has(Then.BLAMED), "next_response": self.then == (Then.REPLIED, Then.ANSWERED)}
        return {clock for clock, is_there in begun.items() if is_there}

    @property
    def assignments(self) -> int:
        """Reopened, it goes back to whom it was taken from."""
        by_hand = self.has(Then.PASSED_ON, Then.PASSED_AROUND, Then.PASSED_AROUND, Then.HANDED_OVER) + self.solved
        return int(self.said is U) + by_hand + self.has(Then.REOPENED)

    @property
    def is_somebodys(self) -> bool:
        return bool(self.said is U or self.solved or self.has(Then.PASSED_AROUND))

    @property
    def events(self) -> Counter[str]:
        """How often each of these kinds is told about it."""
        answered, consented = self.has(Then.ANSWERED), self.has(Then.CONSENTED)
        by_round = ("triage.solution_proposed", "triage.solution_verified", "ticket.waiting")
        by_completion = ("ticket.solution_accepted", "ticket.feedback_given", "ticket.completed")
        by_blame = ("ticket.called_back", "ticket.plan_agreed", "ticket.plan_carried_out")
        return Counter(
            {
                **dict.fromkeys(("ticket.opened", "ticket.questions_asked", "triage.diagnosed"), 1),
                **dict.fromkeys(by_round, self.rounds),
                **dict.fromkeys(by_completion, self.completed),
                **dict.fromkeys(by_blame, self.has(Then.BLAMED)),
                "ticket.feedback_given": self.completed + self.has(Then.BLAMED),
                "ticket.solution_rejected": self.has(Then.SOLVED_LATER),
                "ticket.reopened": self.has(Then.REOPENED),
                "ticket.questions_answered": answered,
                "ticket.message_posted": self.messages,
                "ticket.resumed": self.rounds + answered,
                "ticket.consent_given": consented,
                "ticket.consent_revoked": consented,
                "triage.assigned": self.assignments,
                "triage.released": self.released,
                "triage.reclassified": self.has(Then.RAISED) + self._says_worse,
                "sla.breached": 0,
            }
        )

    @property
    def released(self) -> int:
        return self.has(Then.PASSED_ON, Then.PASSED_AROUND, Then.HANDED_OVER)

    @property
    def worklog(self) -> Counter[str]:
        consented = self.has(Then.CONSENTED)
        return Counter(
            {
                **dict.fromkeys(("solution_proposed", "verified"), self.rounds),
                **dict.fromkeys(("accepted", "completed"), self.completed),
                "rated": self.completed + self.has(Then.BLAMED),
                **dict.fromkeys(("consent_given", "consent_revoked"), consented),
                "rejected": self.has(Then.SOLVED_LATER),
                "reopened": self.has(Then.REOPENED),
                "diagnosed": 1,
                "assigned": self.assignments,
                "released": self.released,
                "reclassified": self.has(Then.RAISED) + self._says_worse,
            }
        )

    @property
    def told(self) -> Counter[str]:
        """How often the customer is told these."""
        return Counter(
            {
                "opened": 1,
                "reply": self.has(Then.REPLIED),
                "please_verify": self.rounds,
                "please_rate": self.completed,
                "please_rate_again": self.has(Then.BLAMED),
                "completed": self.completed,
            }
        )

    @property
    def told_to_engineer(self) -> Counter[str]:
        """How often the engineer who solves it is told these."""
        return Counter({"solution_rejected": self.has(Then.SOLVED_LATER), "reopened": self.has(Then.REOPENED)})


def wishes(count: int) -> list[Wish]:
    """Every customer has several."""
    customers = [Person(f"u-{n:03}", f"客户{n}", ("requester",), COMPANIES[n % 4]) for n in range(count // 5)]
    return [
        Wish(n, customers[n % len(customers)], *COURSES[n % len(COURSES)], key=f"{n}-{uuid4().hex}")
        for n in range(count)
    ]
