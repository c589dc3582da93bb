"""Whatever the bus does to the order of facts, however often it brings them, whichever replica hears them and however
its clock goes: in the end all services agree on a ticket."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ClassVar

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from shared.testing import AGENT, CHEN, LEAD, LIU, WANG, Person, Servers
from tests.journeys.desk import COMPLETE, NO_ORDERS
from tests.journeys.hostile_bus import SKEWS, Replicas

LIVES = 8  # times the work of an ordinary example
REPLICA = st.integers(0, len(SKEWS) - 1)
ANY = st.integers(0, 10_000)
OTHER = "the other ticket"
CHECK = {
    "environment": "测试环境",
    "steps": "导出十二万行",
    "expected": "成功",
    "result": "通过",
    "evidence": ["f-1"],  # nobody answers whether the ticket has it
    "passed": True,
}
CONSULT = {"background": "崩溃", "tried": "升级", "stuck_at": "驱动", "invited": ["研发"]}
# What people may try at any time: most of it is refused most of the time.
TRIES: dict[str, tuple[Person, str, str, Any]] = {
    "write": (WANG, "intake", "messages", {"text": "还是不行"}),
    "reply": (CHEN, "intake", "messages", {"text": "正在处理"}),
    "note": (CHEN, "intake", "messages", {"text": "内部", "internal": True}),
    "agree": (WANG, "intake", "consents", {"scope": "远程协助", "words": "同意"}),
    "revoke": (WANG, "intake", "consents/c1/revocation", None),
    "yes": (WANG, "intake", "verification", {"accepted": True}),
    "no": (WANG, "intake", "verification", {"accepted": False, "comment": "仍然崩溃"}),
    "praise": (WANG, "intake", "feedback", {"satisfaction": "satisfied"}),
    "blame": (WANG, "intake", "feedback", {"satisfaction": "dissatisfied"}),
    "call back": (AGENT, "intake", "call-back", {"cause": "沟通慢"}),
    "plan": (AGENT, "intake", "second-plan", {"plan": "上门"}),
    "carry out": (AGENT, "intake", "second-plan/result", {"result": "完成"}),
    "reopen": (WANG, "intake", "reopening", {"reason": "又出现了"}),
    "cancel": (WANG, "intake", "closure", {"outcome": "cancelled", "reason": "不需要了"}),
    "merge": (AGENT, "intake", "merge", {"into": OTHER, "reason": "同一故障", "even_if_waiting": True}),
    "undo": (AGENT, "intake", "unmerge", {"reason": "并非同一故障"}),
    "split": (AGENT, "intake", "splits", {"title": "另一个问题", "messages": ["m1"], "reason": "另一个问题"}),
    "assign": (LEAD, "triage", "assignment", {"engineer": LIU.sub, "reason": "熟悉"}),
    "release": (LEAD, "triage", "release", {"reason": "休假"}),
    "raise": (LEAD, "triage", "classification", {"category": "data", "priority": "urgent", "reason": "影响大"}),
    "lower": (LEAD, "triage", "classification", {"category": "function", "priority": "normal", "reason": "影响小"}),
    "search": (LEAD, "triage", "knowledge-searches", {}),
    "propose": (LEAD, "triage", "solutions", {"solution": "升级驱动", "root_cause": "旧驱动"}),
    "verify": (LEAD, "triage", "verifications", CHECK),
    "engage": (LEAD, "triage", "third-parties", {"party": "DBA", "reason": "锁"}),
    "answer": (LEAD, "triage", "third-parties/answer", {"party": "DBA", "answer": "已处理"}),
    "consult": (LEAD, "triage", "consultation", CONSULT),
    "conclude": (LEAD, "triage", "consultation/conclusion", {"conclusions": "换驱动", "action_items": ["升级"]}),
}
# The way that a ticket goes when all goes well: what somebody does next at each stage.
NEXT = {
    "intake": ("claim",),
    "diagnosis": ("claim",),
    "handling": ("search", "propose", "verify"),
    "consultation": ("conclude",),
    "customer_verification": ("yes",),
    "feedback": ("praise",),
    "archived": ("reopen",),
}


class Life(RuleBasedStateMachine):
    """One ticket, its people, and a bus that nobody can rely on. `agreed` are the tickets that came to their end."""

    agreed: ClassVar[list[str]] = []

    def __init__(self, servers: Servers) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.desk = Replicas(servers)
        self.number = self.other = ""
        self.runner.run(self.desk.start())

    @initialize(urgent=st.booleans(), replica=REPLICA)
    def open(self, urgent: bool, replica: int) -> None:
        async def open() -> None:
            for person, level in ((LIU, "senior"), (CHEN, "engineer")):
                body = {
                    "name": person.name,
                    "email": "",
                    "language": "zh",
                    "level": level,
                    "skills": [],
                    "capacity": 10,
                }
                path = f"/v1/engineers/{person.sub}"
                await self.desk.request(LEAD, 0, "PUT", "triage", path, body)
                await self.desk.request(LEAD, 0, "PUT", "triage", f"{path}/availability", {"available": True})
            for problem in (NO_ORDERS if urgent else COMPLETE, {**COMPLETE, "title": "打印报表时闪退"}):
                answer = await self.desk.request(WANG, replica, "POST", "intake", "/v1/tickets", problem)
                numbers.append(str(answer.json()["ticket"]))

        numbers: list[str] = []
        self.runner.run(open())
        self.number, self.other = numbers

    @rule(name=st.sampled_from(sorted(TRIES)), replica=REPLICA)
    def somebody_tries(self, name: str, replica: int) -> None:
        self.runner.run(self._try(name, replica))

    @rule(replica=REPLICA)
    def all_is_heard_and_somebody_goes_on(self, replica: int) -> None:
        self.runner.run(self.desk.deliver_all())
        stage = self.runner.run(self.read("intake"))["stage"]
        for name in NEXT[stage]:
            self.runner.run(self._try(name, replica))

    @rule(index=ANY, replica=REPLICA, again=st.booleans())
    @precondition(lambda self: self.desk.pending)
    def something_is_heard(self, index: int, replica: int, again: bool) -> None:
        self.runner.run(self.desk.deliver(index % len(self.desk.pending), replica, again))

    @rule(index=ANY, replica=REPLICA)
    @precondition(lambda self: self.desk.heard)
    def something_old_is_heard_again(self, index: int, replica: int) -> None:
        self.desk.pending.append(self.desk.heard[index % len(self.desk.heard)])
        self.runner.run(self.desk.deliver(len(self.desk.pending) - 1, replica))

    async def _try(self, name: str, replica: int) -> None:
        if name == "claim":
            body = {"ticket": self.number, "reason": "轮到我了"}
            await self.desk.request(CHEN, replica, "POST", "triage", "/v1/queue/claims", body)
            return
        who, service, path, body = TRIES[name]
        if isinstance(body, dict) and body.get("into") == OTHER:
            body = {**body, "into": self.other}
        place = f"/v1/tickets/{self.number}/work" if service == "triage" else f"/v1/tickets/{self.number}"
        await self.desk.request(who, replica, "POST", service, f"{place}/{path}", body)

    async def read(self, service: str) -> dict[str, Any]:
        places = {"sla": f"/v1/tickets/{self.number}/clocks", "triage": f"/v1/tickets/{self.number}/work"}
        path = places.get(service, f"/v1/tickets/{self.number}")
        answer = await self.desk.request(LEAD, 0, "GET", service, path)
        assert answer.status_code == 200, f"{service}: {answer.text}"
        found: dict[str, Any] = answer.json()
        return found

    def teardown(self) -> None:
        try:
            if self.number:
                self.runner.run(self.agree())
        finally:
            self.runner.run(self.desk.stop())
            self.runner.close()

    async def agree(self) -> None:
        """Once everything was heard, the last first."""
        await self.desk.deliver_all(lambda count: count - 1)
        ticket, item, clocks = [await self.read(service) for service in ("intake", "triage", "sla")]
        for name in ("waiting_for", "priority", "category", "assignee"):
            assert item[name] == ticket[name], f"{name}: {ticket[name]} in intake, {item[name]} in triage"
        for name in ("waiting_for", "priority"):
            assert clocks[name] == ticket[name], f"{name}: {ticket[name]} in intake, {clocks[name]} in sla"
        open = {clock["clock"] for clock in clocks["clocks"] if clock["state"] != "stopped"}
        closed = ticket["status"] == "completed"
        assert not (closed and open), f"clocks of a completed ticket: {open}"
        assert ("resolution" in open) == (ticket["stage"] not in ("feedback", "archived"))
        assert item["due_at"] == (None if closed else clocks["due_at"])
        answer = await self.desk.request(LEAD, 0, "GET", "intake", f"/v1/tickets/{self.other}")
        assert answer.json()["merged"] == ([self.number] if ticket["merged_into"] else [])
        answer = await self.desk.request(LEAD, 0, "GET", "triage", "/v1/engineers")
        holders = [one["id"] for one in answer.json()["items"] if self.number in one["tickets"]]
        assert holders == ([item["assignee"]] if item["assignee"] and not closed else [])
        self.agreed.append(self.number)


@pytest.mark.timeout(300)
def test_all_services_agree_in_the_end(servers: Servers) -> None:
    # Without shrinking: on real servers that takes minutes. The steps that are printed can be followed as they are.
    lives = settings.default.max_examples // LIVES if settings.default else 1
    steps = settings(max_examples=lives, stateful_step_count=25, phases=(Phase.generate,))

    def live() -> None:
        run_state_machine_as_test(partial(Life, servers), settings=steps)  # type: ignore[arg-type]

    with ThreadPoolExecutor(1) as elsewhere:  # a loop of its own, beside that of the other tests
        elsewhere.submit(live).result()
    assert Life.agreed
